"""Reads one petition as it was known: its history up to a position."""

from collections.abc import Sequence

from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import PetitionEvent
from service.commands.refusals import ServiceRefusal


def history_then(history: Sequence[EventEnvelope[PetitionEvent]], known: int) -> Sequence[EventEnvelope[PetitionEvent]]:
    """Return the events of a petition up to a position (inclusive). Raise Refused if it was not on record yet."""
    found = [event for event in history if event.position is not None and event.position <= known]
    if not found:
        raise Refused(ServiceRefusal.NOT_ON_RECORD_YET, position=known)
    return found
