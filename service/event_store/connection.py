"""The connection that appends go through, and what its errors mean for what was sent."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.event_store.append import Append, StorageUnavailable
from service.event_store.async_libpq import Wire
from service.event_store.binary_parameters import PREPARE, statement
from service.postgres.pools import SERVICE_ROLE, STATEMENT_TIMEOUT

FIRST_PAUSE = 0.02
"""Seconds before the next attempt to connect; each is twice as long as the one before, up to half a second."""

LONGEST_ANSWER = 60.0
"""Seconds after which a server that neither answers nor says why is taken for lost: its own bound is half of that, and
does not hold for a process that stands still or a disk that hangs.
"""

# Without these a peer that vanished would be noticed after two hours. The DSN's own values go first.
_DEFAULTS = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "target_session_attrs": "read-write",
}

# Every statement here finds rows by key. A plan that was made while a table was small or its statistics old
# must not go on reading the whole log; nor is one statement's plan worth making twice.
_SETTINGS = {
    "enable_seqscan": "off",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "default_transaction_isolation": "read committed",
    "statement_timeout": STATEMENT_TIMEOUT,
    "idle_in_transaction_session_timeout": STATEMENT_TIMEOUT,
    "timezone": "UTC",
}

_STORED = """
WITH RECURSIVE event AS (
    SELECT c.command_id, l.notification_id, l.originator_id, l.originator_version, l.reference
    FROM kiennghi.commands AS c JOIN kiennghi.log AS l ON l.notification_id = c.last_position
    WHERE c.command_id = ANY(%s)
    UNION ALL
    SELECT e.command_id, l.notification_id, l.originator_id, l.originator_version, l.reference
    FROM event AS e JOIN kiennghi.log AS l ON l.notification_id = e.notification_id - 1
    WHERE l.command_id = e.command_id
)
SELECT c.command_id, c.request_digest, min(e.notification_id), c.last_position, c.recorded_at,
       array_agg(e.originator_id ORDER BY e.notification_id),
       array_agg(e.originator_version ORDER BY e.notification_id),
       array_agg(e.reference ORDER BY e.notification_id)
