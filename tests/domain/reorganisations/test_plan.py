"""Tests what a file of a reorganisation says, and what it cannot say."""

import json
import tomllib
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.reorganisations.plan import UnitMove, parse_reorganisation_plan
from domain.units.commands import CloseUnit, UnitCommand
from domain.units.unit import UnitRegister
from domain.vocabulary import ReorganisationId, UnitId
from tests.domain.reorganisations.files import TWO_LEVELS
from tests.domain.units import LAST_DAY_OF_DISTRICTS, open_unit, register_of
from tests.domain.units import TWO_LEVELS as FIRST_OF_JULY

REORGANISATION = ReorganisationId(UUID(int=5))
PAST = (
    open_unit("tinh"),
    open_unit("huyen", "tinh"),
    open_unit("xa-mau-1", "huyen"),
    open_unit("xa-mau-2", "huyen"),
    open_unit("phong-huyen", "huyen"),
    open_unit("phong-xa", "xa-mau-1"),
)


def register_after_plan(text: str = TWO_LEVELS, units: UnitRegister | None = None) -> UnitRegister:
    return parse_reorganisation_plan(text).carry_out(register_of(*PAST) if units is None else units, REORGANISATION)


def test_the_register_afterwards_has_units_that_began_ended_and_moved() -> None:
    units = register_after_plan()
    huyen = units.by_id[UnitId("huyen")]
    assert huyen.closed_on == LAST_DAY_OF_DISTRICTS
    assert huyen.succeeded == (
        FIRST_OF_JULY,
        ("xa-mau-1", "xa-mau-2", "xa-mau-3"),
        "Luật 72/2025/QH15; 01/NQ-HĐND",
        REORGANISATION,
    )
    assert units.require(UnitId("xa-mau-3"), FIRST_OF_JULY).opened_on == FIRST_OF_JULY
    assert units.parent(UnitId("xa-mau-1"), FIRST_OF_JULY) == "tinh"
    assert units.present_successor(UnitId("phong-huyen"), FIRST_OF_JULY) == "phong-xa"
    assert units.present_successor(UnitId("huyen"), LAST_DAY_OF_DISTRICTS) == "huyen"


def test_a_unit_that_ended_on_that_very_day_is_not_ended_again() -> None:
    closing = CloseUnit(occurred_on=LAST_DAY_OF_DISTRICTS, unit="huyen", instrument="Nghị quyết ví dụ")
    assert (
        register_after_plan(units=register_of(*PAST, closing)).by_id[UnitId("huyen")].closed_on == LAST_DAY_OF_DISTRICTS
    )


def test_a_unit_may_be_succeeded_and_go_on() -> None:
    goes_on = TWO_LEVELS.replace('to = ["phong-xa"]', 'to = ["phong-xa"]\nends = false')
    assert register_after_plan(goes_on).is_in_being(UnitId("phong-huyen"), FIRST_OF_JULY)


def test_the_same_plan_may_be_written_as_json() -> None:
    plain = {**tomllib.loads(TWO_LEVELS), "on": "2025-07-01"}
    assert parse_reorganisation_plan(json.dumps(plain)) == parse_reorganisation_plan(TWO_LEVELS)


@pytest.mark.parametrize(
    ("place", "unit", "by_place"),
    [
        ("Thôn Một, xã Mẫu Hai, huyện Cũ", "xa-mau-2", True),
        ("thon mot xa mau hai", "xa-mau-2", True),
        ("XÃ MẪU BA", "xa-mau-3", True),
        ("xã Mẫu Ba Mới", "xa-mau-1", True),  # the longest name
        ("xã Mẫu Bảy", "xa-mau-1", False),  # whole words
        ("giữa xã Mẫu Hai và xã Mẫu Ba", "xa-mau-2", True),
        ("", "xa-mau-1", False),
    ],
)
def test_the_place_of_a_petition_says_to_whom_it_goes_or_it_goes_to_the_main_successor(
    place: str, unit: str, by_place: bool
) -> None:
    assert parse_reorganisation_plan(TWO_LEVELS).moves[UnitId("huyen")].successor(place) == (unit, by_place)


