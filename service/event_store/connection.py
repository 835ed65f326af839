"""Sends appends over one connection, and classifies its errors by what they mean for the append that was sent."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from service.event_store.append import Append
from service.event_store.async_libpq import PreparedStatementChannel
from service.event_store.binary_parameters import PREPARE_APPEND_STATEMENTS, append_statement
from service.event_store.errors import StorageUnavailable
from service.postgres.pools import STATEMENT_TIMEOUT, OnConnect
from service.postgres.roles import WRITER_ROLE, take_role

FIRST_RETRY_PAUSE_SECONDS = 0.02
"""Seconds before the second attempt to connect; each later pause is twice as long, up to half a second."""

ANSWER_TIMEOUT_SECONDS = 60.0
"""Seconds without an answer after which the connection is treated as lost. The server's own statement timeout is half
of that, but it does not work while the server process is stopped or its disk hangs.
"""

# Without these, a peer that vanished would be noticed only after two hours. Values in the DSN have priority.
_CONNECTION_DEFAULTS = {
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "target_session_attrs": "read-write",
}

# Every statement here finds rows by key. A plan that was made while a table was small or its statistics were old must
# not continue to read the whole log; and planning the same statement again is not worth its time.
_SESSION_SETTINGS = {
    "enable_seqscan": "off",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "default_transaction_isolation": "read committed",
    "statement_timeout": STATEMENT_TIMEOUT,
    "idle_in_transaction_session_timeout": STATEMENT_TIMEOUT,
    "timezone": "UTC",
}

# The last event of a command bears the request's digest; the events before it have the positions before it.
_STORED_COMMANDS_QUERY = """
WITH RECURSIVE event AS (
    SELECT l.command_id, l.position, l.stream, l.version, l.reference, l.request_digest, l.recorded_at
    FROM kiennghi.log AS l WHERE l.command_id = ANY(%s) AND l.request_digest IS NOT NULL
    UNION ALL
    SELECT l.command_id, l.position, l.stream, l.version, l.reference, e.request_digest, l.recorded_at
    FROM event AS e JOIN kiennghi.log AS l ON l.position = e.position - 1
    WHERE l.command_id = e.command_id
)
SELECT e.command_id, e.request_digest, min(e.position), max(e.position), e.recorded_at,
       array_agg(e.stream ORDER BY e.position),
       array_agg(e.version ORDER BY e.position),
       array_agg(e.reference ORDER BY e.position)
