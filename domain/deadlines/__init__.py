"""Holds the law of time limits: how days are counted, which rule sets a limit, and which events move a due date."""
