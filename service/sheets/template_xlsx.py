"""The empty sheet as an XLSX file: the table, the lists that it offers, and how it is filled in."""

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

from domain.vocabulary import PetitionKind
from projections.labels.events import VALUES
from service.sheets.cell_types import NO, YES, count, day
from service.sheets.columns import COLUMNS, TOPICS, Choice, Column
from service.sheets.sheet_id import FIRST_LINE, HEADINGS_LINE, KEYS_LINE
from service.sheets.template import KEY_HEADING, Blank

TABLE, LISTS, HOW_TO = "Kiến nghị", "Danh mục", "Hướng dẫn"

_BOLD = Font(bold=True)
_GREY = PatternFill("solid", fgColor="E7E6E6")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_OPEN = Protection(locked=False)
_STEPS = (
    "Mỗi kiến nghị một dòng. Không sửa, không xóa cột A; không gộp ô; không dùng công thức.",
    "Dòng để trống không được nạp. Ngày ghi theo dạng ngày/tháng/năm.",
    "Đã trả lời tại cuộc họp: ghi các cột trả lời. Đã giao bằng thông báo: ghi các cột giao việc."
    " Còn lại: để trống cả hai.",
    "Nạp phiếu: kiennghi sheet load TỆP --dry-run để xem trước, rồi bỏ --dry-run. Nạp lại không ghi trùng.",
    "Dòng đã nạp mà sửa lại thì được báo, không được ghi đè: sửa trong hệ thống.",
    "One petition a line. Leave column A alone; no merged cells, no formulas. Loading a sheet again adds nothing.",
)

_LIST_HEADINGS = MappingProxyType(
    {
        Choice.KIND: "Loại đơn",
        Choice.YES_NO: "Có hoặc không",
        Choice.TOPIC: "Lĩnh vực (gợi ý)",
        Choice.UNIT: "Mã đơn vị",
    }
)


def xlsx_file(blank: Blank) -> bytes:
    workbook = Workbook()
    workbook.properties.creator = "kiennghi"
    workbook.properties.title = blank.title
    table = workbook.active
    assert isinstance(table, Worksheet)
    table.title = TABLE
    lists = _write_lists(workbook.create_sheet(LISTS), blank)
    _write_table(table, blank, lists)
    _write_how_to(workbook.create_sheet(HOW_TO), blank)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def _write_table(sheet: Worksheet, blank: Blank, lists: Mapping[Choice, str]) -> None:
    headings = (KEY_HEADING["vi"], *(column.heading["vi"] for column in COLUMNS))
    keys = (str(blank.mark), *(column.key for column in COLUMNS))
    for place, (key, heading) in enumerate(zip(keys, headings, strict=True), start=1):
        _write(sheet, KEYS_LINE, place, key)
        cell = _write(sheet, HEADINGS_LINE, place, heading)
        cell.font, cell.fill, cell.alignment = _BOLD, _GREY, _WRAPPED
    sheet.row_dimensions[KEYS_LINE].hidden = True
    last = FIRST_LINE + blank.rows - 1
    for number in range(1, blank.rows + 1):
        _write(sheet, FIRST_LINE + number - 1, 1, blank.mark.row_key(number)).fill = _GREY
    sheet.column_dimensions["A"].width = 18
    for place, column in enumerate(COLUMNS, start=2):
        letter = get_column_letter(place)
        dimension = sheet.column_dimensions[letter]
        dimension.width = column.width
        dimension.number_format = _format(column)
        dimension.alignment, dimension.protection = _WRAPPED, _OPEN
        if (validation := _validation(column, lists)) is not None:
            validation.add(f"{letter}{FIRST_LINE}:{letter}{last}")
            sheet.add_data_validation(validation)
    sheet.freeze_panes = f"B{FIRST_LINE}"
    # Without a password: it keeps keys and headings from being changed by mistake, and cells from being merged.
    sheet.protection.sheet = True
    for allowed in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(sheet.protection, allowed, False)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADINGS_LINE}:{HEADINGS_LINE}"


def _format(column: Column) -> str:
    """Nearly all is text: else a program makes a day of 12/5, and takes the zeros off a number."""
    if column.read is day:
        return "dd/mm/yyyy"
    return "0" if column.read is count else "@"


def _validation(column: Column, lists: Mapping[Choice, str]) -> DataValidation | None:
    if column.choice is not None and column.choice in lists:
        is_all = column.choice is not Choice.TOPIC
        return DataValidation("list", lists[column.choice], showErrorMessage=is_all, allow_blank=True)
    if column.read is day:
        since = "16681"  # 2 September 1945, as these programs count days
        return DataValidation(
            "date",
            since,
            operator="greaterThanOrEqual",
            errorStyle="warning",  # a program of another country takes dd/mm/yyyy for a text, which is as good
            showErrorMessage=True,
            allow_blank=True,
        )
    if column.read is count:
        return DataValidation("whole", "1", operator="greaterThanOrEqual", showErrorMessage=True, allow_blank=True)
    return None


def _write_lists(sheet: Worksheet, blank: Blank) -> Mapping[Choice, str]:
    """Where in the workbook each list stands."""
    offered: dict[Choice, Sequence[str]] = {
        Choice.KIND: [VALUES[kind]["vi"] for kind in PetitionKind],
        Choice.YES_NO: [YES, NO],
        Choice.TOPIC: TOPICS,
        Choice.UNIT: [unit.unit for unit in blank.units],
    }
    stands: dict[Choice, str] = {}
    for place, (choice, items) in enumerate(offered.items(), start=1):
        _write(sheet, 1, place, _LIST_HEADINGS[choice]).font = _BOLD
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 40
        for line, item in enumerate(items, start=2):
            _write(sheet, line, place, item)
        if items:
            stands[choice] = f"'{LISTS}'!${letter}$2:${letter}${len(items) + 1}"
    names = len(offered) + 1
    _write(sheet, 1, names, "Tên đơn vị").font = _BOLD
    sheet.column_dimensions[get_column_letter(names)].width = 60
    for line, unit in enumerate(blank.units, start=2):
        _write(sheet, line, names, unit.name)
    sheet.protection.sheet = True
    return MappingProxyType(stands)


def _write_how_to(sheet: Worksheet, blank: Blank) -> None:
    lines = (blank.title, f"Phiếu số {blank.mark.sheet}", *_STEPS)
    for line, told in enumerate(lines, start=1):
        _write(sheet, line, 1, told).font = _BOLD if line == 1 else Font()
    first = len(lines) + 2
    for place, heading in enumerate(("Cột", "Ý nghĩa", "Column", "Meaning"), start=1):
        _write(sheet, first, place, heading).font = _BOLD
    for line, column in enumerate(COLUMNS, start=first + 1):
        words = (column.heading["vi"], column.meaning["vi"], column.heading["en"], column.meaning["en"])
        for place, word in enumerate(words, start=1):
            _write(sheet, line, place, word)
    for letter, width in zip("ABCD", (28, 70, 28, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.protection.sheet = True


def _write(sheet: Worksheet, line: int, place: int, text: str) -> Cell:
    """A text, whatever it begins with: typed as such, and marked so that it stays one when somebody edits it."""
    cell = sheet.cell(line, place)
    assert isinstance(cell, Cell)
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
