"""The rules, by step of life; `domain.decide` is their table of contents."""
