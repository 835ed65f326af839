"""Which open petitions stand how against a day: not yet due, due soon, due today, overdue, suspended, no limit set.

Lateness is a question put to stored dates, not a flag: no nightly job makes anything true. A past day is answered as it
was (unit, due date, stage), as far as it is known now; `projections.unit_workload` gives the sums of the same.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from msgspec import json
from psycopg.rows import class_row

from domain.deadlines.deadline import Clock, days_late
from domain.events import PetitionClassified, PetitionEvent, PetitionReceived, RecordCorrected
from domain.recorded import Recorded
from domain.standing import DueState, due_state
from domain.vocabulary import PetitionKind, Stage
from projections import course as courses
from projections.course import Course, Spell
from projections.projection import Connection, Page

SUMMARY = 200
"""Characters of the summary that a list shows."""

NEVER = date.max
"""The due date of a petition that no limit is set for, in the tables and in a cursor: such petitions come last."""


class Entry(NamedTuple):
    """What the view remembers of one petition."""

    petition_id: UUID
    reference: str | None
    channel: str
    place: str
    summary: str
    identity_protected: bool
    course: Course


_KNOWN = """
    SELECT petition_id, reference, channel, place, summary, identity_protected, course::text
    FROM overdue WHERE petition_id = ANY(%s)
"""
_COLUMNS = (
    *("reference", "kind", "received_on", "channel", "place", "summary", "identity_protected"),
    *("since_on", "stage", "unit", "officer", "due_on", "clock", "course"),
)
_ENTER = f"""
    INSERT INTO overdue (petition_id, {", ".join(_COLUMNS)})
    SELECT petition_id, {", ".join(_COLUMNS)} FROM json_populate_recordset(NULL::overdue, %s)
    ON CONFLICT (petition_id) DO UPDATE SET {", ".join(f"{column} = excluded.{column}" for column in _COLUMNS)}
"""  # noqa: S608 - made of the names above
_ENTER_PAST = "INSERT INTO overdue_past SELECT * FROM json_populate_recordset(NULL::overdue_past, %s)"
_REMOVE_PAST = """
    DELETE FROM overdue_past AS p USING json_populate_recordset(NULL::overdue_past, %s) AS gone
    WHERE p.petition_id = gone.petition_id AND p.since_on = gone.since_on
"""

_course = json.Decoder(Course)


class Overdue:
    """The projection: how each petition stands and stood, folded from its facts."""

    name: ClassVar[str] = "overdue"
    tables: ClassVar[tuple[str, ...]] = ("overdue", "overdue_past")
    version: ClassVar[int] = 1

    async def apply(self, connection: Connection, page: Page) -> None:
        known = await _known(connection, {recorded.originator_id for recorded in page})
        entries = dict(known)
        for recorded in page:
            fold(entries, recorded)
        changed = [entry for petition, entry in entries.items() if entry is not known.get(petition)]
        gone: list[dict[str, Any]] = []
        added: list[dict[str, Any]] = []
        for entry in changed:
            before = known.get(entry.petition_id)
            was, now = before.course.past() if before else set(), entry.course.past()
            gone += _past_rows(entry.petition_id, was - now)
            added += _past_rows(entry.petition_id, now - was)
        for statement, rows in (
            (_ENTER, [_row(entry) for entry in changed]),
            (_REMOVE_PAST, gone),
            (_ENTER_PAST, added),
        ):
            if rows:
                await connection.execute(statement, [json.encode(rows).decode()])


async def _known(connection: Connection, petitions: set[UUID]) -> dict[UUID, Entry]:
    cursor = connection.cursor(binary=True)
    await cursor.execute(_KNOWN, [list(petitions)])
    return {row[0]: Entry._make((*row[:-1], _course.decode(row[-1]))) async for row in cursor}


def fold(entries: dict[UUID, Entry], recorded: Recorded[PetitionEvent]) -> None:
    """Follow one fact; events of meetings and units change nothing here."""
    fact, petition = recorded.fact, recorded.originator_id
    if isinstance(fact, PetitionReceived):
        entries[petition] = Entry(
            petition_id=petition,
            reference=recorded.reference,
            channel=fact.channel,
            place=fact.place,
            summary=fact.summary[:SUMMARY],
            identity_protected=fact.identity_protected,
            course=courses.begun(fact),
        )
    elif petition in entries:
        entry = entries[petition]
        course = courses.followed(entry.course, fact)
        if course is not entry.course:
            entries[petition] = _told(entry._replace(course=course), fact)


def _told(entry: Entry, fact: PetitionEvent) -> Entry:
    """What a fact says beyond how the petition stands."""
    if isinstance(fact, PetitionClassified) and fact.kind is PetitionKind.DENUNCIATION:
        return entry._replace(identity_protected=True)
    if not isinstance(fact, RecordCorrected):
        return entry
    said = fact.correction
    return entry._replace(
        summary=entry.summary if said.summary is None else said.summary[:SUMMARY],
        place=entry.place if said.place is None else said.place,
    )


def _row(entry: Entry) -> dict[str, Any]:
    standing = entry.course.standing
    return {
        "petition_id": entry.petition_id,
        "reference": entry.reference,
        "kind": standing.kind,
        "received_on": standing.received_on,
        "channel": entry.channel,
        "place": entry.place,
        "summary": entry.summary,
        "identity_protected": entry.identity_protected,
        "course": entry.course,
        **_columns(entry.course.spells[-1]),
    }


def _past_rows(petition_id: UUID, past: Iterable[tuple[Spell, date]]) -> list[dict[str, Any]]:
    return [{"petition_id": petition_id, "until_on": until_on, **_columns(spell)} for spell, until_on in past]


def _columns(spell: Spell) -> dict[str, Any]:
    return {
        "since_on": spell.since_on,
        "stage": spell.stage,
        "unit": spell.unit,
        "officer": spell.officer,
        "due_on": spell.due_on or NEVER,
        "clock": spell.clock,
    }


# -- queries


class Cursor(NamedTuple):
    """After which line a page goes on."""

    due_on: date
    petition_id: UUID


@dataclass(frozen=True, slots=True)
class OverdueItem:
    """One petition that is open on the day; unit, officer, stage and due date are those of the day.

    `days_late` counts calendar days after the last day in time; 0 when not late.
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
    channel: str
    place: str
    summary: str
    identity_protected: bool


