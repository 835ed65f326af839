"""Holds the rules of commands, one module for each step of a petition's life. `domain.decide` has their table."""
