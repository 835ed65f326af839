"""What one command writes, what comes of it, and how it can fail.

Named tuples, where one is made for every command: a frozen dataclass takes three times as long to make.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID


class NewEvent(NamedTuple):
    """One fact of a stream. The first of a stream has version 1, each later one its predecessor's plus one.

    `reference` is a number the petition already bears (an import). With `book` and `year` instead, the append
    gives the next number of that register: "BOOK-2026-000123".
    """

    stream: UUID
    version: int
    topic: str
    state: bytes
    reference: str | None = None
    book: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A petitioner's identity for the vault: `sealed` is nonce and ciphertext, under the wrapped key.

    The marks are the same for the same name or number, and tell neither without the vault key.
    """

    petitioner_ref: UUID
    petition_id: UUID
    sealed: bytes
    wrapped_key: bytes
    name_mark: bytes | None = None
    identity_no_mark: bytes | None = None


class Append(NamedTuple):
    """Everything one command writes: all of it becomes part of the log, or nothing.

    Its events build only on versions that were read from the log or whose append was answered, never on one
    that is still under way. `request_digest` tells a request sent again from another one under the same id.
    """

    command_id: UUID
    events: tuple[NewEvent, ...]
    identities: tuple[Identity, ...] = ()
    request_digest: bytes = b""

    def first_versions(self) -> dict[int, int]:
        """The first version written to each stream; ValueError for what could never be appended.

        By the integers of the streams' ids: a UUID hashes in Python, which takes ten times as long.
        """
        if len(self.events) == 1:  # most have one, and this is asked of every append
            (event,) = self.events
            _check(event)
            return {event.stream.int: event.version}
        if not self.events:
            raise ValueError("an append has at least one event")
        first: dict[int, int] = {}
        next_: dict[int, int] = {}
        for event in self.events:
            _check(event)
            stream, version = event.stream.int, event.version
            if version != next_.get(stream, version):
                raise ValueError(f"version {version} of {event.stream} does not follow the one before it")
            first.setdefault(stream, version)
            next_[stream] = version + 1
        return first


class Appended(NamedTuple):
    """Where an append stands in the log: its events have consecutive positions from `first_position` on.

    `recorded_at` is UTC by the database's clock. `references` holds, for each stream that has one from this
    append, the number that was given or set. `replayed`: the command was stored before, and this is what came
    of it then.
    """

    first_position: int
    recorded_at: datetime
    references: dict[UUID, str]
    replayed: bool = False


def _check(event: NewEvent) -> None:
    if not 1 <= event.version < 2**63:
        raise ValueError(f"{event.version} is not a version")
    _check_text(event.topic)
    if event.reference is None and event.book is None and event.year is None:
        return
    if (event.book is None) != (event.year is None) or (event.book is not None and event.reference is not None):
        raise ValueError("a new number needs a book and a year, and no reference beside them")
    if event.year is not None and not 1 <= event.year <= 9999:
        raise ValueError(f"{event.year} is not a year of a register")
    _check_text(event.reference if event.book is None else event.book)


@lru_cache(maxsize=1024)
def _check_text(text: str | None) -> None:
    """Such a text would fail the whole batch it is sent in."""
    if not text or "\0" in text:
        raise ValueError("a topic, book or reference is a text without NUL characters")
    text.encode()  # a lone surrogate has no UTF-8 form: UnicodeEncodeError, a ValueError


class AppendFailed(Exception):
    """Nothing of the append was written, unless it is OutcomeUnknown."""


class VersionConflict(AppendFailed):
    """The stream is not where the append takes it to be: at `actual` or further, not at `expected`."""

    def __init__(self, stream: UUID, expected: int, actual: int) -> None:
        super().__init__(f"stream {stream} is at version {actual}, not at {expected}")
        self.stream, self.expected, self.actual = stream, expected, actual


class ReferenceTaken(AppendFailed):
    """Another petition bears the reference already."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"the reference {reference} is given already")
        self.reference = reference


class KeyReused(AppendFailed):
    """The command id is stored with another request."""

    def __init__(self, command_id: UUID) -> None:
        super().__init__(f"command {command_id} was another request")
        self.command_id = command_id


class QueueFull(AppendFailed):
    """More appends are waiting than there is room for: come back later."""


class StorageUnavailable(AppendFailed):
    """The database cannot be reached or cannot write; the append is known not to be in the log."""


class OutcomeUnknown(AppendFailed):
    """Whether the append is safely in the log cannot be found out now: ask again with the same command id."""

    def __init__(self, command_id: UUID) -> None:
        super().__init__(f"whether command {command_id} was written is not known")
        self.command_id = command_id
