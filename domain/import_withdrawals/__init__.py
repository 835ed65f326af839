"""Holds the withdrawal of an import as a reviewed operation.

One officer proposes it, another approves it, then each case that it concerns gets an event.
"""
