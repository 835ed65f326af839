"""Tests that lists and figures are read along their indexes, whatever the planner expects."""

from datetime import date

from domain.status import DueState
from projections.owed_sql import Selection
from projections.owed_statement import list_statement
from projections.owed_totals import Total
from projections.projection import Connection
from projections.standing_intervals import NEVER
from projections.unit_figures import unit_figures_on
from tests.domain.samples import RECEIVE, july
from tests.projections.history_builder import build_register, query_views

AUTUMN = date(2026, 10, 30)
_ENTER_LINES = """
    INSERT INTO unit_workload_lines (unit, counted_on, petition_id, line, figures, days_taken)
    SELECT 'so-mau', '2025-01-01'::date + n / 50, gen_random_uuid(), 1, 1, 5 FROM generate_series(1, 20000) AS g (n)
"""


def test_what_was_late_is_found_along_the_index(module_database: str) -> None:
    async def plan_of(connection: Connection, unit: str | None, states: frozenset[DueState]) -> str:
        await connection.execute("SET LOCAL enable_seqscan = off")
        statement = list_statement(Selection(states, unit=unit), total=Total.COUNTED, is_next=False)
        parameters = {"on": july(20), "soon": july(20), "never": NEVER, "limit": 51, "unit": unit}
        cursor = await connection.execute(f"EXPLAIN {statement}".encode(), parameters)
        return "\n".join(line for (line,) in await cursor.fetchall())

    async def compare(connection: Connection) -> None:
        late, every = frozenset({DueState.OVERDUE}), frozenset(DueState)
        for unit, states, used in (
            (None, late, ("overdue_past_late", "overdue_duties_late")),
            ("so-mau", late, ("overdue_past_late_of_unit", "overdue_duties_late")),
            (None, every, ("overdue_past_held", "overdue_duties_held")),
        ):
            plan = await plan_of(connection, unit, states)
            assert all(f"using {index} on" in plan for index in used), plan

    query_views(module_database, build_register([RECEIVE]), compare)


def test_the_table_of_today_looks_at_no_line_of_later_days(module_database: str) -> None:
    """A plan that is made without knowing the day must not look for later answers among all lines."""

    async def scans(connection: Connection) -> int:
        cursor = await connection.execute(
            "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relid = 'unit_workload_lines'::regclass"
        )
        ((found,),) = await cursor.fetchall()
        return int(found)

    async def scans_of_a_table(connection: Connection) -> int:
        await connection.execute(_ENTER_LINES)
        await connection.execute("ANALYZE unit_workload_lines")
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        connection.prepare_threshold = 0
        before = await scans(connection)
        await unit_figures_on(connection, AUTUMN, today=AUTUMN)
        return await scans(connection) - before

    assert query_views(module_database, build_register([RECEIVE]), scans_of_a_table) == 0
