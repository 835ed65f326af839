"""Tests reversals: an ending recorded by mistake or under force is left out, and the clocks are as they were."""

import pytest

from domain.actor import Officer
from domain.commands import ApproveReversal, PetitionCommand, ProposeReversal
from domain.correcting.reversal import REVERSIBLE
from domain.deadlines.clock import Clock
from domain.deadlines.ledger import fold_ledger
from domain.decide import decide
from domain.errors import Refused
from domain.events import (
    EndingReversed,
    PetitionSplit,
    ResponsibilitySucceeded,
    ReversalProposed,
)
from domain.evolve import fold
from domain.units.commands import SucceedUnit
from domain.vocabulary import PetitionKind, Stage
from projections.case_state import CaseState
from projections.state import fold_view_state
from service.projector.history_fold import fold_history
from tests.domain import samples
from tests.domain.command_sequences import first_letter
from tests.domain.correcting.test_corrected_lives import without_its_place
from tests.domain.samples import (
    AGREE_TO_WITHDRAWAL,
    COMPLAINT,
    PROPOSAL,
    WITHDRAW,
    august,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import (
    CLERK,
    DEPUTY,
    HEAD,
    Act,
    GivenPast,
    decision_context,
    history_of,
    only_fact,
    outcome,
    petition_after,
)
from tests.domain.units import open_unit, register_of

WITHDRAWN: GivenPast = [*in_progress(COMPLAINT), WITHDRAW, AGREE_TO_WITHDRAWAL]
TRANSFERRED: GivenPast = [*classified_as(PROPOSAL), samples.TRANSFER]


def reversal_of(version: int) -> list[PetitionCommand]:
    return [
        ProposeReversal(occurred_on=august(5), version=version, why="công dân bị ép buộc rút đơn"),
        ApproveReversal(occurred_on=august(6)),
    ]


def reversed_history(given: GivenPast) -> GivenPast:
    """Return the past with a reversal of its last event."""
    return [*given, *reversal_of(len(history_of(given, other=first_letter())))]


ENDED = [
    (kind, stage)
    for kind in PetitionKind
    for stage in Stage
    if not stage.is_open
    and stage
    not in (
        *(Stage.SPLIT, Stage.DUPLICATE, Stage.COMPLAINED_AGAIN, Stage.DENOUNCED_FURTHER, Stage.TAKEN_OVER),
        Stage.IMPLEMENTED,
    )
]


@pytest.mark.parametrize(("kind", "stage"), ENDED, ids=str)
def test_a_reversed_ending_leaves_petition_view_and_clocks_as_if_it_had_not_been(
    kind: PetitionKind, stage: Stage
) -> None:
    commands = samples.commands_to_stages(kind)[stage]
    history = history_of(commands, other=first_letter(kind))
    last = max(event.originator_version for event in history if type(event.fact) in REVERSIBLE)
    resting = history[last:]
    after = history_of([*commands, *reversal_of(last)], other=first_letter(kind))
    as_if = [event for event in history if event.originator_version < last]
    assert {event.originator_version for event in resting} <= set(only_reversal(after).left_out)
    assert without_its_place(fold(after)) == without_its_place(fold(as_if))
    assert fold_history(fold_view_state, after) == fold_history(fold_view_state, as_if)
    ledger, ledger_as_if = fold_ledger(after), fold_ledger(as_if)
    assert [(run.clock, run.due_on, run.stopped_on) for run in ledger.clocks] == [
        (run.clock, run.due_on, run.stopped_on) for run in ledger_as_if.clocks
    ]
    assert ledger.holdings == ledger_as_if.holdings


def only_reversal(history: object) -> EndingReversed:
    (fact,) = [event.fact for event in history if isinstance(event.fact, EndingReversed)]  # type: ignore[attr-defined]
    return fact


def test_the_event_says_what_ended_and_what_no_longer_counts() -> None:
    fact = only_fact(EndingReversed, outcome(given=[*WITHDRAWN, reversal_of(7)[0]], when=reversal_of(7)[1]))
    assert (fact.version, fact.ending, fact.left_out) == (7, "WithdrawalAccepted", (7,))
    assert (fact.why, fact.proposed_by) == ("công dân bị ép buộc rút đơn", CLERK.officer)


def test_after_a_forced_withdrawal_is_reversed_the_settlement_goes_on_by_an_act_of_its_own() -> None:
    petition = petition_after(reversed_history(WITHDRAWN))
    assert (petition.stage, petition.withdrawal is not None) == (Stage.IN_PROGRESS, True)
    assert petition.status.clocks == petition_after(in_progress(COMPLAINT)).status.clocks


def test_the_duty_that_an_ending_started_is_gone_and_so_is_what_fulfilled_it() -> None:
    ended: GivenPast = [*in_progress(COMPLAINT), samples.TERMINATE]
    assert Clock.SUSPENSION_SENDING in {key.clock for key in petition_after(ended).duties}
    sent = [
        *ended,
        with_changes(samples.SEND_SUSPENSION, occurred_on=july(28), decision_no=samples.TERMINATE.decision_no),
    ]
    fact = only_fact(EndingReversed, outcome(given=[*sent, reversal_of(6)[0]], when=reversal_of(6)[1]))
    assert fact.left_out == (6, 7)
    assert not petition_after([*sent, *reversal_of(6)]).duties


@pytest.mark.parametrize(
    ("given", "version", "no"),
    [
        (in_progress(PROPOSAL), 2, "a petition that is in progress cannot have an ending reversed"),
        (WITHDRAWN, 2, "the event number 2, PetitionClassified, ended nothing"),
        (WITHDRAWN, 8, "this petition has no event number 8"),
        ([*WITHDRAWN, *reversal_of(7)], 7, "a petition that is in progress cannot have an ending reversed"),
        (
            [*in_progress(COMPLAINT), samples.ANSWER, samples.NOTIFY, samples.SUE],
            len(in_progress(COMPLAINT)) + 1,
            "came after the ending number .*, AnsweredInWriting, and rests on it",
        ),
    ],
)
def test_what_ended_nothing_or_is_rested_on_is_not_reversed(given: GivenPast, version: int, no: str) -> None:
    with pytest.raises(Refused, match=no):
        outcome(given=given, when=reversal_of(version)[0])


@pytest.mark.parametrize(("asks", "approves"), [(CLERK, CLERK), (HEAD, DEPUTY), (DEPUTY, HEAD)])
def test_nobody_approves_their_own_reversal(asks: Officer, approves: Officer) -> None:
    propose, approve = reversal_of(7)
    with pytest.raises(Refused, match="an officer cannot approve a reversal of their own"):
        outcome(given=[*WITHDRAWN, Act(propose, asks)], when=approve, by=approves)


def test_a_reversal_that_nobody_proposed_is_not_approved_nor_one_twice() -> None:
    for given in (WITHDRAWN, [*WITHDRAWN, *reversal_of(7), AGREE_TO_WITHDRAWAL]):
        with pytest.raises(Refused, match="nobody proposed to reverse an ending"):
            outcome(given=given, when=reversal_of(7)[1])


def test_a_proposal_to_reverse_changes_nothing() -> None:
    assert petition_after([*WITHDRAWN, reversal_of(7)[0]]).stage is Stage.WITHDRAWN
    proposed = only_fact(ReversalProposed, outcome(given=WITHDRAWN, when=reversal_of(7)[0]))
    assert proposed.version == 7


def test_time_that_passed_under_the_reversed_ending_counts() -> None:
    """The petition may be late by now: nobody had the right to stop its clock."""
    petition = petition_after(reversed_history(WITHDRAWN))
    due_on = petition.status.due_on
    assert due_on is not None
    assert petition.is_past_limit(due_on.replace(year=due_on.year + 1))


def test_a_view_of_a_split_letter_is_left_alone() -> None:
    split: GivenPast = [samples.RECEIVE, samples.SPLIT]
    assert isinstance(history_of(split)[-1].fact, PetitionSplit)
    with pytest.raises(Refused, match="cannot have an ending reversed"):
        outcome(given=split, when=reversal_of(2)[0])
    assert isinstance(fold_history(fold_view_state, history_of(split)), CaseState)


def test_a_petition_whose_unit_was_succeeded_meanwhile_goes_to_the_successor() -> None:
    """It was ended when the unit ended, so that no reorganisation handed it over."""
    units = register_of(
        open_unit("so-mau"), open_unit("so-khac"), open_unit("bo-mau"),
        SucceedUnit(occurred_on=july(30), unit="so-mau", successors=("bo-mau", "so-khac"), instrument="01/NQ-HĐND"),
    )  # fmt: skip
    propose, approve = reversal_of(7)
    history = history_of([*WITHDRAWN, propose])
    petition = fold(history)
    assert petition is not None
    context = decision_context(HEAD)._replace(units=units, history=history)
    reversed_ending, succeeded = decide(approve, petition, context).facts
    assert isinstance(reversed_ending, EndingReversed)
    assert isinstance(succeeded, ResponsibilitySucceeded)
    assert (succeeded.from_unit, succeeded.to_unit, succeeded.occurred_on) == ("so-mau", "bo-mau", august(6))
