"""Decides how what was entered of a meeting is put right: corrected in any field, or withdrawn, by two officers.

No event is edited. A correction has the right values, and everything that is folded from the history follows it; both
versions stay in the history. A record that was entered by mistake or twice is withdrawn.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from domain.correcting.fields import (
    UnknownField,
    WrongValue,
    apply_correction,
    field_type,
    make_correction,
    pattern_of,
    read_field,
    says_the_former_value,
    value_of_json,
)
from domain.decision_context import DecisionContext
from domain.errors import Refused, require_not_in_future
from domain.events import Correction, Fact
from domain.meetings import events as e
from domain.meetings.commands import (
    ApproveMeetingCorrection,
    ApproveMeetingWithdrawal,
    FieldToCorrect,
    ProposeMeetingCorrection,
    ProposeMeetingWithdrawal,
)
from domain.meetings.limits import announcement_limits, follow_up_limits, is_commune_conference
from domain.meetings.meeting import Meeting, ProposedMeetingChange
from domain.meetings.planning import check_reception_type
from domain.refusals.meetings import MeetingRefusal
from domain.refusals.records import RecordRefusal
from domain.strict_types import CalendarDay
from domain.text import Prose, SingleLine
from domain.value import as_said, known, said

MOST_RESTING_NAMED = 10
"""Most register numbers that a refusal names."""

_CORRECTABLE = (
    e.MeetingPlanned,
    e.MeetingAnnounced,
    e.MeetingMoved,
    e.MeetingHeld,
    e.MeetingCancelled,
    e.MinutesEntered,
    e.ConclusionNoticeIssued,
    e.ConclusionNoticePublished,
    e.ConclusionTaskDone,
)
_KEPT = frozenset({"meeting_id", "limits", "deadlines", "occurred_at", "number"})
"""Fields that nobody types: ids, numbers of tasks, and limits, which are counted anew from the right values."""

_day, _line, _prose = TypeAdapter(CalendarDay), TypeAdapter(SingleLine), TypeAdapter(Prose)
_MOST_PERSONS = 1_000_000


def propose_meeting_correction(
    command: ProposeMeetingCorrection, _: Meeting, context: DecisionContext
) -> list[e.MeetingEvent]:
    """Propose the right values of fields that were entered. Raise Refused where the meeting could not be so."""
    facts = context.neighbours.facts
    corrections = tuple(one for asked in command.corrections for one in _corrections_of(asked, facts))
    _require_possible(_corrected(facts, corrections), context)
    return [e.MeetingCorrectionProposed(occurred_on=command.occurred_on, corrections=corrections, why=command.why)]


def approve_meeting_correction(
    command: ApproveMeetingCorrection, meeting: Meeting, context: DecisionContext
) -> list[e.MeetingEvent]:
    """Approve the correction that another officer proposed, and count the limits anew."""
    proposal = _proposal_by_another(command.proposal, meeting, context)
    if not isinstance(proposal.fact, e.MeetingCorrectionProposed):
        raise Refused(MeetingRefusal.NO_CHANGE_PROPOSED)
    facts, corrections = context.neighbours.facts, proposal.fact.corrections
    if not all(says_the_former_value(facts[one.version - 1], one) for one in corrections):
        raise Refused(MeetingRefusal.NO_CHANGE_PROPOSED)
    corrected = _corrected(facts, corrections)
    _require_possible(corrected, context)
    return [
        e.MeetingCorrected(
            occurred_on=command.occurred_on,
            corrections=(*corrections, *_corrected_limits(facts, corrected, context)),
            why=proposal.fact.why,
            proposed_by=proposal.proposed_by,
        )
    ]


def propose_meeting_withdrawal(
    command: ProposeMeetingWithdrawal, _: Meeting, context: DecisionContext
) -> list[e.MeetingEvent]:
    """Propose to withdraw the record. Raise Refused while petitions rest on the meeting."""
    _require_nothing_rests(context)
    return [
        e.MeetingWithdrawalProposed(occurred_on=command.occurred_on, why=command.why, same_as=as_said(command.same_as))
    ]


def approve_meeting_withdrawal(
    command: ApproveMeetingWithdrawal, meeting: Meeting, context: DecisionContext
) -> list[e.MeetingEvent]:
    """Approve the withdrawal that another officer proposed. Raise Refused while petitions rest on the meeting."""
    proposal = _proposal_by_another(command.proposal, meeting, context)
    if not isinstance(proposal.fact, e.MeetingWithdrawalProposed):
        raise Refused(MeetingRefusal.NO_CHANGE_PROPOSED)
    _require_nothing_rests(context)
    return [
        e.MeetingWithdrawn(
            occurred_on=command.occurred_on,
            why=proposal.fact.why,
            same_as=proposal.fact.same_as,
            proposed_by=proposal.proposed_by,
        )
    ]


def _proposal_by_another(version: int, meeting: Meeting, context: DecisionContext) -> ProposedMeetingChange:
    """Return the proposal that is the event `version`. Raise Refused for another one, and for the officer's own."""
    proposal = meeting.proposed
    if proposal is None or proposal.version != version:
        raise Refused(MeetingRefusal.NO_CHANGE_PROPOSED)
    if proposal.parties & context.by.parties:
        raise Refused(MeetingRefusal.OWN_MEETING_CHANGE)
    return proposal


