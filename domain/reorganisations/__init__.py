"""Holds a change of units as a reviewed operation.

One officer proposes it, another approves it, then it is applied.
"""
