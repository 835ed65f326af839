"""Reads one small register in every shape in which offices keep it."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from service.files.cells import UnreadableFile
from service.imports.mapping import UnusableMapping
from service.imports.readings import LeftOutRows, ReadCase, UnreadableRows
from tests.service.files.old_encodings import encode_old, encode_windows_1258
from tests.service.imports.case_reading import english
from tests.service.imports.conftest import Read

HEADER = ["Số", "Ngày đến", "Nội dung", "Đơn vị"]
ROWS = [
    ["1", "15/01/2024", "đề nghị sửa đường liên thôn", "xã ví dụ"],
    ["2", "05/02/2024", "kiến nghị về nước sạch", "xã ví dụ"],
]
READ = [
    ("1", date(2024, 1, 15), "đề nghị sửa đường liên thôn", "xã ví dụ"),
    ("2", date(2024, 2, 5), "kiến nghị về nước sạch", "xã ví dụ"),
]
CASE = '[case]\nkey = "Số"\nreceived = "Ngày đến"\nsummary = "Nội dung"\nunit = "Đơn vị"\n'


def mapping(more: str = "", *, delimiter: str = ",", date_format: str = "%d/%m/%Y", case: str = CASE) -> str:
    source = f'[source]\nname = "s"\nrows = "case"\ndelimiter = "{delimiter}"\ndate_format = "{date_format}"\n'
    return f"{source}{more}\n{case}"


def text_of(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


TABLE = text_of([HEADER, *ROWS])
TITLE = ["SỔ THEO DÕI ĐƠN NĂM 2024", "", "", ""]
TOTAL = ["Tổng cộng: 2 đơn", "31/12/2024", "", ""]
WIDE = [[*row, *(f"{'cột' if n == 0 else 'ô'} {i}" for i in range(96))] for n, row in enumerate([HEADER, *ROWS])]

TEXT_FILES: dict[str, tuple[bytes, str]] = {
    "utf-8": (TABLE.encode(), mapping()),
    "utf-8 with a mark": (TABLE.encode("utf-8-sig"), mapping()),
    "utf-16": (TABLE.encode("utf-16"), mapping()),
    "windows-1258": (encode_windows_1258(TABLE), mapping('encoding = "windows-1258"')),
    "tcvn3": (encode_old(TABLE, "tcvn3"), mapping('encoding = "TCVN3"')),
    "vni": (encode_old(TABLE, "vni"), mapping('encoding = "vni"')),
    "viscii": (encode_old(TABLE, "viscii"), mapping('encoding = "viscii"')),
    "semicolons": (text_of([HEADER, *ROWS], ";").encode(), mapping(delimiter=";")),
    "sep=": (f"sep=;\r\n{text_of([HEADER, *ROWS], ';')}".encode(), mapping()),
    "sep= with a mark": (f"sep=;\r\n{text_of([HEADER, *ROWS], ';')}".encode("utf-8-sig"), mapping()),
    "a title": (text_of([TITLE, ["", "", "", ""], HEADER, *ROWS]).encode(), mapping("header_row = 3")),
    "a total": (text_of([HEADER, *ROWS, TOTAL]).encode(), mapping()),
    "a skipped row": (text_of([HEADER, ["(1)", "(2)", "(3)", "(4)"], *ROWS]).encode(), mapping("skip = [2]")),
    "a header on each page": (text_of([HEADER, ROWS[0], HEADER, ROWS[1]]).encode(), mapping()),
    "100 columns": (text_of(WIDE).encode(), mapping()),
    "a header on two lines": (TABLE.replace("Ngày đến", '"Ngày\nđến"').encode(), mapping()),
    "blanks that nobody sees": (TABLE.replace("Ngày đến", "\u200bNgày\u00a0 đến").encode(), mapping()),
}


def cases_of(found: Sequence[object]) -> list[tuple[str, date, str, str]]:
    assert not [one for one in found if isinstance(one, UnreadableRows)]
    read = [one.case for one in found if isinstance(one, ReadCase)]
    return [(case.key, case.received_on, case.summary, case.unit) for case in read]


@pytest.mark.parametrize("shape", TEXT_FILES)
def test_a_register_is_read_in_every_shape_of_text(read: Read, shape: str) -> None:
    content, text = TEXT_FILES[shape]
    assert cases_of(read(content, text)) == READ


def test_quoted_line_ends_stay_in_a_summary(read: Read) -> None:
    found = read(TABLE.replace("kiến nghị về nước sạch", '"kiến nghị:\nnước sạch"'), mapping())
    assert cases_of(found)[1][2] == "kiến nghị:\nnước sạch"


def workbook_of(fill: Callable[[Any], None]) -> bytes:
    book, saved = Workbook(), io.BytesIO()
    fill(book.active)
    book.save(saved)
    return saved.getvalue()


def fill_plainly(sheet: Any) -> None:
    for row in [HEADER, *ROWS]:
        sheet.append(row)


def fill_with_types(sheet: Any) -> None:
    sheet.append(HEADER)
    sheet.append([1, date(2024, 1, 15), *ROWS[0][2:]])
    sheet.append([2, date(2024, 2, 5), *ROWS[1][2:]])


def fill_below_a_title(sheet: Any) -> None:
    sheet.append([TITLE[0]])
    sheet.merge_cells("A1:D2")
    sheet.append([])
    sheet.append([])
    fill_plainly(sheet)
    sheet.append(["Tổng cộng", None, "=COUNTA(A5:A6)"])
    sheet.merge_cells(f"A{sheet.max_row}:B{sheet.max_row}")


def fill_in_an_old_font(sheet: Any) -> None:
    for row in [HEADER, *ROWS]:
        sheet.append([encode_old(cell, "tcvn3").decode("latin-1") for cell in row])


WORKBOOKS: dict[str, tuple[Callable[[Any], None], str]] = {
    "texts": (fill_plainly, mapping()),
    "days and numbers": (fill_with_types, mapping()),
    "a merged title and a total with a formula": (fill_below_a_title, mapping("header_row = 4")),
    "an old font": (fill_in_an_old_font, mapping('encoding = "tcvn3"')),
}


@pytest.mark.parametrize("shape", WORKBOOKS)
@pytest.mark.parametrize("name", ["source.xlsx", "renamed.csv"])
def test_a_workbook_is_read_whatever_it_is_called(read: Read, shape: str, name: str) -> None:
    fill, text = WORKBOOKS[shape]
    assert cases_of(read(workbook_of(fill), text, name)) == READ


def test_cells_merged_over_rows_and_a_workbook_of_several_sheets_are_refused(read: Read) -> None:
    def merge(sheet: Any) -> None:
        fill_plainly(sheet)
        sheet.merge_cells("D2:D3")

    def add_sheet(sheet: Any) -> None:
        fill_plainly(sheet)
        fill_plainly(sheet.parent.create_sheet("Tháng 2"))

    with pytest.raises(UnreadableFile, match="D2:D3 are merged"):
        read(workbook_of(merge), mapping())
    with pytest.raises(UnusableMapping, match="several worksheets"):
        read(workbook_of(add_sheet), mapping())
    assert cases_of(read(workbook_of(add_sheet), mapping('worksheet = "Tháng 2"'))) == READ


def test_a_formula_in_a_cell_that_is_read_is_reported_and_elsewhere_ignored(read: Read) -> None:
    def fill(sheet: Any) -> None:
        for row in [[*HEADER, "Đếm"], [*ROWS[0], "=1+1"], [*ROWS[1][:3], '="xã"', "=1+1"]]:
            sheet.append(row)

    first, second = sorted(read(workbook_of(fill), mapping()), key=lambda one: one.rows)
    assert isinstance(first, ReadCase)
    assert isinstance(second, UnreadableRows)
    assert "D holds a formula" in second.reason


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old .xls file"),
        (b"PK\x05\x06" + bytes(18), "ZIP archive"),
        (b"%PDF-1.7\n", "PDF file"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        (b'\xef\xbb\xbf<!DOCTYPE html>\n<table border="1">', "web page"),
        (b"{\\rtf1 \\ansi", "RTF file"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "Excel 2003 XML"),
    ],
)
def test_what_is_no_table_is_named_by_its_first_bytes(read: Read, content: bytes, named: str) -> None:
    with pytest.raises(UnreadableFile, match=named) as refusal:
        read(content, mapping())
    assert "encoding" not in str(refusal.value)


@pytest.mark.parametrize("written", ["tcvn3", "vni", "viscii"])
def test_no_encoding_that_was_tried_is_advised_and_the_right_one_is(read: Read, written: str) -> None:
    content = encode_old(TABLE, written)
    with pytest.raises(UnreadableFile) as refusal:
        read(content, mapping())
    assert f'encoding = "{written}"' in str(refusal.value)
    ascii_header = b"So,Ngay,Noi dung,Don vi\r\n" + content.partition(b"\r\n")[2]
    case = '[case]\nkey = "So"\nreceived = "Ngay"\nsummary = "Noi dung"\nunit = "Don vi"\n'
    for tried in ("windows-1258", "windows-1252", "iso8859-1", *({"tcvn3", "vni", "viscii"} - {written})):
        with pytest.raises(UnreadableFile, match=r"TCVN3|đọc được theo") as refusal:
            read(ascii_header, mapping(f'encoding = "{tried}"', case=case))
        assert f'state encoding = "{tried}"' not in str(refusal.value)


def test_where_the_header_stands_lower_the_row_is_named(read: Read) -> None:
    with pytest.raises(UnusableMapping, match=r"the header is in row 3: state source\.header_row = 3"):
        read(text_of([TITLE, ["", "", "", ""], HEADER, *ROWS]), mapping())


def test_rows_that_are_no_data_are_said(read: Read) -> None:
    found = read(text_of([HEADER, ["x", "", "", ""], *ROWS, HEADER, TOTAL]), mapping("skip = [2]"))
    left_out = [(one.rows, english(one.reason)) for one in found if isinstance(one, LeftOutRows)]
    assert left_out == [
        ((2,), "skipped, as the mapping says"),
        ((5,), "the header again"),
        ((6,), "a total: “Tổng cộng: 2 đơn”"),
    ]


@pytest.mark.parametrize("word", ["Tổng cộng", "TỔNG CỘNG:", "Tổng số: 12", "Cộng", "Tổng", "Total", "Tổng cộng (12)"])
def test_a_total_is_no_case(read: Read, word: str) -> None:
    found = read(text_of([HEADER, *ROWS, ["", word, "", ""], [word, "", "2", ""]]), mapping())
    assert cases_of(found) == READ


@pytest.mark.parametrize("key", ["Tổng công ty 1", "Cộng đồng 5", "T-1"])
def test_a_key_that_begins_like_a_total_is_a_case(read: Read, key: str) -> None:
    assert cases_of(read(text_of([HEADER, [key, *ROWS[0][1:]]]), mapping()))[0][0] == key


def test_a_day_that_a_spreadsheet_counted_is_read_by_a_named_format(read: Read) -> None:
    found = read(TABLE.replace("15/01/2024", "45306").replace("05/02/2024", "45327.5"), mapping(date_format="excel"))
    assert cases_of(found) == READ
