"""Names the clocks of a petition, and who or what owes something by one."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from domain.deadlines.stages import LegalStage
from domain.stored_values import NonEmptyStr
from domain.value import FactPart


class Clock(StrEnum):
    """Names what must be done in time. Several clocks can run at once; each has its own due date."""

    TRIAGE = "triage"  # tell the petitioner: taken up, passed on, refused (Law 42/2013 Art 28.1)
    ACCEPTANCE = "acceptance"  # thụ lý
    FURTHER_REVIEW = "further_review"  # xem xét tố cáo tiếp (Law 25/2018 Art 37.2)
    SETTLEMENT = "settlement"  # giải quyết
    HEAD = "head"  # the date the head set when assigning
    TRANSFER_REPLY = "transfer_reply"  # the receiving body tells the result

    # duties (nghĩa vụ sau một việc): see domain/duties.py
    PARTY_HEAD_NOTICE = "party_head_notice"  # thông báo của người đứng đầu cấp ủy
    TRANSFER = "transfer"  # chuyển tố cáo không thuộc thẩm quyền
    REFERRAL_REPLY = "referral_reply"  # to the press or the body that passed a denunciation on
    RESULT_TO_REFERRER = "result_to_referrer"  # what was settled, to who passed it on
    RESULT_TO_CITIZEN = "result_to_citizen"  # what another body settled
    FRONT_NOTICE = "front_notice"  # thông báo kết quả cho Mặt trận
    ACCEPTANCE_NOTICE = "acceptance_notice"  # thông báo thụ lý tố cáo
    DOCUMENT_SUPPLY = "document_supply"  # cung cấp thông tin, tài liệu
    SUSPENSION_SENDING = "suspension_sending"  # gửi quyết định tạm đình chỉ, đình chỉ, tiếp tục
    DECISION_SENDING = "decision_sending"  # gửi quyết định giải quyết khiếu nại
    DECISION_PUBLICATION = "decision_publication"  # công khai quyết định giải quyết khiếu nại
    CONCLUSION_SENDING = "conclusion_sending"  # gửi kết luận nội dung tố cáo
    CONCLUSION_PUBLICATION = "conclusion_publication"  # công khai kết luận nội dung tố cáo
    CONCLUSION_ACTION = "conclusion_action"  # xử lý theo kết luận nội dung tố cáo
    ACTION_REPORT = "action_report"  # báo cáo kết quả xử lý
    OVERDUE_DEMAND = "overdue_demand"  # yêu cầu báo cáo việc quá hạn
    OVERDUE_REPORT = "overdue_report"  # báo cáo việc quá hạn
    CONTRIBUTION = "contribution"  # what a coordinating unit was asked for
    PREPARATION = "preparation"  # the answer that a unit prepares for a meeting
    PROMISE = "promise"  # what an answer promised

    is_duty: bool
    """Whether an act makes it due beside the answer.

    It runs until the act that fulfils it, also while the petition is suspended and after it was answered.
    """

    @property
    def is_statutory(self) -> bool:
        """Return True if a rule sets the date, not an official."""
        return self not in _SET_BY_OFFICIALS


_SET_BY_OFFICIALS = frozenset({Clock.HEAD, Clock.CONTRIBUTION, Clock.PREPARATION, Clock.PROMISE})
_OF_THE_PETITION = frozenset(
    {Clock.TRIAGE, Clock.ACCEPTANCE, Clock.FURTHER_REVIEW, Clock.SETTLEMENT, Clock.HEAD, Clock.TRANSFER_REPLY}
)
for _clock in Clock:  # an attribute: it is asked of every deadline of every event
    _clock.is_duty = _clock not in _OF_THE_PETITION

CLOCK_OF_STAGE: Mapping[LegalStage, Clock] = {
    **{LegalStage(clock): clock for clock in Clock if clock in frozenset[str](LegalStage)},
    LegalStage.SECOND_SETTLEMENT: Clock.SETTLEMENT,  # has a limit of its own
    LegalStage.SECOND_DECISION_SENDING: Clock.DECISION_SENDING,  # likewise
    # the rule binds who settles: of another body that settles, nobody here knows the day
    LegalStage.TRANSFER_REPLY: Clock.RESULT_TO_REFERRER,
}
"""Clock that runs by a rule for the stage. The other stages have no clock in a petition's file."""


class SubjectKind(StrEnum):
    """Names who or what owes something in time, where that is not the whole petition."""

    UNIT = "unit"  # one of several units that were asked
    TASK = "task"  # một việc được giao
    PROMISE = "promise"  # lời hứa
    RECOMMENDATION = "recommendation"  # kiến nghị
    DECISION = "decision"  # quyết định tạm đình chỉ, đình chỉ, tiếp tục
    MEETING = "meeting"  # hội nghị, buổi tiếp công dân


class ClockSubject(FactPart):
    """Names the unit, task, promise, recommendation, decision or meeting that a clock runs for.

    `reference` is the code of the unit, the id of the meeting, or the number or name by which the petition's file knows
    the others.
    """

    kind: SubjectKind
    reference: NonEmptyStr

    @property
    def text(self) -> str:
        """Return the subject in one word, as lists and commands name it."""
        return f"{self.kind}:{self.reference}"

    @classmethod
    def parse(cls, text: str) -> "ClockSubject | None":
        """Return the subject of a text; None for an empty one. Raise ValueError for a text that names none."""
        kind, colon, reference = text.partition(":")
        if not text:
            return None
        if not colon or not reference:
            raise ValueError(f"{text!r} names no subject of a clock")
        return cls(kind=SubjectKind(kind), reference=reference)


class ClockKey(NamedTuple):
    """Identifies a duty within a petition. `subject` is None for a duty of the whole petition."""

    clock: Clock
    subject: ClockSubject | None = None