def _require_nothing_rests(context: DecisionContext) -> None:
    if resting := context.neighbours.resting:
        raise Refused(
            MeetingRefusal.PETITIONS_REST_ON_MEETING, count=len(resting), references=tuple(resting[:MOST_RESTING_NAMED])
        )


def _corrections_of(asked: FieldToCorrect, facts: Sequence[e.MeetingEvent]) -> Iterator[Correction]:
    """Yield the correction of each event that is meant. Raise Refused for a field that none has."""
    versions = [
        version
        for version, fact in enumerate(facts, start=1)
        if asked.version in (None, version) and _has_field(fact, asked.path)
    ]
    if not versions:
        raise Refused(MeetingRefusal.NO_SUCH_FIELD_OF_MEETING, path=asked.path)
    was = read_field(facts[versions[-1] - 1], asked.path)
    for version in versions:
        fact = facts[version - 1]
        if read_field(fact, asked.path) != was:
            continue
        try:
            becomes = value_of_json(type(fact), asked.path, _cleaned(type(fact), asked.path, asked.becomes))
            if becomes == was:
                raise Refused(RecordRefusal.NOTHING_TO_CORRECT)
            yield make_correction(fact, version, asked.path, becomes)
        except (WrongValue, ValidationError):
            raise Refused(MeetingRefusal.NO_VALUE_OF_FIELD, path=asked.path) from None


def _has_field(fact: Fact, path: str) -> bool:
    """Return True for a field that an officer typed into this event."""
    if not isinstance(fact, _CORRECTABLE) or not _KEPT.isdisjoint(pattern_of(path).split(".")):
        return False
    try:
        read_field(fact, path)
    except UnknownField:
        return False
    return True


def _cleaned(kind: type[Fact], path: str, value: Any) -> Any:
    """Return a value of JSON with its texts as commands take them. Raise ValidationError."""
    if isinstance(value, str):
        if field_type(kind, path).type is date:
            return _day.validate_python(value).isoformat()
        return (_prose if field_type(kind, path).is_text else _line).validate_python(value)
    if isinstance(value, list):
        return [_cleaned_part(one) for one in value]
    if isinstance(value, dict):
        return _cleaned_part(value)
    if isinstance(value, bool | float) or (isinstance(value, int) and not 0 <= value <= _MOST_PERSONS):
        raise WrongValue(f"{path} takes another kind of value")
    return value


def _cleaned_part(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cleaned_part(one) for key, one in value.items()}
    return _line.validate_python(value) if isinstance(value, str) else value


