"""Which open petitions stand how against a day: not yet due, due soon, due today, overdue, suspended, no limit set.

Lateness is a question put to stored dates, not a flag: no nightly job makes anything true. A past day is answered as it
was (unit, due date, stage), as far as it is known now; `projections.unit_workload` gives the sums of the same.
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
from projections.case_state import Case
from projections.projection import Connection, Count, Projection, Row, Sums, Table
from projections.standing_intervals import NEVER, Spell

_OVERDUE = Table(
    "overdue",
    ("petition_id",),
    (
        *("reference", "kind", "received_on", "channel", "place", "summary", "identity_protected", "duplicates"),
        *("since_on", "stage", "unit", "officer", "due_on", "clock"),
    ),
)
_PAST = Table("overdue_past", ("petition_id", "since_on"), ("until_on", "stage", "unit", "officer", "due_on", "clock"))
_DUE = Sums("overdue_due", ("due_on", "is_suspended"), ("petitions",))
_DUE_OF_UNIT = Sums("overdue_due_of_unit", ("unit", "due_on", "is_suspended"), ("petitions",))


class Overdue(Projection):
    """The projection: how each petition stands and stood, and how many are due when."""

    name: ClassVar = "overdue"
    version: ClassVar = 3
    tables: ClassVar = (_OVERDUE, _PAST, _DUE, _DUE_OF_UNIT)

    def rows(self, state: object) -> Iterable[tuple[Table, Row]]:
        if not isinstance(state, Case):
            return
        petition_id, now = state.petition_id, state.spells[-1]
        yield (
            _OVERDUE,
            (
                petition_id,
                state.reference,
                state.standing.kind,
                state.standing.received_on,
                state.channel,
                state.place,
                state.summary,
                state.identity_protected,
                state.duplicates,
                now.since_on,
                *_how(now),
            ),
        )
        for spell, until_on in standing_intervals.past(state.spells):
            yield _PAST, (petition_id, spell.since_on, until_on, *_how(spell))

    def counts(self, state: object) -> Iterable[Count]:
        if not isinstance(state, Case) or not (now := state.spells[-1]).is_open:
            return
        due_on, is_suspended = now.due_on or NEVER, now.stage is Stage.SUSPENDED
        yield _DUE, (due_on, is_suspended), "petitions", 1
        yield _DUE_OF_UNIT, (now.unit, due_on, is_suspended), "petitions", 1


def _how(spell: Spell) -> Row:
    return spell.stage, spell.unit, spell.officer, spell.due_on or NEVER, spell.clock


# -- queries


class Cursor(NamedTuple):
    """After which line a page goes on."""

    due_on: date
    petition_id: UUID


@dataclass(frozen=True, slots=True)
class OverdueItem:
    """One petition that is open on the day; unit, officer, stage and due date are those of the day.

    `days_late` counts calendar days after the last day in time; 0 when not late. `advisory_on` is the last day by a
    second reading of the law. It is amber while not late and the earlier of the two is soon or over.
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
    channel: str
    place: str
    summary: str
    identity_protected: bool
    duplicates: int
    """Letters that repeat it: its sender asked again."""


@dataclass(frozen=True, slots=True)
class OverduePage:
    """`total` counts all pages of this question."""

    on: date
    total: int
    items: list[OverdueItem]
    next: Cursor | None


_STATE_SQL = {
    DueState.OVERDUE: "NOT {suspended} AND due_on < %(on)s",
    DueState.DUE_TODAY: "NOT {suspended} AND due_on = %(on)s",
    DueState.DUE_SOON: "NOT {suspended} AND due_on > %(on)s AND due_on <= %(soon)s",
    DueState.NOT_YET_DUE: "NOT {suspended} AND due_on > %(on)s AND due_on > %(soon)s AND due_on < %(never)s",
    DueState.SUSPENDED: "{suspended}",
    DueState.NO_LIMIT_SET: "NOT {suspended} AND due_on = %(never)s",
}
_OPEN_ON_THE_DAY = (
    "overdue WHERE stage IS NOT NULL AND since_on <= %(on)s",
    "overdue_past WHERE daterange(since_on, until_on) @> %(on)s",
)


class _Listed(NamedTuple):
    total: int
    petition_id: UUID | None  # of the one row that there is when nothing is listed: it has the total alone
    unit: str
    officer: str | None
    stage: str
    due_on: date
    clock: str | None
    reference: str | None
    kind: str | None
    received_on: date
    channel: str
    place: str
    summary: str
    identity_protected: bool
    duplicates: int


