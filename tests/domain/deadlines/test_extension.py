"""Tests how far a limit may be extended: Law 25/2018 on denunciations Arts 24.1 and 30."""

from datetime import date

import pytest

from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline, Suspension, extend_due_date, resume_deadline
from domain.deadlines.extension import latest_extension
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import PolicyRow
from domain.deadlines.stages import LegalStage
from domain.errors import Refused

ACCEPTED = date(2026, 7, 15)


@pytest.fixture
def settlement(law: Law) -> Deadline:
    """Return the clock of a denunciation accepted on Wednesday 15 July 2026: 30 days, Friday 14 August."""
    deadline = law.deadline("denunciation", Clock.SETTLEMENT, ACCEPTED)
    assert deadline is not None
    assert deadline.due_on == date(2026, 8, 14)
    return deadline


def rule(law: Law, complexity: str, stage: LegalStage = LegalStage.SETTLEMENT_EXTENSION) -> PolicyRow | None:
    return law.policies.row_for("denunciation", stage, ACCEPTED, complexity=complexity)


def test_a_complex_denunciation_is_extended_once_by_thirty_days(settlement: Deadline, law: Law) -> None:
    complex_one = rule(law, "complex")
    assert latest_extension(settlement, complex_one, law.calendar) == date(2026, 9, 14)  # day 60: Sunday 13 September
    longer = extend_due_date(settlement, date(2026, 9, 14))
    assert (longer.due_on, longer.original_due_on) == (date(2026, 9, 14), date(2026, 8, 14))
    with pytest.raises(Refused, match=r"may be extended once .*khoản 2 Điều 30.*, and was already"):
        latest_extension(longer, complex_one, law.calendar, granted=1)


def test_a_specially_complex_one_is_extended_twice_to_ninety_days_and_no_further(
    settlement: Deadline, law: Law
) -> None:
    special = rule(law, "specially_complex")
    once = extend_due_date(settlement, date(2026, 9, 14))
    # day 90 is Tuesday 13 October; thirty days from the rolled Monday would be Wednesday 14
    assert latest_extension(once, special, law.calendar, granted=1) == date(2026, 10, 13)
    twice = extend_due_date(once, date(2026, 10, 13))
    ninety = law.deadline("denunciation", Clock.SETTLEMENT, ACCEPTED, complexity="specially_complex")
    assert ninety is not None
    assert twice.due_on == ninety.due_on
    with pytest.raises(Refused, match="may be extended 2 times"):
        latest_extension(twice, special, law.calendar, granted=2)


def test_a_short_first_extension_leaves_the_second_its_thirty_days(settlement: Deadline, law: Law) -> None:
    special = rule(law, "specially_complex")
    once = extend_due_date(settlement, date(2026, 8, 21))
    assert latest_extension(once, special, law.calendar, granted=1) == date(2026, 9, 21)  # Sunday 20 September


def test_without_complexity_there_is_no_extension(settlement: Deadline, law: Law) -> None:
    with pytest.raises(Refused, match="no rule allows to extend the settlement limit"):
        latest_extension(settlement, rule(law, "normal"), law.calendar)
    complaint = law.policies.row_for("complaint", LegalStage.SETTLEMENT_EXTENSION, ACCEPTED, complexity="complex")
    assert complaint is None  # a longer limit, not an extension: Decree 124/2020 Art 3a


def test_the_check_before_acceptance_may_take_three_working_days_more(law: Law) -> None:
    intake = law.deadline("denunciation", Clock.ACCEPTANCE, date(2026, 4, 22))
    assert intake is not None
    more = rule(law, "normal", LegalStage.ACCEPTANCE_EXTENSION)
    assert (intake.due_on, latest_extension(intake, more, law.calendar)) == (date(2026, 5, 6), date(2026, 5, 11))


def test_time_under_suspension_moves_the_bound_too(settlement: Deadline, law: Law) -> None:
    """The clock is suspended for 35 days: 60 days and these end on Sunday 18 October."""
    paused = resume_deadline(settlement, date(2026, 8, 3), date(2026, 9, 7), law.calendar)
    complex_one = rule(law, "complex")
    assert latest_extension(paused, complex_one, law.calendar) == date(2026, 10, 19)
    # a date set by decision forgets what was suspended before it: the history tells it again
    once = extend_due_date(paused, date(2026, 9, 30))
    known = [Suspension(suspended_on=date(2026, 8, 3), resumed_on=date(2026, 9, 7))]
    special = rule(law, "specially_complex")
    assert latest_extension(once, special, law.calendar, granted=1, suspensions=known) == date(2026, 10, 30)


def test_a_rule_that_counts_other_days_than_the_limit_extends_it_not(settlement: Deadline, law: Law) -> None:
    working = rule(law, "normal", LegalStage.ACCEPTANCE_EXTENSION)
    with pytest.raises(Refused, match="no rule allows to extend"):
        latest_extension(settlement, working, law.calendar)
