"""Tests how text that people typed is cleaned and refused."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from domain.text import Code, Prose, ProseOrEmpty, SingleLine, SingleLineOrEmpty, clean_prose, fold_diacritics

LINE, PROSE, CODE = TypeAdapter[str](SingleLine), TypeAdapter[str](Prose), TypeAdapter[str](Code)
LINE_OR_NOTHING, PROSE_OR_NOTHING = TypeAdapter[str](SingleLineOrEmpty), TypeAdapter[str](ProseOrEmpty)
EVERY = {
    "Line": LINE,
    "Prose": PROSE,
    "Code": CODE,
    "LineOrNothing": LINE_OR_NOTHING,
    "ProseOrNothing": PROSE_OR_NOTHING,
}
every_type = pytest.mark.parametrize("text_type", EVERY.values(), ids=EVERY)
NAME = "Nguyễn Thị Đường"


@every_type
def test_composed_and_decomposed_vietnamese_is_one_text(text_type: TypeAdapter[str]) -> None:
    decomposed = unicodedata.normalize("NFD", NAME)
    assert decomposed != NAME
    assert text_type.validate_python(decomposed) == text_type.validate_python(NAME) == NAME


@every_type
@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x07",
        "\x0b",
        "\x1b",
        "\x1f",  # str.strip() takes it for a space
        "\x7f",
        "\x85",  # and this one
        "\x9b",
        "\ud800",
        "\u202a",
        "\u202e",
        "\u2066",
        "\u2069",
    ],
    ids=lambda character: f"U+{ord(character):04X}",
)
@pytest.mark.parametrize("around", ["ví {}dụ", "{}", " {}", "ví dụ{}"])
def test_a_character_that_deceives_or_breaks_a_reader_is_refused_and_named(
    text_type: TypeAdapter[str], character: str, around: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        text_type.validate_python(around.format(character))
    (error,) = refused.value.errors(include_input=False)
    # pydantic refuses lone surrogates before any rule of ours sees them
    assert f"U+{ord(character):04X}" in error["msg"] or error["type"] == "string_unicode"


@every_type
def test_a_text_is_trimmed(text_type: TypeAdapter[str]) -> None:
    assert text_type.validate_python(f"\n  {NAME}\t ") == NAME


@pytest.mark.parametrize("text_type", [LINE, PROSE, CODE])
@pytest.mark.parametrize("nothing", ["", " ", "\n\t", "\u00a0", "\u2029"])
def test_what_must_be_said_is_not_left_empty(text_type: TypeAdapter[str], nothing: str) -> None:
    with pytest.raises(ValidationError):
        text_type.validate_python(nothing)


@pytest.mark.parametrize("text_type", [LINE_OR_NOTHING, PROSE_OR_NOTHING])
@pytest.mark.parametrize("nothing", ["", " ", "\n\t", "\u00a0"])
def test_what_may_be_left_out_may_be_blank(text_type: TypeAdapter[str], nothing: str) -> None:
    assert text_type.validate_python(nothing) == ""


@pytest.mark.parametrize("text_type", [LINE, LINE_OR_NOTHING, CODE])
@pytest.mark.parametrize("line_break", ["\n", "\r", "\t", "\u2028", "\u2029"])
def test_a_line_is_one_line(text_type: TypeAdapter[str], line_break: str) -> None:
    with pytest.raises(ValidationError, match="the text must be one line"):
        text_type.validate_python(f"một{line_break}hai")


def test_prose_keeps_its_lines() -> None:
    assert PROSE.validate_python("một\nhai\tba\r\n") == "một\nhai\tba"


@pytest.mark.parametrize(
    ("text_type", "most"),
    [(LINE, 300), (LINE_OR_NOTHING, 300), (PROSE, 20_000), (PROSE_OR_NOTHING, 20_000), (CODE, 80)],
)
def test_a_text_has_its_bound(text_type: TypeAdapter[str], most: int) -> None:
    assert text_type.validate_python("đ" * most) == "đ" * most
    with pytest.raises(ValidationError, match=f"at most {most} characters"):
        text_type.validate_python("đ" * (most + 1))


@every_type
@pytest.mark.parametrize("no_text", [None, 1, 1.5, True, ["text"]])
def test_only_text_is_text(text_type: TypeAdapter[str], no_text: object) -> None:
    with pytest.raises(ValidationError):
        text_type.validate_python(no_text)


def test_a_page_of_marks_on_one_letter_is_refused_at_once() -> None:
    """Normalising it would take a second for each text."""
    pile = "a" + "\u0301" * 9_999 + "\u0316" * 9_999
    before = time.process_time()
    with pytest.raises(ValidationError, match="a letter bears more than 30 marks"):
        PROSE.validate_python(pile)
    assert time.process_time() - before < 0.2


@given(st.integers(0, 200), st.integers(0, 70), st.integers(0, 200))
def test_a_pile_of_marks_is_found_wherever_it_stands(before: int, marks: int, behind: int) -> None:
    text = "\u1ea1" * before + "a" + "\u0323" * marks + "b" * behind
    if marks > 30:
        with pytest.raises(ValueError, match="more than 30 marks"):
            clean_prose(text)
    else:
        assert clean_prose(text)


def test_thirty_marks_on_a_letter_are_still_a_letter() -> None:
    assert PROSE.validate_python("a" + "\u0316" * 30)


@given(st.text(max_size=200))
def test_a_text_is_refused_or_clean_and_cleaning_it_again_changes_nothing(text: str) -> None:
    try:
        cleaned = PROSE_OR_NOTHING.validate_python(text)
    except ValidationError:
        return
    whole = unicodedata.normalize("NFC", text)
    begins = whole.find(cleaned)
    taken_off = whole[:begins] + whole[begins + len(cleaned) :]
    assert begins >= 0, "the text itself is not changed"
    assert not [one for one in taken_off if one.isprintable() and unicodedata.category(one)[0] not in "ZML"]
    assert PROSE_OR_NOTHING.validate_python(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "as_searched"),
    [
        (NAME, "nguyen thi duong"),
        ("ĐẤT ĐAI", "dat dai"),
        (unicodedata.normalize("NFD", "Kiến nghị"), "kien nghi"),
        ("ưu ơ ă â ê ô", "uu o a a e o"),
        ("TD-2026-000001", "td-2026-000001"),
    ],
)
def test_a_search_needs_no_diacritics(text: str, as_searched: str) -> None:
    assert fold_diacritics(text) == as_searched


@given(st.text(max_size=100))
def test_composed_and_decomposed_text_is_found_by_the_same_words(text: str) -> None:
    assert fold_diacritics(unicodedata.normalize("NFC", text)) == fold_diacritics(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize("text", ["\u200b", "\ufeff \u200d", "\u2060\n"])
def test_a_text_that_nobody_can_see_is_empty(text: str) -> None:
    with pytest.raises(ValueError, match="the text is empty"):
        clean_prose(text)


@pytest.mark.parametrize("edge", ["\ufeff", "\u200b\u2060", "\u00ad", "\u200e ", "\u3164", "\ufeff\u00a0"])
def test_what_nobody_sees_is_taken_off_the_ends_of_a_text(edge: str) -> None:
    for kind in (PROSE, PROSE_OR_NOTHING):
        assert kind.validate_python(f"{edge}Sửa\u200d đường{edge}") == "Sửa\u200d đường"
    assert PROSE_OR_NOTHING.validate_python(edge) == ""
    with pytest.raises(ValidationError, match="empty"):
        PROSE.validate_python(edge)
