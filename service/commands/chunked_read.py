"""Reads the histories of many streams in chunks, so that not all of them are in memory at once."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from domain.envelope import EventEnvelope
from domain.evolve import fold
from domain.petition import Petition
from projections.projection import Connection
from service.event_store.damage import decode_whole_rows
from service.event_store.log_rows import SELECT_LOG_ROWS, LogRow
from service.security.text_sealing import TextKeys, UnopenableText, open_events
from service.security.text_vault import TextVault

log = structlog.get_logger("kiennghi.log")

_HISTORIES_QUERY = f"""
    {SELECT_LOG_ROWS} WHERE log.stream = ANY(%s) ORDER BY log.stream, log.version
"""


class Chunk(NamedTuple):
    """Holds the rows of the log of some streams, not decoded, in the order of stream and version, and their keys."""

    rows: list[LogRow]
    keys: Mapping[UUID, TextKeys]


async def read_histories_in_chunks(
    connection: Connection, vault: TextVault, ids: Sequence[UUID], chunk_size: int
) -> AsyncIterator[Chunk]:
    """Yield the histories of the given streams, `chunk_size` streams at a time."""
    for first in range(0, len(ids), chunk_size):
        streams = list(ids[first : first + chunk_size])
        cursor: Any = await connection.execute(_HISTORIES_QUERY, [streams], binary=True)
        rows = await cursor.fetchall()
        yield Chunk(rows, await vault.load_keys(connection, streams))


def decode_histories(chunk: Chunk, *, skip_unopenable: bool = False) -> Iterator[list[EventEnvelope[Any]]]:
    """Yield the decoded history of each stream, with its texts opened.

    Raise UnopenableText, or with `skip_unopenable` log it and go on: one lost key must not stop work on all others.
    """
    for stream, history in groupby(chunk.rows, key=lambda row: row[0]):
        try:
            yield open_events(decode_whole_rows(list(history)), chunk.keys[stream])
        except UnopenableText as error:
            if not skip_unopenable:
                raise
            log.error("text_does_not_open", stream=str(stream), error=type(error).__name__)


def fold_petitions(chunk: Chunk, *, skip_unopenable: bool = False) -> Iterator[Petition]:
    """Yield the petition of each history; skip streams that are not petitions.

    Raise UnopenableText like `decode_histories`.
    """
    for history in decode_histories(chunk, skip_unopenable=skip_unopenable):
        petition = fold(history)
        if petition is not None:
            yield petition
