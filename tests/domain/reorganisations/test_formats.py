"""Tests that every file in which a reorganisation was ever proposed is read for ever as it was read then.

`formats/N` holds files in format N, and what they say in `expected.json`. A file of a format is never changed; a new
format gets a folder of its own, and the old ones stay.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Refused
from domain.reorganisations.events import REORGANISATION_FILE_FORMAT
from domain.reorganisations.plan import REORGANISATION_FILE_PARSERS, parse_reorganisation_plan
from tests.domain.reorganisations.files import TWO_LEVELS

FORMATS = Path(__file__).parent / "formats"


def what_file_says(file_format: int, name: str) -> dict[str, Any]:
    """Return what a file of the format says, as JSON values."""
    plan = parse_reorganisation_plan((FORMATS / str(file_format) / name).read_text("utf-8"), file_format)
    return plan.model_dump(mode="json", by_alias=True)


def covers(found: Any, frozen: Any) -> bool:
    """Return True if everything frozen is found; a key that joins may have a value of its own."""
    if isinstance(frozen, dict):
        return isinstance(found, dict) and all(key in found and covers(found[key], frozen[key]) for key in frozen)
    if isinstance(frozen, list):
        return len(found) == len(frozen) and all(map(covers, found, frozen))
    return bool(found == frozen)


def test_each_format_has_files_that_are_kept() -> None:
    assert {folder.name for folder in FORMATS.iterdir()} == {str(known) for known in REORGANISATION_FILE_PARSERS}
    assert max(REORGANISATION_FILE_PARSERS) == REORGANISATION_FILE_FORMAT


@pytest.mark.parametrize("file_format", REORGANISATION_FILE_PARSERS)
def test_a_file_says_for_ever_what_it_said(file_format: int) -> None:
    expected = json.loads((FORMATS / str(file_format) / "expected.json").read_text("utf-8"))
    for name, frozen in expected.items():
        assert covers(what_file_says(file_format, name), frozen)


def test_a_file_in_an_unknown_format_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="written in format 2, which this program cannot read"):
        parse_reorganisation_plan(TWO_LEVELS, 2)
