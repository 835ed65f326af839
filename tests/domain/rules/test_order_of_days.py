"""Tests that nothing happens before the acts that it rests on, for every command on any life."""

from datetime import timedelta

import pytest
from hypothesis import given

from domain.commands import (
    DeliverContribution,
    FileLawsuit,
    LodgeFurtherDenunciation,
    LodgeSecondComplaint,
    PetitionCommand,
    RecordComplaintDialogue,
    RecordProxy,
    RequestDocuments,
)
from domain.decide import PETITION_COMMANDS, decide, why_closed
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import RecordCorrected
from domain.order_of_acts import ACTS_RESTED_ON, RESTS_ON
from domain.refusals.clocks import ClockRefusal
from domain.refusals.code import RefusalCode
from domain.refusals.general import GeneralRefusal
from domain.vocabulary import PetitionKind
from projections.case_state import evolve_case, open_case
from tests.domain import samples
from tests.domain.command_sequences import LIVES, Life, first_letter
from tests.domain.samples import (
    ACCEPT,
    ACKNOWLEDGE,
    ANSWER,
    ASSIGN,
    CLASSIFY,
    CLOSE,
    OWED_ACTS,
    RECEIVE,
    RESUME,
    START,
    SUSPEND,
    answered,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import HEAD, PETITION, GivenPast, decision_context, outcome, usual_officer
from tests.examples import examples

POSSIBLE_BEFORE = (
    *(type(command) for command in OWED_ACTS),  # from the day on which the duty began, which may be the receipt
    *(RecordProxy, LodgeSecondComplaint, LodgeFurtherDenunciation, FileLawsuit),  # what comes from outside
    *(RecordComplaintDialogue, RequestDocuments),  # may be entered after a suspension that followed
    DeliverContribution,  # since when a unit has coordinated is not on record
)
"""The acts that may lie before the event after which the petition was open to them."""

COMPLAINT = PetitionKind.COMPLAINT


def test_every_command_says_what_it_rests_on() -> None:
    assert set(RESTS_ON) == set(PETITION_COMMANDS)
    assert {act for acts in RESTS_ON.values() for act in acts} == set(ACTS_RESTED_ON)


@given(life=LIVES)
@examples(60)
def test_no_command_is_taken_on_a_day_before_the_act_that_made_it_possible(life: Life) -> None:
    for command in samples.EVERY_COMMAND:
        kind, context = type(command), decision_context(usual_officer(command), other=first_letter(life.end.kind))
        if kind not in PETITION_COMMANDS or kind in POSSIBLE_BEFORE or life.of(RecordCorrected):
            continue  # a correction moves the days of acts
        opened_by = next((n for n, one in enumerate(life.petitions) if why_closed(kind, one, context) is None), 0)
        if opened_by == 0 or why_closed(kind, life.end, context) is not None:
            continue
        day = life.steps[opened_by - 1].envelope.fact.occurred_on
        if day > life.end.received_on:
            with pytest.raises(Refused):
                decide(with_changes(command, occurred_on=day - timedelta(days=1)), life.end, context)


@given(life=LIVES)
@examples(100)
def test_no_ending_that_was_entered_here_lies_before_what_it_rests_on(life: Life) -> None:
    """A correction moves a day, and the citizen goes up on a day of their own."""
    case = open_case(EventEnvelope(PETITION, 1, life.receipt, HEAD))
    for step in life.steps:
        case = evolve_case(case, step.envelope)
    for ending in case.endings:
        is_moved = ending.figure == "ended_by_going_up" or bool(life.of(RecordCorrected))
        assert is_moved or ending.rests_on <= ending.on


@pytest.mark.parametrize(
    ("past", "command", "code", "vi"),
    [
        (
            [RECEIVE, CLASSIFY, ASSIGN],
            with_changes(ANSWER, occurred_on=july(9)),
            GeneralRefusal.BEFORE_EARLIER_ACT,
            "đơn được phân công ngày 10/07/2026; việc này không thể xảy ra trước ngày đó",
        ),
        (
            [RECEIVE, CLASSIFY, with_changes(ASSIGN, occurred_on=july(8)), with_changes(START, occurred_on=july(8))],
            with_changes(ANSWER, occurred_on=july(7)),
            GeneralRefusal.BEFORE_EARLIER_ACT,
            "đơn vị bắt đầu giải quyết ngày 08/07/2026; việc này không thể xảy ra trước ngày đó",
        ),
        (
            [RECEIVE, CLASSIFY],
            with_changes(ACCEPT, occurred_on=july(7)),
            GeneralRefusal.BEFORE_EARLIER_ACT,
            "đơn được phân loại ngày 08/07/2026; việc này không thể xảy ra trước ngày đó",
        ),
        (
            in_progress(COMPLAINT),
            with_changes(SUSPEND, occurred_on=july(9)),
            GeneralRefusal.BEFORE_EARLIER_ACT,
            "đơn vị bắt đầu giải quyết ngày 13/07/2026; việc này không thể xảy ra trước ngày đó",
        ),
        (
            [*in_progress(COMPLAINT), SUSPEND],
            with_changes(RESUME, occurred_on=july(14)),
            ClockRefusal.RESUMED_BEFORE_SUSPENSION,
            "không thể tiếp tục giải quyết trước ngày tạm đình chỉ 15/07/2026",
        ),
        (
            answered(COMPLAINT),
            with_changes(CLOSE, occurred_on=july(20)),
            GeneralRefusal.BEFORE_EARLIER_ACT,
            "công dân được báo kết quả ngày 21/07/2026; việc này không thể xảy ra trước ngày đó",
        ),
    ],
)
def test_a_refusal_names_the_act_and_its_day(
    past: GivenPast, command: PetitionCommand, code: RefusalCode, vi: str
) -> None:
    with pytest.raises(Refused) as refused:
        outcome(given=past, when=command)
    assert (refused.value.code, refused.value.sentence("vi")) == (code, vi)


def test_what_really_was_earlier_is_entered_late_as_long_as_the_order_is_right() -> None:
    assert outcome(given=in_progress(COMPLAINT), when=with_changes(ACKNOWLEDGE, occurred_on=july(7)))
    assert outcome(given=in_progress(COMPLAINT), when=with_changes(ANSWER, occurred_on=july(13)))
