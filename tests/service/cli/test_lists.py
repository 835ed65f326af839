"""Tests the lists of the command line: every column has a heading in both languages, days and numbers as written."""

from dataclasses import fields
from datetime import date

import pytest

from domain.labels import Language
from domain.status import DueState
from projections.meeting_counts import DAY_FIGURES, MEETING_GROUPS, PETITION_FIGURES
from projections.meeting_follow_up import UnitFollowing
from service.cli.lists import LIST_HEADINGS, counts_in_words, show_list, word_or_code, written_cell


def test_every_figure_and_field_of_a_list_has_a_heading() -> None:
    shown = {*DAY_FIGURES, *PETITION_FIGURES, *MEETING_GROUPS, *(field.name for field in fields(UnitFollowing))}
    assert shown <= LIST_HEADINGS.keys()
    for heading in LIST_HEADINGS.values():
        assert heading["vi"].strip() == heading["vi"] != ""
        assert heading["en"].strip() == heading["en"] != ""


@pytest.mark.parametrize(
    ("cell", "language", "written"),
    [
        (date(2026, 7, 6), "vi", "06/07/2026"),
        (date(2026, 7, 6), "en", "2026-07-06"),
        (12.5, "vi", "12,5"),
        (12.5, "en", "12.5"),
        (1733, "vi", "1.733"),
        (1733, "en", "1733"),
        ("TD-2026-000001", "vi", "TD-2026-000001"),
    ],
)
def test_a_day_and_a_number_are_written_as_the_language_writes_them(
    cell: object, language: Language, written: str
) -> None:
    assert written_cell(cell, language) == written


def test_a_list_has_its_headings_in_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    show_list(("reference", "due_on", "days_late"), [("TD-1", date(2026, 7, 6), 1733)], "vi")
    heading, _, row = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert heading.split() == ["số", "đăng", "ký", "hạn", "số", "ngày", "quá", "hạn"]
    assert row.split() == ["TD-1", "06/07/2026", "1.733"]


def test_the_states_of_a_list_are_those_that_officials_use() -> None:
    assert [word_or_code("DueState", state, "vi") for state in DueState] == [
        *("Trong hạn", "Sắp hết hạn", "Hết hạn hôm nay", "Quá hạn", "Tạm đình chỉ", "Chưa ấn định thời hạn"),
    ]
    assert counts_in_words({"overdue": 1200, "due_today": 0}, "vi", "DueState") == "Quá hạn 1.200, Hết hạn hôm nay 0"
    assert word_or_code("Level", None, "vi") == ""
