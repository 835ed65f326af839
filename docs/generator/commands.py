"""Renders the reference page of commands: the fields, roles and HTTP address of each."""

from collections.abc import Mapping
from typing import Any, get_args

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
        _name_of_operation(operation): f"`{method.upper()} {path}`"
        for path, operations in openapi_description()["paths"].items()
        for method, operation in operations.items()
    }


def _roles_allowed(command: type[Command]) -> str:
    return ", ".join(sorted(PERMISSIONS[command]))


def _command_section(command: type[Command], address: str) -> str:
    address_line = f"{address}, roles: {_roles_allowed(command)}."
    elsewhere = command.model_fields.keys() - body_fields(command)
    return join_blocks(
        f"### {command.__name__}",
        docstring_of(command),
        " ".join([address_line, *(_where_said(field, address) for field in sorted(elsewhere))]),
        render_fields(command, without={*Command.model_fields, *elsewhere}),
    )


def _where_said(field: str, address: str) -> str:
    if f"{{{field}}}" in address:
        return f"`{field}` stands in the address and not in the body."
    return f"`{field}` is not said over HTTP."


def body_fields(command: type[Command]) -> frozenset[str]:
    """Return the names of the fields that the HTTP request of a command takes in its body."""
    description = openapi_description()
    for operations in description["paths"].values():
        for operation in operations.values():
            if _name_of_operation(operation) == command.__name__:
                schema = operation["requestBody"]["content"]["application/json"]["schema"]
                model = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
                return frozenset(model["properties"])
    raise LookupError(f"{command.__name__} has no endpoint")


def _name_of_operation(operation: Mapping[str, Any]) -> str:
    return "".join(word.capitalize() for word in operation["operationId"].split("_"))
