"""Defines the leaves that are not events: what came into the vault, who read it, and the last event of every stream."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from service.transparency.offline_verifier import netstring


class LeafKind(StrEnum):
    """Names a kind of leaf. A stored word is never renamed."""

    IDENTITIES = "identities"
    READS = "reads"
    HEADS = "heads"


class ListedRow(NamedTuple):
    """Holds a row that a leaf lists: what names it, and the SHA-256 of all its columns."""

    key: str
    digest: bytes


def list_data(kind: LeafKind, rows: Iterable[ListedRow]) -> bytes:
    """Return the data of a leaf that lists rows."""
    fields = (part for row in rows for part in (row.key.encode(), row.digest))
    return f"kiennghi/{kind}/1\n".encode() + b"".join(map(netstring, fields))


def listed_rows(data: bytes) -> list[ListedRow]:
    """Return the rows that a leaf lists. Raise ValueError for data that `list_data` has not made."""
    fields = netstrings_in(data.partition(b"\n")[2])
    return [ListedRow(key.decode(), digest) for key, digest in zip(fields[::2], fields[1::2], strict=True)]


def netstrings_in(rest: bytes) -> list[bytes]:
    """Return the fields of a leaf. Raise ValueError where they are no netstrings."""
    fields = list[bytes]()
    while rest:
        length, _, rest = rest.partition(b":")
        end = int(length)
        fields.append(rest[:end])
        if rest[end : end + 1] != b",":
            raise ValueError("a list in the tree is malformed")
        rest = rest[end + 1 :]
    return fields


def row_digest(columns: Sequence[object]) -> bytes:
    """Return the SHA-256 of all columns of a row, as text or bytes; a missing value is none of both."""
    return sha256(b"".join(netstring(_as_bytes(column)) for column in columns)).digest()


def _as_bytes(column: object) -> bytes | None:
    if column is None or isinstance(column, bytes):
        return column
    return (column.hex if isinstance(column, UUID) else str(column)).encode()
