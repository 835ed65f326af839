"""Reads policy files: TOML with one table [[policy]] for each rule.

A file with an error is refused, and the message names the line, because due dates depend on every row.
"""

import re
import tomllib
from collections.abc import Mapping

from pydantic import ValidationError

from domain.deadlines.error_messages import validation_error_text
from domain.deadlines.policy import Policies, PolicyError, policy_clashes
from domain.deadlines.policy_row import PolicyRow
from domain.value import replace

_ROW_HEADING = re.compile(r"^\s*\[\[\s*policy\s*\]\]")


def parse_policies(text: str, name: str) -> Policies:
    """Read a policy file (as `domain/policy/deadlines.toml`); `name` is the file's name for error messages.

    Raise PolicyError for an unknown or missing key, a row without legal source, an unknown kind or stage, a limit that
    cannot be read, the same id and version twice, or rows of equal specificity that are in force together.
    """
    return Policies(tuple(row for row, _ in _parse_rows(text, name)))


def parse_local_policies(text: str, name: str, national: Policies) -> Policies:
    """Return the national rules with the rules of an installation's file, which add to them and override them.

    `name` is the file's name for error messages. Raise PolicyError as `parse_policies` does, and for a row that sets no
    limit, or that has the name of a national row: the reader of a due date must see whose rule it names.
    """
    taken = {row.reference for row in national.rows}
    rows = _parse_rows(text, name)
    for row, line in rows:
        if row.limit is None:
            raise PolicyError(f"{name}, line {line}, {row.id}: limit is missing; a rule of the site fills a slot")
        if row.reference in taken:
            raise PolicyError(
                f"{name}, line {line}: {row.reference} is the name of a national rule; give the site's rule its own id"
            )
    return national.with_local(row for row, _ in rows)


def _parse_rows(text: str, name: str) -> list[tuple[PolicyRow, int]]:
    """Return each row with the line of its heading. Raise PolicyError."""
    try:
        file = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{name}: this is not TOML: {error}") from error
    if unknown := file.keys() - {"policy"}:
        raise PolicyError(f"{name}: {min(unknown)!r} is not a known key; a file holds [[policy]] rows only")
    tables = file.get("policy", [])
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if _ROW_HEADING.match(line)]
    if not isinstance(tables, list) or len(lines) != len(tables):
        raise PolicyError(f"{name}: write each row as a [[policy]] heading with its keys below it")
    rows = [
        _parse_row(row, f"{name}, row {place} (line {line})")
        for place, (row, line) in enumerate(zip(tables, lines, strict=True), start=1)
    ]
    line_of = {id(row): line for row, line in zip(rows, lines, strict=True)}
    for one, other, reason in policy_clashes(rows):
        raise PolicyError(f"{name}, lines {line_of[id(one)]} and {line_of[id(other)]}: {reason}")
    return list(zip(rows, lines, strict=True))


def _parse_row(table: Mapping[str, object], place: str) -> PolicyRow:
    """Return the row of one [[policy]] table; `place` names the file and line for error messages. Raise PolicyError."""
    keys = dict(table)
    counts_start_day = keys.pop("counts_start_day", False)
    try:
        row = PolicyRow.model_validate(keys)
        if not isinstance(counts_start_day, bool) or (counts_start_day and row.limit is None):
            raise PolicyError(f"{place}, {row.id}: counts_start_day is true or false, beside a limit")
        if row.limit is None or not counts_start_day:
            return row
        limit = replace(row.limit, counts_start_day=True)
        return PolicyRow.model_validate({**keys, "limit": limit})
    except ValidationError as error:
        raise PolicyError(f"{place}, {table.get('id', 'without id')}: {validation_error_text(error)}") from error
