"""Tests the register of units: existence, hierarchy, predecessors and successors."""

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.units.commands import CloseUnit, OpenUnit, PlaceUnit, RenameUnit, SucceedUnit, UnitCommand
from domain.units.decide import UNIT_COMMANDS, decide_unit
from domain.units.events import Branch, Level, UnitClosed, UnitEvent, UnitOpened, UnitPlaced
from domain.units.unit import Unit, UnitRegister, evolve_unit, unit_after_event, unit_stream_id
from domain.units.validity import DatedValue, Succession
from domain.value import UNSET
from domain.vocabulary import NO_UNIT, UnitId
from tests.domain.scenario import HEAD
from tests.domain.stored import stored_facts
from tests.domain.units import FIRST_DAY, LAST_DAY_OF_DISTRICTS, TWO_LEVELS, open_unit, register_of

OPEN = OpenUnit(occurred_on=FIRST_DAY, unit="huyen-cu", name="Huyện Cũ", level=Level.DISTRICT)
CLOSE = CloseUnit(occurred_on=LAST_DAY_OF_DISTRICTS, unit="huyen-cu", instrument="Nghị quyết ví dụ")
HUYEN, TINH, XA = UnitId("huyen-cu"), UnitId("tinh"), UnitId("xa-1")
ONE_DAY = timedelta(days=1)


def placed(unit: str, under: str | None, on: date = FIRST_DAY) -> PlaceUnit:
    return PlaceUnit(occurred_on=on, unit=unit, parent=under, is_at_top=True if under is None else None)


def succeeded(unit: str, *successors: str, on: date = TWO_LEVELS) -> SucceedUnit:
    return SucceedUnit(occurred_on=on, unit=unit, successors=successors, instrument="Luật 72/2025/QH15")


# -- in being


def test_a_unit_is_in_being_from_its_first_day_to_its_last() -> None:
    units = register_of(OPEN, CLOSE)
    for day in (date(2010, 1, 1), date(2020, 2, 29), date(2025, 6, 30)):
        assert units.require(HUYEN, day).name == "Huyện Cũ"
    for day in (date(2009, 12, 31), date(2025, 7, 1)):
        with pytest.raises(Refused, match=f"the unit “huyen-cu” is not in being on {day}"):
            units.require(HUYEN, day)


def test_a_unit_that_was_never_opened_is_not_there() -> None:
    with pytest.raises(Refused, match="there is no unit “so-la”"):
        UnitRegister().require(UnitId("so-la"), date(2026, 7, 6))
    assert "so-la" not in UnitRegister()
    assert "huyen-cu" in register_of(OPEN)


def test_a_code_is_opened_once() -> None:
    for units in (register_of(OPEN), register_of(OPEN, CLOSE)):
        with pytest.raises(Refused, match="the unit “huyen-cu” is in the register already"):
            decide_unit(OPEN, units)


def test_a_unit_ends_once_after_it_began() -> None:
    with pytest.raises(Refused, match="there is no unit “huyen-cu”"):
        decide_unit(CLOSE, UnitRegister())
    with pytest.raises(Refused, match="the unit “huyen-cu” is closed since 2025-06-30"):
        decide_unit(CLOSE, register_of(OPEN, CLOSE))
    early = CloseUnit(occurred_on=date(2009, 12, 31), unit="huyen-cu", instrument="Nghị quyết ví dụ")
    with pytest.raises(Refused, match="a unit cannot end before it began"):
        decide_unit(early, register_of(OPEN))


def test_a_unit_knows_its_place_in_its_history() -> None:
    assert [register_of(*past).by_id[HUYEN].version for past in ([OPEN], [OPEN, CLOSE])] == [1, 2]
    assert register_of(OPEN).by_id[HUYEN].closed_on is None


def test_a_history_that_does_not_begin_with_an_opening_is_a_bug() -> None:
    (closed,) = decide_unit(CLOSE, register_of(OPEN))
    with pytest.raises(ValueError, match="begins with its UnitClosed"):
        evolve_unit(None, EventEnvelope(unit_stream_id(HUYEN), 1, closed, HEAD))


def test_each_code_has_a_history_of_its_own() -> None:
    assert unit_stream_id(HUYEN) == unit_stream_id(UnitId("huyen-cu"))
    assert unit_stream_id(HUYEN) != unit_stream_id(UnitId("huyen-moi"))


