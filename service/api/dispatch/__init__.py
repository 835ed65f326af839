"""Finds the endpoint of a request and calls it directly, because FastAPI's own request handling is slower."""
