"""Connects the domain to the outside: database, HTTP, command line and clock."""
