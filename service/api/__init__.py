"""Serves the HTTP interface: one endpoint for each command and query, and problem details (RFC 9457) for each refusal.

The packages have four layers: the modules of this folder; `openapi`, `schemas` and `dispatch`; `routes`; `server`. Each
layer imports only from the layers before it.
"""
