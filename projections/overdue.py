"""Keeps the view of open petitions and lists them by state: not yet due, due soon, due today, overdue and so on.

Lateness is computed from stored dates and never stored as a flag, so no nightly job is needed. For a past day, the list
has the unit, due date and stage of that day, as far as they are known now. `projections.unit_workload` gives the totals
for the same petitions.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from domain.deadlines.calendar import CalendarRunsOut
from domain.deadlines.deadline import Clock, days_late
from domain.deadlines.policy import Law
from domain.status import DueState, due_state
from domain.vocabulary import Stage
from projections import standing_intervals
from projections.case_state import CaseState
from projections.projection import (
    Connection,
    CounterDelta,
    CounterTable,
    Projection,
    SealedCells,
    Table,
    TableRow,
    TextReader,
)
from projections.standing_intervals import NEVER, StatusInterval

_OVERDUE_TABLE = Table(
    "overdue",
    ("petition_id",),
    (
        *("reference", "kind", "received_on", "channel", "place", "summary", "identity_protected", "duplicates"),
        *("since_on", "stage", "unit", "officer", "due_on", "clock"),
    ),
    sealed=("place", "summary"),
)
_PAST_TABLE = Table(
    "overdue_past", ("petition_id", "since_on"), ("until_on", "stage", "unit", "officer", "due_on", "clock")
)
_DUE_COUNTERS = CounterTable("overdue_due", ("due_on", "is_suspended"), ("petitions",))
_DUE_OF_UNIT_COUNTERS = CounterTable("overdue_due_of_unit", ("unit", "due_on", "is_suspended"), ("petitions",))


class Overdue(Projection):
    """Keeps the present and past status of each petition, and counts how many are due on each day."""

    name: ClassVar = "overdue"
    version: ClassVar = 5
    tables: ClassVar = (_OVERDUE_TABLE, _PAST_TABLE, _DUE_COUNTERS, _DUE_OF_UNIT_COUNTERS)

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        if not isinstance(state, CaseState):
            return
        petition_id, now = state.petition_id, state.intervals[-1]
        yield (
            _OVERDUE_TABLE,
            (
                petition_id,
                state.reference,
                state.status.kind,
                state.status.received_on,
                state.channel,
                state.place,
                state.summary,
                state.identity_protected,
                state.duplicates,
                now.since_on,
                *_interval_columns(now),
            ),
        )
        for interval, until_on in standing_intervals.past_intervals(state.intervals):
            yield _PAST_TABLE, (petition_id, interval.since_on, until_on, *_interval_columns(interval))

    def counter_deltas(self, state: object) -> Iterable[CounterDelta]:
        if not isinstance(state, CaseState) or not (now := state.intervals[-1]).is_open:
            return
        due_on, is_suspended = now.due_on or NEVER, now.stage is Stage.SUSPENDED
        yield _DUE_COUNTERS, (due_on, is_suspended), "petitions", 1
        yield _DUE_OF_UNIT_COUNTERS, (now.unit, due_on, is_suspended), "petitions", 1


def _interval_columns(interval: StatusInterval) -> TableRow:
    """Return stage, unit, officer, due_on and clock: the last columns of both tables."""
    return interval.stage, interval.unit, interval.officer, interval.due_on or NEVER, interval.clock


# -- queries


class OverdueCursor(NamedTuple):
    """Names the last item of a page; the next page begins after it."""

    due_on: date
    petition_id: UUID


@dataclass(frozen=True, slots=True)
class OverdueItem:
    """Describes one petition that is open on the day; unit, officer, stage and due date are those of the day.

    `days_late` counts calendar days after the last day in time; 0 when not late. `advisory_on` is the last day by a
    second reading of the law. A petition that is not late is amber if the earlier of `due_on` and `advisory_on` is soon
    or has passed.
    """

    petition_id: UUID
    reference: str | None
    unit: str
    officer: str | None
    kind: str | None
    stage: str
    state: DueState
    received_on: date
    due_on: date | None
    clock: Clock | None
    days_late: int
    advisory_on: date | None
    is_amber: bool
    channel: str | None
    place: str
    summary: str
    identity_protected: bool
    duplicates: int
    """Number of letters in which the sender repeats the petition."""


@dataclass(frozen=True, slots=True)
class OverduePage:
    """Holds one page of open petitions; `total` is the number of petitions on all pages."""

    on: date
    total: int
    items: list[OverdueItem]
    next: OverdueCursor | None


_STATE_SQL = {
    DueState.OVERDUE: "NOT {suspended} AND due_on < %(on)s",
    DueState.DUE_TODAY: "NOT {suspended} AND due_on = %(on)s",
    DueState.DUE_SOON: "NOT {suspended} AND due_on > %(on)s AND due_on <= %(soon)s",
    DueState.NOT_YET_DUE: "NOT {suspended} AND due_on > %(on)s AND due_on > %(soon)s AND due_on < %(never)s",
    DueState.SUSPENDED: "{suspended}",
    DueState.NO_LIMIT_SET: "NOT {suspended} AND due_on = %(never)s",
}
_SOURCES_OPEN_ON_DAY = (
    "overdue WHERE stage IS NOT NULL AND since_on <= %(on)s",
    "overdue_past WHERE daterange(since_on, until_on) @> %(on)s",
)


class _OverdueRow(NamedTuple):
    """Holds one petition of the list. `total` is the number of petitions on all pages."""

    total: int
    petition_id: UUID | None  # None in the single row of an empty list, which has only the total
    unit: str
    officer: str | None
    stage: str
    due_on: date
    clock: str | None
    reference: str | None
    kind: str | None
    received_on: date
    channel: str | None
    place: bytes
    summary: bytes
    identity_protected: bool
    duplicates: int


def _state_condition(states: Collection[DueState], unit: str | None, suspended: str) -> str:
    condition = " OR ".join(f"({_STATE_SQL[state]})" for state in DueState if state in states)
    return f"({condition.format(suspended=suspended)})" + ("" if unit is None else " AND unit = %(unit)s")


def _count_sql(condition: str) -> str:
    """Return SQL that counts the petitions one by one, because no table has the totals of past days."""
    return " + ".join(f"(SELECT count(*) FROM {source} AND {condition})" for source in _SOURCES_OPEN_ON_DAY)  # noqa: S608


def _sum_sql(states: Collection[DueState], unit: str | None) -> str:
    """Return SQL that adds up the counter rows, which hold the totals of today and later days."""
    counters = _DUE_COUNTERS if unit is None else _DUE_OF_UNIT_COUNTERS
    condition = _state_condition(states, unit, "is_suspended")
    return f"(SELECT coalesce(sum(petitions), 0) FROM {counters.name} WHERE {condition})"  # noqa: S608


def _list_sql(condition: str, total: str) -> str:
    """Return one statement for the list and the total, so that both see the same snapshot.

    It finds the items of the page first, and reads their other columns only for these.
    """
    interval_selects = " UNION ALL ".join(
        f"(SELECT petition_id, unit, officer, stage, due_on, clock FROM {source} AND {condition}"  # noqa: S608
        " ORDER BY due_on, petition_id LIMIT %(limit)s)"
        for source in _SOURCES_OPEN_ON_DAY
    )
    return f"""
        SELECT t.total::bigint, l.*,
               o.reference, o.kind, o.received_on, o.channel, o.place, o.summary, o.identity_protected,
               o.duplicates
        FROM (SELECT {total}) AS t (total)
        LEFT JOIN (SELECT * FROM ({interval_selects}) AS s ORDER BY due_on, petition_id LIMIT %(limit)s) AS l ON true
        LEFT JOIN overdue AS o USING (petition_id)
        ORDER BY l.due_on, l.petition_id
    """  # noqa: S608 - constants of this module


async def overdue_on(
    connection: Connection,
    texts: TextReader,
    on: date,
    *,
    soon_until: date,
    unit: str | None = None,
    states: Collection[DueState] = (DueState.OVERDUE,),
    after: OverdueCursor | None = None,
    limit: int = 50,
    today: date | None = None,
    law: Law | None = None,
) -> OverduePage:
    """Return a page of the petitions that are open on the day and in one of the states, earliest due date first.

    `texts` opens what the petitions say.

    `unit` None means all units; "" means the petitions without a unit. `soon_until` is the last day that counts as
    soon. `law` has the second readings of the law; without it, `advisory_on` is None. If `on` is `today` or later, the
    total is read from the counters. Without `today`, and for a past day, the petitions are counted. Raise ValueError
    when `states` is empty.
    """
    if not states:
        raise ValueError("no state to look for")
    parameters: dict[str, object] = {"on": on, "soon": soon_until, "never": NEVER, "limit": limit + 1, "unit": unit}
    page = condition = _state_condition(states, unit, "(stage = 'suspended')")
    if after is not None:
        page += " AND (due_on, petition_id) > (%(after_on)s, %(after_id)s)"
        parameters |= {"after_on": after.due_on, "after_id": after.petition_id}
    is_past = today is None or on < today
    total = _count_sql(condition) if is_past else _sum_sql(states, unit)
    async with connection.cursor(row_factory=class_row(_OverdueRow)) as cursor:
        await cursor.execute(_list_sql(page, total), parameters, binary=True)
        found = await cursor.fetchall()
    listed = [(row.petition_id, row) for row in found[:limit] if row.petition_id is not None]
    opened = await texts.open_cells(
        connection, _OVERDUE_TABLE, [SealedCells(petition_id, (row.place, row.summary)) for petition_id, row in listed]
    )
    items = [
        _overdue_item(row, petition_id, place, summary, on, soon_until, law)
        for (petition_id, row), (place, summary) in zip(listed, opened, strict=True)
    ]
    last = items[-1] if len(found) > limit else None
    return OverduePage(
        on=on,
        total=found[0].total,
        items=items,
        next=None if last is None else OverdueCursor(last.due_on or NEVER, last.petition_id),
    )


def _overdue_item(
    row: _OverdueRow, petition_id: UUID, place: str, summary: str, on: date, soon_until: date, law: Law | None
) -> OverdueItem:
    due_on = None if row.due_on == NEVER else row.due_on
    state = due_state(due_on, is_suspended=row.stage == Stage.SUSPENDED, on=on, soon_until=soon_until)
    advisory_on = None if law is None else _advisory_on(row, law)
    is_due_later = state in (DueState.DUE_TODAY, DueState.DUE_SOON, DueState.NOT_YET_DUE)
    return OverdueItem(
        petition_id=petition_id,
        reference=row.reference,
        unit=row.unit,
        officer=row.officer,
        kind=row.kind,
        stage=row.stage,
        state=state,
        received_on=row.received_on,
        due_on=due_on,
        clock=None if row.clock is None else Clock(row.clock),
        days_late=days_late(row.due_on, on) if state is DueState.OVERDUE else 0,
        advisory_on=advisory_on,
        is_amber=is_due_later and min(row.due_on, advisory_on or row.due_on) <= soon_until,
        channel=row.channel,
        place=place,
        summary=summary,
        identity_protected=row.identity_protected,
        duplicates=row.duplicates,
    )


def _advisory_on(row: _OverdueRow, law: Law) -> date | None:
    """Return the advisory day of the acceptance clock, which runs from the receipt; None for other clocks.

    Return None, too, if counting gives another due date than the row has: then something else has moved the date.
    """
    if row.kind is None or row.clock != Clock.ACCEPTANCE:
        return None
    try:
        deadline = law.deadline(row.kind, Clock.ACCEPTANCE, row.received_on)
    except CalendarRunsOut:
        return None
    return law.advisory_on(deadline) if deadline is not None and deadline.due_on == row.due_on else None
