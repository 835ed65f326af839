import gzip
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.files.cells import UnreadableFile
from service.files.csv_table import LONGEST_CSV_ROW
from service.imports.mapping import UnusableMapping
from service.imports.readings import CaseReading, ReadCase, UnreadableRows
from tests.examples import examples
from tests.service.imports.case_reading import english
from tests.service.imports.conftest import Read

MAPPING = '[source]\nname = "s"\nrows = "case"\n[case]\nkey = "Số"\nreceived = "Ngày"\nsummary = "Nội dung"\n'
HEADER = "Số,Ngày,Nội dung\n"
GOOD = "1,2024-01-05,một\n"


def keys_and_summaries(found: list[CaseReading]) -> list[tuple[str, str]]:
    return [(row.key, row.case.summary) for row in found if isinstance(row, ReadCase)]


def rows_and_reasons(found: list[CaseReading]) -> list[tuple[tuple[int, ...], str]]:
    return [(row.rows, english(row.reason)) for row in found if isinstance(row, UnreadableRows)]


def in_encoding(encoding: str) -> str:
    return MAPPING.replace("[case]", f'encoding = "{encoding}"\n[case]')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_file_says_by_its_mark_how_it_is_written(read: Read, encoding: str) -> None:
    assert keys_and_summaries(read((HEADER + GOOD).encode(encoding), MAPPING)) == [("1", "một")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-8"])
def test_a_file_without_a_mark_is_read_as_the_mapping_says(read: Read, encoding: str) -> None:
    assert keys_and_summaries(read((HEADER + GOOD).encode(encoding), in_encoding(encoding))) == [("1", "một")]


def test_windows_1258_gives_the_same_text_as_unicode(read: Read) -> None:
    # The code page has tones as characters of their own, after a letter with its circumflex or horn.
    text = HEADER + "1,2024-01-05,một việc được hỏi\n"
    pieces = []
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
        shape = "".join(mark for mark in apart if mark not in tones)
        pieces.append(unicodedata.normalize("NFC", shape) + tones)
    found = read("".join(pieces).encode("windows-1258"), in_encoding("windows-1258"))
    assert keys_and_summaries(found) == [("1", "một việc được hỏi")]


@pytest.mark.parametrize(
    ("content", "stated", "complaint"),
    [
        ((HEADER + GOOD).encode("utf-16-le"), "auto", "hold NUL characters|not in utf-8"),
        ("a,b\nSố".encode("utf-16"), "utf-8", "bears the mark of utf-16, the mapping says utf-8"),
        ((HEADER + GOOD).encode(), "windows-1258", "the file is in utf-8, the mapping says cp1258"),
        ((HEADER + GOOD).encode("utf-8-sig"), "windows-1258", "bears the mark of utf-8"),
        (HEADER.encode() + b"1,2024-01-05,\xd0\xf0n\n", "auto", r"not in utf-8 \(after line \d: byte D0\)"),
        ((HEADER + GOOD).encode("utf-16")[:-1], "auto", "not in utf-16"),
        (HEADER.encode() + b"1,2024-01-05,a\xc3", "auto", "not in utf-8"),
    ],
)
def test_a_file_in_another_encoding_is_refused_as_a_whole(
    read: Read, content: bytes, stated: str, complaint: str
) -> None:
    with pytest.raises(UnreadableFile, match=complaint):
        read(content, in_encoding(stated))


def test_a_heading_in_decomposed_letters_is_found(read: Read) -> None:
    assert keys_and_summaries(read(unicodedata.normalize("NFD", HEADER + GOOD), MAPPING)) == [("1", "một")]


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ("Số,Ngày\n", "case.summary: the file has no column “Nội dung”; it has “Số”, “Ngày”"),
        ("Số,Ngày,Noi dung\n", "no column “Nội dung”; is “Noi dung” meant?"),
        ("Số;Ngày;Nội dung\n", "no column “Số”; is source.delimiter = ';' meant?"),
        ("Số,Ngày,Nội dung,Số\n", "case.key: the file has the column “Số” twice"),
    ],
)
def test_a_mapping_that_does_not_fit_the_file_is_refused(read: Read, header: str, complaint: str) -> None:
    with pytest.raises(UnusableMapping) as refusal:
        read(header + GOOD, MAPPING)
    assert complaint in str(refusal.value)


