"""A cursor that a client holds stays valid: the text for a key never changes."""

from datetime import date
from uuid import UUID

import pytest

from service.api.cursors import decode_alert_cursor, decode_cursor, encode_alert_cursor, encode_cursor
from service.api.problem_details import Problem

DAY = date(2026, 7, 6)
FIRST, SECOND = UUID("01980a6e-1111-7000-8000-000000000001"), UUID("01980a6e-2222-7000-8000-000000000002")

WITHOUT_NUMBER = "AAtJ2wGYCm4REXAAgAAAAAAAAAE"
WITH_NUMBER = "AAtJ2wAAAAcBmApuERFwAIAAAAAAAAAB"
TWO_IDS = "AAtJ2wAAAAABmApuERFwAIAAAAAAAAABAZgKbiIicACAAAAAAAAAAg"
OF_ALERT = "MjAyNi0wNy0wNiAwMTk4MGE2ZS0xMTExLTcwMDAtODAwMC0wMDAwMDAwMDAwMDEgaGVhZCBkdWUtZGF5"


def test_the_text_of_a_cursor_never_changes() -> None:
    assert encode_cursor(DAY, FIRST) == WITHOUT_NUMBER
    assert encode_cursor(DAY, FIRST, nth=7) == WITH_NUMBER
    assert encode_cursor(DAY, FIRST, SECOND, nth=0) == TWO_IDS
    assert encode_alert_cursor(DAY, FIRST, "head due-day") == OF_ALERT


def test_a_cursor_is_decoded_to_its_key() -> None:
    assert decode_cursor(WITHOUT_NUMBER, ids=1, has_nth=False) == (DAY, 0, [FIRST])
    assert decode_cursor(WITH_NUMBER, ids=1, has_nth=True) == (DAY, 7, [FIRST])
    assert decode_cursor(TWO_IDS, ids=2, has_nth=True) == (DAY, 0, [FIRST, SECOND])
    assert decode_alert_cursor(OF_ALERT) == (DAY, FIRST, "head due-day")


@pytest.mark.parametrize("cursor", [WITHOUT_NUMBER, TWO_IDS, OF_ALERT, "", "x", "é", "_" * 32])
def test_a_cursor_of_another_layout_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as invalid:
        decode_cursor(cursor, ids=1, has_nth=True)
    assert (invalid.value.status, invalid.value.name) == (422, "invalid")
