"""Tests that every view says what the reference model says, after two processes changed the same petitions at once."""

import asyncio
import subprocess
import sys
from asyncio.subprocess import Process
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.envelope import EventEnvelope
from domain.status import DueState
from domain.value import UNSET, said
from domain.vocabulary import PetitionKind, Stage
from projections import meetings, owed_list, unit_figures
from projections.meeting_counts import MeetingFilter
from projections.meeting_lists import meeting_days
from projections.owed_sql import Owed
from projections.projection import Connection
from projections.unit_figures import UnitFigures
from service.commands.office import ApplicationService
from service.doctor.log import examine_log
from service.projector.runner import ProjectionRunner
from tests.domain.samples import ANSWER, RESUME, august, commands_to_stages, july, with_changes
from tests.domain.scenario import MONDAY
from tests.faults import reference_model
from tests.faults.commands.officers import try_acts
from tests.projections.history_builder import build_register
from tests.service.office_fixtures import TEXTS, open_office, open_units

ROOT = Path(__file__).parents[2]
ACTS = 25
"""The number of things that each process tries in one example."""
SOON = timedelta(days=5)


@dataclass
class TwoOffices:
    """Holds an office here and one in another process, on a database that lasts through all examples."""

    runner: asyncio.Runner
    office: ApplicationService
    views: ProjectionRunner
    other: Process

    async def work(self, seed: int) -> None:
        """Have both try acts at once; nobody decides how they meet."""
        assert self.other.stdin is not None
        assert self.other.stdout is not None
        self.other.stdin.write(f"{seed} {ACTS}\n".encode())
        here, there = await asyncio.gather(
            try_acts(self.office, Random(seed), ACTS, uuid4), self.other.stdout.readline()
        )
        assert here > 0
        assert int(there) > 0
        assert await self.views.wait_until_current(30)


@asynccontextmanager
async def open_two_offices(runner: asyncio.Runner, dsn: str) -> AsyncIterator[TwoOffices]:
    async with open_office(dsn) as office, ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        await open_units(office)
        other = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.faults.commands.officers", dsn),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        yield TwoOffices(runner, office, views, other)
        assert other.stdin is not None
        other.stdin.close()
        assert await other.wait() == 0


@pytest.fixture(scope="module")
def offices(module_database: str) -> Iterator[TwoOffices]:
    with asyncio.Runner() as runner:
        stack = open_two_offices(runner, module_database)
        yield runner.run(stack.__aenter__())
        runner.run(stack.__aexit__(None, None, None))


@given(
    seed=st.integers(0, 2**32),
    asked_days=st.lists(st.dates(date(2026, 6, 1), date(2026, 12, 31)), min_size=3, max_size=3),
)
@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # no two runs interleave alike: there is nothing to shrink
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def _work_and_compare(offices: TwoOffices, seed: int, asked_days: list[date]) -> None:
    offices.runner.run(_run_example(offices, seed, sorted(asked_days)))


def test_views_say_what_the_log_says_whatever_two_processes_do_at_once(offices: TwoOffices) -> None:
    """Afterwards the two must have met on the same petitions, and must have gone many ways.

    The processes make ids of two kinds, which show who wrote what. Without such meetings the property is worth little.
    """
    _work_and_compare(offices)
    log = offices.runner.run(offices.office.histories.page(0, 1_000_000))
    writers: dict[UUID, set[int | None]] = defaultdict(set)
    for recorded in log:
        assert recorded.command_id is not None
        writers[recorded.originator_id].add(recorded.command_id.version)
    assert sum(found == {4, 7} for found in writers.values()) >= 10
    assert len({type(recorded.fact) for recorded in log}) >= 15


def test_the_naive_reading_knows_a_life_that_was_told_by_hand() -> None:
    """The model that views are compared with is itself compared with one life, written down by hand."""
    way = [
        *commands_to_stages(PetitionKind.COMPLAINT)[Stage.SUSPENDED],
        RESUME,
        with_changes(ANSWER, occurred_on=july(24)),
    ]
    (case,) = reference_model.read_cases(build_register(way).log).values()
    stages = {day: stood.stage for day, stood in case.days.items()}
    assert (min(stages), max(stages)) == (MONDAY, july(23))
    assert [stages[july(day)] for day in (6, 7, 8, 9, 10, 12, 13, 14, 15, 19, 20, 23)] == [
        *("received", "received", "classified", "accepted", "assigned", "assigned"),
        *("in_progress", "in_progress", "suspended", "suspended", "in_progress", "in_progress"),
    ]
    # 31 July, and five days on after five days of suspension
    assert [case.days[july(day)].due_on for day in (14, 23)] == [july(31), august(5)]
    assert [case.days[july(20)].state(on, on) for on in (august(4), august(5), august(6))] == [
        *("not_yet_due", "due_today", "overdue"),
    ]
    table = reference_model.unit_table([case], MONDAY, july(31))
    assert {unit: line.median_days for unit, line in table.items()} == {"so-mau": 18.0}
    assert table["so-mau"].figures == {"letters": 1, "received": 1, "answered_in_writing": 1}


