"""Takes what was committed to the log into the tree, in batches, and signs checkpoints of it.

Nobody who writes waits for it: it reads what is committed, in a role that may change nothing of the log. What is signed
was durable before: the batch is committed first, and its place in the write-ahead log proves all before it.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg import AsyncConnection

from service.postgres.roles import SEALER_ROLE, take_role
from service.transparency.checkpoint_signing import sign_tree
from service.transparency.heads import HeadsList, list_heads, read_last_heads
from service.transparency.merkle_tree import GrowingTree, Tile
from service.transparency.offline_verifier import PublicKey, leaf_hash
from service.transparency.other_leaves import LeafKind
from service.transparency.signing import SigningKey
from service.transparency.tree_store import LeafNumbering, TreeHead, read_tree, read_tree_head
from service.transparency.unsealed_leaves import NotSealable, OtherLeaf, UnsealedLeaves

BATCH_EVENTS = 1_000
"""Most events that one transaction takes into the tree."""

_NO_HEADS = HeadsList("", 0, 0, b"")

_WRITE_TILES: LiteralString = """
    INSERT INTO kiennghi_proof.tiles (level, number, hashes)
    SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])
    ON CONFLICT ON CONSTRAINT tiles_once DO UPDATE SET hashes = excluded.hashes
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
        former_keys: Sequence[PublicKey] = (),
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._connection, self._key, self._clock = connection, key, clock
        self._former_keys = former_keys
        self._head: TreeHead | None = None
        self._tree = GrowingTree()
        self._numbering = LeafNumbering()
        self._unsealed = UnsealedLeaves(connection, self._numbering)
        self._heads = _NO_HEADS
        self._signed: str | None = None
        """The last note, if the tree has only grown in memory since."""
        self._is_durable = True
        connection.add_notice_handler(self._on_notice)

    @classmethod
    async def connect(
        cls, dsn: str, key: SigningKey | None = None, former_keys: Sequence[PublicKey] = ()
    ) -> "LogSealer":
        """Return a sealer with a connection of its own, in the role of the sealer.

        `former_keys` may have signed the last checkpoint: a new key goes on from there.
        """
        return cls(await connect_as_sealer(dsn), key, former_keys)

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

    def are_heads_due(self, day: date) -> bool:
        """Return whether events came since the last list of heads, and that was made before this day."""
        return self._head is not None and self._heads.position < self._head.position and self._heads.day < str(day)

    async def seal_heads(self, day: date) -> bool:
        """Take a list of the last events of all streams into the tree, unless nothing came since the last one.

        Return whether it was. Reads the last event of each stream, which takes some seconds where there are a million.
        """
        try:
            async with self._connection.transaction():
                head = await read_tree_head(self._connection, hold=True)
                await self._load(head)
                if self._heads.position == head.position:
                    return False
                heads = await list_heads(self._connection, self._numbering, str(day), head.position)
                await self._grow(head.position, [], [(LeafKind.HEADS, heads.data)])
                self._heads = heads
        except KeyError as error:
            self._head = None
            raise NotSealable(f"a leaf of the tree is missing: {error}") from None
        except BaseException:
            self._head = None
            raise
        return True

    async def sign(self) -> str | None:
        """Sign the tree as it is and return the note; the present note if nothing has come since, None without a key.

        Raise NotSealable if the tree does not contain what was signed last.
        """
        if self._key is None:
            return None
        head, root = await self._settled()
        self._signed = await sign_tree(
            self._connection, self._key, self._former_keys, head, root, self._clock(), self._signed
        )
        return self._signed

    async def _settled(self) -> tuple[TreeHead, bytes]:
        """Return head and root of what is committed and as safe as the server makes it."""
        head = await read_tree_head(self._connection)
        if head != self._head:  # another sealer was at work
            async with self._connection.transaction():
                head = await read_tree_head(self._connection, hold=True)
                await self._load(head)
        for _ in range(3):
            if self._is_durable:
                return head, self._tree.root()
            self._is_durable = True  # another commit, which proves those before it, tries again to reach the standby
            await self._connection.execute("UPDATE kiennghi_proof.tree_head SET size = size")
        raise NotSealable("a standby does not confirm what was committed: nothing is signed until it does")

    # -- one batch

    async def _load(self, head: TreeHead) -> None:
        """Have in memory what stands at the head of the tree."""
        if head == self._head:
            return
        self._signed = None
        self._numbering = await LeafNumbering.read(self._connection)
        self._unsealed = UnsealedLeaves(self._connection, self._numbering)
        try:
            self._tree = await read_tree(self._connection, head.size)
            await self._unsealed.remember()
            self._heads = (await read_last_heads(self._connection))[1] or _NO_HEADS
        except (KeyError, ValueError) as error:
            raise NotSealable(f"a part of the tree is missing or was changed: {error}") from None
        self._head = head

    async def _seal(self, most: int) -> SealedBatch:
        head = await read_tree_head(self._connection, hold=True)
        await self._load(head)
        rows = await self._unsealed.next_rows(head.position, most)
        position = head.position + len(rows)
        leaves = await self._unsealed.event_leaves(rows)
        others = await self._unsealed.other_leaves(head.position, position)
        if not leaves and not others:
            return SealedBatch(0, 0, head, is_full=False)
        grown = await self._grow(position, leaves, others)
        return SealedBatch(len(rows), grown.size - head.size, grown, is_full=len(rows) == most)

    async def _grow(self, position: int, leaves: Sequence[bytes], others: Sequence[OtherLeaf]) -> TreeHead:
        """Append the leaves of the events up to this position, and then the others; return the new head."""
        first_other = self._tree.size + len(leaves)
        tiles = self._tree.append([*leaves, *(leaf_hash(data) for _, data in others)])
        self._head = TreeHead(self._tree.size, position)
        async with self._connection.pipeline():  # one round trip for all of it
            await self._write(tiles)
            for number, (kind, data) in enumerate(others, first_other):
                await self._connection.execute(
                    "INSERT INTO kiennghi_proof.other_leaves VALUES (%s, %s, %s, %s)", [number, position, kind, data]
                )
                self._numbering.add_other(position)
            await self._connection.execute("UPDATE kiennghi_proof.tree_head SET size = %s, position = %s", self._head)
        return self._head

    async def _write(self, tiles: Sequence[Tile]) -> None:
        # A tile that was completed in this batch comes once: the tree gives each as it stands in the end.
        await self._connection.execute(
            _WRITE_TILES,
            [[tile.level for tile in tiles], [tile.number for tile in tiles], [tile.hashes for tile in tiles]],
        )

    def _on_notice(self, notice: psycopg.errors.Diagnostic) -> None:
        # The text depends on the server's language; the function's name does not. Success was said, and is not sure.
        if notice.source_function == "SyncRepWaitForLSN":
            self._is_durable = False


async def connect_as_sealer(dsn: str) -> AsyncConnection[Any]:
    """Return a connection in the role of the sealer, whose commits are durable."""
    connection = await AsyncConnection.connect(dsn, autocommit=True, application_name="kiennghi sealer")
    await take_role(connection, SEALER_ROLE)
    await connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
    return connection
