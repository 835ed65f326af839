"""Lists the last event of every stream, and proves that a stream's events were not cut at their end.

The root of the list is a leaf of the tree, once a day. A list follows from the log up to its position, so only its root
is kept.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, LiteralString, NamedTuple

from psycopg import AsyncConnection

from service.transparency.merkle_tree import GrowingTree, inclusion_spans
from service.transparency.offline_verifier import head_leaf, heads_data, tree_root
from service.transparency.other_leaves import LeafKind, netstrings_in
from service.transparency.tree_store import LeafNumbering, read_leaves

HEADS_AT_ONCE = 400
"""Number of streams that are read and hashed at once."""

_HEADS: LiteralString = """
    SELECT DISTINCT ON (l.stream) uuid_send(l.stream), l.version, l.position FROM kiennghi.log AS l
    WHERE l.position <= %s ORDER BY l.stream, l.version DESC
"""
_LAST_HEADS: LiteralString = """
    SELECT leaf, data FROM kiennghi_proof.other_leaves WHERE kind = %s AND leaf < %s ORDER BY leaf DESC LIMIT 1
"""


class HeadsList(NamedTuple):
    """Holds what a leaf says of a list of heads: its day, the last position, the number of streams, the root."""

    day: str
    position: int
    streams: int
    root: bytes

    @classmethod
    def parse(cls, data: bytes) -> "HeadsList":
        """Return what the data of a leaf says. Raise ValueError for data that no list of heads has."""
        day, position, streams, root = netstrings_in(data.partition(b"\n")[2])
        return cls(day.decode(), int(position), int(streams), root)

    @property
    def data(self) -> bytes:
        """Return the data of the leaf."""
        return heads_data(*self)


class ProvenEnd(NamedTuple):
    """Holds a list of heads with the number of its leaf, and the way from a stream's entry to its root."""

    heads: HeadsList
    leaf: int
    entry: int
    path: list[bytes]


def root_of_ends(ends: Mapping[bytes, tuple[int, bytes]]) -> bytes:
    """Return the root of the list of heads of these streams, each with the version and the leaf of its last event."""
    return tree_root([head_leaf(stream, *ends[stream]) for stream in sorted(ends)])


async def read_last_heads(
    connection: AsyncConnection[Any], before_leaf: int = 2**62
) -> tuple[int, HeadsList] | tuple[None, None]:
    """Return number and content of the last leaf with heads before this one, twice None if there is none.

    Raise ValueError for a leaf that was not made here.
    """
    cursor = await connection.execute(_LAST_HEADS, [LeafKind.HEADS, before_leaf], binary=True)
    row = await cursor.fetchone()
    return (None, None) if row is None else (row[0], HeadsList.parse(row[1]))


async def list_heads(connection: AsyncConnection[Any], numbering: LeafNumbering, day: str, position: int) -> HeadsList:
    """Return the list of the heads of the log up to a position, as it is sealed. Raise KeyError for a missing tile."""
    tree = GrowingTree()
    async for page in _entries(connection, numbering, position):
        tree.append([entry for _, entry in page])
    return HeadsList(day, position, tree.size, tree.root())


async def prove_end(
    connection: AsyncConnection[Any], numbering: LeafNumbering, stream: bytes, signed_leaves: int
) -> ProvenEnd | None:
    """Return the proof of the last event that a stream had when its end was last signed; None if it had none then."""
    leaf, heads = await read_last_heads(connection, signed_leaves)
    if leaf is None or heads is None:
        return None
    entries, place = list[bytes](), None
    async for page in _entries(connection, numbering, heads.position):
        for one, entry in page:
            if one == stream:
                place = len(entries)
            entries.append(entry)
    if place is None:
        return None
    path = [tree_root(entries[first:end]) for first, end in inclusion_spans(place, len(entries))]
    return ProvenEnd(heads, leaf, place, path)


async def _entries(
    connection: AsyncConnection[Any], numbering: LeafNumbering, position: int
) -> AsyncIterator[list[tuple[bytes, bytes]]]:
    """Give stream and entry of each head, by pages in the order of the streams' ids."""
    async with connection.cursor(name="heads") as cursor:
        await cursor.execute(_HEADS, [position], binary=True)
        while rows := await cursor.fetchmany(HEADS_AT_ONCE):
            leaves = await read_leaves(connection, [numbering.leaf_of(last) for _, _, last in rows])
            yield [
                (stream, head_leaf(stream, version, leaves[numbering.leaf_of(last)])) for stream, version, last in rows
            ]
