"""Declares the endpoints, one module for each kind of subject."""
