"""Checks that the named events explain exactly the difference between two replays."""

from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from random import Random

import pytest

from domain.status import DueState
from projections.projection import Connection
from projections.unit_figures import SUMMED_FIGURES, UnitFigures, sums_by_heir, unit_figures_between, unit_figures_on
from service.commands.office import ApplicationService
from service.known_at.past_views import past_snapshot
from service.known_at.restatement import MEDIAN, CellOfFigures, OwedLine, restate_figures, restate_list
from service.projector.runner import ProjectionRunner
from tests.domain.scenario import MONDAY, TODAY
from tests.service.known_at.past_log import random_register, record, replayed
from tests.service.known_at.test_past_views import whole_list
from tests.service.office_fixtures import open_office

pytestmark = pytest.mark.anyio

DAYS = [MONDAY, MONDAY + timedelta(days=9), TODAY + timedelta(days=60)]


async def figures(connection: Connection, first: date | None, last: date) -> list[UnitFigures]:
    if first is None:
        return await unit_figures_on(connection, last)
    return await unit_figures_between(connection, first, last)


async def sums(connection: Connection, first: date | None, last: date) -> Counter[tuple[str, str]]:
    """Return the sums of each unit, also of one whose petitions only came and went: the table leaves it out."""
    cells: Counter[tuple[str, str]] = Counter()
    for row in await sums_by_heir(connection, first, last):
        cells.update({(row["unit"], figure): row[figure] for figure in SUMMED_FIGURES})
    return cells


def difference(now: Counter[tuple[str, str]], then: Counter[tuple[str, str]]) -> dict[tuple[str, str], int]:
    return {cell: by for cell in {**now, **then} if (by := now[cell] - then[cell])}


async def assert_figures_explained(office: ApplicationService, known: int, first: date | None, last: date) -> None:
    async with past_snapshot(office.pool) as connection:
        found = await restate_figures(connection, known, first, last)
        now, sums_now = await figures(connection, first, last), await sums(connection, first, last)
    async with replayed(office, known) as connection:
        then, sums_then = await figures(connection, first, last), await sums(connection, first, last)
    told: Counter[tuple[str, str]] = Counter()
    for one in found.events:
        assert one.event.position is not None
        assert one.event.position > known
        for cell, by in one.effects:
            assert isinstance(cell, CellOfFigures)
            if cell.figure != MEDIAN:
                told[cell.unit, cell.figure] += by
    assert {cell: by for cell, by in told.items() if by} == difference(sums_now, sums_then)
    before, after = ({line.unit: asdict(line) for line in lines} for lines in (then, now))
    assert {(one.unit, one.figure): (one.then, one.now) for one in found.figures} == {
        (unit, figure): values
        for unit in {**before, **after}
        for figure in {**before.get(unit, {}), **after.get(unit, {})}
        if figure != "unit"
        and any(values := (before.get(unit, {}).get(figure), after.get(unit, {}).get(figure)))
        and (values[0] or None) != (values[1] or None)
    }
    moved = {one.unit for one in found.figures if one.figure == MEDIAN}
    assert moved <= {cell.unit for one in found.events for cell, _ in one.effects if cell.figure == MEDIAN}


async def assert_list_explained(office: ApplicationService, known: int, on: date) -> None:
    states = set(DueState)
    soon = on + timedelta(days=5)
    async with past_snapshot(office.pool) as connection:
        found = await restate_list(connection, known, on, soon_until=soon, unit=None, states=states, owed=None)
        _, now = await whole_list(connection, office.texts, on, None, list(DueState))
    async with replayed(office, known) as connection:
        _, then = await whole_list(connection, office.texts, on, None, list(DueState))
    lines = Counter(
        (one.event.originator_id, line) for one in found.events for line, by in one.effects for _ in range(max(by, 0))
    )
    lines.subtract(
        (one.event.originator_id, line) for one in found.events for line, by in one.effects for _ in range(max(-by, 0))
    )
    wanted = Counter((item.petition_id, OwedLine(item.unit, item.owed, item.due_on, item.state)) for item in now)
    wanted.subtract((item.petition_id, OwedLine(item.unit, item.owed, item.due_on, item.state)) for item in then)
    assert {line: by for line, by in lines.items() if by} == {line: by for line, by in wanted.items() if by}


@pytest.mark.parametrize("seed", range(10, 13))
async def test_the_named_events_make_the_whole_difference(database: str, seed: int) -> None:
    random = Random(seed)
    register = random_register(random, 12, 5)
    async with open_office(database) as office:
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
            await record(office, database, register.log)
            assert await views.wait_until_current(20)
        for known in (0, *random.sample(range(1, len(register.log)), 4)):
            for on in DAYS:
                for first in (None, on - timedelta(days=40)):
                    await assert_figures_explained(office, known, first, on)
                await assert_list_explained(office, known, on)
