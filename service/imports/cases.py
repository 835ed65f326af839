"""The rows of a case, put into the words of the register."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from domain.deadlines.calendar import CalendarRunsOut
from domain.deadlines.policy import Law
from domain.imported_history import PastCase
from service.files.cells import quoted
from service.imports.days import Moment, moments
from service.imports.mapping import DayValue, Mapping, Meaning, Value
from service.imports.values import Cells, formats_of, places_of, reader

LONGEST_UNIT = 80
"""Characters that the unit register takes."""

_DAYS = ("received", "assigned", "due", "answered")


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A case as the file tells it, from these rows; `notes` say where the mapping had to choose."""

    rows: tuple[int, ...]
    case: PastCase
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.case.key


@dataclass(frozen=True, slots=True)
class UnreadRows:
    """Rows that cannot be told as a case; `reason` names row, column and what is wrong."""

    rows: tuple[int, ...]
    key: str
    reason: str


CaseRow = ReadCase | UnreadRows


class _Unreadable(Exception):
    """Why a case cannot be told."""


class CaseReader:
    """Reads by one mapping. `zone` is that of the source."""

    def __init__(self, mapping: Mapping, zone: ZoneInfo, law: Law, *, xes: bool = False) -> None:
        self._mapping = mapping
        self._law = law
        places = {name: place for place, name in enumerate(mapping.columns)}
        self._read = {key: reader(value, places) for key, value in mapping.values.items()}
        self._moments = {
            key: moments(formats_of(value, mapping, xes=xes), zone)
            for key, value in mapping.values.items()
            if isinstance(value, DayValue)
        }
        self._texts = {
            key.removeprefix("case."): self._read[key]
            for key, value in mapping.values.items()
            if key.startswith("case.") and not isinstance(value, DayValue)
        }
        self._case_places = places_of(mapping, "case.", places)
        self._event_places = places_of(mapping, "event.", places)
        self._of_case: Callable[[Cells], Any] = itemgetter(*self._case_places)  # to compare rows by
        nothing = reader(Value(constant=""), places)
        self._key = self._read["case.key"]
        self._step_name = self._read.get("event.step", nothing)
        self._at = self._read.get("event.at", nothing)
        self._unit = self._read.get("event.unit", nothing)
        self._officer = self._read.get("event.officer", nothing)
        self._case_unit = self._read.get("case.unit", nothing)
        dated = "case.received" if "case.received" in self._read else "event.at"
        self._first_day = dated, self._read[dated]
        self._chosen = [
            (value.column, places[value.column], value.map, value.default)
            for value in mapping.values.values()
            if value.column is not None and value.map and value.default is not None
        ]
        self._means = dict(mapping.event.means) if mapping.event else {}

    def key(self, cells: Cells) -> str:
        """What the rows of a case have in common; empty where the row does not say."""
        return self._key(cells)

    def units(self, cells: Cells) -> Iterator[tuple[str, date]]:
        """The units that a row names, each with the day; a day that cannot be read is the case's own matter."""
        for unit, (key, read) in (
            (self._case_unit(cells), self._first_day),
            (self._unit(cells), ("event.at", self._at)),
        ):
            if unit and (text := read(cells)):
                with suppress(ValueError):
                    yield unit, self._moments[key](text).on

    def case(self, key: str, numbers: tuple[int, ...], rows: Sequence[Cells]) -> CaseRow:
        """One case of all its rows, in the order of the file."""
        notes: list[str] = []
        try:
            told = self._told(numbers, rows, notes)
            return ReadCase(numbers, PastCase.model_validate(told), tuple(notes))
        except ValidationError as error:
            return UnreadRows(numbers, key, self._plain(error, numbers))
        except _Unreadable as error:
            return UnreadRows(numbers, key, str(error))

    def _told(self, numbers: Sequence[int], rows: Sequence[Cells], notes: list[str]) -> dict[str, Any]:
        first = self._agreed(numbers, rows, notes)
        told: dict[str, Any] = {"source": self._mapping.source.name}
        for name, read in self._texts.items():
            if text := read(first):
                told[name] = text
        days = {name: self._moment(f"case.{name}", first, numbers[0]) for name in _DAYS}
        if self._mapping.source.rows == "event":
            told["steps"] = [
                step for number, cells in zip(numbers, rows, strict=True) if (step := self._step(number, cells))
            ]
            self._learn(told, days)
        for name, moment in days.items():
            if moment is not None:
                told[f"{name}_on"] = moment.on
                if name in ("received", "answered"):
                    told[f"{name}_at"] = moment.at
        if "received_on" not in told:
            raise _Unreadable(f"row {numbers[0]}: there is no day of receipt")
        self._limit(told, numbers[0], notes)
        for unit in (told.get("unit", ""), *(step["unit"] for step in told.get("steps", ()))):
            if len(unit) > LONGEST_UNIT:
                raise _Unreadable(f"the unit {quoted(unit)} has more than {LONGEST_UNIT} characters")
        for column, place, words, default in self._chosen:
            for cell in dict.fromkeys(cells[place] for cells in rows):
                if cell and cell not in words:
                    notes.append(f"{column}: {quoted(cell)} is not in the map, taken as {quoted(default)}")
        return told

    def _agreed(self, numbers: Sequence[int], rows: Sequence[Cells], notes: list[str]) -> Cells:
        """The cells that tell of the case: of each the first that is not empty, with a note where others differ."""
        first = rows[0]
        told = self._of_case(first)
        if all(self._of_case(cells) == told for cells in rows):
            return first
        if self._mapping.source.rows == "case":
            shown = ", ".join(map(str, numbers[:20]))
            raise _Unreadable(f"rows {shown} have the same key and differ: which of them holds?")
        agreed = list(first)
        for place in self._case_places:
            found: dict[str, int] = {}
            for number, cells in zip(numbers, rows, strict=True):
                if cells[place]:
                    found.setdefault(cells[place], number)
            agreed[place] = next(iter(found), "")
            if len(found) > 1:
                said = ", ".join(f"row {number} {quoted(cell)}" for cell, number in list(found.items())[:5])
                notes.append(f"{self._mapping.columns[place]} differs: {said}; the first is taken")
        return agreed

    def _moment(self, key: str, cells: Cells, number: int) -> Moment | None:
        read = self._read.get(key)
        text = read(cells) if read else ""
        if not text:
            return None
        try:
            return self._moments[key](text)
        except ValueError as error:
            raise _Unreadable(f"row {number}, {self._named(key)}: {error}") from None

    def _step(self, number: int, cells: Cells) -> dict[str, Any] | None:
        """None for a row that tells of the case alone, such as a trace without events."""
        text = self._at(cells)
        if not text:
            if not any(cells[place] for place in self._event_places):
                return None
            raise _Unreadable(f"row {number}, {self._named('event.at')}: the step has no day")
        try:
            moment = self._moments["event.at"](text)
        except ValueError as error:
            raise _Unreadable(f"row {number}, {self._named('event.at')}: {error}") from None
        return {
            "step": self._step_name(cells),
            "on": moment.on,
            "at": moment.at,
            "unit": self._unit(cells),
            "officer": self._officer(cells),
        }

    def _learn(self, told: dict[str, Any], days: dict[str, Moment | None]) -> None:
        """What the steps mean, for the days that no column gives: the first receipt and assignment, the last answer."""
        if not self._means:
            return
        for step in told["steps"]:
            meaning = self._means.get(step["step"])
            if meaning is None or self._read.get(f"case.{meaning}"):
                continue
            moment = Moment(step["on"], step["at"])
            known = days[meaning]
            if known is None or (_place(moment) < _place(known)) == (meaning is not Meaning.ANSWERED):
                days[meaning] = moment
                if meaning is Meaning.ASSIGNED and "case.unit" not in self._read:
                    told["unit"] = step["unit"]
                    if "case.officer" not in self._read:
                        told["officer"] = step["officer"]

    def _limit(self, told: dict[str, Any], number: int, notes: list[str]) -> None:
        """The due date by the limit that the mapping names, with the rule it was counted by."""
        limit = self._mapping.case.limit
        if limit is None:
            return
        try:
            deadline = limit.deadline(told.get("kind"), told["received_on"], self._law)
        except CalendarRunsOut as error:
            raise _Unreadable(f"row {number}: {error}") from None
        if deadline is None:
            notes.append(f"no rule sets a limit for {limit.stage} on {told['received_on']}")
        else:
            told |= {"due_on": deadline.due_on, "deadline": deadline}

    def _named(self, key: str) -> str:
        """A value by its columns, as the office knows it."""
        value = self._mapping.values.get(key)
        return " and ".join(value.columns) if value and value.columns else key

    def _plain(self, error: ValidationError, numbers: Sequence[int]) -> str:
        said = []
        for found in error.errors(include_url=False, include_context=True)[:5]:
            place, where = found["loc"], f"row {numbers[0]}, "
            if place[:1] == ("steps",) and len(place) == 3:
                where, key = "", f"event.{place[2]}"
            else:
                key = f"case.{str(place[0]).removesuffix('_on')}"
            said.append(f"{where}{self._named(key)}: {_what(dict(found))}")
        return "; ".join(dict.fromkeys(said))


def _what(error: dict[str, Any]) -> str:
    match error["type"]:
        case "value_error":
            return str(error["ctx"]["error"])
        case "string_too_long":
            return f"more than {error['ctx']['max_length']:,} characters"
        case "enum" | "int_parsing" | "string_pattern_mismatch" | "greater_than_equal" | "less_than_equal":
            wanted = error["msg"].removeprefix("Input should be ").removeprefix("String should ")
            return f"{quoted(str(error['input']))} is not {wanted}"
        case _:
            return str(error["msg"])


def _place(moment: Moment) -> tuple[Any, ...]:
    return (moment.on, moment.at is None, moment.at.timestamp() if moment.at else 0.0)
