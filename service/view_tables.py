"""The tables of the views: made, followed page by page, and where each of them stands in the log."""

from dataclasses import dataclass

from psycopg import sql

from projections.projection import Connection, Page, Projection, ddl

SERVING = "kiennghi_views"


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
    """Of tables: the version they were made in, and the last position of the log that is in them."""

    version: int
    position: int


async def standing_of(connection: Connection, place: Place, *, locked: bool = False) -> Standing | None:
    """None when there are no tables; `locked` until the transaction ends."""
    query = "SELECT version, position FROM kiennghi_views.positions WHERE view = %s"
    cursor = await connection.execute(query + " FOR UPDATE" if locked else query, [place.key])
    row = await cursor.fetchone()
    return None if row is None else Standing(*row)


async def make_positions(connection: Connection) -> None:
    """The table of positions. Inside a transaction, which then is the only one that makes or replaces tables."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtext('kiennghi views'))")
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS kiennghi_views.positions ("
        " view text PRIMARY KEY, version integer NOT NULL, position bigint NOT NULL)"
    )


async def begin(connection: Connection, place: Place) -> int:
    """Empty tables at position 0, in the place of any there are. Inside a transaction."""
    await drop(connection, place)
    await _look_into(connection, place)
    await connection.execute(ddl(place.view))
    await connection.execute(
        "INSERT INTO kiennghi_views.positions (view, version, position) VALUES (%s, %s, 0)"
        " ON CONFLICT (view) DO UPDATE SET version = excluded.version, position = 0",
        [place.key, place.view.version],
    )
    return 0


async def drop(connection: Connection, place: Place) -> None:
    for table in place.view.tables:
        name = sql.Identifier(place.schema, table)
        await connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))


async def apply(connection: Connection, place: Place, page: Page, position: int) -> int | None:
    """Apply a page that begins after `position`; where the tables then are, whoever moved them.

    None when there are no tables of this version any more.
    """
    async with connection.transaction():
        # No wait for the disk: what a crash takes back, rows and position alike, is applied again from the log.
        await connection.execute("SET LOCAL synchronous_commit = off")
        found = await standing_of(connection, place, locked=True)
        if found is None or found.version != place.view.version:
            return None
        if found.position != position:
            return found.position  # another process was first, or the view was begun anew
        await _look_into(connection, place)
        await place.view.apply(connection, page)
        reached = page[-1].position
        assert reached is not None
        await connection.execute(
            "UPDATE kiennghi_views.positions SET position = %s WHERE view = %s", [reached, place.key]
        )
        return reached


async def _look_into(connection: Connection, place: Place) -> None:
    await connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(place.schema)))
