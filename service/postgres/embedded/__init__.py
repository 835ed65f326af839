"""Runs a PostgreSQL server of the service's own."""
