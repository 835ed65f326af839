"""Keeps the view of the workload of each unit, as lead unit and as coordinating unit, on a day and in a period.

Figures count cases: a split letter counts by its matters, a duplicate and a cancelled number not at all; `letters`
counts what came in. docs/explanation/figures.md defines each figure. All totals are sums over the lines of petitions.
`projections.unit_figures` reads the table, `projections.counted_cases` the petitions behind a figure, and
`projections.owed_list` the open ones and the duties.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import ClassVar, NamedTuple
from uuid import UUID

from domain.vocabulary import OfficerId, UnitId
from projections.case_state import CaseState
from projections.counted_lines import LINE_FIGURES, counted_lines, heir_of
from projections.projection import CounterDelta, Projection, Table, TableRow
from projections.workload_deltas import UNIT_WORKLOAD_COUNTERS, workload_counter_deltas
from projections.workload_durations import DURATION_COUNTERS, MEDIANS_TABLE, duration_counter_deltas

BIT_OF_FIGURE = {figure: 1 << bit for bit, figure in enumerate(LINE_FIGURES)}
"""The bit of each figure in the column `figures`."""


class LineRow(NamedTuple):
    """Holds one row of the lines, in the order of the columns."""

    unit: UnitId
    counted_on: date
    petition_id: UUID
    line: int
    figures: int
    until_on: date | None
    days_taken: int | None
    due_on: date | None
    officer: OfficerId | None
    heir: UnitId | None


LINES_TABLE = Table("unit_workload_lines", LineRow._fields[:4], LineRow._fields[4:])


class UnitWorkload(Projection):
    """Keeps the figures of the units, the lines behind them, and how long the answers took."""

    name: ClassVar = "unit_workload"
    version: ClassVar = 6
    tables: ClassVar = (LINES_TABLE, UNIT_WORKLOAD_COUNTERS, DURATION_COUNTERS, MEDIANS_TABLE)
    former_tables: ClassVar = ("unit_workload_petitions", "unit_workload_answers")

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        if not isinstance(state, CaseState):
            return
        numbers: Counter[tuple[UnitId, date]] = Counter()
        for line in counted_lines(state):
            numbers[line.unit, line.on] += 1
            heir = heir_of(state, line.unit, line.on)
            yield (
                LINES_TABLE,
                LineRow(
                    unit=line.unit,
                    counted_on=line.on,
                    petition_id=state.petition_id,
                    line=numbers[line.unit, line.on],
                    figures=sum(BIT_OF_FIGURE[figure] for figure in line.figures),
                    until_on=line.until_on,
                    days_taken=line.days_taken,
                    due_on=line.due_on,
                    officer=line.officer,
                    heir=None if heir == line.unit else heir,
                ),
            )

    def counter_deltas(self, state: object) -> Iterable[CounterDelta]:
        if isinstance(state, CaseState):
            lines = list(counted_lines(state))
            yield from workload_counter_deltas(state, lines)
            yield from duration_counter_deltas(lines)
