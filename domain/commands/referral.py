"""Defines the commands on petitions that this authority does not answer."""

from typing import ClassVar

from domain.command import Command
from domain.endings.words import Ground
from domain.strict_types import YesOrNo
from domain.text import Prose, SingleLine, SingleLineOrEmpty
from domain.vocabulary import (
    PetitionId,
)


class TransferPetition(Command):
    """Send the petition to the competent body, once for the same content."""

    to_body: SingleLine
    document_no: SingleLine

    example: ClassVar = {"to_body": "Công an tỉnh (ví dụ)", "document_no": "36/PC-UBND"}


class RecordTransferReply(Command):
    """Record the reply of the other body. Where the citizen asked to be told the result, that is due from then on."""

    result: Prose
    is_accepted: YesOrNo
    citizen_asked: YesOrNo | None = None

    example: ClassVar = {"result": "Đã thụ lý", "is_accepted": True}


class ReturnPetition(Command):
    """Return the petition to the body that sent it."""

    to_body: SingleLine
    document_no: SingleLine

    example: ClassVar = {"to_body": "Ủy ban Mặt trận Tổ quốc xã (ví dụ)", "document_no": "37/UBND"}


class GuideCitizen(Command):
    """Guide the citizen to the competent body, in writing or orally."""

    competent_body: SingleLine
    document_no: SingleLineOrEmpty = ""

    example: ClassVar = {"competent_body": "Tòa án nhân dân khu vực (ví dụ)", "document_no": "38/HD-UBND"}


class FilePetition(Command):
    """File the petition without action (lưu đơn), on a ground of the law for its kind."""

    ground_code: Ground
    reason: Prose

    example: ClassVar = {"ground_code": "ineligible", "reason": "Đơn không có nội dung cụ thể"}


class MarkDuplicate(Command):
    """Link the petition to the first one, which it repeats."""

    duplicate_of: PetitionId

    example: ClassVar = {"duplicate_of": "01980a6e-2222-7000-8000-000000000002"}


class UnmarkDuplicate(Command):
    """Undo the link; the petition is a matter of its own again, with the dates it had."""

    reason: Prose

    example: ClassVar = {"reason": "Hai đơn nói về hai đoạn đường khác nhau"}


class HandleAsInformation(Command):
    """Use a denunciation that is not handled as one, but has clear evidence, as information, on a ground of the law."""

    ground_code: Ground
    reason: Prose

    example: ClassVar = {"ground_code": "sender_unknown", "reason": "Đơn có bằng chứng rõ ràng"}


ReferralCommand = (
    TransferPetition
    | RecordTransferReply
    | ReturnPetition
    | GuideCitizen
    | FilePetition
    | MarkDuplicate
    | UnmarkDuplicate
    | HandleAsInformation
)
