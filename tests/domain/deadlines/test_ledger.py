"""Tests the clock ledger: segments, holders, lateness."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import commands as c
from domain.correcting.history import REWRITES_HISTORY
from domain.deadlines.apportioning import shares_of_holders, whole_share
from domain.deadlines.calendar import Calendar
from domain.deadlines.clock import Clock
from domain.deadlines.clock_run import ClockRun, Holder, Move, OfficeClock, Pause
from domain.deadlines.deadline import Suspension, resume_deadline
from domain.deadlines.ledger import Ledger, fold_ledger
from domain.envelope import EventEnvelope
from domain.events import PetitionEvent, PetitionReceived, PetitionUnmarkedDuplicate, Source
from domain.value import said
from domain.vocabulary import Channel, OfficerId, Recipient, UnitId, WithdrawalScope
from tests.domain import samples
from tests.domain.command_sequences import LIVES, Life, history_of_life
from tests.domain.samples import (
    ACCEPT,
    AGREE_TO_WITHDRAWAL,
    ANSWER,
    ASK_FOR_TIME,
    ASSIGN,
    CLASSIFY,
    COMPLAINT,
    DECLINED,
    DENUNCIATION,
    EXTEND,
    PROPOSAL,
    REASSIGN,
    RECEIVE,
    REMIND,
    REOPEN,
    REPLY,
    RESUME,
    SUSPEND,
    TRANSFER,
    WITHDRAW,
    answered,
    august,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import HEAD, MONDAY, PETITION, TODAY, GivenPast, history_of, national_law
from tests.domain.stored import petition_facts
from tests.examples import examples

CALENDAR = national_law().calendar
RECEIVER = Holder(unit=UnitId("ubnd-tinh"))
WORKER = Holder(unit=UnitId("so-mau"), officer=OfficerId("chuyen-vien"))
OTHER = Holder(unit=UnitId("so-khac"), officer=OfficerId("nguoi-khac"))


def ledger_after(past: GivenPast) -> Ledger:
    return fold_ledger(history_of(past))


def only_run(told: Ledger, clock: Clock | OfficeClock) -> ClockRun:
    (run,) = [run for run in told.clocks if run.clock is clock]
    return run


def moves(run: ClockRun) -> list[tuple[Move, date, date | None]]:
    return [(one.move, one.occurred_on, one.due_after) for one in run.segments]


# -- what holds for every petition -----------------------------------------------------------------------------------


UNDOES_AN_END = {PetitionUnmarkedDuplicate.__name__} | {kind.__name__ for kind in REWRITES_HISTORY}
"""Names of the events that may let a clock run again which had stopped."""


def assert_agrees_with_status(told: list[EventEnvelope[PetitionEvent]]) -> None:
    for n in range(1, len(told) + 1):
        ledger_so_far = fold_ledger(told[:n])
        status = ledger_so_far.status
        assert ledger_so_far.due_on == status.due_on
        ours = [run for run in ledger_so_far.running if run.holder is None]
        assert {run.clock: run.due_on for run in ours} == status.clocks
        assert len(ours) == len(status.clocks)
        for run in ledger_so_far.clocks:
            first, *others = run.segments
            assert (first.move, first.due_before) == (Move.START, None)
            assert all(one.move is not Move.START for one in others)
            assert all(one.due_after == two.due_before for one, two in zip(run.segments, others, strict=False))
            assert run.segments[-1].due_after == run.due_on
            ends = [one.move for one in run.segments if one.move is Move.STOP or one.event in UNDOES_AN_END]
            if run.is_running:
                assert Move.STOP not in ends[-1:]
            else:  # a correction may move the days of a clock that stays stopped
                assert Move.STOP in ends


@examples(60)
@given(LIVES)
def test_the_earliest_running_clock_is_the_petitions_due_date(life: Life) -> None:
    assert_agrees_with_status(history_of_life(life))


@examples(100)
@given(st.lists(st.sampled_from(petition_facts()), max_size=12))
def test_the_same_holds_for_whatever_was_recorded_in_whatever_order(facts: list[PetitionEvent]) -> None:
    receipt = history_of([RECEIVE])
    assert_agrees_with_status(
        [*receipt, *(EventEnvelope(PETITION, n, fact, HEAD) for n, fact in enumerate(facts, start=2))]
    )


@examples(200)
@given(LIVES)
def test_what_was_due_when_it_was_settled_is_the_earliest_of_the_clocks_that_stopped_then(life: Life) -> None:
    told = fold_ledger(history_of_life(life))
    status = told.status
    if status.settled_on is None:
        return
    stopped = [
        run.due_on
        for run in told.clocks
        if run.holder is None and any(s.move is Move.STOP and s.version == told.settled_by for s in run.segments)
    ]
    assert min((due for due in stopped if due is not None), default=None) == status.due_when_settled


def assert_days_add_up(told: Ledger, on: date, calendar: Calendar) -> None:
    for run in told.clocks:
        every = whole_share(run, on, calendar)
        held = shares_of_holders(told, run, on, calendar)
        assert every.calendar_days == sum(share.calendar_days for share in held)
        assert every.suspended_days == sum(share.suspended_days for share in held)
        if every.working_days is not None:
            assert every.working_days == sum(share.working_days or 0 for share in held)
            assert every.working_days <= every.calendar_days
        assert all(share.calendar_days >= 0 and share.suspended_days >= 0 for share in held)
        lasted = ((on if run.stopped_on is None else run.stopped_on) - run.uncounted_until).days
        assert every.calendar_days + every.suspended_days == max(0, lasted)


@examples(60)
@given(LIVES, st.integers(-10, 400))
def test_the_days_of_those_who_held_it_add_up_to_the_whole(life: Life, days: int) -> None:
    assert_days_add_up(fold_ledger(history_of_life(life)), MONDAY + timedelta(days=days), CALENDAR)


@examples(100)
@given(st.lists(st.sampled_from(petition_facts()), max_size=12), st.integers(-10, 400))
def test_they_add_up_in_the_untidiest_history(facts: list[PetitionEvent], days: int) -> None:
    told = [*history_of([RECEIVE]), *(EventEnvelope(PETITION, n, fact, HEAD) for n, fact in enumerate(facts, start=2))]
    assert_days_add_up(fold_ledger(told), MONDAY + timedelta(days=days), CALENDAR)


@examples(60)
@given(LIVES)
def test_lateness_once_settled_never_changes_with_the_day_that_asks(life: Life) -> None:
    for run in fold_ledger(history_of_life(life)).clocks:
        if run.stopped_on is not None:
            assert run.days_late(TODAY) == run.days_late(TODAY + timedelta(days=900))


# -- segments --------------------------------------------------------------------------------------------------------


def test_triage_and_acceptance_stop_when_it_is_accepted_and_settlement_starts() -> None:
    told = ledger_after([*classified_as(COMPLAINT), ACCEPT, ASSIGN])
    assert moves(only_run(told, Clock.TRIAGE)) == [
        (Move.START, MONDAY, july(20)),
        (Move.STOP, july(9), july(20)),
    ]
    settlement = only_run(told, Clock.SETTLEMENT)
    assert moves(settlement) == [(Move.START, july(9), august(10)), (Move.TRANSFER, july(10), august(10))]
    start = settlement.segments[0]
    assert (start.policy, start.calendar) == ("complaint-settlement@1", CALENDAR.version)
    assert (start.event, start.version, start.document_no) == ("PetitionAccepted", 3, ACCEPT.document_no)
    assert only_run(told, Clock.HEAD).segments[0].document_no == ASSIGN.notice_no


def test_a_suspension_moves_the_date_by_what_was_really_suspended() -> None:
    run = only_run(ledger_after([*in_progress(COMPLAINT), SUSPEND, RESUME]), Clock.SETTLEMENT)
    assert moves(run)[-2:] == [(Move.SUSPEND, july(15), august(10)), (Move.RESUME, july(20), august(13))]
    assert run.pauses == (Pause(suspended_on=july(15), resumed_on=july(20)),)
    assert (run.original_due_on, run.due_on) == (august(10), august(13))


def test_a_clock_that_stands_still_is_not_late_and_one_that_had_run_out_before_is() -> None:
    standing_still = only_run(ledger_after([*in_progress(COMPLAINT), SUSPEND]), Clock.SETTLEMENT)
    assert (standing_still.days_late(TODAY), standing_still.due_as_of(july(20))) == (0, august(15))
    ran_out = only_run(
        ledger_after([*in_progress(COMPLAINT), with_changes(SUSPEND, occurred_on=august(12))]), Clock.SETTLEMENT
    )
    assert ran_out.days_late(august(20)) == 10


def test_an_extension_is_a_segment_with_its_decision_and_both_dates() -> None:
    run = only_run(ledger_after([*in_progress(COMPLAINT), ASK_FOR_TIME, EXTEND]), Clock.HEAD)
    last = run.segments[-1]
    assert (last.move, last.due_before, last.due_after) == (Move.EXTEND, july(31), august(14))
    assert (last.document_no, last.decided_until) == (EXTEND.decision_no, august(14))
    assert run.original_due_on == july(31)


def test_an_extension_decided_after_expiry_is_recorded_and_the_clock_is_late() -> None:
    run = only_run(
        ledger_after([*in_progress(COMPLAINT), ASK_FOR_TIME, with_changes(EXTEND, occurred_on=august(3))]), Clock.HEAD
    )
    last = run.segments[-1]
    assert (last.move, last.due_before, last.due_after) == (Move.EXTEND, july(31), july(31))
    assert last.decided_until == august(14)
    assert run.days_late(august(5)) == 5


def test_a_reassignment_hands_the_clocks_over_and_moves_no_statutory_date() -> None:
    told = ledger_after([*in_progress(COMPLAINT), with_changes(REASSIGN, new_head_due_on=august(7))])
    assert moves(only_run(told, Clock.SETTLEMENT))[-1] == (Move.TRANSFER, july(14), august(10))
    assert moves(only_run(told, Clock.HEAD))[-2:] == [
        (Move.RECALCULATE, july(14), august(7)),
        (Move.TRANSFER, july(14), august(7)),
    ]
    assert [one.holder for one in told.holdings] == [RECEIVER, WORKER, OTHER]


def test_a_new_kind_keeps_the_lateness_of_a_clock_that_had_run_out() -> None:
    late = with_changes(CLASSIFY, occurred_on=august(20), kind=PROPOSAL, reason="thực chất là kiến nghị")
    run = only_run(ledger_after([*in_progress(COMPLAINT), late]), Clock.SETTLEMENT)
    assert run.is_running
    assert run.days_late(august(20)) == 10
    in_time = with_changes(late, occurred_on=july(20))
    stopped = only_run(ledger_after([*in_progress(COMPLAINT), in_time]), Clock.SETTLEMENT)
    assert (stopped.stopped_on, stopped.days_late(TODAY)) == (july(20), 0)


def test_a_new_kind_that_has_its_own_limit_recalculates_and_the_first_date_is_kept() -> None:
    other_kind = with_changes(CLASSIFY, kind=DENUNCIATION, occurred_on=july(14), reason="thực chất là tố cáo")
    remote: GivenPast = [with_changes(RECEIVE, is_remote_area=True), *in_progress(COMPLAINT)[1:], other_kind]
    settlement = only_run(ledger_after(remote), Clock.SETTLEMENT)
    assert settlement.segments[-1].policy == "denunciation-settlement@1"
    assert (settlement.original_due_on, settlement.due_on) == (august(24), august(10))


def test_a_partial_withdrawal_stops_no_clock_and_a_whole_one_stops_all() -> None:
    part = with_changes(WITHDRAW, scope=WithdrawalScope.PART, part="nội dung thứ hai")
    assert len(ledger_after([*in_progress(COMPLAINT), part, AGREE_TO_WITHDRAWAL]).running) == 2
    (sending,) = ledger_after([*in_progress(COMPLAINT), WITHDRAW, AGREE_TO_WITHDRAWAL]).running
    assert sending.clock is Clock.SUSPENSION_SENDING, "the decision that ends the settlement is still to be sent"


def test_the_decision_on_a_withdrawal_is_sent_under_its_number() -> None:
    accepted = with_changes(AGREE_TO_WITHDRAWAL, decision_no="45/QĐ-UBND")
    until = [*in_progress(DENUNCIATION), WITHDRAW, accepted]
    sending = c.SendSuspensionDecision(
        occurred_on=accepted.occurred_on, decision_no="45/QĐ-UBND", sent_to=(Recipient.PETITIONER, Recipient.RESPONDENT)
    )
    assert Clock.SUSPENSION_SENDING in {run.clock for run in ledger_after(until).running}
    assert Clock.SUSPENSION_SENDING not in {run.clock for run in ledger_after([*until, sending]).running}


def test_a_transfer_ends_our_clocks_and_we_wait_for_the_reply_without_a_limit() -> None:
    told = ledger_after([*classified_as(PROPOSAL), TRANSFER])
    (waiting,) = told.running
    assert (waiting.clock, waiting.due_on, waiting.days_late(TODAY)) == (Clock.TRANSFER_REPLY, None, None)
    assert waiting.holder == Holder(unit=UnitId(TRANSFER.to_body))
    assert told.due_on is None
    assert ledger_after([*classified_as(PROPOSAL), TRANSFER, REPLY]).running == ()


def test_a_body_that_declines_begins_a_round_with_clocks_of_its_own() -> None:
    triage = [
        run for run in ledger_after([*classified_as(PROPOSAL), TRANSFER, DECLINED]).clocks if run.clock is Clock.TRIAGE
    ]
    assert [(run.round, run.started_on, run.is_running) for run in triage] == [(1, MONDAY, False), (2, july(20), True)]


def test_a_unit_that_was_urged_has_a_step_of_its_own_that_is_never_the_due_date() -> None:
    told = ledger_after([*in_progress(PROPOSAL), with_changes(REMIND, asked_for_on=july(24))])
    step = only_run(told, OfficeClock.STEP)
    assert (step.due_on, step.holder, told.due_on) == (july(24), Holder(unit=UnitId("so-mau")), july(31))
    assert step.days_late(july(27)) == 3
    again = ledger_after(
        [*in_progress(PROPOSAL), REMIND, with_changes(REMIND, occurred_on=july(30), asked_for_on=august(3))]
    )
    assert [run.is_running for run in again.clocks if run.clock is OfficeClock.STEP] == [False, True]
    assert ledger_after([*in_progress(PROPOSAL), REMIND, with_changes(ANSWER, occurred_on=july(24))]).running == ()


def test_a_reopened_petition_runs_new_clocks_beside_the_old_ones() -> None:
    told = ledger_after([*answered(COMPLAINT), REOPEN])
    settlement = [run for run in told.clocks if run.clock is Clock.SETTLEMENT]
    assert [(run.round, run.is_running) for run in settlement] == [(1, False), (2, True)]
    assert settlement[0].stopped_on == ANSWER.occurred_on


def test_an_answer_whose_day_is_corrected_stops_the_clocks_on_that_day() -> None:
    told = ledger_after(
        [*answered(COMPLAINT), with_changes(samples.PROPOSE, version=6, answered_on=july(17)), samples.APPROVE]
    )
    settlement = only_run(told, Clock.SETTLEMENT)
    assert moves(settlement)[-2:] == [(Move.STOP, july(20), august(10)), (Move.STOP, july(17), august(10))]
    assert settlement.stopped_on == july(17)
    assert only_run(told, Clock.TRIAGE).stopped_on == july(9)


def test_a_day_of_receipt_that_is_corrected_restarts_what_ran_from_it() -> None:
    proposed = with_changes(samples.PROPOSE, occurred_on=july(8), received_on=july(7))
    told = ledger_after([RECEIVE, proposed, samples.APPROVE])
    triage = only_run(told, Clock.TRIAGE)
    assert (triage.started_on, triage.due_on, triage.original_due_on) == (july(7), july(21), july(21))
    assert triage.segments[-1].due_before == july(20)


# -- who held it -----------------------------------------------------------------------------------------------------


def test_days_go_to_whoever_held_the_petition_and_the_day_of_the_change_to_the_former() -> None:
    """It is accepted Thu 9 July, assigned Fri 10, suspended Wed 15 to Mon 20, given to another Tue 21, and asked on Fri
    31.
    """
    told = ledger_after([*in_progress(COMPLAINT), SUSPEND, RESUME, with_changes(REASSIGN, occurred_on=july(21))])
    run = only_run(told, Clock.SETTLEMENT)
    held = {
        share.holder: (share.calendar_days, share.working_days, share.suspended_days)
        for share in shares_of_holders(told, run, july(31), CALENDAR)
    }
    assert held == {RECEIVER: (1, 1, 0), WORKER: (6, 4, 5), OTHER: (10, 8, 0)}
    every = whole_share(run, july(31), CALENDAR)
    assert (every.calendar_days, every.working_days, every.suspended_days) == (17, 13, 5)


def test_days_beyond_the_calendar_on_file_are_not_guessed() -> None:
    told = ledger_after([*in_progress(COMPLAINT)])
    share = whole_share(only_run(told, Clock.SETTLEMENT), date(2040, 1, 2), CALENDAR)
    assert share.working_days is None
    assert share.calendar_days == (date(2040, 1, 2) - july(9)).days


def test_an_imported_case_was_held_by_nobody_until_a_unit_is_named() -> None:
    receipt = PetitionReceived(
        occurred_on=MONDAY,
        channel=Channel.POST,
        source=Source(name="so", key="1"),
        book="DON",
        identity_protected=False,
    )
    assert ledger_after([receipt]).holder == Holder()


def test_the_ledger_reckons_a_suspension_as_the_deadline_does() -> None:
    run = only_run(ledger_after([*in_progress(COMPLAINT), SUSPEND, RESUME]), Clock.SETTLEMENT)
    (deadline,) = [
        d
        for d in said(history_of([*classified_as(COMPLAINT), ACCEPT])[-1].fact.deadlines, ())
        if d.clock is Clock.SETTLEMENT
    ]
    again = resume_deadline(deadline, july(15), july(20), CALENDAR)
    assert again.suspensions == (Suspension(suspended_on=july(15), resumed_on=july(20)),)
    assert run.due_on == again.due_on


def test_a_ledger_needs_a_history_that_begins_with_a_receipt() -> None:
    with pytest.raises(ValueError, match="a ledger needs a history"):
        fold_ledger([])
    with pytest.raises(ValueError, match="begins with PetitionClassified"):
        fold_ledger(history_of(classified_as(PROPOSAL))[1:])