def _condition(states: Collection[DueState], unit: str | None, suspended: str) -> str:
    condition = " OR ".join(f"({_STATE_SQL[state]})" for state in DueState if state in states)
    return f"({condition.format(suspended=suspended)})" + ("" if unit is None else " AND unit = %(unit)s")


def _counting(condition: str) -> str:
    """One by one: how they stood on a past day is summed up nowhere."""
    return " + ".join(f"(SELECT count(*) FROM {source} AND {condition})" for source in _OPEN_ON_THE_DAY)  # noqa: S608


def _summing(states: Collection[DueState], unit: str | None) -> str:
    sums = _DUE if unit is None else _DUE_OF_UNIT
    return f"(SELECT coalesce(sum(petitions), 0) FROM {sums.name} WHERE {_condition(states, unit, 'is_suspended')})"  # noqa: S608


def _listing(condition: str, total: str) -> str:
    """One statement, so that list and total are of one moment.

    The lines of a page are found first; what else is shown of them is fetched for these alone.
    """
    spells = " UNION ALL ".join(
        f"(SELECT petition_id, unit, officer, stage, due_on, clock FROM {source} AND {condition}"  # noqa: S608
        " ORDER BY due_on, petition_id LIMIT %(limit)s)"
        for source in _OPEN_ON_THE_DAY
    )
    return f"""
        SELECT t.total::bigint, l.*,
               o.reference, o.kind, o.received_on, o.channel, o.place, o.summary, o.identity_protected,
               o.duplicates
        FROM (SELECT {total}) AS t (total)
        LEFT JOIN (SELECT * FROM ({spells}) AS s ORDER BY due_on, petition_id LIMIT %(limit)s) AS l ON true
        LEFT JOIN overdue AS o USING (petition_id)
        ORDER BY l.due_on, l.petition_id
    """  # noqa: S608 - constants of this module


async def overdue_on(
    connection: Connection,
    on: date,
    *,
    soon_until: date,
    unit: str | None = None,
    states: Collection[DueState] = (DueState.OVERDUE,),
    after: Cursor | None = None,
    limit: int = 50,
    today: date | None = None,
    law: Law | None = None,
) -> OverduePage:
    """Open petitions in the given states against the day, the longest due first.

    `unit` None asks for all units, "" for petitions that no unit is named for. `soon_until` is the last day that
    counts as soon. Second readings are those of the `law`. From `today` on the total is that of the sums; without it,
    and for a past day, it is counted.
    """
    if not states:
        raise ValueError("no state to look for")
    asked: dict[str, object] = {"on": on, "soon": soon_until, "never": NEVER, "limit": limit + 1, "unit": unit}
    page = condition = _condition(states, unit, "(stage = 'suspended')")
    if after is not None:
        page += " AND (due_on, petition_id) > (%(after_on)s, %(after_id)s)"
        asked |= {"after_on": after.due_on, "after_id": after.petition_id}
    is_past = today is None or on < today
    total = _counting(condition) if is_past else _summing(states, unit)
    async with connection.cursor(row_factory=class_row(_Listed)) as cursor:
        await cursor.execute(_listing(page, total), asked, binary=True)
        found = await cursor.fetchall()
    items = [_item(row, row.petition_id, on, soon_until, law) for row in found[:limit] if row.petition_id is not None]
    last = items[-1] if len(found) > limit else None
    return OverduePage(
        on=on,
        total=found[0].total,
        items=items,
        next=None if last is None else Cursor(last.due_on or NEVER, last.petition_id),
    )


def _item(row: _Listed, petition_id: UUID, on: date, soon_until: date, law: Law | None) -> OverdueItem:
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
        place=row.place,
        summary=row.summary,
        identity_protected=row.identity_protected,
        duplicates=row.duplicates,
    )


def _advisory_on(row: _Listed, law: Law) -> date | None:
    """Of a clock that runs from the receipt. Where counting gives another date than stands, something else moved it."""
    if row.kind is None or row.clock != Clock.ACCEPTANCE:
        return None
    try:
        deadline = law.deadline(row.kind, Clock.ACCEPTANCE, row.received_on)
    except CalendarRunsOut:
        return None
    return law.advisory_on(deadline) if deadline is not None and deadline.due_on == row.due_on else None
