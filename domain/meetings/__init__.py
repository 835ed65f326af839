"""Decides the meetings at which heads answer citizens: dialogue conferences and reception days."""