FROM kiennghi.commands AS c JOIN event AS e USING (command_id) GROUP BY c.command_id
"""

_HEADS = """
SELECT s.stream, (SELECT max(l.originator_version) FROM kiennghi.log AS l WHERE l.originator_id = s.stream)
FROM unnest(%s::uuid[]) AS s (stream)
"""

_TAKEN = "SELECT l.reference FROM kiennghi.log AS l WHERE l.reference = ANY(%s)"

_END_FORMER = """
SELECT count(pg_terminate_backend(a.pid))
FROM pg_stat_activity AS a WHERE a.application_name = %s AND a.pid <> pg_backend_pid()
"""


class ConnectionLost(Exception):
    """Whether what was sent last is committed is to be found out."""


class RolledBack(Exception):
    """The database could not write just now (a lock, the disk, an operator): nothing was written."""


class Row(NamedTuple):
    """The answer to one batch; `numbers`: the references given, in the order of their events, or the only one."""

    first_position: int
    recorded_at: datetime
    numbers: list[str] | str | None


class Stored(NamedTuple):
    """A command that is in the log."""

    digest: bytes
    first_position: int
    last_position: int
    recorded_at: datetime
    events: list[tuple[UUID, int]]
    references: dict[UUID, str]

    def is_of(self, append: Append) -> bool:
        """Whether this very append was written: the same command may have been sent to another process too, which
        decided on it by itself and opened a history of another id.
        """
        return self.events == [(event.stream, event.version) for event in append.events]


class AppendConnection:
    """One connection at a time, in the service's role if it may take it."""

    def __init__(self, dsn: str) -> None:
        self._name = f"kiennghi append {uuid4().hex}"
        given = conninfo_to_dict(dsn)
        defaults = {name: value for name, value in _DEFAULTS.items() if name not in given}
        self._dsn = make_conninfo(dsn, **defaults, application_name=self._name)
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None
        self._wire: Wire | None = None
        self._unconfirmed = False

    @property
    def is_open(self) -> bool:
        return self._connection is not None and not self._connection.closed

    async def open(self) -> None:
        """Connects, and ends what a lost connection may still be doing; raises psycopg.OperationalError."""
        await self.close()
        # psycopg prepares nothing here: it would forget what it prepared at a ROLLBACK, and ours with it.
        connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True, prepare_threshold=None)
        try:
            await self._prepare(connection)
        except BaseException:
            await connection.close()
            raise
        self._connection, self._wire = connection, Wire(connection)

    async def reopen(self, within: float) -> StorageUnavailable | None:
        """None once there is a connection; after so many seconds without one, why there is none."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + within
        pause = FIRST_PAUSE
        while True:
            try:
                async with asyncio.timeout_at(give_up_at):
                    await self.open()
            except (psycopg.OperationalError, TimeoutError) as error:
                if loop.time() + pause > give_up_at:
                    return StorageUnavailable(f"the database cannot be reached: {error}")
                await asyncio.sleep(pause)
                pause = min(2 * pause, 0.5)
            else:
                return None

    async def close(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    def send(self, appends: Sequence[Append], *, notify: bool) -> asyncio.Future[tuple[Any, ...]]:
        """Puts them on the wire, to commit unless within `held`; `answer` says what comes of it."""
        if self._wire is None:
            raise RuntimeError("the connection is not open")
        self._unconfirmed = False
        return self._wire.send(*statement(appends, notify=notify))

    async def answer(self, sent: asyncio.Future[tuple[Any, ...]]) -> Row:
        """psycopg.Error: something in it is refused, nothing is written."""
        with self._errors_told_apart() as connection:
            try:
                async with asyncio.timeout(LONGEST_ANSWER):
                    return Row._make(await sent)
            except TimeoutError:
                connection.pgconn.finish()
                raise ConnectionLost("the database gives no answer") from None

    async def append(self, appends: Sequence[Append], *, notify: bool) -> Row:
        return await self.answer(self.send(appends, notify=notify))

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """A transaction during which nobody else appends."""
        with self._errors_told_apart() as connection:
            self._unconfirmed = False
            async with connection.transaction():
                await connection.execute("SELECT kiennghi.hold_log()")
                yield

    async def stored(self, command_ids: Collection[UUID]) -> dict[UUID, Stored]:
        with self._errors_told_apart() as connection:
            cursor = await connection.execute(_STORED, [list(command_ids)])
            return {
                command_id: Stored(
                    digest,
                    first,
                    last,
                    at,
                    list(zip(streams, versions, strict=True)),
                    {of: reference for of, reference in zip(streams, references, strict=True) if reference},
                )
                for command_id, digest, first, last, at, streams, versions, references in await cursor.fetchall()
            }

    async def heads(self, streams: Collection[int]) -> dict[int, int]:
        """The last version of each stream, 0 for one that does not exist."""
        with self._errors_told_apart() as connection:
            cursor = await connection.execute(_HEADS, [[UUID(int=stream) for stream in streams]])
            return {stream.int: version or 0 for stream, version in await cursor.fetchall()}

    async def taken(self, references: Collection[str]) -> set[str]:
        """Those of `references` that the log holds."""
        if not references:
            return set()
        with self._errors_told_apart() as connection:
            cursor = await connection.execute(_TAKEN, [list(references)])
            return {reference for (reference,) in await cursor.fetchall()}

    async def confirmed(self) -> bool:
        """Whether the last commit is as safe as the server is told to make it.

        When the wait for a synchronous standby is cancelled, the server reports success with a mere warning.
        """
        return not self._unconfirmed or await self.everything_confirmed()

    async def everything_confirmed(self) -> bool:
        """Whether all that is visible now is safe: a commit that was waited for vouches for all before it."""
        async with self.held():
            pass
        return not self._unconfirmed

    async def _prepare(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        connection.add_notice_handler(self._hear)
        await self._end_former(connection)
        for name, value in _SETTINGS.items():
            await connection.execute("SELECT set_config(%s, %s, false)", [name, value])
        # An answer means that the append is durable, whatever the server's default is.
        await connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
        right = "SET" if connection.info.server_version >= 160000 else "MEMBER"
        await connection.execute(
            "SELECT set_config('role', rolname, false) FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, %s)",
            [SERVICE_ROLE, right],
        )
        for prepare in PREPARE:
            await connection.execute(prepare)

    async def _end_former(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        """Afterwards, what a lost connection sent is either committed and visible or never will be."""
        for _ in range(100):
            row = await (await connection.execute(_END_FORMER, [self._name])).fetchone()
            if row == (0,):
                return
            await asyncio.sleep(0.02)
        raise psycopg.OperationalError("the lost connection's server process does not end")

    def _hear(self, notice: psycopg.errors.Diagnostic) -> None:
        # The function's name is there in every language the server may speak.
        if notice.source_function == "SyncRepWaitForLSN":
            self._unconfirmed = True

    @contextmanager
    def _errors_told_apart(self) -> Iterator[psycopg.AsyncConnection[tuple[Any, ...]]]:
        if self._connection is None:
            raise ConnectionLost
        try:
            yield self._connection
        except psycopg.Error as error:
            state = error.sqlstate or "08000"
            if self._connection.closed or state[:2] == "08" or state[:3] == "57P":
                self._connection.pgconn.finish()
                raise ConnectionLost(str(error)) from error
            # 25006: read-only, so no longer the primary. 40, 53, 58: a deadlock, no room, a failing disk.
            # 55P03, 57014: waited too long for a lock, or cancelled.
            if state in ("25006", "55P03", "57014") or state[:2] in ("40", "53", "58"):
                if state == "25006":
                    self._connection.pgconn.finish()
                raise RolledBack(str(error)) from error
            raise
