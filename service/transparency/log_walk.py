"""Goes once over the log beside its stored tree, and finds where both part, and with which checkpoints they agree.

The leaves are computed anew from the stored rows. A row that is otherwise than it was sealed shows against the stored
tree; a tree that was rebuilt with it shows against what was signed, in the database or kept elsewhere.
"""

from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from psycopg import AsyncConnection

from service.transparency.discrepancies import Discrepancy, DiscrepancyCode
from service.transparency.heads import HeadsList, root_of_ends
from service.transparency.log_leaves import SELECT_LEAF_ROWS, LeafRow, LogWords, leaf_of_row
from service.transparency.merkle_tree import TILE_HASHES, GrowingTree, TileKey
from service.transparency.offline_verifier import HASH_BYTES, NO_EVENT_BEFORE, SignedTree, leaf_hash
from service.transparency.other_leaves import LeafKind
from service.transparency.tree_store import TreeHead, read_tiles

ROWS_VERIFIED_AT_ONCE = 5_000
"""Number of rows of the log that are read at once."""

Progress = Callable[[int, int], None]


class ComparedCheckpoint(NamedTuple):
    """Holds a checkpoint that the tree must agree with, and where it was found."""

    checkpoint: SignedTree
    is_kept: bool

    @property
    def signed_at(self) -> str:
        """Return when it was signed, in UTC; nothing if it does not say so."""
        return self.checkpoint.line("at") or ""

    def __str__(self) -> str:
        where = "kept" if self.is_kept else "in the database"
        return f"checkpoint {self.checkpoint.size} {where}"


class StoredLeaf(NamedTuple):
    """Holds a leaf that is not an event: its number, the position after which it stands, its kind, data and hash."""

    leaf: int
    after_position: int
    kind: str
    data: bytes
    hash: bytes


@dataclass(slots=True)
class WalkedLog:
    """Holds what the walk has seen.

    `first_difference` is the number of the first leaf that differs from the stored tree, and `stopped` ends the walk:
    from there on no position is where it was. `strangers` are positions whose kind of history and of event do not
    belong together, `wrong_heads` the lists of last events that do not follow from the log.
    """

    agreeing: list[ComparedCheckpoint] = field(default_factory=list)
    disagreeing: list[ComparedCheckpoint] = field(default_factory=list)
    others: list[StoredLeaf] = field(default_factory=list)
    first_difference: int | None = None
    stopped: Discrepancy | None = None
    strangers: list[int] = field(default_factory=list)
    wrong_heads: list[StoredLeaf] = field(default_factory=list)

    def is_other(self, place: int) -> bool:
        """Return whether the leaf of this number is not an event."""
        index = bisect_left(self.others, place, key=lambda other: other.leaf)
        return index < len(self.others) and self.others[index].leaf == place

    def events_before(self, place: int) -> int:
        """Return the number of events among the leaves before this one: the last position of them."""
        return place - bisect_left(self.others, place, key=lambda other: other.leaf)


async def walk_log(
    connection: AsyncConnection[Any],
    sealed: TreeHead,
    events: int,
    signed: Sequence[ComparedCheckpoint],
    progress: Progress,
) -> WalkedLog:
    """Walk over a log of that many events, sealed so far, and stop at each size that was signed."""
    walk = _Walk(connection, sealed, events, signed, progress)
    return await walk.run()


