"""Folds the events of each petition, meeting and message into the one state that all views share."""

from typing import Any, NamedTuple, get_args
from uuid import UUID

from domain.alerts import delivery
from domain.alerts.delivery import Delivery
from domain.alerts.events import MessageEvent, MessagesComposed, OperatorAlertRaised
from domain.envelope import EventEnvelope
from domain.events import PETITION_OPENINGS, ImportWithdrawn
from domain.meetings.events import MeetingHeld, MeetingPlanned, MeetingWithdrawn
from projections import meeting_state
from projections.case_state import CaseState, evolve_case, open_case
from projections.meeting_state import MeetingState


class WithdrawnRecord(NamedTuple):
    """Stands for a petition that was withdrawn with its import, or a meeting whose record was withdrawn.

    No view has a row of it, and nothing follows.
    """

    stream: UUID


class CompositionCount(NamedTuple):
    """Holds the number of times that messages were composed: the version of the stream of compositions.

    The next worker that composes messages appends after this version. If another worker was quicker, the append is
    refused.
    """

    stream: UUID
    version: int


ViewState = CaseState | WithdrawnRecord | MeetingState | Delivery | OperatorAlertRaised | CompositionCount
"""State of one stream, from which the views make their rows."""

_MESSAGE_EVENTS = frozenset(get_args(MessageEvent))


def fold_view_state(state: ViewState | None, envelope: EventEnvelope[Any]) -> ViewState | None:
    """Return the state after one more event; None for streams that no view shows, such as those of units."""
    fact = envelope.fact
    if type(state) is CaseState:
        return WithdrawnRecord(state.petition_id) if type(fact) is ImportWithdrawn else evolve_case(state, envelope)
    if type(state) is WithdrawnRecord:
        return state
    if type(state) is MeetingState:
        if type(fact) is MeetingWithdrawn:
            return WithdrawnRecord(state.meeting_id)
        return meeting_state.evolve_meeting_state(state, fact)
    if isinstance(fact, PETITION_OPENINGS):
        return open_case(envelope)
    if type(fact) in _MESSAGE_EVENTS:
        return delivery.evolve_delivery(state if isinstance(state, Delivery) else None, envelope)
    if type(fact) is MessagesComposed:
        return CompositionCount(envelope.originator_id, envelope.originator_version)
    if isinstance(fact, MeetingPlanned | MeetingHeld):
        return meeting_state.open_meeting_state(fact)
    return fact if isinstance(fact, OperatorAlertRaised) else state
