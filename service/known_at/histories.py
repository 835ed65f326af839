"""Finds the petitions that came or changed after a position of the log, and reads their histories."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from domain.envelope import EventEnvelope
from domain.sealed_text import replace_texts
from projections.projection import Connection
from service.event_store.damage import decode_whole_rows
from service.event_store.log_rows import SELECT_LOG_ROWS
from service.projector.bulk_load import HISTORIES_A_SLICE
from service.security.view_texts import KINDS_READ_BY_VIEWS

HISTORIES_A_READ = 500
"""Number of histories that one query reads."""

PETITION_CATEGORY_NUMBER = 1
"""The number of the category `petition` in every database: the migration gives it."""

_CHANGED: LiteralString = f"""
    SELECT stream, bool_or(version = 1) AS is_new,
        bool_or(topic IN (SELECT number FROM kiennghi.topics WHERE topic IN ('RecordCorrected', 'EndingReversed')))
            AS is_corrected
    FROM kiennghi.log
    WHERE category = {PETITION_CATEGORY_NUMBER} AND position > %(known)s AND position <= %(serving)s
    GROUP BY stream
"""  # noqa: S608 - constants of this module
_SELECT_CHANGED = f"SELECT stream, is_new FROM ({_CHANGED}) AS c"  # noqa: S608
# Nothing that a petition adds to a figure is of a day before its receipt, unless the receipt was corrected, or the
# answer is earlier. A petition that the other view has not seen yet is taken in as well.
_SELECT_CHANGED_BY_DAY: LiteralString = f"""
    SELECT c.stream, c.is_new FROM ({_CHANGED}) AS c
    LEFT JOIN overdue AS o ON o.petition_id = c.stream
    WHERE NOT c.is_new OR coalesce(c.is_corrected, false) OR o.received_on IS NULL OR o.received_on <= %(last)s
        OR c.stream IN (SELECT petition_id FROM unit_workload_lines WHERE counted_on <= %(last)s)
"""  # noqa: S608 - constants of this module
_SELECT_PETITIONS_AT = f"""
    SELECT stream FROM kiennghi.log WHERE category = {PETITION_CATEGORY_NUMBER} AND version = 1 AND position <= %s
"""  # noqa: S608
_SELECT_HISTORIES = f"""
    {SELECT_LOG_ROWS} WHERE log.stream = ANY(%s) AND log.position <= %s ORDER BY log.stream, log.version
"""
_STREAM = itemgetter(0)

History = Sequence[EventEnvelope[Any]]
"""Events of one petition in order."""


class Changed(NamedTuple):
    """Holds the petitions that were on record and have changed since (`old`), and those that came since (`new`)."""

    old: list[UUID]
    new: list[UUID]


async def changed_petitions(connection: Connection, known: int, serving: int, *, last: date | None = None) -> Changed:
    """Return the petitions with events after the position `known` up to `serving`.

    With `last`, only those of the new ones that may count in a figure up to this day.
    """
    statement = _SELECT_CHANGED if last is None else _SELECT_CHANGED_BY_DAY
    cursor = await connection.execute(statement, {"known": known, "serving": serving, "last": last}, binary=True)
    changed = Changed([], [])
    for petition_id, is_new in await cursor.fetchall():
        (changed.new if is_new else changed.old).append(petition_id)
    return changed


async def petitions_at(connection: Connection, known: int) -> list[UUID]:
    """Return the petitions that were on record at the position."""
    cursor = await connection.execute(_SELECT_PETITIONS_AT, [known], binary=True)
    return [petition_id for (petition_id,) in await cursor.fetchall()]


def without_texts(events: Iterable[EventEnvelope[Any]]) -> History:
    """Return the events with empty texts where views take them over: no figure follows from a text.

    So no key is read for the thousands of petitions that a question folds.
    """
    return [
        event._replace(fact=replace_texts(event.fact, lambda _text, _name: ""))
        if type(event.fact) in KINDS_READ_BY_VIEWS
        else event
        for event in events
    ]


async def read_histories(
    connection: Connection,
    petition_ids: Sequence[UUID],
    up_to: int,
    open_texts: Callable[[Iterable[EventEnvelope[Any]]], History] = without_texts,
) -> AsyncIterator[History]:
    """Yield the history of each petition up to a position (inclusive), and give way to other tasks now and then."""
    for first in range(0, len(petition_ids), HISTORIES_A_READ):
        block = list(petition_ids[first : first + HISTORIES_A_READ])
        cursor: Any = await connection.execute(_SELECT_HISTORIES, [block, up_to], binary=True)
        for n, (_, rows) in enumerate(groupby(await cursor.fetchall(), key=_STREAM)):
            if n % HISTORIES_A_SLICE == 0:
                await asyncio.sleep(0)
            yield open_texts(decode_whole_rows(list(rows)))
