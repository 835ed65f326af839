"""Tests the data on how often heads must meet the people."""

from datetime import date
from importlib.resources import files
from typing import get_args

import pytest

from domain.deadlines.calendar import ONE_DAY
from domain.meetings.duties import Duties, DutyError, DutyLevel, DutyPeriod, parse_duties
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


def of_branch(branch: Branch | None, level: Level | None) -> Unit:
    unit = Unit(unit=UnitId("don-vi"), name="Đơn vị", level=level, opened_on=date(2010, 1, 1))
    return replace(unit, branch=branch)


@pytest.mark.parametrize(
    ("branch", "level", "month", "duties"),
    [
        (Branch.PEOPLES_COMMITTEE, Level.PROVINCE, date(2026, 5, 1), {"province-chair-reception@1": 1}),
        (Branch.PEOPLES_COMMITTEE, Level.PROVINCE, date(2026, 7, 1), {"province-chair-reception@2": 1}),
        (Branch.PEOPLES_COMMITTEE, Level.DISTRICT, date(2025, 6, 1), {"district-chair-reception@1": 2}),
        (Branch.PEOPLES_COMMITTEE, Level.DISTRICT, date(2025, 7, 1), {}),
        (Branch.DEPARTMENT, Level.PROVINCE, date(2026, 7, 1), {"agency-head-reception@1": 1}),
        (Branch.DEPARTMENT, Level.CENTRAL, date(2026, 7, 1), {"agency-head-reception@1": 1}),
        (Branch.DEPARTMENT, None, date(2026, 7, 1), {}),
        (Branch.PEOPLES_COMMITTEE, None, date(2026, 7, 1), {}),
        (None, None, date(2026, 7, 1), {}),
        (None, Level.PROVINCE, date(2026, 7, 1), {}),
        (None, Level.DISTRICT, date(2025, 5, 1), {}),
        (Branch.PEOPLES_COUNCIL, Level.PROVINCE, date(2026, 7, 1), {}),
        (Branch.PUBLIC_UNIT, Level.PROVINCE, date(2026, 7, 1), {}),
        (Branch.DEPARTMENT, Level.PROVINCE, date(2014, 6, 1), {}),
    ],
)
def test_each_head_owes_what_the_law_says_for_the_level_and_the_branch(
    branch: Branch | None, level: Level | None, month: date, duties: dict[str, int]
) -> None:
    """Finding L4."""
    found = required(NATIONAL, of_branch(branch, level), month, DutyPeriod.MONTH.next_first_day(month) - ONE_DAY)
    assert {duty: times for duty, times, *_ in found} == duties


def test_a_duty_may_be_for_each_level_that_units_have() -> None:
    assert set(get_args(DutyLevel)) == {*Level, "any"}


@pytest.mark.parametrize("level", [*Level, None])
@pytest.mark.parametrize("branch", [*Branch, None])
def test_no_head_owes_the_same_meeting_twice_in_a_period(branch: Branch | None, level: Level | None) -> None:
    found = list(NATIONAL.required_meetings([of_branch(branch, level)], date(2018, 1, 1), date(2027, 12, 31)))
    owed = [(one.kind, one.first, one.last) for one in found]
    assert len(owed) == len(set(owed))
    assert level is not None or not found


def test_what_is_on_file_for_reference_says_why_and_requires_nothing() -> None:
    reference = {row.id for row in NATIONAL.rows if row.reference_only is not None}
    assert reference == {"central-office-reception", "peoples-council-reception", "reception-office-briefing"}
    every_unit = [of_branch(branch, level) for branch in Branch for level in Level]
    found = NATIONAL.required_meetings(every_unit, date(2026, 7, 1), date(2026, 12, 31))
    assert {one.duty.partition("@")[0] for one in found} & reference == set()


def test_a_duty_that_ended_with_the_districts_or_has_a_next_version() -> None:
    for row in NATIONAL.rows:
        if row.in_force_to is not None and row.level != "district":
            assert any(one.id == row.id and one.is_in_force(row.in_force_to + ONE_DAY) for one in NATIONAL.rows)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("times = 1", "times = 0"), "row 1"),
        (('per = "year"', 'per = "decade"'), "row 1"),
        (("version = 1", "version = 1\nwhat = 2"), "row 1"),
        (("verified = false", 'verified = true\nknown_from = "press"'), "from press alone is not verified"),
        (("verified = false", 'verified = true\nknown_from = "memory"'), "from memory alone is not verified"),
        (("in_force_from = 2018-04-04", "in_force_from = 2018-04-04\nin_force_to = 2018-01-01"), "is before"),
        (("times = 1\n", ""), "kind and times may be missing only beside reference_only"),
        (('kind = "dialogue_conference"\n', ""), "kind and times may be missing only beside reference_only"),
        (('level = "province"', 'level = "village"'), "level is 'village'"),
        (("verified = false", 'verified = false\nreference_only = "x"'), "reference_only"),
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
