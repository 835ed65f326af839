"""Decides duplicates (đơn trùng): the same content of the same person, sent again or elsewhere.

A duplicate is linked to the first letter. It has no clock of its own and counts as a letter, not as a case. One
transaction records the link in both histories: so two petitions cannot be linked to each other at the same moment, and
the first letter shows that its sender asked again.
"""

from domain.commands import MarkDuplicate, UnmarkDuplicate
from domain.deadlines.deadline import Deadline, recalculate_deadline
from domain.deadlines.policy import Law
from domain.decision_context import DecisionContext
from domain.endings.words import PetitionEnding
from domain.errors import Refused
from domain.events import PetitionEvent, PetitionMarkedDuplicate, PetitionUnmarkedDuplicate
from domain.petition import Petition
from domain.refusals.referral import ReferralRefusal
from domain.rules.endings import ends_by, without_duplicates
from domain.rules.petition_rule import at_stages, open_when
from domain.status_moves import INTAKE_CLOCKS
from domain.value import as_said
from domain.vocabulary import ANSWERED_STAGES, Stage


@ends_by(
    PetitionEnding.LINK_AS_DUPLICATE,
    ReferralRefusal.CANNOT_MARK_DUPLICATE,
    without_duplicates(ReferralRefusal.CANNOT_MARK_WITH_DUPLICATES),
)
def mark_duplicate(command: MarkDuplicate, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Link the petition to an earlier first letter (`context.other`)."""
    first = context.other
    if command.duplicate_of == petition.petition_id:
        raise Refused(ReferralRefusal.DUPLICATE_OF_ITSELF)
    if first is None:
        raise Refused(ReferralRefusal.FIRST_LETTER_UNKNOWN)
    if first.stage in {Stage.DUPLICATE, Stage.CANCELLED}:
        raise Refused(ReferralRefusal.FIRST_LETTER_IS_NONE, stage=first.stage)
    if not (first.stage.is_open or first.stage in ANSWERED_STAGES | {Stage.CLOSED}):
        raise Refused(ReferralRefusal.FIRST_LETTER_ENDED_UNANSWERED, stage=first.stage)
    if petition.kind is not None and first.kind is not petition.kind:
        raise Refused(ReferralRefusal.FIRST_LETTER_OF_ANOTHER_KIND, kind=petition.kind)
    # The other way round, the clock of the first letter would stop and only the later one's would run.
    if petition.received_on < first.received_on:
        raise Refused(ReferralRefusal.FIRST_LETTER_CAME_LATER, received_on=first.received_on)
    return [PetitionMarkedDuplicate(occurred_on=command.occurred_on, duplicate_of=command.duplicate_of)]


@open_when(at_stages({Stage.DUPLICATE}, ReferralRefusal.CANNOT_UNMARK_DUPLICATE))
def unmark_duplicate(command: UnmarkDuplicate, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Undo the link. The clocks run again with their original dates.

    Raise ValueError for a duplicate without a first letter, which no history of ours has.
    """
    linked_on, first = petition.status.settled_on, petition.duplicate_of
    if first is None or linked_on is None:
        raise ValueError(f"{petition.petition_id} is a duplicate of nothing")
    if command.occurred_on < linked_on:
        raise Refused(ReferralRefusal.UNLINKED_BEFORE_LINK, linked_on=linked_on)
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


def _restored_deadline(stopped: Deadline, petition: Petition, law: Law) -> Deadline:
    """Return the clock with its original dates, or counted again when the day of receipt was corrected meanwhile."""
    if petition.status.round > 1 or stopped.clock not in INTAKE_CLOCKS or stopped.limit is None:
        return stopped
    if stopped.started_on == petition.received_on:
        return stopped
    return recalculate_deadline(stopped, law.calendar, started_on=petition.received_on)