def test_every_command_has_a_rule_and_every_stored_event_is_followed() -> None:
    assert set(UNIT_COMMANDS) == set(get_args(UnitCommand))
    before = Unit(unit=HUYEN, name="Huyện Cũ", level=Level.DISTRICT, opened_on=FIRST_DAY)
    followed = [
        evolve_unit(before, EventEnvelope(unit_stream_id(HUYEN), 2, fact, HEAD)).version
        for fact, _ in stored_facts()
        if isinstance(fact, get_args(UnitEvent))
    ]
    assert set(followed) == {2}


# -- names


def test_a_unit_that_is_renamed_bears_on_each_day_the_name_of_that_day() -> None:
    units = register_of(
        OPEN,
        RenameUnit(occurred_on=date(2020, 3, 1), unit="huyen-cu", name="Huyện Đổi Tên"),
        RenameUnit(occurred_on=date(2015, 3, 1), unit="huyen-cu", name="Huyện Giữa"),
        CLOSE,
    )
    told = {day: units.name_of(HUYEN, date.fromisoformat(day)) for day in ("2010-01-01", "2015-03-01", "2020-02-29")}
    assert told == {"2010-01-01": "Huyện Cũ", "2015-03-01": "Huyện Giữa", "2020-02-29": "Huyện Giữa"}
    assert units.name_of(HUYEN, date(2026, 1, 1)) == "Huyện Đổi Tên"
    assert units.name_of(UnitId("so-la"), FIRST_DAY) == "so-la"


def test_a_unit_gets_a_new_name_while_it_is_in_being() -> None:
    same = RenameUnit(occurred_on=date(2020, 3, 1), unit="huyen-cu", name="Huyện Cũ")
    with pytest.raises(Refused, match="bears that name on 2020-03-01 already"):
        decide_unit(same, register_of(OPEN))
    late = RenameUnit(occurred_on=TWO_LEVELS, unit="huyen-cu", name="Huyện Khác")
    with pytest.raises(Refused, match="not in being on 2025-07-01"):
        decide_unit(late, register_of(OPEN, CLOSE))


# -- above and below


def test_a_unit_stands_under_another_from_a_day_on() -> None:
    units = register_of(
        open_unit("tinh"),
        open_unit("huyen-cu", "tinh"),
        open_unit("xa-1", "huyen-cu"),
        placed("xa-1", "tinh", TWO_LEVELS),
    )
    assert units.parent(XA, LAST_DAY_OF_DISTRICTS) == "huyen-cu"
    assert list(units.ancestors(XA, LAST_DAY_OF_DISTRICTS)) == ["huyen-cu", "tinh"]
    assert list(units.ancestors(XA, TWO_LEVELS)) == ["tinh"]
    assert units.children_by_parent(TWO_LEVELS) == {None: ["tinh"], "tinh": ["huyen-cu", "xa-1"]}
    assert units.parent(TINH, TWO_LEVELS) is None
    assert units.parent(XA, date(2009, 12, 31)) is None
    assert units.parent(UnitId("so-la"), TWO_LEVELS) is None


def test_what_stood_under_a_unit_that_ended_stands_under_what_was_above_it() -> None:
    units = register_of(open_unit("tinh"), open_unit("huyen-cu", "tinh"), open_unit("xa-1", "huyen-cu"), CLOSE)
    assert units.parent(XA, TWO_LEVELS) == "tinh"


def test_what_stood_under_a_unit_stands_under_the_one_that_alone_succeeds_it() -> None:
    past = (
        open_unit("tinh"),
        open_unit("huyen-cu", "tinh"),
        open_unit("xa-1", "huyen-cu"),
        open_unit("moi", "tinh"),
        open_unit("khac"),
    )
    assert register_of(*past, CLOSE, succeeded("huyen-cu", "moi")).parent(XA, TWO_LEVELS) == "moi"
    assert register_of(*past, CLOSE, succeeded("huyen-cu", "moi", "khac")).parent(XA, TWO_LEVELS) == "tinh"
    its_own = register_of(*past, CLOSE, succeeded("huyen-cu", "xa-1"))
    assert its_own.parent(XA, TWO_LEVELS) == "tinh"


def test_level_and_branch_are_added_where_they_were_not_known() -> None:
    units = register_of(
        open_unit("phong-4"),
        open_unit("tinh"),
        PlaceUnit(occurred_on=FIRST_DAY, unit="phong-4", parent="tinh", branch=Branch.DEPARTMENT),
        PlaceUnit(occurred_on=TWO_LEVELS, unit="phong-4", level=Level.PROVINCE),
    )
    unit = units.by_id[UnitId("phong-4")]
    assert (unit.level, unit.branch, unit.placings) == (
        Level.PROVINCE,
        Branch.DEPARTMENT,
        (DatedValue(FIRST_DAY, TINH),),
    )


