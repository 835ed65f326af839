"""Alerts: the ladder as data, which of its steps are due, who is told, and the messages that tell them."""
