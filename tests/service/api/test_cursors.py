"""A cursor that a client holds stays valid: the text for a key never changes."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.hot_spots import HotPetitionCursor
from projections.meeting_lists import MeetingDayCursor, MeetingPetitionCursor
from projections.owed_list import OverdueCursor
from service.api.cursors import decode_cursor, encode_cursor
from service.api.problem_details import Problem
from service.api.routes.alerts import AlertCursor
from service.api.routes.unit_tables import InheritedCursor
from tests.examples import examples

DAY = date(2026, 7, 6)
FIRST, SECOND = UUID("01980a6e-1111-7000-8000-000000000001"), UUID("01980a6e-2222-7000-8000-000000000002")

TEXTS: list[tuple[str, tuple[Any, ...]]] = [
    ("lKoyMDI2LTA3LTA2xBABmApuERFwAIAAAAAAAAABoM0BCg", OverdueCursor(DAY, FIRST, "", 266)),
    (
        "lKoyMDI2LTA3LTA2xBABmApuERFwAIAAAAAAAAABuGNvbnRyaWJ1dGlvbi91bml0OnNvLW1hdc0wOQ",
        OverdueCursor(DAY, FIRST, "contribution/unit:so-mau", 12_345),
    ),
    ("kqoyMDI2LTA3LTA2xBABmApuERFwAIAAAAAAAAAB", HotPetitionCursor(DAY, FIRST)),
    ("k6oyMDI2LTA3LTA2xBABmApuERFwAIAAAAAAAAABBw", MeetingDayCursor(DAY, FIRST, 7)),
    ("k6oyMDI2LTA3LTA2xBABmApuERFwAIAAAAAAAAABxBABmApuIiJwAIAAAAAAAAAC", MeetingPetitionCursor(DAY, FIRST, SECOND)),
    ("k6oyMDI2LTA3LTA2xBABmApuERFwAIAAAAAAAAABrGhlYWQgZHVlLWRheQ", AlertCursor(DAY, FIRST, "head due-day")),
    ("kcQQAZgKbhERcACAAAAAAAAAAQ", InheritedCursor(FIRST)),
]


@pytest.mark.parametrize(("text", "key"), TEXTS, ids=[type(key).__name__ for _, key in TEXTS])
def test_the_text_of_a_cursor_never_changes(text: str, key: tuple[Any, ...]) -> None:
    assert encode_cursor(key) == text
    assert decode_cursor(text, type(key)) == key


def test_a_cursor_of_before_the_duties_is_that_of_a_petition() -> None:
    assert decode_cursor("kqoyMDI2LTA3LTA2xBABmApuERFwAIAAAAAAAAAB", OverdueCursor) == OverdueCursor(DAY, FIRST)


@pytest.mark.parametrize(
    ("text", "duty"),
    [
        ("k6oyMDI2LTA3LTA2xBABmApuERFwAIAAAAAAAAABoA", ""),
        (
            "k6oyMDI2LTA3LTA2xBABmApuERFwAIAAAAAAAAABuGNvbnRyaWJ1dGlvbi91bml0OnNvLW1hdQ",
            "contribution/unit:so-mau",
        ),
    ],
)
def test_a_cursor_of_before_it_carried_the_total_has_none(text: str, duty: str) -> None:
    assert decode_cursor(text, OverdueCursor) == OverdueCursor(DAY, FIRST, duty, None)


def test_the_last_page_has_no_cursor_and_the_first_needs_none() -> None:
    assert encode_cursor(None) is None
    assert decode_cursor(None, OverdueCursor) is None


@given(st.builds(AlertCursor, st.dates(), st.uuids(), st.text(st.characters(exclude_characters="\0", codec="utf-8"))))
@examples(100)
def test_a_cursor_is_decoded_to_its_key(key: AlertCursor) -> None:
    assert decode_cursor(encode_cursor(key), AlertCursor) == key


@pytest.mark.parametrize("kind", [MeetingDayCursor, AlertCursor])
@pytest.mark.parametrize(
    "cursor",
    [
        *(text for text, key in TEXTS if not isinstance(key, MeetingDayCursor | AlertCursor | OverdueCursor)),
        *("", "x", "é", "_" * 32, "A" * 38, "AAtJ2wGYCm4REXAAgAAAAAAAAAE"),
        encode_cursor((DAY, FIRST, "một\0hai")),
        encode_cursor(("hôm qua", FIRST, 7)),
        encode_cursor((DAY, "x", 7)),
        encode_cursor((DAY, FIRST, 7, 8)),
        encode_cursor((DAY, FIRST, None)),
        encode_cursor({"day": DAY}),  # type: ignore[arg-type]
    ],
)
def test_a_cursor_of_another_kind_is_refused(kind: type[tuple[Any, ...]], cursor: str) -> None:
    with pytest.raises(Problem) as invalid:
        decode_cursor(cursor, kind)
    assert (invalid.value.status, invalid.value.name) == (422, "invalid")


@given(st.binary(max_size=60))
@examples(200)
def test_whatever_a_client_sends_is_a_key_or_refused(raw: bytes) -> None:
    cursor = encode_cursor((msgspec.Raw(raw),))
    for sent in (cursor, raw.decode("latin-1")):
        try:
            decode_cursor(sent, MeetingDayCursor)
        except Problem:
            continue
