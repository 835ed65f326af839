"""Holds the labels of events, fields and states in Vietnamese and English."""
