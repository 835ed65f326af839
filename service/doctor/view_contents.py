"""Compares what the views show with a fold of the log: some petitions and meetings, or all.

Views are built from the log alone, so each row follows from it. A row that differs was changed by somebody, or by a
fault of the program; `kiennghi rebuild` puts it right.
"""

import random
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import nullcontext
from itertools import groupby
from typing import Any, LiteralString, cast
from uuid import UUID

from msgspec import json

from projections.projection import Connection, CounterTable, Projection, Table, TableRow
from projections.views import VIEWS
from service.doctor.finding import Finding, Verdict
from service.event_store.log_rows import SELECT_LOG_ROWS, LogRow, decode_log_rows
from service.projector.checkpoints import TableSet, read_checkpoint
from service.projector.row_diff import RowDiff, StateChange
from service.projector.row_texts import RowTexts
from service.projector.shared_fold import fold_history
from service.security.text_sealing import open_events
from service.security.text_vault import TextVault
from service.security.view_texts import KINDS_READ_BY_VIEWS

POSITIONS_SAMPLED = 300
"""Number of positions, taken at random, whose petitions and meetings the quick form compares."""

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
        self.differing = 0
        self.first: str | None = None

    def add_differences(self, table: str, differing: int, first: str | None) -> None:
        """Count rows of a table that differ; `first` is the key of one of them."""
        if differing:
            self.differing += differing
            self.first = self.first or f"{table} {first}"

    def finding(self, *, whole: bool) -> Finding:
        """Return what was found. `whole` says that every row and sum was compared."""
        what, rows = f"rows of {self.view.name}", sum(self.compared.values())
        extent = "with all sums" if whole else "of some petitions"
        if not self.differing:
            return Finding(what, f"{rows} {extent}, as the log says")
        told = f"{self.differing} differ from the log, first {self.first}: `kiennghi rebuild {self.view.name}`"
        return Finding(what, f"{rows} {extent}: {told}", Verdict.WRONG)


async def examine_view_contents(connection: Connection, vault_key: bytes | None, *, deep: bool) -> list[Finding]:
    """Compare views with the log, inside one transaction that sees a single moment; with `deep` everything."""
    comparisons = [one for view in VIEWS if (one := await _begin(connection, view())) is not None]
    if not comparisons:
        return []
    if vault_key is None:
        return [Finding("rows of views", "no vault key is given here: not compared with the log", Verdict.BEWARE)]
    vault = TextVault(vault_key).uncached()
    last = max(one.position for one in comparisons)
    whole = deep or last <= POSITIONS_SAMPLED
    streams = _every_stream(connection) if whole else _sampled_streams(connection, last)
    async for page in streams:
        await _compare_page(connection, vault, page, comparisons)
    if whole:
        for one in comparisons:
            await _compare_totals(connection, one)
    return [one.finding(whole=whole) for one in comparisons]


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


async def _compare_page(
    connection: Connection, vault: TextVault, streams: Sequence[UUID], comparisons: Iterable[ViewComparison]
) -> None:
    cursor = await connection.execute(_HISTORIES.encode(), [streams], binary=True)
    rows = cast("list[LogRow]", await cursor.fetchall())
    keys = await vault.load_keys(connection, streams)
    texts = RowTexts(vault, lambda: nullcontext(connection))
    for stream, history in groupby(rows, key=lambda row: row[0]):
        events = open_events(decode_log_rows(history), keys[stream], KINDS_READ_BY_VIEWS)
        for one in comparisons:
            state = fold_history(one.view.fold, (event for event in events if (event.position or 0) <= one.position))
            if state is not None:
                one.row_diff.add((StateChange(None, state),))
    for one in comparisons:
        await texts.seal(one.row_diff, keys)
        for table, expected in one.row_diff.upserted.items():
            one.compared[table] += len(expected)
            one.add_differences(table.name, *await _find_different_rows(connection, table, expected))
        one.row_diff.upserted.clear()


async def _find_different_rows(
    connection: Connection, table: Table, expected: Sequence[TableRow]
) -> tuple[int, str | None]:
    """Return how many of the expected rows the table lacks or has otherwise, and the key of one of them."""
    names = table.key + table.columns
    same_key = " AND ".join(f"t.{column} = e.{column}" for column in table.key)
    # As texts: some types have no equality.
    statement = f"""
        SELECT count(*), min({_as_text("e", table.key)})
        FROM json_populate_recordset(NULL::kiennghi_views.{table.name}, %s) AS e
        LEFT JOIN kiennghi_views.{table.name} AS t ON {same_key}
        WHERE {_as_text("e", names)} IS DISTINCT FROM {_as_text("t", names)}
    """  # noqa: S608 - names of a view
    rows = json.encode([dict(zip(names, row, strict=True)) for row in expected]).decode()
    return await _fetch_count(connection, statement, rows)


async def _compare_totals(connection: Connection, comparison: ViewComparison) -> None:
    """Find rows that nothing in the log explains, and sums that differ."""
    for table, expected in comparison.compared.items():
        counted, _ = await _fetch_count(connection, f"SELECT count(*), NULL FROM kiennghi_views.{table.name}")  # noqa: S608
        comparison.add_differences(table.name, max(counted - expected, 0), "(rows that the log does not explain)")
    for counter, sums in comparison.row_diff.counter_rows().items():
        rows = [dict(zip(counter.key, key, strict=True)) | amounts for key, amounts in sums.items()]
        comparison.add_differences(counter.name, *await _find_different_sums(connection, counter, rows))


async def _find_different_sums(
    connection: Connection, table: CounterTable, expected: Sequence[dict[LiteralString, Any]]
) -> tuple[int, str | None]:
    keys = ", ".join(table.key)
    differs = " OR ".join(f"coalesce(e.{one}, 0) <> coalesce(t.{one}, 0)" for one in table.figures)
    statement = f"""
        SELECT count(*), min(ROW({keys})::text)
        FROM json_populate_recordset(NULL::kiennghi_views.{table.name}, %s) AS e
        FULL JOIN kiennghi_views.{table.name} AS t USING ({keys}) WHERE {differs}
    """  # noqa: S608 - names of a view
    return await _fetch_count(connection, statement, json.encode(expected).decode())


def _as_text(alias: str, columns: Iterable[str]) -> str:
    return f"ROW({', '.join(f'{alias}.{column}' for column in columns)})::text"


async def _fetch_count(connection: Connection, statement: str, *parameters: object) -> tuple[int, str | None]:
    row = await (await connection.execute(statement.encode(), parameters)).fetchone()
    assert row is not None
    return int(row[0]), row[1]
