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
from typing import Any, ClassVar, get_args
from uuid import UUID

from msgspec import json
from psycopg.rows import dict_row

from domain.events import PetitionReceived
from domain.vocabulary import UnitId
from projections import workload_durations
from projections.parts import Grain
from projections.projection import Connection, Page
from projections.workload_account import Account, Change, Figure, followed, opened

FIGURES: tuple[Figure, ...] = get_args(Figure)
_NOTHING: dict[str, int] = dict.fromkeys(FIGURES, 0)


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
        "unit_workload_medians",
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
        await workload_durations.add(
            connection, [(known.get(petition), account) for petition, account in changed.items()]
        )


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
    return _table(figures, await workload_durations.medians(connection, None, on))


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
    return _table(now, await workload_durations.medians(connection, first, last))


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
