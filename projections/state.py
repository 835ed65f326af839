"""What the views know: of each petition, meeting and message one state, folded from its facts."""

from typing import Any, NamedTuple, get_args
from uuid import UUID

from domain.alerts import delivery
from domain.alerts.delivery import Delivery
from domain.alerts.events import MessageEvent, MessagesComposed, OperatorAlertRaised
from domain.envelope import EventEnvelope
from domain.events import PetitionReceived
from domain.meetings.events import MeetingHeld, MeetingPlanned
from projections import meeting_state
from projections.case_state import Case, after, received
from projections.meeting_state import MeetingLife


class Composed(NamedTuple):
    """How often messages were composed: whoever composes goes on from there, or somebody else was quicker."""

    stream: UUID
    version: int


Known = Case | MeetingLife | Delivery | OperatorAlertRaised | Composed

_OF_MESSAGES = frozenset(get_args(MessageEvent))


def fold(known: Known | None, recorded: EventEnvelope[Any]) -> Known | None:
    """None where nothing is known that a view shows: of units."""
    fact = recorded.fact
    if type(known) is Case:
        return after(known, fact)
    if type(known) is MeetingLife:
        return meeting_state.after(known, fact)
    if isinstance(fact, PetitionReceived):
        return received(fact, recorded.originator_id, recorded.reference)
    if type(fact) in _OF_MESSAGES:
        return delivery.after(known if isinstance(known, Delivery) else None, recorded)
    if type(fact) is MessagesComposed:
        return Composed(recorded.originator_id, recorded.originator_version)
    if isinstance(fact, MeetingPlanned | MeetingHeld):
        return meeting_state.begun(fact)
    return fact if isinstance(fact, OperatorAlertRaised) else known
