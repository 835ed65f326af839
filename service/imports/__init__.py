"""Imports past cases of other systems: a mapping file says how to read them from CSV or XES.

The log keeps each case as its source has it; nothing is corrected.
"""
