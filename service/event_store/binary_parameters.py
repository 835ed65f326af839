"""Encodes the parameters of the append statements in PostgreSQL's binary form.

The arrays are encoded here because psycopg encodes them value by value, which takes three times as long.
"""

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import LiteralString

from service.event_store.append import Append

APPEND_BATCH_STATEMENT, APPEND_EVENT_STATEMENT = b"kiennghi_append", b"kiennghi_append_event"
"""Names of the prepared statements; both answer with the first position, the time, and the numbers assigned."""

PREPARE_APPEND_STATEMENTS: tuple[LiteralString, ...] = (
    "PREPARE kiennghi_append AS SELECT first_position, recorded_at, numbers_given FROM kiennghi.append("
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    "PREPARE kiennghi_append_event AS SELECT first_position, recorded_at, given FROM kiennghi.append_event("
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
)

_ARRAY_HEADER = struct.Struct("!IIIII").pack
_ITEM_LENGTH = struct.Struct("!i").pack
_BIGINT_ITEM, _INTEGER_ITEM = struct.Struct("!iq").pack, struct.Struct("!ii").pack
_NULL_ITEM = _ITEM_LENGTH(-1)
_BYTEA_OID, _BIGINT_OID, _INTEGER_OID, _TEXT_OID, _UUID_OID = 17, 20, 23, 25, 2950


def append_statement(appends: Sequence[Append], *, notify: bool) -> tuple[bytes, Sequence[bytes | None]]:
    """Return the name and the parameters of the statement that writes these appends, in this order."""
    first = appends[0]
    if len(appends) == 1 and len(first.events) == 1 and not first.identities:
        return APPEND_EVENT_STATEMENT, _event_parameters(first, notify=notify)
    return APPEND_BATCH_STATEMENT, _batch_parameters(appends, notify=notify)


def _event_parameters(append: Append, *, notify: bool) -> Sequence[bytes | None]:
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


def _batch_parameters(appends: Sequence[Append], *, notify: bool) -> Sequence[bytes | None]:
    events = [event for append in appends for event in append.events]
    commands: list[bytes] = []
    last_ordinals: list[int] = []
    for append in appends:
        commands += [append.command_id.bytes] * len(append.events)
        last_ordinals.append(len(commands))
    references = [event.reference for event in events]
    numbered = [(ordinal, event) for ordinal, event in enumerate(events, 1) if event.book is not None]
    identities = [identity for append in appends for identity in append.identities]
    return (
        _encode_uuids([event.stream.bytes for event in events]),
        _encode_array(_BIGINT_OID, [_BIGINT_ITEM(8, event.version) for event in events]),
        _encode_array(_TEXT_OID, [_topic_item(event.topic) for event in events]),
        _encode_byteas([event.state for event in events]),
        _encode_uuids(commands),
        _encode_texts(references) if references.count(None) < len(references) else _NO_TEXTS,
        _encode_integers([ordinal for ordinal, _ in numbered]) if numbered else _NO_INTEGERS,
        _encode_texts([event.book for _, event in numbered]) if numbered else _NO_TEXTS,
        _encode_integers([event.year or 0 for _, event in numbered]) if numbered else _NO_INTEGERS,
        _encode_integers(last_ordinals),
        _encode_byteas([append.request_digest for append in appends]),
        _encode_uuids([identity.petitioner_ref.bytes for identity in identities]) if identities else _NO_UUIDS,
        _encode_uuids([identity.petition_id.bytes for identity in identities]) if identities else _NO_UUIDS,
        _encode_byteas([identity.sealed for identity in identities]) if identities else _NO_BYTEAS,
        _encode_byteas([identity.wrapped_key for identity in identities]) if identities else _NO_BYTEAS,
        _BOOLEAN[notify],
        _encode_byteas([identity.name_mark for identity in identities]) if identities else _NO_BYTEAS,
        _encode_byteas([identity.identity_no_mark for identity in identities]) if identities else _NO_BYTEAS,
    )


def _encode_array(element: int, items: Sequence[bytes], *, nulls: bool = False) -> bytes:
    """Encode a one-dimensional array; `element` is the OID of the items' type, and each item begins with its length."""
    return _ARRAY_HEADER(1, nulls, element, len(items), 1) + b"".join(items)


def _encode_uuids(values: Iterable[bytes]) -> bytes:
    return _encode_array(_UUID_OID, [b"\0\0\0\x10" + value for value in values])


def _encode_integers(values: Sequence[int]) -> bytes:
    return _encode_array(_INTEGER_OID, [_INTEGER_ITEM(4, value) for value in values])


def _encode_byteas(values: Iterable[bytes | None]) -> bytes:
    items = [_NULL_ITEM if value is None else _ITEM_LENGTH(len(value)) + value for value in values]
    return _encode_array(_BYTEA_OID, items, nulls=_NULL_ITEM in items)


def _encode_texts(values: Iterable[str | None]) -> bytes:
    items = [_NULL_ITEM if value is None else _text_item(value) for value in values]
    return _encode_array(_TEXT_OID, items, nulls=_NULL_ITEM in items)


def _text_item(value: str) -> bytes:
    encoded = value.encode()
    return _ITEM_LENGTH(len(encoded)) + encoded


# There are only a few dozen topics, and every event has one.
_topic_item = lru_cache(maxsize=1024)(_text_item)

_BOOLEAN = (b"\0", b"\x01")
_EMPTY_ARRAY = struct.Struct("!III").pack
_NO_BYTEAS = _EMPTY_ARRAY(0, 0, _BYTEA_OID)
_NO_INTEGERS = _EMPTY_ARRAY(0, 0, _INTEGER_OID)
_NO_TEXTS = _EMPTY_ARRAY(0, 0, _TEXT_OID)
_NO_UUIDS = _EMPTY_ARRAY(0, 0, _UUID_OID)
