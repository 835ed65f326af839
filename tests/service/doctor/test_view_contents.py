"""Tests that whatever differs between a view and the log is found and named."""

import psycopg
import pytest

from domain.vocabulary import PetitionKind, Stage
from projections.views import VIEWS
from service.commands.office import ApplicationService
from service.doctor import view_contents
from service.doctor.finding import Finding, Verdict
from service.doctor.view_contents import examine_view_contents
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
