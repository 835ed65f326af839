"""Sets up logs and traces, and defines the observer of appends."""
