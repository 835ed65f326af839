"""Verifies the whole log against its tree and against every checkpoint, and names the first position that is wrong.

The leaves are computed anew from the stored rows. A row that is otherwise than it was sealed shows against the stored
tree; a tree that was rebuilt with it shows against what was signed, in the database or kept elsewhere.
"""

from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from psycopg import AsyncConnection

from service.transparency.discrepancies import Discrepancy, DiscrepancyCode
from service.transparency.log_leaves import SELECT_LEAF_ROWS, LeafRow, LogWords, leaf_of_row
from service.transparency.merkle_tree import TILE_HASHES, GrowingTree, TileKey
from service.transparency.offline_verifier import (
    HASH_BYTES,
    NO_EVENT_BEFORE,
    NotVerified,
    PublicKey,
    SignedTree,
    leaf_hash,
    open_checkpoint,
)
from service.transparency.tree_store import TreeHead, read_notes, read_tiles, read_tree_head
from service.transparency.vault_verification import verify_vault

ROWS_VERIFIED_AT_ONCE = 5_000
"""Number of rows of the log that are read at once."""

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class VerifiedLog:
    """Holds what was verified: the events of the log, those in the tree, and how many checkpoints agree with them.

    Without discrepancies the log is as it was signed up to `proven`, the last position of a checkpoint that agrees.
    """

    events: int
    sealed: TreeHead
    proven: int = 0
    checkpoints: int = 0
    discrepancies: list[Discrepancy] = field(default_factory=list)


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


async def verify_log(
    connection: AsyncConnection[Any],
    keys: Sequence[PublicKey],
    kept: Sequence[str] = (),
    *,
    progress: Progress = lambda _done, _total: None,
) -> VerifiedLog:
    """Verify the log in one snapshot. `keys` are those of the log and its witnesses, `kept` notes from elsewhere."""
    async with connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        await connection.execute("SET LOCAL statement_timeout = 0")
        return await verify_snapshot(connection, keys, kept, progress=progress)


async def verify_snapshot(
    connection: AsyncConnection[Any],
    keys: Sequence[PublicKey],
    kept: Sequence[str] = (),
    *,
    progress: Progress = lambda _done, _total: None,
) -> VerifiedLog:
    """Verify the log as the transaction of the caller sees it."""
    cursor = await connection.execute(
        "SELECT h.position, h.log_id::text, h.position = 0 OR l.recorded_at IS NOT DISTINCT FROM h.recorded_at"
        " FROM kiennghi.log_head AS h LEFT JOIN kiennghi.log AS l ON l.position = h.position"
    )
    head, log_id, is_dated = (await cursor.fetchall())[0]
    found = VerifiedLog(head, await read_tree_head(connection))
    signed = [
        *_open_notes(await read_notes(connection), keys, log_id, found, is_kept=False),
        *_open_notes(kept, keys, log_id, found, is_kept=True),
    ]
    await _Walk(connection, found, signed, progress).run()
    if not is_dated and not found.discrepancies:
        found.discrepancies.append(Discrepancy(DiscrepancyCode.HEAD, head))
    found.discrepancies += await verify_vault(connection, found.sealed.position)
    return found


def _open_notes(
    notes: Sequence[str], keys: Sequence[PublicKey], log_id: str, found: VerifiedLog, *, is_kept: bool
) -> list[ComparedCheckpoint]:
    """Return the checkpoints of these notes; those that are not this log's become discrepancies."""
    opened = []
    names = {key.name for key in keys}
    for note in notes:
        try:
            checkpoint = open_checkpoint(note, keys)
        except NotVerified as wrong:
            found.discrepancies.append(Discrepancy(DiscrepancyCode.CHECKPOINT, detail=str(wrong)))
            continue
        if checkpoint.origin not in names or checkpoint.line("log") not in (log_id, None):
            found.discrepancies.append(Discrepancy(DiscrepancyCode.OTHER_LOG, detail=checkpoint.origin))
            continue
        opened.append(ComparedCheckpoint(checkpoint, is_kept))
    return opened


class _OtherLeaf(NamedTuple):
    leaf: int
    after_position: int
    hash: bytes


