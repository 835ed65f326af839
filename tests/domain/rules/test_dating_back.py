"""Tests that no officer alone takes lateness away by an act that is dated back over a due date."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import commands as c
from domain.commands import PetitionCommand
from domain.deadlines.duty_runs import is_duty_run
from domain.deadlines.ledger import fold_ledger
from domain.decide import PETITION_COMMANDS, decide
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import PetitionEvent, ProcessingSuspended, RecordCorrected
from domain.evolve import fold
from domain.meetings.meeting import HeldRecord
from domain.refusals.general import GeneralRefusal
from domain.refusals.intake import IntakeRefusal
from domain.rules.dating_back import BY_TWO_OFFICERS
from domain.value import replace
from domain.vocabulary import Channel, PetitionKind
from tests.domain import samples as s
from tests.domain.command_sequences import LIVES, Life, first_letter, varied_command
from tests.domain.samples import july, with_changes
from tests.domain.scenario import (
    CLERK,
    HEAD,
    MEETING,
    MONDAY,
    PETITION,
    TODAY,
    WORKER,
    decision_context,
    history_of,
    outcome,
    petition_after,
    usual_officer,
)
from tests.examples import examples

BACK = {GeneralRefusal.DATED_BACK_OVER_DUE_DATE, GeneralRefusal.MEETING_RECORDED_AFTER_DUE_DATE}

DUE, DECEMBER = date(2026, 2, 2), date(2026, 12, 1)
OF_JANUARY: list[PetitionCommand] = [
    with_changes(s.RECEIVE, occurred_on=date(2026, 1, 5)),
    with_changes(s.CLASSIFY, occurred_on=date(2026, 1, 6)),
    with_changes(s.ASSIGN, occurred_on=date(2026, 1, 8), due_on=DUE, notice_on=date(2026, 1, 8)),
    with_changes(s.START, occurred_on=date(2026, 1, 9)),
]


def test_a_suspension_of_january_that_is_entered_in_december_is_refused_and_says_what_is_possible() -> None:
    suspend = with_changes(s.SUSPEND, occurred_on=date(2026, 1, 20))
    with pytest.raises(Refused) as refused:
        outcome(given=OF_JANUARY, when=suspend, today=DECEMBER)
    assert refused.value.code is GeneralRefusal.DATED_BACK_OVER_DUE_DATE
    assert refused.value.plain_values() == {"on": "2026-01-20", "due_on": "2026-02-02"}
    assert "người khác phê duyệt" in refused.value.instead("vi")
    assert "another officer approves" in refused.value.instead("en")
    assert outcome(given=OF_JANUARY, when=suspend, today=DUE)  # nothing had run out


def test_with_a_second_officer_the_suspension_holds_the_date_and_both_days_are_visible() -> None:
    suspended = [*OF_JANUARY, with_changes(s.SUSPEND, occurred_on=DECEMBER)]
    assert petition_after(suspended).is_past_limit(DECEMBER)
    field = {"version": 5, "path": "occurred_on", "becomes": "2026-01-20"}
    propose = c.ProposeCorrection.model_validate(
        {"occurred_on": DECEMBER, "fields": [field], "why": "quyết định 20/01"}
    )
    approve = c.ApproveCorrection(occurred_on=DECEMBER)
    with pytest.raises(Refused):
        outcome(given=[*suspended, propose], when=approve, by=CLERK)
    moved = [*suspended, propose, approve]
    assert petition_after(moved).status.is_held
    facts = [one.fact for one in history_of(moved)]
    recorded, corrected = facts[4], facts[-1]
    assert isinstance(recorded, ProcessingSuspended)
    assert isinstance(corrected, RecordCorrected)
    assert recorded.occurred_on == DECEMBER
    assert corrected.corrections[0].becomes == '"2026-01-20"'
    resume = with_changes(s.RESUME, occurred_on=date(2026, 11, 30))
    resumed = petition_after([*moved, *outcome(given=moved, when=resume, today=DECEMBER)])
    assert resumed.status.due_on == date(2026, 12, 14)


def test_an_answer_is_dated_back_by_a_correction_alone() -> None:
    answer = with_changes(s.ANSWER, occurred_on=date(2026, 1, 30))
    with pytest.raises(Refused):
        outcome(given=OF_JANUARY, when=answer, today=DUE + timedelta(days=1))
    after_it = with_changes(answer, occurred_on=DUE + timedelta(days=1))
    assert outcome(given=OF_JANUARY, when=after_it, today=DECEMBER)  # late stays late, on whatever day it is entered
    answered = [*OF_JANUARY, with_changes(answer, occurred_on=DECEMBER)]
    propose = c.ProposeCorrection(occurred_on=DECEMBER, answered_on=date(2026, 1, 30), why="ghi muộn")
    corrected = petition_after([*answered, propose, c.ApproveCorrection(occurred_on=DECEMBER)])
    assert corrected.status.settled_on == date(2026, 1, 30)


def test_a_petition_that_is_late_is_not_handed_over_as_of_a_day_before() -> None:
    reassign = with_changes(s.REASSIGN, occurred_on=date(2026, 1, 20))
    with pytest.raises(Refused):
        outcome(given=OF_JANUARY, when=reassign, today=DECEMBER)


def test_an_overdue_number_is_not_taken_out_of_the_figures_by_cancelling_it() -> None:
    """Its due date is the last day of its triage, 20 July."""
    in_time, too_late = (with_changes(s.CANCEL, occurred_on=july(day)) for day in (20, 21))
    assert outcome(given=[s.RECEIVE], when=in_time, today=july(20))
    for cancel in (in_time, too_late):
        with pytest.raises(Refused) as refused:
            outcome(given=[s.RECEIVE], when=cancel, today=july(21))
        assert refused.value.code is IntakeRefusal.CANNOT_CANCEL_OVERDUE
        assert refused.value.plain_values() == {"due_on": "2026-07-20"}


def test_an_extension_that_two_officers_decided_is_entered_later() -> None:
    ask = with_changes(s.ASK_FOR_TIME, occurred_on=date(2026, 1, 20), until=date(2026, 2, 20))
    grant = with_changes(s.EXTEND, occurred_on=date(2026, 1, 21))
    assert outcome(given=[*OF_JANUARY, ask], when=grant, today=DECEMBER)


def recorded_on_day(history: list[EventEnvelope[PetitionEvent]], day: date) -> list[EventEnvelope[PetitionEvent]]:
    at = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    return [
        one.with_database_values(recorded_at=at, position=n, reference=None, command_id=UUID(int=n))
        for n, one in enumerate(history, start=1)
    ]


RAISED_THERE = [with_changes(s.RECEIVE, channel=Channel.DIALOGUE, meeting_id=MEETING)]
PREPARED = [s.RECEIVE, s.PREPARE]
HELD_IN_TIME = HeldRecord(recorded_on=july(20), parties=WORKER.parties)


@pytest.mark.parametrize(
    ("past", "entered_on", "held", "passes"),
    [
        (RAISED_THERE, july(30), HELD_IN_TIME, True),
        (RAISED_THERE, july(30), replace(HELD_IN_TIME, recorded_on=july(21)), False),
        (RAISED_THERE, july(30), replace(HELD_IN_TIME, parties=HEAD.parties), False),
        (RAISED_THERE, july(30), None, False),
        (PREPARED, july(20), HELD_IN_TIME, True),
        (PREPARED, july(21), HELD_IN_TIME, False),
        ([s.RECEIVE], july(6), HELD_IN_TIME, False),
    ],
)
def test_an_answer_at_a_meeting_is_entered_later_if_somebody_else_recorded_by_the_due_date_what_it_rests_on(
    past: list[PetitionCommand], entered_on: date, held: HeldRecord | None, passes: bool
) -> None:
    context = decision_context(HEAD)
    assert context.meeting is not None
    history = recorded_on_day(history_of(past), entered_on)
    context = context._replace(meeting=replace(context.meeting, held_record=held), history=history)
    answer = with_changes(s.ANSWER_AT_MEETING, occurred_on=MONDAY)
    petition = petition_after(past)  # to be handled by 20 July
    if passes:
        assert decide(answer, petition, context).facts
        return
    with pytest.raises(Refused) as refused:
        decide(answer, petition, context)
    assert refused.value.code is GeneralRefusal.MEETING_RECORDED_AFTER_DUE_DATE
    assert decide(answer, petition, context._replace(today=july(20))).facts


def pasts() -> Iterator[tuple[PetitionKind, Sequence[PetitionCommand]]]:
    for kind in PetitionKind:
        for past in s.commands_to_stages(kind).values():
            yield kind, past
        yield kind, [*s.in_progress(kind), s.WITHDRAW]
        yield kind, [*s.answered(kind), s.PROMISE]


def is_dated_back(
    command: PetitionCommand, kind: PetitionKind, history: list[EventEnvelope[PetitionEvent]], on: date, today: date
) -> bool:
    """Return True when the command is refused because its day lies before a due date that has passed."""
    context = decision_context(usual_officer(command), today=today, meeting_on=on, other=first_letter(kind))
    try:
        decide(with_changes(command, occurred_on=on), fold(history), context._replace(history=tuple(history)))
    except Refused as refused:
        return refused.code in BACK
    return False


TAKES_LATENESS_BACK = {
    *(c.SplitPetition, c.ClassifyPetition, c.AcceptPetition, c.RefuseAcceptance),
    *(c.TransferPetition, c.ReturnPetition, c.GuideCitizen, c.FilePetition, c.MarkDuplicate, c.HandleAsInformation),
    *(c.AssignPetition, c.ReassignPetition, c.AnswerAtMeeting, c.AnswerInWriting, c.ReportPromise, c.ReplyToReferrer),
    *(c.SendAcceptanceNotice, c.SendSuspensionDecision, c.SendConclusion, c.PublishConclusion, c.ActOnConclusion),
    *(c.LiftDuty, c.SuspendProcessing, c.TerminateProcessing, c.DetermineComplexity, c.AcceptWithdrawal),
    c.ReopenPetition,
}
"""The commands that are refused in one of the pasts. The property below asks the same of all others, in any life."""


def test_every_command_that_could_take_lateness_back_is_refused_when_it_is_dated_back() -> None:
    refused = set()
    for kind, past in pasts():
        history = history_of(past, other=first_letter(kind))
        on = max(one.occurred_on for one in past)
        duties = petition_after(past, other=first_letter(kind)).duties
        for command in (*s.EVERY_COMMAND, *(s.for_duty(one, key) for one in s.EVERY_COMMAND for key in duties)):
            if type(command) not in PETITION_COMMANDS or not is_dated_back(command, kind, history, on, TODAY):
                continue
            refused.add(type(command))
            assert not is_dated_back(command, kind, history, on, on)
            assert not is_dated_back(command, kind, history, TODAY, TODAY)
    assert {one.__name__ for one in refused} == {one.__name__ for one in TAKES_LATENESS_BACK}
    assert not refused & BY_TWO_OFFICERS


@given(life=LIVES, late=st.integers(0, 70), entered_after=st.integers(0, 70), what=st.integers(0, 255))
@examples(120)
def test_no_single_officers_act_makes_anything_less_late_than_everybody_knew(
    life: Life, late: int, entered_after: int, what: int
) -> None:
    """An act after a due date leaves what was late until its day; one that is dated back leaves all that was late."""
    history = [EventEnvelope(PETITION, 1, life.receipt, HEAD), *(step.envelope for step in life.steps)]
    last = max(one.fact.occurred_on for one in history) + timedelta(days=late)
    today = last + timedelta(days=entered_after)
    before = fold_ledger(history)
    duties = life.end.status.duties
    for sample in (*s.EVERY_COMMAND, *(s.for_duty(one, key) for one in s.EVERY_COMMAND for key in duties)):
        if type(sample) not in PETITION_COMMANDS or type(sample) in BY_TWO_OFFICERS:
            continue
        command = varied_command(sample, what, last, life.end)
        by, on = usual_officer(command), command.occurred_on
        context = decision_context(by, today=today, meeting_on=on, other=first_letter(life.end.kind))
        try:
            facts = decide(command, life.end, context._replace(history=tuple(history))).facts
        except Refused:
            continue
        more = [EventEnvelope(PETITION, len(history) + n, fact, by) for n, fact in enumerate(facts, start=1)]
        after = fold_ledger([*history, *more])
        for was, now in zip(before.clocks, after.clocks, strict=False):
            is_ours = was.holder is None or is_duty_run(was)
            if not is_ours or not was.is_running or was.due_on is None:
                continue
            is_dated_back = on <= was.due_on
            known_late = was.days_late(today if is_dated_back else on) or 0
            again = (
                one for one in after.clocks if one.is_running and (one.clock, one.subject) == (was.clock, was.subject)
            )  # the same duty, asked for once more
            assert max(one.days_late(today) or 0 for one in (now, *again)) >= known_late, (type(command), on, today)
            if is_dated_back and known_late and not is_duty_run(was):
                assert after.holder == before.holder, (type(command), on, today)
