"""Finds letters that may repeat each other: prepares a text for comparison."""
