"""Folds the events of one petition into its state for the views: receipt, status over time, endings and alerts.

The state is not stored. When it is needed again, the history of the petition is folded again.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain import status_transitions
from domain.alerts.keys import step_key_of
from domain.duplicates.content import ComparableText
from domain.envelope import EventEnvelope
from domain.events import (
    AlertAcknowledged,
    AlertRaised,
    AnsweredAtMeeting,
    CoordinatorSucceeded,
    DuplicateLinked,
    DuplicateUnlinked,
    FurtherDenunciationLodged,
    LawsuitFiled,
    PetitionAssigned,
    PetitionClassified,
    PetitionEvent,
    PetitionMarkedDuplicate,
    PetitionOpening,
    PetitionPreparedForMeeting,
    PetitionReceived,
    PetitionReopened,
    PetitionSplit,
    PetitionUnmarkedDuplicate,
    RegistrationCancelled,
    ResponsibilityCheckOrdered,
    ResponsibilitySucceeded,
    SecondComplaintLodged,
    SettlementTakenOver,
)
from domain.opening import opening_of
from domain.rules.representation import MASS_PERSON_COUNT
from domain.status import Status
from domain.value import UNSET, Value, known, replace, said
from domain.vocabulary import NO_UNIT, PetitionKind, UnitId
from projections import standing_intervals
from projections.case_alerts import RaisedAlert, acknowledge_alerts, add_raised_alert
from projections.case_endings import next_endings
from projections.case_records import AssignmentNotice, CaseEnding, CountedEvent, LateEntry, Takeover
from projections.duty_intervals import DutyIntervals, begin_duty_intervals, follow_duty_intervals
from projections.late_entry_acts import late_entry_of
from projections.standing_intervals import StatusIntervals

SUMMARY_CHARACTERS = 200
"""Number of characters of the summary that a list shows."""


class CaseState(Value):
    """Holds what the views need to know of one petition.

    Most figures count cases. `is_case` is false for a letter that was split, a duplicate and a cancelled number.
    `is_letter` is false for a matter of a letter, for a stage above another petition, and for a cancelled
    number. `heard_at` is the meeting at which the petition, or the letter that it is a matter of, was raised, or for
    which it was collected; `answered_at` are the meetings at which it was answered.
    """

    petition_id: UUID
    reference: str | None
    channel: str | None  # None for a stage above whose letter nobody described
    place: str
    content: ComparableText
    identity_protected: bool
    status: Status
    intervals: StatusIntervals
    first_unit: UnitId
    is_case: bool = True
    is_letter: bool = True
    rests_on: date  # the latest day of an act that moved stage or unit, except a classification: endings need these
    opened_at: datetime | None = None  # the instant at which the opening was recorded
    is_imported: bool = False
    endings: tuple[CaseEnding, ...] = ()
    counted_events: tuple[CountedEvent, ...] = ()
    late_entries: tuple[LateEntry, ...] = ()  # of acts that were entered here, not imported
    heard_at: UUID | None = None
    prepared_for: tuple[UUID, ...] = ()
    answered_at: tuple[UUID, ...] = ()
    duplicates: int = 0  # number of letters that are linked to it
    takeovers: tuple[Takeover, ...] = ()
    notice: AssignmentNotice | None = None
    topic: str = ""
    is_mass: bool = False
    is_level_skipping: bool = False
    is_repeated: bool = False
    alerts: tuple[RaisedAlert, ...] = ()
    duties: DutyIntervals = ()

    @property
    def summary(self) -> str:
        """Return the first SUMMARY_CHARACTERS characters of the text."""
        return self.content.text[:SUMMARY_CHARACTERS]

    @property
    def latest_answer(self) -> CaseEnding | None:
        """Return the latest answer, also of an earlier round; None if there is none."""
        return next((ending for ending in reversed(self.endings) if ending.is_answer), None)


def open_case(envelope: EventEnvelope[PetitionOpening]) -> CaseState:
    """Return the first state of a petition, after its opening."""
    fact = envelope.fact
    opening = opening_of(fact)
    status = status_transitions.initial_status(fact)
    is_imported = isinstance(fact, PetitionReceived) and fact.source is not UNSET
    entry = None if is_imported else late_entry_of(None, status, envelope)
    return CaseState(
        petition_id=envelope.originator_id,
        reference=envelope.reference,
        channel=opening.channel,
        place=opening.place,
        content=ComparableText.of(opening.summary),
        identity_protected=opening.identity_protected,
        status=status,
        intervals=standing_intervals.begin_intervals(status),
        first_unit=opening.unit,
        rests_on=status.received_on,
        opened_at=envelope.recorded_at,
        is_imported=is_imported,
        late_entries=() if entry is None else (entry,),
        is_letter=opening.is_letter,
        heard_at=opening.meeting_id,
        is_mass=opening.counted_persons >= MASS_PERSON_COUNT,
        duties=begin_duty_intervals(status),
    )


def evolve_case(case: CaseState, envelope: EventEnvelope[PetitionEvent]) -> CaseState:
    """Return the state of a petition after one more event."""
    fact, before = envelope.fact, case.status
    now = status_transitions.transition(before, fact, envelope.originator_version)
    evolver = CASE_EVOLVERS.get(type(fact))
    changes = {} if evolver is None else evolver(case, fact)
    is_imported = case.is_imported and envelope.recorded_at == case.opened_at
    if not is_imported and (entry := late_entry_of(before, now, envelope)) is not None:
        changes["late_entries"] = (*case.late_entries, entry)
    if now is not before:
        changes["status"] = now
        if now.duties is not before.duties:
            changes["duties"] = follow_duty_intervals(case.duties, before, now, fact.occurred_on)
        if type(fact) is ResponsibilitySucceeded:
            changes |= _apply_takeover(case, now, fact)
        elif type(fact) is CoordinatorSucceeded:
            on = max(fact.occurred_on, now.received_on)
            changes["intervals"] = standing_intervals.hand_over_coordination(
                case.intervals, fact.from_unit, fact.to_unit, on
            )
        else:
            changes["intervals"] = standing_intervals.extend_intervals(case.intervals, now, fact.occurred_on)
            if case.first_unit == NO_UNIT:
                changes["first_unit"] = now.unit
            if (now.stage, now.unit) != (before.stage, before.unit) and type(fact) is not PetitionClassified:
                changes["rests_on"] = max(case.rests_on, fact.occurred_on)
        if now.settled_on != before.settled_on:
            changes["endings"] = next_endings(case.endings, before, now, envelope, case.rests_on, is_imported)
    if counted := _newly_counted_events(before, now, fact):
        changes["counted_events"] = (*case.counted_events, *counted)
    return replace(case, **changes) if changes else case


def _newly_counted_events(before: Status, now: Status, fact: PetitionEvent) -> list[CountedEvent]:
    """Return the figures that count the event: reassigned, went up or reopened."""
    found: list[CountedEvent] = []
    on = max(fact.occurred_on, now.received_on)
    if before.unit not in (NO_UNIT, now.unit) and type(fact) is not ResponsibilitySucceeded:
        found += [CountedEvent(before.unit, on, "reassigned_out"), CountedEvent(now.unit, on, "reassigned_in")]
    if isinstance(
        fact,
        SecondComplaintLodged
        | FurtherDenunciationLodged
        | LawsuitFiled
        | SettlementTakenOver
        | ResponsibilityCheckOrdered,
    ):
        found.append(CountedEvent(before.unit, on, "went_up"))
        if _was_late(now, fact.occurred_on):
            found.append(CountedEvent(before.unit, on, "went_up_late"))
    elif type(fact) is PetitionReopened:
        found.append(CountedEvent(before.unit, on, "reopened"))
    return found


def _was_late(status: Status, on: date) -> bool:
    """Return True if the petition was settled after its due date, or is open on the day `on` and past it."""
    if status.settled_on is None:
        return status.is_past_limit(on)
    return status.due_when_settled is not None and status.settled_on > status.due_when_settled


# -- what an event changes in addition to the status


def _apply_takeover(case: CaseState, now: Status, fact: ResponsibilitySucceeded) -> dict[str, Any]:
    """Return the changes by a succession of units.

    If no unit was named at receipt, the former unit (`from_unit`) counts as the one that received the petition.
    """
    on = max(fact.occurred_on, now.received_on)
    interval = next(interval for interval in reversed(case.intervals) if interval.since_on <= on)
    changes: dict[str, Any] = {"intervals": standing_intervals.hand_over_intervals(case.intervals, now, on)}
    if case.first_unit == NO_UNIT:
        changes["first_unit"] = fact.from_unit
    was_due_on = None if interval.is_held else interval.due_on
    takeover = Takeover(known(fact.reorganisation_id), fact.from_unit, fact.to_unit, on, was_due_on)
    changes["takeovers"] = (*case.takeovers, takeover)
    return changes


def _apply_classification(_: CaseState, fact: PetitionClassified) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "topic": said(fact.topic, ""),
        "is_level_skipping": said(fact.is_level_skipping, False),
    }
    if fact.kind is PetitionKind.DENUNCIATION:
        changes["identity_protected"] = True
    return changes


def _apply_assignment(_: CaseState, fact: PetitionAssigned) -> dict[str, Any]:
    notice = AssignmentNotice(said(fact.notice_no, ""), said(fact.notice_on, fact.occurred_on), known(fact.meeting_id))
    return {"notice": notice}


# Looked up by class: a chain of isinstance calls takes longer than everything else that is done with an event.
CASE_EVOLVERS: dict[type, Callable[[CaseState, Any], dict[str, Any]]] = {
    PetitionClassified: _apply_classification,
    PetitionSplit: lambda _case, _fact: {"is_case": False},
    PetitionMarkedDuplicate: lambda _case, _fact: {"is_case": False, "is_repeated": True},
    PetitionUnmarkedDuplicate: lambda _case, _fact: {"is_case": True, "is_repeated": False},
    DuplicateLinked: lambda case, _fact: {"duplicates": case.duplicates + 1},
    DuplicateUnlinked: lambda case, _fact: {"duplicates": case.duplicates - 1},
    RegistrationCancelled: lambda _case, _fact: {"is_case": False, "is_letter": False},
    PetitionAssigned: _apply_assignment,
    PetitionPreparedForMeeting: lambda case, fact: {"prepared_for": (*case.prepared_for, fact.meeting_id)},
    AnsweredAtMeeting: lambda case, fact: {"answered_at": (*case.answered_at, fact.meeting_id)},
    AlertRaised: lambda case, fact: {"alerts": add_raised_alert(case.alerts, fact)},
    AlertAcknowledged: lambda case, fact: {
        "alerts": acknowledge_alerts(case.alerts, step_key_of(fact), fact.occurred_on)
    },
}
