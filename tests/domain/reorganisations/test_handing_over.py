"""Tests what a reorganisation changes in one petition: who owes the answer, and nothing else."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given

from domain.actor import Officer
from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock
from domain.deadlines.clock_run import Holder, Move
from domain.deadlines.ledger import fold_ledger
from domain.decide import decide
from domain.envelope import EventEnvelope
from domain.events import CoordinatorSucceeded, DutySucceeded, PetitionEvent, ResponsibilitySucceeded
from domain.evolve import evolve, fold
from domain.petition import Petition
from domain.reorganisations.handing_over import ChosenBy, handover_events, review_handover
from domain.reorganisations.plan import ReorganisationPlan
from domain.value import UNSET
from domain.vocabulary import OfficerId, ReorganisationId, Stage, UnitId
from tests.domain.command_sequences import LIVES, Life
from tests.domain.samples import (
    ANSWER,
    ASK_FOR_DOCUMENTS,
    ASSIGN,
    COMPLAINT,
    PROPOSAL,
    RECEIVE,
    REMIND,
    START,
    SUSPEND,
    answered,
    assigned,
    august,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import HEAD, PETITION, Act, GivenPast, decision_context, history_of
from tests.examples import examples

REORGANISATION = ReorganisationId(UUID(int=5))
MIDDLE_OF_JULY = july(15)


def plan(on: date = MIDDLE_OF_JULY, **moves: list[str]) -> ReorganisationPlan:
    moves = moves or {"so-mau": ["so-khac"]}
    return ReorganisationPlan.model_validate(
        {
            "title": "Sáp nhập (ví dụ)",
            "instrument": "01/NQ-HĐND",
            "on": on,
            "move": [{"from": unit.replace("_", "-"), "to": to} for unit, to in moves.items()],
        }
    )


def succession_by(past: GivenPast, by: ReorganisationPlan) -> ResponsibilitySucceeded | None:
    facts = handover_events(history_of(past), by, REORGANISATION)
    if not facts:
        return None
    (fact,) = facts
    assert isinstance(fact, ResponsibilitySucceeded)
    return fact


def history_followed_by(
    history: Sequence[EventEnvelope[PetitionEvent]], fact: PetitionEvent
) -> list[EventEnvelope[PetitionEvent]]:
    return [*history, EventEnvelope(PETITION, len(history) + 1, fact, HEAD)]


def test_the_successor_owes_the_answer_and_no_clock_restarts() -> None:
    history = history_of(in_progress(PROPOSAL))
    before = fold(history)
    fact = succession_by(in_progress(PROPOSAL), plan())
    assert before is not None
    assert fact is not None
    assert (fact.from_unit, fact.to_unit, fact.instrument) == ("so-mau", "so-khac", "01/NQ-HĐND")
    assert (fact.reorganisation_id, fact.occurred_on, fact.deadlines) == (REORGANISATION, july(15), UNSET)
    petition = evolve(before, EventEnvelope(PETITION, 9, fact, HEAD))
    assert (petition.status.unit, petition.status.officer, petition.stage) == ("so-khac", None, Stage.IN_PROGRESS)
    assert (petition.status.clocks, petition.deadlines) == (before.status.clocks, before.deadlines)


def test_the_days_before_are_the_old_unit_s_and_those_after_the_new_one_s() -> None:
    history = history_of(assigned(PROPOSAL))
    fact = succession_by(assigned(PROPOSAL), plan())
    assert fact is not None
    ledger = fold_ledger(history_followed_by(history, fact))
    assert [(one.since_on, one.holder.unit) for one in ledger.holdings][-2:] == [
        (july(10), "so-mau"),
        (july(15), "so-khac"),
    ]
    last = ledger.running[0].segments[-1]
    assert (last.move, last.document_no, last.due_before) == (Move.TRANSFER, "01/NQ-HĐND", last.due_after)


def test_a_step_that_the_old_unit_was_urged_to_ends_with_it() -> None:
    past = [*assigned(PROPOSAL), with_changes(REMIND, occurred_on=july(13))]
    fact = succession_by(past, plan())
    assert fact is not None
    (step,) = [run for run in fold_ledger(history_followed_by(history_of(past), fact)).clocks if run.clock == "step"]
    assert step.stopped_on == july(15)


@pytest.mark.parametrize(
    "past",
    [answered(PROPOSAL), [*classified_as(PROPOSAL)], assigned(COMPLAINT)[:1]],
    ids=["answered", "of others", "new"],
)
def test_what_is_not_open_or_lies_with_others_is_left_alone(past: list[PetitionCommand]) -> None:
    assert succession_by(past, plan()) is None


def test_a_petition_that_no_unit_is_named_for_lies_with_the_one_that_received_it() -> None:
    clerk = Officer(officer=OfficerId("van-thu"), unit=UnitId("so-mau"), position="Văn thư")
    past = [Act(RECEIVE, clerk)]
    fact = succession_by(past, plan())
    assert fact is not None
    petition = fold(history_followed_by(history_of(past), fact))
    assert petition is not None
    assert (fact.from_unit, petition.status.unit, petition.stage) == ("so-mau", "so-khac", Stage.RECEIVED)


def test_it_is_not_succeeded_before_it_was_received_or_came_to_the_unit() -> None:
    for on, expected in ((date(2026, 6, 1), july(10)), (july(10), july(10)), (july(20), july(20))):
        fact = succession_by(assigned(PROPOSAL), plan(on))
        assert fact is not None
        assert fact.occurred_on == expected


def test_a_suspended_petition_stays_suspended() -> None:
    past = [*in_progress(COMPLAINT), SUSPEND]
    fact = succession_by(past, plan(august(3)))
    assert fact is not None
    petition = fold(history_followed_by(history_of(past), fact))
    assert petition is not None
    assert petition.status.is_suspended
    assert petition.status.stage_before_suspension is Stage.IN_PROGRESS


def test_coordinating_units_are_succeeded_too_each_once_and_never_beside_themselves() -> None:
    assign = with_changes(ASSIGN, coordinating_units=("so-khac", "bo-mau"))
    past = [*classified_as(PROPOSAL), assign, START]
    both = succession_by(past, plan(so_mau=["ubnd-tinh"], so_khac=["ubnd-tinh"]))
    assert both is not None
    assert (both.to_unit, both.coordinating_units) == ("ubnd-tinh", ("bo-mau",))
    merged = succession_by(past, plan())
    assert merged is not None
    assert (merged.to_unit, merged.coordinating_units) == ("so-khac", ("bo-mau",))


def test_a_coordinating_unit_is_succeeded_by_itself_and_the_petition_stays_with_its_officer() -> None:
    assign = with_changes(ASSIGN, coordinating_units=("so-khac", "bo-mau"))
    past = [*classified_as(PROPOSAL), assign, START, with_changes(REMIND, occurred_on=july(13))]
    history = history_of(past)
    for moves, expected in (
        ({"so_khac": ["ubnd-tinh"]}, ("ubnd-tinh", "bo-mau")),
        ({"so_khac": ["bo-mau"]}, ("bo-mau",)),
        ({"so_khac": ["so-mau"]}, ("bo-mau",)),
        ({"so_khac": ["ubnd-tinh"], "bo_mau": ["ubnd-tinh"]}, ("ubnd-tinh",)),
    ):
        facts = handover_events(history, plan(MIDDLE_OF_JULY, **moves), REORGANISATION)
        assert [(type(fact), fact.from_unit, fact.to_unit) for fact in facts] == [
            (CoordinatorSucceeded, unit.replace("_", "-"), to[0]) for unit, to in moves.items()
        ]
        after = history
        for fact in facts:
            after = history_followed_by(after, fact)
        petition = fold(after)
        assert petition is not None
        assert (petition.status.unit, petition.status.officer) == ("so-mau", "chuyen-vien")
        assert petition.status.coordinating == expected
        ledger = fold_ledger(after)
        assert ledger.holdings == fold_ledger(history).holdings
        assert any(run.clock == "step" and run.is_running for run in ledger.clocks)
        one = review_handover(history, plan(MIDDLE_OF_JULY, **moves), july(31))
        assert one is not None
        assert (one.from_unit, one.to_unit, one.chosen_by) == ("so-mau", "so-mau", ChosenBy.COORDINATING)


def test_who_succeeds_the_unit_that_assigned_it_may_answer() -> None:
    by = Officer(officer=OfficerId("chu-tich"), unit=UnitId("so-mau"), position="Giám đốc")
    past = [*classified_as(PROPOSAL), Act(ASSIGN, by)]
    fact = succession_by(past, plan())
    assert fact is not None
    petition = fold(history_followed_by(history_of(past), fact))
    assert petition is not None
    assert petition.assigned_by_unit == "so-khac"


def test_a_review_tells_the_future_owner_and_what_is_overdue() -> None:
    history = history_of(assigned(PROPOSAL))
    one = review_handover(history, plan(), august(3))
    assert one is not None
    assert (one.from_unit, one.to_unit, one.chosen_by, one.due_on) == ("so-mau", "so-khac", ChosenBy.MAIN, july(31))
    assert one.is_overdue
    on_time = review_handover(history, plan(), july(31))
    assert on_time is not None
    assert not on_time.is_overdue
    assert review_handover(history_of(answered(PROPOSAL)), plan(), july(31)) is None


@examples(150)
@given(LIVES)
def test_any_petition_is_handed_over_once_and_keeps_its_dates(life: Life) -> None:
    history = [
        EventEnvelope(PETITION, 1, life.receipt, HEAD, reference="TD-2026-000001"),
        *(step.envelope for step in life.steps),
    ]
    units = {life.end.status.unit or HEAD.unit}
    by = plan(july(20), **{unit.replace("-", "_"): ["noi-moi"] for unit in units})
    facts = handover_events(history, by, REORGANISATION)
    if not life.end.stage.is_open:
        assert {type(fact) for fact in facts} <= {DutySucceeded}
        owing = {duty.unit for duty in life.end.status.duties.values()}
        assert bool(facts) is bool(owing & units)
        return
    (fact,) = facts
    continued = history_followed_by(history, fact)
    petition = fold(continued)
    assert petition is not None
    assert handover_events(continued, by, REORGANISATION) == ()
    assert _without_owner(petition) == _without_owner(life.end)
    assert petition.status.unit == "noi-moi"
    ledger = fold_ledger(continued)
    assert ledger.due_on == petition.status.due_on
    assert ledger.holder.unit == "noi-moi"
    assert fact.occurred_on >= max(july(20), petition.received_on)


def _without_owner(petition: Petition) -> tuple[object, ...]:
    standing = petition.status
    return (
        standing.stage,
        standing.clocks,
        standing.suspended_on,
        standing.round,
        petition.deadlines,
        petition.extensions,
        petition.complexity,
        petition.opening,
    )


def test_answering_goes_on_from_where_it_was() -> None:
    history = history_of(in_progress(PROPOSAL))
    fact = succession_by(in_progress(PROPOSAL), plan())
    assert fact is not None
    petition = fold(history_followed_by(history, fact))
    assert petition is not None
    new = Officer(officer=OfficerId("nguoi-moi"), unit=UnitId("so-khac"), position="Chuyên viên")
    (answer,) = decide(ANSWER, petition, decision_context(new, today=ANSWER.occurred_on)).facts
    assert evolve(petition, EventEnvelope(PETITION, 20, answer, new)).stage is Stage.ANSWERED_IN_WRITING


def test_what_is_owed_after_the_end_goes_on_to_the_successor() -> None:
    history = history_of([*in_progress(COMPLAINT), ANSWER])
    assert handover_events(history, plan(bo_mau=["ubnd-tinh"]), REORGANISATION) == ()
    (fact,) = handover_events(history, plan(), REORGANISATION)
    assert (type(fact), fact.from_unit, fact.to_unit) == (DutySucceeded, "so-mau", "so-khac")
    after = history_followed_by(history, fact)
    petition, ledger = fold(after), fold_ledger(after)
    assert petition is not None
    assert (petition.status.unit, petition.stage) == ("so-mau", Stage.ANSWERED_IN_WRITING)
    assert {duty.unit for duty in petition.status.duties.values()} == {"so-khac"}
    (run,) = ledger.running
    assert (run.clock, run.holder) == (Clock.DECISION_SENDING, Holder(unit=UnitId("so-khac")))
    assert [one.move for one in run.segments] == [Move.START, Move.TRANSFER]
    assert handover_events(after, plan(), REORGANISATION) == ()
    one = review_handover(history, plan(), july(31))
    assert one is not None
    assert (one.chosen_by, one.is_overdue) == (ChosenBy.DUTY, False)


def test_a_unit_that_was_asked_for_documents_is_succeeded_and_the_petition_stays() -> None:
    history = history_of([*in_progress(COMPLAINT), ASK_FOR_DOCUMENTS])
    facts = handover_events(history, plan(MIDDLE_OF_JULY, so_khac=["bo-mau"]), REORGANISATION)
    assert [(type(fact), fact.to_unit) for fact in facts] == [(DutySucceeded, "bo-mau")]
