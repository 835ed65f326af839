"""Defines what one command writes to the log and the result of writing it.

The types that every command makes are named tuples: a frozen dataclass takes three times as long to make.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from domain.actor import Officer
from domain.envelope import EventEnvelope
from domain.vocabulary import Category

SHARED_FACTS = (Category.UNIT, Category.LAW)
"""Categories of the facts that decisions on other streams rest on: the functions `append` note their last position."""


class NewEvent(NamedTuple):
    """Holds one encoded fact of a stream, and the officer who recorded it.

    The first event of a stream has version 1; the version of each later event is one higher. All events of a stream
    have its `category`, and so have all events of a topic. `reference` is the number that an imported petition already
    has. When `book` and `year` are given instead, the append assigns the next number of that register:
    "BOOK-2026-000123".
    """

    stream: UUID
    version: int
    category: Category
    topic: str
    state: bytes
    by: Officer
    reference: str | None = None
    book: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Holds a petitioner's identity for the vault: `sealed` is nonce and ciphertext, encrypted under the wrapped key.

    Equal names or identity numbers have equal marks. A mark reveals neither without the vault key.
    """

    petitioner_ref: UUID
    petition_id: UUID
    sealed: bytes
    wrapped_key: bytes
    name_mark: bytes | None = None
    identity_no_mark: bytes | None = None


@dataclass(frozen=True, slots=True)
class StoredTextKey:
    """Holds a key of a stream's texts for the vault, wrapped by the vault key that `vault_key_id` names."""

    stream: UUID
    key_number: int
    wrapped_key: bytes
    vault_key_id: str


class Append(NamedTuple):
    """Holds everything that one command writes. The log gets all of it or nothing.

    Its events follow only versions that were read from the log or whose append was answered, never a version whose
    append is still in flight. `request_digest` distinguishes a request that is sent again from another request under
    the same id. `context` is the encoded `CommandContext`; both are stored with the last event. `text_keys` are the
    keys of streams that had none: of those that the command opens, and of others after an erasure. `facts_known` is the
    position of the last change of law or unit by which the events were decided; None if neither counts. `envelopes`
    are the events with plain texts, for who follows the log in this process, or none.
    """

    command_id: UUID
    events: tuple[NewEvent, ...]
    identities: tuple[Identity, ...] = ()
    request_digest: bytes = b""
    context: bytes = b'{"via":{"door":"service"}}'
    text_keys: tuple[StoredTextKey, ...] = ()
    facts_known: int | None = None
    envelopes: Sequence[EventEnvelope[Any]] = ()

    def first_versions(self) -> dict[int, int]:
        """Return the first version that is written to each stream.

        Raise ValueError for content that can never be appended. The keys are the integers of the streams' ids: a UUID
        is hashed in Python, which takes ten times as long.
        """
        if len(self.events) == 1:  # most appends have one event, and every append comes here
            (event,) = self.events
            _check_event(event)
            return {event.stream.int: event.version}
        if not self.events:
            raise ValueError("an append has at least one event")
        first: dict[int, int] = {}
        next_: dict[int, int] = {}
        for event in self.events:
            _check_event(event)
            stream, version = event.stream.int, event.version
            if version != next_.get(stream, version):
                raise ValueError(f"version {version} of {event.stream} does not follow the one before it")
            first.setdefault(stream, version)
            next_[stream] = version + 1
        return first


class Appended(NamedTuple):
    """Holds the result of an append: its events have consecutive positions that begin at `first_position`.

    `recorded_at` is UTC by the database's clock. `references` holds the number of each stream to which this append
    assigned one or that it imported with one. `replayed` is true when the command was already stored; the other fields
    are then those of the first append.
    """

    first_position: int
    recorded_at: datetime
    references: dict[UUID, str]
    replayed: bool = False


def _check_event(event: NewEvent) -> None:
    if not 1 <= event.version < 2**31:
        raise ValueError(f"{event.version} is not a version")
    _check_text(event.topic)
    by = event.by
    _check_officer(by.officer, by.unit, by.position, by.acting_for)
    if event.reference is None and event.book is None and event.year is None:
        return
    if (event.book is None) != (event.year is None) or (event.book is not None and event.reference is not None):
        raise ValueError("a new number needs a book and a year, and no reference beside them")
    if event.year is not None and not 1 <= event.year <= 9999:
        raise ValueError(f"{event.year} is not a year of a register")
    _check_text(event.reference if event.book is None else event.book)


@lru_cache(maxsize=4096)
def _check_officer(officer: str, unit: str, position: str, acting_for: str | None) -> None:
    """Raise ValueError for an officer whom the database would refuse. A unit or a position may be empty."""
    for text in (officer, unit or "-", position or "-", "-" if acting_for is None else acting_for):
        _check_text(text)
        if "\x1f" in text:
            raise ValueError("a name of an officer has no unit separator: the log is read with it")


@lru_cache(maxsize=1024)
def _check_text(text: str | None) -> None:
    """Raise ValueError for a text that would make the database refuse the whole batch."""
    if not text or "\0" in text:
        raise ValueError("a topic, book, reference or name is a text without NUL characters")
    text.encode()  # a lone surrogate has no UTF-8 form: UnicodeEncodeError, a ValueError
