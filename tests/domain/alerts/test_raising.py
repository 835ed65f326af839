"""Checks which steps are raised: each once, in order, on whatever days a worker looked."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.actor import SERVICE_CREDENTIALS
from domain.alerts.keys import StepKey, step_key_of
from domain.alerts.ladder import Ladder
from domain.alerts.raising import decide_due_alerts
from domain.alerts.vocabulary import Does, WatchedClock
from domain.commands import PetitionCommand
from domain.deadlines.clock import ClockSubject, SubjectKind
from domain.decide import decide
from domain.envelope import EventEnvelope
from domain.events import (
    AlertAcknowledged,
    AlertRaised,
    PetitionEvent,
    ReminderIssued,
    ReminderProposed,
    ResponsibilityCheckRequested,
)
from domain.evolve import evolve
from domain.petition import Petition
from domain.value import replace
from domain.vocabulary import PetitionKind, Stage, UnitId
from tests.domain import samples
from tests.domain.alerts.ladders import ladder_row, parse_national_ladder, parse_site_ladder
from tests.domain.command_sequences import first_letter
from tests.domain.samples import COMPLAINT, DENUNCIATION, PROPOSAL, august, in_progress, july, with_changes
from tests.domain.scenario import HEAD, PETITION, decision_context, petition_after
from tests.examples import examples

MUCH_LATER = date(2026, 11, 30)


def petition_after_facts(petition: Petition, facts: Iterable[PetitionEvent]) -> Petition:
    for fact in facts:
        petition = evolve(
            petition, EventEnvelope(PETITION, petition.version + 1, fact, SERVICE_CREDENTIALS.acting_officer)
        )
    return petition


def due_on_day(petition: Petition, day: date, ladder: Ladder | None = None) -> list[PetitionEvent]:
    return decide_due_alerts(
        petition, ladder or parse_national_ladder(), decision_context(SERVICE_CREDENTIALS.acting_officer, today=day)
    )


def after_rounds_on(
    petition: Petition, days: Iterable[date], ladder: Ladder | None = None
) -> tuple[Petition, list[AlertRaised]]:
    """Return the petition after a round on each of these days, and the alerts in the order in which they were
    raised.
    """
    alerts: list[AlertRaised] = []
    for day in sorted(days):
        facts = due_on_day(petition, day, ladder)
        petition = petition_after_facts(petition, facts)
        alerts += [fact for fact in facts if isinstance(fact, AlertRaised)]
    return petition, alerts


def steps_of_clock(alerts: Sequence[AlertRaised], clock: WatchedClock = WatchedClock.HEAD) -> list[tuple[str, date]]:
    return [(alert.step, alert.occurred_on) for alert in alerts if alert.clock is clock]


def test_the_steps_of_a_date_come_on_their_days() -> None:
    petition = petition_after(in_progress(PROPOSAL))  # due on 31 July
    assert due_on_day(petition, july(23)) == []
    _, alerts = after_rounds_on(petition, (july(d) for d in range(13, 32)))
    assert steps_of_clock(alerts) == [
        ("five-days-before", july(24)),
        ("two-days-before", july(29)),
        ("due-day", july(31)),
    ]


def after_commands(petition: Petition, *commands: PetitionCommand) -> Petition:
    """Return the petition after the commands of an officer who knows the alerts."""
    for command in commands:
        petition = petition_after_facts(petition, decide(command, petition, decision_context(HEAD)).facts)
    return petition


def test_the_day_after_urging_is_proposed_and_the_next_rung_counts_from_the_document_that_is_issued() -> None:
    petition, _ = after_rounds_on(petition_after(in_progress(PROPOSAL)), [july(31)])
    alert, proposal = due_on_day(petition, august(3))
    assert isinstance(alert, AlertRaised)
    assert isinstance(proposal, ReminderProposed)
    assert (alert.step, alert.unit) == ("day-after", "so-mau")
    assert (proposal.to_unit, proposal.asked_for_on, proposal.rule) == ("so-mau", august(10), "day-after@1")
    petition = petition_after_facts(petition, [alert, proposal])
    assert (petition.reminders, petition.status.asked_for_on) == (0, None), "nobody was urged by a proposal"
    urged = after_commands(petition, with_changes(samples.REMIND, occurred_on=august(4), asked_for_on=august(12)))
    assert (urged.reminders, urged.status.reminder_proposed_on) == (1, None)
    assert due_on_day(urged, august(12)) == []
    (unheeded,) = due_on_day(urged, august(13))
    assert isinstance(unheeded, AlertRaised)
    assert (unheeded.clock, unheeded.due_on, unheeded.way) == ("step", august(12), "responsibility_check")


def test_a_proposal_that_nobody_issues_is_told_once_to_who_can_issue_it() -> None:
    petition, _ = after_rounds_on(petition_after(in_progress(PROPOSAL)), [august(3)])
    _, alerts = after_rounds_on(petition, (august(d) for d in range(4, 31)))
    (told,) = [alert for alert in alerts if alert.clock is WatchedClock.REMINDER]
    assert (told.step, told.due_on, told.occurred_on, told.to) == (
        "reminder-not-issued",
        august(3),
        august(6),
        ("follow_up",),
    )
    assert not [alert for alert in alerts if alert.clock is WatchedClock.STEP], "nobody was asked for a day"


@pytest.mark.parametrize(
    "ending",
    [
        with_changes(samples.ANSWER, occurred_on=august(4)),
        with_changes(samples.REMIND, occurred_on=august(4), asked_for_on=august(28)),
        with_changes(samples.SUSPEND, occurred_on=august(4)),
    ],
)
def test_a_proposal_is_silent_once_it_is_issued_or_has_no_object(ending: PetitionCommand) -> None:
    petition, _ = after_rounds_on(petition_after(in_progress(PROPOSAL)), [august(3)])
    _, alerts = after_rounds_on(after_commands(petition, ending), [august(7)])
    assert [alert for alert in alerts if alert.clock is WatchedClock.REMINDER] == []


def test_no_round_of_the_ladder_issues_a_reminder_whatever_is_late() -> None:
    for kind in PetitionKind:
        for stage in Stage:
            facts = due_on_day(
                petition_after(samples.commands_to_stages(kind)[stage], other=first_letter(kind)), MUCH_LATER
            )
            assert not [fact for fact in facts if isinstance(fact, ReminderIssued)], (kind, stage)
            assert sum(isinstance(fact, ReminderProposed) for fact in facts) <= 1, (kind, stage)


def test_a_reminder_that_the_ladder_recorded_before_it_proposed_them_still_sets_the_day() -> None:
    past = [
        *in_progress(PROPOSAL),
        ReminderIssued(occurred_on=august(3), to_unit=UnitId("so-mau"), asked_for_on=august(10)),
    ]
    petition = petition_after(past)
    assert (petition.reminders, petition.status.asked_for_on) == (1, august(10))
    _, alerts = after_rounds_on(petition, [august(11)])
    assert [alert.step for alert in alerts if alert.clock is WatchedClock.STEP] == ["reminder-unheeded"]


def test_a_unit_that_an_officer_urged_is_not_urged_again_while_it_has_time() -> None:
    past = [*in_progress(PROPOSAL), with_changes(samples.REMIND, occurred_on=july(30), asked_for_on=august(14))]
    _, alerts = after_rounds_on(petition_after(past), [august(12)])
    assert [alert.step for alert in alerts][-1] == "day-after"
    assert not [fact for fact in due_on_day(petition_after(past), august(12)) if isinstance(fact, ReminderProposed)]


def test_after_a_stop_the_steps_that_were_missed_come_in_order() -> None:
    facts = due_on_day(petition_after(in_progress(COMPLAINT)), august(20))
    alerts = [fact for fact in facts if isinstance(fact, AlertRaised)]
    assert [a.occurred_on for a in alerts] == sorted(a.occurred_on for a in alerts)
    (proposal,) = [fact for fact in facts if isinstance(fact, ReminderProposed)]
    assert proposal.occurred_on == august(20), "what is proposed is proposed today"


@pytest.mark.parametrize(
    "stage",
    [stage for stage in Stage if stage is Stage.SUSPENDED or (not stage.is_open and stage is not Stage.DUPLICATE)],
)
def test_what_is_suspended_answered_or_gone_is_silent(stage: Stage) -> None:
    petition = petition_after(samples.commands_to_stages(COMPLAINT)[stage])
    assert due_on_day(replace(petition, status=replace(petition.status, duties={})), MUCH_LATER) == []


def test_a_suspension_does_not_silence_a_date_that_had_passed() -> None:
    late = petition_after([*in_progress(PROPOSAL), with_changes(samples.SUSPEND, occurred_on=august(10))])
    open_still = petition_after(in_progress(PROPOSAL))
    raised, as_if_open = (
        steps_of_clock([f for f in due_on_day(one, MUCH_LATER) if isinstance(f, AlertRaised)])
        for one in (late, open_still)
    )
    assert raised == as_if_open != []


def test_a_date_that_moved_moves_what_is_not_raised_yet() -> None:
    _, alerts = after_rounds_on(petition_after(in_progress(PROPOSAL)), [july(24)])
    extended = petition_after([*in_progress(PROPOSAL), samples.ASK_FOR_TIME, samples.EXTEND])  # to 14 August
    extended = petition_after_facts(extended, alerts)
    _, later = after_rounds_on(extended, (july(d) for d in range(24, 32)))
    assert steps_of_clock(later) == []
    _, later = after_rounds_on(extended, [july(31), august(14)])
    assert steps_of_clock(later) == [
        ("five-days-before", august(7)),
        ("two-days-before", august(12)),
        ("due-day", august(14)),
    ]
    assert {alert.due_on for alert in later if alert.clock is WatchedClock.HEAD} == {august(14)}


def test_a_date_that_moves_back_to_where_it_was_is_not_told_of_again() -> None:
    petition, _ = after_rounds_on(petition_after(in_progress(PROPOSAL)), [july(31)])
    assert due_on_day(petition, july(31)) == []


def test_of_a_short_limit_the_first_steps_come_on_the_day_it_begins() -> None:
    commands: list[PetitionCommand] = [
        *samples.classified_as(PROPOSAL),
        samples.ACCEPT,
        with_changes(samples.ASSIGN, due_on=july(13)),
    ]
    _, alerts = after_rounds_on(petition_after(commands), [july(10)])
    assert steps_of_clock(alerts) == [("five-days-before", july(10)), ("two-days-before", july(10))]


def test_a_letter_that_nobody_handles_for_45_days_goes_to_the_chair_and_the_inspectorate() -> None:
    petition = petition_after(samples.classified_as(PROPOSAL))  # of 6 July; the 45th day is 20 August
    _, alerts = after_rounds_on(petition, [august(20), august(21)])
    (near, over) = [alert for alert in alerts if alert.clock is WatchedClock.HANDLING]
    assert (near.step, near.occurred_on, near.due_on) == ("handling-five-days-before", august(13), august(20))
    assert (over.occurred_on, over.to) == (august(21), ("head", "chair", "inspectorate"))
    assert over.unit == "ubnd-tinh", "whoever received it, while no unit is assigned"
    handled = petition_after([*samples.classified_as(PROPOSAL), samples.ACCEPT])
    assert [fact for fact in due_on_day(handled, august(21)) if getattr(fact, "clock", None) == "handling"] == []


def test_a_superior_hears_of_a_denunciation_and_may_take_it_over() -> None:
    _, alerts = after_rounds_on(petition_after(in_progress(DENUNCIATION)), [MUCH_LATER])
    by_step = {alert.step: alert for alert in alerts if alert.clock is WatchedClock.SETTLEMENT}
    assert by_step["report-demanded"].to == ("superior",)
    assert by_step["superior-settles"].way == "superior_settles"


def test_a_ladder_may_ask_for_a_responsibility_check_itself_and_orders_none() -> None:
    ladder = parse_site_ladder(ladder_row(at='"+3wd"', does='"ask_for_check"', to_unit='"bo-mau"', clock='"head"'))
    petition = petition_after(in_progress(PROPOSAL))
    facts = due_on_day(petition, MUCH_LATER, ladder)
    (made,) = [fact for fact in facts if isinstance(fact, ResponsibilityCheckRequested)]
    assert (made.occurred_on, made.to_unit, made.rule) == (MUCH_LATER, "bo-mau", "tinh-mot-ngay@1")
    assert {type(fact) for fact in facts} <= {AlertRaised, ReminderProposed, ResponsibilityCheckRequested}
    assert petition_after_facts(petition, facts).ways_up == frozenset()


def test_what_the_rules_refuse_is_not_done_and_the_alert_is_raised_all_the_same() -> None:
    ladder = parse_site_ladder(ladder_row(at='"+3wd"', does='"ask_for_check"', to_unit='"khong-co"', clock='"head"'))
    facts = due_on_day(petition_after(in_progress(PROPOSAL)), MUCH_LATER, ladder)
    assert not [fact for fact in facts if isinstance(fact, ResponsibilityCheckRequested)]
    assert "tinh-mot-ngay" in [fact.step for fact in facts if isinstance(fact, AlertRaised)]


LIVES = st.sampled_from(
    [samples.commands_to_stages(kind)[stage] for kind in PetitionKind for stage in (Stage.RECEIVED, Stage.CLASSIFIED)]
    + [in_progress(kind) for kind in PetitionKind]
    + [[*in_progress(PROPOSAL), samples.ASK_FOR_TIME, samples.EXTEND]]
    + [[*in_progress(COMPLAINT), samples.SUSPEND, samples.RESUME]]
)
DAYS = st.sets(st.integers(0, 140).map(lambda n: july(10) + timedelta(days=n)))


def keys_of_limits(alerts: Iterable[AlertRaised]) -> set[StepKey]:
    """Return the keys of alerts of the petition's own clocks: the day of a proposal is the day on which somebody
    looked.
    """
    return {step_key_of(alert) for alert in alerts if alert.clock not in {WatchedClock.STEP, WatchedClock.REMINDER}}


@given(commands=LIVES, days=DAYS)
@examples(60)
def test_it_does_not_matter_on_which_days_somebody_looked(commands: list[PetitionCommand], days: set[date]) -> None:
    petition = petition_after(commands)
    last = max(days, default=july(10))
    after, alerts = after_rounds_on(petition, {*days, last})
    _, daily = after_rounds_on(petition, (july(10) + timedelta(days=n) for n in range((last - july(10)).days + 1)))
    assert keys_of_limits(alerts) == keys_of_limits(daily)
    assert len({step_key_of(alert) for alert in alerts}) == len(alerts)
    for clock in WatchedClock:
        fell_due = [alert.occurred_on for alert in alerts if alert.clock is clock]
        assert fell_due == sorted(fell_due)
    assert due_on_day(after, last) == []
    assert all(alert.occurred_on <= last for alert in alerts)
    assert set(after.alerts) == {step_key_of(alert) for alert in alerts}


@given(commands=LIVES, first=st.integers(0, 140), second=st.integers(0, 140))
@examples(60)
def test_a_day_that_comes_again_raises_nothing(commands: list[PetitionCommand], first: int, second: int) -> None:
    """Covers a clock that went back, and a second worker that looks after the first."""
    petition = petition_after(commands)
    early, late = sorted((july(10) + timedelta(days=first), july(10) + timedelta(days=second)))
    after, _ = after_rounds_on(petition, [late])
    assert due_on_day(after, early) == []
    assert due_on_day(after, late) == []


# -- a clock is known by its name and its subject: today no clock has one


def test_a_step_of_a_clock_with_a_subject_is_another_step() -> None:
    whole = AlertRaised(
        occurred_on=august(10),
        clock=WatchedClock.SETTLEMENT,
        due_on=august(10),
        step="due-day",
        round=1,
        to=(),
        by=(),
        does=Does.TELL,
        rule="x@1",
        calendar="x",
    )
    subject = ClockSubject(kind=SubjectKind.TASK, reference="2")
    one = replace(whole, subject=subject)
    assert step_key_of(whole).text == "settlement/1/2026-08-10/due-day"
    assert step_key_of(one).text == "settlement/1/2026-08-10/due-day/task:2"
    assert len({step_key_of(whole), step_key_of(one)}) == 2
    note = AlertAcknowledged(
        occurred_on=august(10), clock=whole.clock, due_on=whole.due_on, step=whole.step, round=1, subject=subject
    )
    after = petition_after_facts(petition_after(in_progress(COMPLAINT)), (whole, one, note))
    assert after.alerts == {step_key_of(whole): False, step_key_of(one): True}
