"""Answers questions as they would have been answered at an earlier position of the log, and says what changed since."""
