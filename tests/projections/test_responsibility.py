"""Tells by hand-counted lives who was responsible, on which days, and what moved lateness."""

from datetime import date

import pytest

from domain.commands import PetitionCommand
from domain.units.events import Level, Office
from domain.units.unit import Unit, UnitRegister
from domain.units.validity import Tenure
from domain.vocabulary import OfficerId, PetitionKind, Stage, UnitId
from projections.lateness_acts import DueTiming, LatenessCause, lateness_acts
from projections.responsibility import fold_responsibility
from tests.domain.samples import (
    ANSWER,
    APPROVE,
    APPROVE_REVERSAL,
    ASK_FOR_TIME,
    ASSIGN,
    CLASSIFY,
    EXTEND,
    PROPOSE,
    PROPOSE_REVERSAL,
    REASSIGN,
    RECEIVE,
    RECLASSIFY,
    REOPEN,
    RESUME,
    START,
    SUSPEND,
    august,
    july,
    with_changes,
)
from tests.domain.scenario import national_law
from tests.projections.history_builder import Register, build_register, id_of
from tests.projections.test_late_entries import recorded

CALENDAR = national_law().calendar
LIFE: list[PetitionCommand] = [RECEIVE, CLASSIFY, ASSIGN, START]
"""Received on Monday 6 July, with so-mau from 10 July on, due on 31 July."""


def head(unit: str, officer: str, since: date, until: date | None = None) -> Tenure:
    return Tenure(UnitId(unit), Office.HEAD, OfficerId(officer), f"Giám đốc {officer}", since, until)


UNITS = UnitRegister.of(
    Unit(unit=UnitId(code), name=code, level=Level.PROVINCE, opened_on=date(2010, 1, 1), tenures=tenures)
    for code, tenures in {
        "so-mau": (head("so-mau", "cu", date(2020, 1, 1), july(15)), head("so-mau", "moi", july(20))),
        "so-khac": (head("so-khac", "khac", date(2020, 1, 1)),),
    }.items()
)


def told(register: Register, on: date) -> list[tuple[int, int, str, str, str, str | None, int, int]]:
    """Return first and last day of July or later, unit, officer, named head, head by the register, days, days late."""
    found = fold_responsibility(register.history(id_of(1)), on, UNITS)
    return [
        (
            (one.first_on - july(1)).days + 1,
            (one.last_on - july(1)).days + 1,
            *(one.responsible.unit, one.responsible.officer, one.responsible.accountable_head, one.responsible.head),
            *(one.days, one.late_days),
        )
        for one in found.intervals
    ]


def test_each_day_belongs_to_one_holder_and_heads_are_those_of_the_day() -> None:
    register = build_register([*LIFE, with_changes(REASSIGN, occurred_on=july(24))])
    answer = build_register([*LIFE, with_changes(ANSWER, occurred_on=august(5))]).log[-1].fact
    register.append_event(id_of(1), answer)
    before = [
        (6, 9, "ban-tcd", "", "", None, 4, 0),
        (10, 15, "so-mau", "chuyen-vien", "giam-doc", "cu", 6, 0),
        (16, 19, "so-mau", "chuyen-vien", "giam-doc", None, 4, 0),
        (20, 23, "so-mau", "chuyen-vien", "giam-doc", "moi", 4, 0),
    ]
    # The day of the answer is still that of who answered; five days after 31 July are late.
    whole = [*before, (24, 36, "so-khac", "nguoi-khac", "", "khac", 13, 5)]
    assert told(register, date(2026, 12, 31)) == whole
    assert told(register, july(23)) == before
    assert told(register, july(5)) == []
    received = fold_responsibility(register.history(id_of(1)), july(6), UNITS).responsible
    assert received is not None
    assert received.is_intake
    found = fold_responsibility(register.history(id_of(1)), july(23), UNITS)
    assert found.responsible is not None
    assert (found.responsible.position, found.responsible.head_position) == ("Chuyên viên", "Giám đốc moi")
    assert (found.stage, found.due_on, found.is_held) == (Stage.IN_PROGRESS, july(31), False)
    on_the_day, after = (fold_responsibility(register.history(id_of(1)), august(day), UNITS) for day in (5, 6))
    assert on_the_day.responsible is not None
    assert (after.responsible, after.due_on) == (None, None)


def test_a_reopened_petition_has_nobody_between_its_rounds_and_a_suspension_is_not_late() -> None:
    register = build_register([*LIFE, SUSPEND])
    assert told(register, august(10))[-1][-2:] == (22, 0)
    register = build_register([*LIFE, ANSWER, REOPEN])
    assert [one[:3] for one in told(register, august(4))][-2:] == [(20, 20, "so-mau"), (34, 35, "so-mau")]


def test_a_late_entry_replaces_the_days_after_its_own() -> None:
    register = build_register([*LIFE, with_changes(REASSIGN, occurred_on=july(24))])
    earlier = build_register([*LIFE, with_changes(REASSIGN, occurred_on=july(17), lead_unit="ubnd-tinh")])
    register.append_event(id_of(1), earlier.log[-1].fact)
    assert [one[:3] for one in told(register, july(30))][-2:] == [(16, 16, "so-mau"), (17, 30, "ubnd-tinh")]


def test_every_act_that_moves_lateness_is_told_with_its_timing_to_the_due_date() -> None:
    register = build_register(LIFE)
    recorded(register, july(6), july(8), july(10), july(13))
    for command, day in (
        (with_changes(SUSPEND, occurred_on=july(15)), july(15)),
        (with_changes(RESUME, occurred_on=july(20)), july(20)),
        (with_changes(REASSIGN, occurred_on=august(5)), august(12)),
    ):
        count = len(register.log)
        register.perform(id_of(1), command)
        recorded(register, *[day] * (len(register.log) - count))
    acts = lateness_acts(register.history(id_of(1)), CALENDAR)
    told_acts = [
        (act.event, act.causes, act.due_before, act.due_after, act.timing, act.timing_recorded) for act in acts
    ]
    assert told_acts == [
        ("ProcessingSuspended", (LatenessCause.SUSPENSION,), july(31), july(31), DueTiming.BEFORE, DueTiming.BEFORE),
        ("ProcessingResumed", (LatenessCause.RESUMPTION,), july(31), august(5), DueTiming.BEFORE, DueTiming.BEFORE),
        (
            "PetitionReassigned",
            (LatenessCause.REASSIGNMENT, LatenessCause.LATE_ENTRY),
            *(august(5), august(5), DueTiming.ON, DueTiming.AFTER),
        ),
    ]


@pytest.mark.parametrize(
    ("life", "causes"),
    [
        ([*LIFE, ASK_FOR_TIME, EXTEND], [LatenessCause.EXTENSION]),
        ([RECEIVE, with_changes(CLASSIFY, kind=PetitionKind.COMPLAINT), RECLASSIFY], [LatenessCause.RECLASSIFICATION]),
        ([*LIFE, PROPOSE, APPROVE], [LatenessCause.CORRECTION]),
        ([*LIFE, ANSWER, with_changes(PROPOSE_REVERSAL, version=5), APPROVE_REVERSAL], [LatenessCause.REVERSAL]),
        (LIFE, []),
    ],
)
def test_each_way_to_move_lateness_has_its_name(life: list[PetitionCommand], causes: list[LatenessCause]) -> None:
    acts = lateness_acts(build_register(life).history(id_of(1)), CALENDAR)
    assert [cause for act in acts for cause in act.causes] == causes