@dataclass(frozen=True, slots=True)
class OverduePage:
    """`total` counts all pages of this question."""

    on: date
    total: int
    items: list[OverdueItem]
    next: Cursor | None


_STATE_SQL = {
    DueState.OVERDUE: "stage <> 'suspended' AND due_on < %(on)s",
    DueState.DUE_TODAY: "stage <> 'suspended' AND due_on = %(on)s",
    DueState.DUE_SOON: "stage <> 'suspended' AND due_on > %(on)s AND due_on <= %(soon)s",
    DueState.NOT_YET_DUE: "stage <> 'suspended' AND due_on > %(on)s AND due_on > %(soon)s AND due_on < %(never)s",
    DueState.SUSPENDED: "stage = 'suspended'",
    DueState.NO_LIMIT_SET: "stage <> 'suspended' AND due_on = %(never)s",
}
_OPEN_ON_THE_DAY = (
    "overdue WHERE stage IS NOT NULL AND since_on <= %(on)s",
    "overdue_past WHERE daterange(since_on, until_on) @> %(on)s",
)


class _Listed(NamedTuple):
    petition_id: UUID
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


def _counting(condition: str) -> str:
    counts = " + ".join(f"(SELECT count(*) FROM {source} AND {condition})" for source in _OPEN_ON_THE_DAY)  # noqa: S608
    return f"SELECT {counts}"


def _listing(condition: str) -> str:
    """The lines of a page are found first; what else is shown of them is fetched for these alone."""
    spells = " UNION ALL ".join(
        f"(SELECT petition_id, unit, officer, stage, due_on, clock FROM {source} AND {condition}"  # noqa: S608
        " ORDER BY due_on, petition_id LIMIT %(limit)s)"
        for source in _OPEN_ON_THE_DAY
    )
    return f"""
        SELECT l.*, o.reference, o.kind, o.received_on, o.channel, o.place, o.summary, o.identity_protected
        FROM (SELECT * FROM ({spells}) AS s ORDER BY due_on, petition_id LIMIT %(limit)s) AS l
        JOIN overdue AS o USING (petition_id) ORDER BY l.due_on, l.petition_id
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
) -> OverduePage:
    """Open petitions in the given states against the day, the longest due first.

    `unit` None asks for all units, "" for petitions that no unit is named for. `soon_until` is the last day that
    counts as soon.
    """
    if not states:
        raise ValueError("no state to look for")
    condition = "(" + " OR ".join(f"({_STATE_SQL[state]})" for state in DueState if state in states) + ")"
    asked: dict[str, object] = {"on": on, "soon": soon_until, "never": NEVER, "limit": limit + 1}
    if unit is not None:
        condition += " AND unit = %(unit)s"
        asked["unit"] = unit
    page = condition
    if after is not None:
        page += " AND (due_on, petition_id) > (%(after_on)s, %(after_id)s)"
    async with connection.cursor(row_factory=class_row(_Listed)) as cursor:
        asked_after = {} if after is None else {"after_on": after.due_on, "after_id": after.petition_id}
        await cursor.execute(_listing(page), {**asked, **asked_after}, binary=True)
        found = await cursor.fetchall()
    total = (await (await connection.execute(_counting(condition), asked, binary=True)).fetchone() or (0,))[0]
    last = found[limit - 1] if len(found) > limit else None
    return OverduePage(
        on=on,
        total=total,
        items=[_item(row, on, soon_until) for row in found[:limit]],
        next=None if last is None else Cursor(last.due_on, last.petition_id),
    )


def _item(row: _Listed, on: date, soon_until: date) -> OverdueItem:
    due_on = None if row.due_on == NEVER else row.due_on
    state = due_state(due_on, is_suspended=row.stage == Stage.SUSPENDED, on=on, soon_until=soon_until)
    return OverdueItem(
        petition_id=row.petition_id,
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
        channel=row.channel,
        place=row.place,
        summary=row.summary,
        identity_protected=row.identity_protected,
    )
