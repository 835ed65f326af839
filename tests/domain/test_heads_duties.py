"""Tests the data on how often heads must meet the people."""

from datetime import date
from importlib.resources import files

import pytest

from domain.meetings.duties import Duties, DutyError, DutyPeriod, parse_duties
from domain.units.events import Branch, Level
from domain.units.unit import Unit
from domain.value import replace
from domain.vocabulary import UnitId

NATIONAL = parse_duties(
    files("domain.policy").joinpath("heads-duties.toml").read_text(encoding="utf-8"), "heads-duties.toml"
)
COMMUNE = Unit(unit=UnitId("xa-mau"), name="Xã Mẫu", level=Level.COMMUNE, opened_on=date(2010, 1, 1))
PROVINCE = Unit(unit=UnitId("ubnd-tinh"), name="Tỉnh", level=Level.PROVINCE, opened_on=date(2010, 1, 1))
ROW = """
[[duty]]
id = "tinh-doi-thoai"
version = 1
kind = "dialogue_conference"
level = "province"
heads_of = ["unknown"]
times = 1
per = "year"
delegation = "lawful"
in_force_from = 2018-04-04
legal_source = "Quy định của tỉnh (ví dụ)"
verified = false
"""


def required(duties: Duties, unit: Unit, first: date, last: date) -> list[tuple[str, int, date, date]]:
    return [(one.duty, one.times, one.first, one.last) for one in duties.required_meetings([unit], first, last)]


def test_a_commune_holds_a_dialogue_a_year_and_its_chair_receives_twice_a_month() -> None:
    found = required(NATIONAL, COMMUNE, date(2026, 7, 1), date(2026, 12, 31))
    assert ("commune-dialogue@2", 1, date(2026, 1, 1), date(2026, 12, 31)) in found
    months = [period for period in found if period[0] == "commune-chair-reception@2"]
    assert [(times, first.month) for _, times, first, _ in months] == [(2, n) for n in range(7, 13)]


def test_before_july_2026_a_communes_chair_received_once_a_week() -> None:
    found = required(NATIONAL, COMMUNE, date(2026, 6, 1), date(2026, 6, 28))
    assert [period[2:] for period in found] == [(date(2026, 6, day), date(2026, 6, day + 6)) for day in (1, 8, 15, 22)]
    # the week of the change began under the one rule and ended under the other: neither asks for it
    assert required(NATIONAL, COMMUNE, date(2026, 6, 29), date(2026, 7, 30)) == []


def test_a_period_counts_in_the_window_it_ends_in_and_in_no_other() -> None:
    year = required(NATIONAL, COMMUNE, date(2026, 7, 15), date(2027, 7, 14))
    halves = [
        *required(NATIONAL, COMMUNE, date(2026, 7, 15), date(2026, 12, 14)),
        *required(NATIONAL, COMMUNE, date(2026, 12, 15), date(2027, 7, 14)),
    ]
    assert sorted(year) == sorted(halves)


def test_a_unit_owes_nothing_of_a_period_in_which_it_began_or_ended() -> None:
    young = Unit(
        unit=UnitId("xa-moi"),
        name="Xã Mới",
        level=Level.COMMUNE,
        opened_on=date(2026, 7, 2),
        closed_on=date(2026, 9, 29),
    )
    found = required(NATIONAL, young, date(2026, 1, 1), date(2026, 12, 31))
    assert [first for duty, _, first, _ in found if duty.startswith("commune-chair")] == [date(2026, 8, 1)]
    assert not [duty for duty, *_ in found if duty.startswith("commune-dialogue")]


def test_a_rule_of_party_committees_binds_no_unit_of_which_nothing_is_said() -> None:
    assert required(NATIONAL, PROVINCE, date(2026, 1, 1), date(2026, 12, 31)) == []


def test_a_rule_binds_the_units_of_its_branch() -> None:
    committee = replace(PROVINCE, branch=Branch.PARTY_COMMITTEE)
    found = required(NATIONAL, committee, date(2026, 1, 1), date(2026, 3, 31))
    assert [(duty, times) for duty, times, *_ in found] == [("party-head-reception-province@1", 1)] * 3


def test_a_year_that_two_versions_share_is_one_year() -> None:
    found = required(NATIONAL, COMMUNE, date(2025, 1, 1), date(2025, 12, 31))
    assert [duty for duty, *_ in found if duty.startswith("commune-dialogue")] == ["commune-dialogue@2"]


def test_a_province_adds_a_rule_of_its_own() -> None:
    found = required(parse_duties(ROW, "ours.toml"), PROVINCE, date(2026, 1, 1), date(2026, 12, 31))
    assert found == [("tinh-doi-thoai@1", 1, date(2026, 1, 1), date(2026, 12, 31))]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("times = 1", "times = 0"), "row 1"),
        (('per = "year"', 'per = "decade"'), "row 1"),
        (("version = 1", "version = 1\nwhat = 2"), "row 1"),
        (("verified = false", 'verified = true\nknown_from = "press"'), "from press alone is not verified"),
        (("verified = false", 'verified = true\nknown_from = "memory"'), "from memory alone is not verified"),
        (("in_force_from = 2018-04-04", "in_force_from = 2018-04-04\nin_force_to = 2018-01-01"), "is before"),
        (("[[duty]]", "[[duties]]"), "'duties' is not a known key"),
        (("[[duty]]", "[[duty"), "this is not TOML"),
        ((ROW, ROW + ROW), "is there twice"),
        ((ROW, ROW + ROW.replace("version = 1", "version = 2")), "are in force together"),
    ],
)
def test_a_file_that_cannot_be_applied_is_refused_with_the_row(change: tuple[str, str], reason: str) -> None:
    with pytest.raises(DutyError, match=reason):
        parse_duties(ROW.replace(*change), "ours.toml")


@pytest.mark.parametrize("per", DutyPeriod)
def test_periods_follow_one_another(per: DutyPeriod) -> None:
    first = per.first_day(date(2024, 2, 29))
    assert first <= date(2024, 2, 29) < per.next_first_day(first)
    assert per.first_day(per.next_first_day(first)) == per.next_first_day(first)
