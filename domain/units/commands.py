"""What can be asked of the unit register."""

from typing import Annotated

from pydantic import Field

from domain.command import Command
from domain.text import Code, Line
from domain.units.events import Level


class OpenUnit(Command):
    """Enter a unit in the register."""

    unit: Annotated[Code, Field(examples=["so-tnmt"])]
    name: Annotated[Line, Field(examples=["Sở Tài nguyên và Môi trường (ví dụ)"])]
    level: Level = Level.UNKNOWN


class CloseUnit(Command):
    """End a unit; `occurred_on` is its last day."""

    unit: Code
    instrument: Line


UnitCommand = OpenUnit | CloseUnit
