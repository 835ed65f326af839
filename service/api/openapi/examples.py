"""Gives the example body of a command, for the OpenAPI description. The class of the command says what is in it."""

from typing import Any

from fastapi.openapi.models import Example

from domain.command import Command


def example_body(command: type[Command]) -> dict[str, Any]:
    """Return the example body of a command, with the day on which it happened."""
    return {"occurred_on": "2026-07-06", **command.example}


def openapi_examples(command: type[Command]) -> dict[str, Example]:
    """Return the example of a command in the form that FastAPI needs for a body."""
    return {"example": {"value": example_body(command)}}
