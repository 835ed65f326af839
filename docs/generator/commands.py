"""Renders the reference page of commands: the fields, roles and HTTP address of each."""

from collections.abc import Mapping
from typing import get_args

from docs.generator.markdown import (
    TEXT_TYPES_NOTE,
    docstring_of,
    join_blocks,
    nested_model_section,
    nested_models,
    render_fields,
    render_page,
    render_table,
)
from docs.generator.openapi import openapi_description
from domain.command import Command
from domain.commands import PetitionCommand
from domain.meetings.commands import MeetingCommand, PublishAnswers
from domain.permissions import PERMISSIONS
from domain.units.commands import UnitCommand

_COMMANDS_HEAD = """\
Everything an officer can ask for. A command is the body of its HTTP request; the [description](openapi.json) has an
example of each. Every request needs a token with one of the roles and an `Idempotency-Key`; those that change a
petition also need `If-Match` with the version they were decided on. Which command is allowed at which stage:
[domain/decide.py](../../domain/decide.py); which ending each kind of petition has: [endings](endings.md)."""


def commands_page() -> str:
    commands: tuple[type[Command], ...] = (
        *get_args(PetitionCommand),
        *get_args(MeetingCommand),
        PublishAnswers,
        *get_args(UnitCommand),
    )
    addresses = addresses_by_name()
    overview = [
        (f"[{command.__name__}](#{command.__name__.lower()})", addresses[command.__name__], _roles_allowed(command))
        for command in commands
    ]
    return render_page(
        "Commands",
        _COMMANDS_HEAD,
        TEXT_TYPES_NOTE,
        render_table(("command", "HTTP", "roles"), overview),
        "## In every command\n\n" + docstring_of(Command),
        render_fields(Command),
        "## One by one",
        *(_command_section(command, addresses[command.__name__]) for command in commands),
        "## Inside commands",
        *(nested_model_section(part) for part in nested_models(commands)),
    )


def addresses_by_name() -> Mapping[str, str]:
    """Return method and path by the class name of the command; a command without an endpoint is missing."""
    return {
        "".join(word.capitalize() for word in operation["operationId"].split("_")): f"`{method.upper()} {path}`"
        for path, operations in openapi_description()["paths"].items()
        for method, operation in operations.items()
    }


def _roles_allowed(command: type[Command]) -> str:
    return ", ".join(sorted(PERMISSIONS[command]))


def _command_section(command: type[Command], address: str) -> str:
    address_line = f"{address}, roles: {_roles_allowed(command)}."
    return join_blocks(
        f"### {command.__name__}",
        docstring_of(command),
        address_line,
        render_fields(command, without=Command.model_fields),
    )
