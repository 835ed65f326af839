"""Finds the topics that a reader means, as they were typed, and names the nearest ones where there is none."""

from dataclasses import replace
from difflib import get_close_matches
from typing import LiteralString

from domain.errors import Refused
from domain.refusals.meetings import MeetingRefusal
from domain.text import fold_diacritics
from projections.meeting_counts import MeetingFilter
from projections.projection import Connection

TOPICS_OFFERED = 3
"""Number of topics that are offered where none is found."""

_OF_MEETINGS: LiteralString = "SELECT DISTINCT unnest(topics) AS topic FROM meetings ORDER BY topic"
_OF_PETITIONS: LiteralString = "SELECT DISTINCT topic FROM hot_spots WHERE topic <> '' ORDER BY topic"


async def with_known_topics(connection: Connection, meetings: MeetingFilter) -> MeetingFilter:
    """Return the filter with every spelling of its topic: capitals, diacritics and blanks do not count.

    Raise Refused for a topic that no meeting has: the empty list of it would be a false zero.
    """
    if meetings.topic is None:
        return meetings
    return replace(meetings, spellings=await _spellings(connection, _OF_MEETINGS, meetings.topic))


async def require_topic_of_petitions(connection: Connection, topic: str | None) -> None:
    """Raise Refused for a topic that no petition of the hot spots has; "" stands for none and is always known."""
    if topic:
        found = await _spellings(connection, _OF_PETITIONS, topic)
        if topic not in found:
            raise Refused(MeetingRefusal.NO_TOPIC_BUT_NEAR_ONES, topic=topic, topics=tuple(found))


async def _spellings(connection: Connection, query: LiteralString, wanted: str) -> list[str]:
    cursor = await connection.execute(query)
    by_folded: dict[str, list[str]] = {}
    for (topic,) in await cursor.fetchall():
        by_folded.setdefault(_folded(topic), []).append(topic)
    if found := by_folded.get(_folded(wanted)):
        return found
    near = get_close_matches(_folded(wanted), by_folded, n=TOPICS_OFFERED, cutoff=0.5)
    near += [one for one in by_folded if _folded(wanted) in one and one not in near][: TOPICS_OFFERED - len(near)]
    if not near:
        raise Refused(MeetingRefusal.NO_SUCH_TOPIC, topic=wanted)
    topics = tuple(topic for one in near for topic in by_folded[one])[:TOPICS_OFFERED]
    raise Refused(MeetingRefusal.NO_TOPIC_BUT_NEAR_ONES, topic=wanted, topics=topics)


def _folded(text: str) -> str:
    return " ".join(fold_diacritics(text).split())
