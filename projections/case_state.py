"""Folds the events of one petition into its state for the views: receipt, status over time, answers and alerts.

The state is not stored. When it is needed again, the history of the petition is folded again.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Literal
from uuid import UUID

from domain import status_transitions
from domain.corrections import OPENING_VERSION, corrected_value
from domain.duplicates.content import ComparableText
from domain.events import (
    AlertAcknowledged,
    AlertRaised,
    AnsweredAtMeeting,
    AnsweredInWriting,
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
    PetitionReopened,
    PetitionSplit,
    PetitionUnmarkedDuplicate,
    RecordCorrected,
    RegistrationCancelled,
    ResponsibilityCheckOrdered,
    ResponsibilitySucceeded,
    SecondComplaintLodged,
    SettlementTakenOver,
)
from domain.opening import opening_of
from domain.rules.representation import MASS_PERSON_COUNT
from domain.status import Status
from domain.unsaid import count_persons
from domain.value import Value, known, replace, said
from domain.vocabulary import NO_UNIT, PetitionKind, Stage, UnitId
from projections import standing_intervals
from projections.case_alerts import RaisedAlert, acknowledge_alerts, add_raised_alert
from projections.case_records import AssignmentNotice, CaseAnswer, CountedEvent, Takeover
from projections.duty_intervals import DutyIntervals, begin_duty_intervals, follow_duty_intervals
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
    answers: tuple[CaseAnswer, ...] = ()
    counted_events: tuple[CountedEvent, ...] = ()
    heard_at: UUID | None = None
    prepared_for: tuple[UUID, ...] = ()
    answered_at: tuple[UUID, ...] = ()
    duplicates: int = 0  # number of letters that are linked to it
    takeovers: tuple[Takeover, ...] = ()
    notice: AssignmentNotice | None = None
    topic: str = ""
    is_mass: bool = False
    named_persons: int = 0
    is_level_skipping: bool = False
    is_repeated: bool = False
    alerts: tuple[RaisedAlert, ...] = ()
    duties: DutyIntervals = ()

    @property
    def summary(self) -> str:
        """Return the first SUMMARY_CHARACTERS characters of the text."""
        return self.content.text[:SUMMARY_CHARACTERS]

    @property
    def days_taken(self) -> int | None:
        """Return the calendar days from receipt to the latest answer; None if there is no answer.

        The number is negative if the history has an answer before the receipt.
        """
        return (self.answers[-1].on - self.status.received_on).days if self.answers else None


def open_case(fact: PetitionOpening, petition_id: UUID, reference: str | None) -> CaseState:
    """Return the first state of a petition, after its opening."""
    opening = opening_of(fact)
    status = status_transitions.initial_status(fact)
    return CaseState(
        petition_id=petition_id,
        reference=reference,
        channel=opening.channel,
        place=opening.place,
        content=ComparableText.of(opening.summary),
        identity_protected=opening.identity_protected,
        status=status,
        intervals=standing_intervals.begin_intervals(status),
        first_unit=opening.unit,
        is_letter=opening.is_letter,
        heard_at=opening.meeting_id,
        is_mass=opening.counted_persons >= MASS_PERSON_COUNT,
        named_persons=len(opening.persons),
        duties=begin_duty_intervals(status),
    )


def evolve_case(case: CaseState, fact: PetitionEvent, version: int) -> CaseState:
    """Return the state of a petition after one more event, the event `version` of its history."""
    before = case.status
    now = status_transitions.transition(before, fact, version)
    evolver = CASE_EVOLVERS.get(type(fact))
    changes = {} if evolver is None else evolver(case, fact)
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
        if now.settled_on is not None:
            changes["answers"] = _next_answers(case, now, fact)
    if counted := _newly_counted_events(before, now, fact, changes.get("is_case", case.is_case)):
        changes["counted_events"] = (*case.counted_events, *counted)
    return replace(case, **changes) if changes else case


def _next_answers(case: CaseState, now: Status, fact: PetitionEvent) -> tuple[CaseAnswer, ...]:
    """Return the answers of a settled petition. A corrected settlement also corrects the answer of its round."""
    assert now.settled_on is not None
    is_of_this_round = bool(case.answers) and case.answers[-1].round == now.round
    earlier = case.answers[:-1] if is_of_this_round else case.answers
    figure = _ANSWER_FIGURES.get(type(fact)) if case.status.settled_on is None else None
    if figure is not None:
        return (*earlier, CaseAnswer(figure, now.round, now.unit, now.settled_on, now.due_when_settled))
    if is_of_this_round:
        return (*earlier, case.answers[-1]._replace(on=now.settled_on, was_due_on=now.due_when_settled))
    return case.answers


def _newly_counted_events(before: Status, now: Status, fact: PetitionEvent, is_case: bool) -> list[CountedEvent]:
    """Return the figures that count the event: reassigned, went up, reopened or settled without an answer."""
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
    elif isinstance(fact, PetitionReopened):
        found.append(CountedEvent(before.unit, on, "reopened"))
    elif before.settled_on is None and now.settled_on is not None and is_case and type(fact) not in _ANSWER_FIGURES:
        found.append(CountedEvent(before.unit, on, "settled_otherwise"))
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
    was_due_on = None if interval.stage is Stage.SUSPENDED else interval.due_on
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


def _apply_correction(case: CaseState, fact: RecordCorrected) -> dict[str, Any]:
    """Return the changes by the right values of the receipt. A text that is taken back is empty from now on."""
    changes: dict[str, Any] = {}
    if (summary := corrected_value(fact.corrections, OPENING_VERSION, "summary", str)) is not None:
        changes["content"] = ComparableText.of(said(summary, ""))
    if (place := corrected_value(fact.corrections, OPENING_VERSION, "place", str)) is not None:
        changes["place"] = said(place, "")
    if (persons := corrected_value(fact.corrections, OPENING_VERSION, "person_count", int)) is not None:
        changes["is_mass"] = count_persons(known(persons), case.named_persons) >= MASS_PERSON_COUNT
    return changes


# Looked up by class: a chain of isinstance calls takes longer than everything else that is done with an event.
_ANSWER_FIGURES: dict[type, Literal["answered_at_meeting", "answered_in_writing"]] = {
    AnsweredAtMeeting: "answered_at_meeting",
    AnsweredInWriting: "answered_in_writing",
}
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
    RecordCorrected: _apply_correction,
    AlertRaised: lambda case, fact: {"alerts": add_raised_alert(case.alerts, fact)},
    AlertAcknowledged: lambda case, fact: {"alerts": acknowledge_alerts(case.alerts, fact)},
}
