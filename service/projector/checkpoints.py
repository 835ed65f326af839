"""The tables of the views: made, followed page by page, and where each of them stands in the log."""

from dataclasses import dataclass
from typing import LiteralString, NamedTuple

from msgspec import json
from psycopg import sql

from projections.projection import Connection, Projection, ddl
from service.projector.row_diff import Difference, written

SERVING = "kiennghi_views"

# Only from where a view was: the statement of a page does nothing if another process has moved it. In the order of the
# names, or two processes that move several would wait for each other.
_MOVE: LiteralString = """
    UPDATE kiennghi_views.positions AS p SET position = p.position + held.by, events = p.events + held.by
    FROM (
        SELECT m.name, q.view, m.by
        FROM json_to_recordset(%(moving)s) AS m (name text, view text, version integer, after bigint, by bigint)
        JOIN kiennghi_views.positions AS q USING (view, version)
        WHERE q.position = m.after AND NOT q.is_loading
        ORDER BY q.view FOR UPDATE OF q
    ) AS held
    WHERE p.view = held.view RETURNING held.name
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the tables of a view are, and under which name `positions` says how far they are."""

    view: Projection
    schema: str = SERVING
    suffix: str = ""

    @property
    def key(self) -> str:
        return self.view.name + self.suffix


@dataclass(frozen=True, slots=True)
class Standing:
    """Of tables: the version they were made in, the last position of the log that is in them, and how many events went
    into them: as many as the position says, or something was missed.
    While they are loaded, the position is that which they will have in the end.
    """

    version: int
    position: int
    events: int
    is_loading: bool = False


async def standing_of(connection: Connection, place: Place, *, locked: bool = False) -> Standing | None:
    """None when there are no tables; `locked` until the transaction ends."""
    query = "SELECT version, position, events, is_loading FROM kiennghi_views.positions WHERE view = %s"
    cursor = await connection.execute(query + " FOR UPDATE" if locked else query, [place.key])
    row = await cursor.fetchone()
    return None if row is None else Standing(*row)


async def make_positions(connection: Connection) -> None:
    """The table of positions. Inside a transaction, which then is the only one that makes or replaces tables."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext('kiennghi views'))")
    cursor = await connection.execute(
        "SELECT FROM pg_attribute WHERE attrelid = to_regclass('kiennghi_views.positions') AND attname = 'is_loading'"
    )
    if cursor.rowcount == 0:
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS kiennghi_views.positions ("
            " view text PRIMARY KEY, version integer NOT NULL, position bigint NOT NULL);"
            # Earlier programs counted no events: their tables are of an earlier version, and give way.
            "ALTER TABLE kiennghi_views.positions"
            " ADD COLUMN events bigint NOT NULL DEFAULT 0, ADD COLUMN is_loading boolean NOT NULL DEFAULT false;"
            # What is still to be loaded: petitions from one id up to another, and how many events that were.
            "CREATE TABLE kiennghi_views.ranges ("
            " view text, first_id uuid, until_id uuid, events bigint, PRIMARY KEY (view, first_id))"
        )


async def begin(connection: Connection, place: Place, *, to_load: int | None = None) -> Standing:
    """Empty tables, in the place of any there are: at position 0, or without their indexes to load the log into them
    up to the position. Inside a transaction.
    """
    await drop(connection, place)
    await look_into(connection, place)
    tables, indexes = ddl(place.view)
    await connection.execute(tables if to_load is not None else tables + indexes)
    standing = Standing(place.view.version, to_load or 0, 0, to_load is not None)
    await connection.execute(
        "INSERT INTO kiennghi_views.positions (view, version, position, events, is_loading) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (view) DO UPDATE SET version = excluded.version, position = excluded.position,"
        " events = excluded.events, is_loading = excluded.is_loading",
        [place.key, standing.version, standing.position, standing.events, standing.is_loading],
    )
    return standing


async def drop(connection: Connection, place: Place) -> None:
    for name in await tables_of(connection, place):
        await connection.execute(sql.SQL("DROP TABLE {}").format(name))


async def tables_of(connection: Connection, place: Place) -> list[sql.Identifier]:
    """Those that are there, of this version and of earlier ones."""
    names = [*(table.name for table in place.view.tables), *place.view.former_tables]
    cursor = await connection.execute(
        "SELECT n.name FROM unnest(%s::text[]) WITH ORDINALITY AS n (name, place)"
        " WHERE to_regclass(format('%%I.%%I', %s::text, n.name)) IS NOT NULL ORDER BY n.place",
        [names, place.schema],
    )
    return [sql.Identifier(place.schema, name) for (name,) in await cursor.fetchall()]


class Change(NamedTuple):
    """What so many `events` after a position, those of a page, have changed in the tables of a view."""

    place: Place
    position: int
    events: int
    difference: Difference


async def apply(connection: Connection, *changes: Change) -> frozenset[str]:
    """Write what has changed, each view's from where its tables are; the keys of those places of which this is so.

    One statement, and no wait for the disk: what a crash takes back, rows and position alike, is applied again.
    """
    moving = [
        {"name": place.view.name, "view": place.key, "version": place.view.version, "after": position, "by": events}
        for place, position, events, _ in changes
    ]
    statement, asked = written([(place.view, difference) for place, _, _, difference in changes], _MOVE)
    asked["moving"] = json.encode(moving).decode()
    cursor = await connection.execute(statement, asked, prepare=True)
    row = await cursor.fetchone()
    names = row[0] if row is not None and row[0] is not None else ()
    return frozenset(place.key for place, *_ in changes if place.view.name in names)


async def look_into(connection: Connection, place: Place) -> None:
    await connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(place.schema)))
