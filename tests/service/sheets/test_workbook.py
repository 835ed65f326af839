"""Cells are read as the spreadsheet program shows them, whichever program wrote the workbook."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from service.files.cells import UnreadableFile
from service.files.sheet_lines import MOST_SHEET_COLUMNS, CellValue, UnusableCell
from service.files.workbook import MOST_WORKSHEETS, read_worksheets

PART = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FORMATS = {"day": "dd/mm/yyyy", "time": "hh:mm", "moment": "dd/mm/yyyy hh:mm", "span": "[h]:mm", "word": '0 "ngày"'}
STYLES = {name: place for place, name in enumerate(FORMATS, start=1)}


def workbook_of(table: str, after: str = "", more: Mapping[str, str] | None = None) -> bytes:
    """Return a workbook whose first worksheet has this XML for its rows; `more` replaces texts in all parts."""
    workbook, saved, written = Workbook(), io.BytesIO(), io.BytesIO()
    for place, form in enumerate(FORMATS.values(), start=1):
        workbook.worksheets[0].cell(place, 1, 1).number_format = form
    workbook.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name == PART:
                part = f'<worksheet xmlns="{NAMESPACE}"><sheetData>{table}</sheetData>{after}</worksheet>'
            for was, becomes in (more or {}).items():
                part = part.replace(was, becomes)
            new.writestr(name, part)
    return written.getvalue()


def cells_of(content: bytes) -> dict[tuple[int, int], CellValue]:
    """Return the cells of the first worksheet by the number of their line and the index of their column."""
    lines = next(iter(read_worksheets(content)))
    return {(line.number, index): cell for line in lines for index, cell in line.cells.items()}


def styled(style: str, value: str, kind: str = "n") -> str:
    return f'<c r="A1" t="{kind}" s="{STYLES[style]}"><v>{value}</v></c>'


CELLS: dict[str, tuple[str, CellValue]] = {
    "a whole number": ('<c r="A1"><v>12</v></c>', "12"),
    "a whole number with a fraction of zeros": ('<c r="A1"><v>912345678.0</v></c>', "912345678"),
    "a number in powers of ten": ('<c r="A1"><v>9.12345678E8</v></c>', "912345678"),
    "a fraction": ('<c r="A1"><v>1.5</v></c>', "1.5"),
    "a number of twelve digits": ('<c r="A1"><v>001234567890</v></c>', "1234567890"),
    "a number of twenty digits": ('<c r="A1"><v>12345678901234567890</v></c>', "12345678901234567890"),
    "a number below zero": ('<c r="A1"><v>-3</v></c>', "-3"),
    "digits as a text": ('<c r="A1" t="str"><v>0912345678</v></c>', "0912345678"),
    "a text in its cell": ('<c r="A1" t="inlineStr"><is><t>Đường ngập</t></is></c>', "Đường ngập"),
    "a rich text": (
        '<c r="A1" t="inlineStr"><is><r><t xml:space="preserve">Đường </t></r><r><rPr><b/></rPr><t>ngập</t></r>'
        '<rPh sb="0" eb="1"><t>nghe</t></rPh></is></c>',
        "Đường ngập",
    ),
    "a text with an escaped line end": ('<c r="A1" t="str"><v>một_x000A_hai</v></c>', "một\nhai"),
    "a text in decomposed letters": ('<c r="A1" t="str"><v>e\u0302\u0301</v></c>', "ế"),
    "a text between blanks": ('<c r="A1" t="inlineStr"><is><t xml:space="preserve">  một  </t></is></c>', "một"),
    "true": ('<c r="A1" t="b"><v>1</v></c>', "true"),
    "false": ('<c r="A1" t="b"><v>0</v></c>', "false"),
    "an error": ('<c r="A1" t="e"><v>#N/A</v></c>', UnusableCell.ERROR),
    "a formula": ('<c r="A1"><f>1+1</f><v>2</v></c>', UnusableCell.FORMULA),
    "a formula of a text": ('<c r="A1" t="str"><f>B1</f><v>có</v></c>', UnusableCell.FORMULA),
    "a formula of an error": ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', UnusableCell.FORMULA),
    "a formula that others share": ('<c r="A1"><f t="shared" si="0"/><v>2</v></c>', UnusableCell.FORMULA),
    "a formula of many cells": ('<c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>2</v></c>', UnusableCell.FORMULA),
    "a day": (styled("day", "46248"), date(2026, 8, 14)),
    "a day with the time of it": (styled("moment", "46248.75"), date(2026, 8, 14)),
    "a day in ISO 8601": (styled("day", "2026-08-14", "d"), date(2026, 8, 14)),
    "a moment in ISO 8601": (styled("moment", "2026-08-14T17:30:00", "d"), date(2026, 8, 14)),
    "a day that there is not": (styled("day", "99999999"), UnusableCell.ERROR),
    "a time": (styled("time", "0.5"), UnusableCell.TIME),
    "the time of a day": (styled("time", "46248.5"), UnusableCell.TIME),
    "a span of hours": (styled("span", "1.5"), UnusableCell.TIME),
    "a number with a word": (styled("word", "30"), "30"),
    "a text in a cell for days": (styled("day", "hôm qua", "str"), "hôm qua"),
}  # fmt: skip


@pytest.mark.parametrize(("cell", "value"), CELLS.values(), ids=CELLS.keys())
def test_a_cell_has_one_value(cell: str, value: CellValue) -> None:
    assert cells_of(workbook_of(f'<row r="1">{cell}</row>')) == {(1, 0): value}


EMPTY = ['<c r="A1"/>', '<c r="A1" s="1"/>', '<c r="A1" t="str"><v></v></c>', '<c r="A1" t="inlineStr"/>', "<extLst/>"]


@pytest.mark.parametrize("cell", EMPTY)
def test_an_empty_cell_is_none(cell: str) -> None:
    assert cells_of(workbook_of(f'<row r="1">{cell}</row>')) == {}


ONE = "<c><v>1</v></c>"
PLACES: dict[str, tuple[str, set[tuple[int, int]]]] = {
    "without numbers": (f"<row>{ONE}{ONE}</row><row>{ONE}</row>", {(1, 0), (1, 1), (2, 0)}),
    "with gaps": ('<row r="3"><c r="B3"><v>1</v></c><c r="AA3"><v>1</v></c></row>', {(3, 1), (3, 26)}),
    "hidden": (f'<row r="2" hidden="1">{ONE}</row>', {(2, 0)}),
    "after a gap": (f'<row r="2">{ONE}</row><row>{ONE}</row>', {(2, 0), (3, 0)}),
    "in the last row of all": (f'<row r="1048576">{ONE}</row>', {(1_048_576, 0)}),
    "in the last column that is read": ('<row><c r="GR1"><v>1</v></c></row>', {(1, MOST_SHEET_COLUMNS - 1)}),
}


@pytest.mark.parametrize(("table", "places"), PLACES.values(), ids=PLACES.keys())
def test_a_cell_has_the_place_that_the_program_shows(table: str, places: set[tuple[int, int]]) -> None:
    assert cells_of(workbook_of(table)).keys() == places


LOST = {
    "a row twice": f'<row r="2">{ONE}</row><row r="2">{ONE}</row>',
    "rows that go back": f'<row r="2">{ONE}</row><row r="1">{ONE}</row>',
    "a row beyond the last": f'<row r="1048577">{ONE}</row>',
    "a row without end": f'<row r="9999999999">{ONE}</row>',
    "a row that is no number": f'<row r="-1">{ONE}</row>',
    "a cell twice": '<row><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    "cells that go back": '<row><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
    "a cell nowhere": '<row><c r="1A"><v>1</v></c></row>',
}


@pytest.mark.parametrize("table", LOST.values(), ids=LOST.keys())
def test_a_table_of_which_cells_would_be_lost_is_refused(table: str) -> None:
    with pytest.raises(UnreadableFile, match="the cells of a worksheet are not in order"):
        cells_of(workbook_of(table))


DAMAGED = {
    "a number that is none": '<row><c r="A1"><v>mười</v></c></row>',
    "a truth that is none": '<row><c r="A1" t="b"><v>có</v></c></row>',
    "a day that is none": '<row><c r="A1" t="d"><v>hôm qua</v></c></row>',
    "a text that is not there": '<row><c r="A1" t="s"><v>7</v></c></row>',
    "a style that is no number": '<row><c r="A1" s="x"><v>7</v></c></row>',
}


@pytest.mark.parametrize("table", DAMAGED.values(), ids=DAMAGED.keys())
def test_what_the_library_cannot_read_is_damaged(table: str) -> None:
    with pytest.raises(UnreadableFile, match="damaged: open it in the spreadsheet program and save it again"):
        cells_of(workbook_of(table))


MERGED = {
    '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>': "the cells A1:B2 are merged",
    "<mergeCells><mergeCell ref='bà Ví Dụ'/></mergeCells>": "the cells are merged",
}


@pytest.mark.parametrize(("after", "sentence"), MERGED.items())
def test_merged_cells_are_refused_and_only_a_range_is_repeated(after: str, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        cells_of(workbook_of(f"<row>{ONE}</row>", after))


def test_merged_cells_of_a_later_worksheet_do_not_matter() -> None:
    workbook, saved = Workbook(), io.BytesIO()
    workbook.worksheets[0].append(["phiếu"])
    workbook.create_sheet("ghi chú").merge_cells("A1:B2")
    workbook.save(saved)
    assert cells_of(saved.getvalue()) == {(1, 0): "phiếu"}
    with pytest.raises(UnreadableFile, match="A1:B2 are merged"):
        list(read_worksheets(saved.getvalue()))


def test_a_strict_workbook_is_read() -> None:
    strict = {
        "http://schemas.openxmlformats.org/spreadsheetml/2006/": "http://purl.oclc.org/ooxml/spreadsheetml/",
        "http://schemas.openxmlformats.org/officeDocument/2006/": "http://purl.oclc.org/ooxml/officeDocument/",
    }
    content = workbook_of(f"<row>{styled('day', '2026-08-14', 'd')}</row>", more=strict)
    assert b"purl.oclc.org" in zipfile.ZipFile(io.BytesIO(content)).read(PART)
    assert cells_of(content) == {(1, 0): date(2026, 8, 14)}


def test_the_size_that_a_worksheet_states_is_not_believed() -> None:
    stated = {"<sheetData>": '<dimension ref="A1:A1"/><sheetData>'}
    content = workbook_of(f"<row>{ONE}{ONE}</row><row>{ONE}</row>", more=stated)
    assert cells_of(content).keys() == {(1, 0), (1, 1), (2, 0)}


def test_a_workbook_of_many_worksheets_is_refused() -> None:
    workbook, saved = Workbook(), io.BytesIO()
    for _ in range(MOST_WORKSHEETS):
        workbook.create_sheet()
    workbook.save(saved)
    with pytest.raises(UnreadableFile, match="more than 20 worksheets"):
        cells_of(saved.getvalue())


def test_nothing_of_a_cell_is_printed_as_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "phiếu.xlsx"
    path.write_bytes(workbook_of(f'<row r="1">{styled("day", "91234567890")}</row>'))
    script = "import sys, pathlib; from service.files.workbook import read_worksheets;"
    script += " list(read_worksheets(pathlib.Path(sys.argv[1]).read_bytes()))"
    done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    assert done.stderr == ""
