"""Reads what is committed and not in the tree yet, and makes the leaves of it: events, identities, who read them."""

import asyncio
from itertools import islice, starmap
from typing import Any, LiteralString, cast

from psycopg import AsyncConnection

from service.transparency.log_leaves import SELECT_LEAF_ROWS, LeafRow, LogWords, leaf_of_row
from service.transparency.offline_verifier import NO_EVENT_BEFORE
from service.transparency.other_leaves import LeafKind, ListedRow, list_data, listed_rows, row_digest
from service.transparency.tree_store import LeafNumbering, array_text, read_leaves
from service.transparency.vault_verification import IDENTITY_COLUMNS, READ_COLUMNS

STREAMS_IN_MEMORY = 50_000
"""Most streams whose last leaf is kept, some 200 bytes each; of others it is read from the tree."""

READS_IN_MEMORY = 2_000
"""Number of accesses that are known to be in the tree; a lower number that commits late is taken in as long."""

READS_AT_ONCE = 1_000
"""Most accesses that one leaf lists."""

_NEW_IDENTITIES: LiteralString = (
    "SELECT DISTINCT "  # noqa: S608 - constants
    + IDENTITY_COLUMNS
    + " FROM kiennghi.log AS l"
    " JOIN kiennghi_vault.identities AS i ON i.petition_id = l.stream AND i.created_at = l.recorded_at"
    " WHERE l.position > %s AND l.position <= %s ORDER BY 1"
)
_NEW_READS: LiteralString = (
    "SELECT "  # noqa: S608 - constants
    + READ_COLUMNS
    + " FROM kiennghi_vault.identity_accesses AS a"
    " WHERE a.access_number > %s AND a.access_number <> ALL(%s) ORDER BY a.access_number LIMIT %s"
)
_LAST_READS: LiteralString = """
    SELECT data FROM kiennghi_proof.other_leaves WHERE kind = %s ORDER BY leaf DESC LIMIT %s
"""
_LEAVES_BEFORE: LiteralString = """
    SELECT k.place, before.position FROM unnest(%s::uuid[], %s::integer[]) WITH ORDINALITY AS k (stream, version, place)
    JOIN kiennghi.log AS before ON before.stream = k.stream AND before.version = k.version
"""

EVENTS_AT_ONCE = 200
"""Number of events that are hashed before others of this process have their turn: some two milliseconds."""

OtherLeaf = tuple[LeafKind, bytes]
"""Kind and data of a leaf that is not an event."""


class NotSealable(Exception):
    """Is raised when the log or the tree is not as it was sealed: nothing is taken in and nothing signed any more.

    The message says what was found, for operators.
    """


