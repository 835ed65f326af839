"""Tests the rulings of courts: after a lawsuit alone, and what they let the office do."""

from datetime import date

import pytest

from domain.commands import PetitionCommand
from domain.errors import Refused
from domain.events import CourtRulingRecorded, LawsuitFiled, PetitionReopened
from domain.refusals.courts import CourtRefusal
from domain.refusals.endings import EndingRefusal
from domain.value import UNSET
from domain.vocabulary import CourtOutcome, RulingForce, Stage
from tests.domain.samples import (
    COMPLAIN_AGAIN,
    COMPLAINT,
    DENUNCIATION,
    REOPEN,
    RULING,
    SUE,
    answered,
    in_progress,
    with_changes,
)
from tests.domain.scenario import TODAY, only_fact, outcome, petition_after

AT_COURT = [*answered(COMPLAINT), SUE]
REOPEN_TODAY = with_changes(REOPEN, occurred_on=TODAY, due_on=None)


def october(day: int) -> date:
    return date(2026, 10, day)


def test_a_life_from_the_lawsuit_over_two_courts_to_a_new_round() -> None:
    first = with_changes(RULING, occurred_on=october(12), outcome=CourtOutcome.UPHELD, force=RulingForce.APPEALED)
    second = with_changes(RULING, ruling_no="19/2026/HC-PT", court="Tòa án nhân dân cấp cao Mẫu")
    fact = only_fact(CourtRulingRecorded, outcome(given=AT_COURT, when=first))
    assert (fact.ruling_no, fact.outcome, fact.force, fact.summary) == ("07/2026/HC-ST", "upheld", "appealed", UNSET)
    petition = petition_after([*AT_COURT, first, second])
    assert petition.stage is Stage.SUED, "a ruling moves nothing by itself"
    assert petition.ruling is not None
    assert (petition.ruling.ruling_no, petition.ruling.ruled_on) == ("19/2026/HC-PT", october(19))
    reopened, *_ = outcome(given=[*AT_COURT, first, second], when=REOPEN_TODAY)
    assert isinstance(reopened, PetitionReopened)
    assert (reopened.round, reopened.ruling_no) == (2, "19/2026/HC-PT")
    after = petition_after([*AT_COURT, first, second, REOPEN_TODAY])
    assert (after.stage, after.ways_up) == (Stage.IN_PROGRESS, frozenset())


def test_what_is_reopened_for_another_reason_names_no_ruling() -> None:
    (reopened,) = outcome(given=answered(COMPLAINT), when=REOPEN_TODAY)
    assert isinstance(reopened, PetitionReopened)
    assert reopened.ruling_no is UNSET


def test_a_ruling_that_is_entered_late_takes_no_place_of_a_later_one() -> None:
    second = with_changes(RULING, ruling_no="19/2026/HC-PT")
    first = with_changes(RULING, occurred_on=october(12), outcome=CourtOutcome.UPHELD)
    petition = petition_after([*AT_COURT, second, first])
    assert petition.ruling is not None
    assert petition.ruling.ruling_no == "19/2026/HC-PT"


def test_a_ruling_is_recorded_again_when_it_takes_effect_and_also_in_the_next_round() -> None:
    open_ruling = with_changes(RULING, force=RulingForce.NOT_IN_FORCE)
    given = [*AT_COURT, open_ruling, RULING, REOPEN_TODAY]
    later = with_changes(RULING, occurred_on=october(30), ruling_no="03/2026/HC-GĐT", outcome=CourtOutcome.UPHELD)
    only_fact(CourtRulingRecorded, outcome(given=given, when=later))


def test_a_second_lawsuit_begins_without_a_ruling() -> None:
    again = LawsuitFiled(occurred_on=TODAY, court="Tòa án nhân dân khu vực Mẫu")
    petition = petition_after([*AT_COURT, RULING, again])
    assert (petition.sued_on, petition.ruling) == (TODAY, None)


@pytest.mark.parametrize("found", CourtOutcome)
@pytest.mark.parametrize("force", RulingForce)
def test_only_an_annulment_in_force_lets_the_office_decide_again(found: CourtOutcome, force: RulingForce) -> None:
    given = [*AT_COURT, with_changes(RULING, outcome=found, force=force)]
    annulled = found in {CourtOutcome.ANNULLED, CourtOutcome.ANNULLED_IN_PART, CourtOutcome.ACT_UNLAWFUL}
    if annulled and force is RulingForce.IN_FORCE:
        assert outcome(given=given, when=REOPEN_TODAY)
        return
    with pytest.raises(Refused) as refused:
        outcome(given=given, when=REOPEN_TODAY)
    assert refused.value.code is (CourtRefusal.RULING_NOT_IN_FORCE if annulled else CourtRefusal.NOT_ANNULLED)


@pytest.mark.parametrize(
    ("given", "when", "code"),
    [
        (answered(COMPLAINT), RULING, CourtRefusal.NO_LAWSUIT),
        (answered(DENUNCIATION), RULING, CourtRefusal.NO_LAWSUIT),
        (in_progress(COMPLAINT), RULING, CourtRefusal.NO_LAWSUIT),
        (AT_COURT, with_changes(RULING, occurred_on=date(2026, 9, 30)), CourtRefusal.RULING_BEFORE_LAWSUIT),
        ([*AT_COURT, RULING], RULING, CourtRefusal.RULING_RECORDED_ALREADY),
        (AT_COURT, REOPEN_TODAY, CourtRefusal.COURT_HAS_NOT_RULED),
        (
            [*AT_COURT, RULING],
            with_changes(REOPEN_TODAY, occurred_on=october(18)),
            CourtRefusal.REOPENED_BEFORE_RULING,
        ),
        ([*answered(COMPLAINT), COMPLAIN_AGAIN], REOPEN_TODAY, EndingRefusal.CANNOT_REOPEN),
    ],
)
def test_what_is_refused(given: list[PetitionCommand], when: PetitionCommand, code: object) -> None:
    with pytest.raises(Refused) as refused:
        outcome(given=given, when=when)
    assert refused.value.code is code