FROM event AS e GROUP BY e.command_id, e.request_digest, e.recorded_at
"""

_STREAM_HEADS_QUERY = """
SELECT s.stream, (SELECT max(l.version) FROM kiennghi.log AS l WHERE l.stream = s.stream)
FROM unnest(%s::uuid[]) AS s (stream)
"""

_TAKEN_REFERENCES_QUERY = "SELECT l.reference FROM kiennghi.log AS l WHERE l.reference = ANY(%s)"

SHARED_FACTS_POSITION_QUERY = "SELECT facts_position FROM kiennghi.log_head"

_END_PREVIOUS_SESSION = """
SELECT count(pg_terminate_backend(a.pid))
FROM pg_stat_activity AS a WHERE a.application_name = %s AND a.pid <> pg_backend_pid()
"""


class ConnectionLost(Exception):
    """Is raised when the connection is lost. The caller must find out whether the last statement was committed."""


class RolledBack(Exception):
    """Is raised when the database could not write now (because of a lock, the disk or an operator).

    Nothing was written.
    """


class AppendedBatch(NamedTuple):
    """Holds the answer to one batch.

    `numbers` are the assigned references in the order of events, or the single one as text.
    """

    first_position: int
    recorded_at: datetime
    numbers: list[str] | str | None


class StoredCommand(NamedTuple):
    """Holds what the log knows of a stored command; `events` are (stream, version) in the order of the log."""

    digest: bytes
    first_position: int
    last_position: int
    recorded_at: datetime
    events: list[tuple[UUID, int]]
    references: dict[UUID, str]

    def was_written_by(self, append: Append) -> bool:
        """Return whether this very append wrote the command.

        Another process may have received the same command, decided it itself, and opened a stream with another id.
        """
        return self.events == [(event.stream, event.version) for event in append.events]


class AppendConnection:
    """Holds one connection at a time, in the service's role if the user may take it.

    `on_connect` is awaited with each new connection before anything is sent.

    Once it is open, its methods raise ConnectionLost, RolledBack, or psycopg.Error for what the database refuses.
    """

    def __init__(self, dsn: str, on_connect: OnConnect | None = None) -> None:
        self._on_connect = on_connect
        self._name = f"kiennghi append {uuid4().hex}"
        given = conninfo_to_dict(dsn)
        defaults = {name: value for name, value in _CONNECTION_DEFAULTS.items() if name not in given}
        self._dsn = make_conninfo(dsn, **defaults, application_name=self._name)
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None
        self._channel: PreparedStatementChannel | None = None
        self._standby_wait_was_cancelled = False

    @property
    def is_open(self) -> bool:
        """Return True while there is a connection that is not closed."""
        return self._connection is not None and not self._connection.closed

    async def open(self) -> None:
        """Connect, and end the server process of a lost connection. Raise psycopg.OperationalError if that fails."""
        await self.close()
        # psycopg prepares no statements itself: at a ROLLBACK it drops those, and would drop ours with them.
        connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True, prepare_threshold=None)
        try:
            await self._prepare_session(connection)
        except BaseException:
            await connection.close()
            raise
        self._connection, self._channel = connection, PreparedStatementChannel(connection)

    async def reopen(self, within: float) -> StorageUnavailable | None:
        """Connect again and return None. If there is no connection after `within` seconds, return the reason."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + within
        pause = FIRST_RETRY_PAUSE_SECONDS
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
        """Close the connection if it is open."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    def send(self, appends: Sequence[Append], *, notify: bool) -> asyncio.Future[tuple[Any, ...]]:
        """Send one batch and return a future, which the caller passes to `receive`.

        The batch commits at once, except within `hold_log`.
        """
        if self._channel is None:
            raise RuntimeError("the connection is not open")
        self._standby_wait_was_cancelled = False
        return self._channel.send(*append_statement(appends, notify=notify))

    async def receive(self, sent: asyncio.Future[tuple[Any, ...]]) -> AppendedBatch:
        """Wait for the answer to a batch.

        Raise psycopg.Error if the database refuses a part of it; nothing is written then.
        """
        with self._classified_errors() as connection:
            try:
                async with asyncio.timeout(ANSWER_TIMEOUT_SECONDS):
                    return AppendedBatch._make(await sent)
            except TimeoutError:
                connection.pgconn.finish()
                raise ConnectionLost("the database gives no answer") from None

    async def append(self, appends: Sequence[Append], *, notify: bool) -> AppendedBatch:
        """Send the appends as one batch and wait for the answer."""
        return await self.receive(self.send(appends, notify=notify))

    @asynccontextmanager
    async def hold_log(self) -> AsyncIterator[None]:
        """Open a transaction that holds the lock of the log, so that nobody else appends until it ends."""
        with self._classified_errors() as connection:
            self._standby_wait_was_cancelled = False
            async with connection.transaction():
                await connection.execute("SELECT kiennghi.hold_log()")
                yield

    async def stored_commands(self, command_ids: Collection[UUID]) -> dict[UUID, StoredCommand]:
        """Return those of the commands that are in the log, by command id."""
        with self._classified_errors() as connection:
            cursor = await connection.execute(_STORED_COMMANDS_QUERY, [list(command_ids)])
            return {
                command_id: StoredCommand(
                    digest,
                    first,
                    last,
                    time,
                    list(zip(streams, versions, strict=True)),
                    {stream: reference for stream, reference in zip(streams, references, strict=True) if reference},
                )
                for command_id, digest, first, last, time, streams, versions, references in await cursor.fetchall()
            }

    async def stream_heads(self, streams: Collection[int]) -> dict[int, int]:
        """Return the last version of each stream; 0 for a stream that does not exist."""
        with self._classified_errors() as connection:
            cursor = await connection.execute(_STREAM_HEADS_QUERY, [[UUID(int=stream) for stream in streams]])
            return {stream.int: version or 0 for stream, version in await cursor.fetchall()}

    async def shared_facts_position(self) -> int:
        """Return the position of the last change of law or unit, 0 when there is none."""
        with self._classified_errors() as connection:
            cursor = await connection.execute(SHARED_FACTS_POSITION_QUERY)
            return int((await cursor.fetchone() or (0,))[0])

    async def taken_references(self, references: Collection[str]) -> set[str]:
        """Return those of `references` that the log already holds."""
        if not references:
            return set()
        with self._classified_errors() as connection:
            cursor = await connection.execute(_TAKEN_REFERENCES_QUERY, [list(references)])
            return {reference for (reference,) in await cursor.fetchall()}

    async def confirm_last_commit(self) -> bool:
        """Return whether the last commit is as safe as the server is configured to make it.

        When the wait for a synchronous standby is cancelled, the server reports success with only a warning.
        """
        return not self._standby_wait_was_cancelled or await self.confirm_whole_log()

    async def confirm_whole_log(self) -> bool:
        """Make an empty commit and return whether it is durable.

        If it is, everything committed before it is durable too.
        """
        async with self.hold_log():
            pass
        return not self._standby_wait_was_cancelled

    async def _prepare_session(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        connection.add_notice_handler(self._on_notice)
        await self._end_previous_session(connection)
        for name, value in _SESSION_SETTINGS.items():
            await connection.execute("SELECT set_config(%s, %s, false)", [name, value])
        # An answer must mean that the append is durable, whatever the server's default is.
        await connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
        await take_role(connection, WRITER_ROLE)
        for prepare in PREPARE_APPEND_STATEMENTS:
            await connection.execute(prepare)
        if self._on_connect is not None:
            await self._on_connect(connection)

    async def _end_previous_session(self, connection: psycopg.AsyncConnection[tuple[Any, ...]]) -> None:
        """End the server process of a lost connection.

        After that, its last statement is either visible or will never be.
        """
        for _ in range(100):
            row = await (await connection.execute(_END_PREVIOUS_SESSION, [self._name])).fetchone()
            if row == (0,):
                return
            await asyncio.sleep(0.02)
        raise psycopg.OperationalError("the lost connection's server process does not end")

    def _on_notice(self, notice: psycopg.errors.Diagnostic) -> None:
        # The text of a notice depends on the server's language; the function's name does not.
        if notice.source_function == "SyncRepWaitForLSN":
            self._standby_wait_was_cancelled = True

    @contextmanager
    def _classified_errors(self) -> Iterator[psycopg.AsyncConnection[tuple[Any, ...]]]:
        """Provide the connection, and convert those of its errors that mean ConnectionLost or RolledBack."""
        if self._connection is None:
            raise ConnectionLost
        try:
            yield self._connection
        except psycopg.Error as error:
            state = error.sqlstate or "08000"
            if self._connection.closed or state[:2] == "08" or state[:3] == "57P":
                self._connection.pgconn.finish()
                raise ConnectionLost(str(error)) from error
            # 25006: read-only, so no longer the primary. 40, 53, 58: a deadlock, no space, a failing disk.
            # 55P03, 57014: waited too long for a lock, or cancelled.
            if state in ("25006", "55P03", "57014") or state[:2] in ("40", "53", "58"):
                if state == "25006":
                    self._connection.pgconn.finish()
                raise RolledBack(str(error)) from error
            raise
