"""Tests files as people and programs make them: what is no sheet is refused in plain words, as a file or by row."""

import io
import re
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from domain.stored_words.table import word_in
from domain.vocabulary import PetitionKind
from service.files.cells import UnreadableFile
from service.files.package_scan import MOST_UNPACKED_BYTES, MOST_XML_ELEMENTS
from service.files.sheet_lines import MOST_SHEET_LINES
from service.sheets.columns import SHEET_COLUMNS
from service.sheets.parse import MOST_SHEET_BYTES, FilledRow, FilledSheet, read_sheet, read_sheet_file
from service.sheets.sheet_id import FIRST_ROW_LINE_NUMBER, MOST_SHEET_ROWS, SheetId
from service.sheets.template import BlankSheet, render_csv_sheet
from service.sheets.template_xlsx import render_xlsx_sheet
from tests.examples import examples
from tests.service.sheets.filling import (
    ANSWERED,
    ASSIGNED,
    CLASSIFIED,
    NOTED,
    PLACES,
    Row,
    filled_csv,
    filled_xlsx,
    open_table,
    workbook_bytes,
)

Fill = Callable[[BlankSheet, list[Row]], bytes]
BOTH = pytest.mark.parametrize("fill", [filled_xlsx, filled_csv], ids=["xlsx", "csv"])
PART = "xl/worksheets/sheet1.xml"


def only_row(sheet: FilledSheet) -> FilledRow:
    (row,) = sheet.rows
    return row


def repacked(content: bytes, changes: Mapping[str, bytes]) -> bytes:
    """Return the package with parts replaced or added."""
    parts, written = dict(changes), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name) if name in parts else old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return written.getvalue()


def part_of(content: bytes, name: str = PART) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name)


