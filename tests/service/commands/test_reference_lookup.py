"""Tests that a register number is found as people type it."""

import pytest

from service.commands.reference_lookup import written_reference


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("TD-2026-000576", "TD-2026-000576"),
        ("td-2026-000576", "TD-2026-000576"),
        (" TD-2026-576\t", "TD-2026-000576"),
        ("td-2026-576.2", "TD-2026-000576.2"),
        ("so-don-thu:td-2026-576", "so-don-thu:td-2026-576"),
        ("TD-2026", "TD-2026"),
    ],
)
def test_a_register_number_is_read_as_the_register_writes_it(typed: str, written: str) -> None:
    assert written_reference(typed) == written
