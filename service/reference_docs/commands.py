"""Every command: what it asks, who may ask it, and where."""

from collections.abc import Mapping
from typing import get_args

from domain.command import Command
from domain.commands import PetitionCommand
from domain.meetings.commands import MeetingCommand, PublishAnswers
from domain.permissions import MAY
from domain.units.commands import UnitCommand
from service.reference_docs.marked import TEXT_TYPES, fields, inside, joined, page, parts_of, prose, table
from service.reference_docs.openapi import description

_HEAD = """\
Everything an officer can ask for. A command is the body of its HTTP request; the [description](openapi.json) has an
example of each. Every request needs a token with one of the roles and an `Idempotency-Key`; those that change a
petition also need `If-Match` with the version they were decided on. Which command is allowed at which stage:
[domain/decide.py](../../domain/decide.py)."""


def commands_page() -> str:
    commands: tuple[type[Command], ...] = (
        *get_args(PetitionCommand),
        *get_args(MeetingCommand),
        PublishAnswers,
        *get_args(UnitCommand),
    )
    addresses = addresses_by_name()
    overview = [
        (f"[{command.__name__}](#{command.__name__.lower()})", addresses[command.__name__], _roles(command))
        for command in commands
    ]
    return page(
        "Commands",
        _HEAD,
        TEXT_TYPES,
        table(("command", "HTTP", "roles"), overview),
        "## In every command\n\n" + prose(Command),
        fields(Command),
        "## One by one",
        *(_command(command, addresses[command.__name__]) for command in commands),
        "## Inside commands",
        *(inside(part) for part in parts_of(commands)),
    )


def addresses_by_name() -> Mapping[str, str]:
    """Method and path by the command's class name; a command without an endpoint is missing."""
    return {
        "".join(word.capitalize() for word in operation["operationId"].split("_")): f"`{method.upper()} {path}`"
        for path, operations in description()["paths"].items()
        for method, operation in operations.items()
    }


def _roles(command: type[Command]) -> str:
    return ", ".join(sorted(MAY[command]))


def _command(command: type[Command], address: str) -> str:
    said = f"{address}, roles: {_roles(command)}."
    return joined(f"### {command.__name__}", prose(command), said, fields(command, without=Command.model_fields))
