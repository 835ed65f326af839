"""Compares what the views show with a fold of the log: some petitions and meetings, or all.

Views are built from the log alone, so each row follows from it. A row that differs was changed by somebody, or by a
fault of the program; `kiennghi rebuild` puts it right.
"""

import random
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import nullcontext
from itertools import groupby
from typing import LiteralString, cast
from uuid import UUID

from projections.projection import Connection, CounterTable, DerivedTable, Projection, Table
from projections.views import VIEWS
from service.doctor.different_rows import (
    DifferentRow,
    count_rows,
    find_different_derived,
    find_different_rows,
    find_different_sums,
    name_keys,
    read_keys,
)
from service.doctor.finding import Finding, Verdict
from service.event_store.damage import decode_rows_apart
from service.event_store.log_rows import SELECT_LOG_ROWS, LogRow
from service.projector.checkpoints import TableSet, read_checkpoint
from service.projector.row_diff import RowDiff, StateChange
from service.projector.row_texts import RowTexts
from service.projector.set_aside import fold_history_apart, open_apart, state_of
from service.security.text_sealing import TextKeys
from service.security.text_vault import TextVault
from service.security.view_texts import KINDS_READ_BY_VIEWS

POSITIONS_SAMPLED = 300
"""Number of positions, taken at random, whose petitions and meetings the quick form compares."""

ROWS_NAMED = 100
"""Most rows of a view that are named; all are counted."""

STREAMS_A_PAGE = 500
"""Number of histories that are folded at once."""

_STREAMS_AFTER = "SELECT DISTINCT stream FROM kiennghi.log WHERE stream > %s ORDER BY stream LIMIT %s"
_STREAMS_AT = "SELECT DISTINCT stream FROM kiennghi.log WHERE position = ANY(%s)"
_HISTORIES = f"{SELECT_LOG_ROWS} WHERE log.stream = ANY(%s) ORDER BY log.stream, log.version"


class ViewComparison:
    """Collects how the tables of one view differ from what follows from the log up to its position."""

    def __init__(self, view: Projection, position: int) -> None:
        self.view = view
        self.position = position
        self.row_diff = RowDiff(view)
        self.compared = dict.fromkeys((table for table in view.tables if isinstance(table, Table)), 0)
        self.missing = dict.fromkeys(self.compared, 0)
        self.differing = 0
        self.named: list[DifferentRow] = []

    @property
    def rows(self) -> int:
        """Return the number of rows that follow from the log."""
        return sum(self.compared.values())

    def add_differences(self, differing: int, named: Sequence[DifferentRow]) -> None:
        """Count rows that differ, and name some of them."""
        self.differing += differing
        self.named += named[: ROWS_NAMED - len(self.named)]

    def finding(self, *, whole: bool) -> Finding:
        """Return what was found. `whole` says that every row and sum was compared."""
        what = f"rows of {self.view.name}"
        extent = "with all sums" if whole else "of some petitions"
        if not self.differing:
            return Finding(what, f"{self.rows} {extent}, as the log says")
        told = f"{self.differing} differ from the log, first {self.named[0]}: `kiennghi rebuild {self.view.name}`"
        return Finding(what, f"{self.rows} {extent}: {told}", Verdict.WRONG)


async def examine_view_contents(connection: Connection, vault_key: bytes | None, *, deep: bool) -> list[Finding]:
    """Compare views with the log, inside one transaction that sees a single moment; with `deep` everything."""
    comparisons = [one for view in VIEWS if (one := await _begin(connection, view())) is not None]
    if not comparisons:
        return []
    if vault_key is None:
        return [Finding("rows of views", "no vault key is given here: not compared with the log", Verdict.BEWARE)]
    vault = TextVault(vault_key).uncached()
    last = max(one.position for one in comparisons)
    if deep or last <= POSITIONS_SAMPLED:
        await _compare_whole(connection, vault, comparisons)
        return [one.finding(whole=True) for one in comparisons]
    async for page in _sampled_streams(connection, last):
        await _compare_page(connection, vault, page, comparisons)
    return [one.finding(whole=False) for one in comparisons]


async def compare_views(connection: Connection, vault_key: bytes) -> tuple[list[ViewComparison], list[str]]:
    """Compare every row of every view with the log, inside one transaction that sees a single moment.

    Return the comparisons, and the names of the views that have no whole tables of this version.
    """
    begun = {view.name: await _begin(connection, view()) for view in VIEWS}
    comparisons = [one for one in begun.values() if one is not None]
    await _compare_whole(connection, TextVault(vault_key).uncached(), comparisons)
    return comparisons, [name for name, one in begun.items() if one is None]


