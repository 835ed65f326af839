"""The answer, how it reached the citizen, and whether what was promised is done."""

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
)
from domain.meetings.meeting import held_that_day, not_cancelled
from domain.petition import Petition
from domain.rules.guards import only_from
from domain.rules.intake import NEEDS_ACCEPTANCE
from domain.vocabulary import ANSWERED, NO_UNIT, WITH_ITS_UNIT, OfficerId, Stage, UnitId


def prepare(command: PrepareForMeeting, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    """Before the meeting, though it may be entered after it; what is raised on the spot names it at the receipt."""
    _can_be_answered_at_a_meeting(petition)
    meeting = not_cancelled(circumstances.meeting)
    if command.occurred_on > meeting.day:
        raise Refused(f"the meeting is of {meeting.day}; nothing was prepared for it afterwards")
    if command.prepared_by_unit is not None:
        circumstances.units.require(UnitId(command.prepared_by_unit), command.occurred_on)
    return [
        PetitionPreparedForMeeting(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            proposed_answer=command.proposed_answer,
            prepared_by_unit=UnitId(command.prepared_by_unit or NO_UNIT),
        )
    ]


def at_meeting(command: AnswerAtMeeting, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    """Needs a meeting that was held that day, a named official and a page of the minutes."""
    _can_be_answered_at_a_meeting(petition)
    meeting = held_that_day(circumstances.meeting, command.occurred_on)
    if command.ordered_by is not None and command.ordered_by != meeting.chair:
        raise Refused(f"only who chaired the meeting, “{meeting.chair}”, has somebody else answer at it")
    if command.ordered_by == command.answered_by:
        raise Refused("who chairs the meeting and answers orders nobody else to")
    return [
        AnsweredAtMeeting(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            answered_by=OfficerId(command.answered_by),
            answered_by_position=command.answered_by_position,
            answer=command.answer,
            minutes_page=command.minutes_page,
            unit=petition.standing.unit or meeting.organiser,
            citizen_present=command.citizen_present,
            citizen_agreed=command.citizen_agreed,
            ordered_by=None if command.ordered_by is None else OfficerId(command.ordered_by),
        )
    ]


def _can_be_answered_at_a_meeting(petition: Petition) -> None:
    if petition.kind in NEEDS_ACCEPTANCE and petition.stage in {Stage.ACCEPTED, Stage.ASSIGNED}:
        raise Refused(f"an accepted {petition.kind} is settled by a decision, not at a meeting")
    only_from(
        petition,
        {Stage.RECEIVED, Stage.CLASSIFIED, Stage.ACCEPTED, Stage.ASSIGNED},
        "be answered at a meeting",
    )


def in_writing(command: AnswerInWriting, petition: Petition, circumstances: DecisionContext) -> list[PetitionEvent]:
    """Only by the assigned unit, by the unit that assigned it, or by the accountable head."""
    if petition.stage is Stage.RECEIVED:
        raise Refused("a petition that nobody has classified and taken up cannot be answered in writing")
    only_from(petition, WITH_ITS_UNIT, "be answered in writing")
    by = circumstances.by
    may_answer = {petition.standing.unit, petition.assigned_by_unit}
    if by.unit not in may_answer and by.officer != petition.accountable_head:
        raise Refused(f"the answer must come from the assigned unit “{petition.standing.unit}” or its head")
    return [
        AnsweredInWriting(
            occurred_on=command.occurred_on,
            document_no=command.document_no,
            signed_by=OfficerId(command.signed_by),
            signer_position=command.signer_position,
            unit=petition.standing.unit,
            result=command.result,
            answer=command.answer,
            remedies=command.remedies,
        )
    ]


def notify(command: NotifyCitizen, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, ANSWERED, "be notified as answered")
    if petition.answers and command.occurred_on < petition.answers[-1]:
        raise Refused("the citizen cannot have been told before the answer was given")
    return [
        CitizenNotified(
            occurred_on=command.occurred_on,
            how=command.how,
            evidence=command.evidence,
            document_no=command.document_no,
        )
    ]


def track(command: TrackImplementation, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, ANSWERED, "have its implementation tracked")
    return [
        ImplementationTracked(
            occurred_on=command.occurred_on,
            promised=command.promised,
            promised_for_on=command.promised_for_on,
            is_done=command.is_done,
        )
    ]
