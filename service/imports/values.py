"""Makes the functions that read the values of a mapping from a row of cells.

They are made once for each file, because they run for each row.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from operator import itemgetter

from service.imports.mapping import COLUMN_PLACEHOLDER, ISO_FORMAT, ImportMapping, MappedDay, MappedValue

RowCells = Sequence[str]


def date_formats_of(value: MappedDay, mapping: ImportMapping, *, xes: bool) -> tuple[str, ...]:
    """Return the date formats of the value: its own, or those of the source.

    For XES they always include ISO 8601: XES writes days in it, whatever the mapping states for a CSV file.
    """
    stated = value.date_format or mapping.source.date_format
    return (ISO_FORMAT, *stated) if xes and ISO_FORMAT not in stated else stated


def column_indexes(mapping: ImportMapping, section: str, indexes: Mapping[str, int]) -> list[int]:
    """Return the sorted indexes of the cells that the keys with the prefix `section` name."""
    return sorted({indexes[c] for key, v in mapping.values.items() if key.startswith(section) for c in v.columns})


def value_reader(value: MappedValue, indexes: Mapping[str, int]) -> Callable[[RowCells], str]:
    """Return a function that reads the value from a row; `indexes` maps column names to cells."""
    if value.constant is not None:
        constant = value.constant
        return lambda cells: constant  # noqa: ARG005
    if value.template is not None:
        around = COLUMN_PLACEHOLDER.split(value.template)[::2]
        within = [indexes[name] for name in value.columns]
        return lambda cells: _fill_template(around, [cells[index] for index in within])
    assert value.column is not None
    index, words, default = indexes[value.column], value.map, value.default
    if default is not None:
        return lambda cells: words.get(cell, default if words else cell) if (cell := cells[index]) else default
    if words:
        return lambda cells: words.get(cell := cells[index], cell)
    return itemgetter(index)


def _fill_template(around: Sequence[str], cells: Sequence[str]) -> str:
    """Join the texts around the placeholders with the cells between them, and trim the result."""
    return "".join(text for pair in zip_longest(around, cells, fillvalue="") for text in pair).strip()
