"""Makes the functions that read the values of a mapping from a row of cells.

They are made once for each file, because they run for each row.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from operator import itemgetter

from service.files.cells import squeeze_blanks
from service.imports.mapping import COLUMN_PLACEHOLDER, ISO_FORMAT, ImportMapping, MappedDay, MappedValue

RowCells = Sequence[str]


def date_formats_of(value: MappedDay, mapping: ImportMapping, *, also_iso: bool) -> tuple[str, ...]:
    """Return the date formats of the value: its own, or those of the source.

    For XES and workbooks they include ISO 8601: days that are no text are read in it, whatever the mapping states.
    """
    stated = value.date_format or mapping.source.date_format
    return (ISO_FORMAT, *stated) if also_iso and ISO_FORMAT not in stated else stated


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
    index, default = indexes[value.column], value.default
    word_of = mapped_word_reader(value.map)
    if default is not None:
        return lambda cells: default if (found := word_of(cells[index])) is None else found
    if value.map:
        return lambda cells: cell if (found := word_of(cell := cells[index])) is None else found
    return itemgetter(index)


def mapped_word_reader(words: Mapping[str, str]) -> Callable[[str], str | None]:
    """Return a function that gives the word for a cell, in any case and with any blanks; None for no word.

    Without words each cell stands for itself, and an empty cell for none.
    """
    if not words:
        return lambda cell: cell or None
    by_key = {squeeze_blanks(cell).casefold(): word for cell, word in words.items()} | dict(words)

    def word_of(cell: str) -> str | None:
        found = by_key.get(cell)
        return by_key.get(squeeze_blanks(cell).casefold()) if found is None else found

    return word_of


def _fill_template(around: Sequence[str], cells: Sequence[str]) -> str:
    """Join the texts around the placeholders with the cells between them, and trim the result."""
    return "".join(text for pair in zip_longest(around, cells, fillvalue="") for text in pair).strip()
