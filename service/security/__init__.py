"""Holds the keys, the access tokens, the identity vault, the blind index, and the rules for protected petitions."""
