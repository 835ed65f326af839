"""Folds back what changed since a position of the log, so that the tables that serve answer as they would have then."""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg_pool import AsyncConnectionPool

from domain.correcting.history import REWRITES_HISTORY
from domain.errors import Refused
from projections.overdue import PETITIONS_TABLE, Overdue
from projections.past_rows import PastRows
from projections.projection import Connection, CounterTable, Projection, Table, TableRow
from projections.unit_workload import UnitWorkload
from service.commands.refusals import ServiceRefusal
from service.event_store.log_mark import is_in_log
from service.known_at.histories import History, changed_petitions, petitions_at, read_histories
from service.postgres.read_snapshot import read_snapshot
from service.projector.checkpoints import TableSet, read_checkpoint
from service.projector.history_fold import fold_history
from service.projector.row_diff import RowDiff, StateChange

MOST_FOLDED = 50_000
"""Most petitions that one question folds, so that its time and its memory have a bound."""

WORK_MEMORY = "64MB"
"""Memory of the server for the ids of the petitions that came or changed since: two million of them fit."""


class ViewBehindMoment(Exception):
    """Is raised when a view has not reached the position that is asked for, or is being built."""


@asynccontextmanager
async def past_snapshot(pool: AsyncConnectionPool) -> AsyncIterator[Connection]:
    """Open a snapshot of the log and of the views that can be asked as they were.

    The tables are locked against their replacement before the snapshot is taken: else a rebuild that ends in between
    would give the new tables to a snapshot that has the position of the old ones.
    """
    async with read_snapshot(pool) as connection:
        tables = sql.SQL(", ").join(sql.Identifier(t.name) for view in (Overdue, UnitWorkload) for t in view.tables)
        await connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(tables))
        await connection.execute(sql.SQL("SET LOCAL work_mem = {}").format(WORK_MEMORY))
        yield connection


async def serving_position(connection: Connection, view: Projection, known: int) -> int:
    """Return the position that the tables of the view have. Raise ViewBehindMoment if it is before `known`."""
    checkpoint = await read_checkpoint(connection, TableSet(view))
    if (
        checkpoint is None
        or checkpoint.version != view.version
        or checkpoint.position < known
        or not await is_in_log(connection, checkpoint.mark)
    ):
        raise ViewBehindMoment(f"the view {view.name} has not reached position {known} yet")
    return checkpoint.position


async def past_list(connection: Connection, known: int) -> PastRows:
    """Return the difference between the lists of what is owed at the position `known` and now.

    A petition that came since is only left out. Raise Refused if too many others have changed.
    """
    view = Overdue()
    serving = await serving_position(connection, view, known)
    changed = await changed_petitions(connection, known, serving)
    require_foldable(len(changed.old))
    row_diff = RowDiff(view)
    async for history in read_histories(connection, changed.old, known):
        row_diff.add((StateChange(None, fold_history(view.fold, history)),))
    return PastRows([*changed.old, *changed.new], dict(row_diff.upserted), {})


async def past_figures(connection: Connection, known: int, last: date) -> PastRows:
    """Return the difference between the figures of units up to the day `last` at the position `known` and now.

    Of the petitions that came since, those that were received after `last` count in none of these figures, so only
    late entries are folded. Where more petitions changed since than were there, those that were there are folded
    alone, and what serves is not read at all. Raise Refused if there are too many of both.
    """
    view = UnitWorkload()
    serving = await serving_position(connection, view, known)
    overdue = await serving_position(connection, Overdue(), known)
    changed = await changed_petitions(connection, known, max(serving, overdue), last=last)
    folded = [*changed.old, *changed.new]
    row_diff = RowDiff(view)
    if len(folded) > MOST_FOLDED or len(changed.new) > len(changed.old):
        there = await petitions_at(connection, known)
        if len(there) < len(folded):
            require_foldable(len(there))
            async for history in read_histories(connection, there, known):
                row_diff.add((StateChange(None, fold_history(view.fold, history)),))
            return PastRows(None, dict(row_diff.upserted), _counter_rows(row_diff))
    require_foldable(len(folded))
    replaced: list[UUID] = []
    rows: defaultdict[Table, list[TableRow]] = defaultdict(list)
    async for history in read_histories(connection, folded, serving):
        now, then = states_now_and_then(view, history, known)
        row_diff.add((StateChange(now, then),))
        rows_then = list(view.rows(then))
        if set(rows_then) != set(view.rows(now)):
            replaced.append(history[0].originator_id)
            for table, row in rows_then:
                rows[table].append(row)
    return PastRows(replaced, dict(rows), _counter_rows(row_diff))


async def past_cases(connection: Connection, known: int, last: date, listed: PastRows) -> PastRows:
    """Return the difference of the lists behind the figures up to the day `last`: that of the figures and petitions.

    `listed` is the difference of the list of what is owed, which has the petitions as they were.
    """
    figures = await past_figures(connection, known, last)
    petitions = listed.rows.get(PETITIONS_TABLE, ())
    return replace(figures, rows={**figures.rows, PETITIONS_TABLE: petitions})


def states_now_and_then(view: Projection, history: History, known: int) -> tuple[Any, Any]:
    """Return the state at the end of the history, and the one at the position `known`; None if there was none."""
    then = [event for event in history if event.position is not None and event.position <= known]
    if any(type(event.fact) in REWRITES_HISTORY for event in history):
        return fold_history(view.fold, history), fold_history(view.fold, then)
    state_then = fold_history(view.fold, then)
    state = state_then
    for event in history[len(then) :]:
        state = view.fold(state, event)
    return state, state_then


def require_foldable(petitions: int) -> None:
    """Raise Refused if one question would fold more petitions than MOST_FOLDED."""
    if petitions > MOST_FOLDED:
        raise Refused(ServiceRefusal.TOO_MUCH_CHANGED_SINCE, changed=petitions, most=MOST_FOLDED)


def _counter_rows(row_diff: RowDiff) -> dict[CounterTable, list[TableRow]]:
    """Return the amounts to add to counters, in column order."""
    return {
        table: [
            (*key, *(amounts.get(figure, 0) for figure in table.figures))
            for key, amounts in counted.items()
            if any(amounts.values())
        ]
        for table, counted in row_diff.counter_rows().items()
    }
