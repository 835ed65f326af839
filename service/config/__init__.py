"""Reads what a site sets: the settings, its law files and its duty files."""
