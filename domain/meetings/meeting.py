"""A meeting as decisions see it."""

from dataclasses import dataclass
from datetime import date

from domain.meetings.events import MeetingEvent
from domain.recorded import Recorded
from domain.units.events import Level
from domain.vocabulary import MeetingId, UnitId


@dataclass(frozen=True, slots=True)
class Meeting:
    meeting_id: MeetingId
    organiser: UnitId
    level: Level
    held_on: date
    version: int


def evolve(meeting: Meeting | None, recorded: Recorded[MeetingEvent]) -> Meeting:  # noqa: ARG001 - an evolve's shape
    fact = recorded.fact
    return Meeting(
        meeting_id=fact.meeting_id,
        organiser=fact.organiser,
        level=fact.level,
        held_on=fact.occurred_on,
        version=recorded.originator_version,
    )
