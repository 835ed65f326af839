"""Candidates for a duplicate: found by sketch and by sender, scored on the texts."""
