"""Writes rows as the text that COPY reads: one look-up finds the function for the type of a value.

psycopg adapts value by value, and asks for each which adapter it has; a view is built from millions of values of few
types. What is of another type is written by psycopg all the same.
"""

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import NoneType
from typing import Any
from uuid import UUID

from psycopg.adapt import PyFormat, Transformer

from projections.projection import TableRow

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def copy_text(rows: Iterable[TableRow]) -> str:
    """Return the rows in the text format of COPY, each with the end of its line."""
    return "".join(["\t".join([_WRITERS[type(value)](value) for value in row]) + "\n" for row in rows])


def _text(value: str) -> str:
    return value.translate(_ESCAPED) if "\\" in value or not value.isprintable() else value


def _word(value: StrEnum) -> str:
    return _text(value.value)


def _list(values: list[Any]) -> str:
    """Return an array. A text in it is quoted, and the whole is then a text of COPY."""
    kinds = set(map(type, values))
    if kinds <= {int}:
        return f"{{{','.join(map(str, values))}}}"
    if all(issubclass(kind, str) for kind in kinds):
        quoted = (f'"{str(value).translate(_QUOTED)}"' for value in values)
        return _text(f"{{{','.join(quoted)}}}")
    return _other(values)


def _other(value: Any) -> str:
    """Return a value as psycopg adapts it."""
    dumped = Transformer().get_dumper(value, PyFormat.TEXT).dump(value)
    return "\\N" if dumped is None else _text(bytes(dumped).decode())


class _Writers(dict[type, Callable[[Any], str]]):
    """Holds the function that writes each type; it is found when a value of the type comes first."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        writer = self[kind] = _word if issubclass(kind, StrEnum) else _other
        return writer


_WRITERS = _Writers(
    {
        NoneType: lambda _: "\\N",
        bool: lambda value: "t" if value else "f",
        int: str,
        str: _text,
        list: _list,
        bytes: lambda value: f"\\\\x{value.hex()}",  # psycopg would write it as for a literal, with quotes doubled
        date: lru_cache(maxsize=16_384)(date.isoformat),  # a view has few days, and each many times
        UUID: lambda value: f"{value.int:032x}",
    }
)
