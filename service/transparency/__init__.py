"""Proves that the log is as it was: a Merkle tree over its rows, signed checkpoints, proofs, and their verification.

`offline_verifier` is one file that needs nothing of this program: whoever trusts nobody takes it along.
"""
