"""Compares figures as they were known with those of now, and names the events that made the difference.

The effects of the named events are those between the two positions, petition by petition: their sum is the difference
of the figures. What a petition added and took away again is not named.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from domain.correcting.history import REWRITES_HISTORY
from domain.envelope import EventEnvelope
from domain.status import DueState, due_state
from projections.overdue import DUTIES_TABLE, PAST_TABLE, PETITIONS_TABLE, Overdue
from projections.owed_sql import Owed
from projections.projection import Connection, Projection
from projections.standing_intervals import NEVER
from projections.unit_figures import UnitFigures, unit_figures_between, unit_figures_on
from projections.unit_workload import UnitWorkload
from projections.workload_deltas import STATE_FIGURES, UNIT_WORKLOAD_COUNTERS
from service.known_at.histories import History, changed_petitions, read_histories
from service.known_at.past_views import past_figures, require_foldable, serving_position
from service.projector.history_fold import fold_history

MEDIAN = "median_days"

Cell = TypeVar("Cell")


class CellOfFigures(NamedTuple):
    """Names a figure of a unit. `days` is the length of an answer that counts in the median, else 0."""

    unit: str
    figure: str
    days: int = 0


class OwedLine(NamedTuple):
    """Names a line of the list of what is owed, of one petition."""

    unit: str
    owed: Owed
    due_on: date | None
    state: DueState


@dataclass(frozen=True, slots=True)
class RestatingEvent:
    """Holds an event that came after the moment, and by how much it changed what.

    `effects` are pairs of what changed and the amount.
    """

    event: EventEnvelope[Any]
    reference: str | None
    effects: Sequence[tuple[Any, int]]


@dataclass(frozen=True, slots=True)
class RestatedFigure:
    """Holds a figure of a unit that is not what it was: as known then and now; None where a figure has no value."""

    unit: str
    figure: str
    then: float | None
    now: float | None


@dataclass(frozen=True, slots=True)
class FigureRestatement:
    """Holds the figures that differ, and the events that made the difference, in the order of the log."""

    serving: int
    figures: Sequence[RestatedFigure]
    events: Sequence[RestatingEvent]


@dataclass(frozen=True, slots=True)
class ListRestatement:
    """Holds the events that changed the list of what is owed on a day, in the order of the log."""

    serving: int
    events: Sequence[RestatingEvent]


async def restate_figures(connection: Connection, known: int, first: date | None, last: date) -> FigureRestatement:
    """Return what is other in the table of units now. `first` None means all days up to and including `last`.

    Raise Refused if too many petitions have changed.
    """
    past = await past_figures(connection, known, last)
    if first is None:
        then, now = await unit_figures_on(connection, last, past=past), await unit_figures_on(connection, last)
    else:
        then = await unit_figures_between(connection, first, last, past=past)
        now = await unit_figures_between(connection, first, last)
    view = UnitWorkload()
    serving = await serving_position(connection, view, known)
    events = await _restating_events(
        connection, view, known, serving, last, lambda state: _cells_of_figures(view, state, first, last)
    )
    return FigureRestatement(serving, list(_differing(then, now)), events)


async def restate_list(
    connection: Connection,
    known: int,
    on: date,
    *,
    soon_until: date,
    unit: str | None,
    states: Collection[DueState],
    owed: Owed | None,
) -> ListRestatement:
    """Return what changed the list of the day. The parameters are those of `overdue_on`.

    Raise Refused if too many petitions have changed.
    """
    view = Overdue()
    serving = await serving_position(connection, view, known)

    def lines(state: Any) -> Counter[OwedLine]:
        return Counter(
            line
            for line in _owed_lines(view, state, on, soon_until)
            if line.state in states and unit in (None, line.unit) and owed in (None, line.owed)
        )

    return ListRestatement(serving, await _restating_events(connection, view, known, serving, on, lines))


async def _restating_events(
    connection: Connection,
    view: Projection,
    known: int,
    serving: int,
    last: date,
    cells_of: Callable[[Any], Counter[Cell]],
) -> list[RestatingEvent]:
    """Return the events after `known` that changed the cells of their petition for good, in the order of the log."""
    changed = await changed_petitions(connection, known, serving, last=last)
    petition_ids: list[UUID] = [*changed.old, *changed.new]
    require_foldable(len(petition_ids))
    found: list[RestatingEvent] = []
    async for history in read_histories(connection, petition_ids, serving):
        found += _restating_in(view, history, known, cells_of)
    return sorted(found, key=lambda one: one.event.position or 0)


def _restating_in(
    view: Projection, history: History, known: int, cells_of: Callable[[Any], Counter[Cell]]
) -> Iterator[RestatingEvent]:
    state: Any = None
    before: Counter[Cell] | None = None
    steps: list[tuple[EventEnvelope[Any], dict[Cell, int]]] = []
    net: Counter[Cell] = Counter()
    for n, event in enumerate(history, start=1):
        assert event.position is not None, "it is from the log"
        if event.position > known and before is None:
            before = cells_of(state)
        rewrites = type(event.fact) in REWRITES_HISTORY
        state = fold_history(view.fold, history[:n]) if rewrites else view.fold(state, event)
        if before is not None:
            after = cells_of(state)
            effects = {cell: by for cell in {**before, **after} if (by := after[cell] - before[cell])}
            net.update(effects)
            steps.append((event, effects))
            before = after
    for event, effects in steps:
        if lasting := [(cell, by) for cell, by in effects.items() if net[cell]]:
            yield RestatingEvent(event, history[0].reference, lasting)


def _cells_of_figures(view: UnitWorkload, state: Any, first: date | None, last: date) -> Counter[CellOfFigures]:
    """Return what a petition adds to the figures, as `projections.unit_figures` sums it up."""
    cells: Counter[CellOfFigures] = Counter()
    for table, (on, unit, last_key), figure, amount in view.counter_deltas(state):
        if table is UNIT_WORKLOAD_COUNTERS:
            for shown, by in _amounts_of_window(figure, on, amount, first, last):
                cells[CellOfFigures(unit, shown)] += by
        elif on <= last and (first is None or on >= first):
            cells[CellOfFigures(unit, MEDIAN, last_key)] += amount
    return cells


def _amounts_of_window(figure: str, on: date, amount: int, first: date | None, last: date) -> Iterator[tuple[str, int]]:
    """Yield what an amount that counts from the day `on` on adds to which figures of the window."""
    if on > last or figure == "late_offset":  # it says with `late_now` from which day on
        return
    is_before = first is not None and on < first
    if figure == "late_now":
        begins_on = first if first is not None and is_before else on
        yield "days_late", amount * ((last - begins_on).days + 1)
    elif figure in STATE_FIGURES or not is_before:
        yield figure, amount
    if figure == "open" and is_before:
        yield "carried_over", amount


def _owed_lines(view: Overdue, case: Any, on: date, soon_until: date) -> Iterator[OwedLine]:
    """Yield the lines of a petition on the day, as the statement of the list finds them."""
    for table, row in view.rows(case):
        cells = dict(zip(table.key + table.columns, row, strict=True))
        until_on = NEVER if table is PETITIONS_TABLE else cells["until_on"]
        is_owed = cells["stage"] is not None and cells["since_on"] <= on and (on < until_on or until_on == NEVER)
        if is_owed and table in (PETITIONS_TABLE, PAST_TABLE, DUTIES_TABLE):
            owed = Owed.DUTY if table is DUTIES_TABLE else Owed.ANSWER
            due_on = None if cells["due_on"] == NEVER else cells["due_on"]
            state = due_state(due_on, is_held=cells.get("is_held", False), on=on, soon_until=soon_until)
            yield OwedLine(cells["unit"], owed, due_on, state)


def _differing(then: Iterable[UnitFigures], now: Iterable[UnitFigures]) -> Iterator[RestatedFigure]:
    before, after = _by_unit(then), _by_unit(now)
    for unit in sorted({**before, **after}):
        for field in fields(UnitFigures):
            old, new = before.get(unit, {}).get(field.name), after.get(unit, {}).get(field.name)
            if field.name != "unit" and (old or None) != (new or None):
                yield RestatedFigure(unit, field.name, old, new)


def _by_unit(lines: Iterable[UnitFigures]) -> Mapping[str, Mapping[str, Any]]:
    return {line.unit: asdict(line) for line in lines}
