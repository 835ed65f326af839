from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.sealed_text import ERASED_TEXT
from projections.projection import Table
from projections.views import VIEWS
from service.security.text_sealing import TextKey, UnopenableText
from service.security.text_vault import TextVault
from service.security.view_texts import ViewTexts, open_cell, seal_cell
from tests.examples import examples

PETITION = UUID(int=1)
KEY, OTHER_KEY = TextKey(1, bytes(range(32))), TextKey(1, b"o" * 32)
KEYS = {1: KEY}
NAME = "overdue.summary"
TEXT = "đường hỏng"
STORED = bytes.fromhex("0001ae10e6c036c6c5731e364729ccb0da48610c2ce87efd97a201c6805a2592de70")
"""TEXT as a view held it once under KEY."""

texts = st.text(max_size=300)
said_texts = st.text(min_size=1, max_size=300)
keys = st.builds(TextKey, st.integers(1, 32767), st.binary(min_size=32, max_size=32))


@given(texts, st.uuids(), st.text(max_size=40), keys)
@examples(200)
def test_any_text_comes_back_from_a_cell(text: str, petition_id: UUID, name: str, key: TextKey) -> None:
    value = seal_cell(text, petition_id, name, {key.number: key})
    assert open_cell(value, petition_id, name, {key.number: key}) == text
    assert text.encode() not in value or len(text.encode()) < 4


def test_what_a_view_ever_held_opens() -> None:
    assert open_cell(STORED, PETITION, NAME, KEYS) == TEXT
    assert seal_cell(TEXT, PETITION, NAME, KEYS) == STORED


@given(said_texts, st.uuids(), st.uuids(), st.text(max_size=40))
@examples(100)
def test_no_cell_opens_in_the_row_of_another_petition(text: str, one: UUID, two: UUID, name: str) -> None:
    assume(one != two)
    with pytest.raises(UnopenableText, match="does not open"):
        open_cell(seal_cell(text, one, name, KEYS), two, name, KEYS)


@given(said_texts, st.text(max_size=40), st.text(max_size=40))
@examples(100)
def test_no_cell_opens_in_another_column(text: str, one: str, two: str) -> None:
    assume(one != two)
    with pytest.raises(UnopenableText, match="does not open"):
        open_cell(seal_cell(text, PETITION, one, KEYS), PETITION, two, KEYS)


