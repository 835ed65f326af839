"""Collects what one command will record, in the order of the log, and then seals and encodes it once."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from domain.actor import Officer
from domain.decision import Decision
from domain.envelope import EventEnvelope
from domain.events import PETITION_OPENINGS, Fact
from domain.opening import day_of_receipt
from domain.petition import Petition
from domain.sealed_text import has_texts
from domain.topics import CATEGORY_OF_TOPIC
from domain.vocabulary import Category
from service.event_store.append import Append, Identity, NewEvent, StoredTextKey
from service.event_store.codec import encode_fact
from service.event_store.context import current_context
from service.security.text_sealing import TextKey, TextKeys, seal_fact
from service.security.text_vault import TextVault


@cache
def holds_texts_to_seal(kind: type[Fact]) -> bool:
    """Return True if a fact of this class is about a petition and can hold texts. Other streams have no keys yet."""
    return has_texts(kind) and CATEGORY_OF_TOPIC[kind.__name__] == Category.PETITION


class UnitOfWork:
    """Collects the events of one command: those of its subject, of new streams, and of other existing petitions.

    `version` is the version of the subject: at first the version that was read, at the end the version after the
    append. `envelopes` are its events with plain texts, in the order of the log. `made_keys` are the keys of petitions
    that had none, made when the events were sealed, each with the row that the append stores.
    """

    __slots__ = (
        *("by", "envelopes", "given_references", "identities", "made_keys", "opened_streams", "other_streams"),
        "subject",
        *("version", "_keys", "_vault"),
    )

    def __init__(
        self,
        vault: TextVault,
        by: Officer,
        subject: UUID,
        version: int = 0,
        *,
        keys: Mapping[int, TextKeys] | None = None,
        identities: tuple[Identity, ...] = (),
    ) -> None:
        """Begin with nothing. `keys` are those of the petitions that exist, under which their texts are sealed.

        They are found by the integers of the ids, because the hash of a UUID is computed in Python.
        """
        self.by = by
        self.subject = subject
        self.version = version
        self.identities = identities
        self.envelopes: list[EventEnvelope[Any]] = []
        self.opened_streams: list[UUID] = []
        self.given_references: dict[UUID, str] = {}
        self.other_streams: list[UUID] = []
        self.made_keys: list[tuple[StoredTextKey, bytes]] = []
        self._vault = vault
        self._keys: dict[int, TextKeys] = dict(keys or {})

    def add_decision(self, decision: Decision, petition: Petition | None) -> None:
        """Add all that was decided on `petition`: its own facts first, then those of the streams that they open."""
        self.add_facts(decision.facts)
        for stream in decision.opened:
            reference = None if stream.suffix is None or petition is None else f"{petition.reference}.{stream.suffix}"
            self.open_stream(stream.petition_id, stream.facts, reference)
        for linked in decision.linked:
            other = linked.petition
            self.other_streams.append(other.petition_id)
            self._add(other.petition_id, other.version + 1, linked.fact, None)

    def add_facts(self, facts: Iterable[Fact]) -> None:
        """Add the next facts of the subject."""
        for fact in facts:
            self.version += 1
            self._add(self.subject, self.version, fact, None)

    def open_stream(self, stream: UUID, facts: Iterable[Fact], reference: str | None = None) -> None:
        """Add a new stream with its first facts: a petition or a message. `reference` is its number, if it has one."""
        self.opened_streams.append(stream)
        if reference is not None:
            self.given_references[stream] = reference
        for version, fact in enumerate(facts, start=1):
            self._add(stream, version, fact, reference)

    def as_append(
        self, command_id: UUID, digest: bytes, facts_known: int | None = None, confirmed: Iterable[str] = ()
    ) -> Append:
        """Seal and encode what was collected, and return it for the committer. Called once, when all is collected.

        `facts_known` is the position of the law and the units of the decision; None if neither counts.
        """
        events = tuple(map(self._encode, self.envelopes))
        keys = tuple(stored for stored, _ in self.made_keys) if self.made_keys else ()
        context = current_context(confirmed=confirmed)
        return Append(command_id, events, self.identities, digest, context, keys, facts_known, self.envelopes)

    def _add(self, stream: UUID, version: int, fact: Fact, reference: str | None) -> None:
        self.envelopes.append(EventEnvelope(stream, version, fact, self.by, reference=reference))

    def _encode(self, envelope: EventEnvelope[Any]) -> NewEvent:
        """Return the row of one event. An opening without a number gets the next one of its book in the year."""
        stream, version, fact = envelope.originator_id, envelope.originator_version, envelope.fact
        book = year = None
        kind: type[Fact] = type(fact)
        topic = kind.__name__
        if version == 1 and envelope.reference is None and isinstance(fact, PETITION_OPENINGS):
            book, year = fact.book, day_of_receipt(fact).year
        category = CATEGORY_OF_TOPIC[topic]
        if self._vault.seals and holds_texts_to_seal(kind):
            fact = seal_fact(fact, stream, version, self._text_key(stream, is_new=version == 1))
        return NewEvent(
            stream, version, category, topic, encode_fact(fact), envelope.by, envelope.reference, book, year
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
