"""Keeps dumps of the demonstration in the forms in which they were stored: `python -m tests.upgrade.dumps` adds one.

A dump is data alone: the rows of every table of the log and of the vault, and which migrations the database had. From
it a database is made as it was then, and every later migration and upcaster is tried on it. A dump is never changed;
a new one is added when a migration or a stored form is.
"""

import asyncio
import io
import json
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from domain.evolve import fold
from domain.vocabulary import PetitionId
from service.commands.office import ApplicationService
from service.config.law_files import national_law
from service.config.settings import Settings
from service.demo import load_province
from service.postgres.embedded.server import embedded_postgres
from service.postgres.migrate import GRANTS_MIGRATIONS, migrate_database

FOLDER = Path(__file__).parent
VAULT_KEY = b"k" * 32
"""Key that wraps the keys in every dump."""

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SCHEMAS = ("kiennghi", "kiennghi_vault")
_MANIFEST = "manifest.json"
_TABLES = """
    SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum)
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = ''
    WHERE c.relkind = 'r' AND n.nspname = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2
"""


def paths() -> list[Path]:
    """Return the dumps, the oldest first."""
    return sorted(FOLDER.glob("demonstration-*.tar.xz"))


def write(dsn: str, path: Path, figures: dict[str, Any]) -> None:
    """Write the rows of the database, with its migrations and the figures that must come out of it again."""
    with psycopg.connect(dsn) as connection, tarfile.open(path, "w:xz") as archive:
        applied: dict[str, str] = dict(connection.execute("SELECT name, checksum FROM kiennghi.migrations").fetchall())
        for grants in GRANTS_MIGRATIONS:
            applied.pop(grants, None)
        tables = {}
        for schema, table, columns in connection.execute(_TABLES, [list(SCHEMAS)]).fetchall():
            if table == "migrations":
                continue
            tables[f"{schema}.{table}"] = columns
            statement = sql.SQL("COPY {} ({}) TO STDOUT").format(
                sql.Identifier(schema, table), sql.SQL(", ").join(map(sql.Identifier, columns))
            )
            with connection.cursor().copy(statement) as rows:
                _add(archive, f"{schema}.{table}", b"".join(bytes(row) for row in rows))
        manifest = {"migrations": applied, "tables": tables, "figures": figures}
        _add(archive, _MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())


def restore(dsn: str, path: Path) -> dict[str, Any]:
    """Make the database of a dump in an empty one, and return the figures that must come out of it.

    Raise ValueError if a migration that the dump had is not there any more as it was.
    """
    with tarfile.open(path) as archive:
        manifest = json.loads(_read(archive, _MANIFEST))
        with psycopg.connect(dsn) as connection:
            connection.execute("CREATE SCHEMA kiennghi")
            connection.execute(
                "CREATE TABLE kiennghi.migrations (name text PRIMARY KEY, checksum text NOT NULL,"
                " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())"
            )
            for migration in _migrations():
                if migration.name in manifest["migrations"]:
                    if migration.checksum != manifest["migrations"][migration.name]:
                        raise ValueError(f"{migration.name} was changed after {path.name} was made with it")
                    connection.execute(migration.sql.encode())
                    connection.execute(
                        "INSERT INTO kiennghi.migrations (name, checksum) VALUES (%s, %s)",
                        [migration.name, migration.checksum],
                    )
            for table, columns in manifest["tables"].items():
                name = sql.Identifier(*table.split("."))
                copied = sql.SQL("COPY {} ({}) FROM STDIN").format(
                    name, sql.SQL(", ").join(map(sql.Identifier, columns))
                )
                has_rows = table in _ROWS_OF_MIGRATIONS
                with (
                    _emptied(connection, table) if has_rows else nullcontext(),
                    connection.cursor().copy(copied) as rows,
                ):
                    rows.write(_read(archive, table))
    figures: dict[str, Any] = manifest["figures"]
    return figures


_ROWS_OF_MIGRATIONS = {"kiennghi.log_head", "kiennghi.categories", "kiennghi.alert_clock"}
"""Tables in which migrations have put rows that a dump has too."""


@contextmanager
def _emptied(connection: psycopg.Connection[Any], table: str) -> Iterator[None]:
    """Empty a table whose triggers refuse that, and put the triggers back as they were afterwards."""
    name = sql.Identifier(*table.split("."))
    triggers = connection.execute(
        "SELECT tgname, tgenabled = 'A' FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
    ).fetchall()
    connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    connection.execute(sql.SQL("DELETE FROM {}").format(name))
    yield
    for trigger, is_always in triggers:
        enabling = sql.SQL(
            "ALTER TABLE {} ENABLE ALWAYS TRIGGER {}" if is_always else "ALTER TABLE {} ENABLE TRIGGER {}"
        )
        connection.execute(enabling.format(name, sql.Identifier(trigger)))


async def figures_of(office: ApplicationService) -> dict[str, Any]:
    """Return figures that follow from every event: petitions by stage, references, days owed, and texts."""
    head = await office.histories.last_position()
    async with office.pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT l.stream FROM kiennghi.log AS l JOIN kiennghi.categories AS c ON c.number = l.category"
            " WHERE l.version = 1 AND c.category = 'petition' ORDER BY l.position"
        )
        streams = [PetitionId(stream) for (stream,) in await cursor.fetchall()]
    stages: Counter[str] = Counter()
    due_on: Counter[str] = Counter()
    characters = events = 0
    for stream in streams:
        history = await office.queries.history(stream)
        petition = fold(history)
        assert petition is not None
        events += len(history)
        stages[petition.stage] += 1
        characters += len(petition.opening.summary) + len(petition.opening.place)
        if petition.status.due_on is not None:
            due_on[str(petition.status.due_on)] += 1
    return {
        "events": head,
        "petition_events": events,
        "petitions": len(streams),
        "stages": dict(sorted(stages.items())),
        "due_on": dict(sorted(due_on.items())),
        "characters": characters,
    }


def main() -> None:
    """Load the demonstration into a server of its own and write a dump with the next number."""
    path = FOLDER / f"demonstration-{len(paths()) + 1}.tar.xz"
    with tempfile.TemporaryDirectory() as home, embedded_postgres(Path(home) / "postgres", fsync=False) as dsn:
        migrate_database(dsn)

        async def load() -> dict[str, Any]:
            async with open_office(dsn) as office:
                await load_province(office)
                return await figures_of(office)

        write(dsn, path, asyncio.run(load()))
    print(f"{path.name}: {path.stat().st_size:,} bytes", file=sys.stderr)


def open_office(dsn: str) -> Any:
    """Return an office on the database of a dump, on the day on which dumps are made."""
    return ApplicationService.open(dsn, Settings(), vault_key=VAULT_KEY, law=national_law(), clock=lambda: NOW)


def _migrations() -> Iterator[Any]:
    from service.postgres import migrate

    yield from migrate._numbered_files()


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    assert member is not None
    return member.read()


if __name__ == "__main__":
    main()
