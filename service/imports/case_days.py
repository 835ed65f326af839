"""Reads the days of a case as the whole file writes them, within the bounds of what can have happened."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from domain.strict_types import FIRST_DAY
from service.files.cells import quote_cell
from service.files.words import UnusableValue, Words
from service.imports.day_order import DayOrders
from service.imports.days import Moment, moment_reader
from service.imports.values import RowCells

LONGEST_DUE_YEARS = 20
"""Years after the import in which a time limit may still end; a later year is mistyped."""
_PROMISED_DAYS = frozenset({"case.due"})


class CaseDays:
    """Reads the days that a mapping names by their key. `formats` has the formats of each key.

    The first pass over the file calls `look_at`, then `settle` once; until then a format is taken as it is stated.
    """

    def __init__(
        self,
        cells: Mapping[str, Callable[[RowCells], str]],
        formats: Mapping[str, Sequence[str]],
        zone: ZoneInfo,
        today: date,
    ) -> None:
        self._cells = cells
        self._zone = zone
        self._today = today
        self._readers = {key: moment_reader(one, zone) for key, one in formats.items()}
        self._orders = DayOrders(formats)

    def look_at(self, number: int, cells: RowCells) -> None:
        """Take the days of a row as evidence of which number stands first."""
        for key in self._orders.keys:
            if text := self._cells[key](cells):
                self._orders.look_at(key, text, number)

    def settle(self) -> None:
        """Read days as the whole file writes them from now on."""
        for key in self._orders.keys:
            self._readers[key] = moment_reader(self._orders.formats(key), self._zone)

    def remarks(self, label: Callable[[str], str]) -> list[Words]:
        """Return in which columns nobody can tell the day from the month; `label` names a column by its key."""
        return self._orders.remarks({key: label(key) for key in self._orders.keys})

    def read(self, key: str, text: str) -> Moment:
        """Return the day or instant. Raise UnusableValue for one that cannot be read, or cannot be so.

        What happened is neither before 2 September 1945 nor after today; a time limit may end later.
        """
        if key in self._orders.keys:
            self._orders.require_decided(key, text)
        moment = self._readers[key](text)
        last = date(self._today.year + LONGEST_DUE_YEARS, 12, 31) if key in _PROMISED_DAYS else self._today
        if moment.on < FIRST_DAY:
            raise UnusableValue(
                f"{quote_cell(text)} là ngày trước 02/09/1945: năm viết đúng chưa?",
                f"{quote_cell(text)} lies before {FIRST_DAY}: is the year right?",
            )
        if moment.on > last:
            raise UnusableValue(
                f"{quote_cell(text)} là ngày sau {last:%d/%m/%Y}: năm viết đúng chưa?",
                f"{quote_cell(text)} lies after {last}: is the year right?",
            )
        return moment