def test_a_placing_changes_what_it_says_and_nothing_else() -> None:
    units = register_of(open_unit("tinh"), open_unit("xa-1", "tinh", level=Level.COMMUNE))
    (at_top,) = decide_unit(PlaceUnit(occurred_on=TWO_LEVELS, unit="xa-1", is_at_top=True), units)
    assert at_top == UnitPlaced(occurred_on=TWO_LEVELS, unit=XA, is_at_top=True)
    unit = unit_after_event(units.by_id[XA], at_top, 2)
    assert (unit.placed_under(LAST_DAY_OF_DISTRICTS), unit.placed_under(TWO_LEVELS)) == (TINH, None)
    assert (unit.level, unit.branch) == (Level.COMMUNE, None)
    not_at_top = UnitPlaced(occurred_on=TWO_LEVELS, unit=XA, is_at_top=False)
    assert unit_after_event(units.by_id[XA], not_at_top, 2).placings == units.by_id[XA].placings
    for command, reason in (
        (PlaceUnit(occurred_on=TWO_LEVELS, unit="xa-1", instrument="1/NQ"), "say under which unit it stands"),
        (PlaceUnit(occurred_on=TWO_LEVELS, unit="xa-1", is_at_top=False), "say under which unit it stands"),
        (PlaceUnit(occurred_on=TWO_LEVELS, unit="xa-1", parent="tinh", is_at_top=True), "stands under no other unit"),
    ):
        with pytest.raises(Refused, match=reason):
            decide_unit(command, units)


def test_units_cannot_stand_in_a_circle() -> None:
    units = register_of(open_unit("a"), open_unit("b", "a"), open_unit("c", "b"))
    for parent in ("a", "b", "c"):
        with pytest.raises(Refused, match="units cannot stand in a circle"):
            decide_unit(placed("a", parent), units)
    with pytest.raises(Refused, match="cannot stand under itself"):
        decide_unit(open_unit("d", "d"), units)


def test_units_that_would_stand_in_a_circle_on_a_later_day_are_refused() -> None:
    later = date(2020, 1, 1)
    units = register_of(open_unit("a"), open_unit("b"), placed("b", "a", later))
    with pytest.raises(Refused, match="the unit “b” stands under “a” on 2020-01-01"):
        decide_unit(placed("a", "b"), units)
    moved_before = register_of(
        open_unit("a"), open_unit("b"), open_unit("c"), placed("a", "c", later), placed("b", "a", later)
    )
    assert decide_unit(placed("a", "b"), moved_before)


def test_a_unit_is_placed_under_one_that_is_in_being() -> None:
    units = register_of(OPEN, CLOSE, open_unit("xa-1", on=TWO_LEVELS))
    with pytest.raises(Refused, match="“huyen-cu” is not in being on 2025-07-01"):
        decide_unit(placed("xa-1", "huyen-cu", TWO_LEVELS), units)
    with pytest.raises(Refused, match="“huyen-cu” is not in being on 2025-07-01"):
        decide_unit(open_unit("xa-2", "huyen-cu", TWO_LEVELS), units)
    with pytest.raises(Refused, match="there is no unit “so-la”"):
        decide_unit(placed("xa-1", "so-la", TWO_LEVELS), units)


# -- before and after


def test_the_main_successor_does_now_what_a_unit_did() -> None:
    units = register_of(
        OPEN, CLOSE, open_unit("xa-1"), open_unit("xa-2"), succeeded("huyen-cu", "xa-1", "xa-2"), open_unit("xa-lon"),
        succeeded("xa-1", "xa-lon", on=date(2026, 1, 1)),
    )  # fmt: skip
    told = [units.present_successor(HUYEN, on) for on in (LAST_DAY_OF_DISTRICTS, TWO_LEVELS, date(2026, 1, 1))]
    assert told == ["huyen-cu", "xa-1", "xa-lon"]
    assert units.predecessors(UnitId("xa-2"), TWO_LEVELS) == ["huyen-cu"]
    assert units.predecessors(UnitId("xa-2"), LAST_DAY_OF_DISTRICTS) == []
    assert units.predecessors(UnitId("xa-lon"), date(2026, 1, 1)) == ["xa-1"]
    assert units.present_successor(UnitId("so-la"), TWO_LEVELS) == "so-la"


def test_a_succession_that_was_entered_wrongly_is_entered_anew() -> None:
    wrong = (OPEN, open_unit("xa-1"), open_unit("xa-2"), succeeded("huyen-cu", "xa-1"))
    assert register_of(*wrong, succeeded("huyen-cu", "xa-2")).present_successor(HUYEN, TWO_LEVELS) == "xa-2"
    with pytest.raises(Refused, match="those units succeed “huyen-cu” since 2025-07-01 already"):
        decide_unit(succeeded("huyen-cu", "xa-1"), register_of(*wrong))


