"""Reads the file of a reorganisation: the units that begin, end and move, and their successors.

What is approved is this file, so the register must accept it as a whole.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from domain.commands import CalendarDay
from domain.deadlines.calendar import ONE_DAY
from domain.deadlines.error_messages import validation_error_text
from domain.errors import Refused
from domain.refusals.reorganisations import ReorganisationRefusal
from domain.refusals.reviewed_changes import ReviewedChangeRefusal
from domain.reorganisations.events import REORGANISATION_FILE_FORMAT
from domain.strict_types import YesOrNo
from domain.text import Code, SingleLine, fold_diacritics
from domain.units.commands import CloseUnit, OpenUnit, PlaceUnit, SucceedUnit, UnitCommand
from domain.units.decide import decide_unit
from domain.units.events import Branch, Level
from domain.units.unit import UnitRegister, unit_after_event
from domain.vocabulary import ReorganisationId, UnitId

MAX_UNITS_IN_PLAN = 5_000
"""Largest number of units in each list of a plan."""


class _PlanPart(BaseModel):
    """Holds a table of the file; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class UnitOpening(_PlanPart):
    """Holds a unit that begins."""

    unit: Code
    name: SingleLine
    level: Level | None = None
    branch: Branch | None = None
    parent: Code | None = None


class UnitPlacing(_PlanPart):
    """Holds a unit that is placed under another from the day of the plan."""

    unit: Code
    parent: Code


class UnitMove(_PlanPart):
    """Holds a unit and its successors, the main one first.

    `places` maps a place to the successor that gets its petitions; any other petition goes to the main one.
    """

    unit: Annotated[Code, Field(alias="from")]
    to: Annotated[tuple[Code, ...], Field(min_length=1, max_length=200)]
    places: dict[SingleLine, Code] = {}
    ends: YesOrNo = True

    @model_validator(mode="after")
    def _places_go_to_successors(self) -> Self:
        """Raise ValueError if a place goes to a unit that is no successor."""
        for place, unit in self.places.items():
            if unit not in self.to:
                raise ValueError(f"places: {place!r} goes to {unit!r}, which is not one of its successors")
        return self

    @cached_property
    def _phrases(self) -> list[tuple[str, str]]:
        """Return the words of each place with the code of its unit."""
        return [(_words_with_spaces(place), unit) for place, unit in self.places.items()]

    def successor(self, place: str) -> tuple[UnitId, bool]:
        """Return the successor for a petition of that place, and True if `places` names it.

        The longest name that is found in the place in whole words decides, whatever its accents. Two that are equally
        long and name different units decide nothing.
        """
        words = _words_with_spaces(place)
        named = [(len(phrase), unit) for phrase, unit in self._phrases if phrase.strip() and phrase in words]
        longest = {unit for length, unit in named if length == max(named)[0]}
        if len(longest) == 1:
            return UnitId(longest.pop()), True
        return UnitId(self.to[0]), False


class ReorganisationPlan(_PlanPart):
    """Holds the plan. `on` is the first day of the new units; those that end have their last day before it."""

    title: SingleLine
    instrument: SingleLine
    on: CalendarDay
    open: Annotated[tuple[UnitOpening, ...], Field(max_length=MAX_UNITS_IN_PLAN)] = ()
    place: Annotated[tuple[UnitPlacing, ...], Field(max_length=MAX_UNITS_IN_PLAN)] = ()
    move: Annotated[tuple[UnitMove, ...], Field(min_length=1, max_length=MAX_UNITS_IN_PLAN)]

    @cached_property
    def moves(self) -> dict[UnitId, UnitMove]:
        """Return the moves by the unit that is succeeded."""
        return {UnitId(move.unit): move for move in self.move}

    @property
    def eve(self) -> date:
        """Return the last day of the units that end."""
        return self.on - ONE_DAY

    def unit_commands(self, units: UnitRegister, reorganisation_id: ReorganisationId) -> Iterator[UnitCommand]:
        """Yield the commands on the register, in order; a unit that ended on that very day is not ended again."""
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

    def carry_out(self, units: UnitRegister, reorganisation_id: ReorganisationId) -> UnitRegister:
        """Return the register afterwards.

        Raise Refused if a unit is not in being on the eve, or if the register does not allow a command: units may not
        form a circle.
        """
        for move in self.move:
            units.require(UnitId(move.unit), self.eve)
        by_id = dict(units.by_id)
        now = UnitRegister(by_id)  # a live view of `by_id`: it sees what is added below
        for command in self.unit_commands(units, reorganisation_id):
            for fact in decide_unit(command, now):
                before = by_id.get(fact.unit)
                by_id[fact.unit] = unit_after_event(before, fact, 1 if before is None else before.version + 1)
        return now


def parse_reorganisation_plan(text: str, file_format: int = REORGANISATION_FILE_FORMAT) -> ReorganisationPlan:
    """Return the plan that a file in that format holds; a file that is proposed now is in the present format.

    Raise Refused with what is wrong with the file, and for a format that this program does not know.
    """
    parse = REORGANISATION_FILE_PARSERS.get(file_format)
    if parse is None:
        newest = max(REORGANISATION_FILE_PARSERS)
        raise Refused(ReorganisationRefusal.PLAN_OF_NEWER_PROGRAM, file_format=file_format, newest=newest)
    return parse(text)


def _parse_plan_of_format_1(text: str) -> ReorganisationPlan:
    """Read a plan as TOML, or as JSON if it begins with a brace. Raise Refused with what is wrong with it."""
    try:
        plan = ReorganisationPlan.model_validate(_parse_toml_or_json(text))
    except ValidationError as error:
        reason = validation_error_text(error)
        raise Refused(ReviewedChangeRefusal.PROPOSED_FILE_HAS_FAULTS, reason=reason) from None
    _require_each_once("move", [move.unit for move in plan.move])
    _require_each_once("open", [opening.unit for opening in plan.open])
    _require_each_once("place", [placing.unit for placing in plan.place])
    for move in plan.move:
        if further := next((unit for unit in move.to if unit in plan.moves), None):
            raise Refused(ReorganisationRefusal.SUCCESSOR_IS_SUCCEEDED, further=further, unit=move.unit)
    return plan


REORGANISATION_FILE_PARSERS: Mapping[int, Callable[[str], ReorganisationPlan]] = {1: _parse_plan_of_format_1}
"""The parser of each format in which a plan was ever proposed. A format is never removed or read differently."""


def _parse_toml_or_json(text: str) -> Any:
    """Parse the text. Raise Refused if it is neither TOML nor JSON, or nested too deeply."""
    try:
        return json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(ReorganisationRefusal.PLAN_NEITHER_TOML_NOR_JSON, reason=str(error)) from None
    except RecursionError:
        raise Refused(ReorganisationRefusal.PLAN_NESTED_TOO_DEEPLY) from None


def _require_each_once(table: str, units: list[str]) -> None:
    """Raise Refused if the table of the file names a unit twice."""
    seen: set[str] = set()
    for unit in units:
        if unit in seen:
            raise Refused(ReorganisationRefusal.PLAN_NAMES_UNIT_TWICE, table=table, unit=unit)
        seen.add(unit)


def _words_with_spaces(text: str) -> str:
    """Return the words without accents and signs, with a space before and after each, so that whole words are found."""
    words = " ".join(re.findall(r"\w+", fold_diacritics(text)))
    return f" {words} "
