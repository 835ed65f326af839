"""Meetings and their petitions counted: by level, organiser, audience and so on.

A figure is a condition, which `projections.meeting_lists` lists by too: every total drills down to what it counts. A
meeting stands in a window with each of its days: one that was moved from March to April is moved in March and held in
April. Lateness is judged against the day `on`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from projections.meetings import OUTCOMES
from projections.projection import Connection

DAY_FIGURES: Mapping[str, LiteralString] = {
    "planned": "m.was_planned",
    "held": "m.fate = 'held'",
    "moved": "m.fate = 'moved'",
    "cancelled": "m.fate = 'cancelled'",
    "to_come": "m.fate = 'planned' AND m.day >= %(on)s",
    "not_told": "m.fate = 'planned' AND m.day < %(on)s",  # its day has passed: nobody says what became of it
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
"""What is counted of the days of meetings, `m`."""

FINDINGS = ("not_told", "announced_late", "not_announced", "concluded_late", "published_late", "not_published")

PETITION_FIGURES: Mapping[str, LiteralString] = {
    "raised": "p.is_raised AND p.is_letter",
    "raised_before": "p.is_raised AND p.is_letter AND p.received_on < m.day",
    "raised_there": "p.is_raised AND p.is_letter AND p.received_on >= m.day",
    "prepared": "p.is_prepared",
    "answered_there": "p.is_answered_there",
    "listed": "p.is_case",
    "assigned": "p.is_case AND p.notice_on IS NOT NULL",
    **{outcome: f"p.is_case AND p.outcome = '{outcome}'" for outcome in OUTCOMES},
    "outstanding_late": "p.is_case AND p.outcome = 'outstanding' AND p.due_on < %(on)s",
    "outstanding_without_limit": "p.is_case AND p.outcome = 'outstanding' AND p.due_on IS NULL",
}
"""What is counted of the petitions, `p`, of meetings. `listed` is the sum of the outcomes; letters are not cases."""

GROUPS: Mapping[str, LiteralString] = {
    "level": "m.level",
    "head_of": "m.head_of",
    "organiser": "m.organiser",
    "audience": "m.audience",
    "kind": "m.kind",
    "reception": "coalesce(m.reception, '')",
    "month": "to_char(m.day, 'YYYY-MM')",
    "year": "to_char(m.day, 'YYYY')",
}

# What was moved away from a day takes its petitions along to the day it was moved to.
OF_PETITIONS: LiteralString = "p.meeting_id = m.meeting_id AND m.fate <> 'moved'"


@dataclass(frozen=True, slots=True)
class Which:
    """Of which meetings; both days inclusive, None asks for all."""

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

    def condition(self) -> LiteralString:
        said: list[LiteralString] = ["m.day BETWEEN %(first)s AND %(last)s"]
        for column in _COLUMNS:
            if getattr(self, column) is not None:
                said.append(f"m.{column} = %({column})s")
        if self.topic is not None:
            said.append("%(topic)s = ANY (m.topics)")
        return " AND ".join(said)


_COLUMNS: tuple[LiteralString, ...] = (
    *("level", "head_of", "organiser", "audience", "kind", "reception", "meeting_id"),
)


def counted(figures: Sequence[str], of: Mapping[str, LiteralString]) -> LiteralString:
    return ", ".join(f"count(*) FILTER (WHERE {of[figure]})::int AS {figure}" for figure in figures)


@dataclass(frozen=True, slots=True)
class MeetingFigures:
    """One line: the days of meetings by what became of them, and the petitions by what became of those."""

    name: str
    attendance: int
    days: Mapping[str, int]
    petitions: Mapping[str, int]


async def meeting_figures(
    connection: Connection, which: Which, *, on: date, by: str = "level", limit: int = 10_000
) -> list[MeetingFigures]:
    """One line a value of `by`, in their order; every figure is a sum over meetings, so lines add up."""
    group, condition = GROUPS[by], which.condition()
    days, petitions = tuple(DAY_FIGURES), tuple(PETITION_FIGURES)
    statement = f"""
        SELECT d.*, {", ".join(f"coalesce(f.{figure}, 0) AS {figure}" for figure in petitions)}
        FROM (
            SELECT {group} AS name, coalesce(sum(m.attendance), 0)::int AS attendance, {counted(days, DAY_FIGURES)}
            FROM meetings AS m WHERE {condition} GROUP BY 1
        ) AS d
        LEFT JOIN (
            SELECT {group} AS name, {counted(petitions, PETITION_FIGURES)}
            FROM meetings AS m JOIN meetings_petitions AS p ON {OF_PETITIONS} WHERE {condition} GROUP BY 1
        ) AS f USING (name)
        ORDER BY name LIMIT %(limit)s
    """  # noqa: S608 - constants of this module
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement.encode(), {**asdict(which), "on": on, "limit": limit})
        return [
            MeetingFigures(
                row["name"],
                row["attendance"],
                {figure: row[figure] for figure in days},
                {figure: row[figure] for figure in petitions},
            )
            for row in await cursor.fetchall()
        ]


def summed(lines: Sequence[MeetingFigures]) -> MeetingFigures:
    """All lines in one."""

    def total(of: str, figures: Mapping[str, Any]) -> dict[str, int]:
        return {figure: sum(getattr(line, of)[figure] for line in lines) for figure in figures}

    return MeetingFigures(
        "", sum(line.attendance for line in lines), total("days", DAY_FIGURES), total("petitions", PETITION_FIGURES)
    )
