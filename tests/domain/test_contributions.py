"""Tests the parts of coordinating units: each has a date of its own, and the lead unit's clocks do not see it."""

from datetime import date

import pytest

from domain.actor import Officer
from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock
from domain.duties import unit_key
from domain.errors import Refused
from domain.events import ContributionDelivered, CoordinatorSucceeded, PetitionEvent, ResponsibilitySucceeded
from domain.petition import Petition
from domain.vocabulary import PetitionKind, Stage, UnitId
from tests.domain import samples
from tests.domain.samples import (
    ANSWER,
    ASSIGN,
    CLASSIFY,
    CONTRIBUTE,
    REASSIGN,
    RECEIVE,
    RESUME,
    START,
    SUSPEND,
    july,
    with_changes,
)
from tests.domain.scenario import COORDINATOR, HEAD, WORKER, Act, GivenPast, only_fact, outcome, petition_after

OTHER, THIRD = UnitId("so-khac"), UnitId("bo-mau")
PART = unit_key(Clock.CONTRIBUTION, OTHER)
ASKED = with_changes(ASSIGN, coordinating_units=[OTHER], contributions=[{"unit": OTHER, "due_on": july(20)}])
PAST: GivenPast = [RECEIVE, CLASSIFY, ASKED]


def parts_owed(petition: Petition) -> dict[str, tuple[str, date]]:
    """Return, by the unit that was asked, the unit that owes the part now and its date."""
    return {
        key.subject.reference: (duty.unit, duty.due_on)
        for key, duty in petition.status.duties.items()
        if key.clock is Clock.CONTRIBUTION and key.subject is not None
    }


def test_a_coordinating_unit_owes_its_part_by_its_own_date_and_the_lead_unit_has_another() -> None:
    petition = petition_after(PAST)
    assert parts_owed(petition) == {OTHER: (OTHER, july(20))}
    assert petition.status.clocks == {Clock.HEAD: july(31)}
    assert petition.duties[PART].started_on == july(10)
    assert not petition.is_past_limit(july(21)), "the petition is not late by what another unit owes"


def test_the_part_is_delivered_by_the_unit_that_was_asked() -> None:
    fact = only_fact(ContributionDelivered, outcome(given=PAST, when=CONTRIBUTE))
    assert (fact.unit, fact.document_no) == (OTHER, "17/SK")
    petition = petition_after([*PAST, CONTRIBUTE])
    assert parts_owed(petition) == {}
    assert petition.status.clocks == {Clock.HEAD: july(31)}
    for stranger in (HEAD, WORKER):
        with pytest.raises(Refused, match="only a coordinating unit delivers"):
            outcome(given=PAST, when=CONTRIBUTE, by=stranger)


@pytest.mark.parametrize(
    ("more", "owed"),
    [
        ([START], {OTHER: (OTHER, july(20))}),
        ([START, SUSPEND], {OTHER: (OTHER, july(20))}),  # who coordinates goes on
        ([START, SUSPEND, RESUME], {OTHER: (OTHER, july(20))}),
        ([START, ANSWER], {}),
        ([START, samples.TERMINATE], {}),
        ([samples.WITHDRAW, samples.AGREE_TO_WITHDRAWAL], {}),
        ([REASSIGN], {}),  # to the coordinating unit, which owes the answer now
        ([with_changes(REASSIGN, lead_unit="so-mau")], {}),  # nobody coordinates any more
        ([with_changes(REASSIGN, lead_unit="so-mau", coordinating_units=[OTHER])], {OTHER: (OTHER, july(20))}),
        (
            [
                with_changes(
                    REASSIGN,
                    lead_unit="so-mau",
                    coordinating_units=[OTHER],
                    contributions=[{"unit": OTHER, "due_on": july(24)}],
                )
            ],
            {OTHER: (OTHER, july(24))},
        ),
        (
            [
                with_changes(
                    REASSIGN, coordinating_units=["so-mau"], contributions=[{"unit": "so-mau", "due_on": july(24)}]
                )
            ],
            {"so-mau": ("so-mau", july(24))},
        ),
        ([CoordinatorSucceeded(occurred_on=july(15), from_unit=OTHER, to_unit=THIRD)], {OTHER: (THIRD, july(20))}),
        ([CoordinatorSucceeded(occurred_on=july(15), from_unit=OTHER, to_unit=UnitId("so-mau"))], {}),
        (
            [
                ResponsibilitySucceeded(
                    occurred_on=july(15), from_unit=UnitId("so-mau"), to_unit=THIRD, coordinating_units=(OTHER,)
                )
            ],
            {OTHER: (OTHER, july(20))},
        ),
        (
            [
                ResponsibilitySucceeded(
                    occurred_on=july(15), from_unit=UnitId("so-mau"), to_unit=OTHER, coordinating_units=()
                )
            ],
            {},
        ),
    ],
)
def test_a_part_is_owed_while_its_unit_coordinates_and_somebody_waits_for_it(
    more: list[PetitionCommand | PetitionEvent], owed: dict[str, tuple[str, date]]
) -> None:
    assert parts_owed(petition_after([*PAST, *more])) == owed


