"""Reads the cases of imports from the log: which run brought them, who worked on them since, which were withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import class_row

from domain.import_withdrawals.decide import ImportedPetition
from projections.projection import Connection

_IS_WITHDRAWN = """EXISTS (
        SELECT FROM kiennghi.log AS later WHERE later.stream = receipt.stream
            AND later.topic = (SELECT number FROM kiennghi.topics WHERE topic = 'ImportWithdrawn')
    )"""
# Nobody worked on a petition whose commands came from imports and alerts alone, or carried out an approved change,
# which has a digest of 16 bytes. An event that a command on another petition caused counts by that command.
_IS_TOUCHED = """EXISTS (
        SELECT FROM kiennghi.log AS event
        JOIN kiennghi.log AS by ON by.command_id = event.command_id AND by.request_digest IS NOT NULL
        WHERE event.stream = receipt.stream AND octet_length(by.request_digest) <> 16
            AND convert_from(by.context, 'UTF8')::jsonb #>> '{via,door}' <> ALL ('{import,alerts}')
    )"""
_RECEIPTS = """
    FROM kiennghi.log AS receipt
    JOIN kiennghi.officers AS importer ON importer.number = receipt.officer
    JOIN kiennghi.log AS done ON done.command_id = receipt.command_id AND done.request_digest IS NOT NULL
    CROSS JOIN LATERAL (
        SELECT convert_from(receipt.state, 'UTF8')::jsonb AS fact,
            convert_from(done.context, 'UTF8')::jsonb #>> '{via,run}' AS run
    ) AS said
    WHERE receipt.version = 1 AND position('"source":'::bytea IN receipt.state) > 0
        AND receipt.topic = (SELECT number FROM kiennghi.topics WHERE topic = 'PetitionReceived')
"""
_OF_IMPORT = f"""{_RECEIPTS}
        AND said.fact #>> '{{source,name}}' = %(source)s AND receipt.position <= %(up_to)s
        AND (%(run)s::text IS NULL OR said.run = %(run)s) AND NOT {_IS_WITHDRAWN}
"""
_SELECT_PETITIONS = f"""
    SELECT receipt.stream AS petition_id, receipt.reference, said.fact #>> '{{source,key}}' AS key,
        (said.fact ->> 'occurred_on')::date AS received_on, {_IS_TOUCHED} AS is_touched
    {_OF_IMPORT}
    ORDER BY is_touched DESC, receipt.position
"""
_SELECT_IDS = f"SELECT receipt.stream {_OF_IMPORT} ORDER BY receipt.position"
_SELECT_TOUCHED = f"SELECT {_IS_TOUCHED} FROM (SELECT %s::uuid) AS receipt (stream)"  # noqa: S608
_SELECT_RUNS = f"""
    SELECT said.fact #>> '{{source,name}}' AS source, said.run, min(receipt.recorded_at) AS began_at,
        min(importer.officer) AS officer, count(*) AS cases, count(*) FILTER (WHERE {_IS_WITHDRAWN}) AS withdrawn
    {_RECEIPTS}
    GROUP BY 1, 2 ORDER BY 3, 1, 2
"""


@dataclass(frozen=True, slots=True)
class ImportRun:
    """Holds one run of the import of a source, and how many of its cases were withdrawn.

    `began_at` is in UTC; `run` is None where nothing recorded it.
    """

    source: str
    run: str | None
    began_at: datetime
    officer: str
    cases: int
    withdrawn: int


async def read_import_runs(connection: Connection) -> list[ImportRun]:
    """Return every run that brought a case, the earliest first. The whole log is read."""
    async with connection.cursor(row_factory=class_row(ImportRun)) as cursor:
        await cursor.execute(_SELECT_RUNS)
        return await cursor.fetchall()


async def read_imported_petitions(
    connection: Connection, source: str, run: UUID | None, up_to: int
) -> tuple[ImportedPetition, ...]:
    """Return the cases of the source that are not withdrawn, those that somebody worked on first.

    Of all runs where `run` is None. `up_to` is the last position of the log that counts.
    """
    async with connection.cursor(row_factory=class_row(ImportedPetition)) as cursor:
        await cursor.execute(_SELECT_PETITIONS, _import_parameters(source, run, up_to))
        return tuple(await cursor.fetchall())


async def read_imported_ids(connection: Connection, source: str, run: UUID | None, up_to: int) -> list[UUID]:
    """Return the ids of the same petitions, in the order of the log."""
    cursor = await connection.execute(_SELECT_IDS, _import_parameters(source, run, up_to), binary=True)
    return [petition_id for (petition_id,) in await cursor.fetchall()]


async def is_touched(connection: Connection, petition_id: UUID) -> bool:
    """Return True if somebody worked on the petition since it was imported."""
    row = await (await connection.execute(_SELECT_TOUCHED, [petition_id])).fetchone()
    return row is not None and bool(row[0])


def _import_parameters(source: str, run: UUID | None, up_to: int) -> Mapping[str, object]:
    return {"source": source, "run": None if run is None else str(run), "up_to": up_to}
