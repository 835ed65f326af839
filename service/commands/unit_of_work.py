"""Collects what one command will record: its events, sealed and encoded, in the order of the log."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.actor import Officer
from domain.envelope import EventEnvelope
from domain.events import PETITION_OPENINGS, Fact, PetitionEvent
from domain.sealed_text import has_texts
from domain.topics import CATEGORY_OF_TOPIC
from domain.vocabulary import Category
from service.event_store.append import NewEvent, StoredTextKey
from service.event_store.codec import encode_fact
from service.security.text_sealing import TextKey, TextKeys, seal_fact
from service.security.text_vault import TextVault


def holds_texts_to_seal(fact: Fact) -> bool:
    """Return True if a fact of this class is about a petition and can hold texts. Other streams have no keys yet."""
    return has_texts(type(fact)) and CATEGORY_OF_TOPIC[type(fact).__name__] == Category.PETITION


class UnitOfWork:
    """Collects the events of one command: those of its subject, of new streams, and of other existing petitions.

    `version` is the version of the subject: at first the version that was read, at the end the version after the
    append. `events` are the rows to append, with the texts of petitions sealed, and `envelopes` the same events with
    plain texts for a fold, in the same order. `made_keys` are the keys of petitions that had none, with the row that
    the append stores.
    """

    __slots__ = (
        *("by", "envelopes", "events", "made_keys", "opened_streams", "other_streams", "subject", "version"),
        *("_keys", "_vault"),
    )

    def __init__(self, vault: TextVault, by: Officer, subject: UUID, version: int = 0) -> None:
        self.by = by
        self.subject = subject
        self.version = version
        self.events: list[NewEvent] = []
        self.envelopes: list[EventEnvelope[Any]] = []
        self.opened_streams: list[UUID] = []
        self.other_streams: list[UUID] = []
        self.made_keys: list[tuple[StoredTextKey, bytes]] = []
        self._vault = vault
        self._keys: dict[int, TextKeys] = {}

    def use_keys(self, petition: UUID, keys: TextKeys) -> None:
        """Seal the texts of a petition that exists under the newest of its keys."""
        self._keys[petition.int] = keys

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
        category = CATEGORY_OF_TOPIC[topic]
        self.envelopes.append(EventEnvelope(stream, version, fact, self.by))
        if self._vault.seals and holds_texts_to_seal(fact):
            fact = seal_fact(fact, stream, version, self._text_key(stream, is_new=version == 1))
        self.events.append(
            NewEvent(stream, version, category, topic, encode_fact(fact), self.by, reference, book, year)
        )

    def _text_key(self, stream: UUID, *, is_new: bool) -> TextKey:
        """Return the newest key of a petition, or make its first one, or the next one after all were erased.

        Raise KeyError for a petition that exists and whose keys were not loaded.
        """
        keys = self._keys.setdefault(stream.int, {}) if is_new else self._keys[stream.int]
        newest = max(keys, default=0)
        key = keys.get(newest)
        if key is None:
            stored, data_key = self._vault.make_key(stream, newest + 1)
            self.made_keys.append((stored, data_key))
            key = TextKey(stored.key_number, data_key)
            self._keys[stream.int] = {**keys, key.number: key}
        return key
