"""What the views know: of each petition and meeting one state, folded from its facts."""

from typing import Any

from domain.events import PetitionReceived
from domain.meetings.events import MeetingHeld, MeetingPlanned
from domain.recorded import Recorded
from projections import meeting_life
from projections.case import Case, after, received
from projections.meeting_life import MeetingLife

Known = Case | MeetingLife


def fold(known: Known | None, recorded: Recorded[Any]) -> Known | None:
    """None where nothing is known that a view shows: of units."""
    fact = recorded.fact
    if type(known) is Case:
        return after(known, fact)
    if type(known) is MeetingLife:
        return meeting_life.after(known, fact)
    if isinstance(fact, PetitionReceived):
        return received(fact, recorded.originator_id, recorded.reference)
    return meeting_life.begun(fact) if isinstance(fact, MeetingPlanned | MeetingHeld) else None
