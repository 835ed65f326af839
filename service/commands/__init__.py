"""Handles commands: loads the state, lets the domain decide, and commits what follows as one unit."""
