"""A row of CSV is read as it was written, or reported with its number, its lines and the reason."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.files.cells import UnreadableFile
from service.files.csv_table import LONGEST_CSV_ROW, CsvRow, CsvTable
from tests.examples import examples


def rows_of(text: str, delimiter: str = ",") -> list[CsvRow]:
    return list(CsvTable(io.StringIO(text, newline=""), delimiter))


READ: dict[str, tuple[str, list[list[str]]]] = {
    "nothing": ("", []),
    "one cell": ("a", [["a"]]),
    "an empty line": ("a\n\nb", [["a"], [], ["b"]]),
    "line ends of every kind": ("a\r\nb\rc\nd", [["a"], ["b"], ["c"], ["d"]]),
    "a line end in quotes": ('"a\r\nb",c', [["a\r\nb", "c"]]),
    "a quote in quotes": ('"a""b"', [['a"b']]),
    "a quote within a cell": ('a"b', [['a"b']]),
    "a delimiter in quotes": ('"a,b",c', [["a,b", "c"]]),
    "blanks": (" a , b ", [[" a ", " b "]]),
    "a NUL": ("a\0b", [["a\0b"]]),
    "cells of any number": ("a,b\nc\nd,e,f", [["a", "b"], ["c"], ["d", "e", "f"]]),
}


@pytest.mark.parametrize(("text", "cells"), READ.values(), ids=READ.keys())
def test_cells_are_read_as_they_were_written(text: str, cells: list[list[str]]) -> None:
    assert [row.cells for row in rows_of(text)] == cells


def test_a_row_has_its_number_and_the_lines_of_the_file() -> None:
    rows = rows_of('a\n"b\nc"\nd\n')
    assert [(row.number, row.first_line, row.last_line) for row in rows] == [(1, 1, 1), (2, 2, 3), (3, 4, 4)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_as_it_is_said(delimiter: str) -> None:
    assert [row.cells for row in rows_of(f"a{delimiter}b.", delimiter)] == [["a", "b."]]


def test_a_malformed_row_is_reported_alone() -> None:
    first, second, third = rows_of('a,b\n"c"d,e\nf,g\n')
    assert (first.fault, third.fault, third.cells) == ("", "", ["f", "g"])
    assert second.fault == "not readable as CSV: ',' expected after '\"'"
    assert (second.number, second.cells) == (2, [])


def test_a_quote_that_is_never_closed_is_named_by_row_and_line() -> None:
    with pytest.raises(UnreadableFile, match=r"a quote is opened in row 3 \(line 4\) and never closed"):
        rows_of('"a\nb"\nc\n"d\n')


@pytest.mark.parametrize("text", ["x" * 3_000_000, '"' + "x\n" * 3_000_000], ids=["of one line", "of many lines"])
def test_a_row_without_end_is_not_read_to_its_end(text: str) -> None:
    stream = io.StringIO(text, newline="")
    with pytest.raises(UnreadableFile, match=r"more than 1,000,000 characters; was a quote before it never closed\?"):
        list(CsvTable(stream))
    assert stream.tell() <= LONGEST_CSV_ROW + 2


def test_a_cell_may_be_as_long_as_a_row() -> None:
    assert [len(row.cells[0]) for row in rows_of("x" * LONGEST_CSV_ROW)] == [LONGEST_CSV_ROW]


@given(st.text(alphabet='a1,;"\r\n\0é', max_size=60))
@examples(200)
def test_whatever_the_text_each_row_is_told_or_reported_or_the_file_refused(text: str) -> None:
    try:
        rows = rows_of(text)
    except UnreadableFile:
        return
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert not any(row.fault and row.cells for row in rows)
