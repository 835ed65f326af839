"""Keeps the view of inherited petitions: those that a reorganisation gave to a unit, and which unit made them late.

If a limit ended before the first day of the new unit, the petition counts as late for the old unit, even if the new
unit answers. If the limit ended later, it counts as late for the new unit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from domain.vocabulary import ReorganisationId, UnitId
from projections.case_state import CaseState
from projections.projection import Connection, Projection, Table, TableRow
from projections.standing_intervals import NEVER


class InheritanceRow(NamedTuple):
    """Holds one takeover of a petition. `was_due_on` and `due_on` are NEVER if no limit was, or is, counted."""

    petition_id: UUID
    since_on: date
    reference: str | None
    reorganisation_id: ReorganisationId | None
    from_unit: UnitId
    to_unit: UnitId
    was_due_on: date
    due_on: date
    is_held: bool
    settled_on: date | None


_INHERITANCE_TABLE = Table("inheritance", InheritanceRow._fields[:2], InheritanceRow._fields[2:])


class Inheritance(Projection):
    """Keeps the takeovers of each petition. Two takeovers on one day count as one, from the first unit to the last."""

    name: ClassVar = "inheritance"
    version: ClassVar = 3
    tables: ClassVar = (_INHERITANCE_TABLE,)

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        if not isinstance(state, CaseState) or not state.takeovers:
            return
        status = state.status
        due_on = status.due_on if status.settled_on is None else status.due_when_settled
        rows: dict[date, InheritanceRow] = {}
        for takeover in state.takeovers:
            from_unit = rows[takeover.on].from_unit if takeover.on in rows else takeover.from_unit
            rows[takeover.on] = InheritanceRow(
                petition_id=state.petition_id,
                since_on=takeover.on,
                reference=state.reference,
                reorganisation_id=takeover.reorganisation_id,
                from_unit=from_unit,
                to_unit=takeover.to_unit,
                was_due_on=takeover.was_due_on or NEVER,
                due_on=due_on or NEVER,
                is_held=status.is_held,
                settled_on=status.settled_on,
            )
        for row in rows.values():
            yield _INHERITANCE_TABLE, row


# -- queries


@dataclass(frozen=True, slots=True)
class InheritedFigures:
    """Counts the petitions that one unit inherited from another, in their state at the end of a day.

    `late_before` counts those whose limit ended while the old unit had them. Among the open ones, `overdue_before`
    counts those whose limit ended with the old unit, `overdue_since` those whose limit ended since.
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
    """Describes one inherited petition.

    `was_due_on` and `due_on` are None if no limit was, or is, counted. `days_late_before` is the number of days late on
    the first day of the new unit; 0 if the petition was in time.
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


_SELECT_INHERITED_FIGURES = """
    SELECT from_unit, to_unit, count(*) AS petitions,
        count(*) FILTER (WHERE was_due_on < since_on) AS late_before,
        count(*) FILTER (WHERE NOT is_open) AS settled,
        count(*) FILTER (WHERE is_open) AS open,
        count(*) FILTER (WHERE is_late AND was_due_on < since_on) AS overdue_before,
        count(*) FILTER (WHERE is_late AND was_due_on >= since_on) AS overdue_since
    FROM (
        SELECT *, settled_on IS NULL OR settled_on > %(on)s AS is_open,
            (settled_on IS NULL OR settled_on > %(on)s) AND NOT is_held AND due_on < %(on)s AS is_late
        FROM inheritance
        WHERE since_on <= %(on)s AND (%(unit)s::text IS NULL OR to_unit = %(unit)s OR from_unit = %(unit)s)
    ) AS i
    GROUP BY from_unit, to_unit ORDER BY from_unit COLLATE "C", to_unit COLLATE "C"
"""
_SELECT_INHERITED_PETITIONS = """
    SELECT petition_id, reference, from_unit, to_unit, since_on, reorganisation_id,
        nullif(was_due_on, %(never)s) AS was_due_on, greatest(since_on - was_due_on, 0) AS days_late_before,
        nullif(due_on, %(never)s) AS due_on, settled_on
    FROM inheritance
    WHERE since_on <= %(on)s AND to_unit = %(unit)s AND (%(after)s::uuid IS NULL OR petition_id > %(after)s)
    ORDER BY petition_id LIMIT %(limit)s
"""


async def inherited_figures_on(connection: Connection, on: date, unit: str | None = None) -> list[InheritedFigures]:
    """Return the figures of all takeovers up to the end of the day.

    With `unit`, return what this unit inherited and what others inherited from it.
    """
    async with connection.cursor(row_factory=class_row(InheritedFigures)) as cursor:
        await cursor.execute(_SELECT_INHERITED_FIGURES, {"on": on, "unit": unit})
        return await cursor.fetchall()


async def inherited_petitions(
    connection: Connection, unit: str, on: date, *, after: UUID | None = None, limit: int = 50
) -> list[InheritedPetition]:
    """Return the petitions that the unit inherited up to the day (inclusive), open or settled, in the order of ids.

    `after` is the id of the last petition of the page before.
    """
    parameters = {"on": on, "unit": unit, "after": after, "limit": limit, "never": NEVER}
    async with connection.cursor(row_factory=class_row(InheritedPetition)) as cursor:
        await cursor.execute(_SELECT_INHERITED_PETITIONS, parameters)
        return await cursor.fetchall()