@given(said_texts, st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
@examples(100)
def test_no_cell_opens_under_another_key(text: str, one: bytes, two: bytes) -> None:
    assume(one != two)
    value = seal_cell(text, PETITION, NAME, {1: TextKey(1, one)})
    with pytest.raises(UnopenableText, match="does not open"):
        open_cell(value, PETITION, NAME, {1: TextKey(1, two)})


@given(said_texts, st.data())
@examples(100)
def test_no_bit_of_a_sealed_cell_can_be_changed(text: str, data: st.DataObject) -> None:
    bent = bytearray(seal_cell(text, PETITION, NAME, KEYS))
    bent[data.draw(st.integers(2, len(bent) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(UnopenableText):
        open_cell(bytes(bent), PETITION, NAME, KEYS)


def test_a_cut_cell_does_not_open() -> None:
    value = seal_cell(TEXT, PETITION, NAME, KEYS)
    for size in range(2, len(value)):
        with pytest.raises(UnopenableText, match="does not open"):
            open_cell(value[:size], PETITION, NAME, KEYS)


@given(texts, texts)
@examples(200)
def test_the_same_text_gives_the_same_bytes_and_another_text_others(one: str, two: str) -> None:
    first, again = (seal_cell(one, PETITION, NAME, {1: TextKey(1, bytes(range(32)))}) for _ in range(2))
    assert first == again
    assert (seal_cell(two, PETITION, NAME, KEYS) == first) == (one == two)


def test_the_same_text_is_sealed_otherwise_in_another_column_and_another_petition() -> None:
    cells = {
        seal_cell(TEXT, PETITION, NAME, KEYS),
        seal_cell(TEXT, PETITION, "overdue.place", KEYS),
        seal_cell(TEXT, UUID(int=2), NAME, KEYS),
        seal_cell(TEXT, PETITION, NAME, {1: OTHER_KEY}),
        seal_cell(TEXT, PETITION, NAME, {2: TextKey(2, bytes(range(32)))}),
    }
    assert len(cells) == 5


@pytest.mark.parametrize("known", [{}, KEYS, {1: None}])
def test_an_empty_text_has_no_bytes_whatever_the_keys(known: dict[int, TextKey | None]) -> None:
    assert seal_cell("", PETITION, NAME, known) == b""
    assert open_cell(b"", PETITION, NAME, known) == ""


@given(said_texts, keys)
@examples(50)
def test_a_text_of_a_petition_without_a_key_is_plain_and_stays_readable_when_it_gets_one(
    text: str, key: TextKey
) -> None:
    value = seal_cell(text, PETITION, NAME, {})
    assert value == b"\0\0" + text.encode()
    assert open_cell(value, PETITION, NAME, {}) == open_cell(value, PETITION, NAME, {key.number: key}) == text


def test_a_cell_whose_key_was_erased_reads_as_erased() -> None:
    value = seal_cell(TEXT, PETITION, NAME, KEYS)
    assert open_cell(value, PETITION, NAME, {1: None}) == ERASED_TEXT
    assert open_cell(value, PETITION, NAME, {1: None, 2: TextKey(2, b"2" * 32)}) == ERASED_TEXT


def test_a_cell_whose_key_is_lost_is_not_taken_for_erased_and_the_error_does_not_say_the_text() -> None:
    value = seal_cell(TEXT, PETITION, NAME, KEYS)
    for known in ({}, {2: None}, {2: TextKey(2, b"2" * 32)}):
        with pytest.raises(UnopenableText) as raised:
            open_cell(value, PETITION, NAME, known)
        assert str(raised.value) == f"the key of {NAME} of petition {PETITION} is lost"


def test_a_cell_is_sealed_under_the_newest_key() -> None:
    newest = TextKey(2, b"2" * 32)
    value = seal_cell(TEXT, PETITION, NAME, {2: newest, 1: None})
    assert value == seal_cell(TEXT, PETITION, NAME, {2: newest})
    assert open_cell(value, PETITION, NAME, {1: None, 2: newest}) == TEXT


@given(texts, texts)
@examples(200)
def test_two_marks_of_one_vault_key_are_equal_only_for_equal_texts(one: str, two: str) -> None:
    marks = ViewTexts(TextVault(b"k" * 32))
    assert (marks.mark(one) == ViewTexts(TextVault(b"k" * 32)).mark(two)) == (one == two)


@given(said_texts, st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
@examples(100)
def test_a_mark_under_another_vault_key_is_another_one_and_never_shows_the_text(
    text: str, one: bytes, two: bytes
) -> None:
    assume(one != two)
    mark = ViewTexts(TextVault(one)).mark(text)
    assert mark != ViewTexts(TextVault(two)).mark(text)
    assert len(mark) == 8
    assert ViewTexts(TextVault(one)).mark("") == b""


TABLE = Table(
    "spots", ("petition_id",), ("kind", "place", "place_mark", "summary"), sealed=("place", "summary"),
    marked=("place_mark",),
)  # fmt: skip


def test_the_columns_that_a_table_declares_are_sealed_or_marked_and_no_others() -> None:
    vault = TextVault(b"k" * 32)
    view_texts, one, two = ViewTexts(vault), uuid4(), uuid4()
    rows: list[tuple[Any, ...]] = [(one, "mỏ", "xã Mẫu", "xã Mẫu", TEXT), (two, "", "", "", TEXT)]
    first, second = view_texts.seal_rows(TABLE, rows, {one: KEYS, two: {}})
    assert first == (
        one,
        "mỏ",
        "\\x" + seal_cell("xã Mẫu", one, "spots.place", KEYS).hex(),
        "\\x" + view_texts.mark("xã Mẫu").hex(),
        "\\x" + seal_cell(TEXT, one, "spots.summary", KEYS).hex(),
    )
    assert second == (two, "", "\\x", "\\x", "\\x0000" + TEXT.encode().hex())


def test_every_table_with_sealed_columns_names_the_petition_and_its_own_columns() -> None:
    tables = [table for view in VIEWS for table in view.tables if isinstance(table, Table)]
    assert any(table.sealed for table in tables)
    for table in tables:
        if table.sealed or table.marked:
            assert "petition_id" in table.key + table.columns
            assert set(table.sealed + table.marked) <= set(table.columns)
            assert not set(table.sealed) & set(table.marked)
