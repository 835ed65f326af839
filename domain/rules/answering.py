"""Decides answers, the notification of the citizen, and the follow-up of promises."""

from datetime import date

from domain.commands import (
    AnswerAtMeeting,
    AnswerInWriting,
    NotifyCitizen,
    PrepareForMeeting,
    RecordPromise,
    ReportPromise,
)
from domain.deadlines.clock import Clock, ClockKey
from domain.deadlines.deadline import Deadline, start_clock_with_date
from domain.decision_context import DecisionContext
from domain.duties import preparation_key, promise_key
from domain.endings.table import ENDING_RULES
from domain.endings.words import PetitionEnding
from domain.errors import Refused
from domain.events import (
    AnsweredAtMeeting,
    AnsweredInWriting,
    CitizenNotified,
    PetitionEvent,
    PetitionPreparedForMeeting,
    PromiseMade,
    PromiseReported,
    Remedy,
    official,
)
from domain.meetings.meeting import require_held_on, require_not_cancelled
from domain.petition import Petition
from domain.refusals.answers import AnswerRefusal
from domain.rules.endings import ends_by
from domain.rules.petition_rule import at_stages, open_when
from domain.value import UNSET, as_said, replace
from domain.vocabulary import ANSWERED_STAGES, NO_UNIT, PromiseState, Stage, UnitId


def _require_no_decision(petition: Petition, _: DecisionContext) -> None:
    """Raise Refused for a complaint and a denunciation, accepted or not: a decision under their own law settles them.

    What was explained to their sender at a meeting ends nothing.
    """
    if petition.kind is not None and petition.kind not in ENDING_RULES[PetitionEnding.ANSWER_AT_MEETING].by_kind:
        raise Refused(AnswerRefusal.SETTLED_BY_DECISION, kind=petition.kind)


