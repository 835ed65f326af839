"""Tests that whatever differs between a view and the log is found and named."""

import json

import psycopg
import pytest

from domain.vocabulary import PetitionKind, Stage
from projections.projection import CounterTable
from projections.views import VIEWS
from service.commands.office import ApplicationService
from service.doctor import view_contents
from service.doctor.different_rows import DifferentRow
from service.doctor.finding import Finding, Verdict
from service.doctor.view_contents import compare_views, examine_view_contents
from service.projector.runner import ProjectionRunner
from tests.domain.samples import commands_to_stages
from tests.service.office_fixtures import VAULT_KEY, run_life_cycle, run_life_cycles

pytestmark = pytest.mark.anyio

DAMAGES = {
    "overdue": "UPDATE kiennghi_views.overdue SET unit = 'somebody meddled' WHERE ctid ="
    " (SELECT min(ctid) FROM kiennghi_views.overdue)",
    "hot_spots": "DELETE FROM kiennghi_views.hot_spots",
    "unit_workload": "UPDATE kiennghi_views.unit_workload SET received = received + 1 WHERE ctid ="
    " (SELECT min(ctid) FROM kiennghi_views.unit_workload)",
    "duplicates": "INSERT INTO kiennghi_views.duplicates SELECT (json_populate_record(d,"
    " json_build_object('petition_id', gen_random_uuid()))).* FROM kiennghi_views.duplicates AS d LIMIT 1",
}
"""A change of a row, of many rows, of a sum, and a row that nothing in the log explains, each in a view."""


CHANGED = {
    "text": "{0} || 'x'",
    "bytea": "{0} || 'x'::bytea",
    "boolean": "NOT {0}",
    "uuid": "gen_random_uuid()",
    "ARRAY": "{0} || {0}",
    "timestamp with time zone": "{0} + interval '1 microsecond'",
}
"""How a value of a type is changed; every other type is counted up by one."""


MADE_UP = {
    "text": "x",
    "bytea": "\\x00",
    "boolean": True,
    "uuid": "00000000-0000-0000-0000-000000000018",
    "ARRAY": "{}",
    "date": "2026-01-02",
    "timestamp with time zone": "2026-01-02T00:00:00Z",
    "smallint": 1,
    "integer": 1,
    "bigint": 1,
    "numeric": 1,
}
"""A value of each type, for a row that nothing in the log explains."""


async def assert_a_changed_row_of_each_table_is_named(database: str) -> None:
    """Change a value in a row of each table of each view, or add a row where there is none; exactly these are named."""
    async with await psycopg.AsyncConnection.connect(database) as owner:
        await owner.execute("SET search_path TO kiennghi_views")
        cursor = await owner.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'kiennghi_views'"
        )
        types = {(table, column): kind for table, column, kind in await cursor.fetchall()}
        changed = set()
        for view in VIEWS:
            for table in view.tables:
                for column in table.figures if isinstance(table, CounterTable) else table.columns:
                    key = ", ".join(table.key)
                    value = CHANGED.get(types[table.name, column], "{0} + 1").format(column)
                    cursor = await owner.execute(
                        f"UPDATE {table.name} SET {column} = {value} WHERE ctid = (SELECT min(ctid) FROM {table.name}"
                        f" WHERE {column} IS NOT NULL) RETURNING ROW({key})::text".encode()
                    )
                    if (row := await cursor.fetchone()) is not None:
                        changed.add((view.name, DifferentRow(table.name, row[0], (column,))))
                        break  # one column of each table: another row may hold a value of the next
                else:
                    columns = {column: MADE_UP[kind] for (name, column), kind in types.items() if name == table.name}
                    cursor = await owner.execute(
                        f"INSERT INTO {table.name} SELECT * FROM json_populate_record(NULL::{table.name}, %s)"
                        f" RETURNING ROW({', '.join(table.key)})::text".encode(),
                        [json.dumps(columns)],
                    )
                    ((added,),) = await cursor.fetchall()
                    changed.add((view.name, DifferentRow(table.name, added)))
        compared, not_whole = await compare_views(owner, VAULT_KEY)
        await owner.rollback()
    named = {(one.view.name, row) for one in compared for row in one.named}
    assert {name for name, _ in changed} >= {view.name for view in VIEWS}
    assert changed - named == set()
    assert {row.table for _, row in named - changed} <= {"unit_workload_medians"}  # they follow from changed sums
    assert not_whole == []


async def examine(office: ApplicationService, *, deep: bool) -> dict[str, Finding]:
    async with office.pool.connection() as connection, connection.transaction():
        found = await examine_view_contents(connection, VAULT_KEY, deep=deep)
    return {one.what.removeprefix("rows of "): one for one in found}


async def test_a_view_that_differs_from_the_log_is_named_with_what_differs(
    office: ApplicationService, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        await run_life_cycles(office, 44)
        await run_life_cycle(office, commands_to_stages(PetitionKind.COMPLAINT)[Stage.CLOSED])
        assert await views.wait_until_current(60)
    found = await examine(office, deep=True)
    assert {name: one.found for name, one in found.items() if not one.is_well} == {}
    assert set(found) == {view.name for view in VIEWS}
    await assert_a_changed_row_of_each_table_is_named(database)

    with psycopg.connect(database, autocommit=True) as owner:
        for damage in DAMAGES.values():
            assert owner.execute(damage.encode()).rowcount > 0
    found = await examine(office, deep=True)
    assert {name for name, one in found.items() if one.verdict is Verdict.WRONG} == set(DAMAGES)
    assert "1 differ from the log, first overdue (" in found["overdue"].found
    assert "kiennghi rebuild unit_workload" in found["unit_workload"].found

    monkeypatch.setattr(view_contents, "POSITIONS_SAMPLED", 20)
    sampled = await examine(office, deep=False)
    assert "of some petitions" in sampled["overdue"].found
    assert sampled["hot_spots"].verdict is Verdict.WRONG  # all its rows are gone


async def test_without_the_vault_key_nothing_is_compared_and_that_is_said(
    office: ApplicationService, database: str
) -> None:
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        assert await views.wait_until_current(60)
    async with office.pool.connection() as connection:
        found = await examine_view_contents(connection, None, deep=True)
    assert [one.verdict for one in found] == [Verdict.BEWARE]
