"""Logs, traces and the observer of appends."""
