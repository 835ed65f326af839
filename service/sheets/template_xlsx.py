"""Renders the empty sheet as an XLSX file: the table, the lists that it offers, and the instructions."""

import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from domain.stored_words.table import word_in
from domain.vocabulary import PetitionKind
from service.sheets.cell_types import NO_WORD, YES_WORD, read_count_cell, read_day_cell
from service.sheets.columns import PROPOSED_TOPICS, SHEET_COLUMNS, ChoiceList, SheetColumn
from service.sheets.sheet_id import FIRST_ROW_LINE_NUMBER, HEADINGS_LINE_NUMBER, KEYS_LINE_NUMBER
from service.sheets.template import KEY_COLUMN_HEADING, BlankSheet

TABLE_TITLE, LISTS_TITLE, HOW_TO_TITLE = "Kiến nghị", "Danh mục", "Hướng dẫn"

_BOLD_FONT = Font(bold=True)
_GREY_FILL = PatternFill("solid", fgColor="E7E6E6")
_WRAPPED_TEXT = Alignment(wrap_text=True, vertical="top")
_UNLOCKED = Protection(locked=False)
_HOW_TO_STEPS = (
    "Mỗi kiến nghị một dòng. Không sửa, không xóa cột A; không gộp ô; không dùng công thức.",
    "Dòng để trống không được nạp. Ngày ghi theo dạng ngày/tháng/năm.",
    "Đã trả lời tại hội nghị hoặc buổi tiếp: ghi các cột trả lời. Đã giao bằng thông báo: ghi các cột giao việc."
    " Còn lại: để trống cả hai.",
    "Ghi xong, gửi phiếu này cho người quản trị hệ thống để nạp. Nạp lại phiếu không ghi trùng.",
    "Dòng đã nạp mà sửa lại thì được báo, không được ghi đè: sửa trong hệ thống.",
    "One petition a line. Leave column A alone; no merged cells, no formulas. Loading a sheet again adds nothing.",
)

_LIST_HEADINGS = MappingProxyType(
    {
        ChoiceList.KIND: "Loại đơn",
        ChoiceList.YES_NO: "Có hoặc không",
        ChoiceList.TOPIC: "Lĩnh vực (gợi ý)",
        ChoiceList.UNIT: "Mã đơn vị",
    }
)


def render_xlsx_sheet(blank: BlankSheet) -> bytes:
    """Render the sheet as an XLSX workbook without formulas and macros."""
    workbook = Workbook()
    workbook.properties.creator = "kiennghi"
    workbook.properties.title = blank.title
    table = workbook.active
    assert isinstance(table, Worksheet)
    table.title = TABLE_TITLE
    lists = _write_lists(workbook.create_sheet(LISTS_TITLE), blank)
    _write_table(table, blank, lists)
    _write_how_to(workbook.create_sheet(HOW_TO_TITLE), blank)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _write_table(sheet: Worksheet, blank: BlankSheet, lists: Mapping[ChoiceList, str]) -> None:
    headings = (KEY_COLUMN_HEADING["vi"], *(column.heading["vi"] for column in SHEET_COLUMNS))
    keys = (str(blank.sheet_id), *(column.key for column in SHEET_COLUMNS))
    for column_number, (key, heading) in enumerate(zip(keys, headings, strict=True), start=1):
        _write_text(sheet, KEYS_LINE_NUMBER, column_number, key)
        cell = _write_text(sheet, HEADINGS_LINE_NUMBER, column_number, heading)
        cell.font, cell.fill, cell.alignment = _BOLD_FONT, _GREY_FILL, _WRAPPED_TEXT
    sheet.row_dimensions[KEYS_LINE_NUMBER].hidden = True
    last = FIRST_ROW_LINE_NUMBER + blank.row_count - 1
    for number in range(1, blank.row_count + 1):
        _write_text(sheet, FIRST_ROW_LINE_NUMBER + number - 1, 1, blank.sheet_id.row_key(number)).fill = _GREY_FILL
    sheet.column_dimensions["A"].width = 18
    for column_number, column in enumerate(SHEET_COLUMNS, start=2):
        letter = get_column_letter(column_number)
        dimension = sheet.column_dimensions[letter]
        dimension.width = column.width
        dimension.number_format = _number_format(column)
        dimension.alignment, dimension.protection = _WRAPPED_TEXT, _UNLOCKED
        if (validation := _validation(column, lists)) is not None:
            validation.add(f"{letter}{FIRST_ROW_LINE_NUMBER}:{letter}{last}")
            sheet.add_data_validation(validation)
    sheet.freeze_panes = f"B{FIRST_ROW_LINE_NUMBER}"
    # Protection without a password: nobody changes keys and headings or merges cells by mistake.
    sheet.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADINGS_LINE_NUMBER}:{HEADINGS_LINE_NUMBER}"


