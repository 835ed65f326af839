"""Reads rows of the log as they are stored, and makes the leaves of the tree of them.

Numbers of topics and officers are replaced by the words, so that who changes a word changes every leaf that says it.
All values are taken from the row and hashed here: nothing that a function of the database says is believed.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, LiteralString

from psycopg import AsyncConnection

from service.transparency.offline_verifier import event_leaf, words_of_row

LeafRow = tuple[int, bytes, bytes, int, int, int, int, bytes, bytes | None, bytes | None, str | None, bytes]
"""Position, time (8 bytes), stream (16), version, numbers of category, topic and officer, command id (16), request's
digest, context, reference, state."""

RowWords = tuple[str | None, str | None, str | None, str | None, str | None, str | None]

SELECT_LEAF_ROWS: LiteralString = """
    SELECT l.position, timestamptz_send(l.recorded_at), uuid_send(l.stream), l.version, l.category, l.topic, l.officer,
           uuid_send(l.command_id), l.request_digest, l.context, l.reference, l.state
    FROM kiennghi.log AS l
"""

_MICROSECONDS_TO_2000 = 946_684_800_000_000
"""PostgreSQL counts from the year 2000, a leaf from 1970."""


class LogWords:
    """Holds the words that the numbers of the log stand for, as a leaf has them."""

    def __init__(
        self,
        categories: Mapping[int, str],
        topics: Mapping[int, tuple[str, int]],
        officers: Mapping[int, tuple[str, str, str, str | None]],
    ) -> None:
        self._categories, self._topics, self._officers = categories, topics, officers
        self._known: dict[tuple[int, int, int], bytes] = {}
        self.strangers = set[tuple[int, int]]()
        """Numbers of categories and topics that stood together in a row so far and do not belong together."""

    @classmethod
    async def read(cls, connection: AsyncConnection[Any]) -> "LogWords":
        """Return the words as the database has them now."""

        async def rows(query: LiteralString) -> list[tuple[Any, ...]]:
            return await (await connection.execute(query)).fetchall()

        categories = dict(await rows("SELECT number, category FROM kiennghi.categories"))
        topics = {one[0]: one[1:] for one in await rows("SELECT number, topic, category FROM kiennghi.topics")}
        officers = {
            one[0]: one[1:]
            for one in await rows("SELECT number, officer, unit, position, acting_for FROM kiennghi.officers")
        }
        return cls(categories, topics, officers)

    def has_all_of(self, category: int, topic: int, officer: int) -> bool:
        """Return whether all of these numbers stand for a word here: later ones come with new topics and officers."""
        return category in self._categories and topic in self._topics and officer in self._officers

    def of_row(self, category: int, topic: int, officer: int) -> bytes:
        """Return the part of a leaf that these numbers stand for; a word that is missing is none."""
        numbers = (category, topic, officer)
        found = self._known.get(numbers)
        if found is None:
            found = self._known[numbers] = words_of_row(*self.in_words(category, topic, officer))
            if self._topics.get(topic, (None, 0))[1] != category:
                self.strangers.add((category, topic))
        return found

    def in_words(self, category: int, topic: int, officer: int) -> RowWords:
        """Return category, topic, officer, unit, position, and whom the officer acts for; None for a missing word."""
        who = self._officers.get(officer, (None, None, None, None))
        return (self._categories.get(category), self._topics.get(topic, (None, 0))[0], *who)


def microseconds_of(stored: bytes) -> int:
    """Return the microseconds since 1970 in UTC that a stored time stands for."""
    return int.from_bytes(stored, signed=True) + _MICROSECONDS_TO_2000


def leaf_of_row(row: LeafRow, words: LogWords, leaf_before: bytes) -> bytes:
    """Return the leaf of a row of the log."""
    position, recorded_at, stream, version, category, topic, officer, command, digest, context, reference, state = row
    return event_leaf(
        position,
        microseconds_of(recorded_at),
        stream,
        version,
        words.of_row(category, topic, officer),
        command,
        digest,
        context,
        None if reference is None else reference.encode(),
        sha256(state).digest(),
        leaf_before,
    )
