"""Encodes and decodes the cursors of pages (keyset pagination): the key of the last row of a page, as opaque text.

A key is a named tuple of days, ids, numbers and texts, and its text is base64 of MessagePack. A cursor that a client
holds must stay valid: the fields of a key keep their order and types.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, TypeVar

import msgspec

from service.api.problem_details import invalid_parameter

_Key = TypeVar("_Key", bound=tuple[Any, ...])
_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")


def encode_cursor(key: tuple[Any, ...] | None) -> str | None:
    """Return the cursor for the page after the row with this key; None where no page follows."""
    return None if key is None else urlsafe_b64encode(_encoder.encode(key)).decode().rstrip("=")


def decode_cursor(cursor: str | None, kind: type[_Key]) -> _Key | None:
    """Return the key from which `encode_cursor` made the cursor; None where the first page is asked for.

    Raise Problem invalid for a text that is no cursor of this kind of key.
    """
    if cursor is None:
        return None
    try:
        key: _Key = msgspec.msgpack.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=kind)
        if any(isinstance(part, str) and "\0" in part for part in key):
            raise ValueError(cursor)  # no text of the database has this character
    except (ValueError, msgspec.MsgspecError):
        raise invalid_parameter("cursor", "this is not the cursor of a page") from None
    return key
