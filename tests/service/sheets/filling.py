"""Sheets as an office makes them and a commune fills them in."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from service.sheets.columns import COLUMNS
from service.sheets.sheet_id import FIRST_LINE
from service.sheets.template import Blank, csv_file
from service.sheets.template_xlsx import TABLE, xlsx_file

PLACES = {column.key: place for place, column in enumerate(COLUMNS, start=1)}
NOTED: dict[str, Any] = {"summary": "Đề nghị lắp đèn ở ngã ba"}
CLASSIFIED: dict[str, Any] = {
    **NOTED,
    "kind": "kiến nghị, phản ánh",
    "topic": "giao thông, điện, nước",
    "place": "Thôn Ví Dụ 1",
    "person_count": 3,
    "petitioner_name": "Nguyễn Thị Ví Dụ",
    "petitioner_address": "Số 7, Thôn Ví Dụ 1",
    "petitioner_identity_no": "001234567890",
    "petitioner_phone": "0900000000",
}
ANSWERED: dict[str, Any] = {
    **CLASSIFIED,
    "answer": "Xã lắp đèn trong quý III",
    "answered_by": "chu-tich",
    "answered_by_position": "Chủ tịch",
    "minutes_page": "trang 3",
    "citizen_agreed": "có",
}
ASSIGNED: dict[str, Any] = {
    **CLASSIFIED,
    "lead_unit": "so-mau",
    "coordinating_units": "so-khac, ubnd-tinh",
    "responsible_officer": "chuyen-vien",
    "responsible_position": "Chuyên viên",
    "task_summary": "Khảo sát và trả lời",
    "due_on": date(2026, 8, 14),
    "expected_output": "Văn bản trả lời",
    "accountable_head": "giam-doc",
    "notice_no": "12/TB",
    "notice_on": date(2026, 7, 8),
}
Row = Mapping[str, Any]


def opened(content: bytes) -> tuple[Workbook, Worksheet]:
    workbook = load_workbook(io.BytesIO(content))
    table = workbook[TABLE]
    assert isinstance(table, Worksheet)
    return workbook, table


def saved(workbook: Workbook) -> bytes:
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def filled_xlsx(blank: Blank, rows: Sequence[Row]) -> bytes:
    """The prepared rows, from the first on; an empty row stays unused."""
    workbook, table = opened(xlsx_file(blank))
    for line, row in enumerate(rows, start=FIRST_LINE):
        for key, value in row.items():
            table.cell(line, PLACES[key] + 1).value = value
    return saved(workbook)


def filled_csv(blank: Blank, rows: Sequence[Row], delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """As a program would write it: days as dd/mm/yyyy."""
    table = list(csv.reader(io.StringIO(csv_file(blank).decode("utf-8-sig"), newline=""), delimiter=";"))
    for line, row in enumerate(rows, start=FIRST_LINE - 1):
        for key, value in row.items():
            table[line][PLACES[key]] = value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(table)
    return written.getvalue().encode(encoding)
