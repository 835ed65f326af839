"""Reads text files and cells as people write them."""
