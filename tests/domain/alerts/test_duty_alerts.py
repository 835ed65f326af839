"""Checks the steps for duties: to the unit that owes one, once, up the ladder, until it is fulfilled, at any stage."""

from datetime import date, timedelta

from hypothesis import given

from domain.alerts.keys import step_key_of
from domain.alerts.step import DUTY_CLOCKS
from domain.alerts.vocabulary import AlertRole, WatchedClock
from domain.deadlines.clock import Clock, ClockSubject, SubjectKind
from domain.events import AlertRaised
from domain.petition import Petition
from domain.value import known
from tests.domain import samples
from tests.domain.alerts.test_raising import after_rounds_on, due_on_day
from tests.domain.command_sequences import LIVES, Life
from tests.domain.samples import ANSWER, COMPLAINT, DENUNCIATION, in_progress, july, with_changes
from tests.domain.scenario import petition_after
from tests.examples import examples


def every_day(petition: Petition, until: date) -> list[AlertRaised]:
    days = [july(1) + timedelta(days=n) for n in range((until - july(1)).days + 1)]
    return [alert for alert in after_rounds_on(petition, days)[1] if alert.clock in DUTY_CLOCKS]


def test_the_steps_of_a_duty_come_on_their_days_after_the_petition_is_over() -> None:
    """Decided on Monday 20 July, 3 working days: Thursday 23 July."""
    alerts = every_day(petition_after([*in_progress(COMPLAINT), ANSWER]), date(2026, 8, 31))
    assert [(one.step, one.occurred_on) for one in alerts] == [
        ("duty-two-days-before", july(21)),
        ("duty-due-day", july(23)),
        ("duty-day-after", july(24)),
        ("duty-five-days-after", july(30)),
    ]
    assert {(one.clock, one.due_on, one.unit) for one in alerts} == {
        (WatchedClock.DECISION_SENDING, july(23), "so-mau")
    }
    assert alerts[-1].to == (AlertRole.SUPERIOR, AlertRole.FOLLOW_UP)


def test_a_duty_that_is_fulfilled_is_silent() -> None:
    past = [*in_progress(COMPLAINT), ANSWER, with_changes(samples.SEND_DECISION, occurred_on=july(21))]
    assert every_day(petition_after(past), date(2026, 8, 31)) == []


def test_a_suspended_petition_is_silent_but_the_sending_of_the_suspension_is_not() -> None:
    petition = petition_after([*in_progress(COMPLAINT), samples.SUSPEND])
    alerts = [one for one in due_on_day(petition, date(2026, 8, 31)) if isinstance(one, AlertRaised)]
    assert {(one.clock, known(one.subject)) for one in alerts} == {
        (WatchedClock.SUSPENSION_SENDING, ClockSubject(kind=SubjectKind.DECISION, reference="61/QD-TDC"))
    }


def test_a_unit_that_was_asked_is_told_and_not_the_one_that_has_the_petition() -> None:
    petition = petition_after([*in_progress(COMPLAINT), samples.ASK_FOR_DOCUMENTS])
    alerts = every_day(petition, july(24))
    assert {(one.clock, one.unit) for one in alerts} == {(WatchedClock.DOCUMENT_SUPPLY, "so-khac")}


def test_each_duty_of_a_petition_has_steps_of_its_own() -> None:
    petition = petition_after([*in_progress(DENUNCIATION), ANSWER])
    late = {one.clock for one in every_day(petition, date(2026, 8, 31)) if one.step == "duty-five-days-after"}
    assert late == {WatchedClock(key.clock) for key in petition.duties}
    assert {Clock.CONCLUSION_SENDING, Clock.CONCLUSION_ACTION, Clock.CONCLUSION_PUBLICATION} <= {
        key.clock for key in petition.duties
    }


@examples(30)
@given(LIVES)
def test_a_step_is_raised_once_and_only_for_what_is_owed(life: Life) -> None:
    petition, alerts = after_rounds_on(life.end, [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 2)])
    keys = [step_key_of(one) for one in alerts]
    assert len(keys) == len(set(keys))
    for one in alerts:
        if one.clock in DUTY_CLOCKS:
            duty = petition.status.duties[(Clock(one.clock), known(one.subject))]  # type: ignore[index]
            assert (one.due_on, known(one.unit) or "") == (duty.due_on, duty.unit or petition.received_by_unit)