class UnsealedLeaves:
    """Makes the next leaves, and remembers of the tree what they follow."""

    def __init__(self, connection: AsyncConnection[Any], numbering: LeafNumbering) -> None:
        self._connection, self._numbering = connection, numbering
        self._words = LogWords({}, {}, {})
        self._last_leaves: dict[bytes, tuple[int, bytes]] = {}
        self._reads = set[int]()
        self._reads_before = 0

    async def remember(self) -> None:
        """Have in memory which accesses are in the tree."""
        cursor = await self._connection.execute(_LAST_READS, [LeafKind.READS, READS_IN_MEMORY])
        pages = [[int(row.key) for row in listed_rows(data)] for (data,) in await cursor.fetchall()]
        self._remember_reads([number for page in reversed(pages) for number in page])

    # -- events

    async def next_rows(self, after: int, most: int) -> list[LeafRow]:
        """Return the rows after a position. Raise NotSealable where one is missing."""
        cursor = await self._connection.execute(
            SELECT_LEAF_ROWS + " WHERE l.position > %s ORDER BY l.position LIMIT %s", [after, most], binary=True
        )
        rows = cast("list[LeafRow]", await cursor.fetchall())
        for expected, row in enumerate(rows, after + 1):
            if row[0] != expected:
                raise NotSealable(f"position {expected} of the log is missing: run `kiennghi verify`")
        if not rows:
            await self._require_end(after)
        return rows

    async def _require_end(self, sealed: int) -> None:
        cursor = await self._connection.execute("SELECT position FROM kiennghi.log_head")
        ((head,),) = await cursor.fetchall()
        if head < sealed:
            raise NotSealable(f"the log ends at {head}, and was sealed up to {sealed}: run `kiennghi verify`")

    async def event_leaves(self, rows: list[LeafRow]) -> list[bytes]:
        """Return the leaves of these rows. Raise NotSealable where one does not follow the event before it."""
        if not rows:
            return []
        if not all(starmap(self._words.has_all_of, {row[4:7] for row in rows})):
            self._words = await LogWords.read(self._connection)
        words, before = self._words, await self._leaves_before(rows)
        last, leaves = self._last_leaves, list[bytes]()
        for number, row in enumerate(rows, 1):
            if number % EVENTS_AT_ONCE == 0:
                await asyncio.sleep(0)
            stream, version = row[2], row[3]
            known = last.pop(stream, None) or before.get(stream)
            if (known[0] if known is not None else 0) != version - 1:
                raise NotSealable(
                    f"position {row[0]} of the log follows no event of its history: run `kiennghi verify`"
                )
            leaf = leaf_of_row(row, words, NO_EVENT_BEFORE if known is None else known[1])
            last[stream] = (version, leaf)  # at the end of the order, where it is forgotten last
            leaves.append(leaf)
        if len(last) > STREAMS_IN_MEMORY:  # the older half at once: to find a single oldest one passes over all gaps
            self._last_leaves = dict(islice(last.items(), len(last) // 2, None))
        return leaves

    async def _leaves_before(self, rows: list[LeafRow]) -> dict[bytes, tuple[int, bytes]]:
        """Return version and leaf of the event before, for each stream of the rows of which it is not in memory."""
        first_here = {row[2]: row[3] for row in reversed(rows)}
        wanted = [
            (stream, first - 1) for stream, first in first_here.items() if first > 1 and stream not in self._last_leaves
        ]
        if not wanted:
            return {}
        cursor = await self._connection.execute(
            _LEAVES_BEFORE,
            [array_text(stream.hex() for stream, _ in wanted), array_text(version for _, version in wanted)],
        )
        numbers = {place: self._numbering.leaf_of(position) for place, position in await cursor.fetchall()}
        leaves = await read_leaves(self._connection, list(numbers.values()))
        found: dict[bytes, tuple[int, bytes]] = {}
        for place, number in numbers.items():
            stream, version = wanted[place - 1]
            if number in leaves:
                found[stream] = (version, leaves[number])
        return found

    # -- the vault

    async def other_leaves(self, after: int, position: int) -> list[OtherLeaf]:
        """Return leaves of the identities that came with these events, and of accesses that are not in the tree."""
        return [*await self._new_identities(after, position), *await self._new_reads()]

    async def _new_identities(self, after: int, position: int) -> list[OtherLeaf]:
        if after == position:
            return []
        cursor = await self._connection.execute(_NEW_IDENTITIES, [after, position], binary=True)
        return _listing(LeafKind.IDENTITIES, [ListedRow(row[0], row_digest(row)) for row in await cursor.fetchall()])

    async def _new_reads(self) -> list[OtherLeaf]:
        cursor = await self._connection.execute(
            _NEW_READS, [self._reads_before, list(self._reads), READS_AT_ONCE], binary=True
        )
        rows = [ListedRow(row[0], row_digest(row)) for row in await cursor.fetchall()]
        self._remember_reads([int(row.key) for row in rows])
        return _listing(LeafKind.READS, rows)

    def _remember_reads(self, numbers: list[int]) -> None:
        self._reads.update(numbers)
        if len(self._reads) > READS_IN_MEMORY:
            kept = sorted(self._reads)[-READS_IN_MEMORY // 2 :]
            self._reads, self._reads_before = set(kept), kept[0] - 1


def _listing(kind: LeafKind, rows: list[ListedRow]) -> list[OtherLeaf]:
    return [(kind, list_data(kind, rows))] if rows else []
