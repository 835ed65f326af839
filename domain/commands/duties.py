"""Defines the commands by which officials do what an earlier act made due. Each act has its own name, as in the law."""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.command import Command
from domain.deadlines.clock import Clock
from domain.text import Code, Prose, ProseOrEmpty, SingleLine, SingleLineOrEmpty
from domain.vocabulary import Recipient

SentTo = Annotated[
    tuple[Recipient, ...],
    Field(min_length=1, max_length=len(Recipient), description="who got it; the others are still owed"),
]


class SendPartyHeadNotice(Command):
    """Record that the head of the Party committee told the sender what became of the letter (Quy định 11-QĐi/TW)."""

    document_no: SingleLine
    how: SingleLineOrEmpty = ""
    evidence: SingleLineOrEmpty = ""

    example: ClassVar = {"document_no": "70/TB-TU", "how": "bưu điện"}


class ReplyToReferrer(Command):
    """Tell the press, the Front, the elected body or whoever passed the petition on what becomes or became of it."""

    document_no: SingleLine
    how: SingleLineOrEmpty = ""
    evidence: SingleLineOrEmpty = ""

    example: ClassVar = {"document_no": "71/TB-UBND", "how": "bưu điện"}


class SendAcceptanceNotice(Command):
    """Tell the denouncer of the acceptance, and the denounced the content (Law on denunciations Art 29.3)."""

    sent_to: SentTo
    document_no: SingleLine
    how: SingleLineOrEmpty = ""
    evidence: SingleLineOrEmpty = ""

    example: ClassVar = {"sent_to": ["petitioner", "respondent"], "document_no": "72/TB-TL", "how": "bưu điện"}


class SendSuspensionDecision(Command):
    """Send a decision to suspend, terminate or resume."""

    decision_no: Annotated[SingleLineOrEmpty, Field(description="empty for one that was recorded without a number")] = (
        ""
    )
    sent_to: SentTo
    how: SingleLineOrEmpty = ""
    evidence: SingleLineOrEmpty = ""

    example: ClassVar = {"decision_no": "61/QĐ-TĐC", "sent_to": ["petitioner"], "how": "bưu điện"}


class SendDecision(Command):
    """Send the decision that settles the complaint (Law on complaints Arts 32, 41)."""

    sent_to: SentTo
    document_no: SingleLineOrEmpty = ""
    how: SingleLineOrEmpty = ""
    evidence: SingleLineOrEmpty = ""

    example: ClassVar = {"sent_to": ["petitioner", "respondent"], "document_no": "55/QĐ-GQKN", "how": "bưu điện"}


class PublishDecision(Command):
    """Record that the decision that settles the complaint was published (công khai)."""

    how: SingleLine
    evidence: SingleLineOrEmpty = ""

    example: ClassVar = {"how": "Niêm yết tại trụ sở"}


class SendConclusion(Command):
    """Send the conclusion to the denounced and tell the denouncer (Law on denunciations Art 35.3)."""

    sent_to: SentTo
    document_no: SingleLineOrEmpty = ""
    how: SingleLineOrEmpty = ""
    evidence: SingleLineOrEmpty = ""

    example: ClassVar = {"sent_to": ["petitioner", "respondent"], "document_no": "56/KL", "how": "bưu điện"}


class PublishConclusion(Command):
    """Record that the conclusion was published, without what reveals the denouncer (Law on denunciations Art 40)."""

    how: SingleLine
    evidence: SingleLineOrEmpty = ""

    example: ClassVar = {"how": "Niêm yết tại trụ sở"}


class ActOnConclusion(Command):
    """Record what was done or ordered on the conclusion (Law on denunciations Art 36.1)."""

    content: Prose
    document_no: SingleLineOrEmpty = ""

    example: ClassVar = {"content": "Kiểm điểm trách nhiệm", "document_no": "73/QĐ-UBND"}


class RecordActionResult(Command):
    """Record that a unit has the result of what the conclusion asked of it. It reports from then on."""

    unit: Code
    result: Prose

    example: ClassVar = {"unit": "so-mau", "result": "Đã kiểm điểm"}


class ReportAction(Command):
    """Record the report of a unit on what the conclusion asked of it (Law on denunciations Art 36.3)."""

    unit: Code
    document_no: SingleLine
    content: ProseOrEmpty = ""

    example: ClassVar = {"unit": "so-mau", "document_no": "74/BC"}


class RequestDocuments(Command):
    """Ask a unit for information and documents on a complaint (Law on complaints Arts 13 to 15)."""

    from_unit: Code
    wanted: Prose
    document_no: SingleLine

    example: ClassVar = {"from_unit": "so-mau", "wanted": "Hồ sơ thửa đất", "document_no": "75/YC"}


class SupplyDocuments(Command):
    """Record what a unit supplied that was asked for information and documents."""

    from_unit: Code
    document_no: SingleLineOrEmpty = ""
    content: ProseOrEmpty = ""

    example: ClassVar = {"from_unit": "so-mau", "document_no": "76/CV"}


class DemandOverdueReport(Command):
    """Demand a report from who has not settled a denunciation in time (Law on denunciations Art 38.2)."""

    document_no: SingleLine

    example: ClassVar = {"document_no": "77/YC-BC"}


class ReportOverdue(Command):
    """Record the report of who has not settled a denunciation in time (Law on denunciations Art 38.3)."""

    document_no: SingleLine
    content: ProseOrEmpty = ""

    example: ClassVar = {"document_no": "78/BC", "content": "Chờ kết quả giám định"}


class LiftDuty(Command):
    """End a duty that nobody can fulfil any more. What was late until then stays late."""

    clock: Clock
    subject: Annotated[SingleLineOrEmpty, Field(description="as lists of duties name it", examples=["unit:so-mau"])] = (
        ""
    )
    reason: Prose

    example: ClassVar = {"clock": "decision_sending", "reason": "Người khiếu nại đã chết"}


DutyCommand = (
    SendPartyHeadNotice
    | ReplyToReferrer
    | SendAcceptanceNotice
    | SendSuspensionDecision
    | SendDecision
    | PublishDecision
    | SendConclusion
    | PublishConclusion
    | ActOnConclusion
    | RecordActionResult
    | ReportAction
    | RequestDocuments
    | SupplyDocuments
    | DemandOverdueReport
    | ReportOverdue
    | LiftDuty
)
