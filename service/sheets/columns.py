"""The columns of a sheet: what each of them says, and what is offered to choose from."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from domain.labels import Words
from domain.labels import words as _
from service.sheets.cell_types import count, day, kind, text, units, yes_or_no
from service.sheets.cells import Cell

TOPICS = (
    "xây dựng Đảng, chính quyền",
    "nông nghiệp, nông thôn mới",
    "môi trường, giải phóng mặt bằng, đất đai",
    "giao thông, điện, nước",
    "văn hóa, giáo dục, y tế",
    "an ninh, trật tự",
    "chính sách người có công, bảo trợ xã hội",
    "giải quyết khiếu nại, tố cáo",
)
"""Proposed in the column, and never required: the fields in which dialogues with heads are reported."""


class Says(Enum):
    """What a column says something of."""

    RECEIPT = "receipt"
    PETITIONER = "petitioner"
    CLASSIFICATION = "classification"
    ANSWER = "answer"  # given at the meeting
    ASSIGNMENT = "assignment"  # to a unit that answers in writing


class Choice(Enum):
    """What a column offers to choose from. Topics are proposals, the others all there is."""

    KIND = "kind"
    YES_NO = "yes_no"
    TOPIC = "topic"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Column:
    """`field` is that of the command; `read` raises ValueError with what is wrong with a cell."""

    key: str
    says: Says
    field: str
    heading: Words
    meaning: Words
    read: Callable[[Cell], object]
    choice: Choice | None = None
    width: int = 16


COLUMNS = (
    Column(
        "summary",
        Says.RECEIPT,
        "summary",
        _("Nội dung kiến nghị", "What is asked"),
        _("Bắt buộc. Ghi đúng điều người dân nêu", "Required. What the citizen said"),
        text,
        width=48,
    ),
    Column(
        "place",
        Says.RECEIPT,
        "place",
        _("Địa điểm", "Place"),
        _("Thôn, tổ dân phố có sự việc", "Village or ward where the matter lies"),
        text,
    ),
    Column(
        "person_count",
        Says.RECEIPT,
        "person_count",
        _("Số người", "Persons"),
        _("Số người cùng nêu; để trống là 1", "How many persons raised it; empty is 1"),
        count,
        width=9,
    ),
    Column(
        "petitioner_name",
        Says.PETITIONER,
        "name",
        _("Họ và tên", "Name"),
        _(
            "Người nêu kiến nghị. Được mã hóa, không có trong hồ sơ công khai",
            "Who raised it. Encrypted, and in no file that others read",
        ),
        text,
        width=24,
    ),
    Column(
        "petitioner_address",
        Says.PETITIONER,
        "address",
        _("Địa chỉ", "Address"),
        _("Được mã hóa như họ tên", "Encrypted as the name is"),
        text,
        width=24,
    ),
    Column(
        "petitioner_identity_no",
        Says.PETITIONER,
        "identity_no",
        _("Số căn cước", "Identity no."),
        _("Được mã hóa như họ tên", "Encrypted as the name is"),
        text,
    ),
    Column(
        "petitioner_phone",
        Says.PETITIONER,
        "phone",
        _("Điện thoại", "Telephone"),
        _("Được mã hóa như họ tên", "Encrypted as the name is"),
        text,
    ),
    Column(
        "kind",
        Says.CLASSIFICATION,
        "kind",
        _("Loại đơn", "Kind"),
        _("Để trống nếu chưa phân loại", "Empty while nobody has classified it"),
        kind,
        Choice.KIND,
        22,
    ),
    Column(
        "topic",
        Says.CLASSIFICATION,
        "topic",
        _("Lĩnh vực", "Topic"),
        _("Chọn hoặc tự ghi", "One of the list, or your own"),
        text,
        Choice.TOPIC,
        30,
    ),
    Column(
        "answer",
        Says.ANSWER,
        "answer",
        _("Nội dung trả lời", "Answer"),
        _(
            "Chỉ khi đã trả lời tại cuộc họp; khi đó ba cột sau cũng bắt buộc",
            "Only if it was answered at the meeting; the next three are required then",
        ),
        text,
        width=40,
    ),
    Column(
        "answered_by",
        Says.ANSWER,
        "answered_by",
        _("Mã người trả lời", "Answered by (code)"),
        _("Người đứng đầu hoặc người được chỉ định trả lời", "The head, or the official whom the head ordered to"),
        text,
    ),
    Column(
        "answered_by_position",
        Says.ANSWER,
        "answered_by_position",
        _("Chức vụ người trả lời", "Position of who answered"),
        _("Chức vụ tại ngày họp", "As held that day"),
        text,
        width=22,
    ),
    Column(
        "minutes_page",
        Says.ANSWER,
        "minutes_page",
        _("Trang biên bản", "Page of the minutes"),
        _("Trang ghi câu trả lời", "Where the answer is written down"),
        text,
    ),
    Column(
        "citizen_present",
        Says.ANSWER,
        "citizen_present",
        _("Công dân có mặt", "Citizen present"),
        _("Để trống là có", "Empty is yes"),
        yes_or_no,
        Choice.YES_NO,
        12,
    ),
    Column(
        "citizen_agreed",
        Says.ANSWER,
        "citizen_agreed",
        _("Công dân đồng ý", "Citizen agreed"),
        _("Để trống là không", "Empty is no"),
        yes_or_no,
        Choice.YES_NO,
        12,
    ),
    Column(
        "lead_unit",
        Says.ASSIGNMENT,
        "lead_unit",
        _("Đơn vị chủ trì", "Lead unit"),
        _(
            "Chỉ khi đã giao bằng thông báo; khi đó các cột sau cũng bắt buộc, trừ đơn vị phối hợp",
            "Only if assigned by a notice; all that follow are required then, but the coordinating units",
        ),
        text,
        Choice.UNIT,
    ),
    Column(
        "coordinating_units",
        Says.ASSIGNMENT,
        "coordinating_units",
        _("Đơn vị phối hợp", "Coordinating units"),
        _("Mã đơn vị, cách nhau bằng dấu phẩy", "Codes of units, with commas between"),
        units,
    ),
    Column(
        "responsible_officer",
        Says.ASSIGNMENT,
        "responsible_officer",
        _("Mã người được giao", "Responsible officer (code)"),
        _("Rõ người", "Clear person"),
        text,
    ),
    Column(
        "responsible_position",
        Says.ASSIGNMENT,
        "responsible_position",
        _("Chức vụ người được giao", "Position of the officer"),
        _("Chức vụ tại ngày giao", "As held on the day of the notice"),
        text,
        width=22,
    ),
    Column(
        "task_summary",
        Says.ASSIGNMENT,
        "task_summary",
        _("Việc được giao", "Task"),
        _("Rõ việc", "Clear work"),
        text,
        width=32,
    ),
    Column(
        "due_on",
        Says.ASSIGNMENT,
        "due_on",
        _("Hạn trả lời", "Due date"),
        _("Rõ tiến độ. Ngày/tháng/năm", "Clear progress. Day/month/year"),
        day,
        width=12,
    ),
    Column(
        "expected_output",
        Says.ASSIGNMENT,
        "expected_output",
        _("Kết quả cần có", "Expected output"),
        _("Rõ kết quả", "Clear result"),
        text,
        width=24,
    ),
    Column(
        "accountable_head",
        Says.ASSIGNMENT,
        "accountable_head",
        _("Mã người chịu trách nhiệm", "Accountable head (code)"),
        _("Rõ trách nhiệm", "Clear responsibility"),
        text,
    ),
    Column(
        "notice_no",
        Says.ASSIGNMENT,
        "notice_no",
        _("Số thông báo", "Notice no."),
        _("Thông báo giao việc của người đứng đầu", "The head's notice that assigns it"),
        text,
    ),
    Column(
        "notice_on",
        Says.ASSIGNMENT,
        "notice_on",
        _("Ngày thông báo", "Notice of"),
        _("Ngày/tháng/năm; là ngày giao việc", "Day/month/year; the day of the assignment"),
        day,
        width=12,
    ),
)
BY_KEY = MappingProxyType({column.key: column for column in COLUMNS})
