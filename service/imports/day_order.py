"""Decides by the whole column, and not by the cell, whether the day or the month stands first.

A cell such as 05/01/2024 tells nothing. A column with 15/01/2024 has the day first, one with 01/15/2024 the month; one
with both was mixed by a program, and then no cell that could be either is read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from service.files.cells import quote_cell
from service.files.words import UnusableValue, Words

_NUMBERS = re.compile(r"\s*([0-9]{1,2})\s*[/.\- ]\s*([0-9]{1,2})\s*[/.\- ]\s*([0-9]{4}|[0-9]{2})(?![0-9])")
_LAST_MONTH = 12


class Order(Enum):
    """Says which of the two numbers of a day stands first."""

    DAY_FIRST = "ngày trước tháng / the day first"
    MONTH_FIRST = "tháng trước ngày / the month first"


def order_of_format(form: str) -> Order | None:
    """Return the order of a pattern; None where the year stands first or the month is written in words."""
    places = {sign: form.find(sign) for sign in ("%d", "%m")}
    year = min((place for sign in ("%Y", "%y") if (place := form.find(sign)) >= 0), default=-1)
    if -1 in places.values() or (0 <= year < min(places.values())):
        return None
    return Order.DAY_FIRST if places["%d"] < places["%m"] else Order.MONTH_FIRST


@dataclass(slots=True)
class _Column:
    """Holds what the cells of one day column tell: a row for each order, and how many cells tell nothing."""

    formats: Sequence[str]
    rows: dict[Order, int] = field(default_factory=dict)
    undecided: int = 0

    @property
    def stated(self) -> set[Order]:
        return {order for form in self.formats if (order := order_of_format(form))}


class DayOrders:
    """Collects the evidence of all day columns of a file in a first pass, and then says which formats hold."""

    def __init__(self, formats: Mapping[str, Sequence[str]]) -> None:
        self._columns = {key: _Column(one) for key, one in formats.items() if any(map(order_of_format, one))}

    @property
    def keys(self) -> Iterable[str]:
        """Return the keys of the columns that are looked at."""
        return self._columns

    def look_at(self, key: str, text: str, number: int) -> None:
        """Take the cell of a row as evidence."""
        numbers = _numbers_of(text)
        if numbers is None:
            return
        column, (first, second) = self._columns[key], numbers
        if first > _LAST_MONTH >= second:
            column.rows.setdefault(Order.DAY_FIRST, number)
        elif second > _LAST_MONTH >= first:
            column.rows.setdefault(Order.MONTH_FIRST, number)
        elif first != second:
            column.undecided += 1

    def formats(self, key: str) -> Sequence[str]:
        """Return the formats of the column without those of an order that it does not have."""
        column = self._columns[key]
        order = self._decided(column)
        return [form for form in column.formats if order is None or order_of_format(form) in (None, order)]

    def require_decided(self, key: str, text: str) -> None:
        """Raise UnusableValue for a day that could be either, where the columns of the file contradict each other."""
        numbers = _numbers_of(text)
        if numbers is None or max(numbers) > _LAST_MONTH or numbers[0] == numbers[1]:
            return
        against = self._contradiction()
        if against is None and self._decided(self._columns[key]) is not None:
            return
        first, second = numbers
        why = against or Words(
            "mapping nêu cả hai thứ tự và không ô nào cho biết", "the mapping states both orders and no cell tells"
        )
        raise UnusableValue(
            f"{quote_cell(text)} có thể là ngày {first} tháng {second} hoặc ngày {second} tháng {first}: {why.vi}",
            f"{quote_cell(text)} may have the day or the month first: {why.en}",
        )

    def remarks(self, labels: Mapping[str, str]) -> list[Words]:
        """Return what nobody can tell from the cells: the columns in which every number could be a month."""
        if self._contradiction() is not None:
            return []
        return [
            Words(
                f"{labels[key]}: không ô nào cho biết ngày hay tháng đứng trước; đọc theo mapping",
                f"{labels[key]}: no cell tells whether the day or the month stands first; read as the mapping says",
            )
            for key, column in self._columns.items()
            if column.undecided and not column.rows and len(column.stated) == 1
        ]

    def _decided(self, column: _Column) -> Order | None:
        """Return the order in which the column is read; None where the mapping states both and nothing tells."""
        if len(column.stated) == 1:
            return next(iter(column.stated))
        seen = set(column.rows) or {order for other in self._columns.values() for order in other.rows}
        return next(iter(seen)) if len(seen) == 1 else None

    def _contradiction(self) -> Words | None:
        """Return where a column has a cell of an order that it may not have, or cells of both orders."""
        for column in self._columns.values():
            wrong = set(column.rows) - column.stated
            if wrong or len(column.rows) > 1:
                order = next(iter(wrong), Order.MONTH_FIRST)
                vi, _, en = order.value.partition(" / ")
                return Words(f"dòng {column.rows[order]} viết {vi}", f"row {column.rows[order]} has {en}")
        return None


def _numbers_of(text: str) -> tuple[int, int] | None:
    found = _NUMBERS.match(text)
    return (int(found[1]), int(found[2])) if found else None