def with_sheet(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    changed = change(part_of(content))
    assert changed != part_of(content)
    return repacked(content, {"xl/worksheets/sheet1.xml": changed})


def as_excel_writes(content: bytes, item: bytes = rb"<si><t%s>%s</t></si>") -> bytes:
    """Return the same workbook with its texts in the part that all cells share."""
    items: list[bytes] = []

    def shared(found: re.Match[bytes]) -> bytes:
        items.append(item % (found[2], found[3]))
        return b'<c %st="s"><v>%d</v></c>' % (found[1], len(items) - 1)

    table = re.sub(rb'<c ([^>]*)t="inlineStr"><is><t([^>]*)>([^<]*)</t></is></c>', shared, part_of(content))
    assert items
    texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">%s</sst>' % b"".join(items)
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    kinds = part_of(content, "[Content_Types].xml").replace(
        b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
    )
    return repacked(content, {PART: table, "xl/sharedStrings.xml": texts, "[Content_Types].xml": kinds})


# -- what is read


@BOTH
def test_what_was_filled_in_is_read_with_the_row_it_stands_in(paper: BlankSheet, fill: Fill) -> None:
    sheet = read_sheet(fill(paper, [{}, ANSWERED, {}, ASSIGNED]))
    assert sheet.sheet_id == paper.sheet_id
    assert [(row.number, row.key) for row in sheet.rows] == [
        (4, paper.sheet_id.row_key(2)),
        (6, paper.sheet_id.row_key(4)),
    ]
    values = sheet.rows[0].cell_values
    assert values["kind"] is PetitionKind.PROPOSAL_FEEDBACK
    assert (values["person_count"], values["citizen_agreed"]) == (3, True)
    assert values["petitioner_identity_no"] == "001234567890"
    assert sheet.rows[1].cell_values["due_on"] == date(2026, 8, 14)
    assert sheet.rows[1].cell_values["coordinating_units"] == ("so-khac", "ubnd-tinh")


@BOTH
def test_an_empty_sheet_says_nothing(paper: BlankSheet, fill: Fill) -> None:
    assert read_sheet(fill(paper, [])).rows == []


DAYS: list[Any] = ["14/08/2026", "14/8/2026", "2026-08-14", "14-08-2026", "14.08.2026", date(2026, 8, 14)]


@pytest.mark.parametrize("written", [*DAYS, datetime(2026, 8, 14, 17, 30)], ids=str)
def test_a_day_may_be_a_cell_of_the_program_or_typed(paper: BlankSheet, written: Any) -> None:
    assert only_row(read_sheet(filled_xlsx(paper, [{**NOTED, "due_on": written}]))).cell_values["due_on"] == date(
        2026, 8, 14
    )


def test_a_workbook_that_counts_from_1904_means_the_same_days(paper: BlankSheet) -> None:
    workbook, table = open_table(filled_xlsx(paper, [NOTED]))
    workbook.epoch = CALENDAR_MAC_1904
    cell = table.cell(FIRST_ROW_LINE_NUMBER, PLACES["due_on"] + 1)
    cell.value = date(2026, 8, 14)
    assert only_row(read_sheet(workbook_bytes(workbook))).cell_values["due_on"] == date(2026, 8, 14)


NO_DAYS: list[Any] = ["08/14/2026", "31/02/2026", "14/8/26", "hôm qua", "46248", 46248, -3, 1e20]


@pytest.mark.parametrize("written", NO_DAYS)
@BOTH
def test_what_is_no_day_is_refused_by_row_and_column(paper: BlankSheet, fill: Fill, written: Any) -> None:
    row = only_row(read_sheet(fill(paper, [{**NOTED, "due_on": written}])))
    if isinstance(written, float | int) and fill is filled_xlsx:
        assert "“Thời hạn giải quyết, trả lời”" in row.reason
    else:
        assert row.reason.rpartition(" / ")[2] == "“Thời hạn giải quyết, trả lời” is not a day written as dd/mm/yyyy"


def test_a_strict_workbook_writes_days_as_days(paper: BlankSheet) -> None:
    workbook, table = open_table(filled_xlsx(paper, [NOTED]))
    workbook.iso_dates = True
    table.cell(FIRST_ROW_LINE_NUMBER, PLACES["due_on"] + 1).value = date(2026, 8, 14)
    content = workbook_bytes(workbook)
    assert b't="d"' in part_of(content)
    assert only_row(read_sheet(content)).cell_values["due_on"] == date(2026, 8, 14)


def test_a_format_that_only_seems_to_show_a_day_makes_none(paper: BlankSheet) -> None:
    workbook, table = open_table(filled_xlsx(paper, [NOTED, NOTED]))
    for line, form in ((FIRST_ROW_LINE_NUMBER, '0 "ngay"'), (FIRST_ROW_LINE_NUMBER + 1, r"[Red]0\d")):
        cell = table.cell(line, PLACES["minutes_page"] + 1)
        cell.value, cell.number_format = 12, form
    assert [row.cell_values["minutes_page"] for row in read_sheet(workbook_bytes(workbook)).rows] == ["12", "12"]


def test_a_text_that_the_program_made_a_day_is_refused_rather_than_guessed(paper: BlankSheet) -> None:
    row = only_row(read_sheet(filled_xlsx(paper, [{**NOTED, "notice_no": date(2026, 5, 12)}])))
    assert "“Số, ký hiệu thông báo” was made a day" in row.reason


@pytest.mark.parametrize("kind", PetitionKind)
@BOTH
def test_a_kind_is_chosen_in_vietnamese_with_or_without_marks_or_in_the_stored_word(
    paper: BlankSheet, fill: Fill, kind: PetitionKind
) -> None:
    vietnamese = word_in(kind, "vi")
    words = [vietnamese, vietnamese.upper(), kind.value, word_in(kind, "en")]
    sheet = read_sheet(fill(paper, [{**NOTED, "kind": word} for word in words]))
    assert [row.cell_values["kind"] for row in sheet.rows] == [kind] * 4


WRONG: dict[str, tuple[Row, str]] = {
    "a kind that there is not": ({"kind": "thư tình"}, "“Loại đơn” is none of: khiếu nại; tố cáo; kiến nghị, phản ánh"),
    "neither yes nor no": ({"citizen_agreed": "có lẽ"}, "“Công dân đồng ý” is neither “có” nor “không”"),
    "half a person": ({"person_count": "1.5"}, "“Số người” is not a whole number"),
    "many persons": ({"person_count": "nhiều"}, "“Số người” is not a whole number"),
}


@pytest.mark.parametrize(("cells", "reason"), WRONG.values(), ids=WRONG.keys())
@BOTH
def test_a_cell_that_is_not_as_it_must_be_is_refused_by_column_and_never_quoted(
    paper: BlankSheet, fill: Fill, cells: Row, reason: str
) -> None:
    assert only_row(read_sheet(fill(paper, [{**NOTED, **cells}]))).reason.rpartition(" / ")[2] == reason


def test_numbers_are_read_as_the_program_shows_them(paper: BlankSheet) -> None:
    row = only_row(read_sheet(filled_xlsx(paper, [{**NOTED, "minutes_page": 12, "petitioner_phone": 912345678.0}])))
    assert (row.cell_values["minutes_page"], row.cell_values["petitioner_phone"]) == ("12", "912345678")


def test_columns_may_have_been_moved(paper: BlankSheet) -> None:
    workbook, table = open_table(filled_xlsx(paper, [ASSIGNED]))
    for first, second in zip(table["B"], table["Z"], strict=True):
        first.value, second.value = second.value, first.value
    assert dict(only_row(read_sheet(workbook_bytes(workbook))).cell_values) == dict(
        only_row(read_sheet(filled_xlsx(paper, [ASSIGNED]))).cell_values
    )


def test_comments_hidden_rows_and_filters_change_nothing(paper: BlankSheet) -> None:
    content = filled_xlsx(paper, [ASSIGNED])
    workbook, table = open_table(content)
    table.cell(FIRST_ROW_LINE_NUMBER, 2).comment = Comment("Xem lại", "văn thư")
    table.row_dimensions[FIRST_ROW_LINE_NUMBER].hidden = True
    table.auto_filter.ref = "A2:Z7"
    assert read_sheet(workbook_bytes(workbook)).rows == read_sheet(content).rows


RICH = rb"<si><r><t%s>%s</t></r><r><rPr><b/></rPr><t></t></r><rPh sb='0' eb='1'><t>nghe</t></rPh></si>"


@pytest.mark.parametrize("item", [rb"<si><t%s>%s</t></si>", RICH], ids=["plain", "rich"])
def test_texts_may_be_shared_and_rich(paper: BlankSheet, item: bytes) -> None:
    content = filled_xlsx(paper, [ASSIGNED])
    assert read_sheet(as_excel_writes(content, item)).rows == read_sheet(content).rows


def test_the_last_row_that_some_programs_write_is_no_line_too_many(paper: BlankSheet) -> None:
    content = filled_xlsx(paper, [ASSIGNED])
    last = b'<row r="1048576" ht="12.8" customHeight="0"/></sheetData>'
    assert read_sheet(with_sheet(content, lambda part: part.replace(b"</sheetData>", last))).rows == (
        read_sheet(content).rows
    )


def test_a_workbook_may_have_other_worksheets_before_the_table(paper: BlankSheet) -> None:
    workbook, _ = open_table(filled_xlsx(paper, [ASSIGNED]))
    workbook.move_sheet(workbook.worksheets[0], 2)
    assert read_sheet(workbook_bytes(workbook)).rows == read_sheet(filled_xlsx(paper, [ASSIGNED])).rows


def test_a_csv_file_may_say_how_it_is_separated(paper: BlankSheet) -> None:
    content = filled_csv(paper, [ASSIGNED], encoding="utf-8")
    before = read_sheet(content).rows
    assert [row.cell_values for row in read_sheet(b"sep=;\r\n" + content).rows] == [row.cell_values for row in before]


def test_another_program_may_name_its_elements_with_a_prefix(paper: BlankSheet) -> None:
    content = filled_xlsx(paper, [ASSIGNED])

    def prefixed(part: bytes) -> bytes:
        part = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", part)
        return part.replace(b"xmlns=", b"xmlns:x=")

    assert read_sheet(with_sheet(content, prefixed)).rows == read_sheet(content).rows


# -- formulas


DANGEROUS = ("=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠", "'=", "=cmd|' /C calc'!A0", "@SUM(1+1)", "\n=")


@pytest.mark.parametrize("begin", DANGEROUS)
@BOTH
def test_a_text_that_looks_like_a_formula_is_a_text(paper: BlankSheet, fill: Fill, begin: str) -> None:
    typed = f"{begin}1+1"
    content = fill(paper, [NOTED])
    if fill is filled_csv:
        content = filled_csv(paper, [{"summary": typed}])
    else:
        workbook, table = open_table(content)
        cell = table.cell(FIRST_ROW_LINE_NUMBER, PLACES["summary"] + 1)
        cell.value, cell.data_type = typed.replace("\r", "\n"), "s"
        content = workbook_bytes(workbook)
    row = only_row(read_sheet(content))
    assert (row.reason, row.cell_values["summary"]) == ("", typed.strip().removeprefix("'"))


def test_a_formula_is_refused_by_row_and_never_reckoned(paper: BlankSheet) -> None:
    rows: list[Row] = [{"summary": "=1+1"}, NOTED, {**NOTED, "person_count": "=SUM(A1:A9)"}]
    sheet = read_sheet(filled_xlsx(paper, rows))
    assert [bool(row.reason) for row in sheet.rows] == [True, False, True]
    reasons = [row.reason.rpartition(" / ")[2] for row in sheet.rows]
    assert reasons[0] == "“Nội dung kiến nghị” holds a formula; type the text or number itself"
    assert reasons[2] == "“Số người” holds a formula; type the text or number itself"


def test_a_formula_with_a_result_is_a_formula(paper: BlankSheet) -> None:
    def reckoned(part: bytes) -> bytes:
        return part.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>"
        )

    content = filled_xlsx(paper, [{**NOTED, "person_count": "=1+1"}])
    assert "holds a formula" in only_row(read_sheet(with_sheet(content, reckoned))).reason


