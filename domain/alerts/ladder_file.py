"""Reading a ladder file: TOML with [[step]] and [[hours]] headings and, in a site's file, one [operator]."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from domain.alerts.ladder import Hours, Ladder, LadderError, Operator, clashes
from domain.alerts.step import Step
from domain.deadlines.error_messages import in_plain_words

_HEADING = re.compile(r"^\s*\[\[?\s*(step|hours|operator)\s*\]\]?")

M = TypeVar("M", bound=BaseModel)


def parse_ladder(text: str, name: str) -> Ladder:
    """Read a ladder file (as `domain/policy/ladder.toml`); `name` is for the messages.

    Raises LadderError: an unknown or missing key, nobody to tell, a place that is none, the same id and version twice,
    rows of equal specificity for one rung that are in force together, hours that end before they begin.
    """
    read = _Read(text, name)
    return Ladder(read.steps, hours=read.hours, operator=read.operator)


def parse_local_ladder(text: str, name: str, national: Ladder) -> Ladder:
    """The national ladder with the rows of a site's file, which add to it and override it. Raises LadderError as above,
    and for a row that bears the name of a national one.
    """
    read = _Read(text, name)
    taken = {row.reference for row in national.rows}
    for row, line in zip(read.steps, read.lines["step"], strict=True):
        if row.reference in taken:
            raise LadderError(
                f"{name}, line {line}: {row.reference} is the name of a national step; give the site's row its own id"
            )
    return national.with_local(read.steps, read.hours, read.operator)


class _Read:
    """The rows of a file with the lines of their headings."""

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
        self.steps = tuple(self._rows(file, "step", Step))
        self.hours = tuple(self._rows(file, "hours", Hours))
        operator = file.get("operator")
        self.operator = None if operator is None else self._one(operator, "operator", Operator, 0)
        line_of = {id(row): line for row, line in zip(self.steps, self.lines["step"], strict=True)}
        for one, other, reason in clashes(self.steps):
            raise LadderError(f"{name}, lines {line_of[id(one)]} and {line_of[id(other)]}: {reason}")
        first_line: dict[str | None, int] = {}
        for hours, at in zip(self.hours, self.lines["hours"], strict=True):
            if hours.unit in first_line:
                whose = f"the unit {hours.unit}" if hours.unit else "all other units"
                raise LadderError(
                    f"{name}, lines {first_line[hours.unit]} and {at}: the hours of {whose} are there twice"
                )
            first_line[hours.unit] = at

    def _rows(self, file: Mapping[str, object], key: str, model: type[M]) -> Iterator[M]:
        written = file.get(key, [])
        if not isinstance(written, list) or len(written) != len(self.lines[key]):
            raise LadderError(f"{self._name}: write each row as a [[{key}]] heading with its keys below it")
        for place, row in enumerate(written):
            yield self._one(row, key, model, place)

    def _one(self, written: object, key: str, model: type[M], place: int) -> M:
        lines = self.lines[key]
        where = f"line {lines[place]}" if place < len(lines) else key
        named = written.get("id", key) if isinstance(written, Mapping) else key
        try:
            return model.model_validate(written)
        except ValidationError as error:
            raise LadderError(f"{self._name}, {where}, {named}: {in_plain_words(error)}") from error
