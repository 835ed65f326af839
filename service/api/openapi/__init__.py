"""Adds examples and problems to the OpenAPI description, and serves the page that shows it."""
