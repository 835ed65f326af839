"""Reads text files and table cells as people write them."""
