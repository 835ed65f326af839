"""Counts meetings and their petitions by level, organiser, audience and so on.

A figure is an SQL condition, and `projections.meeting_lists` lists by the same conditions, so for every total there is
a list of what it counts. Each day of a meeting is counted: a meeting moved from March to April counts as moved in March
and as held in April. Lateness is judged on the day `on`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from projections.meetings import MEETING_OUTCOMES
from projections.projection import Connection

DAY_FIGURES: Mapping[str, LiteralString] = {
    "planned": "m.was_planned",
    "held": "m.fate = 'held'",
    "moved": "m.fate = 'moved'",
    "cancelled": "m.fate = 'cancelled'",
    "to_come": "m.fate = 'planned' AND m.day >= %(on)s",
    "not_told": "m.fate = 'planned' AND m.day < %(on)s",  # its day has passed, and nobody recorded what became of it
    "unplanned": "m.fate = 'held' AND NOT m.was_planned",
    "online": "m.fate = 'held' AND m.mode = 'online'",
    "delegated": "m.fate = 'held' AND m.instead_of IS NOT NULL",
    "announced_in_time": "m.fate <> 'moved' AND m.announced_on <= m.announce_by",
    "announced_late": "m.fate <> 'moved' AND m.announced_on > m.announce_by",
    "not_announced": "m.fate IN ('held', 'planned') AND m.announced_on IS NULL AND m.announce_by < %(on)s",
    "concluded": "m.notice_on IS NOT NULL",
    "concluded_late": "coalesce(m.notice_on, %(on)s) > m.conclude_by",
    "published_in_time": "m.published_on <= m.publish_by",
    "published_late": "m.published_on > m.publish_by",
    "not_published": "m.published_on IS NULL AND m.publish_by < %(on)s",
}
"""SQL conditions on the days of meetings, `m`, by figure."""

MEETING_FINDINGS = ("not_told", "announced_late", "not_announced", "concluded_late", "published_late", "not_published")
"""Figures that are findings: something is late, missing, or was not recorded."""

PETITION_FIGURES: Mapping[str, LiteralString] = {
    "raised": "p.is_raised AND p.is_letter",
    "raised_before": "p.is_raised AND p.is_letter AND p.received_on < m.day",
    "raised_there": "p.is_raised AND p.is_letter AND p.received_on >= m.day",
    "prepared": "p.is_prepared",
    "answered_there": "p.is_answered_there",
    "listed": "p.is_case",
    "assigned": "p.is_case AND p.notice_on IS NOT NULL",
    **{outcome: f"p.is_case AND p.outcome = '{outcome}'" for outcome in MEETING_OUTCOMES},
    "outstanding_late": "p.is_case AND p.outcome = 'outstanding' AND p.due_on < %(on)s",
    "outstanding_without_limit": "p.is_case AND p.outcome = 'outstanding' AND p.due_on IS NULL",
}
"""SQL conditions on the petitions, `p`, of meetings, by figure.

`listed` is the sum of the outcomes; it counts cases, and the figures of what was raised count letters.
"""

MEETING_GROUPS: Mapping[str, LiteralString] = {
    "level": "coalesce(m.level, '')",
    "head_of": "coalesce(m.head_of, '')",
    "organiser": "m.organiser",
    "audience": "coalesce(m.audience, '')",
    "kind": "m.kind",
    "reception": "coalesce(m.reception, '')",
    "month": "to_char(m.day, 'YYYY-MM')",
    "year": "to_char(m.day, 'YYYY')",
}

# The petitions of a meeting that was moved belong to the day that it was moved to.
JOIN_PETITIONS_ON: LiteralString = "p.meeting_id = m.meeting_id AND m.fate <> 'moved'"


@dataclass(frozen=True, slots=True)
class MeetingFilter:
    """Selects meetings by their day (both days inclusive) and by other fields; None selects all.

    `topic` is what a reader typed, `spellings` are the topics that it means (`projections.topic_filters`).
    """

    first: date
    last: date
    level: str | None = None
    head_of: str | None = None
    organiser: str | None = None
    audience: str | None = None
    kind: str | None = None
    reception: str | None = None
    topic: str | None = None
    meeting_id: UUID | None = None
    spellings: list[str] | None = None

    def condition(self) -> LiteralString:
        """Return the SQL condition on `m`; its parameters are the fields of this filter."""
        conditions: list[LiteralString] = ["m.day BETWEEN %(first)s AND %(last)s"]
        for column in _FILTER_COLUMNS:
            if getattr(self, column) is not None:
                conditions.append(f"m.{column} = %({column})s")
        if self.topic is not None:
            conditions.append("m.topics && coalesce(%(spellings)s::text[], ARRAY[%(topic)s::text])")
        return " AND ".join(conditions)


_FILTER_COLUMNS: tuple[LiteralString, ...] = (
    *("level", "head_of", "organiser", "audience", "kind", "reception", "meeting_id"),
)


def count_expressions(figures: Sequence[str], conditions: Mapping[str, LiteralString]) -> LiteralString:
    """Return the SELECT expressions that count each of the figures."""
    return ", ".join(f"count(*) FILTER (WHERE {conditions[figure]})::int AS {figure}" for figure in figures)


@dataclass(frozen=True, slots=True)
class MeetingFigures:
    """Holds the figures of a group of meetings: the counts of their days, and the counts of their petitions."""

    name: str
    attendance: int
    days: Mapping[str, int]
    petitions: Mapping[str, int]


async def meeting_figures(
    connection: Connection, meeting_filter: MeetingFilter, *, on: date, by: str = "level", limit: int = 10_000
) -> list[MeetingFigures]:
    """Return the figures for each value of `by` (a key of MEETING_GROUPS), in the order of the values.

    Every figure is a sum over meetings, so the figures of all groups add up.
    """
    group, condition = MEETING_GROUPS[by], meeting_filter.condition()
    days, petitions = tuple(DAY_FIGURES), tuple(PETITION_FIGURES)
    day_counts, petition_counts = count_expressions(days, DAY_FIGURES), count_expressions(petitions, PETITION_FIGURES)
    statement = f"""
        SELECT d.*, {", ".join(f"coalesce(f.{figure}, 0) AS {figure}" for figure in petitions)}
        FROM (
            SELECT {group} AS name, coalesce(sum(m.attendance), 0)::int AS attendance, {day_counts}
            FROM meetings AS m WHERE {condition} GROUP BY 1
        ) AS d
        LEFT JOIN (
            SELECT {group} AS name, {petition_counts}
            FROM meetings AS m JOIN meetings_petitions AS p ON {JOIN_PETITIONS_ON} WHERE {condition} GROUP BY 1
        ) AS f USING (name)
        ORDER BY name LIMIT %(limit)s
    """  # noqa: S608 - constants of this module
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement.encode(), {**asdict(meeting_filter), "on": on, "limit": limit})
        return [
            MeetingFigures(
                row["name"],
                row["attendance"],
                {figure: row[figure] for figure in days},
                {figure: row[figure] for figure in petitions},
            )
            for row in await cursor.fetchall()
        ]


def sum_meeting_figures(lines: Sequence[MeetingFigures]) -> MeetingFigures:
    """Return the sum of all lines, with an empty name."""

    def total(of: str, figures: Mapping[str, Any]) -> dict[str, int]:
        return {figure: sum(getattr(line, of)[figure] for line in lines) for figure in figures}

    return MeetingFigures(
        "", sum(line.attendance for line in lines), total("days", DAY_FIGURES), total("petitions", PETITION_FIGURES)
    )
