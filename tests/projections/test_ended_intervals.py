"""Compares what the list finds of ended intervals with what the tables hold, whatever their length."""

from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from domain.status import DueState
from projections.owed_list import OverdueItem, overdue_on
from projections.projection import Connection
from projections.standing_intervals import NEVER
from tests.domain.samples import RECEIVE, july
from tests.projections.history_builder import build_register, id_of, query_views
from tests.service.office_fixtures import TEXTS

UNITS = ("so-mau", "so-khac")
PETITIONS = 4
LENGTHS = [1, 2, 3, 4, 7, 8, 30, 31, 32, 33, 400, 4_095, 8_191, 8_192, 9_000, 200_000]
"""Days: both sides of the borders between sizes, and more than any calendar."""

_ENTER = {
    "overdue_past": "INSERT INTO overdue_past (petition_id, since_on, until_on, stage, unit, due_on, is_held)"
    " VALUES (%s, %s, %s, 'assigned', %s, %s, %s)",
    "overdue_duties": "INSERT INTO overdue_duties (petition_id, since_on, until_on, stage, unit, due_on, duty, clock,"
    " subject) VALUES (%s, %s, %s, 'assigned', %s, %s, 'head/' || %s::text, 'head', '')",
}
_LINES = """
    SELECT petition_id, unit, due_on, is_held, since_on, '9999-12-31'::date AS until_on FROM overdue WHERE stage <> ''
    UNION ALL SELECT petition_id, unit, due_on, is_held, since_on, until_on FROM overdue_past
    UNION ALL SELECT petition_id, unit, due_on, false, since_on, until_on FROM overdue_duties
"""


async def _enter(connection: Connection, random: Random, middle: date) -> None:
    """Enter intervals about the day: many that hold on it, and many that begin or end on it or beside it."""
    for petition in range(1, PETITIONS + 1):
        for table in _ENTER:
            for since_on in {middle - timedelta(days=random.choice(LENGTHS) - 2) for _ in range(40)}:
                until_on = since_on + timedelta(days=random.choice(LENGTHS))
                due_on = random.choice(
                    (
                        NEVER,
                        *(around + timedelta(days=random.randrange(-2, 3)) for around in (since_on, until_on, middle)),
                    )
                )
                held = random.random() < 0.2
                row = id_of(petition), since_on, until_on, random.choice(UNITS), due_on, held
                await connection.execute(_ENTER[table], row)


def _is_in(row: tuple[Any, ...], on: date, states: frozenset[DueState]) -> bool:
    _, _, due_on, is_held, since_on, until_on = row
    if is_held:
        state = DueState.SUSPENDED
    elif due_on < on:
        state = DueState.OVERDUE
    elif due_on == on:
        state = DueState.DUE_TODAY
    else:
        state = DueState.NO_LIMIT_SET if due_on == NEVER else DueState.NOT_YET_DUE
    return since_on <= on < until_on and state in states


def _shown(item: OverdueItem) -> tuple[Any, ...]:
    return item.petition_id, item.unit, item.due_on or NEVER


@pytest.mark.parametrize("seed", range(2))
def test_what_held_on_a_day_is_found_whatever_it_lasted(module_database: str, seed: int) -> None:
    random = Random(seed)
    register = build_register([RECEIVE])
    for number in range(2, PETITIONS + 1):
        build_register([RECEIVE], number, register)
    middle = july(20)

    async def compare(connection: Connection) -> None:
        await _enter(connection, random, middle)
        lines: list[Any] = await (await connection.execute(_LINES)).fetchall()
        for states in (frozenset({DueState.OVERDUE}), frozenset(DueState)):
            for on in (middle + timedelta(days=days) for days in (-9_000, -31, -1, 0, 1, 32, 9_000)):
                for unit in (None, *UNITS):
                    expected = Counter(row[:3] for row in lines if unit in (None, row[1]) and _is_in(row, on, states))
                    page = await overdue_on(
                        connection, TEXTS, on, soon_until=on, unit=unit, states=states, limit=100_000
                    )
                    assert Counter(map(_shown, page.items)) == expected
                    assert page.total == expected.total()

    query_views(module_database, register, compare)
