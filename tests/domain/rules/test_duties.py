"""Tests the duties of the law: which act starts each, its last day, what fulfils it, and what ends it otherwise.

The last days are counted by the oracle of the tests, from the numbers of the articles as they are written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given

from domain import commands as c
from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock, ClockKey, ClockSubject, SubjectKind
from domain.deadlines.clock_run import ClockRun
from domain.deadlines.deadline import days_late
from domain.deadlines.duty_runs import is_duty_run
from domain.deadlines.ledger import Ledger, fold_ledger
from domain.duties import CLOCKS_OF_ACT, FOLLOW_THE_ANSWER, FULFILS, OWED_TO
from domain.errors import Refused
from domain.events import StageOpened
from domain.petition import Petition
from domain.refusals.duties import DutyRefusal
from domain.rules.duties import STARTS
from domain.value import UNSET, said
from domain.vocabulary import Channel, Competence, DutyAct, Recipient, UnitId, WayUp
from tests.domain import samples
from tests.domain.command_sequences import LIVES, Life, history_of_life
from tests.domain.deadlines import oracle
from tests.domain.samples import (
    ACCEPT,
    ANSWER,
    COMPLAINT,
    DENUNCIATION,
    NOTIFY,
    PROPOSAL,
    RECEIVE,
    RESUME,
    SUSPEND,
    TERMINATE,
    assigned,
    august,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import (
    FIRST_LETTER,
    HEAD,
    MONDAY,
    TODAY,
    Act,
    GivenPast,
    history_of,
    national_law,
    outcome,
    petition_after,
)

CALENDAR = national_law().calendar
DAYS = oracle.Days(
    frozenset(day.toordinal() for day in CALENDAR.days_off), frozenset(day.toordinal() for day in CALENDAR.days_worked)
)
NEVER = date(2026, 11, 30)


def last_day(on: date, amount: int, unit: str) -> date:
    """Return the last day of a limit, counted without the product."""
    ordinal = oracle.end(on.toordinal(), amount, working=unit == "wd", first_counts=False, pauses=(), days=DAYS)
    return date.fromordinal(ordinal)


def unit(code: str) -> ClockSubject:
    return ClockSubject(kind=SubjectKind.UNIT, reference=code)


def decision(number: str) -> ClockSubject:
    return ClockSubject(kind=SubjectKind.DECISION, reference=number)


def by_channel(channel: Channel, past: Sequence[PetitionCommand]) -> list[PetitionCommand]:
    receive, *later = past
    return [with_changes(receive, channel=channel), *later]


PLAIN_COMPLAINT = by_channel(Channel.POST, [*in_progress(COMPLAINT), ANSWER])
PLAIN_DENUNCIATION = by_channel(Channel.POST, [*in_progress(DENUNCIATION), ANSWER])
OF_ANOTHER_BODY = with_changes(samples.CLASSIFY, kind=DENUNCIATION, competence=Competence.OTHER_BODY)
ASKED_RESULT = with_changes(samples.REPLY, citizen_asked=True)
LATE_DENUNCIATION = by_channel(Channel.POST, in_progress(DENUNCIATION))
FURTHER_ON = samples.DENOUNCE_FURTHER.occurred_on


@dataclass(frozen=True)
class DutyLife:
    """Holds a past after which a duty runs, with its number in the law, and the command that fulfils it."""

    past: Sequence[PetitionCommand]
    clock: Clock
    since: date
    amount: int
    unit: str
    fulfilled_by: PetitionCommand
    subject: ClockSubject | None = None

    @property
    def due_on(self) -> date:
        return last_day(self.since, self.amount, self.unit)

    @property
    def key(self) -> ClockKey:
        return ClockKey(self.clock, self.subject)


LIVES_OF_DUTIES = (
    DutyLife(
        [with_changes(RECEIVE, to_party_head=True)],
        Clock.PARTY_HEAD_NOTICE, MONDAY, 10, "wd", samples.TELL_PARTY_SENDER,
    ),
    DutyLife([RECEIVE, OF_ANOTHER_BODY], Clock.TRANSFER, MONDAY, 5, "wd", samples.TRANSFER),
    DutyLife([RECEIVE, OF_ANOTHER_BODY], Clock.TRANSFER, MONDAY, 5, "wd", samples.GUIDE),
    DutyLife(
        by_channel(Channel.REFERRED_BY_PRESS, classified_as(DENUNCIATION)),
        Clock.REFERRAL_REPLY, MONDAY, 20, "cd", samples.TELL_REFERRER,
    ),
    DutyLife(
        by_channel(Channel.REFERRED_BY_DEPUTY, [*in_progress(PROPOSAL), ANSWER]),
        Clock.RESULT_TO_REFERRER, ANSWER.occurred_on, 7, "wd", samples.TELL_REFERRER,
    ),
    DutyLife(
        by_channel(Channel.REFERRED_BY_FRONT, [*in_progress(COMPLAINT), ANSWER]),
        Clock.FRONT_NOTICE, ANSWER.occurred_on, 7, "cd", samples.TELL_REFERRER,
    ),
    DutyLife(
        [*classified_as(PROPOSAL), samples.TRANSFER, ASKED_RESULT],
        Clock.RESULT_TO_CITIZEN, ASKED_RESULT.occurred_on, 5, "wd", NOTIFY,
    ),
    DutyLife(
        [*classified_as(DENUNCIATION), ACCEPT],
        Clock.ACCEPTANCE_NOTICE, ACCEPT.occurred_on, 5, "wd", samples.SEND_ACCEPTANCE,
    ),
    DutyLife(
        [*in_progress(COMPLAINT), samples.ASK_FOR_DOCUMENTS],
        Clock.DOCUMENT_SUPPLY, samples.ASK_FOR_DOCUMENTS.occurred_on, 7, "cd", samples.SUPPLY_DOCUMENTS,
        unit("so-khac"),
    ),
    DutyLife(
        [*in_progress(COMPLAINT), SUSPEND],
        Clock.SUSPENSION_SENDING, SUSPEND.occurred_on, 3, "wd", samples.SEND_SUSPENSION, decision("61/QD-TDC"),
    ),
    DutyLife(
        [*in_progress(DENUNCIATION), SUSPEND],
        Clock.SUSPENSION_SENDING, SUSPEND.occurred_on, 5, "wd", samples.SEND_SUSPENSION, decision("61/QD-TDC"),
    ),
    DutyLife(
        [*in_progress(DENUNCIATION), SUSPEND, RESUME],
        Clock.SUSPENSION_SENDING, RESUME.occurred_on, 5, "wd",
        with_changes(samples.SEND_SUSPENSION, decision_no=RESUME.document_no), decision("62/QD-TT"),
    ),
    DutyLife(
        [*in_progress(COMPLAINT), TERMINATE],
        Clock.SUSPENSION_SENDING, TERMINATE.occurred_on, 3, "wd",
        with_changes(samples.SEND_SUSPENSION, decision_no=TERMINATE.decision_no), decision("63/QD-DC"),
    ),
    DutyLife(
        [*in_progress(COMPLAINT), samples.WITHDRAW, samples.AGREE_TO_WITHDRAWAL],
        Clock.SUSPENSION_SENDING, samples.AGREE_TO_WITHDRAWAL.occurred_on, 3, "wd",
        with_changes(samples.SEND_SUSPENSION, decision_no=""),
    ),
    DutyLife(PLAIN_COMPLAINT, Clock.DECISION_SENDING, ANSWER.occurred_on, 3, "wd", samples.SEND_DECISION),
    DutyLife(PLAIN_COMPLAINT, Clock.DECISION_SENDING, ANSWER.occurred_on, 3, "wd", NOTIFY),
    DutyLife(PLAIN_DENUNCIATION, Clock.CONCLUSION_SENDING, ANSWER.occurred_on, 5, "wd", samples.SEND_CONCLUSION),
    DutyLife(
        PLAIN_DENUNCIATION, Clock.CONCLUSION_PUBLICATION, ANSWER.occurred_on, 7, "wd", samples.PUBLISH_CONCLUSION
    ),
    DutyLife(PLAIN_DENUNCIATION, Clock.CONCLUSION_ACTION, ANSWER.occurred_on, 7, "wd", samples.ACT_ON_CONCLUSION),
    DutyLife(
        [*PLAIN_DENUNCIATION, samples.ACTION_RESULT],
        Clock.ACTION_REPORT, samples.ACTION_RESULT.occurred_on, 5, "wd", samples.REPORT_ACTION, unit("so-khac"),
    ),
    DutyLife(
        [*LATE_DENUNCIATION, samples.DENOUNCE_FURTHER],
        Clock.OVERDUE_DEMAND, FURTHER_ON, 5, "wd", samples.DEMAND_REPORT, unit("bo-mau"),
    ),
    DutyLife(
        [*LATE_DENUNCIATION, samples.DENOUNCE_FURTHER, samples.DEMAND_REPORT],
        Clock.OVERDUE_REPORT, samples.DEMAND_REPORT.occurred_on, 5, "wd", samples.REPORT_OVERDUE,
    ),
)  # fmt: skip
each_life = pytest.mark.parametrize(
    "life", LIVES_OF_DUTIES, ids=lambda life: f"{life.clock}-{type(life.fulfilled_by).__name__}"
)


def ledger_after(past: GivenPast) -> Ledger:
    return fold_ledger(history_of(past))


def key_of(run: ClockRun) -> ClockKey | None:
    return ClockKey(run.clock, run.subject) if isinstance(run.clock, Clock) else None


def late_by(past: GivenPast, clock: Clock, on: date = NEVER) -> int | None:
    """Return how many days late the only run of the clock is on the day."""
    (run,) = [run for run in ledger_after(past).clocks if run.clock is clock]
    return run.days_late(on)


# -- each duty


@each_life
def test_an_act_starts_the_duty_by_the_number_of_its_article(life: DutyLife) -> None:
    petition = petition_after(life.past)
    deadline = petition.duties[life.key]
    assert (deadline.started_on, deadline.due_on) == (life.since, life.due_on)
    assert petition.status.duties[life.key].due_on == life.due_on
    assert petition.status.due_on == petition_due_on(petition), "a duty moves no date of the petition"


def petition_due_on(petition: Petition) -> date | None:
    return min(petition.status.clocks.values(), default=None)


@each_life
def test_a_duty_that_nobody_fulfils_goes_on_and_is_late(life: DutyLife) -> None:
    (run,) = [run for run in ledger_after(life.past).running if key_of(run) == life.key]
    assert run.days_late(NEVER) == (NEVER - life.due_on).days > 0


@each_life
def test_a_duty_is_fulfilled_by_the_act_of_its_name_in_time_or_late(life: DutyLife) -> None:
    for on, late in ((life.due_on, 0), (TODAY, (TODAY - life.due_on).days)):
        past = [*life.past, with_changes(life.fulfilled_by, occurred_on=on)]
        assert life.key not in petition_after(past).duties
        (run,) = [run for run in ledger_after(past).clocks if key_of(run) == life.key]
        assert (run.stopped_on, run.days_late(NEVER)) == (on, late)


@each_life
def test_nothing_is_done_before_it_was_owed(life: DutyLife) -> None:
    if not isinstance(life.fulfilled_by, c.NotifyCitizen | c.TransferPetition | c.GuideCitizen) and life.since > MONDAY:
        too_early = with_changes(life.fulfilled_by, occurred_on=MONDAY)
        with pytest.raises(Refused) as refused:
            outcome(given=life.past, when=too_early)
        assert refused.value.code is DutyRefusal.BEFORE_IT_WAS_OWED


@each_life
def test_what_nobody_can_fulfil_any_more_is_lifted_and_stays_late(life: DutyLife) -> None:
    subject = "" if life.subject is None else life.subject.text
    lift = c.LiftDuty(occurred_on=TODAY, clock=life.clock, subject=subject, reason="không còn ai để gửi")
    past = [*life.past, lift]
    assert life.key not in petition_after(past).duties
    (run,) = [run for run in ledger_after(past).clocks if key_of(run) == life.key]
    assert (run.stopped_by, run.days_late(NEVER)) == ("DutyLifted", (TODAY - life.due_on).days)


# -- the tables


def test_every_duty_of_the_law_is_started_by_an_act_and_fulfilled_by_one() -> None:
    started = {start.clock for starts in STARTS.values() for start in starts}
    by_law = {clock for clock in Clock if clock.is_duty and clock.is_statutory}
    assert started == by_law
    fulfilled = {clock for clocks in CLOCKS_OF_ACT.values() for clock in clocks}
    assert by_law - fulfilled == {Clock.TRANSFER, Clock.RESULT_TO_CITIZEN}, "these have acts of their own"
    assert set(CLOCKS_OF_ACT) == set(DutyAct)
    assert {clock for clock, _ in OWED_TO} <= by_law


def test_every_duty_has_a_life_above() -> None:
    lived = {life.clock for life in LIVES_OF_DUTIES} | {Clock.DECISION_PUBLICATION}  # of a second complaint: below
    assert lived == {start.clock for starts in STARTS.values() for start in starts}


def test_every_rule_that_a_duty_runs_by_is_on_file() -> None:
    rows = {row.reference for row in national_law().policies.rows}
    used = {petition_after(life.past).duties[life.key].policy for life in LIVES_OF_DUTIES}
    assert UNSET not in used
    assert used <= rows


# -- what inspectors look for


def test_a_conclusion_that_was_never_sent_or_published_is_late() -> None:
    past = [*by_channel(Channel.POST, in_progress(DENUNCIATION)), with_changes(ANSWER, occurred_on=august(10))]
    for clock, amount in (
        (Clock.CONCLUSION_SENDING, 5),
        (Clock.CONCLUSION_ACTION, 7),
        (Clock.CONCLUSION_PUBLICATION, 7),
    ):
        assert late_by(past, clock) == (NEVER - last_day(august(10), amount, "wd")).days


@pytest.mark.parametrize("competence", [None, Competence.OTHER_BODY])
def test_a_transfer_that_was_late_is_late_also_where_nobody_had_said_that_another_body_is_competent(
    competence: Competence | None,
) -> None:
    """Received on 6 July, 5 working days: 13 July."""
    classify = with_changes(samples.CLASSIFY, kind=DENUNCIATION, competence=competence)
    past: GivenPast = [RECEIVE, classify, with_changes(samples.TRANSFER, occurred_on=july(30))]
    assert late_by(past, Clock.TRANSFER) == 17
    assert petition_after(past).duties.keys() & {ClockKey(Clock.TRANSFER)} == set()


# -- to whom


def test_a_sending_is_owed_until_all_that_the_law_names_were_reached() -> None:
    key = ClockKey(Clock.CONCLUSION_SENDING)
    to_denounced = with_changes(samples.SEND_CONCLUSION, sent_to=(Recipient.RESPONDENT,))
    half = petition_after([*PLAIN_DENUNCIATION, to_denounced])
    assert half.status.duties[key].owed_to == {Recipient.PETITIONER}
    assert key not in petition_after([*PLAIN_DENUNCIATION, to_denounced, NOTIFY]).duties
    assert petition_after([*PLAIN_DENUNCIATION, NOTIFY]).status.duties[key].owed_to == {Recipient.RESPONDENT}


def test_a_reply_to_the_referrer_fulfils_all_that_is_owed_on_that_day() -> None:
    past = by_channel(Channel.REFERRED_BY_DEPUTY, [*in_progress(DENUNCIATION), ANSWER])
    owed = {Clock.REFERRAL_REPLY, Clock.RESULT_TO_REFERRER}
    assert owed <= {key.clock for key in petition_after(past).duties}
    assert not owed & {key.clock for key in petition_after([*past, samples.TELL_REFERRER]).duties}
    before = petition_after([*past[:-1], with_changes(samples.TELL_REFERRER, occurred_on=july(14)), past[-1]])
    assert owed & {key.clock for key in before.duties} == {Clock.RESULT_TO_REFERRER}


# -- siblings


def test_a_second_complaint_is_sent_within_seven_days_and_published_within_fifteen() -> None:
    above = StageOpened(
        occurred_on=MONDAY,
        earlier=FIRST_LETTER,
        way=WayUp.SECOND_COMPLAINT,
        unit=UnitId("ubnd-tinh"),
        kind=COMPLAINT,
        book="TD",
    )
    past: GivenPast = [above, *in_progress(COMPLAINT)[1:], ANSWER]
    answered_on = ANSWER.occurred_on
    duties = petition_after(past).duties
    assert duties[ClockKey(Clock.DECISION_SENDING)].due_on == last_day(answered_on, 7, "cd")
    assert duties[ClockKey(Clock.DECISION_PUBLICATION)].due_on == last_day(answered_on, 15, "cd")
    done = petition_after([*past, with_changes(samples.PUBLISH_DECISION, occurred_on=answered_on)])
    assert ClockKey(Clock.DECISION_PUBLICATION) not in done.duties


def test_reopening_ends_what_followed_the_answer_and_another_answer_starts_it_anew() -> None:
    reopen = with_changes(samples.REOPEN, occurred_on=august(3))
    again = with_changes(ANSWER, occurred_on=august(10), document_no="99/QD")
    past = [*PLAIN_COMPLAINT, reopen]
    assert not FOLLOW_THE_ANSWER & {key.clock for key in petition_after(past).duties}
    ledger = ledger_after([*past, again])
    first, second = [run for run in ledger.clocks if run.clock is Clock.DECISION_SENDING]
    assert (first.stopped_by, first.days_late(NEVER)) == ("PetitionReopened", 11)
    assert (second.is_running, second.round, second.due_on) == (True, 2, last_day(august(10), 3, "wd"))


def test_a_corrected_day_of_the_answer_counts_the_duty_again() -> None:
    propose = c.ProposeCorrection(occurred_on=july(27), version=1, answered_on=july(14), why="gõ nhầm")
    past: GivenPast = [*PLAIN_COMPLAINT, propose, samples.APPROVE]
    deadline = petition_after(past).duties[ClockKey(Clock.DECISION_SENDING)]
    assert (deadline.started_on, deadline.due_on) == (july(14), last_day(july(14), 3, "wd"))
    (run,) = [run for run in ledger_after(past).running if run.clock is Clock.DECISION_SENDING]
    assert (run.due_on, run.original_due_on) == (deadline.due_on, deadline.due_on)


def test_a_corrected_day_of_receipt_counts_again_what_counts_from_it() -> None:
    propose = c.ProposeCorrection(occurred_on=july(9), version=1, received_on=july(1), why="gõ nhầm")
    past: GivenPast = [RECEIVE, OF_ANOTHER_BODY, propose, with_changes(samples.APPROVE, occurred_on=july(10))]
    assert petition_after(past).duties[ClockKey(Clock.TRANSFER)].due_on == last_day(july(1), 5, "wd")


def test_what_is_found_to_be_of_another_kind_or_of_own_competence_is_not_transferred() -> None:
    for changes in ({"kind": COMPLAINT}, {"kind": DENUNCIATION, "competence": Competence.OWN}):
        again = with_changes(samples.RECLASSIFY, **changes)
        past: list[PetitionCommand] = [RECEIVE, OF_ANOTHER_BODY, again]
        assert ClockKey(Clock.TRANSFER) not in petition_after(past).duties
        back = with_changes(OF_ANOTHER_BODY, occurred_on=july(10), reason="đọc lại")
        assert petition_after([*past, back]).duties[ClockKey(Clock.TRANSFER)].due_on == july(13)


def test_a_duty_is_not_suspended_with_the_petition() -> None:
    past = [*assigned(DENUNCIATION), samples.START, SUSPEND, RESUME]
    notice = petition_after(past).duties[ClockKey(Clock.ACCEPTANCE_NOTICE)]
    assert (notice.due_on, said(notice.suspensions, ())) == (last_day(ACCEPT.occurred_on, 5, "wd"), ())


def test_a_duty_goes_with_the_petition_to_another_unit_and_that_of_an_asked_unit_does_not() -> None:
    past = [*in_progress(COMPLAINT), samples.ASK_FOR_DOCUMENTS, SUSPEND]
    owed = petition_after([*past, with_changes(samples.REASSIGN, occurred_on=july(16), lead_unit="bo-mau")]).status
    assert {key.clock: duty.unit for key, duty in owed.duties.items() if key.clock is not Clock.REFERRAL_REPLY} == {
        Clock.DOCUMENT_SUPPLY: "so-khac",
        Clock.SUSPENSION_SENDING: "bo-mau",
    }


def test_an_act_that_is_entered_late_is_late_at_once() -> None:
    past = [*by_channel(Channel.POST, in_progress(DENUNCIATION)), Act(with_changes(ANSWER, occurred_on=july(20)), HEAD)]
    (run,) = [run for run in ledger_after(past).running if run.clock is Clock.CONCLUSION_SENDING]
    assert run.days_late(TODAY) == (TODAY - july(27)).days


def test_a_letter_that_is_split_owes_nothing_and_each_matter_owes_its_own() -> None:
    past = by_channel(Channel.REFERRED_BY_PRESS, [RECEIVE, with_changes(samples.CLASSIFY, kind=DENUNCIATION)])
    assert petition_after(past).duties
    assert petition_after([*past, with_changes(samples.SPLIT, occurred_on=july(9))]).duties == {}


# -- whatever the life is


@given(LIVES)
def test_the_ledger_the_petition_and_its_status_hold_the_same_duties(life: Life) -> None:
    ledger, petition = fold_ledger(history_of_life(life)), life.end
    running = {key: run for run in ledger.running if is_duty_run(run) and (key := key_of(run)) is not None}
    assert running.keys() == petition.duties.keys() == petition.status.duties.keys()
    for key, run in running.items():
        duty, deadline = petition.status.duties[key], petition.duties[key]
        assert run.due_on == duty.due_on == deadline.due_on
        assert run.holder is not None
        assert run.holder.unit == (duty.unit or petition.received_by_unit)
        assert run.days_late(TODAY) == days_late(duty.due_on, TODAY)
    assert ledger.due_on == petition.status.due_on


@given(LIVES)
def test_a_duty_ends_by_what_fulfils_it_or_by_what_ends_it_and_never_by_itself(life: Life) -> None:
    ending = {kind.__name__ for kind in FULFILS} | {
        *("DutyLifted", "PetitionReopened", "TransferReplyReceived", "PetitionClassified", "PetitionSplit"),
        *("RegistrationCancelled", "PetitionAccepted", "AcceptanceRefused", "PetitionArchived"),
        *("PetitionMarkedDuplicate", "PetitionHandledAsInformation", "AnsweredAtMeeting"),
        *("SecondComplaintLodged", "FurtherDenunciationLodged", "LawsuitFiled", "SettlementTakenOver"),
        *("ProcessingSuspended", "ProcessingResumed", "ProcessingTerminated", "WithdrawalAccepted"),
        *("DocumentsRequested", "ActionResultRecorded", "PetitionAssigned", "PetitionReassigned"),
        *("AnsweredInWriting", "CompetentUnitUrged"),
    }
    for run in fold_ledger(history_of_life(life)).clocks:
        if is_duty_run(run) and not run.is_running:
            assert run.stopped_by in ending
