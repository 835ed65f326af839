"""Lists what is owed on a day by its state: not yet due, due soon, due today, overdue and so on.

For a past day, the list has the units and due dates of that day, as far as they are known now.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, NamedTuple
from uuid import UUID

from msgspec import Meta
from psycopg.rows import class_row

from domain.deadlines.calendar import ONE_DAY, CalendarRunsOut
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import days_late
from domain.deadlines.policy import Law
from domain.rules.possible_kinds import UNCLASSIFIED_STAGE, PossibleLimit, strictest_possible_limit
from domain.status import DueState, due_state
from domain.vocabulary import PetitionKind
from projections.calendar_buckets import bucket_ranges, range_parameters
from projections.overdue import PETITIONS_TABLE
from projections.owed_sql import LISTED_TABLES, Owed, Selection
from projections.owed_statement import list_statement
from projections.owed_totals import Total, choose_total
from projections.past_rows import PastRows
from projections.projection import Connection, SealedCells, TextReader
from projections.standing_intervals import NEVER


class OverdueCursor(NamedTuple):
    """Names the last item of a page; the next page begins after it. `duty` is empty for an open petition.

    `total` is that of the first page, so that it is counted once for all pages; None counts it again.
    """

    due_on: date
    petition_id: UUID
    duty: str = ""
    total: Annotated[int, Meta(ge=0, lt=1 << 62)] | None = None


@dataclass(frozen=True, slots=True)
class OverdueItem:
    """Describes what is owed of a petition on the day; unit, officer and due date are those of the day.

    A petition has a line while its answer is owed, whose stage is that of the day, and one for each duty that runs,
    whose stage is that of the day on which the unit came to owe it. `subject` names for whom or what a duty is, as
    "unit:so-xd"; it is empty for a duty of the whole petition. `days_late` counts calendar days after the last day in
    time; 0 when not late. `advisory_on` is the last day by a second reading of the law. `possible_on` is the earliest
    last day among the kinds that an unclassified letter may be, and `possible_kinds` are those kinds. Neither is a due
    date. A line that is not late is amber if the earliest of `due_on`, `advisory_on` and `possible_on` is soon or has
    passed. `waiting_since` is the day since which the citizen is waited for; no clock stands still by it.
    """

    petition_id: UUID
    reference: str | None
    owed: Owed
    unit: str
    officer: str | None
    kind: str | None
    stage: str
    state: DueState
    received_on: date
    due_on: date | None
    clock: Clock | None
    subject: str
    days_late: int
    advisory_on: date | None
    possible_on: date | None
    possible_kinds: tuple[PetitionKind, ...]
    waiting_since: date | None
    is_amber: bool
    channel: str | None
    place: str
    summary: str
    identity_protected: bool
    duplicates: int
    """Number of letters in which the sender repeats the petition."""


@dataclass(frozen=True, slots=True)
class OverduePage:
    """Holds one page of lines; `total` is the number of lines on all pages."""

    on: date
    total: int
    items: list[OverdueItem]
    next: OverdueCursor | None


class _OverdueRow(NamedTuple):
    """Holds one line of the list. `total` is the number of lines on all pages; None if it must be counted."""

    total: int | None
    petition_id: UUID | None  # None in the single row of an empty list, which has only the total
    duty: str
    unit: str
    officer: str | None
    stage: str
    due_on: date
    clock: str | None
    is_held: bool
    subject: str
    waiting_since: date | None
    reference: str | None
    kind: str | None
    received_on: date
    channel: str | None
    place: bytes
    summary: bytes
    identity_protected: bool
    duplicates: int


async def overdue_on(
    connection: Connection,
    texts: TextReader,
    on: date,
    *,
    soon_until: date,
    unit: str | None = None,
    officer: str | None = None,
    kind: str | None = None,
    states: Collection[DueState] = (DueState.OVERDUE,),
    owed: Owed | None = None,
    after: OverdueCursor | None = None,
    limit: int = 50,
    today: date | None = None,
    law: Law | None = None,
    waiting: bool | None = None,
    past: PastRows | None = None,
    has_day_sums: bool = False,
) -> OverduePage:
    """Return a page of what is owed on the day and in one of the states, earliest due date first.

    `texts` opens what the petitions say. `owed` None means answers and duties.

    `unit`, `officer` and `kind` None mean all; `unit` "" means what no unit owes. `soon_until` is the last day that
    counts as soon. `law` has the second readings of the law and the limits of other kinds; without it, `advisory_on`
    and `possible_on` are None. `waiting` True means petitions for which the citizen is waited for, False all other
    lines. With `past`, the list is that of an earlier position of the log, and `texts` must open what was said then.
    Raise ValueError when `states` is empty.

    The total is that of the cursor, if it has one. Else, if `on` is `today` or later, it is read from the counters,
    corrected by the lines that change after that day. For a past day it is read from the figures of the day, if
    `has_day_sums` says that the tables of `unit_workload` are there. Where neither says it, as for an officer, a kind
    or a wait, the lines are counted.
    """
    if not states:
        raise ValueError("no state to look for")
    selection = Selection(frozenset(states), owed, unit, officer, kind, waiting)
    parameters: dict[str, object] = {
        **selection.parameters,
        **{"on": on, "soon": soon_until, "never": NEVER, "limit": limit + 1},
    }
    if after is not None:
        parameters |= {"after_on": after.due_on, "after_id": after.petition_id, "after_duty": after.duty}
    if past is not None:
        parameters |= past.parameters(*LISTED_TABLES)
    if after is not None and after.total is not None:
        total = Total.CARRIED
        parameters["total"] = after.total
    else:
        is_past = today is None or on < today
        total = choose_total(selection, is_past=is_past, has_sums=past is None, has_day_sums=has_day_sums)
        parameters |= range_parameters("day", bucket_ranges(date.min, on + ONE_DAY)) if total is Total.DAY_SUMS else {}
    found = await _read_rows(connection, selection, total, parameters, is_next=after is not None, past=past)
    if found[0].total is None:
        found = await _read_rows(connection, selection, Total.COUNTED, parameters, is_next=after is not None, past=past)
    listed = [(row.petition_id, row) for row in found[:limit] if row.petition_id is not None]
    opened = await texts.open_cells(
        connection, PETITIONS_TABLE, [SealedCells(petition_id, (row.place, row.summary)) for petition_id, row in listed]
    )
    items = [
        _overdue_item(row, petition_id, place, summary, on, soon_until, law)
        for (petition_id, row), (place, summary) in zip(listed, opened, strict=True)
    ]
    last = listed[-1] if len(found) > limit else None
    found_total = found[0].total or 0
    return OverduePage(
        on=on,
        total=found_total,
        items=items,
        next=None if last is None else OverdueCursor(last[1].due_on, last[0], last[1].duty, found_total),
    )


async def _read_rows(
    connection: Connection,
    selection: Selection,
    total: Total,
    parameters: Mapping[str, object],
    *,
    is_next: bool,
    past: PastRows | None,
) -> list[_OverdueRow]:
    statement = list_statement(selection, total=total, is_next=is_next, as_known=past is not None)
    async with connection.cursor(row_factory=class_row(_OverdueRow)) as cursor:
        await cursor.execute(statement, parameters, binary=True)
        return await cursor.fetchall()


def _overdue_item(
    row: _OverdueRow, petition_id: UUID, place: str, summary: str, on: date, soon_until: date, law: Law | None
) -> OverdueItem:
    due_on = None if row.due_on == NEVER else row.due_on
    owed = Owed.DUTY if row.duty else Owed.ANSWER
    state = due_state(due_on, is_held=row.is_held, on=on, soon_until=soon_until)
    advisory_on = None if law is None else _advisory_on(row, law)
    possible = None if law is None else _possible_limit(row, law)
    warning_on = min(row.due_on, advisory_on or NEVER, NEVER if possible is None else possible.due_on)
    is_due_later = state in (DueState.DUE_TODAY, DueState.DUE_SOON, DueState.NOT_YET_DUE)
    return OverdueItem(
        petition_id=petition_id,
        reference=row.reference,
        owed=owed,
        unit=row.unit,
        officer=row.officer,
        kind=row.kind,
        stage=row.stage,
        state=state,
        received_on=row.received_on,
        due_on=due_on,
        clock=None if row.clock is None else Clock(row.clock),
        subject=row.subject,
        days_late=days_late(row.due_on, on) if state is DueState.OVERDUE else 0,
        advisory_on=advisory_on,
        possible_on=None if possible is None else possible.due_on,
        possible_kinds=() if possible is None else possible.kinds,
        waiting_since=row.waiting_since,
        is_amber=is_due_later and warning_on <= soon_until,
        channel=row.channel,
        place=place,
        summary=summary,
        identity_protected=row.identity_protected,
        duplicates=row.duplicates,
    )


def _possible_limit(row: _OverdueRow, law: Law) -> PossibleLimit | None:
    """Return the earliest limit among the kinds that a letter may be that was unclassified on the day."""
    if row.duty or row.stage != UNCLASSIFIED_STAGE or row.clock == Clock.FURTHER_REVIEW:
        return None
    return strictest_possible_limit(row.received_on, row.due_on, law)


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
