"""Handles commands: loads the state, lets the domain decide, and commits the decision as one unit of work."""