class _Walk:
    def __init__(
        self,
        connection: AsyncConnection[Any],
        sealed: TreeHead,
        events: int,
        signed: Sequence[ComparedCheckpoint],
        progress: Progress,
    ) -> None:
        self._connection, self._progress = connection, progress
        self._sealed, self._events = sealed, events
        self._signed = sorted(signed, key=lambda one: one.checkpoint.size)
        self._result = WalkedLog()
        self._ends: dict[bytes, tuple[int, bytes]] = {}
        """Version and leaf of the last event of each stream so far."""
        self._tree = GrowingTree()
        self._upper_tiles: dict[TileKey, bytes] = {}
        self._size = 0
        """Number of leaves that were taken: of the tree, and of those that wait."""
        self._next_signed = -1
        """The next size that was signed."""
        self._waiting: list[bytes] = []
        self._uncompared: list[bytes] = []
        """Leaves of the tree that were not compared with the stored ones yet."""
        self._next_other = 0
        self._last_heads = -1
        """Number of the last leaf with a list of last events."""

    async def run(self) -> WalkedLog:
        cursor = await self._connection.execute(
            "SELECT leaf, after_position, kind, data FROM kiennghi_proof.other_leaves ORDER BY leaf", binary=True
        )
        self._result.others = [
            StoredLeaf(leaf, after, kind, data, leaf_hash(data)) for leaf, after, kind, data in await cursor.fetchall()
        ]
        self._last_heads = max((one.leaf for one in self._result.others if one.kind == LeafKind.HEADS), default=-1)
        self._compare_signed()  # an empty tree may have been signed
        await self._walk_sealed()
        await self._compare_stored()
        if self._result.stopped is None:
            await self._walk_unsealed()
        await self._compare_upper_tiles()
        return self._result

    # -- the rows

    async def _walk_sealed(self) -> None:
        words = await LogWords.read(self._connection)
        ends, no_end = self._ends, (0, NO_EVENT_BEFORE)
        expected, end = 1, self._sealed.position
        async for rows in self._pages(end):
            for row in rows:
                if row[0] != expected:
                    code = DiscrepancyCode.MISSING if row[0] > expected else DiscrepancyCode.DOUBLED
                    self._result.stopped = Discrepancy(code, max(min(expected, row[0]), 1))
                    return
                if self._next_other < len(self._result.others):
                    self._take_others_before(expected)
                leaf = leaf_of_row(row, words, ends.get(row[2], no_end)[1])
                ends[row[2]] = (row[3], leaf)
                if words.strangers and (row[4], row[5]) in words.strangers:
                    self._result.strangers.append(expected)
                self._take(leaf)
                expected += 1
            await self._compare_stored()
            self._progress(expected - 1, self._events)
        if expected <= end:
            self._result.stopped = Discrepancy(DiscrepancyCode.MISSING, expected)
        else:
            self._take_others_before(end + 1)

    async def _walk_unsealed(self) -> None:
        """See that what is not sealed yet is at least whole: no gap up to the head, and nothing after it."""
        expected, head = self._sealed.position + 1, self._events
        cursor = await self._connection.execute(
            "SELECT position FROM kiennghi.log WHERE position >= %s ORDER BY position", [expected]
        )
        for (position,) in await cursor.fetchall():
            if position > head:
                self._result.stopped = Discrepancy(DiscrepancyCode.NOT_APPENDED, position)
                return
            if position != expected:
                break
            expected += 1
        if expected <= head:
            self._result.stopped = Discrepancy(DiscrepancyCode.MISSING, expected)

    async def _pages(self, end: int) -> AsyncIterator[list[LeafRow]]:
        """Give the rows up to `end` in order of position, also those below the first position that there can be."""
        async with self._connection.cursor(name="verified_rows") as cursor:
            await cursor.execute(SELECT_LEAF_ROWS + " WHERE l.position <= %s ORDER BY l.position", [end], binary=True)
            while rows := await cursor.fetchmany(ROWS_VERIFIED_AT_ONCE):
                yield cast("list[LeafRow]", rows)

    # -- the tree

    def _take_others_before(self, position: int) -> None:
        """Take the leaves that stand before the event at this position and are not events."""
        while (
            self._next_other < len(self._result.others)
            and self._result.others[self._next_other].after_position < position
        ):
            other = self._result.others[self._next_other]
            if other.leaf != self._size and self._result.first_difference is None:
                self._result.first_difference = min(other.leaf, self._size)
            if other.kind == LeafKind.HEADS and not self._are_heads(other):
                self._result.wrong_heads.append(other)
            self._take(other.hash)
            self._next_other += 1

    def _are_heads(self, other: StoredLeaf) -> bool:
        """Return whether a list of last events is that of the log so far; of the last list also the root.

        A former root says no more of the log than the last one, and each takes a hash of every stream.
        """
        try:
            heads = HeadsList.parse(other.data)
        except ValueError:
            return False
        return (
            heads.position == other.after_position
            and heads.streams == len(self._ends)
            and (other.leaf != self._last_heads or heads.root == root_of_ends(self._ends))
        )

    def _take(self, leaf: bytes) -> None:
        self._waiting.append(leaf)
        self._size += 1
        if self._size == self._next_signed:
            self._grow()

    def _grow(self) -> None:
        for tile in self._tree.append(self._waiting):
            if tile.level:
                self._upper_tiles[TileKey(tile.level, tile.number)] = tile.hashes
        self._uncompared += self._waiting
        self._waiting = []
        self._compare_signed()

    def _compare_signed(self) -> None:
        """Compare the root with every checkpoint of this size."""
        root = b""
        for signed in self._signed[len(self._result.agreeing) + len(self._result.disagreeing) :]:
            self._next_signed = signed.checkpoint.size
            if signed.checkpoint.size != self._tree.size:
                return
            root = root or self._tree.root()
            (self._result.agreeing if signed.checkpoint.root == root else self._result.disagreeing).append(signed)

    async def _compare_stored(self) -> None:
        """Compare the leaves that were computed since the last time with the stored ones."""
        self._grow()
        leaves, self._uncompared = self._uncompared, []
        if not leaves or self._result.first_difference is not None:
            return
        first = self._size - len(leaves)
        tile = first // TILE_HASHES
        cursor = await self._connection.execute(
            "SELECT number, hashes FROM kiennghi_proof.tiles WHERE level = 0 AND number BETWEEN %s AND %s"
            " ORDER BY number",
            [tile, (self._size - 1) // TILE_HASHES],
            binary=True,
        )
        stored: dict[int, bytes] = dict(await cursor.fetchall())
        at = (first - tile * TILE_HASHES) * HASH_BYTES
        if b"".join(stored.values())[at : at + len(leaves) * HASH_BYTES] == b"".join(leaves):
            return
        for place, leaf in enumerate(leaves, first):
            number, at = divmod(place, TILE_HASHES)
            if stored.get(number, b"")[at * HASH_BYTES : (at + 1) * HASH_BYTES] != leaf:
                self._result.first_difference = place
                return

    async def _compare_upper_tiles(self) -> None:
        """See that the stored hashes above the leaves are those of the computed tree, where the leaves agree."""
        if self._result.first_difference is not None or self._result.stopped is not None:
            return
        stored = await read_tiles(self._connection, list(self._upper_tiles))
        wrong = [key for key, hashes in self._upper_tiles.items() if stored.get(key, b"")[: len(hashes)] != hashes]
        if wrong:
            self._result.first_difference = min(key.number * TILE_HASHES ** (key.level + 1) for key in wrong)
