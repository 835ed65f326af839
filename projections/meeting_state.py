"""Folds the events of one meeting into its state for the views: its days, the fate of each, and the follow-up."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from domain.events import Official, official_shown
from domain.meetings import events as e
from domain.meetings.limits import (
    ANNOUNCEMENT_STAGES,
    CONCLUSION_STAGE,
    PUBLICATION_STAGE,
    MeetingLimit,
    earliest_due_date,
)
from domain.meetings.task_keys import task_step_key
from domain.meetings.words import Audience, HeadOf, MeetingKind, MeetingMode, ReceptionType
from domain.sealed_text import plain_text
from domain.units.events import Level
from domain.unsaid import ATTENDANCE_UNSAID, MEETING_MODE_UNSAID
from domain.value import UNSET, UnsetType, Value, known, replace, said
from domain.vocabulary import UnitId
from projections.case_alerts import RaisedAlert, acknowledge_alerts, add_raised_task_alert


class MeetingDay(NamedTuple):
    """Holds one day of a meeting. `fate` is "planned", "moved", "held" or "cancelled"."""

    day: date
    fate: str
    was_planned: bool
    announce_by: date | None
    moved_to: date | None = None
    reason: str = ""


class AnsweredSpot(NamedTuple):
    """Names a hot spot that the meeting answers; `topic` is empty where none is known."""

    place: str
    topic: str


class MeetingState(Value):
    """Holds what the views need to know of one meeting.

    `chair` and `instead_of` are codes of the register, or names of officials outside it. `days` are in the order in
    which they were planned; only the last one can have been held. `announced` gives the day of the announcement by the
    day of the meeting, `done` the day on which a task was done by its number.
    """

    meeting_id: UUID
    kind: MeetingKind
    reception: ReceptionType | None
    mode: MeetingMode
    level: Level | None
    head_of: HeadOf | None
    organiser: UnitId
    audience: Audience | None
    topics: tuple[str, ...]
    title: str
    place: str
    hot_spots: tuple[AnsweredSpot, ...]
    chair: str
    chair_position: str
    chair_office: str
    days: tuple[MeetingDay, ...]
    planned_on: date | None = None
    announced: Mapping[date, date] = {}
    instead_of: str | None = None
    attendance: int = 0
    minutes_no: str = ""
    publish_by: date | None = None
    conclude_by: date | None = None
    notice: e.ConclusionNoticeIssued | None = None
    published_on: date | None = None
    done: Mapping[int, date] = {}
    alerts: tuple[RaisedAlert, ...] = ()


def open_meeting_state(fact: e.MeetingPlanned | e.MeetingHeld) -> MeetingState:
    """Return the first state of a meeting, after its first event: it was planned, or held without a plan."""
    details = fact.details
    meeting = MeetingState(
        meeting_id=fact.meeting_id,
        kind=details.kind,
        reception=known(details.reception),
        mode=said(details.mode, MEETING_MODE_UNSAID),
        level=known(details.level),
        head_of=known(details.head_of),
        organiser=details.organiser,
        audience=known(details.audience),
        topics=said(details.topics, ()),
        title=details.title,
        place=said(details.place, ""),
        hot_spots=tuple(AnsweredSpot(spot.place, said(spot.topic, "")) for spot in said(details.hot_spots, ())),
        chair=official_shown(details.chair) or "",
        chair_position=_position_of(details.chair),
        chair_office=said(details.chair_office, ""),
        days=(),
    )
    if isinstance(fact, e.MeetingHeld):
        return replace(meeting, **_apply_holding(meeting, fact))
    day = MeetingDay(fact.planned_for, "planned", was_planned=True, announce_by=_announcement_due_on(fact.limits))
    return replace(meeting, days=(day,), planned_on=fact.occurred_on)


def evolve_meeting_state(meeting: MeetingState, fact: e.MeetingEvent) -> MeetingState:
    """Return the state of a meeting after one more event."""
    return replace(meeting, **MEETING_EVOLVERS[type(fact)](meeting, fact))


def _position_of(named: Official | UnsetType) -> str:
    return "" if named is UNSET else said(named.position, "")


def _announcement_due_on(limits: tuple[MeetingLimit, ...] | UnsetType) -> date | None:
    return earliest_due_date(said(limits, ()), ANNOUNCEMENT_STAGES)


def _apply_move(meeting: MeetingState, fact: e.MeetingMoved) -> dict[str, Any]:
    *before, last = meeting.days
    old_day = last._replace(fate="moved", moved_to=fact.planned_for, reason=plain_text(fact.reason))
    new_day = MeetingDay(fact.planned_for, "planned", was_planned=True, announce_by=_announcement_due_on(fact.limits))
    return {"days": (*before, old_day, new_day)}


def _apply_holding(meeting: MeetingState, fact: e.MeetingHeld) -> dict[str, Any]:
    if meeting.days:
        *before, last = meeting.days
        day = last._replace(fate="held", day=fact.occurred_on)  # another one only where it was corrected
    else:
        before = []
        day = MeetingDay(fact.occurred_on, "held", was_planned=False, announce_by=_announcement_due_on(fact.limits))
    limits = said(fact.limits, ())
    return {
        "days": (*before, day),
        "place": said(fact.details.place, ""),
        "chair": official_shown(fact.details.chair) or "",
        "chair_position": _position_of(fact.details.chair),
        "chair_office": said(fact.details.chair_office, ""),
        "instead_of": official_shown(fact.instead_of),
        "attendance": said(fact.attendance, ATTENDANCE_UNSAID),
        "minutes_no": said(fact.minutes_no, ""),
        "publish_by": earliest_due_date(limits, {PUBLICATION_STAGE}),
        "conclude_by": earliest_due_date(limits, {CONCLUSION_STAGE}),
    }


def _apply_cancellation(meeting: MeetingState, fact: e.MeetingCancelled) -> dict[str, Any]:
    *before, last = meeting.days
    return {"days": (*before, last._replace(fate="cancelled", reason=plain_text(fact.reason)))}


def _apply_minutes(meeting: MeetingState, fact: e.MinutesEntered) -> dict[str, Any]:
    return {"minutes_no": fact.minutes_no, "attendance": said(fact.attendance, meeting.attendance)}


MEETING_EVOLVERS: Mapping[type[e.MeetingEvent], Callable[[MeetingState, Any], dict[str, Any]]] = {
    e.MeetingPlanned: lambda _life, _fact: {},
    e.MeetingAnnounced: lambda meeting, fact: {"announced": {**meeting.announced, fact.planned_for: fact.occurred_on}},
    e.MeetingMoved: _apply_move,
    e.MeetingHeld: _apply_holding,
    e.MeetingCancelled: _apply_cancellation,
    e.MinutesEntered: _apply_minutes,
    e.ConclusionNoticeIssued: lambda _, fact: {"notice": fact},
    e.ConclusionNoticePublished: lambda _, fact: {"published_on": fact.occurred_on},
    e.TaskAlertRaised: lambda meeting, fact: {"alerts": add_raised_task_alert(meeting.alerts, fact)},
    e.TaskAlertAcknowledged: lambda meeting, fact: {
        "alerts": acknowledge_alerts(meeting.alerts, task_step_key(fact), fact.occurred_on)
    },
    e.MeetingCorrectionProposed: lambda _meeting, _fact: {},
    e.MeetingCorrected: lambda _meeting, _fact: {},  # its values stand in the events that it corrects
    e.MeetingWithdrawalProposed: lambda _meeting, _fact: {},
    e.ConclusionTaskDone: lambda meeting, fact: {"done": {**meeting.done, fact.number: fact.occurred_on}},
}
