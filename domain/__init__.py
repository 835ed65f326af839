"""Holds the rules of receiving and settling petitions: pure functions over recorded facts."""
