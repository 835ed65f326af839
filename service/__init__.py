"""The shell round the domain: database, HTTP, command line, clock."""
