"""Reads a ladder file: TOML with [[step]] and [[hours]] tables, and [operator] in the file of an installation (site).

Every error names the line, because officers write these files.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from domain.alerts.ladder import Ladder, LadderError, OperatorContact, WorkingHours, find_step_clashes
from domain.alerts.step import LadderStep
from domain.deadlines.error_messages import validation_error_text

_HEADING = re.compile(r"^\s*\[\[?\s*(step|hours|operator)\s*\]\]?")

ModelT = TypeVar("ModelT", bound=BaseModel)


def parse_ladder(text: str, name: str) -> Ladder:
    """Return the ladder of a file such as `domain/policy/ladder.toml`; `name` is the file's name for error messages.

    Raise LadderError for an unknown or missing key, a step without roles, an offset that cannot be read, the same id
    and version twice, rows of equal specificity for one rung that are in force together, and hours that end before they
    begin.
    """
    file = _LadderFile(text, name)
    return Ladder(file.steps, hours=file.hours, operator=file.operator)


def parse_local_ladder(text: str, name: str, national: Ladder) -> Ladder:
    """Return the national ladder with the rows of an installation's file, which add to it and override it.

    Raise LadderError as `parse_ladder` does, and for a row that has the name of a national row.
    """
    file = _LadderFile(text, name)
    taken = {row.reference for row in national.rows}
    for row, line in zip(file.steps, file.lines["step"], strict=True):
        if row.reference in taken:
            raise LadderError(
                f"{name}, line {line}: {row.reference} is the name of a national step; give the site's row its own id"
            )
    return national.with_local(file.steps, file.hours, file.operator)


class _LadderFile:
    """Holds the rows of a file with the lines of their headings."""

    def __init__(self, text: str, name: str) -> None:
        self._name = name
        try:
            file = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise LadderError(f"{name}: this is not TOML: {error}") from error
        if unknown := file.keys() - {"step", "hours", "operator"}:
            raise LadderError(
                f"{name}: {min(unknown)!r} is not a known key; a file holds [[step]], [[hours]] and [operator]"
            )
        self.lines: dict[str, list[int]] = {"step": [], "hours": [], "operator": []}
        for number, line in enumerate(text.splitlines(), start=1):
            if found := _HEADING.match(line):
                self.lines[found[1]].append(number)
        self.steps = tuple(self._validate_rows(file, "step", LadderStep))
        self.hours = tuple(self._validate_rows(file, "hours", WorkingHours))
        operator = file.get("operator")
        self.operator = None if operator is None else self._validate_row(operator, "operator", OperatorContact, 0)
        line_of = {id(row): line for row, line in zip(self.steps, self.lines["step"], strict=True)}
        for one, other, reason in find_step_clashes(self.steps):
            raise LadderError(f"{name}, lines {line_of[id(one)]} and {line_of[id(other)]}: {reason}")
        first_line: dict[str | None, int] = {}
        for hours, at in zip(self.hours, self.lines["hours"], strict=True):
            if hours.unit in first_line:
                whose = f"the unit {hours.unit}" if hours.unit else "all other units"
                raise LadderError(
                    f"{name}, lines {first_line[hours.unit]} and {at}: the hours of {whose} are there twice"
                )
            first_line[hours.unit] = at

    def _validate_rows(self, file: Mapping[str, object], key: str, model: type[ModelT]) -> Iterator[ModelT]:
        values = file.get(key, [])
        if not isinstance(values, list) or len(values) != len(self.lines[key]):
            raise LadderError(f"{self._name}: write each row as a [[{key}]] heading with its keys below it")
        for index, row in enumerate(values):
            yield self._validate_row(row, key, model, index)

    def _validate_row(self, values: object, key: str, model: type[ModelT], index: int) -> ModelT:
        lines = self.lines[key]
        where = f"line {lines[index]}" if index < len(lines) else key
        named = values.get("id", key) if isinstance(values, Mapping) else key
        try:
            return model.model_validate(values)
        except ValidationError as error:
            raise LadderError(f"{self._name}, {where}, {named}: {validation_error_text(error)}") from error
