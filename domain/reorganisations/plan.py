"""What a reorganisation brings about, as its file says: which units begin, end, move, and who succeeds whom."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from domain.commands import Day
from domain.deadlines.error_messages import in_plain_words
from domain.errors import Refused
from domain.text import Code, Line, folded
from domain.units.commands import CloseUnit, OpenUnit, PlaceUnit, SucceedUnit, UnitCommand
from domain.units.decide import decide
from domain.units.events import Branch, Level
from domain.units.unit import Units, following
from domain.vocabulary import ReorganisationId, UnitId

_ONE_DAY = timedelta(days=1)
MOST_UNITS = 5_000


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Opening(_Part):
    """A unit that begins."""

    unit: Code
    name: Line
    level: Level = Level.UNKNOWN
    branch: Branch = Branch.UNKNOWN
    parent: Code | None = None


class Placing(_Part):
    """A unit that stands under another from then on."""

    unit: Code
    parent: Code


class Move(_Part):
    """A unit and those that succeed it, the main one first.

    `places` says of which place a petition goes to which of them; any other petition goes to the main one.
    """

    unit: Annotated[Code, Field(alias="from")]
    to: Annotated[tuple[Code, ...], Field(min_length=1, max_length=200)]
    places: dict[Line, Code] = {}
    ends: bool = True

    @model_validator(mode="after")
    def _places_go_to_successors(self) -> Self:
        for place, unit in self.places.items():
            if unit not in self.to:
                raise ValueError(f"places: {place!r} goes to {unit!r}, which is not one of its successors")
        return self

    @cached_property
    def _phrases(self) -> list[tuple[str, str]]:
        return [(_as_words(place), unit) for place, unit in self.places.items()]

    def successor(self, place: str) -> tuple[UnitId, bool]:
        """Who succeeds it for a petition of that place, and whether the place says so.

        The longest name that stands in the place in whole words, whatever its accents; two that are equally long and
        name different units say nothing.
        """
        words = _as_words(place)
        named = [(len(phrase), unit) for phrase, unit in self._phrases if phrase.strip() and phrase in words]
        longest = {unit for length, unit in named if length == max(named)[0]}
        if len(longest) == 1:
            return UnitId(longest.pop()), True
        return UnitId(self.to[0]), False


class Plan(_Part):
    """`on` is the first day of the new units; those that end have their last day before it."""

    title: Line
    instrument: Line
    on: Day
    open: Annotated[tuple[Opening, ...], Field(max_length=MOST_UNITS)] = ()
    place: Annotated[tuple[Placing, ...], Field(max_length=MOST_UNITS)] = ()
    move: Annotated[tuple[Move, ...], Field(min_length=1, max_length=MOST_UNITS)]

    @cached_property
    def moves(self) -> dict[UnitId, Move]:
        return {UnitId(move.unit): move for move in self.move}

    @property
    def eve(self) -> date:
        return self.on - _ONE_DAY

    def commands(self, units: Units, reorganisation_id: ReorganisationId) -> Iterator[UnitCommand]:
        """What is asked of the register, in order; a unit that ended on that very day is not ended again."""
        for opening in self.open:
            yield OpenUnit(occurred_on=self.on, **opening.model_dump())
        for move in self.move:
            yield SucceedUnit(
                occurred_on=self.on,
                unit=move.unit,
                successors=move.to,
                instrument=self.instrument,
                reorganisation_id=reorganisation_id,
            )
            known = units.by_id.get(UnitId(move.unit))
            if move.ends and (known is None or known.closed_on != self.eve):
                yield CloseUnit(occurred_on=self.eve, unit=move.unit, instrument=self.instrument)
        for placing in self.place:
            yield PlaceUnit(occurred_on=self.on, unit=placing.unit, parent=placing.parent, instrument=self.instrument)

    def carried_out(self, units: Units, reorganisation_id: ReorganisationId) -> Units:
        """The register afterwards. Refused where a unit is not what the plan takes it for, or stands in a circle."""
        for move in self.move:
            units.require(UnitId(move.unit), self.eve)
        by_id = dict(units.by_id)
        now = Units(by_id)  # it sees what is added below
        for command in self.commands(units, reorganisation_id):
            for fact in decide(command, now):
                before = by_id.get(fact.unit)
                by_id[fact.unit] = following(before, fact, 1 if before is None else before.version + 1)
        return now


def parse_plan(text: str) -> Plan:
    """As TOML, or as JSON where it begins with a brace. Refused says what is wrong with it."""
    try:
        plan = Plan.model_validate(_read(text))
    except ValidationError as error:
        raise Refused(f"the file: {in_plain_words(error)}") from None
    _each_once("move", [move.unit for move in plan.move])
    _each_once("open", [opening.unit for opening in plan.open])
    _each_once("place", [placing.unit for placing in plan.place])
    for move in plan.move:
        if further := next((unit for unit in move.to if unit in plan.moves), None):
            raise Refused(
                f"the file: “{further}” succeeds “{move.unit}” and is itself succeeded: name the unit that remains"
            )
    return plan


def _read(text: str) -> Any:
    try:
        return json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"the file is neither TOML nor JSON: {error}") from None
    except RecursionError:
        raise Refused("the file is nested too deeply") from None


def _each_once(what: str, units: list[str]) -> None:
    seen: set[str] = set()
    for unit in units:
        if unit in seen:
            raise Refused(f"the file: {what} names “{unit}” twice")
        seen.add(unit)


def _as_words(text: str) -> str:
    """Without accents and signs, with a space before and behind each word."""
    words = " ".join(re.findall(r"\w+", folded(text)))
    return f" {words} "