def _number_format(column: SheetColumn) -> str:
    """Return the number format of a column.

    Nearly all columns are text: otherwise a program turns 12/5 into a day and removes the leading zeros of a number.
    """
    if column.read is read_day_cell:
        return "dd/mm/yyyy"
    return "0" if column.read is read_count_cell else "@"


def _validation(column: SheetColumn, lists: Mapping[ChoiceList, str]) -> DataValidation | None:
    if column.choice is not None and column.choice in lists:
        is_all = column.choice is not ChoiceList.TOPIC
        return DataValidation("list", lists[column.choice], showErrorMessage=is_all, allow_blank=True)
    if column.read is read_day_cell:
        earliest_day = "16681"  # 2 September 1945, as these programs count days
        return DataValidation(
            "date",
            earliest_day,
            operator="greaterThanOrEqual",
            errorStyle="warning",  # a program with another locale takes dd/mm/yyyy for a text, which is as good
            showErrorMessage=True,
            allow_blank=True,
        )
    if column.read is read_count_cell:
        return DataValidation("whole", "1", operator="greaterThanOrEqual", showErrorMessage=True, allow_blank=True)
    return None


def _write_lists(sheet: Worksheet, blank: BlankSheet) -> Mapping[ChoiceList, str]:
    """Write the lists on their worksheet, and return the cell range of each list that is not empty."""
    offered: dict[ChoiceList, Sequence[str]] = {
        ChoiceList.KIND: [word_in(kind, "vi") for kind in PetitionKind],
        ChoiceList.YES_NO: [YES_WORD, NO_WORD],
        ChoiceList.TOPIC: PROPOSED_TOPICS,
        ChoiceList.UNIT: [unit.unit for unit in blank.units],
    }
    ranges: dict[ChoiceList, str] = {}
    for column_number, (choice, items) in enumerate(offered.items(), start=1):
        _write_text(sheet, 1, column_number, _LIST_HEADINGS[choice]).font = _BOLD_FONT
        letter = get_column_letter(column_number)
        sheet.column_dimensions[letter].width = 40
        for line, item in enumerate(items, start=2):
            _write_text(sheet, line, column_number, item)
        if items:
            ranges[choice] = f"'{LISTS_TITLE}'!${letter}$2:${letter}${len(items) + 1}"
    names_column = len(offered) + 1
    _write_text(sheet, 1, names_column, "Tên đơn vị").font = _BOLD_FONT
    sheet.column_dimensions[get_column_letter(names_column)].width = 60
    for line, unit in enumerate(blank.units, start=2):
        _write_text(sheet, line, names_column, unit.name)
    sheet.protection.sheet = True
    return MappingProxyType(ranges)


def _write_how_to(sheet: Worksheet, blank: BlankSheet) -> None:
    lines = (blank.title, f"Phiếu số {blank.sheet_id.code}", *_HOW_TO_STEPS)
    for line, text in enumerate(lines, start=1):
        _write_text(sheet, line, 1, text).font = _BOLD_FONT if line == 1 else Font()
    first = len(lines) + 2
    for column_number, heading in enumerate(("Cột", "Ý nghĩa", "Column", "Meaning"), start=1):
        _write_text(sheet, first, column_number, heading).font = _BOLD_FONT
    for line, column in enumerate(SHEET_COLUMNS, start=first + 1):
        words = (column.heading["vi"], column.meaning["vi"], column.heading["en"], column.meaning["en"])
        for column_number, word in enumerate(words, start=1):
            _write_text(sheet, line, column_number, word)
    for letter, width in zip("ABCD", (28, 70, 28, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.protection.sheet = True


def _write_text(sheet: Worksheet, line: int, column_number: int, text: str) -> Cell:
    """Write a text, whatever character it begins with.

    The cell is typed as text, and marked so that it stays a text when somebody edits it.
    """
    cell = sheet.cell(line, column_number)
    assert isinstance(cell, Cell)
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
