"""Compares a real log of a municipality with figures that were counted from it by the standard library alone."""

import os
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from domain.imported_history import ImportedCase, find_import_flags
from service.config.law_files import national_law
from service.imports.mapping import load_mapping
from service.imports.readings import ReadCase
from tests.service.imports.case_reading import read_cases
from tests.service.imports.conftest import ZONE

ROOT = Path(__file__).parents[3]
LOG = Path(os.environ.get("RECEIPT_LOG") or ROOT.parent / "shared" / "data" / "receipt" / "receipt.csv")
SEEN_ON = date(2012, 1, 24)

pytestmark = pytest.mark.skipif(
    not LOG.is_file(), reason="the receipt log (doi:10.4121/uuid:a07386a5) is not here; RECEIPT_LOG may name it"
)


@pytest.fixture(scope="module")
def log() -> list[ImportedCase]:
    found = list(read_cases(LOG, load_mapping(ROOT / "docs" / "examples" / "receipt.toml"), ZONE, national_law()))
    assert all(isinstance(row, ReadCase) and not row.notes for row in found)
    assert sorted(n for row in found for n in row.rows) == list(range(2, 8579))
    return [row.case for row in found if isinstance(row, ReadCase)]


def late(case: ImportedCase) -> bool:
    assert case.due_on is not None
    return case.answered_on is not None and case.answered_on > case.due_on


def overdue(case: ImportedCase) -> bool:
    assert case.due_on is not None
    return case.answered_on is None and case.due_on < SEEN_ON


def test_every_case_and_every_step_is_told(log: list[ImportedCase]) -> None:
    assert len(log) == 1_434
    assert sum(len(case.steps) for case in log) == 8_577
    assert sum(case.answered_on is not None for case in log) == 1_329


def test_late_is_counted_by_calendar_day(log: list[ImportedCase]) -> None:
    assert sum(map(late, log)) == 309


def test_open_cases_stand_as_counted(log: list[ImportedCase]) -> None:
    due = [case.due_on for case in log if case.answered_on is None and case.due_on]
    assert (
        sum(day < SEEN_ON for day in due),
        sum(day == SEEN_ON for day in due),
        sum(day > SEEN_ON for day in due),
    ) == (39, 1, 65)


def test_the_untidy_cases_are_flagged_and_no_other(log: list[ImportedCase]) -> None:
    assert Counter(flag.flag for case in log for flag in find_import_flags(case, SEEN_ON)) == {
        "step_after_answer": 145,
        "answered_before_receipt": 2,
        "step_before_receipt": 2,
    }


def test_hand_overs_between_groups_are_as_counted(log: list[ImportedCase]) -> None:
    assert sum(before.unit != after.unit for case in log for before, after in pairwise(case.steps)) == 5_440


def test_each_group_has_its_cases(log: list[ImportedCase]) -> None:
    counted = {
        unit: (
            len(of_unit := [case for case in log if case.unit == unit]),
            sum(case.answered_on is not None for case in of_unit),
            sum(map(late, of_unit)),
            sum(map(overdue, of_unit)),
        )
        for unit in {case.unit for case in log}
    }
    assert counted == {
        "": (825, 813, 208, 11),
        "Group 2": (32, 22, 3, 2),
        "Group 5": (329, 250, 75, 23),
        "Group 6": (5, 4, 2, 1),
        "Group 7": (9, 8, 1, 0),
        "Group 8": (227, 227, 16, 0),
        "Group 10": (2, 0, 0, 2),
        "Group 11": (5, 5, 4, 0),
    }
