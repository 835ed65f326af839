"""Alerts at work: decided and composed in the log, sent from there, each step once."""
