"""Collects what one command will record: its events, encoded and in the order of the log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.actor import Officer
from domain.envelope import EventEnvelope
from domain.events import PETITION_OPENINGS, Fact, PetitionEvent
from domain.topics import CATEGORY_OF_TOPIC
from service.event_store.append import NewEvent
from service.event_store.codec import encode_fact


class UnitOfWork:
    """Collects the events of one command: those of its subject, of new streams, and of other existing petitions.

    `version` is the version of the subject: at first the version that was read, at the end the version after the
    append. `events` are the rows to append and `envelopes` the same events for a fold, in the same order.
    """

    __slots__ = ("by", "envelopes", "events", "opened_streams", "other_streams", "subject", "version")

    def __init__(self, by: Officer, subject: UUID, version: int = 0) -> None:
        self.by = by
        self.subject = subject
        self.version = version
        self.events: list[NewEvent] = []
        self.envelopes: list[EventEnvelope[Any]] = []
        self.opened_streams: list[UUID] = []
        self.other_streams: list[UUID] = []

    def append(self, fact: Fact) -> None:
        """Add the next fact of the subject."""
        self.version += 1
        self._add(self.subject, self.version, fact, None)

    def open_stream(self, stream: UUID, facts: Sequence[Fact], reference: str | None = None) -> None:
        """Add a new stream with its first facts: a petition or a message. `reference` is its number, if it has one."""
        self.opened_streams.append(stream)
        for version, fact in enumerate(facts, start=1):
            self._add(stream, version, fact, reference)

    def append_to_other(self, stream: UUID, version: int, fact: PetitionEvent) -> None:
        """Add a fact to another petition, which had `version` events when the command was decided on."""
        self.other_streams.append(stream)
        self._add(stream, version + 1, fact, None)

    def _add(self, stream: UUID, version: int, fact: Fact, reference: str | None) -> None:
        """Add one event. An opening without a number gets the next one of its book, in the year of its day."""
        book = year = None
        topic = type(fact).__name__
        if version == 1 and reference is None and isinstance(fact, PETITION_OPENINGS):
            book, year = fact.book, fact.occurred_on.year
        self.envelopes.append(EventEnvelope(stream, version, fact, self.by))
        self.events.append(
            NewEvent(
                stream, version, CATEGORY_OF_TOPIC[topic], topic, encode_fact(fact), self.by, reference, book, year
            )
        )
