"""Reads the rows of one case into the fields of a `ImportedCase`.

The mapping names the columns; what no rule can read is reported with its row and column.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from domain.deadlines.calendar import CalendarRunsOut
from domain.deadlines.policy import Law
from domain.imported_history import ImportedCase
from domain.strict_types import read_written_number
from service.files.cells import quote_cell
from service.files.validation_words import validation_words
from service.files.words import UnusableValue, Words, join_words
from service.imports.case_days import CaseDays
from service.imports.days import Moment
from service.imports.key_spellings import KeySpellings
from service.imports.mapping import EARLIEST_STEP, ImportMapping, MappedDay, MappedValue, StepMeaning
from service.imports.readings import CaseReading, ReadCase, UnreadableCase, UnreadableRows
from service.imports.row_agreement import RowAgreement
from service.imports.unit_names import UnitNames
from service.imports.values import RowCells, column_indexes, date_formats_of, mapped_word_reader, value_reader

LONGEST_UNIT_CODE = 80
"""Characters of a unit code; the unit register takes no more."""

_CASE_DAYS = ("received", "assigned", "due", "answered")


class CaseReader:
    """Reads cases by one mapping. `zone` is the time zone of the source; `today` bounds the days of facts.

    `also_iso` says that the file writes days that are no text, as XES logs and workbooks do.
    """

    def __init__(
        self,
        mapping: ImportMapping,
        zone: ZoneInfo,
        law: Law,
        today: date,
        units: UnitNames | None = None,
        *,
        also_iso: bool = False,
    ) -> None:
        self._mapping = mapping
        self._law = law
        self.units = units or UnitNames(mapping.units, ())
        self.keys = KeySpellings()
        self.doubled_traces: set[str] = set()
        """Keys that several traces of an XES log have."""
        indexes = {name: index for index, name in enumerate(mapping.columns)}
        self._readers = {key: value_reader(value, indexes) for key, value in mapping.values.items()}
        for key in ("case.unit", "event.unit"):
            if key in self._readers:
                self._readers[key] = self._unit_reader(self._readers[key])
        formats = {
            key: date_formats_of(value, mapping, also_iso=also_iso)
            for key, value in mapping.values.items()
            if isinstance(value, MappedDay)
        }
        self._days = CaseDays(self._readers, formats, zone, today)
        self._text_readers = {
            key.removeprefix("case."): self._readers[key]
            for key, value in mapping.values.items()
            if key.startswith("case.") and not isinstance(value, MappedDay)
        }
        self._agreement = RowAgreement(mapping, column_indexes(mapping, "case.", indexes))
        self._event_indexes = column_indexes(mapping, "event.", indexes)
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
            (value.column, indexes[value.column], mapped_word_reader(value.map), value.default)
            for value in mapping.values.values()
            if value.column is not None and value.map and value.default is not None
        ]
        self._step_meanings = dict(mapping.event.means) if mapping.event else {}
        self._earliest_is_receipt = self._step_meanings.pop(EARLIEST_STEP, None) is not None

    def case_key(self, cells: RowCells) -> str:
        """Return the key that all rows of a case have in common; empty where the row has none."""
        return self._case_key(cells)

    def _unit_reader(self, read: Callable[[RowCells], str]) -> Callable[[RowCells], str]:
        return lambda cells: self.units.unit_of(read(cells))

    def look_at(self, number: int, cells: RowCells) -> None:
        """Take a row as evidence of how the file writes days and keys, before any case is read."""
        self.keys.look_at(self._case_key(cells))
        self._days.look_at(number, cells)

    def settle(self) -> None:
        """Read days as the whole file writes them: call it between the first pass and the first case."""
        self._days.settle()

    def remarks(self) -> list[Words]:
        """Return what is to be said of the file as a whole."""
        return [*self._days.remarks(self._mapping.label_of), *self.units.remarks(), *self.keys.remarks()]

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
                    yield unit, self._days.read(key, text).on

    def read_case(self, key: str, numbers: tuple[int, ...], rows: Sequence[RowCells]) -> CaseReading:
        """Read one case from all its rows, which are in the order of the file; `numbers` are the row numbers."""
        notes: list[str] = []
        try:
            fields = self._case_fields(numbers, rows, notes)
            notes += self.keys.notes_on(key)
            if key in self.doubled_traces:
                notes.append(str(Words("nhiều trace cùng tên", "several traces have this name; taken as one case")))
            return ReadCase(numbers, ImportedCase.model_validate(fields), tuple(notes))
        except ValidationError as error:
            return UnreadableRows(numbers, key, str(self._complaints(error, numbers)))
        except UnreadableCase as error:
            return UnreadableRows(numbers, key, str(error))

    def _case_fields(self, numbers: Sequence[int], rows: Sequence[RowCells], notes: list[str]) -> dict[str, Any]:
        first = self._agreement.agreed_cells(numbers, rows, notes)
        fields: dict[str, Any] = {"source": self._mapping.source.name}
        for name, read in self._text_readers.items():
            if text := read(first):
                fields[name] = self._read_count(name, text, numbers[0]) if name == "person_count" else text
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
            raise UnreadableCase(self._no_receipt(fields).in_row(numbers[0]))
        self._add_due_date(fields, numbers[0], notes)
        for unit in (fields.get("unit", ""), *(step["unit"] for step in fields.get("steps", ()))):
            if len(unit) > LONGEST_UNIT_CODE:
                raise UnreadableCase(
                    Words(
                        f"đơn vị {quote_cell(unit)} có hơn {LONGEST_UNIT_CODE} ký tự",
                        f"the unit {quote_cell(unit)} has more than {LONGEST_UNIT_CODE} characters",
                    )
                )
        for column, index, word_of, default in self._mapped_with_default:
            for cell in dict.fromkeys(cells[index] for cells in rows):
                if cell and word_of(cell) is None:
                    taken = quote_cell(default)
                    vi = f"{column}: {quote_cell(cell)} không có trong map, lấy là {taken}"
                    notes.append(str(Words(vi, f"{column}: {quote_cell(cell)} is not in the map, taken as {taken}")))
        return fields

    def _read_moment(self, key: str, cells: RowCells, number: int) -> Moment | None:
        read = self._readers.get(key)
        text = read(cells) if read else ""
        return self._read_day(key, text, number) if text else None

    def _read_day(self, key: str, text: str, number: int) -> Moment:
        try:
            return self._days.read(key, text)
        except UnusableValue as error:
            raise UnreadableCase(error.words.in_row(number, self._mapping.label_of(key))) from None

    def _read_count(self, name: str, text: str, number: int) -> int:
        try:
            return read_written_number(text)
        except ValueError:
            words = Words(
                f"{quote_cell(text)} không phải số nguyên viết bằng chữ số, không dấu chấm",
                f"{quote_cell(text)} is not a whole number written in digits alone",
            )
            raise UnreadableCase(words.in_row(number, self._mapping.label_of(f"case.{name}"))) from None

    def _no_receipt(self, fields: dict[str, Any]) -> Words:
        """Return that there is no day of receipt, with the steps that the case has in its place."""
        steps = ", ".join(map(quote_cell, dict.fromkeys(step["step"] for step in fields.get("steps", ())[:10])))
        return Words(
            f"không có ngày tiếp nhận{steps and f'; chỉ có các bước {steps}'}",
            f"there is no day of receipt{steps and f'; its steps are {steps}'}",
        )

    def _read_step(self, number: int, cells: RowCells) -> dict[str, Any] | None:
        """Read the step of one row; return None for a row of the case alone, such as a trace without events.

        Raise UnreadableCase where the step has no day, or one that cannot be read.
        """
        text = self._step_at(cells)
        if not text:
            if not any(cells[index] for index in self._event_indexes):
                return None
            words = Words("bước không có ngày", "the step has no day")
            raise UnreadableCase(words.in_row(number, self._mapping.label_of("event.at")))
        moment = self._read_day("event.at", text, number)
        return {
            "step": self._step_name(cells),
            "on": moment.on,
            "at": moment.at,
            "unit": self._step_unit(cells),
            "officer": self._step_officer(cells),
        }

    def _add_days_of_steps(self, fields: dict[str, Any], days: dict[str, Moment | None]) -> None:
        """Set the days that no column gives from the steps: the first receipt, first assignment and last answer."""
        for step in fields["steps"]:
            moment = Moment(step["on"], step["at"])
            if self._earliest_is_receipt and "case.received" not in self._readers:
                days["received"] = min(filter(None, (days["received"], moment)), key=_moment_order)
            meaning = self._step_meanings.get(step["step"])
            if meaning is None or self._readers.get(f"case.{meaning}"):
                continue
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
            words = Words(f"lịch ngày làm việc không tới ({error})", str(error))
            raise UnreadableCase(words.in_row(number)) from None
        if deadline is None:
            on = fields["received_on"]
            vi = f"không có quy định thời hạn cho {limit.stage} ngày {on:%d/%m/%Y}"
            notes.append(str(Words(vi, f"no rule sets a limit for {limit.stage} on {on}")))
        else:
            fields |= {"due_on": deadline.due_on, "deadline": deadline}

    def _complaints(self, error: ValidationError, numbers: Sequence[int]) -> Words:
        complaints = []
        for found in error.errors(include_url=False, include_context=True)[:5]:
            location, words = found["loc"], validation_words(dict(found))
            if location[:1] == ("steps",) and len(location) == 3:
                label = self._mapping.label_of(f"event.{location[2]}")
                complaints.append(Words(f"{label}: {words.vi}", f"{label}: {words.en}"))
            else:
                label = self._mapping.label_of(f"case.{str(location[0]).removesuffix('_on')}")
                complaints.append(words.in_row(numbers[0], label))
        return join_words(complaints)


def _moment_order(moment: Moment) -> tuple[date, bool, float]:
    """Return the sort key: by day, then instants by UTC seconds, a day without an instant after those."""
    return (moment.on, moment.at is None, moment.at.timestamp() if moment.at else 0.0)