@open_when(
    _require_no_decision,
    at_stages(ENDING_RULES[PetitionEnding.ANSWER_AT_MEETING].stages, AnswerRefusal.CANNOT_ANSWER_AT_MEETING),
)
def prepare_for_meeting(command: PrepareForMeeting, _: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Put a petition on the list of a meeting, on or before the meeting day. It may be entered later.

    It need not be classified yet; to be answered there, it must be. A petition raised at the meeting itself names the
    meeting at its receipt instead.
    """
    meeting = require_not_cancelled(context.meeting)
    if command.occurred_on > meeting.day:
        raise Refused(AnswerRefusal.PREPARED_AFTER_MEETING, day=meeting.day)
    if command.prepare_by is not None:
        _require_lawful_preparation(command, command.prepare_by, meeting.day)
    if command.prepared_by_unit is not None:
        context.units.require(UnitId(command.prepared_by_unit), command.occurred_on)
    return [
        PetitionPreparedForMeeting(
            occurred_on=command.occurred_on,
            meeting_id=command.meeting_id,
            proposed_answer=as_said(command.proposed_answer),
            prepared_by_unit=as_said(UnitId(command.prepared_by_unit or NO_UNIT)),
            deadlines=as_said(_preparation_clock(command)),
        )
    ]


def _require_lawful_preparation(command: PrepareForMeeting, by: date, meeting_day: date) -> None:
    """Raise Refused for a day outside the time from the act to the meeting, and for an answer that is there already."""
    if command.proposed_answer:
        raise Refused(AnswerRefusal.PREPARED_ALREADY)
    if not command.occurred_on <= by <= meeting_day:
        raise Refused(AnswerRefusal.PREPARATION_OUTSIDE_TERM, first=command.occurred_on, last=meeting_day)


def _preparation_clock(command: PrepareForMeeting) -> tuple[Deadline, ...]:
    """Return the clock of the unit that prepares the answer; none where no day was set."""
    if command.prepare_by is None:
        return ()
    clock = start_clock_with_date(Clock.PREPARATION, command.occurred_on, command.prepare_by)
    return (replace(clock, subject=as_said(preparation_key(command.meeting_id).subject)),)


@ends_by(PetitionEnding.ANSWER_AT_MEETING, AnswerRefusal.CANNOT_ANSWER_AT_MEETING, first=_require_no_decision)
def answer_at_meeting(command: AnswerAtMeeting, petition: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Record an answer at a meeting. It needs a meeting held that day, a named official and a page of the minutes."""
    meeting = require_held_on(context.meeting, command.occurred_on)
    if command.ordered_by is not None and command.ordered_by != meeting.chair:
        raise Refused(AnswerRefusal.ORDERED_BY_ANOTHER_THAN_CHAIR, chair=meeting.chair or "")
    if command.ordered_by == command.answered_by:
        raise Refused(AnswerRefusal.CHAIR_ORDERS_THEMSELVES)
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


_RECEIVED = Stage.RECEIVED  # a word of an enumeration is slow to name


def _require_taken_up(petition: Petition, _: DecisionContext) -> None:
    if petition.stage is _RECEIVED:
        raise Refused(AnswerRefusal.NOBODY_TOOK_IT_UP)


def _require_answering_unit(petition: Petition, context: DecisionContext) -> None:
    """Raise Refused unless the officer is of the assigned or the assigning unit, or is the accountable head."""
    by = context.by
    may_answer = (petition.status.unit, petition.assigned_by_unit)
    if by.unit not in may_answer and by.officer != petition.accountable_head:
        raise Refused(AnswerRefusal.NOT_THE_ANSWERING_UNIT, unit=petition.status.unit)


@ends_by(
    PetitionEnding.ANSWER_IN_WRITING,
    AnswerRefusal.CANNOT_ANSWER_IN_WRITING,
    _require_answering_unit,
    first=_require_taken_up,
)
def answer_in_writing(command: AnswerInWriting, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record a written answer by the assigned unit, the assigning unit or the accountable head."""
    return [
        AnsweredInWriting(
            occurred_on=command.occurred_on,
            document_no=as_said(command.document_no),
            signed_by=official(command.signed_by, command.signer_position),
            unit=as_said(petition.status.unit),
            result=as_said(command.result),
            answer=as_said(command.answer),
            remedies=tuple(Remedy(text=text) for text in command.remedies) if command.remedies else UNSET,
        )
    ]


_RESULT_OF_ANOTHER_BODY = ClockKey(Clock.RESULT_TO_CITIZEN)
_require_answered = at_stages(ANSWERED_STAGES | {Stage.URGED_BELOW}, AnswerRefusal.CANNOT_NOTIFY)


def _require_something_to_tell(petition: Petition, context: DecisionContext) -> None:
    """Raise Refused unless there is an answer, or the result of another body that the citizen asked for."""
    if _RESULT_OF_ANOTHER_BODY not in petition.duties:
        _require_answered(petition, context)


@open_when(_require_something_to_tell)
def notify_citizen(command: NotifyCitizen, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record that the answer reached the citizen, or another body's result, on or after the day when it was there."""
    known_on = petition.answers[-1:]
    if (told_of := petition.duties.get(_RESULT_OF_ANOTHER_BODY)) is not None:
        known_on = (told_of.started_on,)
    if known_on and command.occurred_on < known_on[-1]:
        raise Refused(AnswerRefusal.TOLD_BEFORE_ANSWER, known_on=known_on[-1])
    return [
        CitizenNotified(
            occurred_on=command.occurred_on,
            how=command.how,
            evidence=as_said(command.evidence),
            document_no=as_said(command.document_no),
        )
    ]


@open_when(at_stages(ANSWERED_STAGES, AnswerRefusal.CANNOT_PROMISE))
def record_promise(command: RecordPromise, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record a promise made in the answer, under the next number in the petition."""
    number = max(petition.status.promises, default=0) + 1
    if command.promised_for_on is not None and command.promised_for_on < command.occurred_on:
        raise Refused(AnswerRefusal.PROMISED_FOR_PAST_DAY)
    return [
        PromiseMade(
            occurred_on=command.occurred_on,
            number=number,
            promised=command.promised,
            promised_for_on=as_said(command.promised_for_on),
            deadlines=as_said(_promise_clock(number, command.occurred_on, command.promised_for_on)),
        )
    ]


def _promise_clock(number: int, made_on: date, promised_for_on: date | None) -> tuple[Deadline, ...]:
    """Return the clock of a promise; none where no day was promised."""
    if promised_for_on is None:
        return ()
    clock = start_clock_with_date(Clock.PROMISE, made_on, promised_for_on)
    return (replace(clock, subject=as_said(promise_key(number).subject)),)


def _require_promise(petition: Petition, context: DecisionContext) -> None:
    """Raise Refused when no promise was made by today on which a report could follow."""
    if not any(promise.made_on <= context.today for promise in petition.status.promises.values()):
        raise Refused(AnswerRefusal.NO_PROMISE_MADE)


@open_when(_require_promise)
def report_promise(command: ReportPromise, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Report how far a promise is kept, on or after the day on which it was made. The petition may have ended since.

    The last report counts: where an earlier one said that the promise was kept, its clock runs again by the same date.
    """
    promise = petition.status.promises.get(command.number)
    if promise is None:
        raise Refused(AnswerRefusal.NO_SUCH_PROMISE, number=command.number)
    if command.occurred_on < promise.made_on:
        raise Refused(AnswerRefusal.KEPT_BEFORE_IT_WAS_MADE, number=command.number, made_on=promise.made_on)
    return [
        PromiseReported(
            occurred_on=command.occurred_on,
            number=command.number,
            state=command.state,
            result=as_said(command.result),
            deadlines=as_said(
                _promise_clock(command.number, promise.made_on, promise.promised_for_on)
                if promise.is_kept and command.state is not PromiseState.KEPT
                else ()
            ),
        )
    ]
