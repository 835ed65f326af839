"""Decides answers, the notification of the citizen, and the follow-up of promises."""

from domain.commands import AnswerAtMeeting, AnswerInWriting, NotifyCitizen, PrepareForMeeting, TrackImplementation
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import (
    AnsweredAtMeeting,
    AnsweredInWriting,
    CitizenNotified,
    ImplementationTracked,
    PetitionEvent,
    PetitionPreparedForMeeting,
    Remedy,
    official,
)
from domain.meetings.meeting import require_held_on, require_not_cancelled
from domain.petition import Petition
from domain.rules.guards import require_stage
from domain.rules.intake import KINDS_NEEDING_ACCEPTANCE
from domain.value import UNSET, as_said
from domain.vocabulary import ANSWERED_STAGES, NO_UNIT, STAGES_WITH_UNIT, Result, Stage, UnitId


def prepare_for_meeting(
    command: PrepareForMeeting, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Put a petition on the list of a meeting, on or before the meeting day. It may be entered later.

    A petition raised at the meeting itself names the meeting at its receipt instead.
    """
    _require_answerable_at_meeting(petition)
    meeting = require_not_cancelled(context.meeting)
    if command.occurred_on > meeting.day:
        raise Refused(f"the meeting is of {meeting.day}; nothing was prepared for it afterwards")
    if command.prepared_by_unit is not None:
        context.units.require(UnitId(command.prepared_by_unit), command.occurred_on)
    return [
        PetitionPreparedForMeeting(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            proposed_answer=as_said(command.proposed_answer),
            prepared_by_unit=as_said(UnitId(command.prepared_by_unit or NO_UNIT)),
        )
    ]


def answer_at_meeting(command: AnswerAtMeeting, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Record an answer at a meeting. It needs a meeting held that day, a named official and a page of the minutes."""
    _require_answerable_at_meeting(petition)
    meeting = require_held_on(context.meeting, command.occurred_on)
    if command.ordered_by is not None and command.ordered_by != meeting.chair:
        raise Refused(f"only who chaired the meeting, “{meeting.chair}”, has somebody else answer at it")
    if command.ordered_by == command.answered_by:
        raise Refused("who chairs the meeting and answers orders nobody else to")
    return [
        AnsweredAtMeeting(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            answered_by=official(command.answered_by, command.answered_by_position),
            answer=command.answer,
            minutes_page=command.minutes_page,
            unit=as_said(petition.status.unit or meeting.organiser),
            citizen_present=as_said(command.citizen_present),
            citizen_agreed=as_said(command.citizen_agreed),
            ordered_by=official(command.ordered_by),
        )
    ]


def _require_answerable_at_meeting(petition: Petition) -> None:
    """Raise Refused when the kind or the stage of the petition forbids an answer at a meeting."""
    if petition.kind in KINDS_NEEDING_ACCEPTANCE and petition.stage in {Stage.ACCEPTED, Stage.ASSIGNED}:
        raise Refused(f"an accepted {petition.kind} is settled by a decision, not at a meeting")
    require_stage(
        petition,
        {Stage.RECEIVED, Stage.CLASSIFIED, Stage.ACCEPTED, Stage.ASSIGNED},
        "be answered at a meeting",
    )


def answer_in_writing(command: AnswerInWriting, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Record a written answer by the assigned unit, the assigning unit or the accountable head."""
    if petition.stage is Stage.RECEIVED:
        raise Refused("a petition that nobody has classified and taken up cannot be answered in writing")
    require_stage(petition, STAGES_WITH_UNIT, "be answered in writing")
    by = context.by
    may_answer = {petition.status.unit, petition.assigned_by_unit}
    if by.unit not in may_answer and by.officer != petition.accountable_head:
        raise Refused(f"the answer must come from the assigned unit “{petition.status.unit}” or its head")
    return [
        AnsweredInWriting(
            occurred_on=command.occurred_on,
            document_no=as_said(command.document_no),
            signed_by=official(command.signed_by, command.signer_position),
            unit=as_said(petition.status.unit),
            result=UNSET if command.result is Result.UNKNOWN else command.result,
            answer=as_said(command.answer),
            remedies=as_said(tuple(Remedy(text=text) for text in command.remedies)),
        )
    ]


def notify_citizen(command: NotifyCitizen, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record that the answer reached the citizen, on or after the day of the last answer."""
    require_stage(petition, ANSWERED_STAGES, "be notified as answered")
    if petition.answers and command.occurred_on < petition.answers[-1]:
        raise Refused("the citizen cannot have been told before the answer was given")
    return [
        CitizenNotified(
            occurred_on=command.occurred_on,
            how=command.how,
            evidence=command.evidence,
            document_no=as_said(command.document_no),
        )
    ]


def track_implementation(command: TrackImplementation, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record the state of a promise made in the answer."""
    require_stage(petition, ANSWERED_STAGES, "have its implementation tracked")
    return [
        ImplementationTracked(
            occurred_on=command.occurred_on,
            promised=command.promised,
            promised_for_on=as_said(command.promised_for_on),
            is_done=command.is_done,
        )
    ]
