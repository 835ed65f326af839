"""Reads the histories of many streams in chunks, so that not all of them are in memory at once."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from domain.envelope import EventEnvelope
from domain.evolve import fold
from domain.petition import Petition
from projections.projection import Connection
from service.event_store.recorder import SELECT_LOG_ROWS, LogRow, decode_log_rows

_HISTORIES_QUERY = f"""
    {SELECT_LOG_ROWS} WHERE log.stream = ANY(%s) ORDER BY log.stream, log.version
"""


async def read_histories_in_chunks(
    connection: Connection, ids: Sequence[UUID], chunk_size: int
) -> AsyncIterator[list[LogRow]]:
    """Yield the rows of the log of the given streams, `chunk_size` streams at a time, not decoded.

    The rows of a chunk are in the order of stream and version.
    """
    for first in range(0, len(ids), chunk_size):
        cursor: Any = await connection.execute(_HISTORIES_QUERY, [list(ids[first : first + chunk_size])], binary=True)
        yield await cursor.fetchall()


def decode_histories(rows: Iterable[LogRow]) -> Iterator[list[EventEnvelope[Any]]]:
    """Yield the decoded history of each stream; the rows are in the order of a chunk."""
    for _, history in groupby(rows, key=lambda row: row[0]):
        yield decode_log_rows(history)


def fold_petitions(rows: Iterable[LogRow]) -> Iterator[Petition]:
    """Yield the petition of each history; skip streams that are not petitions."""
    for history in decode_histories(rows):
        petition = fold(history)
        if petition is not None:
            yield petition
