"""Holds which ending each kind of petition has at which stage, and the words of endings and of their grounds."""
