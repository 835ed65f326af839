"""Names the topics of this version in the database: the log takes no event of another topic."""

from typing import Any

import psycopg

from domain.topics import CATEGORY_OF_TOPIC

TOPICS_OF_THIS_VERSION = "topics of this version"
"""Names what `kiennghi migrate` applied, for its report, when it named some topics."""


def name_topics(connection: psycopg.Connection[Any]) -> None:
    """Name the topics that the database lacks, each with its category, in one transaction."""
    with connection.transaction():
        for topic in missing_topics(connection):
            connection.execute("SELECT kiennghi.name_topic(%s, %s)", [topic, CATEGORY_OF_TOPIC[topic]])


def missing_topics(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the topics of this version that the database does not know, in the order of the domain."""
    known = set[str]()
    if connection.execute("SELECT to_regclass('kiennghi.topics') IS NOT NULL").fetchone() == (True,):
        known.update(topic for (topic,) in connection.execute("SELECT topic FROM kiennghi.topics"))
    return [topic for topic in CATEGORY_OF_TOPIC if topic not in known]
