"""The answer, how it reached the citizen, and what became of it."""

from datetime import date

from domain.events.fact import Fact
from domain.vocabulary import MeetingId, OfficerId, Result, UnitId


class PetitionPreparedForMeeting(Fact):
    """Chuẩn bị trước: it stands on the list of a meeting to come, with the answer that is proposed, if there is one."""

    meeting_id: MeetingId
    proposed_answer: str = ""
    prepared_by_unit: UnitId = UnitId("")


class AnsweredAtMeeting(Fact):
    """Trả lời tại hội nghị: by a named official, on a page of the minutes, or it is no evidence.

    `unit` is who answers for it: the assigned unit, or the organiser of the meeting where none was assigned.
    `ordered_by` is the head who chaired, where the head ordered somebody else to answer.
    """

    meeting_id: MeetingId
    answered_by: OfficerId
    answered_by_position: str
    answer: str
    minutes_page: str
    unit: UnitId = UnitId("")
    citizen_present: bool = True
    citizen_agreed: bool = False
    ordered_by: OfficerId | None = None


class AnsweredInWriting(Fact):
    """Trả lời bằng văn bản, or the decision or conclusion that settles the matter."""

    document_no: str = ""
    signed_by: OfficerId | None = None
    signer_position: str = ""
    unit: UnitId = UnitId("")
    result: Result = Result.UNKNOWN
    answer: str = ""
    remedies: tuple[str, ...] = ()


class CitizenNotified(Fact):
    """The answer reached the citizen: how, and what proves it."""

    how: str
    evidence: str
    document_no: str = ""


class ImplementationTracked(Fact):
    """What was promised, and whether it was done (thực hiện kết luận)."""

    promised: str
    promised_for_on: date | None = None
    is_done: bool = False