def test_an_empty_file_is_refused(read: Read) -> None:
    with pytest.raises(UnreadableFile, match="the file is empty"):
        read("", MAPPING)


def test_a_row_is_numbered_as_in_a_spreadsheet_whatever_lines_its_cells_have(read: Read) -> None:
    found = read(HEADER + '1,2024-01-05,"một\nhai"\n\n,,\n2,2024-01-06\n', MAPPING)
    assert keys_and_summaries(found) == [("1", "một\nhai")]
    assert rows_and_reasons(found) == [((5,), "row 5: line 6: 2 cells, where the header has 3")]


def test_a_malformed_row_is_reported_and_the_others_are_read(read: Read) -> None:
    found = read(HEADER + GOOD + '2,"2024-01-06"x,hai\n' + "3,2024-01-07,ba\n", MAPPING)
    assert keys_and_summaries(found) == [("1", "một"), ("3", "ba")]
    assert rows_and_reasons(found) == [((3,), "row 3: line 3: not readable as CSV: ',' expected after '\"'")]


def test_rows_that_a_stray_quote_ran_together_are_reported_by_their_lines(read: Read) -> None:
    found = read(HEADER + '1,2024-01-05,"một\n2,2024-01-06,"hai"\n3,2024-01-07,ba\n', MAPPING)
    assert keys_and_summaries(found) == [("3", "ba")]
    assert "lines 2 to 3" in rows_and_reasons(found)[0][1]


def test_a_quote_that_is_never_closed_refuses_the_file(read: Read) -> None:
    with pytest.raises(UnreadableFile, match=r"opened in row 3 \(line 3\) and never closed"):
        read(HEADER + GOOD + '2,2024-01-06,"hai\n' + GOOD * 5, MAPPING)
    with pytest.raises(UnreadableFile, match=r"more than 1,000,000 characters; was a quote before it never closed\?"):
        read(HEADER + GOOD + '2,2024-01-06,"hai\n' + GOOD * 100_000, MAPPING)


def test_an_enormous_cell_is_reported_and_a_giant_refuses_the_file(read: Read) -> None:
    found = read(HEADER + f"1,2024-01-05,{'x' * 500_000}\n" + "2,2024-01-06,hai\n", MAPPING)
    assert keys_and_summaries(found) == [("2", "hai")]
    assert rows_and_reasons(found) == [((2,), "row 2, Nội dung: more than 20,000 characters")]
    with pytest.raises(UnreadableFile, match="more than 1,000,000 characters"):
        read(HEADER + "1,2024-01-05," + "x" * LONGEST_CSV_ROW, MAPPING)


def test_nul_and_characters_that_deceive_are_reported(read: Read) -> None:
    found = read(HEADER + "1,2024-01-05,a\0b\n2,2024-01-06,a\u202eb\n3\0,2024-01-07,c\n", MAPPING)
    assert keys_and_summaries(found) == []
    assert [reason for _, reason in rows_and_reasons(found)] == [
        "row 2, Nội dung: the character U+0000 may not stand in a text",
        "row 3, Nội dung: the character U+202E may not stand in a text",
        "row 4, Số: the character U+0000 may not stand in a text",
    ]


def test_a_packed_file_is_read_and_a_damaged_one_refused(read: Read) -> None:
    packed = gzip.compress((HEADER + GOOD).encode())
    assert keys_and_summaries(read(packed, MAPPING)) == [("1", "một")]
    with pytest.raises(UnreadableFile, match="damaged"):
        read(packed[:-9], MAPPING)


@given(st.binary(max_size=300) | st.text(alphabet='1,"\n\r2024-05ộ\0', max_size=80).map(str.encode))
@examples(150)
def test_whatever_a_file_holds_each_row_is_told_or_reported_or_the_file_refused(read: Read, content: bytes) -> None:
    try:
        found = read(HEADER.encode() + content, MAPPING)
    except UnreadableFile:
        return
    numbers = [number for row in found for number in row.rows]
    assert len(numbers) == len(set(numbers))
    assert all(isinstance(row, ReadCase) or row.reason for row in found)