async def _run_example(offices: TwoOffices, seed: int, on_days: list[date]) -> None:
    await offices.work(seed)
    log = await offices.office.histories.page(0, 1_000_000)
    cases = reference_model.read_cases(log)
    latest = max(recorded.fact.occurred_on for recorded in log)
    interesting = sorted({*on_days, *(recorded.fact.occurred_on for recorded in log[-3:])})
    async with offices.office.pool.connection() as connection:
        assert [one for one in await examine_log(connection, deep=True) if not one.is_well] == []
        for on in interesting:
            await _assert_list_agrees(connection, cases, on)
            lines = await unit_figures.unit_figures_on(connection, on, today=latest)
            assert _as_unit_lines(lines) == reference_model.unit_table(cases.values(), date.min, on), f"units on {on}"
        for first, last in ((on_days[0], on_days[-1]), (on_days[1], on_days[1])):
            lines = await unit_figures.unit_figures_between(connection, first, last)
            assert _as_unit_lines(lines) == reference_model.unit_table(cases.values(), first, last), (
                f"units from {first} to {last}"
            )
            await _assert_meetings_agree(connection, log, first, last)


async def _assert_list_agrees(connection: Connection, cases: dict[UUID, reference_model.Case], on: date) -> None:
    page = await owed_list.overdue_on(
        connection, TEXTS, on, soon_until=on + SOON, states=list(DueState), owed=Owed.ANSWER, limit=100_000
    )
    listed = {
        item.petition_id: (item.stage, item.unit, item.officer, item.due_on, item.clock, item.state, item.days_late)
        for item in page.items
    }
    expected = {}
    for petition, case in cases.items():
        if (stood := case.days.get(on)) is not None:
            state = stood.state(on, on + SOON)
            late = (on - stood.due_on).days if state == "overdue" and stood.due_on else 0
            expected[petition] = stood.stage, stood.unit, stood.officer, stood.due_on, stood.clock, state, late
    assert listed == expected, f"open on {on}"
    assert page.total == len(expected)
    for item in page.items:
        assert (item.received_on, item.kind) == (cases[item.petition_id].received_on, cases[item.petition_id].kind)
    units = Counter(item.unit for item in page.items if item.state == DueState.OVERDUE)
    for unit in {item.unit for item in page.items}:
        of_unit = await owed_list.overdue_on(connection, TEXTS, on, soon_until=on + SOON, owed=Owed.ANSWER, unit=unit)
        assert of_unit.total == units[unit], f"overdue of {unit!r} on {on}"


async def _assert_meetings_agree(
    connection: Connection, log: list[EventEnvelope[Any]], first: date, last: date
) -> None:
    raised, answered, held, raised_at = Counter[UUID](), Counter[UUID](), {}, dict[UUID, UUID]()
    for recorded in log:
        fact, name = recorded.fact, type(recorded.fact).__name__
        if name == "MeetingHeld" and first <= fact.occurred_on <= last:
            held[fact.meeting_id] = fact
        elif name == "PetitionReceived" and fact.meeting_id is not UNSET:
            raised[fact.meeting_id] += 1
            raised_at[recorded.originator_id] = fact.meeting_id
        elif name == "RegistrationCancelled" and recorded.originator_id in raised_at:
            raised[raised_at[recorded.originator_id]] -= 1  # a number given by mistake was raised nowhere
        elif name == "AnsweredAtMeeting":
            answered[fact.meeting_id] += 1
    listed = (await meeting_days(connection, MeetingFilter(first, last), on=last, limit=100_000)).items
    assert {m.meeting_id: (m.held_on, m.level, m.attendance, m.raised, m.answered_there) for m in listed} == {
        meeting: (fact.occurred_on, fact.details.level, said(fact.attendance, 0), raised[meeting], answered[meeting])
        for meeting, fact in held.items()
    }
    assert await meetings.count_meetings_by_level(connection, first, last) == Counter(
        fact.details.level for fact in held.values()
    )


def _as_unit_lines(lines: list[UnitFigures]) -> dict[str, reference_model.UnitLine]:
    names = (*reference_model.FLOWS, *reference_model.STATES, "open", "coordinating")
    found = {
        line.unit: reference_model.UnitLine(
            {name: getattr(line, name) for name in names if getattr(line, name)}, line.median_days
        )
        for line in lines
    }
    return {unit: line for unit, line in found.items() if line.figures}
