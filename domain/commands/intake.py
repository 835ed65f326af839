"""Defines the commands that receive, register, classify and accept a petition."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from domain.command import Command
from domain.commands.fields import Book, CalendarDay
from domain.endings.words import Ground
from domain.petitioner import Petitioner
from domain.strict_types import WholeNumber, YesOrNo
from domain.text import Prose, ProseOrEmpty, SingleLine, SingleLineOrEmpty
from domain.vocabulary import (
    Channel,
    Competence,
    Instance,
    MeetingId,
    PetitionKind,
)


class DecisionBefore(BaseModel):
    """Describes the decision or conclusion of an earlier instance that the citizen does not agree with.

    `body` issued it, under the number `document_no` and on the day `decided_on`; the citizen received it on the day
    `received_on`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    body: SingleLine
    document_no: SingleLineOrEmpty = ""
    decided_on: CalendarDay | None = None
    received_on: CalendarDay | None = None


class ReceivePetition(Command):
    """Receive a petition. Identities go to the vault, the register gives the number.

    `instance` is said of a second complaint or a further denunciation whose earlier instance is not in the system, and
    `earlier_decision` where there was one: a citizen may also go on because the limit passed without a decision.
    """

    channel: Channel
    kind: PetitionKind | None = None
    summary: Annotated[Prose, Field(examples=["Đề nghị sửa đoạn đường liên thôn bị hư hỏng"])]
    petitioners: Annotated[tuple[Petitioner, ...], Field(max_length=50)] = ()
    person_count: Annotated[WholeNumber, Field(ge=1, le=100_000)] | None = None
    place: SingleLineOrEmpty = ""
    book: Book = "TD"
    document_no: SingleLineOrEmpty = ""
    meeting_id: MeetingId | None = None
    has_original_papers: YesOrNo | None = None
    identity_protected: YesOrNo | None = None
    is_remote_area: YesOrNo | None = None
    to_party_head: Annotated[YesOrNo | None, Field(description="a letter to the head of a Party committee")] = None
    instance: Instance | None = None
    earlier_decision: DecisionBefore | None = None

    example: ClassVar = {
        "channel": "reception_place",
        "kind": "proposal_or_feedback",
        "summary": "Đề nghị sửa đoạn đường liên thôn bị hư hỏng",
        "petitioners": [{"name": "Nguyễn Thị Ví Dụ", "address": "Thôn Mẫu, xã Ví Dụ"}],
        "place": "Thôn Mẫu",
    }


class CancelRegistration(Command):
    """Cancel a number given by mistake; it stays in the register, visibly cancelled."""

    reason: Prose

    example: ClassVar = {"reason": "Vào sổ nhầm"}


class MatterOfLetter(BaseModel):
    """Describes one matter of a letter that is split."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: Prose
    kind: PetitionKind | None = None


class SplitPetition(Command):
    """Split a letter with several matters into a petition for each."""

    matters: Annotated[tuple[MatterOfLetter, ...], Field(min_length=2, max_length=100)]

    example: ClassVar = {
        "matters": [{"summary": "Sửa đoạn đường liên thôn"}, {"summary": "Thu gom rác", "kind": "proposal_or_feedback"}]
    }


class ClassifyPetition(Command):
    """Classify a petition by kind, eligibility and competence, or change its classification.

    `instance` and `earlier_decision` are said where they were not at the receipt, or were wrong there.
    """

    kind: PetitionKind
    is_eligible: YesOrNo | None = None
    failed_conditions: Annotated[tuple[SingleLine, ...], Field(max_length=20)] = ()
    competence: Competence | None = None
    topic: SingleLineOrEmpty = ""
    is_level_skipping: YesOrNo | None = None
    reason: ProseOrEmpty = ""
    instance: Instance | None = None
    earlier_decision: DecisionBefore | None = None

    example: ClassVar = {"kind": "proposal_or_feedback", "topic": "giao thông"}


class AcknowledgeReceipt(Command):
    """Inform the citizen of the receipt, in writing or orally."""

    document_no: SingleLineOrEmpty = ""
    how: SingleLineOrEmpty = ""

    example: ClassVar = {"document_no": "12/TB-UBND", "how": "bưu điện"}


class RequestSupplement(Command):
    """Ask the citizen for what is missing."""

    wanted: Prose
    asked_for_on: CalendarDay | None = None

    example: ClassVar = {"wanted": "Bản sao giấy chứng nhận", "asked_for_on": "2026-07-20"}


class RecordSupplement(Command):
    """Record what the citizen sent in addition."""

    summary: Prose

    example: ClassVar = {"summary": "Bản sao giấy chứng nhận"}


class AcceptPetition(Command):
    """Accept the petition for settlement (thụ lý); the statutory limit starts."""

    document_no: SingleLine

    example: ClassVar = {"document_no": "34/QĐ-UBND"}


class RefuseAcceptance(Command):
    """Refuse acceptance, on a ground of the law for its kind. For a proposal the law lists none: no code is said."""

    document_no: SingleLine
    ground_code: Ground | None = None
    ground: Prose

    example: ClassVar = {
        "document_no": "35/TB-UBND",
        "ground_code": "decided_second_time",
        "ground": "Quyết định giải quyết khiếu nại lần hai số 12/QĐ-UBND",
    }


IntakeCommand = (
    ReceivePetition
    | CancelRegistration
    | SplitPetition
    | ClassifyPetition
    | AcknowledgeReceipt
    | RequestSupplement
    | RecordSupplement
    | AcceptPetition
    | RefuseAcceptance
)
