"""Appends events to the log in group commits, and reads them back."""
