"""Counts what is wrong with a database after a fault, by queries on its tables and not by the service's code."""

from collections import Counter
from collections.abc import Collection, Iterable
from uuid import UUID

import psycopg
from psycopg import sql

from projections.projection import Connection, EventPage
from tests.faults.commands.clients import Promise
from tests.faults.harness import CheckResult
from tests.projections.history_builder import put_into_tables

_LOST = """
    SELECT count(*) FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::bigint[], %s::bigint[])
        AS p (command_id, petition_id, reference, version, position)
    WHERE NOT EXISTS (
        SELECT FROM kiennghi.log AS l
        JOIN kiennghi.log AS receipt ON receipt.stream = l.stream AND receipt.version = 1
        WHERE l.position = p.position AND l.command_id = p.command_id
        AND l.stream = p.petition_id AND l.version = p.version AND receipt.reference = p.reference)
"""
# Each command that the clients send is one event.
_DOUBLED = """
    SELECT count(*) FROM (SELECT FROM kiennghi.log GROUP BY command_id HAVING count(*) > 1) AS twice
"""
_NEVER_SENT = "SELECT count(*) FROM kiennghi.log WHERE command_id <> ALL (%s::uuid[])"
_POSITIONS = """
    SELECT (SELECT position FROM kiennghi.log_head) - count(*), coalesce(max(position), 0) - count(*)
    FROM kiennghi.log
"""
_VERSIONS = """
    SELECT count(*) FROM (SELECT FROM kiennghi.log GROUP BY stream
    HAVING count(*) <> max(version) OR min(version) <> 1) AS broken
"""
_COMMANDS = """
    SELECT count(*) FROM (
        SELECT request_digest, lead(command_id) OVER (ORDER BY position) IS DISTINCT FROM command_id AS is_last
        FROM kiennghi.log) AS l
    WHERE l.is_last <> (l.request_digest IS NOT NULL)
"""
_REGISTERS = """
    SELECT coalesce(sum(abs(r.last_number - given)), 0)
    FROM (SELECT r.book, r.year, r.last_number, count(DISTINCT l.reference) FILTER (
            WHERE substring(l.reference FROM '[0-9]+$')::integer BETWEEN 1 AND r.last_number) AS given
        FROM kiennghi.registers AS r LEFT JOIN kiennghi.log AS l
        ON starts_with(l.reference, r.book || '-' || r.year || '-') GROUP BY r.book, r.year, r.last_number) AS r
"""
_UNNUMBERED = """
    SELECT count(*) FROM kiennghi.readable_log
    WHERE (topic IN ('PetitionReceived', 'MatterOpened', 'StageOpened')) <> (reference IS NOT NULL)
"""
# One petitioner a receipt: the vault's rows are written with the event or not at all.
_IDENTITIES = """
    SELECT abs((SELECT count(*) FROM kiennghi.readable_log WHERE topic = 'PetitionReceived') - count(k.petitioner_ref))
        + count(*) FILTER (WHERE k.petitioner_ref IS NULL)
    FROM kiennghi_vault.identities AS i LEFT JOIN kiennghi_vault.identity_keys AS k USING (petitioner_ref)
"""


def check_log(dsn: str, promises: Collection[Promise], sent: Iterable[UUID]) -> CheckResult:
    """Compare the log with what clients were promised, with the ids of all commands sent, and with other tables."""
    with psycopg.connect(dsn) as connection:

        def count(query: str, *parameters: object) -> int:
            row = connection.execute(query.encode(), parameters).fetchone()
            assert row is not None
            return sum(abs(int(number)) for number in row)

        wrongs = Counter(
            promised_and_lost=count(
                _LOST,
                [p.command_id for p in promises],
                [p.petition_id for p in promises],
                [p.reference for p in promises],
                [p.version for p in promises],
                [p.position for p in promises],
            ),
            doubled=count(_DOUBLED),
            never_sent=count(_NEVER_SENT, list(sent)),
            holes_in_positions=count(_POSITIONS),
            broken_histories=count(_VERSIONS),
            commands_not_ended=count(_COMMANDS),
            numbers_missing=count(_REGISTERS),
            receipts_without_number=count(_UNNUMBERED),
            identities_apart_from_the_log=count(_IDENTITIES),
        )
    return CheckResult(wrongs)


_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'p') ORDER BY relname"
)
# A table of sums: whole numbers behind its key and nothing else.
_SUMS = """
    SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute AS a
    LEFT JOIN pg_index AS i ON i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)
    WHERE a.attrelid = format('kiennghi_views.%%I', %s::text)::regclass AND a.attnum > 0 AND NOT a.attisdropped
    AND i.indrelid IS NULL
    HAVING bool_and(a.atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype))
"""


async def views_unlike_the_log(connection: Connection, log: EventPage) -> list[str]:
    """Return the tables of views that differ in any row from a fold of the whole log.

    A row of sums that are all 0 does not count: whether there is one depends on how the log was cut into pages.
    """
    async with connection.transaction(force_rollback=True):
        await connection.execute("SET LOCAL ROLE kiennghi_projector")  # nobody else makes tables there
        await connection.execute("SET LOCAL search_path = kiennghi_rebuild")
        await put_into_tables(connection, log)
        cursor = await connection.execute(_TABLES, ["kiennghi_rebuild"])
        tables = [table for (table,) in await cursor.fetchall()]
        assert tables, "there is nothing to compare"
        return [
            table
            for table in tables
            if await _hash_table(connection, "kiennghi_views", table)
            != await _hash_table(connection, "kiennghi_rebuild", table)
        ]


async def _hash_table(connection: Connection, schema: str, table: str) -> object:
    """Return the number of rows and a sum of their hashes, which does not depend on their order."""
    (sums,) = await (await connection.execute(_SUMS, [table])).fetchone() or (None,)
    says_something = sql.SQL(" OR ").join(sql.SQL("t.{} <> 0").format(sql.Identifier(name)) for name in sums or ())
    cursor = await connection.execute(
        sql.SQL("SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {} AS t WHERE {}").format(
            sql.Identifier(schema, table), says_something if sums else sql.SQL("true")
        )
    )
    return await cursor.fetchone()