def test_an_error_of_the_program_is_refused_by_row(paper: BlankSheet) -> None:
    workbook, table = open_table(filled_xlsx(paper, [NOTED]))
    cell = table.cell(FIRST_ROW_LINE_NUMBER, PLACES["place"] + 1)
    cell.value = "#REF!"
    assert cell.data_type == "e"
    reason = only_row(read_sheet(workbook_bytes(workbook))).reason
    assert reason.rpartition(" / ")[2] == "“Địa điểm” holds an error of the spreadsheet program"


def test_a_key_that_is_a_formula_is_no_key(paper: BlankSheet) -> None:
    workbook, table = open_table(filled_xlsx(paper, [NOTED]))
    table.cell(FIRST_ROW_LINE_NUMBER, 1).value = "=A4"
    assert "holds no key" in only_row(read_sheet(workbook_bytes(workbook))).reason


# -- rows that cannot be known again


def test_a_row_without_its_key_is_refused(paper: BlankSheet) -> None:
    workbook, table = open_table(filled_xlsx(paper, [NOTED]))
    table.cell(FIRST_ROW_LINE_NUMBER, 1).value = None
    row = only_row(read_sheet(workbook_bytes(workbook)))
    assert (row.key, row.reason) == ("", "the first cell holds no key of this sheet: use one of its prepared rows")


