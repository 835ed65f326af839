"""Tests the duties in the overdue list and in the figures of units against a count of its own over random histories."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.deadlines.clock import Clock, ClockSubject, SubjectKind
from domain.deadlines.deadline import Deadline
from domain.events import DeadlineSet, PetitionReassigned, RegistrationCancelled, ResponsibilitySucceeded
from domain.status import DueState
from domain.value import UNSET
from domain.vocabulary import PetitionKind, Stage, UnitId
from projections.owed_list import overdue_on
from projections.owed_sql import Owed
from projections.projection import Connection
from projections.unit_figures import unit_figures_on
from tests.domain.samples import RECEIVE, SUSPEND, august, commands_to_stages, in_progress, july
from tests.examples import examples
from tests.projections.history_builder import Register, build_register, id_of, query_views
from tests.service.office_fixtures import TEXTS

UNITS = ("so-mau", "so-hai", "so-ba")
ANSWERED = commands_to_stages(PetitionKind.PROPOSAL_FEEDBACK)[Stage.ANSWERED_IN_WRITING]


def duty_fact(on: date, due_on: date, clock: Clock = Clock.DECISION_SENDING, of_unit: str | None = None) -> DeadlineSet:
    """Return a fact of the day `on` that starts a duty, by a date that somebody set."""
    subject = UNSET if of_unit is None else ClockSubject(kind=SubjectKind.UNIT, reference=of_unit)
    deadline = Deadline(clock=clock, subject=subject, started_on=on, due_on=due_on, original_due_on=due_on)
    return DeadlineSet(occurred_on=on, deadlines=(deadline,))


async def _lines(connection: Connection, on: date, unit: str | None = None) -> list[tuple[str, str, date | None, str]]:
    page = await overdue_on(
        connection, TEXTS, on, soon_until=on, states=list(DueState), owed=Owed.DUTY, unit=unit, limit=200
    )
    assert page.total == len(page.items)
    return sorted((item.unit, f"{item.clock}/{item.subject}", item.due_on, item.state) for item in page.items)


def test_a_duty_is_owed_after_the_answer_and_under_a_suspension(module_database: str) -> None:
    register = build_register(ANSWERED)
    register.append_event(id_of(1), duty_fact(july(20), july(23)))
    build_register([*in_progress(PetitionKind.COMPLAINT), SUSPEND], 2, register)
    register.append_event(id_of(2), duty_fact(july(21), july(24), Clock.CONTRIBUTION, "so-hai"))
    owed = query_views(module_database, register, lambda c: _lines(c, august(1)))
    of_suspension = ("so-mau", "suspension_sending/decision:61/QD-TDC", july(20), "overdue")
    assert owed == [
        ("so-hai", "contribution/unit:so-hai", july(24), "overdue"),
        ("so-mau", "decision_sending/", july(23), "overdue"),
        of_suspension,
    ]
    before = query_views(module_database, register, lambda c: _lines(c, july(20)))
    assert before == [
        ("so-mau", "decision_sending/", july(23), "not_yet_due"),
        (*of_suspension[:3], "due_today"),
    ]


def test_a_number_that_was_cancelled_owes_nothing(module_database: str) -> None:
    register = build_register([RECEIVE])
    register.append_event(id_of(1), duty_fact(july(7), july(10)))
    register.append_event(id_of(1), RegistrationCancelled(occurred_on=july(9), reason="nhập nhầm"))
    owed = {on: query_views(module_database, register, lambda c, on=on: _lines(c, on)) for on in (july(8), july(9))}  # type: ignore[misc]
    assert owed == {july(8): [("", "decision_sending/", july(10), "not_yet_due")], july(9): []}


@dataclass
class Owing:
    """Counts by itself who owes what: the rule in other words than the product's."""

    unit: str
    due_on: date


