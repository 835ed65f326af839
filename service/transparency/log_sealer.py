"""Takes what was committed to the log into the tree, in batches, and signs checkpoints of it.

Nobody who writes waits for it: it reads what is committed, in a role that may change nothing of the log. What is signed
was durable before: the batch is committed first, and its place in the write-ahead log proves all before it.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, LiteralString, NamedTuple, cast

import psycopg
from psycopg import AsyncConnection

from service.postgres.roles import SEALER_ROLE
from service.transparency.log_leaves import SELECT_LEAF_ROWS, LeafRow, LogWords, leaf_of_row
from service.transparency.merkle_tree import TILE_HASHES, GrowingTree, Span, Tile
from service.transparency.offline_verifier import (
    COSIGNATURE,
    HASH_BYTES,
    NO_EVENT_BEFORE,
    NotVerified,
    PublicKey,
    leaf_hash,
    open_checkpoint,
)
from service.transparency.other_leaves import LeafKind, ListedRow, list_data, listed_rows, row_digest
from service.transparency.signing import SigningKey, sign_checkpoint, text_of_note
from service.transparency.tree_store import (
    LeafNumbering,
    TreeHead,
    read_last_note,
    read_span_hashes,
    read_tree,
    read_tree_head,
)
from service.transparency.vault_verification import IDENTITY_COLUMNS, READ_COLUMNS

BATCH_EVENTS = 1_000
"""Most events that one transaction takes into the tree."""

STREAMS_IN_MEMORY = 50_000
"""Number of streams whose last leaf is kept; of others it is read from the tree."""

READS_IN_MEMORY = 2_000
"""Number of accesses that are known to be in the tree; a lower number that commits late is taken in as long."""

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
_LEAVES_BEFORE: LiteralString = """
    SELECT k.place, before.position FROM unnest(%s::uuid[], %s::integer[]) WITH ORDINALITY AS k (stream, version, place)
    JOIN kiennghi.log AS before ON before.stream = k.stream AND before.version = k.version
"""
_ONE_LEAF: LiteralString = """
    SELECT k.place, substr(t.hashes, k.at, 32)
    FROM unnest(%s::bigint[], %s::bigint[], %s::integer[]) AS k (place, tile, at)
    JOIN kiennghi_proof.tiles AS t ON t.level = 0 AND t.number = k.tile
"""
_WRITE_TILES: LiteralString = """
    INSERT INTO kiennghi_proof.tiles (level, number, hashes)
    SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])
    ON CONFLICT ON CONSTRAINT tiles_once DO UPDATE SET hashes = excluded.hashes
