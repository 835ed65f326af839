"""Defines the envelope of an event: a fact, its place in a history, who recorded it and when."""

from datetime import date, datetime, timedelta, timezone
from typing import Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from domain.actor import Officer

F = TypeVar("F", covariant=True)

OFFICIAL_TIME: Final = timezone(timedelta(hours=7))
"""Official time of Vietnam, which has no summer time. The day of a recording is the day there."""


class EventEnvelope(NamedTuple, Generic[F]):
    """Holds one event of the log.

    `originator_id` is the id of the aggregate and `originator_version` the place in its history, counted from 1;
    both names are the event-sourcing library's. The database gives `recorded_at` (UTC), `position` (in the whole
    log, without gaps) and `reference` (the register number, on the event that opened the petition). They are None
    until then.
    """

    # A named tuple: one is made for every event that is read, and a frozen dataclass of eight fields takes 2 us more.
    originator_id: UUID
    originator_version: int
    fact: F
    by: Officer
    recorded_at: datetime | None = None
    position: int | None = None
    reference: str | None = None
    command_id: UUID | None = None

    @property
    def recorded_on(self) -> date | None:
        """Return the day of the recording in Vietnam's official time; None where nobody recorded the instant."""
        return None if self.recorded_at is None else self.recorded_at.astimezone(OFFICIAL_TIME).date()

    def with_database_values(
        self, *, recorded_at: datetime, position: int, reference: str | None, command_id: UUID
    ) -> "EventEnvelope[F]":
        """Return the same event with the values that the database has given it."""
        return EventEnvelope(
            self.originator_id,
            self.originator_version,
            self.fact,
            self.by,
            recorded_at,
            position,
            reference,
            command_id,
        )
