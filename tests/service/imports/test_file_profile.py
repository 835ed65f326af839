"""Tests that receipts far from the rest of a file are counted, and years that follow one another are not."""

from datetime import date

import pytest

from domain.imported_history import ImportedCase
from service.imports.file_profile import FileProfile


@pytest.mark.parametrize(
    ("years", "far"),
    [
        ([2022, 2023, 2023, 2024], (0, [])),
        ([2016, 2021, 2026], (0, [])),  # five years apart, one after the other
        ([2004, 2024, 2024], (1, [2004])),
        ([1968, 2024, 2024, 2025, 2068], (2, [1968, 2068])),
        ([2004, 2024], (0, [])),  # nothing says which of the two is meant
        ([], (0, [])),
    ],
)
def test_receipts_far_from_most_others_are_counted(years: list[int], far: tuple[int, list[int]]) -> None:
    profile = FileProfile(date(2026, 12, 1))
    for key, year in enumerate(years):
        profile.add(ImportedCase(source="s", key=str(key), received_on=date(year, 5, 1)), 0)
    assert profile.far_receipts() == far
    said = [one.en for one in profile.sentences() if "far from the rest" in one.en]
    assert bool(said) == bool(far[0])
