"""The histories of many petitions, read in portions."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from domain.envelope import EventEnvelope
from domain.evolve import fold
from domain.petition import Petition
from projections.projection import Connection
from service.event_store.recorder import COLUMNS, Row, events_in

_HISTORIES = f"""
    SELECT {COLUMNS} FROM kiennghi.log WHERE originator_id = ANY(%s) ORDER BY originator_id, originator_version
"""  # noqa: S608 - names of this program


async def portions(connection: Connection, ids: Sequence[UUID], at_once: int) -> AsyncIterator[list[Row]]:
    """Rows of the log of so many histories at a time, not decoded."""
    for first in range(0, len(ids), at_once):
        cursor: Any = await connection.execute(_HISTORIES, [list(ids[first : first + at_once])], binary=True)
        yield await cursor.fetchall()


def histories_in(rows: Iterable[Row]) -> Iterator[list[EventEnvelope[Any]]]:
    """One after the other; the rows are in the order of a portion."""
    for _, history in groupby(rows, key=lambda row: row[0]):
        yield events_in(history)


def petitions_in(rows: Iterable[Row]) -> Iterator[Petition]:
    """As their histories tell them; what is no petition is passed over."""
    for history in histories_in(rows):
        petition = fold(history)
        if petition is not None:
            yield petition