def test_no_unit_succeeds_itself() -> None:
    units = register_of(
        open_unit("a"), open_unit("b"), open_unit("c"), succeeded("a", "b"), succeeded("b", "c", on=TWO_LEVELS)
    )
    for successors in (("a",), ("b",), ("b", "a")):
        with pytest.raises(Refused, match="the unit “c” would succeed itself, by way of"):
            decide_unit(succeeded("c", *successors, on=date(2026, 1, 1)), units)
    with pytest.raises(Refused, match="the unit “a” would succeed itself, by way of “a”"):
        decide_unit(succeeded("a", "a"), units)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (succeeded("huyen-cu", "xa-1", "xa-1"), "named twice"),
        (succeeded("huyen-cu", "so-la"), "there is no unit “so-la”"),
        (succeeded("so-la", "xa-1"), "there is no unit “so-la”"),
        (succeeded("huyen-cu", "xa-1", on=date(2009, 1, 1)), "it cannot be succeeded before"),
        (succeeded("xa-1", "huyen-cu"), "“huyen-cu” is not in being on 2025-07-01"),
    ],
)
def test_a_succession_that_cannot_be_is_refused(command: SucceedUnit, why: str) -> None:
    with pytest.raises(Refused, match=why):
        decide_unit(command, register_of(OPEN, CLOSE, open_unit("xa-1")))


# -- whatever was recorded

CODES = [UnitId(code) for code in "abcde"]
DAYS = st.dates(date(2020, 1, 1), date(2020, 1, 6))
SINCE = st.tuples(DAYS, st.sampled_from([NO_UNIT, *CODES])).map(lambda pair: DatedValue(*pair))
UNITS = st.tuples(
    *(
        st.builds(
            Unit,
            unit=st.just(code),
            name=st.just(code),
            level=st.none(),
            opened_on=DAYS,
            closed_on=st.none() | DAYS,
            placings=st.lists(SINCE, max_size=3).map(lambda found: tuple(sorted(found))),
            succeeded=st.none()
            | st.builds(Succession, DAYS, st.lists(st.sampled_from(CODES), min_size=1, max_size=2).map(tuple)),
        )
        for code in CODES
    )
).map(UnitRegister.of)


@given(UNITS, st.sampled_from(CODES), DAYS)
def test_in_any_register_the_way_up_and_the_way_on_end(units: UnitRegister, unit: UnitId, on: date) -> None:
    above = list(units.ancestors(unit, on))
    assert len(set(above)) == len(above)
    assert unit not in above
    assert all(units.is_in_being(one, on) for one in above)
    assert units.present_successor(unit, on) in CODES


@given(st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(CODES), DAYS), max_size=12))
def test_whatever_was_allowed_no_unit_stands_above_itself(placings: list[tuple[UnitId, UnitId, date]]) -> None:
    units = register_of(*(open_unit(code, on=date(2019, 1, 1)) for code in CODES))
    for unit, parent, on in placings:
        try:
            facts = decide_unit(placed(unit, parent, on), units)
        except Refused:
            continue
        (fact,) = facts
        found = evolve_unit(units.by_id[unit], EventEnvelope(unit_stream_id(unit), 2, fact, HEAD))
        units = UnitRegister({**units.by_id, unit: found})
    for days in range(7):
        on = date(2020, 1, 1) + days * ONE_DAY
        for code in CODES:
            seen, above = {code}, units.by_id[code].placed_under(on)
            while above is not None:
                assert above not in seen
                seen.add(above)
                above = units.by_id[above].placed_under(on)


def test_closing_is_said_with_its_instrument() -> None:
    (closed,) = decide_unit(CLOSE, register_of(OPEN))
    assert closed == UnitClosed(occurred_on=LAST_DAY_OF_DISTRICTS, unit=HUYEN, instrument="Nghị quyết ví dụ")


def test_a_unit_is_stored_with_what_was_said_of_it_and_no_more() -> None:
    (silent,) = decide_unit(OpenUnit(occurred_on=FIRST_DAY, unit="xa-a", name="Xã A"), UnitRegister())
    assert isinstance(silent, UnitOpened)
    assert (silent.level, silent.branch, silent.parent) == (UNSET, UNSET, UNSET)
    unit = unit_after_event(None, silent, 1)
    assert (unit.level, unit.branch) == (None, None)
