"""Tests on random lives that figures agree with one another: sums with lists, flows with states, lateness with clocks.

`test_every_day` compares the same figures with a count made day by day.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, fields
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline, start_clock_with_date
from domain.deadlines.ledger import fold_ledger
from domain.events import AnsweredInWriting, PetitionAssigned, PetitionReceived, Source
from domain.status import DueState
from domain.units.unit import Unit, UnitRegister
from domain.value import as_said
from domain.vocabulary import UnitId
from projections.counted_cases import FIGURES_WITH_LIST, OWED_FIGURES, CountedCase, counted_cases
from projections.counted_lines import SPAN_FIGURES
from projections.owed_list import OverdueItem, overdue_on
from projections.projection import Connection
from projections.unit_figures import UnitFigures, unit_figures_between, unit_figures_on
from projections.units_by_successor import figures_by_successor
from projections.workload_deltas import STATE_FIGURES
from tests.domain.scenario import MONDAY, TODAY
from tests.examples import examples
from tests.projections.history_builder import Register, id_of, tables
from tests.projections.test_every_day import FIRST, LAST, Open, day_by_day, registers
from tests.service.office_fixtures import TEXTS

ASKED = st.lists(st.dates(FIRST, LAST), min_size=2, max_size=4)
RATES = ("unit", "median_days", "on_time_rate", "on_time_rate_known")
SUCCESSORS = UnitRegister.of(
    [
        Unit(unit=UnitId(unit), name=unit, opened_on=date(2010, 1, 1), level=None)
        for unit in ("so-mau", "so-khac", "ubnd-tinh", "bo-mau")
    ]
)


async def walk_owed(connection: Connection, on: date, today: date | None, **wanted: Any) -> list[OverdueItem]:
    """Return the whole list of what is owed, page by page, after comparing its length with its total."""
    found: list[OverdueItem] = []
    after = None
    while True:
        page = await overdue_on(
            connection, TEXTS, on, soon_until=on + timedelta(days=5), after=after, limit=3, today=today, **wanted
        )
        found += page.items
        if (after := page.next) is None:
            assert page.total == len(found), (on, today, wanted)
            return found


async def walk_counted(
    connection: Connection, figure: str, first: date | None, last: date, **wanted: Any
) -> list[CountedCase]:
    """Return the whole list behind a figure, page by page, after comparing its length with its total."""
    found: list[CountedCase] = []
    after = None
    while True:
        page = await counted_cases(connection, TEXTS, figure, first, last, after=after, limit=3, **wanted)
        found += page.items
        if (after := page.next) is None:
            assert page.total == sum(item.amount for item in found), (figure, first, last, wanted)
            return found


def with_units(items: Iterable[CountedCase], units: Collection[str] | None) -> list[CountedCase]:
    """Return the items of these units; all for None."""
    return [item for item in items if units is None or item.unit in units]


def counted_by_unit(listed: list[CountedCase]) -> Counter[str]:
    found: Counter[str] = Counter()
    for item in listed:
        found[item.unit] += item.amount
    return found


def value_of(line: UnitFigures, figure: str) -> int:
    if figure == "ended":
        return line.answered + line.settled_otherwise + line.ended_by_going_up + line.linked
    return int(getattr(line, figure))


@given(register=registers(), asked=ASKED)
@examples(25)
def test_every_figure_is_as_long_as_the_list_behind_it(
    module_database: str, register: Register, asked: list[date]
) -> None:
    first, last = min(asked), max(asked)

    async def ask() -> None:
        async with tables(module_database, register.log) as connection:
            for begin, lines in (
                (first, await unit_figures_between(connection, first, last)),
                (None, await unit_figures_on(connection, last)),
            ):
                in_table = {line.unit for line in lines}
                for figure, owed in OWED_FIGURES.items():
                    of_day = await walk_owed(connection, last, None, states=owed.states, owed=owed.owed)
                    assert Counter(item.unit for item in of_day) == +Counter(
                        {line.unit: value_of(line, figure) for line in lines}
                    ), figure
                for figure in FIGURES_WITH_LIST:
                    # a line of which only these are left is not shown
                    in_units = in_table if figure in ("came_in", "went_out") else None
                    listed = with_units(await walk_counted(connection, figure, begin, last), in_units)
                    assert counted_by_unit(listed) == +Counter({line.unit: value_of(line, figure) for line in lines}), (
                        figure
                    )
                    for unit in {item.unit for item in listed}:
                        assert await walk_counted(connection, figure, begin, last, unit=unit) == [
                            item for item in listed if item.unit == unit
                        ]
                    for officer in {item.officer for item in listed} - {None}:
                        of_officer = await walk_counted(connection, figure, begin, last, officer=officer)
                        assert with_units(of_officer, in_units) == [item for item in listed if item.officer == officer]
                    for kind in {item.kind for item in listed} - {None}:
                        of_kind = await walk_counted(connection, figure, begin, last, kind=kind)
                        assert with_units(of_kind, in_units) == [item for item in listed if item.kind == kind]

    asyncio.run(ask())


@given(register=registers(), asked=ASKED)
@examples(40)
def test_each_line_balances_at_the_time_and_by_successor(
    module_database: str, register: Register, asked: list[date]
) -> None:
    first, last = min(asked), max(asked)

    async def ask() -> None:
        async with tables(module_database, register.log) as connection:
            at_the_time = await unit_figures_between(connection, first, last)
            by_successor = await figures_by_successor(connection, SUCCESSORS, first, last, today=TODAY)
            every = [
                *(at_the_time, by_successor, await unit_figures_on(connection, last)),
                await figures_by_successor(connection, SUCCESSORS, None, last, today=TODAY),
            ]
            for line in [line for table in every for line in table]:
                assert line.carried_over + line.came_in == line.went_out + line.open
                assert line.open == (
                    line.overdue + line.due_today + line.not_yet_due + line.suspended + line.no_limit_set
                )
                ended = line.answered + line.settled_otherwise + line.ended_by_going_up + line.linked
                classes = line.ended_on_time, line.ended_late, line.ended_without_limit, line.ended_unproven
                assert ended == sum(classes)
                assert {name: value for name, value in asdict(line).items() if name not in RATES and value < 0} == {}
                owed = line.ended_on_time + line.charged_endings + line.charged_open
                assert line.on_time_rate == (round(line.ended_on_time / owed, 4) if owed else None)
            assert _totals(at_the_time) == _totals(by_successor)  # each petition in one line, none in none

    asyncio.run(ask())


def _totals(lines: list[UnitFigures]) -> Counter[str]:
    total: Counter[str] = Counter()
    for line in lines:
        # a line of which only came_in and went_out are left is not shown
        left_out = (*RATES, "came_in", "went_out")
        total.update({name: value for name, value in asdict(line).items() if name not in left_out})
    return +total


@given(register=registers(), asked=ASKED)
@examples(40)
def test_days_late_and_late_petitions_are_apportioned_without_a_rest(
    module_database: str, register: Register, asked: list[date]
) -> None:
    async def ask() -> None:
        async with tables(module_database, register.log) as connection:
            before = Counter[str]()
            for on in sorted({*asked, LAST}):
                lines = await unit_figures_on(connection, on)
                late_days = [day for petition in register.petitions for day in days_late(register, petition, on)]
                assert sum(line.days_late for line in lines) == len(late_days)
                period = await unit_figures_between(connection, min(asked), on) if on >= min(asked) else []
                assert sum(line.days_late for line in period) == sum(day >= min(asked) for day in late_days)
                sums = _totals(lines)
                # every late petition is charged to one unit, wherever it lies now
                assert sums["charged_endings"] == sums["ended_late"]
                assert sums["came_late"] == sums["left_late"]
                assert sums["charged_open"] <= sums["overdue"] <= sums["open"]
                assert sums["ran_out"] >= before["ran_out"]  # neither an ending nor a hand-over takes one back
                before = sums

    asyncio.run(ask())


def days_late(register: Register, petition: object, until: date) -> list[date]:
    """Return the days on which the petition was late: at their end, or because it was settled late on that day."""
    calendar: dict[date, Open] = day_by_day(register.facts(petition))  # type: ignore[arg-type]
    found = [day for day, how in calendar.items() if day <= until and how.state(day, day) is DueState.OVERDUE]
    ended = [day + timedelta(days=1) for day in found if day + timedelta(days=1) not in calendar]
    return [*found, *(day for day in ended if day <= min(until, LAST))]


@given(register=registers())
@examples(60)
def test_late_in_the_clock_ledger_is_late_in_the_list_and_in_the_sums(module_database: str, register: Register) -> None:
    late = set()
    for petition in register.petitions:
        ledger = fold_ledger([one for one in register.log if one.originator_id == petition])
        if any(run.holder is None and run.days_late(TODAY) for run in ledger.running):
            late.add(petition)

    async def ask() -> None:
        async with tables(module_database, register.log) as connection:
            listed = await walk_owed(connection, TODAY, TODAY)
            assert {item.petition_id for item in listed if item.owed == "answer"} == late
            lines = await unit_figures_on(connection, TODAY, today=TODAY)
            assert Counter({line.unit: line.overdue for line in lines if line.overdue}) == Counter(
                item.unit for item in listed if item.owed == "answer"
            )

    asyncio.run(ask())


SOME_DAYS = st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400))


@st.composite
def imported(draw: st.DrawFn) -> Register:
    """Draw a register of imported cases whose days lie on both sides of today, in any order."""
    register = Register()
    for number in range(draw(st.integers(1, 6))):
        received_on, due_on = draw(SOME_DAYS), draw(st.none() | SOME_DAYS)
        receipt = PetitionReceived(
            occurred_on=received_on,
            book="NK",
            source=Source(name="so-cu", key=str(number)),
            deadlines=as_said(() if due_on is None else (_set_date(received_on, due_on),)),
        )
        register.append_event(id_of(number), receipt)
        unit = draw(st.sampled_from(["", "so-mau", "so-khac"]))
        if unit:
            assigned_on = draw(SOME_DAYS)
            register.append_event(id_of(number), PetitionAssigned(occurred_on=assigned_on, lead_unit=UnitId(unit)))
        if draw(st.booleans()):
            register.append_event(id_of(number), AnsweredInWriting(occurred_on=draw(SOME_DAYS)))
    return register


def _set_date(on: date, due_on: date) -> Deadline:
    return start_clock_with_date(Clock.SETTLEMENT, on, due_on)


@given(register=imported() | registers(), asked=st.lists(SOME_DAYS, max_size=3))
@examples(60)
def test_total_list_and_sums_agree_with_facts_on_both_sides_of_today(
    module_database: str, register: Register, asked: list[date]
) -> None:
    async def ask() -> None:
        async with tables(module_database, register.log) as connection:
            for today in {TODAY, MONDAY, *asked}:
                lines = await unit_figures_on(connection, today, today=today)
                assert lines == await unit_figures_on(connection, today)
                for state, figure in (
                    (DueState.OVERDUE, "overdue"),
                    (DueState.DUE_TODAY, "due_today"),
                    (DueState.SUSPENDED, "suspended"),
                    (DueState.NO_LIMIT_SET, "no_limit_set"),
                ):
                    listed = await walk_owed(connection, today, today, states={state}, owed="answer")
                    assert Counter(item.unit for item in listed) == +Counter(
                        {line.unit: getattr(line, figure) for line in lines}
                    )
                    for line in lines:
                        of_unit = await walk_owed(
                            connection, today, today, states={state}, owed="answer", unit=line.unit
                        )
                        assert len(of_unit) == getattr(line, figure)
                    for officer in {item.officer for item in listed} - {None}:
                        of_officer = await walk_owed(
                            connection, today, today, states={state}, owed="answer", officer=officer
                        )
                        assert of_officer == [item for item in listed if item.officer == officer]

    asyncio.run(ask())


def test_the_figures_of_spans_are_states() -> None:
    assert set(SPAN_FIGURES) <= set(STATE_FIGURES)


def test_no_figure_is_without_a_list() -> None:
    """A median and a rate follow from figures that have one: the answers with their days, the ends and the charges."""
    listed = FIGURES_WITH_LIST.keys() | OWED_FIGURES.keys()
    assert {field.name for field in fields(UnitFigures)} - listed == set(RATES)
    assert FIGURES_WITH_LIST.keys().isdisjoint(OWED_FIGURES)
