"""Decides the reversal of endings that were recorded by mistake or under force: one proposes it, another approves it.

Nothing is taken out of the file. The ending and what rested on it count as not recorded, so the clocks are as if they
had not been: the time since then counts, as it does for a petition that nobody ended.
"""

from domain.commands import ApproveReversal, ProposeReversal
from domain.correcting.history import corrected_history
from domain.correcting.reversal import left_out_with
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import EndingReversed, PetitionEvent, ReversalProposed
from domain.evolve import fold
from domain.petition import PendingRequest, Petition
from domain.refusals.records import RecordRefusal
from domain.rules.assignment import succession_to_present_unit
from domain.rules.guards import require_other_officer
from domain.rules.petition_rule import at_stages, open_when
from domain.vocabulary import Stage

_ENDED = frozenset(stage for stage in Stage if not stage.is_open) - {Stage.SPLIT, Stage.DUPLICATE}
_require_ended = at_stages(_ENDED, RecordRefusal.CANNOT_REVERSE)


@open_when(_require_ended)
def propose_reversal(command: ProposeReversal, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Propose to reverse an ending that the petition has now."""
    if command.version > petition.version:
        raise Refused(RecordRefusal.NO_SUCH_EVENT, version=command.version)
    left_out_with(corrected_history(context.history), command.version)
    return [ReversalProposed(occurred_on=command.occurred_on, version=command.version, why=command.why)]


def _proposed_reversal(petition: Petition) -> tuple[PendingRequest, int]:
    """Return the reversal that waits for approval, with the place of the ending. Raise Refused when nobody proposed."""
    request = petition.pending_reversal
    if request is None or request.reverses is None:
        raise Refused(RecordRefusal.NOBODY_PROPOSED_REVERSAL)
    return request, request.reverses


def _require_proposal_by_another(petition: Petition, context: DecisionContext) -> None:
    """Raise Refused when nobody proposed a reversal, or the deciding officer did (separation of duties)."""
    require_other_officer(_proposed_reversal(petition)[0], context, RecordRefusal.OWN_REVERSAL)


@open_when(_require_proposal_by_another, _require_ended)
def approve_reversal(command: ApproveReversal, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Approve the reversal that another officer proposed. It is refused when the petition has gone on since.

    No reorganisation handed the petition over while it was ended: it goes to the successor of its unit now.
    """
    request, version = _proposed_reversal(petition)
    present = corrected_history(context.history)
    left_out = left_out_with(present, version)
    ending = next(event.fact for event in present if event.originator_version == version)
    open_again = fold(event for event in present if event.originator_version not in left_out)
    assert open_again is not None, "the opening is never left out"
    return [
        EndingReversed(
            occurred_on=command.occurred_on,
            version=version,
            ending=type(ending).__name__,
            left_out=left_out,
            why=request.why,
            proposed_by=request.requested_by,
        ),
        *succession_to_present_unit(open_again, context, command.occurred_on),
    ]
