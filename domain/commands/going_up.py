"""Defines the commands that enter a citizen's further acts, and the acts of those above."""

from typing import ClassVar

from domain.command import Command
from domain.text import Code, Prose, ProseOrEmpty, SingleLine, SingleLineOrEmpty
from domain.vocabulary import Channel


class LodgeSecondComplaint(Command):
    """Enter the citizen's second complaint (khiếu nại lần hai), to a unit of the register or a body outside it.

    In the register, a petition of its own begins at that unit. `channel`, `summary` and `document_no` are those of the
    second complaint. This stage keeps its lateness.
    """

    to_unit: Code | None = None
    to_body: SingleLineOrEmpty = ""
    channel: Channel | None = None
    summary: ProseOrEmpty = ""
    document_no: SingleLineOrEmpty = ""

    example: ClassVar = {
        "to_unit": "ubnd-tinh",
        "channel": "post",
        "summary": "Không đồng ý với quyết định giải quyết khiếu nại lần đầu",
    }


class LodgeFurtherDenunciation(Command):
    """Enter the citizen's further denunciation (tố cáo tiếp), to a unit of the register or a body outside it.

    In the register, a petition of its own begins at that unit. `channel`, `summary` and `document_no` are those of the
    further denunciation. This stage keeps its lateness.
    """

    to_unit: Code | None = None
    to_body: SingleLineOrEmpty = ""
    channel: Channel | None = None
    summary: ProseOrEmpty = ""
    document_no: SingleLineOrEmpty = ""

    example: ClassVar = {
        "to_unit": "ubnd-tinh",
        "channel": "post",
        "summary": "Quá thời hạn mà tố cáo chưa được giải quyết",
    }


class FileLawsuit(Command):
    """Enter that the citizen went to court (khởi kiện vụ án hành chính). The court is named."""

    court: SingleLine
    summary: ProseOrEmpty = ""
    document_no: SingleLineOrEmpty = ""

    example: ClassVar = {"court": "Tòa án nhân dân khu vực 1 (ví dụ)", "document_no": "12/TB-TLVA"}


class TakeOverSettlement(Command):
    """Enter that the superior settles in the place of who was to, once the limit has passed.

    In the register, a petition of its own begins at the unit above. This stage keeps its lateness.
    """

    to_unit: Code | None = None
    to_body: SingleLineOrEmpty = ""
    ground: Prose
    document_no: SingleLineOrEmpty = ""

    example: ClassVar = {
        "to_unit": "ubnd-tinh",
        "ground": "Việc giải quyết có dấu hiệu không khách quan",
        "document_no": "49/UBND-NC",
    }


class OrderResponsibilityCheck(Command):
    """Enter that a responsibility check was ordered (kiểm tra trách nhiệm), once the limit has passed.

    The unit or body is the one that is to check. The petition stays where it is.
    """

    to_unit: Code | None = None
    to_body: SingleLineOrEmpty = ""
    reason: Prose
    document_no: SingleLineOrEmpty = ""

    example: ClassVar = {
        "to_unit": "thanh-tra-tinh",
        "reason": "Đã đôn đốc, quá hạn không trả lời",
        "document_no": "50/QĐ-UBND",
    }


GoingUpCommand = (
    LodgeSecondComplaint | LodgeFurtherDenunciation | FileLawsuit | TakeOverSettlement | OrderResponsibilityCheck
)