@st.composite
def histories(draw: st.DrawFn) -> tuple[Register, dict[date, list[tuple[str, date]]]]:
    """Return histories of petitions with duties, and for some days the units and dates that are owed then."""
    days = [july(19) + timedelta(days=n) for n in range(0, 30, 3)]
    register, owed_on = Register(), {day: list[tuple[str, date]]() for day in days}
    for number in range(draw(st.integers(1, 3))):
        build_register(in_progress(PetitionKind.PROPOSAL_FEEDBACK), number, register)
        lead, owed, on = "so-mau", dict[str, Owing](), july(19)
        for day in days:
            for _ in range(draw(st.integers(0, 2))):
                on = day
                match draw(st.sampled_from(["start", "start_of_unit", "reassign", "succeed"])):
                    case "start":
                        due_on = day + timedelta(days=draw(st.integers(-3, 9)))
                        register.append_event(id_of(number), duty_fact(on, due_on))
                        owed["whole"] = Owing(lead, due_on)
                    case "start_of_unit":
                        unit, due_on = draw(st.sampled_from(UNITS)), day + timedelta(days=draw(st.integers(-3, 9)))
                        register.append_event(id_of(number), duty_fact(on, due_on, Clock.CONTRIBUTION, unit))
                        owed[unit] = Owing(unit, due_on)
                    case "reassign":
                        to = draw(st.sampled_from([unit for unit in UNITS if unit != lead]))
                        reassigned = PetitionReassigned(
                            occurred_on=on,
                            from_unit=UnitId(lead),
                            lead_unit=UnitId(to),
                            reason="x",
                            coordinating_units=(),
                        )
                        register.append_event(id_of(number), reassigned)
                        for one in owed.values():
                            one.unit = to if one.unit == lead else one.unit
                        lead = to
                    case _:
                        former, to = draw(st.permutations(UNITS))[:2]
                        fact = ResponsibilitySucceeded(
                            occurred_on=on,
                            from_unit=UnitId(former),
                            to_unit=UnitId(to),
                            coordinating_units=(),
                            instrument="QĐ-1",
                        )
                        register.append_event(id_of(number), fact)
                        for one in owed.values():
                            one.unit = to if one.unit == former else one.unit
                        lead = to
            owed_on[day] += [(one.unit, one.due_on) for one in owed.values()]
    return register, owed_on


@given(history=histories())
@examples(25)
def test_list_total_and_figures_of_units_count_the_same_duties(
    module_database: str, history: tuple[Register, dict[date, list[tuple[str, date]]]]
) -> None:
    register, owed_on = history

    async def leaf(connection: Connection) -> None:
        for day, owed in owed_on.items():
            listed = await _lines(connection, day)
            assert sorted((unit, due_on) for unit, _, due_on, _ in listed) == sorted(owed)
            figures = {line.unit: line for line in await unit_figures_on(connection, day)}
            by_unit, late = Counter(unit for unit, _ in owed), Counter(unit for unit, due_on in owed if due_on < day)
            assert {unit: line.duties for unit, line in figures.items() if line.duties} == by_unit
            assert {unit: line.duties_overdue for unit, line in figures.items() if line.duties_overdue} == late
            for unit in UNITS:
                assert len(await _lines(connection, day, unit)) == by_unit[unit]
            everything = await overdue_on(connection, TEXTS, day, soon_until=day, limit=200)
            assert everything.total == sum(line.overdue + line.duties_overdue for line in figures.values())
        today = max(owed_on)
        now = await overdue_on(connection, TEXTS, today, soon_until=today, owed=Owed.DUTY, today=today)
        counted = await overdue_on(connection, TEXTS, today, soon_until=today, owed=Owed.DUTY)
        assert now.total == counted.total

    query_views(module_database, register, leaf)


@pytest.mark.parametrize("owed", [None, *Owed])
def test_pages_of_duties_follow_one_another(module_database: str, owed: Owed | None) -> None:
    register = build_register(in_progress(PetitionKind.PROPOSAL_FEEDBACK))
    for unit in UNITS:
        register.append_event(id_of(1), duty_fact(july(20), july(31), Clock.CONTRIBUTION, unit))
    register.append_event(id_of(1), duty_fact(july(20), july(31)))

    async def leaf(connection: Connection) -> tuple[int, list[tuple[Owed, str]]]:
        found, after = list[tuple[Owed, str]](), None
        while True:
            page = await overdue_on(connection, TEXTS, august(9), soon_until=august(9), owed=owed, after=after, limit=1)
            found += [(item.owed, item.subject) for item in page.items]
            if (after := page.next) is None:
                return page.total, found

    total, found = query_views(module_database, register, leaf)
    assert total == len(found) == len(set(found)) == {None: 5, Owed.ANSWER: 1, Owed.DUTY: 4}[owed]
