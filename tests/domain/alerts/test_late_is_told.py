"""Tests that what is late in the clock ledger is what the ladder tells of as late: no state beside it hides any."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.alerts.raising import LAST_DAY_BY_LAW, unraised_due_steps, watched_dates_of
from domain.alerts.vocabulary import WatchedClock
from domain.deadlines.duty_runs import is_duty_run
from domain.deadlines.ledger import fold_ledger
from domain.envelope import EventEnvelope
from domain.events import ProcessingSuspended
from domain.rules.clocks import STAGES_TAKEN_UP
from domain.status_transitions import transition
from tests.domain.alerts.ladders import parse_national_ladder
from tests.domain.command_sequences import LIVES, Life
from tests.domain.scenario import HEAD, PETITION, national_law
from tests.examples import examples

BESIDE_THE_LIMITS = LAST_DAY_BY_LAW | {WatchedClock.STEP, WatchedClock.REMINDER}
"""The clocks of the ladder that are no limit of the petition and no duty."""

A_WEEK = timedelta(days=7)
"""The first step after a date comes on a working day: within a week, however the days off lie."""


@given(life=LIVES, paused_after=st.none() | st.integers(0, 90), later=st.integers(0, 60))
@examples(200)
def test_late_in_the_ledger_is_told_of_by_the_ladder_and_nothing_else_is(
    life: Life, paused_after: int | None, later: int
) -> None:
    """A suspension of the last day, in time or late, holds what had not run out and hides nothing."""
    history = [EventEnvelope(PETITION, 1, life.receipt, HEAD), *(step.envelope for step in life.steps)]
    on, status = max(one.fact.occurred_on for one in history), life.end.status
    if paused_after is not None and not status.is_suspended and life.end.stage in STAGES_TAKEN_UP:
        on += timedelta(days=paused_after)
        pause = ProcessingSuspended(occurred_on=on, ground="chờ giám định", decision_no="1/QĐ")
        history.append(EventEnvelope(PETITION, len(history) + 1, pause, HEAD))
        status = transition(status, pause, len(history))
    on += timedelta(days=later)
    running = [run for run in fold_ledger(history).running if run.holder is None or is_duty_run(run)]
    late = {(run.clock.value, run.subject, run.due_on) for run in running if run.days_late(on)}
    watched = {
        (one.clock.value, one.subject, one.due_on)
        for one in watched_dates_of(status)
        if one.clock not in BESIDE_THE_LIMITS and one.due_on < on
    }
    assert watched == late
    steps = unraised_due_steps(status, (), parse_national_ladder(), national_law(), on)
    told = {
        (step.key.clock.value, step.key.subject, step.key.due_on)
        for step in steps
        if step.fell_due_on > step.key.due_on
    }
    assert {one for one in late if one[2] is not None and one[2] + A_WEEK < on} <= told
    assert {one for one in told if WatchedClock(one[0]) not in BESIDE_THE_LIMITS} <= late
