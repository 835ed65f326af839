"""Creates the tables of the views, writes changes to them, and keeps the checkpoint of each view.

Rows and checkpoint are written by one statement, so a page of events is applied as a whole or not at all.
"""

from dataclasses import dataclass
from typing import LiteralString, NamedTuple

from msgspec import json
from psycopg import sql

from projections.projection import Connection, Projection, read_ddl
from service.event_store.log_mark import BEGINNING, LogMark
from service.projector.row_diff import RowDiff, build_write_statement

SERVING_SCHEMA = "kiennghi_views"
"""Schema of the tables that requests read."""

# A checkpoint moves only from the expected mark: the statement writes nothing if another process was first, or if the
# tables are of another log than this process has read.
# The rows are locked in the order of the names, or two processes that advance several views would wait for each other.
_ADVANCE_CHECKPOINTS: LiteralString = """
    UPDATE kiennghi_views.positions AS p
    SET position = p.position + held.by, events = p.events + held.by, digest = decode(held.digest, 'hex')
    FROM (
        SELECT m.name, q.view, m.by, m.digest
        FROM json_to_recordset(%(moving)s) AS m (
            name text, view text, version integer, after bigint, after_digest text, by bigint, digest text)
        JOIN kiennghi_views.positions AS q USING (view, version)
        WHERE q.position = m.after AND q.digest = decode(m.after_digest, 'hex') AND NOT q.is_loading
        ORDER BY q.view FOR UPDATE OF q
    ) AS held
    WHERE p.view = held.view RETURNING held.name
"""


