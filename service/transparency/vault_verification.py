"""Verifies that the vault's ciphertexts and the record of who read them are as the leaves of the tree list them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, LiteralString
from uuid import UUID

from psycopg import AsyncConnection

from service.transparency.discrepancies import Discrepancy, DiscrepancyCode
from service.transparency.other_leaves import LeafKind, listed_rows, row_digest

IDENTITY_COLUMNS: LiteralString = (
    "i.petitioner_ref::text, i.petition_id::text, i.sealed, timestamptz_send(i.created_at)"
)
READ_COLUMNS: LiteralString = (
    "a.access_number::text, a.petitioner_ref::text, a.read_by, a.purpose, timestamptz_send(a.read_at)"
)

_IDENTITIES: LiteralString = f"SELECT {IDENTITY_COLUMNS} FROM kiennghi_vault.identities AS i"  # noqa: S608 - constants
_READS: LiteralString = f"SELECT {READ_COLUMNS} FROM kiennghi_vault.identity_accesses AS a"  # noqa: S608
_KEYS: Mapping[str, Callable[[str], object]] = {LeafKind.IDENTITIES: UUID, LeafKind.READS: int}
"""Reads the key of a row that a leaf lists, by its table. Each function raises ValueError for what is no key."""

_NOT_SEALED_YET: LiteralString = """
    SELECT i.petitioner_ref::text FROM kiennghi.log AS l
    JOIN kiennghi_vault.identities AS i ON i.petition_id = l.stream AND i.created_at = l.recorded_at
    WHERE l.position > %s
"""


async def verify_vault(connection: AsyncConnection[Any], sealed: int) -> list[Discrepancy]:
    """Return what is otherwise in the vault than it was when it was sealed; nothing is decrypted.

    `sealed` is the last position of the log in the tree. An access with a higher number than all that are sealed waits.
    """
    listed = await _read_lists(connection)
    cursor = await connection.execute(_NOT_SEALED_YET, [sealed])
    waiting = {ref for (ref,) in await cursor.fetchall()}
    last_read = max((int(key) for key in listed[LeafKind.READS]), default=0)
    return [
        *_compare(
            DiscrepancyCode.IDENTITY,
            listed[LeafKind.IDENTITIES],
            await _digests(connection, _IDENTITIES),
            waiting.__contains__,
        ),
        *_compare(
            DiscrepancyCode.READ,
            listed[LeafKind.READS],
            await _digests(connection, _READS),
            lambda key: int(key) > last_read,
        ),
    ]


async def _read_lists(connection: AsyncConnection[Any]) -> dict[str, dict[str, tuple[bytes, int]]]:
    """Return digest and position of each row that a leaf lists, by the kind of the leaf and the row's key."""
    cursor = await connection.execute(
        "SELECT kind, data, after_position FROM kiennghi_proof.other_leaves WHERE kind = ANY(%s) ORDER BY leaf",
        [[LeafKind.IDENTITIES, LeafKind.READS]],
        binary=True,
    )
    listed: dict[str, dict[str, tuple[bytes, int]]] = {LeafKind.IDENTITIES: {}, LeafKind.READS: {}}
    for kind, data, position in await cursor.fetchall():
        try:
            rows = listed_rows(data)
            for row in rows:
                _KEYS[kind](row.key)
        except ValueError:
            continue  # no sealer made it: its hash differs from the tree's, which the walk over the log says
        listed[kind] |= {row.key: (row.digest, position) for row in rows}
    return listed


async def _digests(connection: AsyncConnection[Any], query: LiteralString) -> dict[str, bytes]:
    cursor = await connection.execute(query, binary=True)
    return {row[0]: row_digest(row) for row in await cursor.fetchall()}


def _compare(
    code: DiscrepancyCode,
    listed: Mapping[str, tuple[bytes, int]],
    stored: Mapping[str, bytes],
    may_wait: Callable[[str], bool],
) -> Iterator[Discrepancy]:
    for key, (digest, position) in listed.items():
        if key not in stored:
            yield Discrepancy(code, position, detail=f"đã xóa / deleted: {key}")
        elif stored[key] != digest:
            yield Discrepancy(code, position, detail=f"đã bị sửa / changed: {key}")
    for key in stored.keys() - listed.keys():
        if not may_wait(key):
            yield Discrepancy(code, 0, detail=f"chèn trái phép / inserted: {key}")
