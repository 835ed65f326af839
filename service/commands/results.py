"""What is asked of the office, and what a command comes to."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, get_args
from uuid import UUID

from domain.commands import PetitionCommand
from domain.errors import Refused
from domain.vocabulary import PetitionId
from service.event_store.append import AppendFailed


class UnknownPetition(LookupError):
    """No petition has this id or reference."""


class VersionMismatch(Exception):
    """The petition has moved on since the officer read it (If-Match)."""

    def __init__(self, current: int) -> None:
        super().__init__(f"the petition is at version {current}")
        self.current = current


class TooContended(Exception):
    """Others wrote to the same petition between each reading and writing."""


NotDone = Refused | UnknownPetition | VersionMismatch | TooContended | AppendFailed
"""Why one command came to nothing; NotAllowed is a Refused, and whatever the committer says an AppendFailed."""

NOT_DONE = get_args(NotDone)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it was sent: `petition_id` is None for a receipt alone.

    `digest` tells a request sent again from another one under the same `command_id`.
    """

    command: PetitionCommand
    command_id: UUID
    digest: bytes
    petition_id: PetitionId | None = None
    expected_version: int | None = None


class Done(NamedTuple):
    """What a command came to. For a meeting or a unit `petition_id` is the id of its own history."""

    petition_id: UUID
    reference: str | None
    version: int
    position: int
    recorded_at: datetime
    replayed: bool = False
    opened: tuple[UUID, ...] = ()
