"""Runs alerts: raises due steps, records messages about them, and sends the messages, each step once."""
