"""Declares the bodies of answers; their class names are the schema names in the OpenAPI description."""
