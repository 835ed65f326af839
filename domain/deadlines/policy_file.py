"""Reading a policy file: TOML with a heading [[policy]] and its keys for each rule."""

import re
import tomllib
from collections.abc import Mapping

from pydantic import ValidationError

from domain.deadlines.error_messages import in_plain_words
from domain.deadlines.policy import Policies, PolicyError, clashes
from domain.deadlines.policy_row import PolicyRow

_ROW = re.compile(r"^\s*\[\[\s*policy\s*\]\]")


def parse_policies(text: str, name: str) -> Policies:
    """Read a policy file (as `domain/policy/deadlines.toml`); `name` is for the messages.

    Raises PolicyError: an unknown or missing key, no legal source, an unknown kind or stage, a limit that is not
    one, the same id and version twice, rows of equal specificity that are in force together.
    """
    return Policies(tuple(row for row, _ in _rows(text, name)))


def parse_local_policies(text: str, name: str, national: Policies) -> Policies:
    """The national rules with those of a site's file, which add to them and override them.

    Raises PolicyError as above, and for a row that sets no limit or bears the name of a national one: whoever
    reads a due date must know whose rule it names.
    """
    taken = {row.reference for row in national.rows}
    rows = _rows(text, name)
    for row, line in rows:
        if row.limit is None:
            raise PolicyError(f"{name}, line {line}, {row.id}: limit is missing; a rule of the site fills a slot")
        if row.reference in taken:
            raise PolicyError(
                f"{name}, line {line}: {row.reference} is the name of a national rule; give the site's rule its own id"
            )
    return national.with_local(row for row, _ in rows)


def _rows(text: str, name: str) -> list[tuple[PolicyRow, int]]:
    """The rows with the lines of their headings."""
    try:
        file = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{name}: this is not TOML: {error}") from error
    if unknown := file.keys() - {"policy"}:
        raise PolicyError(f"{name}: {min(unknown)!r} is not a known key; a file holds [[policy]] rows only")
    written = file.get("policy", [])
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if _ROW.match(line)]
    if not isinstance(written, list) or len(lines) != len(written):
        raise PolicyError(f"{name}: write each row as a [[policy]] heading with its keys below it")
    rows = [
        _row(row, f"{name}, row {place} (line {line})")
        for place, (row, line) in enumerate(zip(written, lines, strict=True), start=1)
    ]
    line_of = {id(row): line for row, line in zip(rows, lines, strict=True)}
    for one, other, reason in clashes(rows):
        raise PolicyError(f"{name}, lines {line_of[id(one)]} and {line_of[id(other)]}: {reason}")
    return list(zip(rows, lines, strict=True))


def _row(written: Mapping[str, object], place: str) -> PolicyRow:
    keys = dict(written)
    counts_start_day = keys.pop("counts_start_day", False)
    try:
        row = PolicyRow.model_validate(keys)
        if not isinstance(counts_start_day, bool) or (counts_start_day and row.limit is None):
            raise PolicyError(f"{place}, {row.id}: counts_start_day is true or false, beside a limit")
        if row.limit is None or not counts_start_day:
            return row
        limit = row.limit.model_copy(update={"counts_start_day": True})
        return PolicyRow.model_validate({**keys, "limit": limit})
    except ValidationError as error:
        raise PolicyError(f"{place}, {written.get('id', 'without id')}: {in_plain_words(error)}") from error
