"""Contains the read side: views that are folded from the event log and can be rebuilt from it."""
