"""Đơn trùng: the same content of the same person, sent again or elsewhere.

Linked to the first letter it has no clock of its own and is a letter, but no case. The link is told in both histories
at once: so neither can be linked to the other at the same moment, and the first shows that its sender asked again.
"""

from domain.commands import MarkDuplicate, UnmarkDuplicate
from domain.deadlines.deadline import Deadline, recalculated
from domain.deadlines.policy import Law
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import PetitionEvent, PetitionMarkedDuplicate, PetitionUnmarkedDuplicate
from domain.petition import Petition
from domain.rules.guards import only_from
from domain.status_transitions import INTAKE_CLOCKS
from domain.vocabulary import Stage


def mark(command: MarkDuplicate, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, {Stage.RECEIVED, Stage.CLASSIFIED}, "be marked as a duplicate")
    first = circumstances.other
    if command.duplicate_of == petition.petition_id:
        raise Refused("a petition is not a duplicate of itself")
    if first is None:
        raise Refused("the petition that it would repeat does not exist")
    if first.stage in {Stage.DUPLICATE, Stage.CANCELLED}:
        raise Refused(f"the petition that it would repeat is {first.stage.in_words}; name the first one")
    # The other way round the clock of the first letter would stop, and only the younger one's run.
    if petition.received_on < first.received_on:
        raise Refused(f"the petition that it would repeat came later, on {first.received_on}: link that one to this")
    without_duplicates(petition, "be marked as a duplicate")
    return [PetitionMarkedDuplicate(occurred_on=command.occurred_on, duplicate_of=command.duplicate_of)]


def unmark(command: UnmarkDuplicate, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, {Stage.DUPLICATE}, "be unlinked from a first letter")
    linked_on, first = petition.standing.settled_on, petition.duplicate_of
    if first is None or linked_on is None:
        raise ValueError(f"{petition.petition_id} is a duplicate of nothing")
    if command.occurred_on < linked_on:
        raise Refused(f"the link was made on {linked_on} and cannot end before")
    return [
        PetitionUnmarkedDuplicate(
            occurred_on=command.occurred_on,
            duplicate_of=first,
            reason=command.reason,
            deadlines=tuple(_as_it_was(stopped, petition, circumstances.law) for stopped in petition.stopped.values()),
        )
    ]


def without_duplicates(petition: Petition, what: str) -> None:
    """Or they would be linked to what is no case: letters that nobody answers."""
    if petition.duplicates:
        links = len(petition.duplicates)
        raise Refused(f"a petition to which letters are linked as duplicates ({links}) cannot {what}: undo that first")


def _as_it_was(stopped: Deadline, petition: Petition, law: Law) -> Deadline:
    """With its original dates, unless the day of receipt that it started on was corrected meanwhile."""
    if petition.standing.round > 1 or stopped.clock not in INTAKE_CLOCKS or stopped.limit is None:
        return stopped
    if stopped.started_on == petition.received_on:
        return stopped
    return recalculated(stopped, law.calendar, started_on=petition.received_on)
