"""Defines the request, the result and the errors of a command."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, get_args
from uuid import UUID

from domain.commands import PetitionCommand
from domain.errors import Refused
from domain.vocabulary import PetitionId
from service.event_store.errors import AppendFailed
from service.security.text_sealing import UnopenableText


class UnknownPetition(LookupError):
    """Is raised when no petition has the id or reference of a request."""


class VersionMismatch(Exception):
    """Is raised when the petition has changed since the officer read it (If-Match). `current` is its version now."""

    def __init__(self, current: int) -> None:
        super().__init__(f"the petition is at version {current}")
        self.current = current


class TooContended(Exception):
    """Is raised when in every attempt somebody else wrote to the same petition between the read and the write."""


CommandError = Refused | UnknownPetition | VersionMismatch | TooContended | AppendFailed | UnopenableText
"""The errors of one command.

NotAllowed is a subclass of Refused; all errors of the event store are subclasses of AppendFailed. A text that does not
open concerns its petition alone.
"""

COMMAND_ERRORS = get_args(CommandError)


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """Holds a command as it was sent. `petition_id` is None only for a receipt.

    `digest` distinguishes a request that is sent again from another request with the same `command_id`. `entered_on` is
    for a made-up life, which is decided as if each act had been entered on that day; None means the present day.
    """

    command: PetitionCommand
    command_id: UUID
    digest: bytes
    petition_id: PetitionId | None = None
    expected_version: int | None = None
    entered_on: date | None = None


class CommandResult(NamedTuple):
    """Holds what a command recorded. For a command on a meeting or a unit, `petition_id` is the id of that stream.

    `version` is the version of the petition after the command. `position` is the position of the command's last event
    in the log. `recorded_at` is an instant in UTC. `replayed` is True if an earlier request recorded the command.
    `opened` are the ids of the streams that the command opened, and `opened_references` their register numbers where
    they have one.
    """

    petition_id: UUID
    reference: str | None
    version: int
    position: int
    recorded_at: datetime
    replayed: bool = False
    opened: tuple[UUID, ...] = ()
    opened_references: tuple[str | None, ...] = ()
