"""Defines the events of answers: preparation, answer, notification, promises and what became of them."""

from datetime import date

from domain.events.fact import Fact
from domain.events.official import Official
from domain.sealed_text import Text
from domain.stored_values import CountFromOne, NonEmptyStr, RemedyCode, UnitCode
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import MeetingId, PromiseState, Result


class Remedy(FactPart):
    """Describes one measure that the answer promises or orders (biện pháp), with the code of its kind."""

    text: Text
    kind: RemedyCode | UnsetType = UNSET


class PetitionPreparedForMeeting(Fact):
    """Records that the petition is on a planned meeting's list (chuẩn bị trước), perhaps with a proposed answer."""

    meeting_id: MeetingId
    proposed_answer: Text | UnsetType = UNSET
    prepared_by_unit: UnitCode | UnsetType = UNSET


class AnsweredAtMeeting(Fact):
    """Records an answer at a meeting (trả lời tại hội nghị), by a named official and on a page of the minutes.

    The rule requires both: without them it is no evidence. `unit` is the unit that is responsible for the answer: the
    assigned unit, or the organiser of the meeting where none was assigned. `ordered_by` is the chairing head, where the
    head ordered somebody else to answer.
    """

    meeting_id: MeetingId
    answered_by: Official | UnsetType = UNSET
    answer: Text
    minutes_page: NonEmptyStr
    unit: UnitCode | UnsetType = UNSET
    citizen_present: bool | UnsetType = UNSET
    citizen_agreed: bool | UnsetType = UNSET
    ordered_by: Official | UnsetType = UNSET


class AnsweredInWriting(Fact):
    """Records a written answer (trả lời bằng văn bản), or the decision or conclusion that settles the matter."""

    document_no: NonEmptyStr | UnsetType = UNSET
    signed_by: Official | UnsetType = UNSET
    unit: UnitCode | UnsetType = UNSET
    result: Result | UnsetType = UNSET
    answer: Text | UnsetType = UNSET
    remedies: tuple[Remedy, ...] | UnsetType = UNSET


class CitizenNotified(Fact):
    """Records that the answer reached the citizen, how, and what proves it. A proof may be missing."""

    how: Text
    evidence: Text | UnsetType = UNSET
    document_no: NonEmptyStr | UnsetType = UNSET


class PromiseMade(Fact):
    """Records a promise of the answer (lời hứa). `number` counts the promises in the petition, from 1.

    `promised_for_on` is the day by which it is to be kept.
    """

    number: CountFromOne
    promised: Text
    promised_for_on: date | UnsetType = UNSET


class PromiseReported(Fact):
    """Records how far a promise is kept (thực hiện lời hứa), and with what result. The last report counts."""

    number: CountFromOne
    state: PromiseState
    result: Text | UnsetType = UNSET


AnswerEvent = (
    PetitionPreparedForMeeting | AnsweredAtMeeting | AnsweredInWriting | CitizenNotified | PromiseMade | PromiseReported
)