def test_a_row_copied_from_another_sheet_is_refused(paper: BlankSheet) -> None:
    workbook, table = open_table(filled_xlsx(paper, [NOTED]))
    table.cell(FIRST_ROW_LINE_NUMBER, 1).value = SheetId.new(paper.sheet_id.meeting_id).row_key(1)
    assert "no key of this sheet" in only_row(read_sheet(workbook_bytes(workbook))).reason


def test_of_two_rows_with_one_key_neither_is_taken(paper: BlankSheet) -> None:
    workbook, table = open_table(filled_xlsx(paper, [NOTED, NOTED, NOTED]))
    table.cell(FIRST_ROW_LINE_NUMBER + 2, 1).value = paper.sheet_id.row_key(1)
    rows = read_sheet(workbook_bytes(workbook)).rows
    assert [row.reason for row in rows] == [
        "rows 3, 5 have the same key: use each prepared row once",
        "",
        rows[0].reason,
    ]


def test_keys_pulled_down_beyond_the_prepared_ones_are_good(paper: BlankSheet) -> None:
    workbook, table = open_table(filled_xlsx(paper, [NOTED]))
    table.cell(FIRST_ROW_LINE_NUMBER + 5, 1).value = paper.sheet_id.row_key(6)
    table.cell(FIRST_ROW_LINE_NUMBER + 5, PLACES["summary"] + 1).value = "Kiến nghị thứ sáu"
    assert [row.reason for row in read_sheet(workbook_bytes(workbook)).rows] == ["", ""]


