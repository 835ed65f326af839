"""Encodes and decodes the cursors of pages (keyset pagination): the key of the last row of a page, as opaque text.

A cursor that a client holds must stay valid, so the three layouts of keys below never change.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import date
from typing import NamedTuple, TypeVar
from uuid import UUID

from service.api.problem_details import invalid_parameter

_Key = TypeVar("_Key")


class PageKey(NamedTuple):
    """Names the last row of a page: a day, a number within the day (0 in the layout without it), and ids."""

    day: date
    nth: int
    ids: list[UUID]


def encode_cursor(day: date, *ids: UUID, nth: int | None = None) -> str:
    """Return the cursor for a row with this key: 4 bytes for the day, 4 for `nth` unless it is None, 16 for each id."""
    number = b"" if nth is None else nth.to_bytes(4)
    return _encode(day.toordinal().to_bytes(4) + number + b"".join(one.bytes for one in ids))


def decode_cursor(cursor: str, *, ids: int, has_nth: bool) -> PageKey:
    """Return the key from which `encode_cursor` made the cursor.

    Raise Problem invalid for a cursor of another layout.
    """

    def parse(raw: bytes) -> PageKey:
        head = 8 if has_nth else 4
        if len(raw) != head + 16 * ids:
            raise ValueError
        found = [UUID(bytes=raw[at : at + 16]) for at in range(head, len(raw), 16)]
        return PageKey(date.fromordinal(int.from_bytes(raw[:4])), int.from_bytes(raw[4:head]), found)

    return _decode(cursor, parse)


def encode_alert_cursor(day: date, petition_id: UUID, key: str) -> str:
    """Return the cursor for an alert: day, petition and key of the alert, as text separated by spaces."""
    return _encode(f"{day} {petition_id} {key}".encode())


def decode_alert_cursor(cursor: str) -> tuple[date, UUID, str]:
    """Return the day, the petition and the key of the alert. Raise Problem invalid for any other cursor."""

    def parse(raw: bytes) -> tuple[date, UUID, str]:
        day, petition_id, key = raw.decode().split(" ", 2)
        if "\0" in key:
            raise ValueError(key)
        return date.fromisoformat(day), UUID(petition_id), key

    return _decode(cursor, parse)


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(cursor: str, parse: Callable[[bytes], _Key]) -> _Key:
    try:
        return parse(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, OverflowError, binascii.Error):
        raise invalid_parameter("cursor", "this is not the cursor of a page") from None