def test_a_successor_that_owes_two_parts_says_which_one_it_delivers() -> None:
    past: GivenPast = [
        RECEIVE,
        CLASSIFY,
        with_changes(
            ASSIGN,
            coordinating_units=[OTHER, THIRD],
            contributions=[{"unit": OTHER, "due_on": july(20)}, {"unit": THIRD, "due_on": july(24)}],
        ),
        CoordinatorSucceeded(occurred_on=july(13), from_unit=OTHER, to_unit=THIRD),
    ]
    assert parts_owed(petition_after(past)) == {OTHER: (THIRD, july(20)), THIRD: (THIRD, july(24))}
    successor = Officer(officer=COORDINATOR.officer, unit=THIRD, position="Chuyên viên")
    with pytest.raises(Refused, match="owes several contributions, those of: bo-mau, so-khac"):
        outcome(given=past, when=CONTRIBUTE, by=successor)
    first = with_changes(CONTRIBUTE, asked_of=OTHER)
    assert parts_owed(petition_after([*past, Act(first, successor)])) == {THIRD: (THIRD, july(24))}
    with pytest.raises(Refused, match="owes no contribution for “so-mau”"):
        outcome(given=past, when=with_changes(CONTRIBUTE, asked_of="so-mau"), by=successor)


def test_a_unit_without_a_date_may_deliver_and_may_deliver_again() -> None:
    undated = with_changes(ASSIGN, coordinating_units=[OTHER])
    past: GivenPast = [RECEIVE, CLASSIFY, undated, CONTRIBUTE]
    assert only_fact(ContributionDelivered, outcome(given=past, when=CONTRIBUTE)).unit == OTHER
    assert parts_owed(petition_after(past)) == {}


def test_nothing_is_delivered_before_it_was_asked_for_or_after_the_answer() -> None:
    with pytest.raises(Refused, match="assigned on 2026-07-10; nothing was contributed before"):
        outcome(given=PAST, when=with_changes(CONTRIBUTE, occurred_on=july(9)))
    with pytest.raises(Refused, match="cannot have a contribution delivered"):
        outcome(given=[*PAST, START, ANSWER], when=with_changes(CONTRIBUTE, occurred_on=july(21)))


@pytest.mark.parametrize("due_on", [july(13), july(31)])
def test_a_new_date_in_a_reassignment_lies_between_its_day_and_the_lead_units_date(due_on: date) -> None:
    command = with_changes(
        REASSIGN, coordinating_units=["so-mau"], contributions=[{"unit": "so-mau", "due_on": due_on}]
    )
    if due_on == july(13):  # reassigned on the 14th
        with pytest.raises(Refused, match="must lie between"):
            outcome(given=PAST, when=command)
    else:
        assert outcome(given=PAST, when=command)
    later = with_changes(command, contributions=[{"unit": "so-mau", "due_on": date(2026, 8, 1)}])
    with pytest.raises(Refused, match="must lie between"):
        outcome(given=PAST, when=later)


@pytest.mark.parametrize("kind", PetitionKind)
def test_in_every_stage_with_a_unit_the_part_may_come(kind: PetitionKind) -> None:
    given = {
        stage: [ASKED if command is ASSIGN else command for command in commands]
        for stage, commands in samples.commands_to_stages(kind).items()
        if stage in {Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.SUSPENDED, Stage.ANSWERED_IN_WRITING, Stage.ACCEPTED}
    }
    allowed = set()
    for stage, commands in given.items():
        try:
            outcome(given=commands, when=with_changes(CONTRIBUTE, occurred_on=july(23)))
        except Refused:
            continue
        allowed.add(stage)
    assert allowed == {Stage.ASSIGNED, Stage.IN_PROGRESS, Stage.SUSPENDED}
