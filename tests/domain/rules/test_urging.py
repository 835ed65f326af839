"""Tests that the competent lower body is urged: which letters end by it, and what is awaited."""

import pytest

from domain.commands import PetitionCommand
from domain.deadlines.clock import Clock
from domain.deadlines.duty_runs import is_duty_run
from domain.deadlines.ledger import fold_ledger
from domain.errors import Refused
from domain.events import CompetentUnitUrged
from domain.refusals.code import RefusalCode
from domain.refusals.units import UnitRefusal
from domain.refusals.urging import UrgingRefusal
from domain.value import UNSET
from domain.vocabulary import Competence, PetitionKind, Stage
from tests.domain.samples import (
    ACCEPT,
    CLASSIFY,
    DECLINED,
    NOTIFY,
    PROPOSAL,
    RECEIVE,
    REPLY,
    URGE_BELOW,
    classified_as,
    july,
    of_a_subordinate,
    with_changes,
)
from tests.domain.scenario import MONDAY, history_of, only_fact, outcome, petition_after


@pytest.mark.parametrize("kind", PetitionKind)
def test_a_letter_of_each_kind_ends_here_and_waits_for_the_reply_of_the_lower_body(kind: PetitionKind) -> None:
    given = of_a_subordinate(kind)
    fact = only_fact(CompetentUnitUrged, outcome(given=given, when=URGE_BELOW))
    assert (fact.to_unit, fact.to_body, fact.document_no) == ("so-khac", UNSET, "66/UBND-TCD")
    ended = petition_after([*given, URGE_BELOW])
    assert (ended.stage, ended.status.settled_on, ended.deadlines) == (Stage.URGED_BELOW, july(9), {})
    assert not ended.stage.is_open
    assert petition_after([*given, URGE_BELOW, with_changes(NOTIFY, occurred_on=july(9))]).is_citizen_told
    (wait,) = [run for run in fold_ledger(history_of([*given, URGE_BELOW])).running if not is_duty_run(run)]
    assert (wait.clock, wait.due_on, wait.holder and wait.holder.unit) == (Clock.TRANSFER_REPLY, july(24), "so-khac")
    assert all(is_duty_run(run) for run in fold_ledger(history_of([*given, URGE_BELOW, REPLY])).running)


def test_a_lower_body_that_says_it_is_not_competent_gives_the_letter_back() -> None:
    petition = petition_after([*of_a_subordinate(PROPOSAL), URGE_BELOW, DECLINED])
    assert (petition.stage, petition.status.round) == (Stage.CLASSIFIED, 2)


def test_a_body_outside_the_register_is_named() -> None:
    named = with_changes(URGE_BELOW, to_unit=None, to_body="Ủy ban nhân dân xã Ngoài", limit_ended_on=None)
    fact = only_fact(CompetentUnitUrged, outcome(given=of_a_subordinate(PROPOSAL), when=named))
    assert (fact.to_unit, fact.to_body, fact.limit_ended_on) == (UNSET, "Ủy ban nhân dân xã Ngoài", UNSET)


@pytest.mark.parametrize(
    ("given", "when", "code"),
    [
        (classified_as(PROPOSAL), URGE_BELOW, UrgingRefusal.NOT_OF_A_SUBORDINATE),
        (
            [RECEIVE, with_changes(CLASSIFY, competence=Competence.OTHER_BODY)],
            URGE_BELOW,
            UrgingRefusal.NOT_OF_A_SUBORDINATE,
        ),
        (
            [*of_a_subordinate(PROPOSAL), with_changes(CLASSIFY, competence=Competence.OWN, reason="đọc lại")],
            URGE_BELOW,
            UrgingRefusal.NOT_OF_A_SUBORDINATE,
        ),
        ([RECEIVE], URGE_BELOW, UrgingRefusal.CANNOT_URGE_BELOW),
        ([*of_a_subordinate(PROPOSAL), ACCEPT], URGE_BELOW, UrgingRefusal.CANNOT_URGE_BELOW),
        ([*of_a_subordinate(PROPOSAL), URGE_BELOW], URGE_BELOW, UrgingRefusal.CANNOT_URGE_BELOW),
        (of_a_subordinate(PROPOSAL), with_changes(URGE_BELOW, to_unit=None), UrgingRefusal.UNIT_OR_BODY_BELOW),
        (of_a_subordinate(PROPOSAL), with_changes(URGE_BELOW, to_body="UBND xã"), UrgingRefusal.UNIT_OR_BODY_BELOW),
        (of_a_subordinate(PROPOSAL), with_changes(URGE_BELOW, to_unit="ubnd-tinh"), UrgingRefusal.URGES_ITSELF),
        (of_a_subordinate(PROPOSAL), with_changes(URGE_BELOW, to_unit="so-la"), UnitRefusal.NO_SUCH_UNIT),
        (of_a_subordinate(PROPOSAL), with_changes(URGE_BELOW, to_unit="huyen-cu"), UnitRefusal.UNIT_NOT_IN_BEING),
        (of_a_subordinate(PROPOSAL), with_changes(URGE_BELOW, reply_by=MONDAY), UrgingRefusal.REPLY_BEFORE_URGING),
        (
            of_a_subordinate(PROPOSAL),
            with_changes(URGE_BELOW, limit_ended_on=july(9)),
            UrgingRefusal.LOWER_BODY_HAS_TIME,
        ),
    ],
)
def test_what_is_refused(given: list[PetitionCommand], when: PetitionCommand, code: RefusalCode) -> None:
    with pytest.raises(Refused) as refused:
        outcome(given=given, when=when)
    assert refused.value.code is code