def test_a_note_beside_the_table_is_refused_by_row(paper: BlankSheet) -> None:
    workbook, table = open_table(filled_xlsx(paper, [NOTED, NOTED]))
    table.cell(FIRST_ROW_LINE_NUMBER, len(SHEET_COLUMNS) + 3).value = "Gọi lại cho bà Ví Dụ"
    first, second = read_sheet(workbook_bytes(workbook)).rows
    assert (first.reason.rpartition(" / ")[2], second.reason) == ("column AB is none of this sheet", "")


# -- files that are no sheet


def no_zip_bomb(paper: BlankSheet) -> bytes:
    return repacked(render_xlsx_sheet(paper), {"xl/media/image1.png": b"\0" * (MOST_UNPACKED_BYTES + 1)})


def lying_zip_bomb(paper: BlankSheet) -> bytes:
    """Return a package that states a smaller size than it unpacks to."""
    content = bytearray(no_zip_bomb(paper))
    size = struct.pack("<I", MOST_UNPACKED_BYTES + 1)
    while (place := content.find(size)) >= 0:
        content[place : place + 4] = struct.pack("<I", 10)
    return bytes(content).replace(b"xl/media/image1.png", b"xl/worksheets/s.xml")


def flagged(flag: int) -> Callable[[BlankSheet], bytes]:
    """Return a function that makes a package whose parts all have the flag set (APPNOTE of the ZIP format, 4.4.4)."""

    def made(paper: BlankSheet) -> bytes:
        content = bytearray(render_xlsx_sheet(paper))
        for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = content.find(sign)
            while place >= 0:
                content[place + flags] |= flag
                place = content.find(sign, place + 1)
        return bytes(content)

    return made


def other_archive(_: BlankSheet) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("thư.docx", "x")
    return written.getvalue()


def by_bzip2(paper: BlankSheet) -> bytes:
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(render_xlsx_sheet(paper))) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_BZIP2) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return written.getvalue()


def merged(paper: BlankSheet) -> bytes:
    workbook, table = open_table(filled_xlsx(paper, [NOTED]))
    table.merge_cells("B3:C4")
    return workbook_bytes(workbook)


def with_part(name: str, content: bytes) -> Callable[[BlankSheet], bytes]:
    return lambda paper: repacked(render_xlsx_sheet(paper), {name: content})


def of_rows(row: bytes, count: int) -> Callable[[BlankSheet], bytes]:
    def made(paper: BlankSheet) -> bytes:
        return with_sheet(
            render_xlsx_sheet(paper), lambda part: part.replace(b"</sheetData>", row * count + b"</sheetData>")
        )

    return made


def without_column(paper: BlankSheet) -> bytes:
    workbook, table = open_table(render_xlsx_sheet(paper))
    table.delete_cols(PLACES["due_on"] + 1)
    return workbook_bytes(workbook)


def with_column(paper: BlankSheet) -> bytes:
    workbook, table = open_table(render_xlsx_sheet(paper))
    table.cell(1, 40).value = "ghi chú của Ví Dụ"
    return workbook_bytes(workbook)


def twice_a_column(paper: BlankSheet) -> bytes:
    workbook, table = open_table(render_xlsx_sheet(paper))
    table.cell(1, PLACES["due_on"] + 1).value = "summary"
    return workbook_bytes(workbook)


def with_entities(paper: BlankSheet) -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return with_sheet(render_xlsx_sheet(paper), lambda part: doctype + part)


def deep(paper: BlankSheet) -> bytes:
    return with_sheet(
        render_xlsx_sheet(paper), lambda part: part.replace(b"<sheetData>", b"<x>" * 5_000 + b"<sheetData>")
    )


