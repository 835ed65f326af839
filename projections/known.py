"""What the views know: of each petition and meeting one state, folded from its facts."""

from typing import Any

from domain.events import PetitionReceived
from domain.meetings.events import MeetingHeld
from domain.recorded import Recorded
from projections.case import Case, after, received

Known = Case | MeetingHeld


def fold(known: Known | None, recorded: Recorded[Any]) -> Known | None:
    """None where nothing is known that a view shows: of units."""
    fact = recorded.fact
    if type(known) is Case:
        return after(known, fact)
    if isinstance(fact, PetitionReceived):
        return received(fact, recorded.originator_id, recorded.reference)
    return fact if isinstance(fact, MeetingHeld) else known
