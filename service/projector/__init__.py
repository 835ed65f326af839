"""Keeps the tables of all views current with the event log, and rebuilds them from it."""
