"""Tests that a unit which a command names must be in being on the day of the act, not on the day of the entry."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from domain.command import Command
from domain.commands import PetitionCommand, PrepareForMeeting
from domain.decide import decide
from domain.errors import Refused
from domain.meetings.commands import MeetingCommand
from domain.meetings.decide import decide_meeting
from domain.refusals.units import UnitRefusal
from domain.units.commands import NameDeputy, PlaceUnit, RenameUnit, SucceedUnit, TakeOffice, UnitCommand
from domain.units.decide import decide_unit
from domain.units.events import Office
from domain.units.unit import Unit, UnitRegister
from domain.vocabulary import UnitId
from tests.domain import samples as s
from tests.domain.scenario import (
    HEAD,
    UNITS,
    GivenPast,
    decision_context,
    petition_after,
    usual_officer,
)
from tests.domain.test_meetings import CONCLUDE, PLAN, RECORD

NAMED = UnitId("don-vi")
DAY = timedelta(days=1)
UNIT_FIELDS = {
    *("unit", "lead_unit", "coordinating_units", "to_unit", "from_unit", "prepared_by_unit"),
    *("organiser", "parent", "successors"),
}
COMPLAINT_IN_PROGRESS = s.in_progress(s.COMPLAINT)

PETITIONS: list[tuple[str, GivenPast, PetitionCommand]] = [
    ("lead_unit", s.classified_as(s.PROPOSAL), s.ASSIGN),
    ("coordinating_units", s.classified_as(s.PROPOSAL), s.ASSIGN),
    ("lead_unit", s.assigned(s.PROPOSAL), s.REASSIGN),
    ("coordinating_units", s.assigned(s.PROPOSAL), s.REASSIGN),
    ("prepared_by_unit", s.classified_as(s.PROPOSAL), s.PREPARE),
    ("to_unit", s.of_a_subordinate(s.PROPOSAL), s.URGE_BELOW),
    ("to_unit", s.answered(s.COMPLAINT), s.COMPLAIN_AGAIN),
    ("to_unit", s.answered(s.DENUNCIATION), s.DENOUNCE_FURTHER),
    ("to_unit", s.in_progress(s.DENUNCIATION), s.TAKE_OVER),
    ("to_unit", COMPLAINT_IN_PROGRESS, s.ORDER_CHECK),
    ("from_unit", COMPLAINT_IN_PROGRESS, s.ASK_FOR_DOCUMENTS),
    ("unit", s.answered(s.DENUNCIATION), s.ACTION_RESULT),
]
MEETINGS: list[tuple[str, bool, MeetingCommand, date]] = [
    ("organiser", False, RECORD, RECORD.occurred_on),
    ("organiser", False, PLAN, PLAN.planned_for),  # a meeting is held by the unit that is there on its day
    ("tasks", True, CONCLUDE, CONCLUDE.occurred_on),
]
OF_UNITS: list[tuple[str, UnitCommand]] = [
    ("unit", PlaceUnit(occurred_on=s.july(8), unit=NAMED, is_at_top=True)),
    ("parent", PlaceUnit(occurred_on=s.july(8), unit="so-mau", parent=NAMED)),
    ("unit", RenameUnit(occurred_on=s.july(8), unit=NAMED, name="Tên khác")),
    ("successors", SucceedUnit(occurred_on=s.july(8), unit="so-mau", successors=(NAMED,), instrument="Quyết định 1")),
    ("unit", TakeOffice(occurred_on=s.july(8), unit=NAMED, office=Office.HEAD, officer="a", position="Trưởng")),
    ("unit", NameDeputy(occurred_on=s.july(8), unit=NAMED, officer="a", deputy="b", away_from=s.july(8))),
]
ASKED_OTHERWISE = {
    *(("ReportAction", "unit"), ("SupplyDocuments", "from_unit")),  # they owe it already
    *(("OpenUnit", "unit"), ("OpenUnit", "parent"), ("CloseUnit", "unit"), ("SucceedUnit", "unit")),  # see test_units
    *(("LeaveOffice", "unit"), ("EndAbsence", "unit")),  # whoever is in office may leave it
}


def test_every_field_that_names_a_unit_is_in_a_table() -> None:
    tried = {
        *((type(command).__name__, field) for field, _, command in PETITIONS),
        *((type(command).__name__, field) for field, _, command, _ in MEETINGS if field != "tasks"),
        *((type(command).__name__, field) for field, command in OF_UNITS),
    }
    named = {
        (kind.__name__, field)
        for union in (PetitionCommand, MeetingCommand, UnitCommand)
        for kind in get_args(union)
        for field in kind.model_fields
        if field in UNIT_FIELDS
    }
    assert tried | ASKED_OTHERWISE == named


def lives(on: date) -> Iterator[tuple[bool, UnitRegister]]:
    """Yield registers in which the unit lived on the day alone, until the day before, and from the day after."""
    for first, last in ((on, on), (date(2010, 1, 1), on - DAY), (on + DAY, None)):
        unit = Unit(unit=NAMED, name="Đơn vị", level=None, opened_on=first, closed_on=last)
        yield first <= on and (last is None or on <= last), UnitRegister.of([*UNITS.by_id.values(), unit])


def naming(command: Command, field: str) -> Any:
    value: Any = NAMED
    if field.endswith("s"):
        part = getattr(command, field)
        value = (part[0].model_dump() | {"unit": NAMED},) if part and isinstance(part[0], BaseModel) else (NAMED,)
    return s.with_changes(command, **{field: value})


def named_of(cases: list[Any], place: int) -> list[str]:
    return [f"{type(case[place]).__name__}.{case[0]}" for case in cases]


@pytest.mark.parametrize(("field", "past", "command"), PETITIONS, ids=named_of(PETITIONS, 2))
def test_a_petition_goes_to_a_unit_that_was_there_that_day(
    field: str, past: GivenPast, command: PetitionCommand
) -> None:
    on, asked = command.occurred_on, naming(command, field)
    for was_there, register in lives(on):
        meeting_on = on if isinstance(command, PrepareForMeeting) else None
        context = decision_context(usual_officer(command), today=on, meeting_on=meeting_on)
        context = context._replace(units=register)
        require(was_there, on, lambda context=context: decide(asked, petition_after(past), context))


@pytest.mark.parametrize(("field", "is_held", "command", "on"), MEETINGS, ids=named_of(MEETINGS, 2))
def test_a_meeting_names_units_that_were_there_on_its_day(
    field: str, is_held: bool, command: MeetingCommand, on: date
) -> None:
    asked = naming(command, field)
    for was_there, register in lives(on):
        context = decision_context(HEAD)._replace(units=register)
        meeting = decision_context(HEAD).meeting if is_held else None
        require(was_there, on, lambda context=context, meeting=meeting: decide_meeting(asked, meeting, context))


@pytest.mark.parametrize(("field", "command"), OF_UNITS, ids=named_of(OF_UNITS, 1))
def test_the_register_changes_units_that_were_there_that_day(field: str, command: UnitCommand) -> None:
    assert NAMED in (getattr(command, field), *getattr(command, field))
    for was_there, register in lives(command.occurred_on):
        require(was_there, command.occurred_on, lambda register=register: decide_unit(command, register))


def require(was_there: bool, on: date, act: Any) -> None:
    if was_there:
        act()
        return
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.code is UnitRefusal.UNIT_NOT_IN_BEING
    assert refused.value.values["on"] == on