"""


class NotSealable(Exception):
    """Is raised when the log or the tree is not as it was sealed: nothing is taken in and nothing signed any more.

    The message says what was found, for operators.
    """


class SealedBatch(NamedTuple):
    """Holds what one transaction has taken into the tree, and whether more may be waiting."""

    events: int
    leaves: int
    head: TreeHead
    is_full: bool


class LogSealer:
    """Takes what is committed into the tree, over a connection of its own. Of several at once, one works at a time."""

    def __init__(
        self,
        connection: AsyncConnection[Any],
        key: SigningKey | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._connection, self._key, self._clock = connection, key, clock
        self._head: TreeHead | None = None
        self._tree = GrowingTree()
        self._numbering = LeafNumbering()
        self._last_leaves: dict[bytes, tuple[int, bytes]] = {}
        self._reads = set[int]()
        self._reads_before = 0
        self._is_durable = True
        connection.add_notice_handler(self._on_notice)

    @classmethod
    async def connect(cls, dsn: str, key: SigningKey | None = None) -> "LogSealer":
        """Return a sealer with a connection of its own, in the role of the sealer."""
        connection = await AsyncConnection.connect(dsn, autocommit=True, application_name="kiennghi sealer")
        await take_role(connection, SEALER_ROLE)
        await connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
        return cls(connection, key)

    async def close(self) -> None:
        """Close the connection."""
        await self._connection.close()

    async def seal_batch(self, most: int = BATCH_EVENTS) -> SealedBatch:
        """Take the next committed events into the tree, with what came into the vault and who read it.

        Raise NotSealable where the log does not follow what was sealed.
        """
        try:
            async with self._connection.transaction():
                return await self._seal(most)
        except BaseException:
            self._head = None  # what is in memory is not what is in the database
            raise

    async def sign(self) -> str | None:
        """Sign the tree as it is and return the note; the present note if nothing has come since, None without a key.

        Raise NotSealable if the tree does not contain what was signed last.
        """
        if self._key is None:
            return None
        head, root = await self._settled()
        last = await self._require_contains_signed()
        if last is not None and last[0] == head.size:
            return last[1]
        cursor = await self._connection.execute("SELECT log_id::text FROM kiennghi.log_head")
        ((log_id,),) = await cursor.fetchall()
        note = sign_checkpoint(self._key, head.size, root, head.position, log_id, self._clock())
        await self._connection.execute(
            "INSERT INTO kiennghi_proof.checkpoints (size, note) VALUES (%s, %s)", [head.size, note]
        )
        return note

    async def add_cosignatures(self, note: str, keys: Sequence[PublicKey]) -> int | None:
        """Add the lines of known witnesses in a note to the checkpoint that they sign, and return its size.

        `keys` are those of the log and its witnesses. Return None if no known witness signed, or it is not this log's.
        """
        witnesses = {key.name: key for key in keys if key.kind == COSIGNATURE}
        try:
            signed = open_checkpoint(note, witnesses.values())
        except NotVerified:
            return None
        cursor = await self._connection.execute(
            "SELECT note FROM kiennghi_proof.checkpoints WHERE size = %s", [signed.size]
        )
        if text_of_note(note) not in [text_of_note(stored) for (stored,) in await cursor.fetchall()]:
            return None
        for line in note.rpartition("\n\n")[2].splitlines():
            if any(line.startswith(f"— {key.name} ") for key in signed.signed_by):
                await self._connection.execute(
                    "INSERT INTO kiennghi_proof.cosignatures (size, line) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                    [signed.size, f"{line}\n"],
                )
        return signed.size

    async def _settled(self) -> tuple[TreeHead, bytes]:
        """Return head and root of what is committed and as safe as the server makes it."""
        async with self._connection.transaction():
            head = await read_tree_head(self._connection, hold=True)
            await self._load(head)
        for _ in range(3):
            if self._is_durable:
                return head, self._tree.root()
            self._is_durable = True  # another commit, which proves those before it, tries again to reach the standby
            await self._connection.execute("UPDATE kiennghi_proof.tree_head SET size = size")
        raise NotSealable("a standby does not confirm what was committed: nothing is signed until it does")

    async def _require_contains_signed(self) -> tuple[int, str] | None:
        """Return size and note of the last checkpoint. Raise NotSealable if the tree does not begin with it."""
        assert self._key is not None
        note = await read_last_note(self._connection)
        if note is None:
            return None
        try:
            last = open_checkpoint(note, [self._key.public])
            is_contained = last.size <= self._tree.size and (
                not last.size or await read_span_hashes(self._connection, [Span(0, last.size)]) == [last.root]
            )
        except (NotVerified, KeyError, ValueError) as error:
            raise NotSealable(f"the last checkpoint in the database is not this log's: {error}") from None
        if not is_contained:
            raise NotSealable(f"the tree does not contain what was signed of {last.size} leaves: run `kiennghi verify`")
        return last.size, note

    # -- one batch

    async def _load(self, head: TreeHead) -> None:
        """Have in memory what stands at the head of the tree."""
        if head == self._head:
            return
        try:
            self._tree = await read_tree(self._connection, head.size)
        except (KeyError, ValueError) as error:
            raise NotSealable(f"a part of the tree is missing: {error}") from None
        self._numbering = await LeafNumbering.read(self._connection)
        self._last_leaves.clear()
        self._reads.clear()
        cursor = await self._connection.execute(
            "SELECT data FROM kiennghi_proof.other_leaves WHERE kind = %s ORDER BY leaf DESC LIMIT %s",
            [LeafKind.READS, READS_IN_MEMORY],
        )
        pages = [[int(row.key) for row in listed_rows(data)] for (data,) in await cursor.fetchall()]
        self._remember_reads([number for page in reversed(pages) for number in page])
        self._head = head

    def _remember_reads(self, numbers: list[int]) -> None:
        self._reads.update(numbers)
        if len(self._reads) > READS_IN_MEMORY:
            kept = sorted(self._reads)[-READS_IN_MEMORY // 2 :]
            self._reads, self._reads_before = set(kept), kept[0] - 1

    async def _seal(self, most: int) -> SealedBatch:
        head = await read_tree_head(self._connection, hold=True)
        await self._load(head)
        rows = await self._next_rows(head.position, most)
        position = head.position + len(rows)
        leaves = await self._event_leaves(rows)
        others = [*await self._identities(head.position, position), *await self._new_reads()]
        if not leaves and not others:
            return SealedBatch(0, 0, head, is_full=False)
        leaves += [leaf_hash(data) for _, data in others]
        await self._write(self._tree.append(leaves))
        for number, (kind, data) in enumerate(others, head.size + len(rows)):
            await self._connection.execute(
                "INSERT INTO kiennghi_proof.other_leaves VALUES (%s, %s, %s, %s)", [number, position, kind, data]
            )
            self._numbering.add_other(position)
        self._head = TreeHead(head.size + len(leaves), position)
        await self._connection.execute("UPDATE kiennghi_proof.tree_head SET size = %s, position = %s", self._head)
        return SealedBatch(len(rows), len(leaves), self._head, is_full=len(rows) == most)

    async def _next_rows(self, after: int, most: int) -> list[LeafRow]:
        cursor = await self._connection.execute(
            SELECT_LEAF_ROWS + " WHERE l.position > %s ORDER BY l.position LIMIT %s", [after, most], binary=True
        )
        rows = cast("list[LeafRow]", await cursor.fetchall())
        for expected, row in enumerate(rows, after + 1):
            if row[0] != expected:
                raise NotSealable(f"position {expected} of the log is missing: run `kiennghi verify`")
        if not rows and (lost := await self._lost_end(after)):
            raise NotSealable(lost)
        return rows

    async def _lost_end(self, sealed: int) -> str | None:
        cursor = await self._connection.execute("SELECT position FROM kiennghi.log_head")
        ((head,),) = await cursor.fetchall()
        return (
            f"the log ends at {head}, and was sealed up to {sealed}: run `kiennghi verify`" if head < sealed else None
        )

    async def _event_leaves(self, rows: list[LeafRow]) -> list[bytes]:
        if not rows:
            return []
        words = await LogWords.read(self._connection)
        before = await self._leaves_before(rows)
        last, leaves = self._last_leaves, list[bytes]()
        for row in rows:
            stream, version = row[2], row[3]
            known = last.pop(stream, None) or before.get(stream)
            if (known[0] if known is not None else 0) != version - 1:
                raise NotSealable(
                    f"position {row[0]} of the log follows no event of its history: run `kiennghi verify`"
                )
            leaf = leaf_of_row(row, words, NO_EVENT_BEFORE if known is None else known[1])
            last[stream] = (version, leaf)  # at the end of the order, where it is forgotten last
            leaves.append(leaf)
        while len(last) > STREAMS_IN_MEMORY:
            del last[next(iter(last))]
        return leaves

    async def _leaves_before(self, rows: list[LeafRow]) -> dict[bytes, tuple[int, bytes]]:
        """Return version and leaf of the event before, for each stream of the rows of which it is not in memory."""
        wanted: dict[bytes, int] = {}
        for row in rows:
            if row[3] > 1 and row[2] not in self._last_leaves:
                wanted.setdefault(row[2], row[3] - 1)
        first_here = {row[2]: row[3] for row in reversed(rows)}
        wanted = {stream: version for stream, version in wanted.items() if first_here[stream] == version + 1}
        if not wanted:
            return {}
        streams = list(wanted)
        cursor = await self._connection.execute(_LEAVES_BEFORE, [[one.hex() for one in streams], list(wanted.values())])
        numbers = {place: self._numbering.leaf_of(position) for place, position in await cursor.fetchall()}
        cursor = await self._connection.execute(
            _ONE_LEAF,
            [
                list(numbers),
                [number // TILE_HASHES for number in numbers.values()],
                [number % TILE_HASHES * HASH_BYTES + 1 for number in numbers.values()],
            ],
            binary=True,
        )
        found = dict(await cursor.fetchall())
        return {streams[place - 1]: (wanted[streams[place - 1]], leaf) for place, leaf in found.items()}

    async def _identities(self, after: int, position: int) -> list[tuple[LeafKind, bytes]]:
        if after == position:
            return []
        cursor = await self._connection.execute(_NEW_IDENTITIES, [after, position], binary=True)
        rows = [ListedRow(row[0], row_digest(row)) for row in await cursor.fetchall()]
        return [(LeafKind.IDENTITIES, list_data(LeafKind.IDENTITIES, rows))] if rows else []

    async def _new_reads(self) -> list[tuple[LeafKind, bytes]]:
        cursor = await self._connection.execute(
            _NEW_READS, [self._reads_before, list(self._reads), BATCH_EVENTS], binary=True
        )
        rows = [ListedRow(row[0], row_digest(row)) for row in await cursor.fetchall()]
        self._remember_reads([int(row.key) for row in rows])
        return [(LeafKind.READS, list_data(LeafKind.READS, rows))] if rows else []

    async def _write(self, tiles: list[Tile]) -> None:
        # A tile that was completed in this batch comes once: the tree gives each as it stands in the end.
        await self._connection.execute(
            _WRITE_TILES,
            [[tile.level for tile in tiles], [tile.number for tile in tiles], [tile.hashes for tile in tiles]],
        )

    def _on_notice(self, notice: psycopg.errors.Diagnostic) -> None:
        # The text depends on the server's language; the function's name does not. Success was said, and is not sure.
        if notice.source_function == "SyncRepWaitForLSN":
            self._is_durable = False


async def take_role(connection: AsyncConnection[Any], role: str) -> None:
    """Take a role, where the login may take it; the login's own rights must then suffice."""
    # Since version 16, a member may be forbidden to take the role; before, membership was enough.
    right = "SET" if connection.info.server_version >= 160000 else "MEMBER"
    await connection.execute(
        "SELECT set_config('role', rolname, false) FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, %s)",
        [role, right],
    )