def test_two_places_that_are_equally_long_say_nothing() -> None:
    move = UnitMove.model_validate({"from": "h", "to": ["x", "y"], "places": {"Mẫu A": "x", "Mẫu B": "y"}})
    assert move.successor("Mẫu A và Mẫu B") == ("x", False)
    assert move.successor("Mẫu B") == ("y", True)


@given(st.text(max_size=60))
def test_every_petition_has_a_successor_whatever_its_place(place: str) -> None:
    move = parse_reorganisation_plan(TWO_LEVELS).moves[UnitId("huyen")]
    assert move.successor(place)[0] in move.to


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("title = ", "neither TOML nor JSON"),
        ("{", "neither TOML nor JSON"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('title = "x"', "the file: instrument is missing; on is missing; move is missing"),
        (TWO_LEVELS.replace("[[place]]", "[[plaice]]"), "plaice is not a known key"),
        (TWO_LEVELS.replace('"xã Mẫu Ba" = "xa-mau-3"', '"xã Mẫu Ba" = "xa-la"'), "not one of its successors"),
        (TWO_LEVELS.replace('from = "phong-huyen"', 'from = "huyen"'), "move names “huyen” twice"),
        (TWO_LEVELS.replace('to = ["phong-xa"]', 'to = ["huyen"]'), "name the unit that remains"),
        (TWO_LEVELS.replace('to = ["phong-xa"]', "to = []"), "to is empty"),
        (TWO_LEVELS.replace('level = "commune"', 'level = "comune"'), "is 'commune' meant"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_plain_words(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        parse_reorganisation_plan(text)


@pytest.mark.parametrize(
    ("text", "past", "why"),
    [
        (TWO_LEVELS, PAST[:-1], "there is no unit “phong-xa”"),
        (TWO_LEVELS, (*PAST, open_unit("xa-mau-3")), "the unit “xa-mau-3” is in the register already"),
        (
            TWO_LEVELS,
            (*PAST, CloseUnit(occurred_on=date(2025, 5, 31), unit="huyen", instrument="x")),
            "the unit “huyen” is not in being on 2025-06-30",
        ),
        (
            TWO_LEVELS,
            (*PAST, CloseUnit(occurred_on=date(2025, 5, 31), unit="xa-mau-2", instrument="x")),
            "the unit “xa-mau-2” is not in being on 2025-07-01",
        ),
        (
            TWO_LEVELS.replace('unit = "xa-mau-1"\nparent = "tinh"', 'unit = "tinh"\nparent = "xa-mau-1"'),
            PAST,
            "units cannot stand in a circle",
        ),
    ],
)  # fmt: skip
def test_what_the_register_does_not_allow_is_refused(text: str, past: tuple[UnitCommand, ...], why: str) -> None:
    with pytest.raises(Refused, match=why):
        register_after_plan(text, register_of(*past))


def test_two_reorganisations_cannot_make_a_unit_its_own_successor() -> None:
    units = register_after_plan()
    back = """
title = "x"
instrument = "x"
on = 2026-01-01
[[move]]
from = "phong-xa"
to = ["xa-mau-1"]
[[move]]
from = "xa-mau-2"
to = ["tinh"]
"""
    further = parse_reorganisation_plan(back).carry_out(units, REORGANISATION)
    assert further.present_successor(UnitId("phong-huyen"), date(2026, 1, 1)) == "xa-mau-1"
    circle = back.replace('to = ["xa-mau-1"]', 'to = ["phong-huyen"]')
    with pytest.raises(Refused, match="“phong-huyen” is not in being on 2026-01-01"):
        parse_reorganisation_plan(circle).carry_out(units, REORGANISATION)


def test_a_plan_is_bounded() -> None:
    many = "".join(f'[[move]]\nfrom = "u{n}"\nto = ["x"]\n' for n in range(5_001))
    with pytest.raises(Refused, match="at most 5000 items"):
        parse_reorganisation_plan(f'title = "x"\ninstrument = "x"\non = 2025-07-01\n{many}')
