"""Tests that the blind index finds the same person again, and reveals nobody."""

import pytest

from domain.petitioner import Petitioner
from service.security.blind_index import identity_no_blind_index, name_blind_index

KEY, ANOTHER_KEY = b"k" * 32, b"x" * 32
PERSON = Petitioner(name="Nguyễn Thị Ví Dụ", identity_no="001 000 000 001")


@pytest.mark.parametrize("name", ["NGUYEN THI VI DU", "Bà Nguyễn Thị Ví Dụ", "nguyễn  thị ví dụ"])
def test_a_name_has_one_mark_however_it_is_typed(name: str) -> None:
    assert name_blind_index(Petitioner(name=name), KEY) == name_blind_index(PERSON, KEY)


def test_a_number_has_one_mark_however_it_is_typed() -> None:
    assert identity_no_blind_index(Petitioner(name="An", identity_no="001000000001"), KEY) == identity_no_blind_index(
        PERSON, KEY
    )


def test_others_have_other_marks() -> None:
    assert name_blind_index(Petitioner(name="Nguyễn Thị Ví"), KEY) != name_blind_index(PERSON, KEY)
    assert identity_no_blind_index(Petitioner(name="An", identity_no="001000000002"), KEY) != identity_no_blind_index(
        PERSON, KEY
    )


def test_who_is_called_like_a_number_is_not_found_by_it() -> None:
    numbers = Petitioner(name="001000000001", identity_no="001000000001")
    assert name_blind_index(numbers, KEY) != identity_no_blind_index(numbers, KEY)


def test_with_another_vault_key_nobody_is_found() -> None:
    assert name_blind_index(PERSON, KEY) != name_blind_index(PERSON, ANOTHER_KEY)


def test_what_is_not_known_has_no_mark() -> None:
    assert identity_no_blind_index(Petitioner(name="An"), KEY) is None
    assert name_blind_index(Petitioner(name="…"), KEY) is None
