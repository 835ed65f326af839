"""What units inherited: petitions that a reorganisation gave them, and whose the lateness is.

A limit that ran out before the first day of the new unit ran out in the hands of the old one, and stays its lateness
whoever answers; one that ran out later is the new unit's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from psycopg.rows import class_row

from domain.vocabulary import Stage
from projections.case_state import Case
from projections.projection import Connection, Projection, Row, Table
from projections.standing_intervals import NEVER

_INHERITANCE = Table(
    "inheritance",
    ("petition_id", "since_on"),
    (
        *("reference", "reorganisation_id", "from_unit", "to_unit", "was_due_on"),
        *("due_on", "is_suspended", "settled_on"),
    ),
)


class Inheritance(Projection):
    """The projection. Two successions on one day are one: from the first unit to the last."""

    name: ClassVar = "inheritance"
    version: ClassVar = 1
    tables: ClassVar = (_INHERITANCE,)

    def rows(self, state: object) -> Iterable[tuple[Table, Row]]:
        if not isinstance(state, Case) or not state.inheritance:
            return
        now = state.standing
        due_on = now.due_on if now.settled_on is None else now.due_when_settled
        rows: dict[date, Row] = {}
        for one in state.inheritance:
            from_unit = rows[one.on][4] if one.on in rows else one.from_unit
            rows[one.on] = (
                state.petition_id,
                one.on,
                state.reference,
                one.reorganisation_id,
                from_unit,
                one.to_unit,
                one.was_due_on or NEVER,
                due_on or NEVER,
                now.stage is Stage.SUSPENDED,
                now.settled_on,
            )
        for row in rows.values():
            yield _INHERITANCE, row


# -- queries


@dataclass(frozen=True, slots=True)
class InheritedFigures:
    """What one unit inherited from another, as it stands at the end of a day.

    `late_before` ran out with the old unit; of the open ones `overdue_before` did, `overdue_since` ran out since.
    """

    from_unit: str
    to_unit: str
    petitions: int
    late_before: int
    settled: int
    open: int
    overdue_before: int
    overdue_since: int


@dataclass(frozen=True, slots=True)
class InheritedPetition:
    """`was_due_on` and `due_on` are None where nothing was or is counted.

    `days_late_before` are those on the first day of the new unit, 0 if it was in time.
    """

    petition_id: UUID
    reference: str | None
    from_unit: str
    to_unit: str
    since_on: date
    reorganisation_id: UUID | None
    was_due_on: date | None
    days_late_before: int
    due_on: date | None
    settled_on: date | None


_FIGURES = """
    SELECT from_unit, to_unit, count(*) AS petitions,
        count(*) FILTER (WHERE was_due_on < since_on) AS late_before,
        count(*) FILTER (WHERE NOT is_open) AS settled,
        count(*) FILTER (WHERE is_open) AS open,
        count(*) FILTER (WHERE is_late AND was_due_on < since_on) AS overdue_before,
        count(*) FILTER (WHERE is_late AND was_due_on >= since_on) AS overdue_since
    FROM (
        SELECT *, settled_on IS NULL OR settled_on > %(on)s AS is_open,
            (settled_on IS NULL OR settled_on > %(on)s) AND NOT is_suspended AND due_on < %(on)s AS is_late
        FROM inheritance
        WHERE since_on <= %(on)s AND (%(unit)s::text IS NULL OR to_unit = %(unit)s OR from_unit = %(unit)s)
    ) AS i
    GROUP BY from_unit, to_unit ORDER BY from_unit COLLATE "C", to_unit COLLATE "C"
"""
_PETITIONS = """
    SELECT petition_id, reference, from_unit, to_unit, since_on, reorganisation_id,
        nullif(was_due_on, %(never)s) AS was_due_on, greatest(since_on - was_due_on, 0) AS days_late_before,
        nullif(due_on, %(never)s) AS due_on, settled_on
    FROM inheritance
    WHERE since_on <= %(on)s AND to_unit = %(unit)s AND (%(after)s::uuid IS NULL OR petition_id > %(after)s)
    ORDER BY petition_id LIMIT %(limit)s
"""


async def inherited_on(connection: Connection, on: date, unit: str | None = None) -> list[InheritedFigures]:
    """Up to the end of the day; of one unit what it inherited and what others inherited from it."""
    async with connection.cursor(row_factory=class_row(InheritedFigures)) as cursor:
        await cursor.execute(_FIGURES, {"on": on, "unit": unit})
        return await cursor.fetchall()


async def petitions_inherited(
    connection: Connection, unit: str, on: date, *, after: UUID | None = None, limit: int = 50
) -> list[InheritedPetition]:
    """Those that the unit inherited up to the day, open or settled by now, in the order of their ids."""
    asked = {"on": on, "unit": unit, "after": after, "limit": limit, "never": NEVER}
    async with connection.cursor(row_factory=class_row(InheritedPetition)) as cursor:
        await cursor.execute(_PETITIONS, asked)
        return await cursor.fetchall()