@dataclass(frozen=True, slots=True)
class TableSet:
    """Names the tables of one view: the schema that they are in, and the key of their checkpoint in `positions`.

    The serving tables have no suffix; tables that are being rebuilt have one, so both have a checkpoint.
    """

    view: Projection
    schema: str = SERVING_SCHEMA
    suffix: str = ""

    @property
    def key(self) -> str:
        """Return the key of the checkpoint: the name of the view and the suffix."""
        return self.view.name + self.suffix

    def table_name(self, table: str) -> str:
        """Return the name of one of the tables with its schema, as text."""
        return f"{self.schema}.{table}"

    def identifier(self, table: str) -> sql.Identifier:
        """Return the name of one of the tables, with its schema."""
        return sql.Identifier(self.schema, table)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Says up to which position of the log the tables of a view are current.

    `version` is the version of the view for which the tables were created. `position` is the last position of the log
    that is in them. `events` is the number of events that were applied to them; if it differs from `position`, an event
    was missed. While the tables are loaded (`is_loading`), `position` is the position that they will have at the end.
    `digest` is that of the event at the position: if the log has another one there, the tables are of another log.
    """

    version: int
    position: int
    events: int
    is_loading: bool = False
    digest: bytes = b""

    @property
    def mark(self) -> LogMark:
        """Return the mark of the last event that is in the tables, or will be when they are loaded."""
        return LogMark(self.position, self.digest)


async def read_checkpoint(connection: Connection, table_set: TableSet, *, locked: bool = False) -> Checkpoint | None:
    """Return the checkpoint of the tables; None if there are no tables.

    With `locked` the checkpoint is locked until the transaction ends.
    """
    query = "SELECT version, position, events, is_loading, digest FROM kiennghi_views.positions WHERE view = %s"
    cursor = await connection.execute(query + " FOR UPDATE" if locked else query, [table_set.key])
    row = await cursor.fetchone()
    return None if row is None else Checkpoint(*row)


async def create_checkpoint_tables(connection: Connection) -> None:
    """Create the tables `positions`, `ranges` and `set_aside` if they are missing.

    Call it inside a transaction. Until the transaction ends, no other one can create or replace tables of views.
    """
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext('kiennghi views'))")
    cursor = await connection.execute("SELECT to_regclass('kiennghi_views.set_aside') IS NULL")
    if await cursor.fetchone() == (True,):
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS kiennghi_views.positions ("
            " view text PRIMARY KEY, version integer NOT NULL, position bigint NOT NULL);"
            # Earlier programs counted no events and kept no digest; the tables that they made are replaced.
            "ALTER TABLE kiennghi_views.positions"
            " ADD COLUMN IF NOT EXISTS events bigint NOT NULL DEFAULT 0,"
            " ADD COLUMN IF NOT EXISTS is_loading boolean NOT NULL DEFAULT false,"
            " ADD COLUMN IF NOT EXISTS digest bytea NOT NULL DEFAULT '';"
            # The ranges of a bulk load: petitions from one id up to another (exclusive); events is null until loaded.
            "CREATE TABLE IF NOT EXISTS kiennghi_views.ranges ("
            " view text, first_id uuid, until_id uuid, events bigint, PRIMARY KEY (view, first_id));"
            # The streams of events that cannot be read, each with the first such position: see `set_aside`.
            "CREATE TABLE IF NOT EXISTS kiennghi_views.set_aside ("
            " stream uuid PRIMARY KEY, position bigint NOT NULL, reason text NOT NULL,"
            " set_aside_at timestamptz NOT NULL DEFAULT clock_timestamp())"
        )


async def create_tables(connection: Connection, table_set: TableSet, *, to_load: LogMark | None = None) -> Checkpoint:
    """Create empty tables in the place of existing ones, and return their checkpoint. Call it inside a transaction.

    The checkpoint is at position 0. With `to_load` the tables have no indexes yet and are marked as loading. The
    checkpoint is then at the mark `to_load`, up to which the caller must load the log.
    """
    await drop_tables(connection, table_set)
    await set_search_path(connection, table_set)
    tables, indexes = read_ddl(table_set.view)
    await connection.execute(tables if to_load is not None else tables + indexes)
    position, digest = to_load or BEGINNING
    checkpoint = Checkpoint(table_set.view.version, position, 0, to_load is not None, digest)
    await connection.execute(
        "INSERT INTO kiennghi_views.positions (view, version, position, events, is_loading, digest)"
        " VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (view) DO UPDATE SET version = excluded.version, position = excluded.position,"
        " events = excluded.events, is_loading = excluded.is_loading, digest = excluded.digest",
        [table_set.key, checkpoint.version, position, checkpoint.events, checkpoint.is_loading, digest],
    )
    return checkpoint


async def drop_tables(connection: Connection, table_set: TableSet) -> None:
    """Drop all existing tables of the set, including those of earlier versions."""
    for name in await find_tables(connection, table_set):
        await connection.execute(sql.SQL("DROP TABLE {}").format(name))


async def find_tables(connection: Connection, table_set: TableSet) -> list[sql.Identifier]:
    """Return the names of the existing tables of the set, of this version and of earlier ones."""
    names = [*(table.name for table in table_set.view.tables), *table_set.view.former_tables]
    cursor = await connection.execute(
        "SELECT n.name FROM unnest(%s::text[]) WITH ORDINALITY AS n (name, place)"
        " WHERE to_regclass(format('%%I.%%I', %s::text, n.name)) IS NOT NULL ORDER BY n.place",
        [names, table_set.schema],
    )
    return [table_set.identifier(name) for (name,) in await cursor.fetchall()]


class TableChange(NamedTuple):
    """Holds the row changes that a page, the events after one mark up to another, makes in one table set."""

    table_set: TableSet
    after: LogMark
    until: LogMark
    row_diff: RowDiff

    @property
    def events(self) -> int:
        """Return the number of events of the page."""
        return self.until.position - self.after.position


async def apply_changes(connection: Connection, *changes: TableChange) -> frozenset[str]:
    """Write the changes with one statement, and return the keys of the table sets that were written.

    A change is written only if the checkpoint of its tables is at the mark where the change starts. The statement
    does not wait for the disk: a crash of the server may undo rows and checkpoint together, and the events are then
    applied again.
    """
    advances = [
        {
            "name": change.table_set.view.name,
            "view": change.table_set.key,
            "version": change.table_set.view.version,
            "after": change.after.position,
            "after_digest": change.after.digest.hex(),
            "by": change.events,
            "digest": change.until.digest.hex(),
        }
        for change in changes
    ]
    statement, parameters = build_write_statement(
        [(change.table_set.view, change.row_diff) for change in changes], _ADVANCE_CHECKPOINTS
    )
    parameters["moving"] = json.encode(advances).decode()
    cursor = await connection.execute(statement, parameters, prepare=True)
    row = await cursor.fetchone()
    names = row[0] if row is not None and row[0] is not None else ()
    return frozenset(table_set.key for table_set, *_ in changes if table_set.view.name in names)


async def set_search_path(connection: Connection, table_set: TableSet) -> None:
    """Let the rest of the transaction use the tables of the set by names without a schema."""
    await connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(table_set.schema)))