def _corrected(facts: Sequence[e.MeetingEvent], corrections: Sequence[Correction]) -> tuple[e.MeetingEvent, ...]:
    found = list(facts)
    for one in corrections:
        found[one.version - 1] = apply_correction(found[one.version - 1], one)
    return tuple(found)


def _require_possible(facts: Sequence[e.MeetingEvent], context: DecisionContext) -> None:
    """Raise Refused where the days of the events contradict each other, or a unit was not there on its day."""
    held_on = notice_on = None
    for fact in facts:
        require_not_in_future(fact.occurred_on, context.today)
        match fact:
            case e.MeetingPlanned():
                check_reception_type(fact.details.kind, known(fact.details.reception))
                context.units.require(fact.details.organiser, fact.planned_for)
                if fact.planned_for < fact.occurred_on:
                    raise Refused(MeetingRefusal.PLANNED_FOR_PAST_DAY)
            case e.MeetingAnnounced() if fact.occurred_on > fact.planned_for:
                raise Refused(MeetingRefusal.ANNOUNCED_AFTER_MEETING, day=fact.planned_for)
            case e.MeetingHeld():
                held_on = fact.occurred_on
                check_reception_type(fact.details.kind, known(fact.details.reception))
                context.units.require(fact.details.organiser, held_on)
            case e.MinutesEntered() if held_on is not None and fact.occurred_on < held_on:
                raise Refused(MeetingRefusal.MINUTES_BEFORE_MEETING, held_on=held_on)
            case e.ConclusionNoticeIssued():
                notice_on = fact.occurred_on
                if held_on is not None and notice_on < held_on:
                    raise Refused(MeetingRefusal.CONCLUDED_BEFORE_MEETING, held_on=held_on)
                for task in said(fact.tasks, ()):
                    context.units.require(task.unit, notice_on)
                    if said(task.due_on, notice_on) < notice_on:
                        raise Refused(MeetingRefusal.TASK_DUE_BEFORE_NOTICE)
            case e.ConclusionNoticePublished() if notice_on is not None and fact.occurred_on < notice_on:
                raise Refused(MeetingRefusal.PUBLISHED_BEFORE_NOTICE, on=notice_on)
            case e.ConclusionTaskDone() if notice_on is not None and fact.occurred_on < notice_on:
                raise Refused(MeetingRefusal.CARRIED_OUT_BEFORE_NOTICE, on=notice_on)


def _corrected_limits(
    facts: Sequence[e.MeetingEvent], corrected: Sequence[e.MeetingEvent], context: DecisionContext
) -> Iterator[Correction]:
    """Yield the limits that the right values give otherwise than the wrong ones, both by the present law."""
    was, becomes = _limits_of(facts, context), _limits_of(corrected, context)
    for version, fact in enumerate(facts, start=1):
        if was.get(version) != becomes.get(version):
            yield make_correction(fact, version, "limits", as_said(becomes[version]))


def _limits_of(facts: Sequence[e.MeetingEvent], context: DecisionContext) -> dict[int, tuple[Any, ...]]:
    """Return the limits of each event that has any, as the rules for planning, moving and holding count them."""
    law, found = context.law, dict[int, tuple[Any, ...]]()
    plan: e.MeetingPlanned | None = None
    for version, fact in enumerate(facts, start=1):
        match fact:
            case e.MeetingPlanned():
                plan = fact
                found[version] = announcement_limits(law, fact.details, fact.planned_for)
            case e.MeetingMoved() if plan is not None:
                found[version] = announcement_limits(law, plan.details, fact.planned_for)
            case e.MeetingHeld():
                details, on = fact.details, fact.occurred_on
                unplanned = plan is None and is_commune_conference(details)
                before = announcement_limits(law, details, on) if unplanned else ()
                found[version] = (*before, *follow_up_limits(law, details, on))
    return found
