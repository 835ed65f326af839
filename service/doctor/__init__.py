"""Examines for `kiennghi doctor` the server, the log, the views, the vault key, the calendar and the units."""
