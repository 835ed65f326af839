"""Grows a Merkle tree by batches and makes its proofs, from tiles of 256 hashes as C2SP tlog-tiles lays them out.

A tile of level 0 holds hashes of leaves, one of level L the hashes of whole subtrees of 256**L leaves. Only whole
subtrees are kept; the right edge is what the incomplete tiles hold. Nothing here knows a database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from service.transparency.offline_verifier import HASH_BYTES, node_hash, tree_root

TILE_HASHES = 256
_LEVEL_BITS = 8


class Tile(NamedTuple):
    """Holds the hashes of one tile, one after the other: whole, or as far as it goes."""

    level: int
    number: int
    hashes: bytes


class TileKey(NamedTuple):
    """Names a tile."""

    level: int
    number: int


class GrowingTree:
    """Holds the right edge of a tree: its size, and the hashes of the incomplete tile of each level."""

    def __init__(self, size: int = 0, edge: Iterable[Sequence[bytes]] = ()) -> None:
        self.size = size
        self._edge = [list(hashes) for hashes in edge]

    def append(self, leaves: Sequence[bytes]) -> list[Tile]:
        """Append leaves and return the tiles that have changed, the incomplete ones as far as they go."""
        changed: list[Tile] = []
        arriving: Sequence[bytes] = leaves
        level, count = 0, self.size
        self.size += len(leaves)
        while arriving:
            if level == len(self._edge):
                self._edge.append([])
            hashes, number = [*self._edge[level], *arriving], count // TILE_HASHES
            arriving = []
            while len(hashes) >= TILE_HASHES:
                whole, hashes = hashes[:TILE_HASHES], hashes[TILE_HASHES:]
                changed.append(Tile(level, number, b"".join(whole)))
                arriving.append(tree_root(whole))
                number += 1
            self._edge[level] = hashes
            if hashes:
                changed.append(Tile(level, number, b"".join(hashes)))
            level, count = level + 1, count // TILE_HASHES
        return changed

    def root(self) -> bytes:
        """Return the root of the tree."""
        below: list[bytes] = []
        for hashes in self._edge:
            if row := [*hashes, *below]:
                below = [tree_root(row)]
        return below[0] if below else tree_root([])


def edge_tiles(size: int) -> list[TileKey]:
    """Return the incomplete tiles of a tree, one of each level; a level whose tiles are all complete has none."""
    found, level = [], 0
    while count := size >> (_LEVEL_BITS * level):
        if count % TILE_HASHES:
            found.append(TileKey(level, count // TILE_HASHES))
        level += 1
    return found


def grown_tree(size: int, tiles: Mapping[TileKey, bytes]) -> GrowingTree:
    """Return the tree of this size from its incomplete tiles. Raise KeyError or ValueError if some are missing."""
    edge, level = [], 0
    while count := size >> (_LEVEL_BITS * level):
        width = count % TILE_HASHES
        hashes = tiles[TileKey(level, count // TILE_HASHES)][: width * HASH_BYTES] if width else b""
        if len(hashes) != width * HASH_BYTES:
            raise ValueError(f"the tile {count // TILE_HASHES} of level {level} is shorter than the tree")
        edge.append([hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)])
        level += 1
    return GrowingTree(size, edge)


# -- proofs


class Span(NamedTuple):
    """Names the leaves from `first` on and before `end`."""

    first: int
    end: int


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Return the subtrees whose hashes prove that a leaf is in a tree of this size, from the leaf up."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no leaf {index}")
    spans, first, end = [], 0, size
    while end - first > 1:
        middle = first + _left_size(end - first)
        if index < middle:
            spans.append(Span(middle, end))
            end = middle
        else:
            spans.append(Span(first, middle))
            first = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """Return the subtrees whose hashes prove that the tree of `new` leaves begins with that of `old`."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} does not begin with one of {old}")

    def below(left: int, first: int, end: int, *, is_whole: bool) -> list[Span]:
        if left == end - first:
            return [] if is_whole else [Span(first, end)]
        middle = first + _left_size(end - first)
        if first + left <= middle:
            return [*below(left, first, middle, is_whole=is_whole), Span(middle, end)]
        return [*below(left - (middle - first), middle, end, is_whole=False), Span(first, middle)]

    return below(old, 0, new, is_whole=True)


def tiles_of(spans: Iterable[Span]) -> set[TileKey]:
    """Return the tiles from which the hashes of the spans follow."""
    return {key for span in spans for key, _, _ in _blocks(span)}


def span_hash(span: Span, tiles: Mapping[TileKey, bytes]) -> bytes:
    """Return the hash of the subtree over a span, which RFC 6962 splits into whole subtrees from the left."""
    parts = []
    for key, at, width in _blocks(span):
        hashes = tiles[key][at * HASH_BYTES : (at + width) * HASH_BYTES]
        if len(hashes) != width * HASH_BYTES:
            raise ValueError(f"the tile {key.number} of level {key.level} is shorter than the tree")
        parts.append(tree_root([hashes[n : n + HASH_BYTES] for n in range(0, len(hashes), HASH_BYTES)]))
    found = parts.pop()
    while parts:
        found = node_hash(parts.pop(), found)
    return found


def _left_size(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def _blocks(span: Span) -> Iterator[tuple[TileKey, int, int]]:
    """Give each whole subtree of a span: its tile, where in it its hashes begin, and how many they are."""
    first = span.first
    while left := span.end - first:
        height = left.bit_length() - 1
        level, spread = divmod(height, _LEVEL_BITS)
        number, at = divmod((first >> height) << spread, TILE_HASHES)
        yield TileKey(level, number), at, 1 << spread
        first += 1 << height
