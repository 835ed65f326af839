"""The envelope: a fact, its place in a history, who recorded it and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from domain.actor import Officer

F = TypeVar("F", covariant=True)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[F]):
    """One event of the log.

    `originator_id` and `originator_version` are the engine's words for the aggregate and the place in its
    history, counted from 1. `recorded_at` (UTC), `position` (in the whole log, without holes) and
    `reference` (the register number, on the event that opened the petition) belong to the database: they
    are None until it has given them.
    """

    originator_id: UUID
    originator_version: int
    fact: F
    by: Officer
    recorded_at: datetime | None = None
    position: int | None = None
    reference: str | None = None
    command_id: UUID | None = None
