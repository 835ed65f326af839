"""Folds the history of a meeting into the state that decisions need.

The rules of petitions use the checks here too, because a petition may belong to a meeting.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from domain.alerts.keys import StepKey, acknowledge_steps
from domain.correcting.history import corrected_history
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import officer_of
from domain.meetings import events as e
from domain.meetings.limits import MeetingLimit
from domain.meetings.task_keys import task_step_key
from domain.meetings.words import MeetingKind, MeetingStage
from domain.refusals.meetings import MeetingRefusal
from domain.units.events import Level
from domain.value import Value, known, replace, said
from domain.vocabulary import MeetingId, OfficerId, UnitId


class MeetingNeighbours(NamedTuple):
    """Holds what a decision on a meeting reads beside its state.

    `facts` are its events as they are corrected, in order. `same_day` names the other meetings of the same organiser
    and chair on its day, `resting` the register numbers of the petitions that were raised there, prepared for it, or
    answered there.
    """

    facts: tuple[e.MeetingEvent, ...] = ()
    same_day: tuple[str, ...] = ()
    resting: tuple[str, ...] = ()


class ProposedMeetingChange(Value):
    """Holds a correction or a withdrawal that waits for another officer, and who proposed it."""

    fact: e.MeetingCorrectionProposed | e.MeetingWithdrawalProposed
    version: int
    proposed_by: OfficerId
    parties: frozenset[OfficerId]


class HeldRecord(Value):
    """Holds the day, in Vietnam's official time, on which it was recorded that a meeting was held, and by whom."""

    recorded_on: date
    parties: frozenset[OfficerId]


class Meeting(Value):
    """Holds the state of one meeting, folded from its history.

    `held_on` is None until the meeting is held, and remains None if it was cancelled (`cancelled_on`). `plan` is the
    original plan; it is None if the meeting was entered only after it was held. `planned_for` is the latest planned
    day. `limits` are those of the announcement on that day, and of what follows a meeting that was held.
    """

    meeting_id: MeetingId
    organiser: UnitId
    level: Level | None
    held_on: date | None
    version: int
    kind: MeetingKind = MeetingKind.DIALOGUE_CONFERENCE
    title: str = ""
    plan: e.MeetingPlanned | None = None
    planned_for: date | None = None
    limits: tuple[MeetingLimit, ...] = ()
    cancelled_on: date | None = None
    cancellation_recorded_on: date | None = None  # None also where nobody recorded the instant
    announced_for: frozenset[date] = frozenset()
    chair: OfficerId | None = None
    minutes_no: str = ""
    notice: e.ConclusionNoticeIssued | None = None
    published_on: date | None = None
    held_record: HeldRecord | None = None  # None also where nobody recorded the instant
    tasks_done: frozenset[int] = frozenset()
    alerts: Mapping[StepKey, bool] = {}  # those raised for tasks; True once acknowledged
    proposed: ProposedMeetingChange | None = None
    withdrawn_on: date | None = None

    @property
    def open_tasks(self) -> tuple[e.ConclusionTask, ...]:
        """Return the tasks of the conclusion notice that are not completed; none of a meeting that was withdrawn."""
        tasks = () if self.notice is None or self.withdrawn_on is not None else said(self.notice.tasks, ())
        return tuple(task for task in tasks if task.number not in self.tasks_done)

    @property
    def stage(self) -> MeetingStage:
        """Return whether the meeting is planned, held or cancelled, or its record was withdrawn."""
        if self.withdrawn_on is not None:
            return MeetingStage.WITHDRAWN
        if self.held_on is not None:
            return MeetingStage.HELD
        return MeetingStage.PLANNED if self.cancelled_on is None else MeetingStage.CANCELLED

    @property
    def day(self) -> date:
        """Return the day on which the meeting was held; if it was not held, the latest planned day."""
        day = self.held_on or self.planned_for
        assert day is not None, "what was not planned was held"
        return day


def fold_meeting(history: Iterable[EventEnvelope[e.MeetingEvent]]) -> Meeting | None:
    """Return the meeting that the history, as it is corrected, leads to; None for an empty history."""
    meeting: Meeting | None = None
    for envelope in corrected_history(history):
        meeting = evolve_meeting(meeting, envelope)
    return meeting


def evolve_meeting(meeting: Meeting | None, envelope: EventEnvelope[e.MeetingEvent]) -> Meeting:
    """Return the meeting after one event. Raise ValueError if the history begins with neither MeetingPlanned nor
    MeetingHeld.
    """
    fact, version = envelope.fact, envelope.originator_version
    if meeting is None:
        return _new_meeting(fact, version, envelope)
    if isinstance(fact, e.MeetingCorrectionProposed | e.MeetingWithdrawalProposed):
        by = envelope.by
        proposed = ProposedMeetingChange(fact=fact, version=version, proposed_by=by.officer, parties=by.parties)
        return replace(meeting, version=version, proposed=proposed)
    changes = _MEETING_EVOLVERS[type(fact)](meeting, fact)
    if isinstance(fact, e.MeetingHeld):
        changes["held_record"] = _held_record(envelope)
    elif isinstance(fact, e.MeetingCancelled):
        changes["cancellation_recorded_on"] = envelope.recorded_on
    return replace(meeting, version=version, **changes)


