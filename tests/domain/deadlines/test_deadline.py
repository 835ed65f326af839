"""Tests what starts and moves a clock."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from domain import value
from domain.deadlines.calendar import Calendar
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import (
    Deadline,
    Suspension,
    days_late,
    extend_due_date,
    recalculate_deadline,
    resume_deadline,
    set_due_date,
    start_clock,
    start_clock_with_date,
)
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import PolicyRow
from domain.errors import Refused
from domain.value import UNSET

ACCEPTED = date(2026, 7, 15)


@pytest.fixture
def settlement(law: Law) -> Deadline:
    """Return the clock of a complaint accepted on Wednesday 15 July 2026: 30 days, Friday 14 August."""
    deadline = law.deadline("complaint", Clock.SETTLEMENT, ACCEPTED)
    assert deadline is not None
    assert deadline.due_on == date(2026, 8, 14)
    return deadline


@pytest.fixture
def triage(law: Law) -> Deadline:
    """Return the clock of a petition received on Monday 6 July 2026: 10 working days, Monday 20 July."""
    deadline = law.deadline("any", Clock.TRIAGE, date(2026, 7, 6))
    assert deadline is not None
    assert deadline.due_on == date(2026, 7, 20)
    return deadline


def test_a_clock_says_which_rule_and_which_calendar_it_was_counted_by(settlement: Deadline, law: Law) -> None:
    assert settlement.original_due_on == settlement.due_on
    assert str(settlement.limit) == "30cd"
    assert settlement.policy == "complaint-settlement@1"
    assert law.policies.legal_source(settlement.policy) == "Điều 28 Luật Khiếu nại số 02/2011/QH13"
    assert settlement.calendar == "VN-2026.1"


def test_a_date_the_head_sets_is_taken_as_it_is_and_names_no_rule() -> None:
    sunday = date(2026, 8, 16)
    deadline = start_clock_with_date(Clock.HEAD, ACCEPTED, sunday)
    assert (deadline.due_on, deadline.original_due_on) == (sunday, sunday)
    assert (deadline.limit, deadline.policy, deadline.calendar, deadline.subject) == (UNSET,) * 4


def test_the_head_and_who_asks_or_promises_set_dates_and_a_rule_sets_all_others() -> None:
    set_by_officials = {Clock.HEAD, Clock.CONTRIBUTION, Clock.PREPARATION, Clock.PROMISE}
    assert {clock for clock in Clock if not clock.is_statutory} == set_by_officials


def test_no_clock_starts_by_a_slot_or_by_another_stages_rule(law: Law) -> None:
    slot = law.policies.row_for("proposal_or_feedback", Clock.SETTLEMENT, ACCEPTED)
    acceptance = law.policies.row_for("complaint", Clock.ACCEPTANCE, ACCEPTED)
    assert slot is not None
    assert acceptance is not None
    with pytest.raises(ValueError, match="proposal-settlement@1 sets no limit"):
        start_clock(Clock.SETTLEMENT, ACCEPTED, slot, law.calendar)
    with pytest.raises(ValueError, match="complaint-acceptance@2 is for acceptance, not for settlement"):
        start_clock(Clock.SETTLEMENT, ACCEPTED, acceptance, law.calendar)


# -- suspension: Law on complaints Art 11a, Law 25/2018 Art 34.2: the time does not count --------------------

SUSPENDED_LIMITS = [
    # suspended    resumed       due           why
    ("2026-08-03", "2026-09-07", "2026-09-18", "19 days used, 11 left"),
    ("2026-08-03", "2026-08-03", "2026-08-14", "no day suspended"),
    ("2026-07-15", "2026-07-22", "2026-08-21", "suspended on the day of acceptance: all 30 left"),
    (
        "2026-08-14",
        "2026-09-07",
        "2026-09-07",
        "suspended on the last day: it is the last day still when resumed",
    ),
    ("2026-08-14", "2026-09-05", "2026-09-07", "the same, resumed on a Saturday"),
    ("2026-08-17", "2026-09-07", "2026-08-14", "it had run out: what is late stays late"),
    ("2026-07-01", "2026-07-22", "2026-08-21", "days before the clock started are not given back"),
    ("2026-07-01", "2026-07-10", "2026-08-14", "wholly before the clock started"),
    ("2026-08-03", "2026-08-04", "2026-08-17", "one day: the end falls on a Saturday, and moves to Monday"),
    (
        "2026-08-03",
        "2026-08-06",
        "2026-08-17",
        "three days: Monday as well, not the Saturday's Monday plus two",
    ),
]


@pytest.mark.parametrize(("suspended_on", "resumed_on", "due", "why"), SUSPENDED_LIMITS)
def test_of_a_limit_the_rest_is_counted_from_the_resumption(
    suspended_on: str, resumed_on: str, due: str, why: str, settlement: Deadline, calendar: Calendar
) -> None:
    moved = resume_deadline(settlement, date.fromisoformat(suspended_on), date.fromisoformat(resumed_on), calendar)
    assert moved.due_on == date.fromisoformat(due), why
    assert moved.original_due_on == date(2026, 8, 14)
    assert (moved.started_on, moved.limit, moved.policy) == (ACCEPTED, settlement.limit, settlement.policy)


@pytest.mark.parametrize(
    ("suspended_on", "resumed_on", "due", "why"),
    [
        ("2026-07-08", "2026-07-15", "2026-07-27", "2 of 10 working days used, 8 left"),
        ("2026-07-11", "2026-07-12", "2026-07-20", "a suspended weekend moves no working day"),
        ("2026-07-10", "2026-07-12", "2026-07-20", "from Friday evening to Sunday: the same"),
        ("2026-07-20", "2026-08-01", "2026-08-03", "suspended on the last day, resumed on a Saturday"),
    ],
)
def test_of_a_limit_in_working_days_only_working_days_are_used(
    suspended_on: str, resumed_on: str, due: str, why: str, triage: Deadline, calendar: Calendar
) -> None:
    moved = resume_deadline(triage, date.fromisoformat(suspended_on), date.fromisoformat(resumed_on), calendar)
    assert moved.due_on == date.fromisoformat(due), why


@pytest.mark.parametrize(
    ("suspended_on", "resumed_on", "due", "why"),
    [
        ("2026-08-03", "2026-08-10", "2026-08-21", "seven days"),
        ("2026-08-03", "2026-08-04", "2026-08-17", "one day: a Saturday, so Monday"),
        ("2026-08-14", "2026-08-20", "2026-08-20", "suspended on the last day"),
        ("2026-08-15", "2026-08-20", "2026-08-14", "it had passed"),
        ("2026-07-01", "2026-07-17", "2026-08-17", "two days since it was set: a Sunday, so Monday"),
        ("2026-08-03", "2028-08-03", "2028-08-14", "beyond the calendar the day is taken as it falls"),
    ],
)
def test_a_date_that_somebody_set_moves_by_the_days_suspended(
    suspended_on: str, resumed_on: str, due: str, why: str, calendar: Calendar
) -> None:
    deadline = start_clock_with_date(Clock.HEAD, ACCEPTED, date(2026, 8, 14))
    moved = resume_deadline(deadline, date.fromisoformat(suspended_on), date.fromisoformat(resumed_on), calendar)
    assert moved.due_on == date.fromisoformat(due), why
    assert moved.original_due_on == date(2026, 8, 14)


def test_a_moved_date_names_the_calendar_that_found_its_working_day(calendar: Calendar) -> None:
    deadline = start_clock_with_date(Clock.HEAD, ACCEPTED, date(2026, 8, 14))
    assert resume_deadline(deadline, date(2026, 8, 3), date(2026, 8, 4), calendar).calendar == "VN-2026.1"
    assert resume_deadline(deadline, date(2026, 8, 3), date(2028, 8, 3), calendar).calendar is UNSET


def test_a_date_set_on_a_rest_day_stays_there_when_nothing_was_suspended(calendar: Calendar) -> None:
    deadline = start_clock_with_date(Clock.HEAD, ACCEPTED, date(2026, 8, 16))
    assert resume_deadline(deadline, date(2026, 8, 3), date(2026, 8, 3), calendar) is deadline


def test_rest_days_are_not_won_by_suspending_again_and_again(calendar: Calendar) -> None:
    deadline = start_clock_with_date(Clock.HEAD, ACCEPTED, date(2026, 8, 14))
    twice = resume_deadline(deadline, date(2026, 8, 3), date(2026, 8, 4), calendar)
    twice = resume_deadline(twice, date(2026, 8, 5), date(2026, 8, 7), calendar)
    assert twice.due_on == date(2026, 8, 17)  # Friday and three days, not Monday and two


OVERLAPPING = [(date(2026, 7, 20), date(2026, 7, 30)), (date(2026, 7, 25), date(2026, 8, 5))]


@pytest.mark.parametrize("order", [OVERLAPPING, OVERLAPPING[::-1]])
def test_two_suspensions_that_overlap_give_no_day_twice(
    order: list[tuple[date, date]], settlement: Deadline, calendar: Calendar
) -> None:
    head = start_clock_with_date(Clock.HEAD, ACCEPTED, date(2026, 8, 14))
    for suspended_on, resumed_on in order:
        settlement = resume_deadline(settlement, suspended_on, resumed_on, calendar)
        head = resume_deadline(head, suspended_on, resumed_on, calendar)
    assert settlement.due_on == head.due_on == date(2026, 9, 3)  # 16 days: Sunday 30 August
    assert settlement.suspensions == (Suspension(suspended_on=date(2026, 7, 20), resumed_on=date(2026, 8, 5)),)


def test_a_suspension_inside_another_changes_nothing(settlement: Deadline, calendar: Calendar) -> None:
    outer = resume_deadline(settlement, date(2026, 7, 20), date(2026, 8, 5), calendar)
    assert resume_deadline(outer, date(2026, 7, 22), date(2026, 7, 30), calendar) is outer


def test_a_petition_resumed_before_it_was_suspended_is_refused(settlement: Deadline, calendar: Calendar) -> None:
    with pytest.raises(Refused, match="resumed on 2026-08-02, before it was suspended on 2026-08-03"):
        resume_deadline(settlement, date(2026, 8, 3), date(2026, 8, 2), calendar)


def test_a_clock_that_ran_out_is_not_counted_by_a_newer_calendar_on_resumption(
    settlement: Deadline, calendar: Calendar
) -> None:
    newer = replace(calendar, version="T-2", days_off={**calendar.days_off, date(2026, 8, 14): "declared later"})
    late = resume_deadline(settlement, date(2026, 8, 20), date(2026, 9, 7), newer)
    assert (late.due_on, late.calendar) == (date(2026, 8, 14), "VN-2026.1")


# -- extension -----------------------------------------------------------------------------------------------


def test_an_extension_keeps_the_original_date_and_the_rule(settlement: Deadline) -> None:
    longer = extend_due_date(extend_due_date(settlement, date(2026, 8, 31)), date(2026, 9, 30))
    assert longer.due_on == date(2026, 9, 30)
    assert longer.original_due_on == date(2026, 8, 14)
    assert longer.policy == "complaint-settlement@1"


@pytest.mark.parametrize("day", ["2026-08-14", "2026-08-13", "2026-01-01"])
def test_an_extension_that_does_not_end_later_is_refused(day: str, settlement: Deadline) -> None:
    with pytest.raises(Refused, match="must end after the present due date 2026-08-14"):
        extend_due_date(settlement, date.fromisoformat(day))


def test_after_an_extension_a_suspension_moves_the_extended_date(settlement: Deadline, calendar: Calendar) -> None:
    longer = extend_due_date(settlement, date(2026, 9, 30))
    moved = resume_deadline(longer, date(2026, 9, 7), date(2026, 9, 14), calendar)
    assert moved.due_on == date(2026, 10, 7)
    assert moved.original_due_on == date(2026, 8, 14)


def test_an_extension_takes_what_was_suspended_before_into_account(settlement: Deadline, calendar: Calendar) -> None:
    once = resume_deadline(settlement, date(2026, 7, 20), date(2026, 7, 30), calendar)
    longer = extend_due_date(extend_due_date(once, date(2026, 9, 30)), date(2026, 10, 1))
    assert resume_deadline(longer, date(2026, 7, 20), date(2026, 7, 30), calendar) is longer
    assert resume_deadline(longer, date(2026, 7, 25), date(2026, 8, 5), calendar).due_on == date(2026, 10, 7)  # 6 days


def test_a_date_set_anew_rules_also_when_it_is_earlier(settlement: Deadline, calendar: Calendar) -> None:
    head = set_due_date(start_clock_with_date(Clock.HEAD, ACCEPTED, date(2026, 8, 14)), date(2026, 8, 7))
    assert (head.due_on, head.original_due_on) == (date(2026, 8, 7), date(2026, 8, 14))
    assert resume_deadline(head, date(2026, 7, 20), date(2026, 7, 27), calendar).due_on == date(2026, 8, 14)


# -- counting again ------------------------------------------------------------------------------------------


def test_a_holiday_declared_later_moves_nothing_until_it_is_recalculated(
    settlement: Deadline, calendar: Calendar
) -> None:
    newer = replace(calendar, version="T-2", days_off={**calendar.days_off, date(2026, 8, 14): "declared later"})
    assert resume_deadline(settlement, date(2026, 8, 3), date(2026, 8, 3), newer) is settlement
    anew = recalculate_deadline(settlement, newer)
    assert (anew.due_on, anew.original_due_on, anew.calendar) == (date(2026, 8, 17), date(2026, 8, 14), "T-2")


def test_complexity_gives_the_longer_limit_from_the_same_start_with_the_same_suspensions(
    settlement: Deadline, law: Law
) -> None:
    row = law.policies.row_for("complaint", Clock.SETTLEMENT, ACCEPTED, complexity="complex")
    suspended = resume_deadline(settlement, date(2026, 8, 3), date(2026, 9, 7), law.calendar)
    complex_ = recalculate_deadline(suspended, law.calendar, policy_row=row)
    assert complex_.due_on == date(2026, 10, 5)  # 26 of 45 days left from 7 September: Saturday 3 October
    assert (complex_.policy, complex_.original_due_on) == (
        "complaint-settlement-complex@1",
        date(2026, 8, 14),
    )


def test_a_corrected_day_of_receipt_corrects_the_original_date_too(settlement: Deadline, calendar: Calendar) -> None:
    suspended = resume_deadline(settlement, date(2026, 8, 3), date(2026, 9, 7), calendar)
    anew = recalculate_deadline(suspended, calendar, started_on=date(2026, 7, 16))
    assert anew.started_on == date(2026, 7, 16)
    assert anew.original_due_on == date(2026, 8, 17)  # 15 August is a Saturday
    assert anew.due_on == date(2026, 9, 21)  # 12 left: Saturday 19 September


def test_a_suspension_before_the_corrected_start_gives_nothing(settlement: Deadline, calendar: Calendar) -> None:
    suspended = resume_deadline(settlement, date(2026, 7, 16), date(2026, 7, 18), calendar)
    assert recalculate_deadline(suspended, calendar, started_on=date(2026, 7, 20)).due_on == date(2026, 8, 19)


def test_a_date_that_somebody_set_is_not_counted_again(settlement: Deadline, law: Law) -> None:
    longer = extend_due_date(settlement, date(2026, 9, 30))
    row = law.policies.row_for("complaint", Clock.SETTLEMENT, ACCEPTED, complexity="complex")
    assert recalculate_deadline(longer, law.calendar) == longer
    corrected = recalculate_deadline(longer, law.calendar, started_on=date(2026, 7, 16))
    assert (corrected.due_on, corrected.original_due_on) == (date(2026, 9, 30), date(2026, 8, 17))
    with pytest.raises(Refused, match="was set by a decision"):
        recalculate_deadline(longer, law.calendar, policy_row=row)


# -- late ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "late"),
    [("2026-08-13", 0), ("2026-08-14", 0), ("2026-08-15", 1), ("2026-08-17", 3), ("2026-09-14", 31)],
)
def test_a_limit_ends_at_midnight_after_its_last_day(on: str, late: int, settlement: Deadline) -> None:
    assert days_late(settlement.due_on, date.fromisoformat(on)) == late


def test_a_deadline_comes_back_from_storage_as_it_went(settlement: Deadline, calendar: Calendar) -> None:
    moved = resume_deadline(settlement, date(2026, 8, 3), date(2026, 9, 7), calendar)
    for deadline in (
        settlement,
        moved,
        extend_due_date(moved, date(2026, 12, 1)),
        start_clock_with_date(Clock.HEAD, ACCEPTED, ACCEPTED),
    ):
        stored = msgspec.json.encode(deadline)
        assert msgspec.json.decode(stored, type=Deadline) == deadline


def test_a_deadline_that_rests_on_nothing_is_a_bug(calendar: Calendar) -> None:
    nothing = Deadline(clock=Clock.SETTLEMENT, started_on=ACCEPTED, due_on=ACCEPTED, original_due_on=ACCEPTED)
    with pytest.raises(ValueError, match="neither a limit nor a date"):
        recalculate_deadline(nothing, calendar)


def test_an_office_that_counts_the_day_of_the_act_counts_it_as_used(law: Law, settlement: Deadline) -> None:
    row = law.policies.row_for("complaint", Clock.SETTLEMENT, ACCEPTED)
    assert isinstance(row, PolicyRow)
    assert row.limit is not None
    counting = row.model_copy(update={"limit": value.replace(row.limit, counts_start_day=True)})
    deadline = start_clock(Clock.SETTLEMENT, ACCEPTED, counting, law.calendar)
    assert deadline.due_on == date(2026, 8, 13)
    moved = resume_deadline(deadline, date(2026, 8, 3), date(2026, 9, 7), law.calendar)
    assert moved.due_on == date(2026, 9, 17)  # 20 days used, 10 left
