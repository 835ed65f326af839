"""How each unit stands, for a day and for a period: as lead and as coordinator.

Figures count cases: a split letter counts by its matters, a duplicate and a cancelled number not at all; `letters`
counts what came in. A case counts as received by its first unit on its day of receipt, as answered by the unit that
answered. The on-time rate counts the open overdue ones against the unit. All totals are sums of facts;
`projections.overdue` lists the cases behind the open ones.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from enum import IntEnum
from typing import Any, ClassVar, get_args
from uuid import UUID

from msgspec import json
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from domain.events import PetitionReceived
from domain.vocabulary import UnitId
from projections.projection import Connection, Page
from projections.workload_account import Account, Change, Figure, followed, opened

FIGURES: tuple[Figure, ...] = get_args(Figure)
_NOTHING: dict[str, int] = dict.fromkeys(FIGURES, 0)


class Grain(IntEnum):
    YEAR = 1
    MONTH = 2
    DAY = 3

    def start(self, day: date) -> date:
        """First day of the year, month or day that the day lies in."""
        if self is Grain.YEAR:
            return day.replace(month=1, day=1)
        return day.replace(day=1) if self is Grain.MONTH else day


_ADD = f"""
    INSERT INTO unit_workload AS w (grain, starts_on, unit, {", ".join(FIGURES)})
    SELECT grain, starts_on, unit, {", ".join(FIGURES)} FROM json_populate_recordset(NULL::unit_workload, %s)
    ON CONFLICT (grain, starts_on, unit) DO UPDATE SET
    {", ".join(f"{figure} = w.{figure} + excluded.{figure}" for figure in FIGURES)}
"""  # noqa: S608 - made of the names above

_ENTER = """
    INSERT INTO unit_workload_petitions AS p (petition_id, answered_unit, answered_on, days_taken, account)
    SELECT petition_id, answered_unit, answered_on, days_taken, account
    FROM json_populate_recordset(NULL::unit_workload_petitions, %s)
    ON CONFLICT (petition_id) DO UPDATE SET answered_unit = excluded.answered_unit,
        answered_on = excluded.answered_on, days_taken = excluded.days_taken, account = excluded.account
"""

_stored = json.Decoder(Account)


class UnitWorkload:
    """The projection: an account for each petition, and the totals that the accounts move."""

    name: ClassVar[str] = "unit_workload"
    tables: ClassVar[tuple[str, ...]] = (
        "unit_workload_petitions",
        "unit_workload",
        "unit_workload_durations",
    )
    version: ClassVar[int] = 1

    async def apply(self, connection: Connection, page: Page) -> None:
        known = await _known(connection, {recorded.originator_id for recorded in page})
        accounts = dict(known)
        changes: list[Change] = []
        for recorded in page:
            petition, fact = recorded.originator_id, recorded.fact
            if isinstance(fact, PetitionReceived):
                accounts[petition], found = opened(fact)
            elif petition in accounts:
                accounts[petition], found = followed(accounts[petition], fact)
            else:
                continue  # a meeting or a unit
            changes += found
        changed = {petition: account for petition, account in accounts.items() if account is not known.get(petition)}
        if changed:
            rows = [_row(petition, account) for petition, account in changed.items()]
            await connection.execute(_ENTER, [json.encode(rows).decode()])
        await _add(connection, changes)
        await _add_durations(connection, [(known.get(petition), account) for petition, account in changed.items()])


async def _known(connection: Connection, petitions: set[UUID]) -> dict[UUID, Account]:
    cursor = connection.cursor(binary=True)
    await cursor.execute(
        "SELECT petition_id, account::text FROM unit_workload_petitions WHERE petition_id = ANY(%s)", [list(petitions)]
    )
    return {petition: _stored.decode(account) async for petition, account in cursor}


def _row(petition: UUID, account: Account) -> dict[str, Any]:
    answer = account.answer
    return {
        "petition_id": petition,
        "answered_unit": None if answer is None else answer.unit,
        "answered_on": None if answer is None else answer.on,
        "days_taken": account.days_taken,
        "account": account,
    }


async def _add(connection: Connection, changes: Iterable[Change]) -> None:
    moved: Counter[tuple[UnitId, date, Figure]] = Counter()
    for unit, on, figure, by in changes:
        moved[unit, on, figure] += by
    totals: dict[tuple[Grain, date, UnitId], Counter[Figure]] = defaultdict(Counter)
    for (unit, on, figure), by in moved.items():
        if by:  # most of what a spell takes back the next one says again
            for grain in Grain:
                totals[grain, grain.start(on), unit][figure] += by
    rows = [
        {"grain": grain, "starts_on": starts_on, "unit": unit, **_NOTHING, **figures}
        for (grain, starts_on, unit), figures in totals.items()
        if any(figures.values())
    ]
    if rows:
        await connection.execute(_ADD, [json.encode(rows).decode()])


async def _add_durations(connection: Connection, changed: Iterable[tuple[Account | None, Account]]) -> None:
    """Each petition's latest answer counts, in the place of the one before."""
    moved: dict[str, Counter[int]] = defaultdict(Counter)
    latest: dict[str, date] = {}
    for before, now in changed:
        if before is not None and before.answer is not None and before.days_taken is not None:
            moved[before.answer.unit][before.days_taken] -= 1
        if now.answer is not None and now.days_taken is not None:
            moved[now.answer.unit][now.days_taken] += 1
            latest[now.answer.unit] = max(latest.get(now.answer.unit, date.min), now.answer.on)
    moved = {unit: counts for unit, counts in moved.items() if any(counts.values())}
    if not moved:
        return
    cursor = await connection.execute(
        "SELECT unit, last_answer_on, durations FROM unit_workload_durations WHERE unit = ANY(%s)", [list(moved)]
    )
    kept = {unit: (last_answer_on, durations) async for unit, last_answer_on, durations in cursor}
    for unit, counts in moved.items():
        last_answer_on, durations = kept.get(unit, (date.min, {}))
        total = Counter({int(days): answers for days, answers in durations.items()})
        total.update(counts)
        present = {days: answers for days, answers in total.items() if answers}
        await connection.execute(
            "INSERT INTO unit_workload_durations (unit, last_answer_on, durations, median_days) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (unit) DO UPDATE SET last_answer_on = excluded.last_answer_on,"
            " durations = excluded.durations, median_days = excluded.median_days",
            [
                unit,
                max(last_answer_on, latest.get(unit, date.min)),
                Jsonb({str(days): answers for days, answers in present.items()}),
                _median(present) if present else None,
            ],
        )


