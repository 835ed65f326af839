"""Holds the erasure of personal data as a reviewed operation.

One officer proposes it under a decision, another approves it, then the keys of the petition are destroyed.
"""
