"""The HTTP interface: one function a command and a query, problem details for every no."""

from service.api.app import create_app

__all__ = ["create_app"]