def _held_record(envelope: EventEnvelope[e.MeetingEvent]) -> HeldRecord | None:
    recorded_on = envelope.recorded_on
    return None if recorded_on is None else HeldRecord(recorded_on=recorded_on, parties=envelope.by.parties)


def _new_meeting(fact: e.MeetingEvent, version: int, envelope: EventEnvelope[e.MeetingEvent]) -> Meeting:
    """Return the meeting after its first event."""
    if isinstance(fact, e.MeetingPlanned):
        return Meeting(
            meeting_id=fact.meeting_id,
            organiser=fact.details.organiser,
            level=known(fact.details.level),
            held_on=None,
            version=version,
            kind=fact.details.kind,
            title=fact.details.title,
            plan=fact,
            planned_for=fact.planned_for,
            limits=said(fact.limits, ()),
            chair=officer_of(fact.details.chair),
        )
    if isinstance(fact, e.MeetingHeld):
        return Meeting(
            meeting_id=fact.meeting_id,
            organiser=fact.details.organiser,
            level=known(fact.details.level),
            held_on=fact.occurred_on,
            version=version,
            kind=fact.details.kind,
            title=fact.details.title,
            limits=said(fact.limits, ()),
            chair=officer_of(fact.details.chair),
            minutes_no=said(fact.minutes_no, ""),
            held_record=_held_record(envelope),
        )
    raise ValueError(f"the history of meeting {envelope.originator_id} begins with {type(fact).__name__}")


_MEETING_EVOLVERS: Mapping[type[e.MeetingEvent], Callable[[Meeting, Any], dict[str, Any]]] = {
    e.MeetingPlanned: lambda _, fact: {
        "title": fact.details.title,
        "plan": fact,
        "planned_for": fact.planned_for,
        "limits": said(fact.limits, ()),
        "chair": officer_of(fact.details.chair),
    },
    e.MeetingAnnounced: lambda meeting, fact: {"announced_for": meeting.announced_for | {fact.planned_for}},
    e.MeetingMoved: lambda _, fact: {"planned_for": fact.planned_for, "limits": said(fact.limits, ())},
    e.MeetingHeld: lambda meeting, fact: {
        "held_on": fact.occurred_on,
        "limits": (*meeting.limits, *said(fact.limits, ())),
        "chair": officer_of(fact.details.chair),
        "minutes_no": fact.minutes_no or meeting.minutes_no,
    },
    e.MeetingCancelled: lambda _, fact: {"cancelled_on": fact.occurred_on},
    e.MinutesEntered: lambda _, fact: {"minutes_no": fact.minutes_no},
    e.ConclusionNoticeIssued: lambda _, fact: {"notice": fact},
    e.ConclusionNoticePublished: lambda _, fact: {"published_on": fact.occurred_on},
    e.TaskAlertRaised: lambda meeting, fact: {"alerts": {**meeting.alerts, task_step_key(fact): False}},
    e.TaskAlertAcknowledged: lambda meeting, fact: {"alerts": acknowledge_steps(meeting.alerts, task_step_key(fact))},
    e.ConclusionTaskDone: lambda meeting, fact: {"tasks_done": meeting.tasks_done | {fact.number}},
    e.MeetingCorrected: lambda _meeting, _fact: {"proposed": None},  # the corrected events were folded
    e.MeetingWithdrawn: lambda _, fact: {"proposed": None, "withdrawn_on": fact.occurred_on},
}
"""For each class of event, the function that applies it to a meeting on record."""


def require_on_record(meeting: Meeting | None) -> Meeting:
    """Return the meeting. Raise Refused if it is not on record, or its record was withdrawn."""
    if meeting is None:
        raise Refused(MeetingRefusal.NO_SUCH_MEETING)
    if meeting.withdrawn_on is not None:
        raise Refused(MeetingRefusal.MEETING_RECORD_WITHDRAWN, on=meeting.withdrawn_on)
    return meeting


def require_not_cancelled(meeting: Meeting | None) -> Meeting:
    """Return the meeting. Raise Refused if it is not on record or was cancelled."""
    meeting = require_on_record(meeting)
    if meeting.cancelled_on is not None:
        raise Refused(MeetingRefusal.MEETING_WAS_CANCELLED, planned_for=meeting.day, cancelled_on=meeting.cancelled_on)
    return meeting


def require_held_on(meeting: Meeting | None, on: date) -> Meeting:
    """Return the meeting if it was held on the day `on`. Raise Refused otherwise, with the state of the meeting."""
    meeting = require_not_cancelled(meeting)
    if meeting.held_on is None:
        raise Refused(MeetingRefusal.MEETING_NOT_HELD, planned_for=meeting.day)
    if meeting.held_on != on:
        raise Refused(MeetingRefusal.MEETING_HELD_ON_ANOTHER_DAY, held_on=meeting.held_on, on=on)
    return meeting


def require_open_for_petitions(meeting: Meeting | None, on: date) -> Meeting:
    """Return the meeting if a petition received on the day `on` may belong to it. Raise Refused otherwise.

    Such a petition was received at the meeting on its day, or was collected earlier for a meeting that has a plan.
    """
    meeting = require_not_cancelled(meeting)
    if meeting.plan is not None and on < meeting.day:
        return meeting
    return require_held_on(meeting, on)
