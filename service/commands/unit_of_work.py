"""What one command is about to record: facts by history, in the order of the log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.actor import Officer
from domain.envelope import EventEnvelope
from domain.events import Fact, PetitionEvent, PetitionReceived
from service.event_store.append import NewEvent
from service.event_store.codec import encoded


class Draft:
    """`version` is that of the subject: first as it was found, then as it will be."""

    __slots__ = ("by", "events", "opened", "records", "subject", "told", "version")

    def __init__(self, by: Officer, subject: UUID, version: int = 0) -> None:
        self.by = by
        self.subject = subject
        self.version = version
        self.events: list[NewEvent] = []
        self.records: list[EventEnvelope[Any]] = []
        self.opened: list[UUID] = []
        self.told: list[UUID] = []

    def then(self, fact: Fact) -> None:
        """The subject's next fact."""
        self.version += 1
        self._add(self.subject, self.version, fact, None)

    def open(self, stream: UUID, facts: Sequence[Fact], reference: str | None = None) -> None:
        """Another history, from its beginning on: a petition's, or a message's."""
        self.opened.append(stream)
        for version, fact in enumerate(facts, start=1):
            self._add(stream, version, fact, reference)

    def tell(self, stream: UUID, version: int, fact: PetitionEvent) -> None:
        """Another petition, of which so many facts were known when it was decided on."""
        self.told.append(stream)
        self._add(stream, version + 1, fact, None)

    def _add(self, stream: UUID, version: int, fact: Fact, reference: str | None) -> None:
        """The register of its book and of the year of receipt numbers a petition, unless it bears a letter's number."""
        book = year = None
        if version == 1 and reference is None and isinstance(fact, PetitionReceived):
            book, year = fact.book, fact.occurred_on.year
        self.records.append(EventEnvelope(stream, version, fact, self.by))
        self.events.append(
            NewEvent(stream, version, type(fact).__name__, encoded(fact, self.by), reference, book, year)
        )
