"""Reads the rows of one case into the fields of a `ImportedCase`.

The mapping names the columns; what no rule can read is reported with its row and column.
"""

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
from domain.imported_history import ImportedCase
from service.files.cells import quote_cell
from service.imports.days import Moment, moment_reader
from service.imports.mapping import ImportMapping, MappedDay, MappedValue, StepMeaning
from service.imports.values import RowCells, column_indexes, date_formats_of, value_reader

LONGEST_UNIT_CODE = 80
"""Characters of a unit code; the unit register takes no more."""

_CASE_DAYS = ("received", "assigned", "due", "answered")


@dataclass(frozen=True, slots=True)
class ReadCase:
    """Holds one case that was read from `rows`; `notes` say where the mapping had to choose."""

    rows: tuple[int, ...]
    case: ImportedCase
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.case.key


@dataclass(frozen=True, slots=True)
class UnreadableRows:
    """Holds rows that make no case; `reason` names the row, the column and what is wrong."""

    rows: tuple[int, ...]
    key: str
    reason: str


CaseReading = ReadCase | UnreadableRows


class _UnreadableCase(Exception):
    """Is raised when the rows of a case cannot be read; the message says why."""


class CaseReader:
    """Reads cases by one mapping. `zone` is the time zone of the source, `xes` says that the file is an XES log."""

    def __init__(self, mapping: ImportMapping, zone: ZoneInfo, law: Law, *, xes: bool = False) -> None:
        self._mapping = mapping
        self._law = law
        indexes = {name: index for index, name in enumerate(mapping.columns)}
        self._readers = {key: value_reader(value, indexes) for key, value in mapping.values.items()}
        self._moment_readers = {
            key: moment_reader(date_formats_of(value, mapping, xes=xes), zone)
            for key, value in mapping.values.items()
            if isinstance(value, MappedDay)
        }
        self._text_readers = {
            key.removeprefix("case."): self._readers[key]
            for key, value in mapping.values.items()
            if key.startswith("case.") and not isinstance(value, MappedDay)
        }
        self._case_indexes = column_indexes(mapping, "case.", indexes)
        self._event_indexes = column_indexes(mapping, "event.", indexes)
        # The rows of a case are compared by these cells.
        self._case_cells_of: Callable[[RowCells], Any] = itemgetter(*self._case_indexes)
        nothing = value_reader(MappedValue(constant=""), indexes)
        self._case_key = self._readers["case.key"]
        self._step_name = self._readers.get("event.step", nothing)
        self._step_at = self._readers.get("event.at", nothing)
        self._step_unit = self._readers.get("event.unit", nothing)
        self._step_officer = self._readers.get("event.officer", nothing)
        self._case_unit = self._readers.get("case.unit", nothing)
        first_day_key = "case.received" if "case.received" in self._readers else "event.at"
        self._first_day = first_day_key, self._readers[first_day_key]
        self._mapped_with_default = [
            (value.column, indexes[value.column], value.map, value.default)
            for value in mapping.values.values()
            if value.column is not None and value.map and value.default is not None
        ]
        self._step_meanings = dict(mapping.event.means) if mapping.event else {}

    def case_key(self, cells: RowCells) -> str:
        """Return the key that all rows of a case have in common; empty where the row has none."""
        return self._case_key(cells)

    def unit_days(self, cells: RowCells) -> Iterator[tuple[str, date]]:
        """Yield each unit that the row names, with the day in the source's zone.

        Leave a unit out where its day cannot be read: `read_case` reports that.
        """
        for unit, (key, read) in (
            (self._case_unit(cells), self._first_day),
            (self._step_unit(cells), ("event.at", self._step_at)),
        ):
            if unit and (text := read(cells)):
                with suppress(ValueError):
                    yield unit, self._moment_readers[key](text).on

    def read_case(self, key: str, numbers: tuple[int, ...], rows: Sequence[RowCells]) -> CaseReading:
        """Read one case from all its rows, which are in the order of the file; `numbers` are the row numbers."""
        notes: list[str] = []
        try:
            fields = self._case_fields(numbers, rows, notes)
            return ReadCase(numbers, ImportedCase.model_validate(fields), tuple(notes))
        except ValidationError as error:
            return UnreadableRows(numbers, key, self._complaints(error, numbers))
        except _UnreadableCase as error:
            return UnreadableRows(numbers, key, str(error))

    def _case_fields(self, numbers: Sequence[int], rows: Sequence[RowCells], notes: list[str]) -> dict[str, Any]:
        first = self._case_cells(numbers, rows, notes)
        fields: dict[str, Any] = {"source": self._mapping.source.name}
        for name, read in self._text_readers.items():
            if text := read(first):
                fields[name] = text
        days = {name: self._read_moment(f"case.{name}", first, numbers[0]) for name in _CASE_DAYS}
        if self._mapping.source.rows == "event":
            fields["steps"] = [
                step for number, cells in zip(numbers, rows, strict=True) if (step := self._read_step(number, cells))
            ]
            self._add_days_of_steps(fields, days)
        for name, moment in days.items():
            if moment is not None:
                fields[f"{name}_on"] = moment.on
                if name in ("received", "answered"):
                    fields[f"{name}_at"] = moment.at
        if "received_on" not in fields:
            raise _UnreadableCase(f"row {numbers[0]}: there is no day of receipt")
        self._add_due_date(fields, numbers[0], notes)
        for unit in (fields.get("unit", ""), *(step["unit"] for step in fields.get("steps", ()))):
            if len(unit) > LONGEST_UNIT_CODE:
                raise _UnreadableCase(f"the unit {quote_cell(unit)} has more than {LONGEST_UNIT_CODE} characters")
        for column, index, words, default in self._mapped_with_default:
            for cell in dict.fromkeys(cells[index] for cells in rows):
                if cell and cell not in words:
                    notes.append(f"{column}: {quote_cell(cell)} is not in the map, taken as {quote_cell(default)}")
        return fields

    def _case_cells(self, numbers: Sequence[int], rows: Sequence[RowCells], notes: list[str]) -> RowCells:
        """Return the cells of the case: in each column the first that is not empty.

        Add a note for each column whose rows differ. Raise _UnreadableCase where a mapping of one row a case has
        rows that differ.
        """
        first = rows[0]
        first_cells = self._case_cells_of(first)
        if all(self._case_cells_of(cells) == first_cells for cells in rows):
            return first
        if self._mapping.source.rows == "case":
            some_numbers = ", ".join(map(str, numbers[:20]))
            raise _UnreadableCase(f"rows {some_numbers} have the same key and differ: which of them holds?")
        agreed = list(first)
        for index in self._case_indexes:
            found: dict[str, int] = {}
            for number, cells in zip(numbers, rows, strict=True):
                if cells[index]:
                    found.setdefault(cells[index], number)
            agreed[index] = next(iter(found), "")
            if len(found) > 1:
                differing = ", ".join(f"row {number} {quote_cell(cell)}" for cell, number in list(found.items())[:5])
                notes.append(f"{self._mapping.columns[index]} differs: {differing}; the first is taken")
        return agreed

    def _read_moment(self, key: str, cells: RowCells, number: int) -> Moment | None:
        read = self._readers.get(key)
        text = read(cells) if read else ""
        if not text:
            return None
        try:
            return self._moment_readers[key](text)
        except ValueError as error:
            raise _UnreadableCase(f"row {number}, {self._column_label(key)}: {error}") from None

    def _read_step(self, number: int, cells: RowCells) -> dict[str, Any] | None:
        """Read the step of one row; return None for a row of the case alone, such as a trace without events.

        Raise _UnreadableCase where the step has no day, or one that cannot be read.
        """
        text = self._step_at(cells)
        if not text:
            if not any(cells[index] for index in self._event_indexes):
                return None
            raise _UnreadableCase(f"row {number}, {self._column_label('event.at')}: the step has no day")
        try:
            moment = self._moment_readers["event.at"](text)
        except ValueError as error:
            raise _UnreadableCase(f"row {number}, {self._column_label('event.at')}: {error}") from None
        return {
            "step": self._step_name(cells),
            "on": moment.on,
            "at": moment.at,
            "unit": self._step_unit(cells),
            "officer": self._step_officer(cells),
        }

    def _add_days_of_steps(self, fields: dict[str, Any], days: dict[str, Moment | None]) -> None:
        """Set the days that no column gives from the steps: the first receipt, first assignment and last answer."""
        if not self._step_meanings:
            return
        for step in fields["steps"]:
            meaning = self._step_meanings.get(step["step"])
            if meaning is None or self._readers.get(f"case.{meaning}"):
                continue
            moment = Moment(step["on"], step["at"])
            so_far = days[meaning]
            if so_far is None or (_moment_order(moment) < _moment_order(so_far)) == (
                meaning is not StepMeaning.ANSWERED
            ):
                days[meaning] = moment
                if meaning is StepMeaning.ASSIGNED and "case.unit" not in self._readers:
                    fields["unit"] = step["unit"]
                    if "case.officer" not in self._readers:
                        fields["officer"] = step["officer"]

    def _add_due_date(self, fields: dict[str, Any], number: int, notes: list[str]) -> None:
        """Set the due date by the limit that the mapping names, with the rule that counted it."""
        limit = self._mapping.case.limit
        if limit is None:
            return
        try:
            deadline = limit.deadline(fields.get("kind"), fields["received_on"], self._law)
        except CalendarRunsOut as error:
            raise _UnreadableCase(f"row {number}: {error}") from None
        if deadline is None:
            notes.append(f"no rule sets a limit for {limit.stage} on {fields['received_on']}")
        else:
            fields |= {"due_on": deadline.due_on, "deadline": deadline}

    def _column_label(self, key: str) -> str:
        """Return the names of the columns that a value comes from: the office knows the value by these."""
        value = self._mapping.values.get(key)
        return " and ".join(value.columns) if value and value.columns else key

    def _complaints(self, error: ValidationError, numbers: Sequence[int]) -> str:
        complaints = []
        for found in error.errors(include_url=False, include_context=True)[:5]:
            location, where = found["loc"], f"row {numbers[0]}, "
            if location[:1] == ("steps",) and len(location) == 3:
                where, key = "", f"event.{location[2]}"
            else:
                key = f"case.{str(location[0]).removesuffix('_on')}"
            complaints.append(f"{where}{self._column_label(key)}: {_validation_complaint(dict(found))}")
        return "; ".join(dict.fromkeys(complaints))


def _validation_complaint(error: dict[str, Any]) -> str:
    match error["type"]:
        case "value_error":
            return str(error["ctx"]["error"])
        case "string_too_long":
            return f"more than {error['ctx']['max_length']:,} characters"
        case "enum" | "int_parsing" | "string_pattern_mismatch" | "greater_than_equal" | "less_than_equal":
            wanted = error["msg"].removeprefix("Input should be ").removeprefix("String should ")
            return f"{quote_cell(str(error['input']))} is not {wanted}"
        case _:
            return str(error["msg"])


def _moment_order(moment: Moment) -> tuple[date, bool, float]:
    """Return the sort key: by day, then instants by UTC seconds, a day without an instant after those."""
    return (moment.on, moment.at is None, moment.at.timestamp() if moment.at else 0.0)
