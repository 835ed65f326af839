"""Compares lists and figures as they were known with a true replay of the log up to that position."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, product
from random import Random
from typing import Any

import pytest

from domain.status import DueState
from domain.vocabulary import PetitionKind
from projections import owed_list, unit_figures, units_by_successor
from projections.counted_cases import FIGURES_WITH_LIST, CountedCase, counted_cases
from projections.owed_list import OverdueItem
from projections.owed_sql import Owed
from projections.past_rows import PastRows
from projections.projection import Connection, TextReader
from projections.unit_figures import UnitFigures
from service.commands.office import ApplicationService
from service.known_at.past_views import past_cases, past_figures, past_list, past_snapshot
from service.known_at.texts_then import TextsThen
from service.projector.runner import ProjectionRunner
from tests.domain.scenario import MONDAY, TODAY, UNITS
from tests.examples import PROFILE
from tests.service.known_at.past_log import random_register, record, replayed
from tests.service.office_fixtures import open_office

pytestmark = pytest.mark.anyio

PETITIONS, ACTS = 14, 5
MOMENTS = 6 if PROFILE == "deep" else 3
"""Positions between the beginning and the end of a log, which are asked about in every run too."""
DAYS = [MONDAY - timedelta(days=20), MONDAY, MONDAY + timedelta(days=9), TODAY, TODAY + timedelta(days=60)]
FILTERS: list[dict[str, Any]] = [
    *({"owed": owed} for owed in Owed),
    *({"kind": kind} for kind in PetitionKind),
    {"kind": PetitionKind.COMPLAINT, "owed": Owed.DUTY, "waiting": False},
    *({"officer": officer} for officer in ("chuyen-vien", "nobody")),
    *({"waiting": waiting} for waiting in (True, False)),
    {"today": date.min},
]
COUNTED_FILTERS: list[dict[str, Any]] = [
    {}, {"unit": "so-mau"}, {"kind": PetitionKind.COMPLAINT}, {"unit": "", "officer": "chuyen-vien"},
]  # fmt: skip
SUMMED_STATES = [[DueState.OVERDUE], [DueState.SUSPENDED, DueState.NO_LIMIT_SET], [DueState.DUE_TODAY], list(DueState)]
UNITS_ASKED = [None, "so-mau", "so-khac-moi", ""]


async def whole_list(
    connection: Connection,
    texts: TextReader,
    on: date,
    unit: str | None,
    states: list[DueState],
    past: PastRows | None = None,
    *,
    owed: Owed | None = None,
    officer: str | None = None,
    kind: str | None = None,
    waiting: bool | None = None,
    today: date | None = None,
) -> tuple[int, list[OverdueItem]]:
    """Return the total and the lines of all pages, of three lines each."""
    items: list[OverdueItem] = []
    after = None
    while True:
        page = await owed_list.overdue_on(
            connection, texts, on, soon_until=on + timedelta(days=5), unit=unit, states=states, after=after, limit=3,
            past=past, owed=owed, officer=officer, kind=kind, waiting=waiting, today=today,
        )  # fmt: skip
        items += page.items
        after = page.next
        if after is None:
            return page.total, items


async def assert_day_sums_are_counted(connection: Connection, texts: TextReader) -> None:
    """Assert that a total that is read from the figures of a day is the number of its lines."""
    for on, unit, owed, states in product(DAYS[1:4], UNITS_ASKED[:2], (None, *Owed), SUMMED_STATES):
        totals = {
            has_sums: (
                await owed_list.overdue_on(
                    connection, texts, on, soon_until=on, unit=unit, owed=owed, states=states, limit=1,
                    has_day_sums=has_sums,
                )
            ).total
            for has_sums in (False, True)
        }  # fmt: skip
        assert totals[True] == totals[False], (on, unit, owed, states)


async def figures(
    connection: Connection, first: date | None, last: date, past: PastRows | None = None
) -> list[UnitFigures]:
    if first is None:
        return await unit_figures.unit_figures_on(connection, last, past=past)
    return await unit_figures.unit_figures_between(connection, first, last, past=past)


async def whole_counted_list(
    connection: Connection, texts: TextReader, figure: str, first: date | None, last: date, **wanted: Any
) -> tuple[int, list[CountedCase]]:
    """Return the figure and the petitions of all pages, of three each."""
    items: list[CountedCase] = []
    after = None
    while True:
        page = await counted_cases(connection, texts, figure, first, last, after=after, limit=7, **wanted)
        items += page.items
        if (after := page.next) is None:
            return page.total, items


async def assert_as_replayed(
    office: ApplicationService, known: int, asked: Iterator[tuple[str, dict[str, Any]]]
) -> None:
    """Assert that every answer as known at the position is the one of a replay up to it."""
    async with replayed(office, known) as then, past_snapshot(office.pool) as now:
        past = await past_list(now, known)
        texts = TextsThen(office.texts, office.vault, past, known)
        for on in DAYS:
            for unit in UNITS_ASKED:
                for states in ([DueState.OVERDUE], list(DueState)):
                    expected = await whole_list(then, office.texts, on, unit, states)
                    assert await whole_list(now, texts, on, unit, states, past) == expected
            for filters in FILTERS:
                expected = await whole_list(then, office.texts, on, None, list(DueState), **filters)
                assert await whole_list(now, texts, on, None, list(DueState), past, **filters) == expected
            for first in (None, on - timedelta(days=40), on):
                changed = await past_figures(now, known, on)
                assert await figures(now, first, on, changed) == await figures(then, first, on)
                assert await units_by_successor.figures_by_successor(
                    now, UNITS, first, on, today=TODAY, past=changed
                ) == await units_by_successor.figures_by_successor(then, UNITS, first, on, today=TODAY)
                cases = await past_cases(now, known, on, past)
                figure, wanted = next(asked)
                expected_cases = await whole_counted_list(then, office.texts, figure, first, on, **wanted)
                found = await whole_counted_list(now, texts, figure, first, on, past=cases, **wanted)
                assert found == expected_cases, (figure, wanted)


@pytest.mark.parametrize("seed", range(8 if PROFILE == "deep" else 1))
async def test_every_answer_is_that_of_a_replay(database: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)
    register = random_register(random, PETITIONS, ACTS)
    async with open_office(database) as office:
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
            await record(office, database, register.log)
            assert await views.wait_until_current(20)
            async with office.pool.connection() as connection:
                await assert_day_sums_are_counted(connection, office.texts)
        head = len(register.log)
        every = list(product(FIGURES_WITH_LIST, COUNTED_FILTERS))
        asked = cycle(random.sample(every, len(every)))
        for known in (0, head, *random.sample(range(1, head), MOMENTS)):
            await assert_as_replayed(office, known, asked)
