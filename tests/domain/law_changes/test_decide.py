"""Tests that two officers agree, that there is one change at a time, and that it is the law that was reviewed."""

from datetime import date
from uuid import UUID

import pytest

from domain.actor import Officer
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.law_changes import decide
from domain.law_changes.commands import ApproveLawChange, ProposeLawChange
from domain.law_changes.events import LawChangeApplied, LawChangeEvent, Subject
from domain.law_changes.law_change import LAW_CHANGES_STREAM, LawChanges
from domain.law_changes.new_law import digest_of_law
from domain.law_changes.review import LawChangeReview
from domain.vocabulary import LawChangeId
from tests.domain.law_changes.files import HOLIDAY, SATURDAY
from tests.domain.scenario import CLERK, DEPUTY, HEAD, TODAY, WORKER, national_law

LAW = national_law()
BASE = digest_of_law(LAW)
FIRST, SECOND = (LawChangeId(UUID(int=n)) for n in (1, 2))
PROPOSE = ProposeLawChange(occurred_on=TODAY, subject=Subject.CALENDAR, text=HOLIDAY, instrument="15/TB-UBND")
REVIEW = LawChangeReview(on=TODAY, base=BASE, open_petitions=3, petitions=())


def changes_after(*facts: tuple[LawChangeEvent, Officer]) -> LawChanges:
    return LawChanges.fold(
        EventEnvelope(LAW_CHANGES_STREAM, n, fact, by) for n, (fact, by) in enumerate(facts, start=1)
    )


def proposal_by(
    by: Officer = CLERK, change_id: LawChangeId = FIRST, text: str = HOLIDAY
) -> tuple[LawChangeEvent, Officer]:
    command = PROPOSE.model_copy(update={"text": text})
    return decide.propose_law_change(command, change_id, REVIEW, LawChanges(), TODAY), by


def approve(changes: LawChanges, by: Officer, *, base: str = BASE, change_id: LawChangeId = FIRST) -> LawChangeEvent:
    return decide.approve_law_change(ApproveLawChange(occurred_on=TODAY, change_id=change_id), changes, by, base, TODAY)


def test_what_one_officer_proposed_another_approves_and_it_is_law() -> None:
    changes = changes_after(proposal_by())
    assert changes.law(LAW) == LAW
    approved = changes_after(proposal_by(), (approve(changes, HEAD), HEAD))
    assert approved.law(LAW).calendar.version == "VN-2026.1+VD-2026.2"
    assert approved.law(LAW, before=FIRST) == LAW
    change = approved.by_id[FIRST]
    assert (change.approved_by, change.approved_on, change.is_under_way) == (HEAD, TODAY, True)


@pytest.mark.parametrize(("proposes", "approves"), [(HEAD, HEAD), (HEAD, DEPUTY), (DEPUTY, HEAD), (WORKER, WORKER)])
def test_nobody_approves_their_own(proposes: Officer, approves: Officer) -> None:
    with pytest.raises(Refused, match="an officer cannot approve a change of law of their own"):
        approve(changes_after(proposal_by(proposes)), approves)


def test_a_change_is_approved_once_and_only_if_there_is_one() -> None:
    changes = changes_after(proposal_by())
    with pytest.raises(Refused, match="this change of law is approved already"):
        approve(changes_after(proposal_by(), (approve(changes, HEAD), HEAD)), HEAD)
    with pytest.raises(Refused, match="there is no such change of law"):
        approve(changes, HEAD, change_id=SECOND)


def test_a_review_against_another_law_is_no_review() -> None:
    with pytest.raises(Refused, match="has changed since this was reviewed"):
        approve(changes_after(proposal_by()), HEAD, base="another")


def test_one_change_is_applied_before_the_next_is_proposed_or_approved() -> None:
    both = changes_after(proposal_by(), proposal_by(change_id=SECOND, text=SATURDAY))
    under_way = changes_after(proposal_by(), proposal_by(change_id=SECOND, text=SATURDAY), (approve(both, HEAD), HEAD))
    with pytest.raises(Refused, match="is approved and not yet applied"):
        approve(under_way, HEAD, change_id=SECOND)
    with pytest.raises(Refused, match="is approved and not yet applied"):
        decide.propose_law_change(PROPOSE, SECOND, REVIEW, under_way, TODAY)
    done = changes_after(
        proposal_by(),
        (approve(changes_after(proposal_by()), HEAD), HEAD),
        (LawChangeApplied(occurred_on=TODAY, change_id=FIRST, petitions=4), HEAD),
    )
    assert done.by_id[FIRST].petitions == 4
    decide.propose_law_change(PROPOSE, SECOND, REVIEW, done, TODAY)


def test_nothing_is_proposed_or_approved_tomorrow_or_before_it_was_proposed() -> None:
    tomorrow, before = date(2026, 10, 31), date(2026, 10, 29)
    with pytest.raises(Refused, match="lies in the future"):
        decide.propose_law_change(
            PROPOSE.model_copy(update={"occurred_on": tomorrow}), FIRST, REVIEW, LawChanges(), TODAY
        )
    for day, why in ((tomorrow, "lies in the future"), (before, "cannot be approved before")):
        with pytest.raises(Refused, match=why):
            decide.approve_law_change(
                ApproveLawChange(occurred_on=day, change_id=FIRST), changes_after(proposal_by()), HEAD, BASE, TODAY
            )


def test_a_file_that_holds_the_change_by_now_is_the_law() -> None:
    """A new release, or the site's own file, may bring the holiday that was approved before."""
    approved = changes_after(proposal_by(), (approve(changes_after(proposal_by()), HEAD), HEAD))
    later = approved.law(LAW)
    assert approved.law(later) == later
