"""The names of events, fields and states in both languages."""