FILES: dict[str, tuple[Callable[[BlankSheet], bytes], str]] = {
    "nothing": (lambda _: b"", "this is no sheet of a meeting"),
    "some text": (lambda _: b"xin ch\xc3\xa0o", "this is no sheet of a meeting"),
    "some bytes": (lambda _: bytes(range(256)), "the file is not in utf-8"),
    "a table of somebody else's": (lambda _: b"a;b\n1;2\n", "this is no sheet of a meeting"),
    "a giant": (lambda _: b"x" * (MOST_SHEET_BYTES + 1), "the file has more than 5,000,000 bytes"),
    "an old workbook": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "this is an old .xls file"),
    "a workbook with a password": (
        lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        "the file is encrypted: save it without a password",
    ),
    "an encrypted package": (flagged(0x01), "the file is encrypted: save it without a password"),
    "a package that mends another": (flagged(0x20), "the file is damaged: a part of it does not unpack"),
    "a package encrypted in another manner": (flagged(0x40), "the file is damaged: a part of it does not unpack"),
    "half a file": (lambda paper: render_xlsx_sheet(paper)[:5_000], "the file is damaged"),
    "macros": (
        with_part("xl/vbaProject.bin", b"Sub AutoOpen()"),
        "the file brings macros or embedded objects",
    ),
    "macros of the old kind": (
        with_part("xl/macrosheets/sheet1.xml", b"<x/>"),
        "the file brings macros or embedded objects",
    ),
    "a zip bomb": (no_zip_bomb, "unpacked the file has more than 16,000,000 bytes"),
    "another archive": (other_archive, "it is some other archive"),
    "packed in another manner": (by_bzip2, "it is packed in another manner"),
    "an OpenDocument file": (
        with_part("content.xml", b"<x/>"),
        "this is an OpenDocument file: save it as .xlsx",
    ),
    "a binary workbook": (
        with_part("xl/workbook.bin", b"x"),
        "this is an .xlsb file: save it as .xlsx",
    ),
    "merged cells": (merged, "the cells B3:C4 are merged: take them apart"),
    "a million empty rows": (of_rows(b"<row/>", 1_000_000), "more than 10,000 lines; delete the empty ones"),
    "a million styled rows": (of_rows(b'<row><c s="1"/></row>', 300_000), "more than 10,000 lines"),
    "columns without end": (
        lambda paper: with_sheet(render_xlsx_sheet(paper), lambda part: part.replace(b'r="A3"', b'r="XFD3"')),
        "the worksheet has more than 200 columns",
    ),
    "a text that is not there": (
        lambda paper: with_sheet(
            as_excel_writes(render_xlsx_sheet(paper)), lambda part: part.replace(b"<v>1</v>", b"<v>99</v>")
        ),
        "the file is damaged: open it in the spreadsheet program and save it again",
    ),
    "a column too few": (without_column, "the column “Thời hạn giải quyết, trả lời” is missing"),
    "a column too many": (with_column, "column AN is none of this sheet"),
    "a column twice": (twice_a_column, "the column “Nội dung kiến nghị” is there twice"),
    "a document type": (with_entities, "the file declares a document type or entities"),
    "elements in elements": (deep, "elements lie more than 50 deep in each other"),
    "no XML": (
        with_part("xl/worksheets/sheet1.xml", b"<worksheet><"),
        "a part of it is no XML",
    ),
    "no worksheet": (
        with_part("xl/workbook.xml", b"<workbook/>"),
        "this is no sheet of a meeting",
    ),
    "an old version of the form": (
        lambda paper: render_csv_sheet(paper).replace(b"kiennghi-sheet/1", b"kiennghi-sheet/0"),
        "this sheet is of another version",
    ),
    "a quote never closed": (lambda paper: render_csv_sheet(paper) + b'"', "a quote is opened"),
    "lines without end": (lambda paper: render_csv_sheet(paper) + b";;\n" * MOST_SHEET_LINES, "more than 10,000 lines"),
    "more petitions than a sheet takes": (
        lambda paper: render_csv_sheet(paper) + b"".join(b"x;y\n" for _ in range(MOST_SHEET_ROWS + 1)),
        "more than 1,000 rows are filled in",
    ),
    "no key of a column": (lambda paper: render_csv_sheet(paper).replace(b"summary", b"tom tat"), "is missing"),
}


@pytest.mark.parametrize(("made", "sentence"), FILES.values(), ids=FILES.keys())
def test_what_is_no_sheet_is_refused_in_plain_words_and_little_memory(
    paper: BlankSheet, made: Callable[[BlankSheet], bytes], sentence: str
) -> None:
    content = made(paper)
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFile) as refused:
            read_sheet(content)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()
    assert sentence in str(refused.value)
    assert "Ví Dụ" not in str(refused.value)


