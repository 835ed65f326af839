"""Fills in sheets, as a commune fills in the sheet that an office made."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from service.files.csv_table import CsvTable
from service.sheets.columns import SHEET_COLUMNS
from service.sheets.sheet_id import FIRST_ROW_LINE_NUMBER
from service.sheets.template import BlankSheet, render_csv_sheet
from service.sheets.template_xlsx import TABLE_TITLE, render_xlsx_sheet

PLACES = {column.key: place for place, column in enumerate(SHEET_COLUMNS, start=1)}
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


def open_table(content: bytes) -> tuple[Workbook, Worksheet]:
    workbook = load_workbook(io.BytesIO(content))
    table = workbook[TABLE_TITLE]
    assert isinstance(table, Worksheet)
    return workbook, table


def workbook_bytes(workbook: Workbook) -> bytes:
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def filled_xlsx(blank: BlankSheet, rows: Sequence[Row]) -> bytes:
    """Return the XLSX sheet with the rows filled in, from the first prepared one on; an empty row stays unused."""
    workbook, table = open_table(render_xlsx_sheet(blank))
    for line, row in enumerate(rows, start=FIRST_ROW_LINE_NUMBER):
        for key, value in row.items():
            table.cell(line, PLACES[key] + 1).value = value
    return workbook_bytes(workbook)


def filled_csv(blank: BlankSheet, rows: Sequence[Row], delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """Return the CSV sheet with the rows filled in as a program would write them: days as dd/mm/yyyy."""
    blank_table = CsvTable(io.StringIO(render_csv_sheet(blank).decode("utf-8-sig"), newline=""), ";")
    table = [row.cells for row in blank_table]
    for line, row in enumerate(rows, start=FIRST_ROW_LINE_NUMBER - 1):
        for key, value in row.items():
            table[line][PLACES[key]] = value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(table)
    return written.getvalue().encode(encoding)
