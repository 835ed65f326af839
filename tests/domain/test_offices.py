"""Tests offices held for a time, and deputies."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.units.commands import CloseUnit, EndAbsence, LeaveOffice, NameDeputy, TakeOffice, UnitCommand
from domain.units.decide import decide_unit
from domain.units.events import Level, Office
from domain.units.unit import Unit, UnitRegister
from domain.units.validity import Absence
from domain.vocabulary import OfficerId, UnitId
from tests.domain.samples import july
from tests.domain.units import FIRST_DAY, LAST_DAY_OF_DISTRICTS, TWO_LEVELS, open_unit, register_after, register_of

TINH, SO, PHONG = UnitId("tinh"), UnitId("so"), UnitId("phong")
TREE = (open_unit("tinh"), open_unit("so", "tinh"), open_unit("phong", "so"))


def takes(
    officer: str, unit: str = "so", on: date = FIRST_DAY, until: date | None = None, office: Office = Office.HEAD
) -> TakeOffice:
    return TakeOffice(occurred_on=on, unit=unit, office=office, officer=officer, position="Giám đốc", until_on=until)


def leaves(officer: str, on: date, unit: str = "so", office: Office = Office.HEAD) -> LeaveOffice:
    return LeaveOffice(occurred_on=on, unit=unit, office=office, officer=officer)


def away(officer: str, deputy: str, first: date, last: date | None = None, unit: str = "so") -> NameDeputy:
    return NameDeputy(
        occurred_on=FIRST_DAY, unit=unit, officer=officer, deputy=deputy, away_from=first, away_until=last
    )


def holder(units: UnitRegister, unit: UnitId, office: Office, on: date) -> OfficerId | None:
    tenure = units.tenure(unit, office, on)
    return None if tenure is None else tenure.officer


def test_an_office_is_held_from_the_first_day_to_the_last() -> None:
    units = register_of(*TREE, takes("lan"), leaves("lan", july(10)), takes("minh", on=july(11)))
    found = [holder(units, SO, Office.HEAD, on) for on in (date(2009, 12, 31), FIRST_DAY, july(10), july(11), july(31))]
    assert found == [None, "lan", "lan", "minh", "minh"]
    tenure = units.tenure(SO, Office.HEAD, july(31))
    assert tenure is not None
    assert (tenure.unit, tenure.position, tenure.since_on) == ("so", "Giám đốc", july(11))


def test_the_holder_is_the_unit_s_own_or_the_nearest_above() -> None:
    chair = takes("chu-tich", "tinh", office=Office.CHAIR)
    units = register_of(*TREE, chair, takes("lan", "tinh"), takes("minh", "so"))
    assert holder(units, PHONG, Office.CHAIR, july(1)) == "chu-tich"
    assert holder(units, PHONG, Office.HEAD, july(1)) == "minh"
    assert holder(units, TINH, Office.HEAD, july(1)) == "lan"
    assert holder(units, PHONG, Office.INSPECTORATE, july(1)) is None
    assert holder(units, UnitId("so-la"), Office.HEAD, july(1)) is None


def test_a_unit_that_has_ended_is_asked_as_its_successor() -> None:
    closing = CloseUnit(occurred_on=LAST_DAY_OF_DISTRICTS, unit="so", instrument="Nghị quyết ví dụ")
    units = register_of(*TREE, takes("lan"), takes("chu-tich", "tinh"), closing)
    assert holder(units, SO, Office.HEAD, LAST_DAY_OF_DISTRICTS) == "lan"
    assert holder(units, PHONG, Office.HEAD, TWO_LEVELS) == "chu-tich"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (
            takes("minh", on=july(1)),
            "“lan” holds the office of head of “so” from 2010-01-01 on: it cannot be held twice",
        ),
        (takes("lan", on=july(1)), "cannot be held twice at once"),
        (takes("minh", until=date(2009, 1, 1)), "the last day in office lies before the first"),
        (takes("minh", "so-la"), "there is no unit “so-la”"),
        (takes("minh", on=date(2009, 1, 1)), "not in being on 2009-01-01"),
        (leaves("minh", july(1)), "“minh” does not hold the office of head of “so” on 2026-07-01"),
        (leaves("lan", july(1), "phong"), "nobody holds the office of head of “phong” on 2026-07-01"),
        (leaves("lan", july(1), office=Office.FOLLOW_UP), "nobody holds the office of follow up of “so”"),
        (leaves("lan", july(1), "so-la"), "there is no unit “so-la”"),
    ],
)
def test_an_office_is_taken_and_left_by_one_at_a_time(command: UnitCommand, why: str) -> None:
    with pytest.raises(Refused, match=why):
        decide_unit(command, register_of(*TREE, takes("lan")))


def test_an_office_whose_last_day_is_known_is_free_after_it() -> None:
    units = register_of(*TREE, takes("lan", until=july(10)))
    assert holder(units, SO, Office.HEAD, july(11)) is None
    with pytest.raises(Refused, match="from 2010-01-01 on until 2026-07-10"):
        decide_unit(takes("minh", on=july(10)), units)
    assert holder(register_after(units, takes("minh", on=july(11))), SO, Office.HEAD, july(11)) == "minh"


def test_deputies_may_be_several() -> None:
    deputy = Office.DEPUTY_HEAD
    units = register_of(*TREE, takes("lan", office=deputy, on=july(1)), takes("minh", office=deputy))
    assert holder(units, SO, deputy, july(2)) == "minh"  # the longest in office
    with pytest.raises(Refused, match="cannot be held twice"):
        decide_unit(takes("lan", office=deputy, on=july(3)), units)


# -- away


def test_a_chain_of_deputies_is_followed_to_who_is_there() -> None:
    units = register_of(
        *TREE,
        away("lan", "minh", july(6), july(17)),
        away("minh", "hoa", july(13), july(31)),
        away("hoa", "tu", july(20)),
    )
    found = {day: units.stand_in(OfficerId("lan"), july(day)) for day in (5, 6, 12, 13, 17, 18)}
    assert found == {5: "lan", 6: "minh", 12: "minh", 13: "hoa", 17: "hoa", 18: "lan"}
    assert units.stand_in(OfficerId("minh"), july(20)) == "tu"
    assert units.stand_in(OfficerId("nobody"), july(20)) == "nobody"


def test_who_comes_back_acts_again() -> None:
    units = register_of(*TREE, away("lan", "minh", july(6), july(17)))
    back = register_after(units, EndAbsence(occurred_on=july(10), unit="so", officer="lan"))
    assert [back.stand_in(OfficerId("lan"), july(day)) for day in (9, 10, 17)] == ["minh", "lan", "lan"]
    never = register_after(units, EndAbsence(occurred_on=july(6), unit="so", officer="lan"))
    assert never.stand_in(OfficerId("lan"), july(6)) == "lan"
    assert register_after(back, away("lan", "hoa", july(10))).stand_in(OfficerId("lan"), july(10)) == "hoa"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (away("lan", "hoa", july(17)), "“lan” is away from 2026-07-06 on already"),
        (away("hoa", "hoa", july(1)), "an officer cannot stand in for themselves"),
        (away("hoa", "tu", july(10), july(9)), "the absence ends before it begins"),
        (away("minh", "lan", july(10)), "“lan” is away too on 2026-07-10, and the deputies stand in for each other"),
        (away("minh", "lan", july(1)), "“lan” is away too on 2026-07-06"),
        (away("hoa", "tu", july(1), unit="so-la"), "there is no unit “so-la”"),
        (EndAbsence(occurred_on=july(1), unit="so", officer="lan"), "is not entered as away on 2026-07-01"),
        (EndAbsence(occurred_on=july(6), unit="tinh", officer="lan"), "“lan” of “tinh” is not entered as away"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(command: UnitCommand, why: str) -> None:
    with pytest.raises(Refused, match=why):
        decide_unit(command, register_of(*TREE, away("lan", "minh", july(6), july(17))))


OFFICERS = [OfficerId(code) for code in "abcd"]
DAYS = st.integers(1, 9).map(july)
ABSENCES = st.lists(
    st.builds(Absence, st.sampled_from(OFFICERS), st.sampled_from(OFFICERS), DAYS, st.none() | DAYS), max_size=8
)


@given(ABSENCES, st.sampled_from(OFFICERS), DAYS)
def test_in_any_register_somebody_stands_in(absences: list[Absence], officer: OfficerId, on: date) -> None:
    units = UnitRegister.of(
        [Unit(unit=SO, name="Sở", level=Level.PROVINCE, opened_on=FIRST_DAY, absences=tuple(absences))]
    )
    acting = units.stand_in(officer, on)
    assert acting == officer or units.absence(acting, on) is None


@given(ABSENCES, st.sampled_from(OFFICERS), DAYS)
def test_whatever_was_allowed_who_stands_in_is_there(absences: list[Absence], officer: OfficerId, on: date) -> None:
    units = register_of(*TREE)
    for one in absences:
        try:
            units = register_after(units, away(one.officer, one.deputy, one.away_from, one.away_until))
        except Refused:
            continue
    assert units.absence(units.stand_in(officer, on), on) is None
