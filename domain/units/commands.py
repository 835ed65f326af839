"""What can be asked of the unit register."""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.text import Code, Line, LineOrNothing
from domain.units.events import Branch, Level, Office
from domain.vocabulary import ReorganisationId

_UnitCode = Annotated[Code, Field(examples=["so-tnmt"])]
_Officer = Annotated[Code, Field(examples=["gd-vidu"])]


class OpenUnit(Command):
    """Enter a unit in the register."""

    unit: _UnitCode
    name: Annotated[Line, Field(examples=["Sở Tài nguyên và Môi trường (ví dụ)"])]
    level: Level = Level.UNKNOWN
    branch: Branch = Branch.UNKNOWN
    parent: Code | None = None


class CloseUnit(Command):
    """End a unit; `occurred_on` is its last day."""

    unit: Code
    instrument: Line


class PlaceUnit(Command):
    """Say what a unit stands under from that day on; at the top without a parent.

    Level and branch may be added where they are not known; None leaves them.
    """

    unit: Code
    parent: Code | None = None
    level: Level | None = None
    branch: Branch | None = None
    instrument: LineOrNothing = ""


class RenameUnit(Command):
    """Give a unit another name from that day on; it stays the same unit."""

    unit: Code
    name: Line
    instrument: LineOrNothing = ""


class SucceedUnit(Command):
    """Say which units do its work from that day on, the main one first.

    Open petitions are handed over by a reorganisation, which brings this about itself and is named then.
    """

    unit: Code
    successors: Annotated[tuple[Code, ...], Field(min_length=1, max_length=200)]
    instrument: Line
    reorganisation_id: ReorganisationId | None = None


class TakeOffice(Command):
    """Enter who holds an office of a unit; `occurred_on` is the first day, `until_on` the last where it is known."""

    unit: Code
    office: Office
    officer: _Officer
    position: Line
    until_on: date | None = None


class LeaveOffice(Command):
    """Enter that an officer leaves an office; `occurred_on` is the last day."""

    unit: Code
    office: Office
    officer: _Officer


class NameDeputy(Command):
    """Name who stands in for an officer who is away, from `away_from` to `away_until`, both inclusive."""

    unit: Code
    officer: _Officer
    deputy: _Officer
    away_from: date
    away_until: date | None = None


class EndAbsence(Command):
    """Enter that an officer is back; `occurred_on` is the first day."""

    unit: Code
    officer: _Officer


UnitCommand = (
    OpenUnit | CloseUnit | PlaceUnit | RenameUnit | SucceedUnit | TakeOffice | LeaveOffice | NameDeputy | EndAbsence
)
