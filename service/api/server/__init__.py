"""Assembles the application of the HTTP interface and runs it: the top layer of `service.api`."""
