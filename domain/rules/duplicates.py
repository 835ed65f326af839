"""Decides duplicates (đơn trùng): the same content of the same person, sent again or elsewhere.

A duplicate is linked to the first letter. It has no clock of its own and counts as a letter, not as a case. One
transaction records the link in both histories: so two petitions cannot be linked to each other at the same moment, and
the first letter shows that its sender asked again.
"""

from domain.commands import MarkDuplicate, UnmarkDuplicate
from domain.deadlines.deadline import Deadline, recalculate_deadline
from domain.deadlines.policy import Law
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import PetitionEvent, PetitionMarkedDuplicate, PetitionUnmarkedDuplicate
from domain.petition import Petition
from domain.rules.guards import require_stage
from domain.status_transitions import INTAKE_CLOCKS
from domain.value import as_said
from domain.vocabulary import Stage


def mark_duplicate(command: MarkDuplicate, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Link the petition to an earlier first letter (`context.other`)."""
    require_stage(petition, {Stage.RECEIVED, Stage.CLASSIFIED}, "be marked as a duplicate")
    first = context.other
    if command.duplicate_of == petition.petition_id:
        raise Refused("a petition is not a duplicate of itself")
    if first is None:
        raise Refused("the petition that it would repeat does not exist")
    if first.stage in {Stage.DUPLICATE, Stage.CANCELLED}:
        raise Refused(f"the petition that it would repeat is {first.stage.in_words}; name the first one")
    # The other way round, the clock of the first letter would stop and only the later one's would run.
    if petition.received_on < first.received_on:
        raise Refused(f"the petition that it would repeat came later, on {first.received_on}: link that one to this")
    require_no_duplicates(petition, "be marked as a duplicate")
    return [PetitionMarkedDuplicate(occurred_on=command.occurred_on, duplicate_of=command.duplicate_of)]


def unmark_duplicate(command: UnmarkDuplicate, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Undo the link. The clocks run again with their original dates.

    Raise ValueError for a duplicate without a first letter, which no history of ours has.
    """
    require_stage(petition, {Stage.DUPLICATE}, "be unlinked from a first letter")
    linked_on, first = petition.status.settled_on, petition.duplicate_of
    if first is None or linked_on is None:
        raise ValueError(f"{petition.petition_id} is a duplicate of nothing")
    if command.occurred_on < linked_on:
        raise Refused(f"the link was made on {linked_on} and cannot end before")
    return [
        PetitionUnmarkedDuplicate(
            occurred_on=command.occurred_on,
            duplicate_of=first,
            reason=command.reason,
            deadlines=as_said(
                tuple(
                    _restored_deadline(stopped, petition, context.law)
                    for stopped in petition.stopped_deadlines.values()
                )
            ),
        )
    ]


def require_no_duplicates(petition: Petition, what: str) -> None:
    """Raise Refused when letters are linked to the petition. `what` completes "a petition ... cannot".

    Otherwise these letters would be linked to a petition that is no case, and nobody would answer them.
    """
    if petition.duplicates:
        links = len(petition.duplicates)
        raise Refused(f"a petition to which letters are linked as duplicates ({links}) cannot {what}: undo that first")


def _restored_deadline(stopped: Deadline, petition: Petition, law: Law) -> Deadline:
    """Return the clock with its original dates, or counted again when the day of receipt was corrected meanwhile."""
    if petition.status.round > 1 or stopped.clock not in INTAKE_CLOCKS or stopped.limit is None:
        return stopped
    if stopped.started_on == petition.received_on:
        return stopped
    return recalculate_deadline(stopped, law.calendar, started_on=petition.received_on)
