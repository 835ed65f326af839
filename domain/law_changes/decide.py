"""Decides the commands on a change of law.

Two officers must agree on the law that was reviewed, and one change is finished before the next begins.
"""

from datetime import date

from domain.actor import Officer
from domain.errors import Refused, require_not_in_future
from domain.law_changes.commands import ApproveLawChange, ProposeLawChange
from domain.law_changes.events import LAW_FILE_FORMAT, LawChangeApproved, LawChangeProposed
from domain.law_changes.law_change import LawChange, LawChanges
from domain.law_changes.review import LawChangeReview
from domain.vocabulary import LawChangeId


def propose_law_change(
    command: ProposeLawChange, change_id: LawChangeId, review: LawChangeReview, changes: LawChanges, today: date
) -> LawChangeProposed:
    """Return the proposal with the counts of its review.

    Raise Refused for a future day, and while another change is under way.
    """
    require_not_in_future(command.occurred_on, today)
    _require_none_under_way(changes)
    return LawChangeProposed(
        occurred_on=command.occurred_on,
        change_id=change_id,
        subject=command.subject,
        text=command.text,
        format=LAW_FILE_FORMAT,
        instrument=command.instrument,
        binds_running=command.binds_running,
        base=review.base,
        open_petitions=review.open_petitions,
        would_move=len(review.petitions),
        would_become_overdue=review.would_become_overdue,
        would_stop_being_overdue=review.would_stop_being_overdue,
    )


def approve_law_change(
    command: ApproveLawChange, changes: LawChanges, by: Officer, base: str, today: date
) -> LawChangeApproved:
    """Return the approval; `base` is the digest of the law in force: a review against another law is no review.

    Raise Refused if the change is unknown or approved already, for an officer of the parties that proposed it, for a
    day in the future or before the proposal, while another change is under way, and if the law has changed since the
    review.
    """
    require_not_in_future(command.occurred_on, today)
    change = require_law_change(changes, command.change_id)
    if change.approved_by is not None:
        raise Refused("this change of law is approved already")
    if change.proposed_by.parties & by.parties:
        raise Refused("an officer cannot approve a change of law of their own")
    if command.occurred_on < change.proposed.occurred_on:
        raise Refused(f"the change was proposed on {change.proposed.occurred_on}; it cannot be approved before")
    _require_none_under_way(changes)
    if change.proposed.base != base:
        raise Refused("the law in force has changed since this was reviewed: review and propose it again")
    return LawChangeApproved(occurred_on=command.occurred_on, change_id=command.change_id)


def require_law_change(changes: LawChanges, change_id: LawChangeId) -> LawChange:
    """Return the change. Raise Refused if there is none with this id."""
    change = changes.by_id.get(change_id)
    if change is None:
        raise Refused("there is no such change of law")
    return change


def _require_none_under_way(changes: LawChanges) -> None:
    """Raise Refused if a change is approved and not yet applied to all petitions."""
    if waiting := next((one for one, change in changes.by_id.items() if change.is_under_way), None):
        raise Refused(f"the change {waiting} is approved and not yet applied to all petitions: apply it first")
