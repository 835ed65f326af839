"""Puts right what was typed: the fields of recorded events, and the history as it should have been written."""