class _Walk:
    """Goes once over the log, beside the stored tree, and stops at each size that was signed."""

    def __init__(
        self,
        connection: AsyncConnection[Any],
        found: VerifiedLog,
        signed: Sequence[ComparedCheckpoint],
        progress: Progress,
    ) -> None:
        self._connection, self._found, self._progress = connection, found, progress
        self._signed = sorted(signed, key=lambda one: one.checkpoint.size)
        self._agreeing: list[ComparedCheckpoint] = []
        self._disagreeing: list[ComparedCheckpoint] = []
        self._tree = GrowingTree()
        self._upper_tiles: dict[TileKey, bytes] = {}
        self._size = 0
        """Number of leaves that were taken: of the tree, and of those that wait."""
        self._next_signed = -1
        """The next size that was signed."""
        self._waiting: list[bytes] = []
        self._uncompared: list[bytes] = []
        """Leaves of the tree that were not compared with the stored ones yet."""
        self._others: list[_OtherLeaf] = []
        self._next_other = 0
        self._first_difference: int | None = None
        """Number of the first leaf that differs from the stored tree."""
        self._stopped: Discrepancy | None = None
        """What ends the walk: from here on no position is where it was."""

    async def run(self) -> None:
        """Walk, and add what was found to the result."""
        cursor = await self._connection.execute(
            "SELECT leaf, after_position, data FROM kiennghi_proof.other_leaves ORDER BY leaf", binary=True
        )
        self._others = [_OtherLeaf(leaf, after, leaf_hash(data)) for leaf, after, data in await cursor.fetchall()]
        self._compare_signed()  # an empty tree may have been signed
        await self._walk_sealed()
        await self._compare_stored()
        if self._stopped is None:
            await self._walk_unsealed()
        await self._compare_upper_tiles()
        self._conclude()

    # -- the rows

    async def _walk_sealed(self) -> None:
        words = await LogWords.read(self._connection)
        last: dict[bytes, bytes] = {}
        expected, end = 1, self._found.sealed.position
        async for rows in self._pages(end):
            for row in rows:
                if row[0] != expected:
                    code = DiscrepancyCode.MISSING if row[0] > expected else DiscrepancyCode.DOUBLED
                    self._stopped = Discrepancy(code, max(min(expected, row[0]), 1))
                    return
                leaf = last[row[2]] = leaf_of_row(row, words, last.get(row[2], NO_EVENT_BEFORE))
                if words.strangers and (row[4], row[5]) in words.strangers:
                    self._found.discrepancies.append(Discrepancy(DiscrepancyCode.CHANGED, expected))
                if self._next_other < len(self._others):
                    self._take_others_before(expected)
                self._take(leaf)
                expected += 1
            await self._compare_stored()
            self._progress(expected - 1, self._found.events)
        if expected <= end:
            self._stopped = Discrepancy(DiscrepancyCode.MISSING, expected)
        else:
            self._take_others_before(end + 1)

    async def _walk_unsealed(self) -> None:
        """See that what is not sealed yet is at least whole: no gap up to the head, and nothing after it."""
        expected, head = self._found.sealed.position + 1, self._found.events
        cursor = await self._connection.execute(
            "SELECT position FROM kiennghi.log WHERE position >= %s ORDER BY position", [expected]
        )
        for (position,) in await cursor.fetchall():
            if position > head:
                self._stopped = Discrepancy(DiscrepancyCode.NOT_APPENDED, position)
                return
            if position != expected:
                break
            expected += 1
        if expected <= head:
            self._stopped = Discrepancy(DiscrepancyCode.MISSING, expected)

    async def _pages(self, end: int) -> AsyncIterator[list[LeafRow]]:
        """Give the rows up to `end` in order of position, also those below the first position that there can be."""
        async with self._connection.cursor(name="verified_rows") as cursor:
            await cursor.execute(SELECT_LEAF_ROWS + " WHERE l.position <= %s ORDER BY l.position", [end], binary=True)
            while rows := await cursor.fetchmany(ROWS_VERIFIED_AT_ONCE):
                yield cast("list[LeafRow]", rows)

    # -- the tree

    def _take_others_before(self, position: int) -> None:
        """Take the leaves that stand before the event at this position and are not events."""
        while self._next_other < len(self._others) and self._others[self._next_other].after_position < position:
            other = self._others[self._next_other]
            if other.leaf != self._size and self._first_difference is None:
                self._first_difference = min(other.leaf, self._size)
            self._take(other.hash)
            self._next_other += 1

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
        for signed in self._signed[len(self._agreeing) + len(self._disagreeing) :]:
            self._next_signed = signed.checkpoint.size
            if signed.checkpoint.size != self._tree.size:
                return
            root = root or self._tree.root()
            (self._agreeing if signed.checkpoint.root == root else self._disagreeing).append(signed)

    async def _compare_stored(self) -> None:
        """Compare the leaves that were computed since the last time with the stored ones."""
        self._grow()
        leaves, self._uncompared = self._uncompared, []
        if not leaves or self._first_difference is not None:
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
                self._first_difference = place
                return

    async def _compare_upper_tiles(self) -> None:
        """See that the stored hashes above the leaves are those of the computed tree, where the leaves agree."""
        if self._first_difference is not None or self._stopped is not None:
            return
        stored = await read_tiles(self._connection, list(self._upper_tiles))
        wrong = [key for key, hashes in self._upper_tiles.items() if stored.get(key, b"")[: len(hashes)] != hashes]
        if wrong:
            self._first_difference = min(key.number * TILE_HASHES ** (key.level + 1) for key in wrong)

    # -- what it means

    def _conclude(self) -> None:
        found, place = self._found, self._first_difference
        found.checkpoints = len(self._agreeing)
        found.proven = max((self._events_before(one.checkpoint.size) for one in self._agreeing), default=0)
        is_log_wrong = False
        if place is not None:
            is_tree_wrong = any(one.checkpoint.size > place for one in self._agreeing) or self._is_other(place)
            is_log_wrong = not is_tree_wrong
            position = max(self._events_before(place) + (not self._is_other(place)), 1)
            found.discrepancies.append(
                Discrepancy(DiscrepancyCode.TREE if is_tree_wrong else DiscrepancyCode.CHANGED, position)
            )
        if self._stopped is not None:
            found.discrepancies.append(self._stopped)
            is_log_wrong = True
        for signed in self._disagreeing:
            if not is_log_wrong or place is None or signed.checkpoint.size <= place:
                found.discrepancies.append(self._not_as_signed(signed))
                is_log_wrong = True
                break
        compared = len(self._agreeing) + len(self._disagreeing)
        if not is_log_wrong and compared < len(self._signed):
            last, signed = found.sealed.position + 1, self._signed[-1]
            found.discrepancies.append(
                Discrepancy(DiscrepancyCode.ROLLED_BACK, min(self._agreed_before(signed) + 1, last), last, str(signed))
            )

    def _not_as_signed(self, signed: ComparedCheckpoint) -> Discrepancy:
        """Return where the log is not what was signed: after what was signed before and is in the tree still."""
        last = max(self._events_before(signed.checkpoint.size), 1)
        return Discrepancy(DiscrepancyCode.NOT_AS_SIGNED, min(self._agreed_before(signed) + 1, last), last, str(signed))

    def _agreed_before(self, signed: ComparedCheckpoint) -> int:
        """Return the last position of the largest smaller checkpoint that agrees and was not signed after this one.

        What a log that was rolled back has signed since says nothing about where it was rolled back to.
        """
        before = [one for one in self._agreeing if one.signed_at <= signed.signed_at]
        sizes = [one.checkpoint.size for one in before if one.checkpoint.size < signed.checkpoint.size]
        return self._events_before(max(sizes, default=0))

    def _is_other(self, place: int) -> bool:
        index = bisect_left(self._others, place, key=lambda other: other.leaf)
        return index < len(self._others) and self._others[index].leaf == place

    def _events_before(self, place: int) -> int:
        """Return the number of events among the leaves before this one: the last position of them."""
        return place - bisect_left(self._others, place, key=lambda other: other.leaf)
