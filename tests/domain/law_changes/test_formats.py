"""Tests that every file in which a change of law was ever proposed is read for ever as it was read then.

`formats/N` holds files in format N, and what they say in `expected.json`. A file of a format is never changed; what was
approved once is read from the log, so a new format gets a folder of its own, and the old ones stay.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from domain.deadlines.calendar import Calendar
from domain.deadlines.policy_row import PolicyRow
from domain.errors import Refused
from domain.law_changes import decide
from domain.law_changes.events import LAW_FILE_FORMAT, LawChangeProposed, Subject
from domain.law_changes.law_change import LawChanges
from domain.law_changes.new_law import LAW_FILE_PARSERS, law_with_change
from domain.value import replace
from tests.domain.law_changes.files import HOLIDAY
from tests.domain.law_changes.test_decide import FIRST, LAW, PROPOSE, REVIEW, approve, changes_after, proposal_by
from tests.domain.scenario import CLERK, HEAD, TODAY

FORMATS = Path(__file__).parent / "formats"
NATIONAL = Calendar(
    version="N",
    first=date(2026, 1, 1),
    last=date(2026, 12, 31),
    days_off={date(2026, 1, 1): "Tết Dương lịch"},
    days_worked={},
    provisional=frozenset({date(2026, 1, 2)}),
    sources={2026: "Thông báo 0"},
)
"""A calendar that never changes, so that only the file decides what is read."""


def what_files_say(file_format: int) -> dict[str, Any]:
    """Return what the files of the format say, as JSON values."""
    parsers, folder = LAW_FILE_PARSERS[file_format], FORMATS / str(file_format)
    calendar = parsers.days((folder / "days.toml").read_text("utf-8"), NATIONAL)
    said = {
        "rules": TypeAdapter(tuple[PolicyRow, ...]).dump_python(
            parsers.rules((folder / "rules.toml").read_text("utf-8")), mode="json"
        ),
        "days": {
            "version": calendar.version,
            "first": calendar.first.isoformat(),
            "last": calendar.last.isoformat(),
            "days_off": {day.isoformat(): name for day, name in sorted(calendar.days_off.items())},
            "days_worked": {day.isoformat(): name for day, name in sorted(calendar.days_worked.items())},
            "provisional": [day.isoformat() for day in sorted(calendar.provisional)],
            "unchecked_years": sorted(calendar.unchecked_years),
            "sources": {str(year): source for year, source in sorted(calendar.sources.items())},
        },
    }
    found: dict[str, Any] = json.loads(json.dumps(said))
    return found


def test_each_format_has_files_that_are_kept() -> None:
    assert {folder.name for folder in FORMATS.iterdir()} == {str(known) for known in LAW_FILE_PARSERS}
    assert max(LAW_FILE_PARSERS) == LAW_FILE_FORMAT


@pytest.mark.parametrize("file_format", LAW_FILE_PARSERS)
def test_a_file_says_for_ever_what_it_said(file_format: int) -> None:
    expected = json.loads((FORMATS / str(file_format) / "expected.json").read_text("utf-8"))
    found = what_files_say(file_format)
    assert found["days"] == expected["days"]
    assert len(found["rules"]) == len(expected["rules"])
    for row, frozen in zip(found["rules"], expected["rules"], strict=True):
        assert frozen.items() <= row.items(), "a key that joins may have a value of its own"


def test_a_proposal_names_the_format_of_its_file() -> None:
    proposed = decide.propose_law_change(PROPOSE, FIRST, REVIEW, LawChanges(), TODAY)
    assert (proposed.text, proposed.format) == (HOLIDAY, LAW_FILE_FORMAT)


def test_a_file_in_an_unknown_format_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="written in format 2, which this program cannot read"):
        law_with_change(LAW, Subject.CALENDAR, HOLIDAY, 2)


def test_no_law_is_computed_without_an_approved_change_that_cannot_be_read() -> None:
    """A file that contradicts a later one is left out; a file that nobody can read must not be."""
    proposed, _ = proposal_by()
    assert isinstance(proposed, LawChangeProposed)
    newer = replace(proposed, format=2)
    approved = changes_after((newer, CLERK), (approve(changes_after(proposal_by()), HEAD), HEAD))
    with pytest.raises(Refused, match="use the newer program that proposed it"):
        approved.law(LAW)
