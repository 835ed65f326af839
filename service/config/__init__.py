"""Reads the configuration of a site: its settings, its law files and its duty files."""
