"""Reads the tree that the database holds: its size, tiles, leaves that are not events, checkpoints."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from typing import Any, LiteralString, NamedTuple

from psycopg import AsyncConnection

from service.transparency.merkle_tree import (
    TILE_HASHES,
    GrowingTree,
    Span,
    TileKey,
    edge_tiles,
    grown_tree,
    span_hash,
    tiles_of,
)
from service.transparency.offline_verifier import HASH_BYTES

_READ_LEAVES: LiteralString = """
    SELECT k.leaf, substr(t.hashes, k.at, 32)
    FROM unnest(%s::bigint[], %s::bigint[], %s::integer[]) AS k (leaf, tile, at)
    JOIN kiennghi_proof.tiles AS t ON t.level = 0 AND t.number = k.tile
"""
_NOTES: LiteralString = """
    SELECT c.note || coalesce((SELECT string_agg(s.line, '' ORDER BY s.added_at)
        FROM kiennghi_proof.cosignatures AS s WHERE s.size = c.size), '')
    FROM kiennghi_proof.checkpoints AS c
"""
_READ_TREE_HEAD = "SELECT size, position FROM kiennghi_proof.tree_head"
_HOLD_TREE_HEAD = "SELECT size, position FROM kiennghi_proof.tree_head FOR UPDATE"


class TreeHead(NamedTuple):
    """Holds how far the tree goes: its leaves, and the last position of the log that is among them."""

    size: int
    position: int


class LeafNumbering:
    """Says which leaf an event is: its position, moved on by the other leaves that stand before it."""

    def __init__(self, after_positions: Iterable[int] = ()) -> None:
        self._after = list(after_positions)

    @classmethod
    async def read(cls, connection: AsyncConnection[Any]) -> "LeafNumbering":
        """Return the numbering of the whole tree."""
        cursor = await connection.execute("SELECT after_position FROM kiennghi_proof.other_leaves ORDER BY leaf")
        return cls(position for (position,) in await cursor.fetchall())

    def add_other(self, after_position: int) -> None:
        """Take account of a leaf that is not an event, after those of the events up to this position."""
        self._after.append(after_position)

    def leaf_of(self, position: int) -> int:
        """Return the number of the leaf of the event at this position, from 0."""
        return position - 1 + bisect_left(self._after, position)


async def read_tree_head(connection: AsyncConnection[Any], *, hold: bool = False) -> TreeHead:
    """Return the head of the tree; with `hold` nobody else moves it until the transaction ends."""
    cursor = await connection.execute(_HOLD_TREE_HEAD if hold else _READ_TREE_HEAD)
    return TreeHead(*(await cursor.fetchone() or (0, 0)))


async def read_tiles(connection: AsyncConnection[Any], keys: Collection[TileKey]) -> dict[TileKey, bytes]:
    """Return the hashes of these tiles; one that is missing is left out."""
    cursor = await connection.execute(
        "SELECT t.level, t.number, t.hashes FROM unnest(%s::smallint[], %s::bigint[]) AS k (level, number)"
        " JOIN kiennghi_proof.tiles AS t ON t.level = k.level AND t.number = k.number",
        [[key.level for key in keys], [key.number for key in keys]],
        binary=True,
    )
    return {TileKey(level, number): hashes for level, number, hashes in await cursor.fetchall()}


async def read_leaves(connection: AsyncConnection[Any], numbers: Sequence[int]) -> dict[int, bytes]:
    """Return the hashes of these leaves by their numbers; one whose tile is missing is left out."""
    cursor = await connection.execute(
        _READ_LEAVES,
        [
            array_text(numbers),
            array_text(number // TILE_HASHES for number in numbers),
            array_text(number % TILE_HASHES * HASH_BYTES + 1 for number in numbers),
        ],
        binary=True,
    )
    return dict(await cursor.fetchall())


def array_text(values: Iterable[object]) -> str:
    """Return an array of numbers or ids as PostgreSQL reads it, which takes a tenth of what a list of many takes."""
    return f"{{{','.join(map(str, values))}}}"


async def read_tree(connection: AsyncConnection[Any], size: int) -> GrowingTree:
    """Return the tree of this size, to be continued. Raise KeyError or ValueError if tiles are missing."""
    return grown_tree(size, await read_tiles(connection, edge_tiles(size)))


async def read_span_hashes(connection: AsyncConnection[Any], spans: Sequence[Span]) -> list[bytes]:
    """Return the hashes of the subtrees over these spans. Raise KeyError or ValueError if tiles are missing."""
    tiles = await read_tiles(connection, tiles_of(spans))
    return [span_hash(span, tiles) for span in spans]


async def read_notes(connection: AsyncConnection[Any], size: int | None = None) -> list[str]:
    """Return the notes of the checkpoints in the order of their sizes, or those of one size.

    Each has the lines of the witnesses that were added to it.
    """
    cursor = await connection.execute(
        f"{_NOTES} WHERE %s::bigint IS NULL OR c.size = %s ORDER BY c.size, c.signed_at",
        [size, size],
    )
    return [note for (note,) in await cursor.fetchall()]


async def read_last_note(connection: AsyncConnection[Any]) -> str | None:
    """Return the note of the largest checkpoint, with its witnesses; None while nothing is signed."""
    cursor = await connection.execute(f"{_NOTES} ORDER BY c.size DESC, c.signed_at DESC LIMIT 1")
    row = await cursor.fetchone()
    return None if row is None else str(row[0])