ENDLESS = {
    "elements": of_rows(b"<x/>" * MOST_XML_ELEMENTS, 1),
    "cells": of_rows(b"<row>" + b"<c/>" * 150 + b"</row>", MOST_XML_ELEMENTS // 150),
}


@pytest.mark.parametrize("made", ENDLESS.values(), ids=ENDLESS.keys())
def test_a_worksheet_that_does_not_end_is_not_read_to_its_end(
    paper: BlankSheet, made: Callable[[BlankSheet], bytes]
) -> None:
    with pytest.raises(UnreadableFile, match="more than 300,000 elements"):
        read_sheet(made(paper))


def test_a_bomb_that_states_less_than_it_unpacks_to_is_not_unpacked(paper: BlankSheet) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableFile, match="does not unpack"):
            read_sheet(lying_zip_bomb(paper))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_line_that_is_no_csv_is_refused_alone(paper: BlankSheet) -> None:
    content = filled_csv(paper, [NOTED, NOTED, NOTED])
    first, second, third = read_sheet(content.replace(b"002;", b'002;"a"b', 1)).rows
    assert (first.reason, third.reason) == ("", "")
    assert second.reason.startswith("this line is not readable as CSV")
    assert (second.number, second.key) == (4, "")


def test_a_file_called_as_if_it_had_macros_is_not_opened(paper: BlankSheet, tmp_path: Path) -> None:
    path = tmp_path / "phiếu.xlsm"
    path.write_bytes(render_xlsx_sheet(paper))
    with pytest.raises(UnreadableFile, match="may bring macros"):
        read_sheet_file(path)
    assert read_sheet_file(path.rename(tmp_path / "phiếu.xlsx")).rows == []
    with pytest.raises(UnreadableFile, match="No such file"):
        read_sheet_file(path)


# -- whatever comes


def read_or_refused(content: bytes) -> None:
    """Read the content; accept UnreadableFile, and let any other error fail the test."""
    try:
        read_sheet(content)
    except UnreadableFile as refused:
        message = str(refused)
        assert CLASSIFIED["petitioner_name"] not in message


FEW = examples(120)
FEWER = examples(20)  # each takes openpyxl a tenth of a second


def test_a_file_damaged_anywhere_is_read_or_refused_and_never_a_fault(paper: BlankSheet) -> None:
    @FEW
    @given(st.sampled_from([filled_xlsx(paper, [ANSWERED]), filled_csv(paper, [ASSIGNED])]), st.data())
    def holds(whole: bytes, data: st.DataObject) -> None:
        content = bytearray(whole)
        for _ in range(data.draw(st.integers(1, 6))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        read_or_refused(bytes(content[: data.draw(st.just(len(content)) | st.integers(0, len(content)))]))

    holds()


PARTS = [PART, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]
PIECES = [b"", b"0", b"-1", b"9999999999", b'"', b"<", b">", b"&#0;", b"A", b"xml", b"/", b"../", b"_xD800_"]


def test_a_part_damaged_anywhere_is_read_or_refused_and_never_a_fault(paper: BlankSheet) -> None:
    whole = as_excel_writes(filled_xlsx(paper, [ASSIGNED]))

    @FEW
    @given(st.sampled_from(PARTS), st.data())
    def holds(name: str, data: st.DataObject) -> None:
        content = bytearray(part_of(whole, name))
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(content) - 1))
            content[place : place + data.draw(st.integers(0, 4))] = data.draw(st.sampled_from(PIECES))
        read_or_refused(repacked(whole, {name: bytes(content)}))

    holds()


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@'＝\n;,\"éế"), min_size=1, max_size=40
)


def test_both_formats_say_the_same(paper: BlankSheet) -> None:
    empty = render_xlsx_sheet(paper)

    @FEWER
    @given(st.lists(TEXT.filter(str.strip), min_size=5, max_size=5))
    def holds(texts: list[str]) -> None:
        workbook, table = open_table(empty)
        for line, text in enumerate(texts, start=FIRST_ROW_LINE_NUMBER):
            cell = table.cell(line, PLACES["summary"] + 1)
            cell.value, cell.data_type = text, "s"
        of_workbook = read_sheet(workbook_bytes(workbook)).rows
        of_csv = read_sheet(filled_csv(paper, [{"summary": text} for text in texts])).rows
        assert [row.cell_values for row in of_workbook] == [row.cell_values for row in of_csv]

    holds()
