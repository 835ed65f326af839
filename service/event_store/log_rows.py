"""Reads rows of the log: the head of every statement that reads events, and what a row means."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, LiteralString
from uuid import UUID

from domain.actor import Officer
from domain.envelope import EventEnvelope
from domain.vocabulary import OfficerId, UnitId
from service.event_store.codec import decode_fact

LogRow = tuple[UUID, int, str, bytes, int, datetime, UUID, str | None, str]
"""A row of the log as `SELECT_LOG_ROWS` gives it, a plain tuple: making an object of it costs more than decoding it.

Stream, version, topic, state, position, time of recording (UTC), command id, reference, words of `officer_of_words`.
"""

SELECT_LOG_ROWS: LiteralString = """SELECT log.stream, log.version, t.topic, log.state,
           log.position, log.recorded_at, log.command_id, log.reference, o.words
    FROM kiennghi.log
    LEFT JOIN LATERAL (
        SELECT topics.topic FROM kiennghi.topics WHERE topics.number = log.topic OFFSET 0
    ) AS t ON true
    LEFT JOIN LATERAL (
        SELECT concat_ws(chr(31), officers.officer, officers.unit, officers.position, officers.acting_for) AS words
        FROM kiennghi.officers WHERE officers.number = log.officer OFFSET 0
    ) AS o ON true
"""
"""The head of every statement that reads events, up to its WHERE.

OFFSET 0 keeps the planner from joining otherwise than row by row: the rows stay in the order of the log's index, and a
few remembered words serve a page. Measured for a page of 1,000 events on the server, us: numbers alone 1,390, this
1,580, plain joins 2,510, subqueries 3,165. Words that a process remembered itself might be those of a transaction that
a new primary server never had.
"""


def decode_log_rows(rows: Iterable[LogRow]) -> list[EventEnvelope[Any]]:
    """Return the decoded events of rows of the log, in their order."""
    return [
        EventEnvelope(
            stream,
            version,
            decode_fact(topic, state),
            officer_of_words(by),
            recorded_at,
            position,
            reference,
            command_id,
        )
        for stream, version, topic, state, position, recorded_at, command_id, reference, by in rows
    ]


@lru_cache(maxsize=4096)
def words_of_officer(by: Officer) -> str:
    """Return the words of an officer, as the rows of the log have them."""
    return "\x1f".join((by.officer, by.unit, by.position, *(() if by.acting_for is None else (by.acting_for,))))


@lru_cache(maxsize=4096)  # few officers record many events
def officer_of_words(words: str) -> Officer:
    """Return the officer of a row: officer, unit, position and, where there is one, whom the officer acts for."""
    officer, unit, position, *acting_for = words.split("\x1f")
    return Officer(
        officer=OfficerId(officer),
        unit=UnitId(unit),
        position=position,
        **({"acting_for": OfficerId(acting_for[0])} if acting_for else {}),
    )
