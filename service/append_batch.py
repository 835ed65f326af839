"""The statement that appends a batch, and the batch in PostgreSQL's binary form.

The arrays are put together here because psycopg's own way, value by value, takes three times as long.
"""

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format

from service.append import Append

APPEND = (
    b"SELECT first_position, recorded_at, numbers_given FROM kiennghi.append("
    b"%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)

_HEADER = struct.Struct("!IIIII").pack
_LENGTH = struct.Struct("!i").pack
_NULL = _LENGTH(-1)
_BYTEA, _BIGINT, _INTEGER, _TEXT, _UUID = 17, 20, 23, 25, 2950


class BinaryArray:
    """An array as the server reads it."""

    __slots__ = ("wire",)

    def __init__(self, wire: bytes) -> None:
        self.wire = wire


class Bytea(BinaryArray):
    __slots__ = ()


class Bigint(BinaryArray):
    __slots__ = ()


class Integer(BinaryArray):
    __slots__ = ()


class Text(BinaryArray):
    __slots__ = ()


class Uuid(BinaryArray):
    __slots__ = ()


class _ArrayDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: BinaryArray) -> Buffer:
        return obj.wire


class _ByteaDumper(_ArrayDumper):
    oid = 1001


class _BigintDumper(_ArrayDumper):
    oid = 1016


class _IntegerDumper(_ArrayDumper):
    oid = 1007


class _TextDumper(_ArrayDumper):
    oid = 1009


class _UuidDumper(_ArrayDumper):
    oid = 2951


def register(connection: psycopg.AsyncConnection[Any]) -> None:
    """Teaches the connection to send what `parameters` makes."""
    for array, dumper in (
        (Bytea, _ByteaDumper),
        (Bigint, _BigintDumper),
        (Integer, _IntegerDumper),
        (Text, _TextDumper),
        (Uuid, _UuidDumper),
    ):
        connection.adapters.register_dumper(array, dumper)


def parameters(appends: Sequence[Append], *, notify: bool) -> tuple[object, ...]:
    """What APPEND takes for these appends, in this order."""
    events = [event for append in appends for event in append.events]
    commands: list[bytes] = []
    finished: list[int] = []
    for append in appends:
        commands += [append.command_id.bytes] * len(append.events)
        finished.append(len(commands))
    references = any(event.reference is not None for event in events)
    numbered = [(place, event) for place, event in enumerate(events, 1) if event.book is not None]
    identities = [identity for append in appends for identity in append.identities]
    return (
        _uuids([event.stream.bytes for event in events]),
        _bigints([event.version for event in events]),
        Text(_array(_TEXT, [_topic(event.topic) for event in events])),
        _byteas([event.state for event in events]),
        _uuids(commands),
        _texts([event.reference for event in events]) if references else _NO_TEXTS,
        _integers([place for place, _ in numbered]) if numbered else _NO_INTEGERS,
        _texts([event.book for _, event in numbered]) if numbered else _NO_TEXTS,
        _integers([event.year or 0 for _, event in numbered]) if numbered else _NO_INTEGERS,
        _integers(finished),
        _byteas([append.request_digest for append in appends]),
        _uuids([identity.petitioner_ref.bytes for identity in identities]) if identities else _NO_UUIDS,
        _uuids([identity.petition_id.bytes for identity in identities]) if identities else _NO_UUIDS,
        _byteas([identity.sealed for identity in identities]) if identities else _NO_BYTEAS,
        _byteas([identity.wrapped_key for identity in identities]) if identities else _NO_BYTEAS,
        notify,
    )


def _array(element: int, items: Sequence[bytes], *, nulls: bool = False) -> bytes:
    """`items`, each behind its length."""
    return _HEADER(1, nulls, element, len(items), 1) + b"".join(items)


def _uuids(values: Iterable[bytes]) -> Uuid:
    return Uuid(_array(_UUID, [b"\0\0\0\x10" + value for value in values]))


def _bigints(values: Sequence[int]) -> Bigint:
    return Bigint(_array(_BIGINT, [struct.pack("!iq", 8, value) for value in values]))


def _integers(values: Sequence[int]) -> Integer:
    return Integer(_array(_INTEGER, [struct.pack("!ii", 4, value) for value in values]))


def _byteas(values: Iterable[bytes]) -> Bytea:
    return Bytea(_array(_BYTEA, [_LENGTH(len(value)) + value for value in values]))


def _texts(values: Iterable[str | None]) -> Text:
    items = [_NULL if value is None else _text(value) for value in values]
    return Text(_array(_TEXT, items, nulls=_NULL in items))


def _text(value: str) -> bytes:
    encoded = value.encode()
    return _LENGTH(len(encoded)) + encoded


# There are a few dozen topics, and every event has one.
_topic = lru_cache(maxsize=1024)(_text)

_EMPTY = struct.Struct("!III").pack
_NO_BYTEAS = Bytea(_EMPTY(0, 0, _BYTEA))
_NO_INTEGERS = Integer(_EMPTY(0, 0, _INTEGER))
_NO_TEXTS = Text(_EMPTY(0, 0, _TEXT))
_NO_UUIDS = Uuid(_EMPTY(0, 0, _UUID))
