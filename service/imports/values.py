"""What the values that a mapping names come to in a row of cells."""

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from operator import itemgetter

from service.imports.mapping import ISO, PLACEHOLDER, DayValue, Value
from service.imports.mapping import Mapping as ImportMapping

Cells = Sequence[str]


def formats_of(value: DayValue, mapping: ImportMapping, *, xes: bool) -> tuple[str, ...]:
    """XES writes its days in ISO 8601, whatever the same mapping says of a CSV."""
    stated = value.date_format or mapping.source.date_format
    return (ISO, *stated) if xes and ISO not in stated else stated


def places_of(mapping: ImportMapping, section: str, places: Mapping[str, int]) -> list[int]:
    """Where the cells lie that the keys of a section name."""
    return sorted({places[c] for key, v in mapping.values.items() if key.startswith(section) for c in v.columns})


def reader(value: Value, places: Mapping[str, int]) -> Callable[[Cells], str]:
    """What the value comes to in a row whose cells lie at these places."""
    if value.constant is not None:
        constant = value.constant
        return lambda cells: constant  # noqa: ARG005
    if value.template is not None:
        around = PLACEHOLDER.split(value.template)[::2]
        within = [places[name] for name in value.columns]
        return lambda cells: _filled(around, [cells[place] for place in within])
    assert value.column is not None
    place, words, default = places[value.column], value.map, value.default
    if default is not None:
        return lambda cells: words.get(cell, default if words else cell) if (cell := cells[place]) else default
    if words:
        return lambda cells: words.get(cell := cells[place], cell)
    return itemgetter(place)


def _filled(around: Sequence[str], cells: Sequence[str]) -> str:
    return "".join(text for pair in zip_longest(around, cells, fillvalue="") for text in pair).strip()
