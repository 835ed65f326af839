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

_BATCH_PARAMETERS, _EVENT_PARAMETERS = 30, 20


def _prepare(name: bytes, result: LiteralString, function: LiteralString, parameters: int) -> str:
    placeholders = ", ".join(f"${n}" for n in range(1, parameters + 1))
    return f"PREPARE {name.decode()} AS SELECT {result} FROM kiennghi.{function}({placeholders})"  # noqa: S608 - literals


PREPARE_APPEND_STATEMENTS = (
    _prepare(
        APPEND_BATCH_STATEMENT, "first_position, recorded_at, numbers_given", "append", _BATCH_PARAMETERS
    ).encode(),
    _prepare(APPEND_EVENT_STATEMENT, "first_position, recorded_at, given", "append_event", _EVENT_PARAMETERS).encode(),
)

_ARRAY_HEADER = struct.Struct("!IIIII").pack
_ITEM_LENGTH = struct.Struct("!i").pack
_INTEGER_ITEM = struct.Struct("!ii").pack
_NULL_ITEM = _ITEM_LENGTH(-1)
_BYTEA_OID, _INTEGER_OID, _TEXT_OID, _UUID_OID = 17, 23, 25, 2950


def append_statement(appends: Sequence[Append], *, notify: bool) -> tuple[bytes, Sequence[bytes | None]]:
    """Return the name and the parameters of the statement that writes these appends, in this order."""
    first = appends[0]
    if len(appends) == 1 and len(first.events) == 1 and not first.identities:
        keys = first.text_keys
        if not keys or (len(keys) == 1 and keys[0].stream == first.events[0].stream):
            return APPEND_EVENT_STATEMENT, _event_parameters(first, notify=notify)
    return APPEND_BATCH_STATEMENT, _batch_parameters(appends, notify=notify)


def _event_parameters(append: Append, *, notify: bool) -> Sequence[bytes | None]:
    ((stream, version, category, topic, state, by, reference, book, year),) = append.events
    key = append.text_keys[0] if append.text_keys else None
    return (
        stream.bytes,
        version.to_bytes(4),
        category.encode(),
        topic.encode(),
        state,
        *_officer_parameters(by.officer, by.unit, by.position, by.acting_for),
        append.command_id.bytes,
        append.request_digest,
        append.context,
        None if reference is None else reference.encode(),
        None if book is None else book.encode(),
        None if year is None else year.to_bytes(4),
        None if key is None else key.key_number.to_bytes(4),
        None if key is None else key.wrapped_key,
        None if key is None else key.vault_key_id.encode(),
        _BOOLEAN[notify],
        None if append.facts_known is None else append.facts_known.to_bytes(8),
    )


@lru_cache(maxsize=4096)
def _officer_parameters(officer: str, unit: str, position: str, acting_for: str | None) -> tuple[bytes | None, ...]:
    return officer.encode(), unit.encode(), position.encode(), None if acting_for is None else acting_for.encode()


def _batch_parameters(appends: Sequence[Append], *, notify: bool) -> Sequence[bytes | None]:
    events = [event for append in appends for event in append.events]
    commands: list[bytes] = []
    digests: list[bytes | None] = []
    contexts: list[bytes | None] = []
    for append in appends:
        commands += [append.command_id.bytes] * len(append.events)
        others = [None] * (len(append.events) - 1)
        digests += (*others, append.request_digest)
        contexts += (*others, append.context)
    # Each word is sent once, and the events say which they mean.
    topics: dict[tuple[str, str], int] = {}
    officers: dict[tuple[str, str, str, str | None], int] = {}
    topic_of, officer_of = [], []
    for event in events:
        by = event.by
        topic_of.append(topics.setdefault((event.topic, event.category), len(topics) + 1))
        officer_of.append(officers.setdefault((by.officer, by.unit, by.position, by.acting_for), len(officers) + 1))
    references = [event.reference for event in events]
    numbered = [(ordinal, event) for ordinal, event in enumerate(events, 1) if event.book is not None]
    identities = [identity for append in appends for identity in append.identities]
    keys = [key for append in appends for key in append.text_keys]
    known = [append.facts_known for append in appends if append.facts_known is not None]
    return (
        _encode_texts([topic for topic, _ in topics]),
        _encode_texts([category for _, category in topics]),
        _encode_texts([officer for officer, _, _, _ in officers]),
        _encode_texts([unit for _, unit, _, _ in officers]),
        _encode_texts([position for _, _, position, _ in officers]),
        _encode_texts([acting_for for _, _, _, acting_for in officers]),
        _encode_uuids([event.stream.bytes for event in events]),
        _encode_integers([event.version for event in events]),
        _encode_integers(topic_of),
        _encode_integers(officer_of),
        _encode_byteas([event.state for event in events]),
        _encode_uuids(commands),
        _encode_byteas(digests),
        _encode_byteas(contexts),
        _encode_texts(references) if references.count(None) < len(references) else _NO_TEXTS,
        _encode_integers([ordinal for ordinal, _ in numbered]) if numbered else _NO_INTEGERS,
        _encode_texts([event.book for _, event in numbered]) if numbered else _NO_TEXTS,
        _encode_integers([event.year or 0 for _, event in numbered]) if numbered else _NO_INTEGERS,
        _encode_uuids([identity.petitioner_ref.bytes for identity in identities]) if identities else _NO_UUIDS,
        _encode_uuids([identity.petition_id.bytes for identity in identities]) if identities else _NO_UUIDS,
        _encode_byteas([identity.sealed for identity in identities]) if identities else _NO_BYTEAS,
        _encode_byteas([identity.wrapped_key for identity in identities]) if identities else _NO_BYTEAS,
        _encode_byteas([identity.name_mark for identity in identities]) if identities else _NO_BYTEAS,
        _encode_byteas([identity.identity_no_mark for identity in identities]) if identities else _NO_BYTEAS,
        _encode_uuids([key.stream.bytes for key in keys]) if keys else _NO_UUIDS,
        _encode_integers([key.key_number for key in keys]) if keys else _NO_INTEGERS,
        _encode_byteas([key.wrapped_key for key in keys]) if keys else _NO_BYTEAS,
        _encode_texts([key.vault_key_id for key in keys]) if keys else _NO_TEXTS,
        _BOOLEAN[notify],
        min(known).to_bytes(8) if known else None,
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


_BOOLEAN = (b"\0", b"\x01")
_EMPTY_ARRAY = struct.Struct("!III").pack
_NO_BYTEAS = _EMPTY_ARRAY(0, 0, _BYTEA_OID)
_NO_INTEGERS = _EMPTY_ARRAY(0, 0, _INTEGER_OID)
_NO_TEXTS = _EMPTY_ARRAY(0, 0, _TEXT_OID)
_NO_UUIDS = _EMPTY_ARRAY(0, 0, _UUID_OID)
