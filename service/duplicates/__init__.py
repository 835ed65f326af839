"""Finds candidates for duplicates, by the sketch of the text and by the sender, and scores them on the texts."""
