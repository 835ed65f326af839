"""Keeps the tables of all projections current with the log, and rebuilds them from it."""
