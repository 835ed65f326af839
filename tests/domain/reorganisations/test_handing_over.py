"""What a reorganisation changes in one petition: who owes the answer, and nothing else."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings

from domain.actor import Officer
from domain.commands import PetitionCommand
from domain.deadlines.clock_run import Move
from domain.deadlines.ledger import ledger_of
from domain.decide import decide
from domain.envelope import EventEnvelope
from domain.events import PetitionEvent, ResponsibilitySucceeded
from domain.evolve import evolve, fold
from domain.petition import Petition
from domain.reorganisations.handing_over import ChosenBy, handing_over, reviewed
from domain.reorganisations.plan import Plan
from domain.vocabulary import OfficerId, ReorganisationId, Stage, UnitId
from tests.domain.command_sequences import LIVES, Life
from tests.domain.samples import (
    ANSWER,
    ASSIGN,
    COMPLAINT,
    PROPOSAL,
    RECEIVE,
    REMIND,
    START,
    SUSPEND,
    answered,
    as_kind,
    assigned,
    august,
    but,
    in_progress,
    july,
)
from tests.domain.scenario import HEAD, PETITION, Act, Past, circumstances, history

REORGANISATION = ReorganisationId(UUID(int=5))
MIDDLE_OF_JULY = july(15)


def plan(on: date = MIDDLE_OF_JULY, **moves: list[str]) -> Plan:
    moves = moves or {"so-mau": ["so-khac"]}
    return Plan.model_validate(
        {
            "title": "Sáp nhập (ví dụ)",
            "instrument": "01/NQ-HĐND",
            "on": on,
            "move": [{"from": unit.replace("_", "-"), "to": to} for unit, to in moves.items()],
        }
    )


def succeeded(past: Past, by: Plan) -> ResponsibilitySucceeded | None:
    found = handing_over(history(past), by, REORGANISATION)
    return None if found is None else found[0]


def after(told: Sequence[EventEnvelope[PetitionEvent]], fact: PetitionEvent) -> list[EventEnvelope[PetitionEvent]]:
    return [*told, EventEnvelope(PETITION, len(told) + 1, fact, HEAD)]


def test_the_successor_owes_the_answer_and_no_clock_restarts() -> None:
    told = history(in_progress(PROPOSAL))
    before = fold(told)
    fact = succeeded(in_progress(PROPOSAL), plan())
    assert before is not None
    assert fact is not None
    assert (fact.from_unit, fact.to_unit, fact.instrument) == ("so-mau", "so-khac", "01/NQ-HĐND")
    assert (fact.reorganisation_id, fact.occurred_on, fact.deadlines) == (REORGANISATION, july(15), ())
    petition = evolve(before, EventEnvelope(PETITION, 9, fact, HEAD))
    assert (petition.standing.unit, petition.standing.officer, petition.stage) == ("so-khac", None, Stage.IN_PROGRESS)
    assert (petition.standing.clocks, petition.deadlines) == (before.standing.clocks, before.deadlines)


def test_the_days_before_are_the_old_unit_s_and_those_after_the_new_one_s() -> None:
    told = history(assigned(PROPOSAL))
    fact = succeeded(assigned(PROPOSAL), plan())
    assert fact is not None
    ledger = ledger_of(after(told, fact))
    assert [(one.since_on, one.holder.unit) for one in ledger.holdings][-2:] == [
        (july(10), "so-mau"),
        (july(15), "so-khac"),
    ]
    last = ledger.running[0].segments[-1]
    assert (last.move, last.document_no, last.due_before) == (Move.TRANSFER, "01/NQ-HĐND", last.due_after)


def test_a_step_that_the_old_unit_was_urged_to_ends_with_it() -> None:
    past = [*assigned(PROPOSAL), but(REMIND, occurred_on=july(13))]
    fact = succeeded(past, plan())
    assert fact is not None
    (step,) = [run for run in ledger_of(after(history(past), fact)).clocks if run.clock == "step"]
    assert step.stopped_on == july(15)


@pytest.mark.parametrize(
    "past", [answered(PROPOSAL), [*as_kind(PROPOSAL)], assigned(COMPLAINT)[:1]], ids=["answered", "of others", "new"]
)
def test_what_is_not_open_or_lies_with_others_is_left_alone(past: list[PetitionCommand]) -> None:
    assert succeeded(past, plan()) is None


def test_a_petition_that_no_unit_is_named_for_lies_with_the_one_that_received_it() -> None:
    clerk = Officer(officer=OfficerId("van-thu"), unit=UnitId("so-mau"), position="Văn thư")
    past = [Act(RECEIVE, clerk)]
    fact = succeeded(past, plan())
    assert fact is not None
    petition = fold(after(history(past), fact))
    assert petition is not None
    assert (fact.from_unit, petition.standing.unit, petition.stage) == ("so-mau", "so-khac", Stage.RECEIVED)


def test_it_is_not_succeeded_before_it_was_received_or_came_to_the_unit() -> None:
    for on, expected in ((date(2026, 6, 1), july(10)), (july(10), july(10)), (july(20), july(20))):
        fact = succeeded(assigned(PROPOSAL), plan(on))
        assert fact is not None
        assert fact.occurred_on == expected


def test_a_suspended_petition_stays_suspended() -> None:
    past = [*in_progress(COMPLAINT), SUSPEND]
    fact = succeeded(past, plan(august(3)))
    assert fact is not None
    petition = fold(after(history(past), fact))
    assert petition is not None
    assert petition.standing.is_suspended
    assert petition.standing.stage_before_suspension is Stage.IN_PROGRESS


def test_coordinating_units_are_succeeded_too_each_once_and_never_beside_themselves() -> None:
    assign = but(ASSIGN, coordinating_units=("so-khac", "bo-mau"))
    past = [*as_kind(PROPOSAL), assign, START]
    alone = succeeded(past, plan(so_khac=["ubnd-tinh"]))
    assert alone is not None
    assert (alone.from_unit, alone.to_unit) == ("so-mau", "so-mau")
    assert alone.coordinating_units == ("ubnd-tinh", "bo-mau")
    petition = fold(after(history(past), alone))
    assert petition is not None
    assert petition.standing.officer == "chuyen-vien"
    both = succeeded(past, plan(so_mau=["ubnd-tinh"], so_khac=["ubnd-tinh"]))
    assert both is not None
    assert (both.to_unit, both.coordinating_units) == ("ubnd-tinh", ("bo-mau",))
    merged = succeeded(past, plan())
    assert merged is not None
    assert (merged.to_unit, merged.coordinating_units) == ("so-khac", ("bo-mau",))
    one = succeeded(past, plan(so_khac=["bo-mau"]))
    assert one is not None
    assert one.coordinating_units == ("bo-mau",)


def test_who_succeeds_the_unit_that_assigned_it_may_answer() -> None:
    by = Officer(officer=OfficerId("chu-tich"), unit=UnitId("so-mau"), position="Giám đốc")
    past = [*as_kind(PROPOSAL), Act(ASSIGN, by)]
    fact = succeeded(past, plan())
    assert fact is not None
    petition = fold(after(history(past), fact))
    assert petition is not None
    assert petition.assigned_by_unit == "so-khac"


def test_a_review_tells_the_future_owner_and_what_is_overdue() -> None:
    told = history(assigned(PROPOSAL))
    one = reviewed(told, plan(), august(3))
    assert one is not None
    assert (one.from_unit, one.to_unit, one.chosen_by, one.due_on) == ("so-mau", "so-khac", ChosenBy.MAIN, july(31))
    assert one.is_overdue
    on_time = reviewed(told, plan(), july(31))
    assert on_time is not None
    assert not on_time.is_overdue
    assert reviewed(history(answered(PROPOSAL)), plan(), july(31)) is None


@settings(max_examples=150, deadline=None)
@given(LIVES)
def test_any_petition_is_handed_over_once_and_keeps_its_dates(life: Life) -> None:
    told = [
        EventEnvelope(PETITION, 1, life.opening.receipt, HEAD, reference="TD-2026-000001"),
        *(step.recorded for step in life.steps),
    ]
    units = {life.end.standing.unit or HEAD.unit}
    by = plan(july(20), **{unit.replace("-", "_"): ["noi-moi"] for unit in units})
    found = handing_over(told, by, REORGANISATION)
    assert (found is not None) is life.end.stage.is_open
    if found is None:
        return
    fact, _ = found
    continued = after(told, fact)
    petition = fold(continued)
    assert petition is not None
    assert handing_over(continued, by, REORGANISATION) is None
    assert _but_for_whose(petition) == _but_for_whose(life.end)
    assert petition.standing.unit == "noi-moi"
    ledger = ledger_of(continued)
    assert ledger.due_on == petition.standing.due_on
    assert ledger.holder.unit == "noi-moi"
    assert fact.occurred_on >= max(july(20), petition.received_on)


def _but_for_whose(petition: Petition) -> tuple[object, ...]:
    standing = petition.standing
    return (
        standing.stage,
        standing.clocks,
        standing.suspended_on,
        standing.round,
        petition.deadlines,
        petition.extensions,
        petition.complexity,
        petition.receipt,
    )


def test_answering_goes_on_from_where_it_was() -> None:
    told = history(in_progress(PROPOSAL))
    fact = succeeded(in_progress(PROPOSAL), plan())
    assert fact is not None
    petition = fold(after(told, fact))
    assert petition is not None
    new = Officer(officer=OfficerId("nguoi-moi"), unit=UnitId("so-khac"), position="Chuyên viên")
    (answer,) = decide(ANSWER, petition, circumstances(new))
    assert evolve(petition, EventEnvelope(PETITION, 20, answer, new)).stage is Stage.ANSWERED_IN_WRITING
