"""The register of units."""

from datetime import date
from typing import get_args

import pytest

from domain.recorded import Recorded
from domain.refused import Refused
from domain.units.commands import CloseUnit, OpenUnit, UnitCommand
from domain.units.decide import decide
from domain.units.events import Level, UnitClosed, UnitEvent, UnitOpened
from domain.units.unit import Unit, Units, evolve, stream_of
from domain.vocabulary import UnitId
from tests.domain.scenario import HEAD

OPEN = OpenUnit(occurred_on=date(2010, 1, 1), unit="huyen-cu", name="Huyện Cũ", level=Level.DISTRICT)
CLOSE = CloseUnit(occurred_on=date(2025, 6, 30), unit="huyen-cu", instrument="Nghị quyết ví dụ")
HUYEN = UnitId("huyen-cu")


def unit_after(*commands: UnitCommand) -> Unit:
    unit: Unit | None = None
    version = 0
    for command in commands:
        for fact in decide(command, unit):
            version += 1
            unit = evolve(unit, Recorded(stream_of(HUYEN), version, fact, HEAD))
    assert unit is not None
    return unit


def test_a_unit_is_in_being_from_its_first_day_to_its_last() -> None:
    units = Units.of([unit_after(OPEN, CLOSE)])
    for day in (date(2010, 1, 1), date(2020, 2, 29), date(2025, 6, 30)):
        assert units.require(HUYEN, day).name == "Huyện Cũ"
    for day in (date(2009, 12, 31), date(2025, 7, 1)):
        with pytest.raises(Refused, match=f"the unit “huyen-cu” is not in being on {day}"):
            units.require(HUYEN, day)


def test_a_unit_that_was_never_opened_is_not_there() -> None:
    with pytest.raises(Refused, match="there is no unit “so-la”"):
        Units().require(UnitId("so-la"), date(2026, 7, 6))
    assert "so-la" not in Units()
    assert "huyen-cu" in Units.of([unit_after(OPEN)])


def test_a_code_is_opened_once() -> None:
    with pytest.raises(Refused, match="the unit “huyen-cu” is in the register already"):
        decide(OPEN, unit_after(OPEN))
    with pytest.raises(Refused, match="is in the register already"):
        decide(OPEN, unit_after(OPEN, CLOSE))


def test_a_unit_ends_once_after_it_began() -> None:
    with pytest.raises(Refused, match="there is no unit “huyen-cu”"):
        decide(CLOSE, None)
    with pytest.raises(Refused, match="the unit “huyen-cu” is closed since 2025-06-30"):
        decide(CLOSE, unit_after(OPEN, CLOSE))
    early = CloseUnit(occurred_on=date(2009, 12, 31), unit="huyen-cu", instrument="Nghị quyết ví dụ")
    with pytest.raises(Refused, match="a unit cannot end before it began"):
        decide(early, unit_after(OPEN))


def test_a_unit_knows_its_place_in_its_history() -> None:
    assert (unit_after(OPEN).version, unit_after(OPEN, CLOSE).version) == (1, 2)
    assert unit_after(OPEN).closed_on is None


def test_a_history_that_begins_with_an_end_is_a_bug() -> None:
    (closed,) = decide(CLOSE, unit_after(OPEN))
    with pytest.raises(ValueError, match="begins with its end"):
        evolve(None, Recorded(stream_of(HUYEN), 1, closed, HEAD))


def test_each_code_has_a_history_of_its_own() -> None:
    assert stream_of(HUYEN) == stream_of(UnitId("huyen-cu"))
    assert stream_of(HUYEN) != stream_of(UnitId("huyen-moi"))


def test_there_are_two_events() -> None:
    assert set(get_args(UnitEvent)) == {UnitOpened, UnitClosed}
