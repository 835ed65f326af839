"""Decides what the rows of a case say of the case together."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from service.files.cells import quote_cell
from service.files.words import Words
from service.imports.mapping import ImportMapping
from service.imports.readings import UnreadableCase
from service.imports.values import RowCells

MOST_ROWS_NAMED = 20


class RowAgreement:
    """Takes the cells of a case from its rows; `indexes` are those of the cells that speak of the case."""

    def __init__(self, mapping: ImportMapping, indexes: Sequence[int]) -> None:
        self._columns = mapping.columns
        self._one_row_is_a_case = mapping.source.rows == "case"
        self._indexes = indexes
        self._case_cells_of: Callable[[RowCells], Any] = itemgetter(*indexes)

    def agreed_cells(self, numbers: Sequence[int], rows: Sequence[RowCells], notes: list[str]) -> RowCells:
        """Return the cells of the case: in each column the first that is not empty.

        Add a note for rows that are alike, and for each column whose rows differ. Raise UnreadableCase where a mapping
        of one row a case has rows that differ.
        """
        first = rows[0]
        first_cells = self._case_cells_of(first)
        some_numbers = ", ".join(map(str, numbers[:MOST_ROWS_NAMED]))
        if all(self._case_cells_of(cells) == first_cells for cells in rows):
            if len(rows) > 1 and self._one_row_is_a_case:
                notes.append(str(Words(f"các dòng {some_numbers} giống nhau", f"rows {some_numbers} are alike")))
            return first
        if self._one_row_is_a_case:
            raise UnreadableCase(
                Words(
                    f"các dòng {some_numbers} cùng khóa mà khác nhau: dòng nào đúng?",
                    f"rows {some_numbers} have the same key and differ: which of them holds?",
                )
            )
        agreed = list(first)
        for index in self._indexes:
            found: dict[str, int] = {}
            for number, cells in zip(numbers, rows, strict=True):
                if cells[index]:
                    found.setdefault(cells[index], number)
            agreed[index] = next(iter(found), "")
            if len(found) > 1:
                notes.append(str(self._difference(index, found)))
        return agreed

    def _difference(self, index: int, found: dict[str, int]) -> Words:
        some, column = list(found.items())[:5], self._columns[index]
        rows_vi = ", ".join(f"dòng {number} {quote_cell(cell)}" for cell, number in some)
        rows_en = ", ".join(f"row {number} {quote_cell(cell)}" for cell, number in some)
        return Words(f"{column} khác nhau: {rows_vi}; lấy ô đầu", f"{column} differs: {rows_en}; the first is taken")