async def _begin(connection: Connection, view: Projection) -> ViewComparison | None:
    """Return a comparison of the view; None if it has no whole tables of this version: `examine_views` says so."""
    cursor = await connection.execute("SELECT to_regclass('kiennghi_views.positions') IS NOT NULL")
    if not (await cursor.fetchone() or (False,))[0]:
        return None
    checkpoint = await read_checkpoint(connection, TableSet(view))
    if checkpoint is None or checkpoint.version != view.version or checkpoint.is_loading:
        return None
    return ViewComparison(view, checkpoint.position)


async def _every_stream(connection: Connection) -> AsyncIterator[Sequence[UUID]]:
    after = UUID(int=0)
    while page := await _fetch_streams(connection, _STREAMS_AFTER, after, STREAMS_A_PAGE):
        yield page
        after = page[-1]


async def _sampled_streams(connection: Connection, last: int) -> AsyncIterator[Sequence[UUID]]:
    positions = random.sample(range(1, last + 1), POSITIONS_SAMPLED)
    yield await _fetch_streams(connection, _STREAMS_AT, positions)


async def _fetch_streams(connection: Connection, query: LiteralString, *parameters: object) -> list[UUID]:
    return [stream for (stream,) in await (await connection.execute(query, parameters)).fetchall()]


async def _compare_whole(connection: Connection, vault: TextVault, comparisons: Sequence[ViewComparison]) -> None:
    async for page in _every_stream(connection):
        await _compare_page(connection, vault, page, comparisons)
    for one in comparisons:
        await _compare_sums(connection, one)
    await _name_unexplained(connection, vault, comparisons)


async def _compare_page(
    connection: Connection, vault: TextVault, streams: Sequence[UUID], comparisons: Iterable[ViewComparison]
) -> None:
    keys = await _fold_page(connection, vault, streams, comparisons)
    texts = RowTexts(vault, lambda: nullcontext(connection))
    for one in comparisons:
        await texts.seal(one.row_diff, keys)
        for table, expected in one.row_diff.upserted.items():
            different = await find_different_rows(connection, table, expected)
            one.compared[table] += len(expected)
            one.missing[table] += different.missing
            one.add_differences(different.differing, different.named)
        one.row_diff.upserted.clear()


async def _fold_page(
    connection: Connection, vault: TextVault, streams: Sequence[UUID], comparisons: Iterable[ViewComparison]
) -> dict[UUID, TextKeys]:
    """Have each comparison expect the rows of these histories, and return the keys of their texts."""
    cursor = await connection.execute(_HISTORIES.encode(), [streams], binary=True)
    rows = cast("list[LogRow]", await cursor.fetchall())
    keys = await vault.load_keys(connection, streams)
    for stream, history in groupby(rows, key=lambda row: row[0]):
        events = open_apart(decode_rows_apart(list(history)), keys[stream], KINDS_READ_BY_VIEWS)
        for one in comparisons:
            read = [event for event in events if (event.position or 0) <= one.position]
            state = state_of(fold_history_apart(one.view.fold, read))
            if state is not None:
                one.row_diff.add((StateChange(None, state),))
    return keys


async def _compare_sums(connection: Connection, comparison: ViewComparison) -> None:
    counted = comparison.row_diff.counter_rows()
    for table in comparison.view.tables:
        if isinstance(table, CounterTable):
            rows = [dict(zip(table.key, key, strict=True)) | sums for key, sums in counted.get(table, {}).items()]
            different = await find_different_sums(connection, table, rows)
        elif isinstance(table, DerivedTable):
            different = await find_different_derived(connection, table)
        else:
            continue
        comparison.add_differences(different.differing, different.named)


async def _name_unexplained(connection: Connection, vault: TextVault, comparisons: Sequence[ViewComparison]) -> None:
    """Find rows that nothing in the log explains: what is left of a table's keys after all histories."""
    left: dict[Table, set[str]] = {}
    concerned: list[ViewComparison] = []
    for one in comparisons:
        for table, expected in one.compared.items():
            if await count_rows(connection, table) > expected - one.missing[table]:
                left[table] = await read_keys(connection, table)
        if not left.keys().isdisjoint(one.compared):
            concerned.append(ViewComparison(one.view, one.position))
    if not left:
        return  # as a rule: the log is folded once
    async for page in _every_stream(connection):
        await _fold_page(connection, vault, page, concerned)
        for again in concerned:
            for table, rows in again.row_diff.upserted.items():
                if table in left:
                    left[table] -= await name_keys(connection, table, rows)
            again.row_diff.upserted.clear()
    for one in comparisons:
        for table in one.compared:
            extra = [DifferentRow(table.name, key) for key in sorted(left.get(table, ()))]
            one.add_differences(len(extra), extra)