# -- queries


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One line of the table. Flows (received, answered, escalated, reassigned) are of the time asked for; the open
    ones and their states are at the end of it. `unit` "" stands for petitions that no unit is named for.
    """

    unit: str
    letters: int
    received: int
    answered: int
    answered_at_meeting: int
    answered_in_writing: int
    answered_on_time: int
    answered_late: int
    settled_otherwise: int
    escalated: int
    escalated_late: int
    reassigned_in: int
    reassigned_out: int
    reopened: int
    open: int
    overdue: int
    due_today: int
    not_yet_due: int
    suspended: int
    no_limit_set: int
    coordinating: int
    median_days: float | None
    """From receipt to answer, calendar days; None without an answer."""
    on_time_rate: float | None
    """Answered in time, of all that were answered or are overdue; None when there are none."""


_STATES: frozenset[str] = frozenset({"open", "overdue", "due_today", "suspended", "no_limit_set", "coordinating"})
_PERIODS = """
    SELECT unit, {sums} FROM unit_workload
    WHERE (grain = 1 AND starts_on < %(year)s)
       OR (grain = 2 AND starts_on >= %(year)s AND starts_on < %(month)s)
       OR (grain = 3 AND starts_on >= %(month)s AND starts_on <= %(day)s)
    GROUP BY unit
"""
_UP_TO = _PERIODS.format(sums=", ".join(f"sum({figure})::int AS {figure}" for figure in FIGURES))


async def _up_to(connection: Connection, day: date) -> dict[str, dict[str, int]]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            _UP_TO, {"year": Grain.YEAR.start(day), "month": Grain.MONTH.start(day), "day": day}, binary=True
        )
        return {row.pop("unit"): row for row in await cursor.fetchall()}


async def units_on(connection: Connection, on: date) -> list[UnitFigures]:
    """From the beginning to the end of the day."""
    figures = await _up_to(connection, on)
    return _table(figures, await _medians(connection, None, on))


async def units_between(connection: Connection, first: date, last: date) -> list[UnitFigures]:
    """Flows from the first to the last day, both inclusive; states at the end of the last day."""
    if last < first:
        raise ValueError(f"the period ends on {last}, before it begins on {first}")
    now = await _up_to(connection, last)
    before = await _up_to(connection, date.fromordinal(first.toordinal() - 1))
    for unit, figures in now.items():
        for figure, value in before.get(unit, {}).items():
            if figure not in _STATES:
                figures[figure] -= value
    return _table(now, await _medians(connection, first, last))


def _table(figures: dict[str, dict[str, int]], medians: dict[str, float]) -> list[UnitFigures]:
    return [
        _line(unit, counted, medians.get(unit)) for unit, counted in sorted(figures.items()) if any(counted.values())
    ]


def _line(unit: str, counted: dict[str, int], median: float | None) -> UnitFigures:
    answered = counted["answered_at_meeting"] + counted["answered_in_writing"]
    on_time = answered - counted["answered_late"]
    judged = answered + counted["overdue"]
    derived: dict[str, Any] = {
        "unit": unit,
        "answered": answered,
        "answered_on_time": on_time,
        "not_yet_due": counted["open"]
        - counted["overdue"]
        - counted["due_today"]
        - counted["suspended"]
        - counted["no_limit_set"],
        "median_days": median,
        "on_time_rate": round(on_time / judged, 4) if judged else None,
    }
    every = {**counted, **derived}
    return UnitFigures(**{field.name: every[field.name] for field in fields(UnitFigures)})


async def _medians(connection: Connection, first: date | None, last: date) -> dict[str, float]:
    """Of all time from the kept durations, if no answer is later than `last`; else from the petitions themselves."""
    if first is None:
        cursor = await connection.execute("SELECT unit, last_answer_on, median_days FROM unit_workload_durations")
        kept = await cursor.fetchall()
        if all(last_answer_on <= last for _, last_answer_on, _ in kept):
            return {unit: float(median) for unit, _, median in kept if median is not None}
    cursor = await connection.execute(
        "SELECT answered_unit, percentile_cont(0.5) WITHIN GROUP (ORDER BY days_taken)"
        " FROM unit_workload_petitions WHERE answered_on BETWEEN %s AND %s GROUP BY answered_unit",
        [first or date.min, last],
    )
    return {unit: float(median) for unit, median in await cursor.fetchall()}


def _median(counts: dict[int, int]) -> float:
    """Of values with their counts; the mean of the two in the middle where there are two."""
    total = sum(counts.values())
    low, high = (total - 1) // 2, total // 2
    seen, found = 0, []
    for value, count in sorted(counts.items()):
        for place in (low, high):
            if seen <= place < seen + count:
                found.append(value)
        seen += count
    return sum(found) / 2
