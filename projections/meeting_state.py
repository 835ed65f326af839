"""What the views know of one meeting: the days it was planned for, what became of each, and what followed."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from domain.meetings import events as e
from domain.meetings.limits import ANNOUNCEMENT, CONCLUSION, PUBLICATION, MeetingLimit, due_on
from domain.meetings.words import Audience, HeadOf, MeetingKind, MeetingMode, ReceptionType
from domain.units.events import Level
from domain.vocabulary import OfficerId, UnitId


class MeetingDay(NamedTuple):
    """One day of a meeting. `fate` is "planned", "moved", "held" or "cancelled"."""

    day: date
    fate: str
    was_planned: bool
    announce_by: date | None
    moved_to: date | None = None
    reason: str = ""


class MeetingLife(Struct, frozen=True, gc=False):
    """`days` are in the order in which they were planned; at most the last was held."""

    meeting_id: UUID
    kind: MeetingKind
    reception: ReceptionType | None
    mode: MeetingMode
    level: Level
    head_of: HeadOf
    organiser: UnitId
    audience: Audience
    topics: tuple[str, ...]
    title: str
    place: str
    chair: OfficerId
    chair_position: str
    chair_office: str
    days: tuple[MeetingDay, ...]
    planned_on: date | None = None
    announced: Mapping[date, date] = {}
    instead_of: OfficerId | None = None
    attendance: int = 0
    minutes_no: str = ""
    publish_by: date | None = None
    conclude_by: date | None = None
    notice: e.ConclusionNoticeIssued | None = None
    published_on: date | None = None
    done: Mapping[int, date] = {}


def begun(fact: e.MeetingPlanned | e.MeetingHeld) -> MeetingLife:
    life = MeetingLife(
        meeting_id=fact.meeting_id,
        kind=fact.kind,
        reception=fact.reception,
        mode=fact.mode,
        level=fact.level,
        head_of=fact.head_of,
        organiser=fact.organiser,
        audience=fact.audience,
        topics=fact.topics,
        title=fact.title,
        place=fact.place,
        chair=fact.chair,
        chair_position=fact.chair_position,
        chair_office=fact.chair_office,
        days=(),
    )
    if isinstance(fact, e.MeetingHeld):
        return replace(life, **_held(life, fact))
    day = MeetingDay(fact.planned_for, "planned", was_planned=True, announce_by=_announce_by(fact.limits))
    return replace(life, days=(day,), planned_on=fact.occurred_on)


def after(life: MeetingLife, fact: e.MeetingEvent) -> MeetingLife:
    return replace(life, **_TELL[type(fact)](life, fact))


def _announce_by(limits: tuple[MeetingLimit, ...]) -> date | None:
    return due_on(limits, ANNOUNCEMENT)


def _moved(life: MeetingLife, fact: e.MeetingMoved) -> dict[str, Any]:
    *before, last = life.days
    moved = last._replace(fate="moved", moved_to=fact.planned_for, reason=fact.reason)
    anew = MeetingDay(fact.planned_for, "planned", was_planned=True, announce_by=_announce_by(fact.limits))
    return {"days": (*before, moved, anew)}


def _held(life: MeetingLife, fact: e.MeetingHeld) -> dict[str, Any]:
    if life.days:
        *before, last = life.days
        day = last._replace(fate="held")
    else:
        before = []
        day = MeetingDay(fact.occurred_on, "held", was_planned=False, announce_by=_announce_by(fact.limits))
    return {
        "days": (*before, day),
        "place": fact.place,
        "chair": fact.chair,
        "chair_position": fact.chair_position,
        "chair_office": fact.chair_office,
        "instead_of": fact.instead_of,
        "attendance": fact.attendance,
        "minutes_no": fact.minutes_no,
        "publish_by": due_on(fact.limits, {PUBLICATION}),
        "conclude_by": due_on(fact.limits, {CONCLUSION}),
    }


def _cancelled(life: MeetingLife, fact: e.MeetingCancelled) -> dict[str, Any]:
    *before, last = life.days
    return {"days": (*before, last._replace(fate="cancelled", reason=fact.reason))}


def _minuted(life: MeetingLife, fact: e.MinutesEntered) -> dict[str, Any]:
    attendance = life.attendance if fact.attendance is None else fact.attendance
    return {"minutes_no": fact.minutes_no, "attendance": attendance}


_TELL: Mapping[type[e.MeetingEvent], Callable[[MeetingLife, Any], dict[str, Any]]] = {
    e.MeetingPlanned: lambda _life, _fact: {},
    e.MeetingAnnounced: lambda life, fact: {"announced": {**life.announced, fact.planned_for: fact.occurred_on}},
    e.MeetingMoved: _moved,
    e.MeetingHeld: _held,
    e.MeetingCancelled: _cancelled,
    e.MinutesEntered: _minuted,
    e.ConclusionNoticeIssued: lambda _, fact: {"notice": fact},
    e.ConclusionNoticePublished: lambda _, fact: {"published_on": fact.occurred_on},
    e.ConclusionTaskDone: lambda life, fact: {"done": {**life.done, fact.number: fact.occurred_on}},
}
