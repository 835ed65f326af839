"""The read side: views folded from the log, each rebuildable from it."""
