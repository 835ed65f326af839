"""Tests the parts of coordinating units and the promises in the lists and figures: they are those of who owes them."""

from datetime import date

from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock
from domain.events import CoordinatorSucceeded
from domain.status import DueState
from domain.vocabulary import UnitId
from projections.owed_list import OverdueItem, overdue_on
from projections.projection import Connection
from projections.unit_figures import unit_figures_on
from tests.domain.samples import (
    CLASSIFY,
    CLOSE,
    CONTRIBUTE,
    KEEP,
    PROMISE,
    PROPOSAL,
    RECEIVE,
    START,
    answered,
    august,
    july,
    with_changes,
)
from tests.domain.test_contributions import ASKED, OTHER, THIRD
from tests.projections.history_builder import Register, build_register, id_of, query_views
from tests.service.office_fixtures import TEXTS

PAST: list[PetitionCommand] = [RECEIVE, CLASSIFY, ASKED, START]


def overdue_of(dsn: str, register: Register, unit: str, on: date) -> list[tuple[Clock | None, date | None, int]]:
    async def ask(connection: Connection) -> list[OverdueItem]:
        page = await overdue_on(connection, TEXTS, on, soon_until=on, unit=unit, states=[DueState.OVERDUE])
        return page.items

    return [(item.clock, item.due_on, item.days_late) for item in query_views(dsn, register, ask)]


def late_figures(dsn: str, register: Register, on: date) -> dict[str, tuple[int, int]]:
    """Return by unit how many answers and how many duties are overdue."""
    figures = query_views(dsn, register, lambda connection: unit_figures_on(connection, on))
    return {one.unit: (one.overdue, one.duties_overdue) for one in figures if one.overdue or one.duties_overdue}


def test_the_lateness_of_a_part_is_the_coordinating_units_and_never_the_lead_units(module_database: str) -> None:
    register = build_register(PAST)  # the part is due on 20 July, the answer on the 31st
    assert overdue_of(module_database, register, OTHER, july(20)) == []
    assert overdue_of(module_database, register, OTHER, july(23)) == [(Clock.CONTRIBUTION, july(20), 3)]
    assert overdue_of(module_database, register, "so-mau", july(23)) == []
    assert late_figures(module_database, register, july(23)) == {OTHER: (0, 1)}
    assert late_figures(module_database, register, august(3)) == {OTHER: (0, 1), "so-mau": (1, 0)}


def test_a_part_is_late_until_it_is_delivered(module_database: str) -> None:
    register = build_register([*PAST, with_changes(CONTRIBUTE, occurred_on=july(24))])
    late = {day: bool(overdue_of(module_database, register, OTHER, july(day))) for day in (20, 21, 23, 24)}
    assert late == {20: False, 21: True, 23: True, 24: False}


def test_the_successor_of_a_coordinating_unit_has_its_lateness_from_then_on(module_database: str) -> None:
    register = build_register(PAST)
    register.append_event(id_of(1), CoordinatorSucceeded(occurred_on=july(23), from_unit=OTHER, to_unit=THIRD))
    assert late_figures(module_database, register, july(22)) == {OTHER: (0, 1)}
    assert late_figures(module_database, register, july(23)) == {THIRD: (0, 1)}


def test_a_promise_of_a_closed_petition_is_listed_until_it_is_kept(module_database: str) -> None:
    register = build_register([*answered(PROPOSAL), PROMISE, CLOSE])  # for 31 July
    assert overdue_of(module_database, register, "so-mau", july(31)) == []
    assert overdue_of(module_database, register, "so-mau", august(3)) == [(Clock.PROMISE, july(31), 3)]
    register.perform(id_of(1), with_changes(KEEP, occurred_on=august(5)))
    assert overdue_of(module_database, register, "so-mau", august(4)) == [(Clock.PROMISE, july(31), 4)]
    assert overdue_of(module_database, register, "so-mau", august(5)) == []
    assert late_figures(module_database, register, august(4)) == {"so-mau": (0, 1)}
    assert UnitId("so-mau") not in late_figures(module_database, register, august(5))
