"""Connects to PostgreSQL: pools, migrations, read snapshots and the embedded server."""
