"""Holds a new rule or calendar as a reviewed operation.

One officer proposes it, another approves it, then it is applied.
"""
