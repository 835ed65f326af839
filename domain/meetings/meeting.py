"""A meeting as decisions see it, and the question that petitions ask of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.meetings import events as e
from domain.meetings.words import MeetingKind, MeetingStage
from domain.units.events import Level
from domain.vocabulary import MeetingId, OfficerId, UnitId


@dataclass(frozen=True, slots=True)
class Meeting:
    """`held_on` is None until it was held, and for ever where it was cancelled (`cancelled_on`).

    `plan` is what it was planned as; a meeting that was only ever entered as held has none. `planned_for` is the day
    that was planned last.
    """

    meeting_id: MeetingId
    organiser: UnitId
    level: Level
    held_on: date | None
    version: int
    kind: MeetingKind = MeetingKind.DIALOGUE_CONFERENCE
    title: str = ""
    plan: e.MeetingPlanned | None = None
    planned_for: date | None = None
    cancelled_on: date | None = None
    announced_for: frozenset[date] = frozenset()
    chair: OfficerId | None = None
    minutes_no: str = ""
    notice: e.ConclusionNoticeIssued | None = None
    published_on: date | None = None
    tasks_done: frozenset[int] = frozenset()

    @property
    def stage(self) -> MeetingStage:
        if self.held_on is not None:
            return MeetingStage.HELD
        return MeetingStage.PLANNED if self.cancelled_on is None else MeetingStage.CANCELLED

    @property
    def day(self) -> date:
        """On which it was held, else the one that it is planned for, or was when it was cancelled."""
        day = self.held_on or self.planned_for
        assert day is not None, "what was not planned was held"
        return day


def fold(history: Iterable[EventEnvelope[e.MeetingEvent]]) -> Meeting | None:
    meeting: Meeting | None = None
    for recorded in history:
        meeting = evolve(meeting, recorded)
    return meeting


def evolve(meeting: Meeting | None, recorded: EventEnvelope[e.MeetingEvent]) -> Meeting:
    """The meeting after one event. Raises ValueError for a history that begins neither with a plan nor as held."""
    fact, version = recorded.fact, recorded.originator_version
    if meeting is None:
        return _begun(fact, version, recorded)
    changes = _CHANGES[type(fact)](meeting, fact)
    return replace(meeting, version=version, **changes)


def _begun(fact: e.MeetingEvent, version: int, recorded: EventEnvelope[e.MeetingEvent]) -> Meeting:
    if isinstance(fact, e.MeetingPlanned):
        return Meeting(
            meeting_id=fact.meeting_id,
            organiser=fact.organiser,
            level=fact.level,
            held_on=None,
            version=version,
            kind=fact.kind,
            title=fact.title,
            plan=fact,
            planned_for=fact.planned_for,
            chair=fact.chair,
        )
    if isinstance(fact, e.MeetingHeld):
        return Meeting(
            meeting_id=fact.meeting_id,
            organiser=fact.organiser,
            level=fact.level,
            held_on=fact.occurred_on,
            version=version,
            kind=fact.kind,
            title=fact.title,
            chair=fact.chair,
            minutes_no=fact.minutes_no,
        )
    raise ValueError(f"the history of meeting {recorded.originator_id} begins with {type(fact).__name__}")


_CHANGES: Mapping[type[e.MeetingEvent], Callable[[Meeting, Any], dict[str, Any]]] = {
    e.MeetingPlanned: lambda _, fact: {
        "title": fact.title,
        "plan": fact,
        "planned_for": fact.planned_for,
        "chair": fact.chair,
    },
    e.MeetingAnnounced: lambda meeting, fact: {"announced_for": meeting.announced_for | {fact.planned_for}},
    e.MeetingMoved: lambda _, fact: {"planned_for": fact.planned_for},
    e.MeetingHeld: lambda meeting, fact: {
        "held_on": fact.occurred_on,
        "chair": fact.chair,
        "minutes_no": fact.minutes_no or meeting.minutes_no,
    },
    e.MeetingCancelled: lambda _, fact: {"cancelled_on": fact.occurred_on},
    e.MinutesEntered: lambda _, fact: {"minutes_no": fact.minutes_no},
    e.ConclusionNoticeIssued: lambda _, fact: {"notice": fact},
    e.ConclusionNoticePublished: lambda _, fact: {"published_on": fact.occurred_on},
    e.ConclusionTaskDone: lambda meeting, fact: {"tasks_done": meeting.tasks_done | {fact.number}},
}


def on_record(meeting: Meeting | None) -> Meeting:
    if meeting is None:
        raise Refused("there is no such meeting on record")
    return meeting


def not_cancelled(meeting: Meeting | None) -> Meeting:
    meeting = on_record(meeting)
    if meeting.cancelled_on is not None:
        raise Refused(f"the meeting planned for {meeting.planned_for} was cancelled on {meeting.cancelled_on}")
    return meeting


def held_that_day(meeting: Meeting | None, on: date) -> Meeting:
    """The meeting, if it was held on that day; Refused otherwise, with what became of it."""
    meeting = not_cancelled(meeting)
    if meeting.held_on is None:
        raise Refused(f"the meeting is planned for {meeting.planned_for} and is not on record as held")
    if meeting.held_on != on:
        raise Refused(f"the meeting was held on {meeting.held_on}, not on {on}")
    return meeting


def raised_for(meeting: Meeting | None, on: date) -> Meeting:
    """The meeting, if a petition received on that day may be for it.

    On the spot on the day it was held; or before, collected for a meeting that is or was planned.
    """
    meeting = not_cancelled(meeting)
    if meeting.plan is not None and on < meeting.day:
        return meeting
    return held_that_day(meeting, on)
