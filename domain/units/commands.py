"""Defines the commands on the unit register.

Some of these commands carry out the file of a reorganisation.
"""

from typing import Annotated, ClassVar

from pydantic import Field

from domain.command import Command
from domain.strict_types import CalendarDay, YesOrNo
from domain.text import Code, SingleLine, SingleLineOrEmpty
from domain.units.events import Branch, Level, Office
from domain.vocabulary import ReorganisationId

_UnitCode = Annotated[Code, Field(examples=["so-tnmt"])]
_Officer = Annotated[Code, Field(examples=["gd-vidu"])]


class OpenUnit(Command):
    """Enter a unit in the register."""

    unit: _UnitCode
    name: Annotated[SingleLine, Field(examples=["Sở Tài nguyên và Môi trường (ví dụ)"])]
    level: Level | None = None
    branch: Branch | None = None
    parent: Code | None = None

    example: ClassVar = {
        "unit": "phong-kinh-te",
        "name": "Phòng Kinh tế xã Ví Dụ",
        "level": "commune",
        "branch": "department",
        "parent": "ubnd-xa-vi-du",
    }


class CloseUnit(Command):
    """End a unit. `occurred_on` is its last day."""

    unit: Code
    instrument: SingleLine

    example: ClassVar = {"instrument": "47/NQ-HĐND"}


class PlaceUnit(Command):
    """Place a unit under a parent unit, or at the top of the hierarchy, from that day on; say its level or branch.

    What is not given stays unchanged.
    """

    unit: Code
    parent: Code | None = None
    is_at_top: YesOrNo | None = None
    level: Level | None = None
    branch: Branch | None = None
    instrument: SingleLineOrEmpty = ""

    example: ClassVar = {"parent": "ubnd-xa-vi-du", "branch": "department", "instrument": "49/QĐ-UBND"}


class RenameUnit(Command):
    """Give a unit another name from that day on. It stays the same unit."""

    unit: Code
    name: SingleLine
    instrument: SingleLineOrEmpty = ""

    example: ClassVar = {"name": "Phòng Kinh tế và Hạ tầng xã Ví Dụ", "instrument": "50/NQ-HĐND"}


class SucceedUnit(Command):
    """Name the units that do the work of a unit from that day on, the main one first.

    A reorganisation, which hands open petitions over, sends this command itself. The command then names the
    reorganisation.
    """

    unit: Code
    successors: Annotated[tuple[Code, ...], Field(min_length=1, max_length=200)]
    instrument: SingleLine
    reorganisation_id: ReorganisationId | None = None

    example: ClassVar = {"successors": ["phong-kinh-te-ha-tang"], "instrument": "51/NQ-HĐND"}


class TakeOffice(Command):
    """Enter who holds an office of a unit. `occurred_on` is the first day, `until_on` the last day if it is known."""

    unit: Code
    office: Office
    officer: _Officer
    position: SingleLine
    until_on: CalendarDay | None = None
    name: SingleLine | None = None

    example: ClassVar = {"office": "head", "officer": "tp-vidu", "position": "Trưởng phòng", "name": "Trần Văn Ví Dụ"}


class LeaveOffice(Command):
    """Enter that an officer leaves an office. `occurred_on` is the last day."""

    unit: Code
    office: Office
    officer: _Officer

    example: ClassVar = {"office": "head", "officer": "tp-vidu"}


class NameDeputy(Command):
    """Name who stands in for an officer who is away, from `away_from` to `away_until`, both inclusive."""

    unit: Code
    officer: _Officer
    deputy: _Officer
    away_from: CalendarDay
    away_until: CalendarDay | None = None

    example: ClassVar = {
        "officer": "tp-vidu",
        "deputy": "pp-vidu",
        "away_from": "2026-07-13",
        "away_until": "2026-07-24",
    }


class EndAbsence(Command):
    """Enter that an officer is back. `occurred_on` is the first day."""

    unit: Code
    officer: _Officer

    example: ClassVar = {"officer": "tp-vidu"}


UnitCommand = (
    OpenUnit | CloseUnit | PlaceUnit | RenameUnit | SucceedUnit | TakeOffice | LeaveOffice | NameDeputy | EndAbsence
)
