"""Defines the columns of a sheet: the field that each fills, and the list that it offers to choose from."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from domain.labels import BilingualText
from domain.labels import bilingual_text as _
from service.files.sheet_lines import CellValue
from service.sheets.cell_types import (
    read_count_cell,
    read_day_cell,
    read_kind_cell,
    read_text_cell,
    read_unit_codes_cell,
    read_yes_or_no_cell,
)

DIALOGUE_TOPICS = (
    "xây dựng Đảng, chính quyền",
    "nông nghiệp, nông thôn mới",
    "môi trường, giải phóng mặt bằng, đất đai",
    "giao thông, điện, nước",
    "văn hóa, giáo dục, y tế",
    "an ninh và trật tự an toàn xã hội",
    "chính sách người có công, bảo trợ xã hội",
    "giải quyết khiếu nại, tố cáo",
)
"""The fields in which dialogues with heads are reported."""

STATUTORY_FIELDS = (
    "chế độ, chính sách",
    "đất đai, nhà cửa",
    "công chức, công vụ",
    "tham nhũng",
    "lĩnh vực tư pháp",
    "lĩnh vực Đảng, đoàn thể",
    "lĩnh vực hành chính",
)
"""The fields of complaints and denunciations in forms 02/XLD and 03/XLD."""

PROPOSED_TOPICS = (*DIALOGUE_TOPICS, *STATUTORY_FIELDS)
"""Topics that the column proposes and does not require."""


class RowPart(Enum):
    """Names the part of a row that a column fills.

    Each part makes one command, except the petitioner, who belongs to the receipt.
    """

    RECEIPT = "receipt"
    PETITIONER = "petitioner"
    CLASSIFICATION = "classification"
    ANSWER = "answer"  # given at the meeting
    ASSIGNMENT = "assignment"  # to a unit that answers in writing


class ChoiceList(Enum):
    """Names the list that a column offers. Topics are proposals; the other lists are complete."""

    KIND = "kind"
    YES_NO = "yes_no"
    TOPIC = "topic"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """Describes one column. `field` is the field of the command; `read` raises UnusableValue, which says why."""

    key: str
    part: RowPart
    field: str
    heading: BilingualText
    meaning: BilingualText
    read: Callable[[CellValue], object]
    choice: ChoiceList | None = None
    width: int = 16


SHEET_COLUMNS = (
    SheetColumn(
        "summary",
        RowPart.RECEIPT,
        "summary",
        _("Nội dung kiến nghị", "What is asked"),
        _("Bắt buộc. Ghi đúng điều người dân nêu", "Required. What the citizen said"),
        read_text_cell,
        width=48,
    ),
    SheetColumn(
        "place",
        RowPart.RECEIPT,
        "place",
        _("Địa điểm", "Place"),
        _("Thôn (bản, tiểu khu), tổ dân phố nơi xảy ra vụ việc", "Village or ward where the matter lies"),
        read_text_cell,
    ),
    SheetColumn(
        "person_count",
        RowPart.RECEIPT,
        "person_count",
        _("Số người", "Persons"),
        _("Số người cùng nêu; để trống là 1", "How many persons raised it; empty is 1"),
        read_count_cell,
        width=9,
    ),
    SheetColumn(
        "petitioner_name",
        RowPart.PETITIONER,
        "name",
        _("Họ và tên", "Name"),
        _(
            "Người kiến nghị, phản ánh. Thông tin được bảo mật",
            "Who raised it. Encrypted, and in no file that others read",
        ),
        read_text_cell,
        width=24,
    ),
    SheetColumn(
        "petitioner_address",
        RowPart.PETITIONER,
        "address",
        _("Địa chỉ", "Address"),
        _("Thông tin được bảo mật như họ tên", "Encrypted as the name is"),
        read_text_cell,
        width=24,
    ),
    SheetColumn(
        "petitioner_identity_no",
        RowPart.PETITIONER,
        "identity_no",
        _("Số căn cước", "Identity no."),
        _("Thông tin được bảo mật như họ tên", "Encrypted as the name is"),
        read_text_cell,
    ),
    SheetColumn(
        "petitioner_phone",
        RowPart.PETITIONER,
        "phone",
        _("Điện thoại", "Telephone"),
        _("Thông tin được bảo mật như họ tên", "Encrypted as the name is"),
        read_text_cell,
    ),
    SheetColumn(
        "kind",
        RowPart.CLASSIFICATION,
        "kind",
        _("Loại đơn", "Kind"),
        _(
            "Để trống nếu chưa phân loại. Chỉ kiến nghị, phản ánh được trả lời tại hội nghị, buổi tiếp",
            "Empty while nobody has classified it. Only a proposal or feedback is answered at a meeting",
        ),
        read_kind_cell,
        ChoiceList.KIND,
        22,
    ),
    SheetColumn(
        "topic",
        RowPart.CLASSIFICATION,
        "topic",
        _("Lĩnh vực", "Topic"),
        _("Chọn hoặc tự ghi", "One of the list, or your own"),
        read_text_cell,
        ChoiceList.TOPIC,
        30,
    ),
    SheetColumn(
        "answer",
        RowPart.ANSWER,
        "answer",
        _("Nội dung trả lời", "Answer"),
        _(
            "Chỉ khi đã trả lời tại hội nghị hoặc buổi tiếp; khi đó ba cột sau cũng bắt buộc",
            "Only if it was answered at the meeting; the next three are required then",
        ),
        read_text_cell,
        width=40,
    ),
    SheetColumn(
        "answered_by",
        RowPart.ANSWER,
        "answered_by",
        _("Mã người trả lời", "Answered by (code)"),
        _("Người đứng đầu hoặc người được chỉ định trả lời", "The head, or the official whom the head ordered to"),
        read_text_cell,
    ),
    SheetColumn(
        "answered_by_position",
        RowPart.ANSWER,
        "answered_by_position",
        _("Chức vụ người trả lời", "Position of who answered"),
        _("Chức vụ tại ngày tổ chức", "As held that day"),
        read_text_cell,
        width=22,
    ),
    SheetColumn(
        "minutes_page",
        RowPart.ANSWER,
        "minutes_page",
        _("Trang biên bản", "Page of the minutes"),
        _("Trang ghi câu trả lời", "Where the answer is written down"),
        read_text_cell,
    ),
    SheetColumn(
        "citizen_present",
        RowPart.ANSWER,
        "citizen_present",
        _("Công dân có mặt", "Citizen present"),
        _("Để trống: không ghi, khi đó phải thông báo cho công dân", "Empty: not said, and the citizen must be told"),
        read_yes_or_no_cell,
        ChoiceList.YES_NO,
        12,
    ),
    SheetColumn(
        "citizen_agreed",
        RowPart.ANSWER,
        "citizen_agreed",
        _("Công dân đồng ý", "Citizen agreed"),
        _("Để trống: không ghi", "Empty: not said"),
        read_yes_or_no_cell,
        ChoiceList.YES_NO,
        12,
    ),
    SheetColumn(
        "lead_unit",
        RowPart.ASSIGNMENT,
        "lead_unit",
        _("Cơ quan, đơn vị chủ trì", "Lead unit"),
        _(
            "Chỉ khi đã giao bằng thông báo; khi đó các cột sau cũng bắt buộc, trừ cơ quan, đơn vị phối hợp",
            "Only if assigned by a notice; all that follow are required then, but the coordinating units",
        ),
        read_text_cell,
        ChoiceList.UNIT,
    ),
    SheetColumn(
        "coordinating_units",
        RowPart.ASSIGNMENT,
        "coordinating_units",
        _("Cơ quan, đơn vị phối hợp", "Coordinating units"),
        _("Mã đơn vị, cách nhau bằng dấu phẩy", "Codes of units, with commas between"),
        read_unit_codes_cell,
    ),
    SheetColumn(
        "responsible_officer",
        RowPart.ASSIGNMENT,
        "responsible_officer",
        _("Mã người được giao", "Responsible officer (code)"),
        _("Rõ người", "Clear person"),
        read_text_cell,
    ),
    SheetColumn(
        "responsible_position",
        RowPart.ASSIGNMENT,
        "responsible_position",
        _("Chức vụ người được giao", "Position of the officer"),
        _("Chức vụ tại ngày giao", "As held on the day of the notice"),
        read_text_cell,
        width=22,
    ),
    SheetColumn(
        "task_summary",
        RowPart.ASSIGNMENT,
        "task_summary",
        _("Việc được giao", "Task"),
        _("Rõ việc", "Clear work"),
        read_text_cell,
        width=32,
    ),
    SheetColumn(
        "due_on",
        RowPart.ASSIGNMENT,
        "due_on",
        _("Thời hạn giải quyết, trả lời", "Due date"),
        _("Rõ tiến độ. Ngày/tháng/năm", "Clear progress. Day/month/year"),
        read_day_cell,
        width=12,
    ),
    SheetColumn(
        "expected_output",
        RowPart.ASSIGNMENT,
        "expected_output",
        _("Kết quả, sản phẩm phải có", "Expected output"),
        _("Rõ kết quả", "Clear result"),
        read_text_cell,
        width=24,
    ),
    SheetColumn(
        "accountable_head",
        RowPart.ASSIGNMENT,
        "accountable_head",
        _("Mã người đứng đầu chịu trách nhiệm", "Accountable head (code)"),
        _("Rõ trách nhiệm", "Clear responsibility"),
        read_text_cell,
    ),
    SheetColumn(
        "notice_no",
        RowPart.ASSIGNMENT,
        "notice_no",
        _("Số, ký hiệu thông báo", "Notice no."),
        _("Thông báo giao việc của người đứng đầu", "The head's notice that assigns it"),
        read_text_cell,
    ),
    SheetColumn(
        "notice_on",
        RowPart.ASSIGNMENT,
        "notice_on",
        _("Ngày thông báo", "Notice of"),
        _("Ngày/tháng/năm; là ngày giao việc", "Day/month/year; the day of the assignment"),
        read_day_cell,
        width=12,
    ),
)
SHEET_COLUMN_BY_KEY = MappingProxyType({column.key: column for column in SHEET_COLUMNS})
