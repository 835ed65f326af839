"""Tests the list and the figures of acts that were entered after their days."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from hypothesis import given
from hypothesis import strategies as st

from domain.events import AnsweredInWriting, PetitionReceived, Source
from domain.vocabulary import Channel
from projections.late_entries import (
    LateEntries,
    LateEntryCount,
    LateEntryFigure,
    LateEntryFilter,
    LateEntryLine,
    count_late_entries,
    list_late_entries,
)
from projections.overdue import Overdue
from projections.projection import Connection
from tests.domain.samples import ANSWER, ASSIGN, CLASSIFY, RECEIVE, START, july
from tests.domain.scenario import national_law
from tests.examples import examples
from tests.projections.history_builder import Register, build_register, id_of, tables
from tests.projections.test_every_day import registers

T = TypeVar("T")
CALENDAR = national_law().calendar
EVERY = LateEntryFilter(last=date(2027, 12, 31))


def recorded(register: Register, *days: date) -> Register:
    """Return the register with its last events recorded at noon of these days."""
    first = len(register.log) - len(days)
    for n, day in enumerate(days, first):
        register.log[n] = register.log[n]._replace(recorded_at=datetime.combine(day, time(5), UTC))
    return register


async def walk(connection: Connection, wanted: LateEntryFilter) -> list[LateEntryLine]:
    """Return the whole list, page by page, after comparing its length with its total."""
    found: list[LateEntryLine] = []
    after = None
    while True:
        page = await list_late_entries(connection, CALENDAR, wanted, after=after, limit=3)
        found += page.items
        if (after := page.next) is None:
            assert page.total == len(found)
            return found


def read(dsn: str, register: Register, question: Callable[[Connection], Awaitable[T]]) -> T:
    """Return the answer of a query when the two views that it reads have followed the register."""

    async def ask() -> T:
        async with tables(dsn, register.log, views=(Overdue, LateEntries)) as connection:
            return await question(connection)

    return asyncio.run(ask())


def lines(dsn: str, register: Register, wanted: LateEntryFilter = EVERY) -> list[tuple[Any, ...]]:
    async def ask(connection: Connection) -> list[tuple[Any, ...]]:
        return [(one.act, one.working_days, one.due_on) for one in await walk(connection, wanted)]

    return read(dsn, register, ask)


def test_what_is_entered_the_next_working_day_is_not_late(module_database: str) -> None:
    register = build_register([RECEIVE, CLASSIFY, ASSIGN, START])  # 6, 8, 10 and 13 July
    recorded(register, july(7), july(10), july(13), july(15))  # the tenth is a Friday
    assert lines(module_database, register) == [("PetitionClassified", 2, None), ("WorkStarted", 2, None)]


def test_what_is_dated_before_a_due_date_that_has_passed_is_shown_however_soon_it_is_entered(
    module_database: str,
) -> None:
    register = build_register([RECEIVE, CLASSIFY, ASSIGN, START])
    register.append_event(id_of(1), AnsweredInWriting(occurred_on=july(31)))  # the due date, a Friday
    recorded(register, *(one.fact.occurred_on for one in register.log[:-1]), date(2026, 8, 3))
    assert lines(module_database, register) == [("AnsweredInWriting", 1, july(31))]
    passed = LateEntryFilter(last=EVERY.last, figure=LateEntryFigure.PASSED_DUE_DATE)
    late = LateEntryFilter(last=EVERY.last, figure=LateEntryFigure.ENTERED_LATE)
    assert (len(lines(module_database, register, passed)), lines(module_database, register, late)) == (1, [])


def test_an_answer_of_july_that_is_entered_in_december_is_both(module_database: str) -> None:
    register = build_register([RECEIVE, CLASSIFY, ASSIGN, START, ANSWER])
    recorded(register, *(one.fact.occurred_on for one in register.log[:-1]), date(2026, 12, 1))
    ((act, days, due_on),) = lines(module_database, register)
    assert (act, due_on) == ("AnsweredInWriting", july(31))
    assert days == CALENDAR.working_days_between(july(20), date(2026, 12, 1))
    (count,) = read(module_database, register, lambda one: count_late_entries(one, CALENDAR, EVERY))
    assert count == LateEntryCount("ban-tcd", "van-thu", 1, 1, days)


def test_what_an_import_brought_was_not_entered_late(module_database: str) -> None:
    register = Register()
    receipt = PetitionReceived(
        occurred_on=july(1),
        channel=Channel.POST,
        book="TD",
        identity_protected=False,
        source=Source(name="so-cu", key="1"),
    )
    register.append_event(id_of(1), receipt)
    register.append_event(id_of(1), AnsweredInWriting(occurred_on=july(3)))
    assert lines(module_database, recorded(register, date(2026, 12, 1), date(2026, 12, 1))) == []


@given(register=registers(), delays=st.lists(st.integers(0, 9), min_size=1, max_size=40))
@examples(30)
def test_each_figure_is_as_long_as_its_list_and_each_line_is_true(
    module_database: str, register: Register, delays: list[int]
) -> None:
    for n, envelope in enumerate(register.log):
        day = envelope.fact.occurred_on + timedelta(days=delays[n % len(delays)])
        register.log[n] = envelope._replace(recorded_at=datetime.combine(day, time(5), UTC))

    async def ask() -> None:
        async with tables(module_database, register.log, views=(Overdue, LateEntries)) as connection:
            every = await walk(connection, EVERY)
            for one in every:
                assert one.working_days == CALENDAR.working_days_between(one.stated_on, one.recorded_on)
                assert one.working_days > 1 or one.due_on is not None
                assert one.due_on is None or one.stated_on <= one.due_on < one.recorded_on
            counts = await count_late_entries(connection, CALENDAR, EVERY)
            for figure in LateEntryFigure:
                of_figure = await walk(connection, LateEntryFilter(last=EVERY.last, figure=figure))
                of_each = Counter((one.unit, one.officer) for one in of_figure)
                assert of_each == +Counter({(one.unit, one.officer): getattr(one, figure) for one in counts})
            for officer in {one.officer for one in every}:
                of_officer = await walk(connection, LateEntryFilter(last=EVERY.last, officer=officer))
                assert of_officer == [one for one in every if one.officer == officer]
            middle = july(20)
            before = await walk(connection, LateEntryFilter(last=middle))
            since = await walk(connection, LateEntryFilter(first=middle + timedelta(days=1), last=EVERY.last))
            assert len(before) + len(since) == len(every)

    asyncio.run(ask())
