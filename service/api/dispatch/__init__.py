"""Finds the endpoint of a request and calls it, without the framework's own request handling."""
