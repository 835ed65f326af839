"""The statements that append, and what they are given in PostgreSQL's binary form.

The arrays are put together here because psycopg's own way, value by value, takes three times as long.
"""

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import LiteralString

from service.event_store.append import Append

BATCH, EVENT = b"kiennghi_append", b"kiennghi_append_event"
"""Names of the prepared statements; both answer with the first position, the time, and the numbers given."""

PREPARE: tuple[LiteralString, ...] = (
    "PREPARE kiennghi_append AS SELECT first_position, recorded_at, numbers_given FROM kiennghi.append("
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    "PREPARE kiennghi_append_event AS SELECT first_position, recorded_at, given FROM kiennghi.append_event("
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
)

_HEADER = struct.Struct("!IIIII").pack
_LENGTH = struct.Struct("!i").pack
_BIGINT_ITEM, _INTEGER_ITEM = struct.Struct("!iq").pack, struct.Struct("!ii").pack
_NULL = _LENGTH(-1)
_BYTEA, _BIGINT, _INTEGER, _TEXT, _UUID = 17, 20, 23, 25, 2950


def statement(appends: Sequence[Append], *, notify: bool) -> tuple[bytes, Sequence[bytes | None]]:
    """Which of the two appends these, in this order, and what it is given."""
    first = appends[0]
    if len(appends) == 1 and len(first.events) == 1 and not first.identities:
        return EVENT, _one(first, notify=notify)
    return BATCH, _many(appends, notify=notify)


def _one(append: Append, *, notify: bool) -> Sequence[bytes | None]:
    ((stream, version, topic, state, reference, book, year),) = append.events
    return (
        stream.bytes,
        version.to_bytes(8),
        topic.encode(),
        state,
        append.command_id.bytes,
        None if reference is None else reference.encode(),
        None if book is None else book.encode(),
        None if year is None else year.to_bytes(4),
        append.request_digest,
        _BOOLEAN[notify],
    )


def _many(appends: Sequence[Append], *, notify: bool) -> Sequence[bytes | None]:
    events = [event for append in appends for event in append.events]
    commands: list[bytes] = []
    finished: list[int] = []
    for append in appends:
        commands += [append.command_id.bytes] * len(append.events)
        finished.append(len(commands))
    references = [event.reference for event in events]
    numbered = [(place, event) for place, event in enumerate(events, 1) if event.book is not None]
    identities = [identity for append in appends for identity in append.identities]
    return (
        _uuids([event.stream.bytes for event in events]),
        _array(_BIGINT, [_BIGINT_ITEM(8, event.version) for event in events]),
        _array(_TEXT, [_topic(event.topic) for event in events]),
        _byteas([event.state for event in events]),
        _uuids(commands),
        _texts(references) if references.count(None) < len(references) else _NO_TEXTS,
        _integers([place for place, _ in numbered]) if numbered else _NO_INTEGERS,
        _texts([event.book for _, event in numbered]) if numbered else _NO_TEXTS,
        _integers([event.year or 0 for _, event in numbered]) if numbered else _NO_INTEGERS,
        _integers(finished),
        _byteas([append.request_digest for append in appends]),
        _uuids([identity.petitioner_ref.bytes for identity in identities]) if identities else _NO_UUIDS,
        _uuids([identity.petition_id.bytes for identity in identities]) if identities else _NO_UUIDS,
        _byteas([identity.sealed for identity in identities]) if identities else _NO_BYTEAS,
        _byteas([identity.wrapped_key for identity in identities]) if identities else _NO_BYTEAS,
        _BOOLEAN[notify],
        _byteas([identity.name_mark for identity in identities]) if identities else _NO_BYTEAS,
        _byteas([identity.identity_no_mark for identity in identities]) if identities else _NO_BYTEAS,
    )


def _array(element: int, items: Sequence[bytes], *, nulls: bool = False) -> bytes:
    """`items`, each behind its length."""
    return _HEADER(1, nulls, element, len(items), 1) + b"".join(items)


def _uuids(values: Iterable[bytes]) -> bytes:
    return _array(_UUID, [b"\0\0\0\x10" + value for value in values])


def _integers(values: Sequence[int]) -> bytes:
    return _array(_INTEGER, [_INTEGER_ITEM(4, value) for value in values])


def _byteas(values: Iterable[bytes | None]) -> bytes:
    items = [_NULL if value is None else _LENGTH(len(value)) + value for value in values]
    return _array(_BYTEA, items, nulls=_NULL in items)


def _texts(values: Iterable[str | None]) -> bytes:
    items = [_NULL if value is None else _text(value) for value in values]
    return _array(_TEXT, items, nulls=_NULL in items)


def _text(value: str) -> bytes:
    encoded = value.encode()
    return _LENGTH(len(encoded)) + encoded


# There are a few dozen topics, and every event has one.
_topic = lru_cache(maxsize=1024)(_text)

_BOOLEAN = (b"\0", b"\x01")
_EMPTY = struct.Struct("!III").pack
_NO_BYTEAS = _EMPTY(0, 0, _BYTEA)
_NO_INTEGERS = _EMPTY(0, 0, _INTEGER)
_NO_TEXTS = _EMPTY(0, 0, _TEXT)
_NO_UUIDS = _EMPTY(0, 0, _UUID)
