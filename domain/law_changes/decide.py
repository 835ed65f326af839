"""Decides the commands on a change of law.

Two officers must agree on the law that was reviewed, and one change is finished before the next begins.
"""

from datetime import date

from domain.actor import Officer
from domain.errors import Refused, require_not_in_future
from domain.law_changes.commands import ApproveLawChange, ProposeLawChange
from domain.law_changes.events import LAW_FILE_FORMAT, LawChangeApproved, LawChangeProposed
from domain.law_changes.law_change import LawChanges
from domain.law_changes.review import LawChangeReview
from domain.refusals.law_changes import LawChangeRefusal
from domain.vocabulary import LawChangeId


def propose_law_change(
    command: ProposeLawChange, change_id: LawChangeId, review: LawChangeReview, changes: LawChanges, today: date
) -> LawChangeProposed:
    """Return the proposal with the counts of its review.

    Raise Refused for a future day, and while another change is under way.
    """
    require_not_in_future(command.occurred_on, today)
    changes.require_none_under_way()
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
    change = changes.require_approvable(command.change_id, command.occurred_on, by, today)
    if change.proposed.base != base:
        raise Refused(LawChangeRefusal.LAW_CHANGED_SINCE_REVIEW)
    return LawChangeApproved(occurred_on=command.occurred_on, change_id=command.change_id)
