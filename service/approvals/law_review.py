"""Makes the dry run of a change of law: which due dates of open petitions it would move, and which would be overdue.

There are many petitions, and a change moves few. So the stored deadlines are checked first, and only petitions with a
deadline that the change may move are folded from their whole history, as they will be when the change is applied.
"""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domain.deadlines.limit import DayKind
from domain.deadlines.policy import Law
from domain.law_changes.differences import changed_days, changed_rules
from domain.law_changes.events import Subject
from domain.law_changes.new_law import digest_of_law, law_with_change
from domain.law_changes.review import LawChangeReview, LawComparison, MovedPetition
from projections.projection import Connection
from service.commands.chunked_read import Chunk, fold_petitions, read_histories_in_chunks
from service.security.text_vault import TextVault

REVIEWED_AT_ONCE = 2_000
"""Number of histories that are read and folded together."""

_STATES_A_PAGE = 20_000
"""Number of stored events that are fetched and decoded together."""

_COUNT_OPEN_PETITIONS = "SELECT count(*) FROM overdue WHERE stage IS NOT NULL"
_WITH_DEADLINES = """
    SELECT l.stream, l.state FROM (
        SELECT petition_id FROM overdue WHERE stage IS NOT NULL
        UNION SELECT petition_id FROM alerts_watched  -- petitions that are over may still owe duties
    ) AS o JOIN kiennghi.log AS l ON l.stream = o.petition_id
    WHERE position('"deadlines":'::bytea IN l.state) > 0
"""
_ASSIGNED_OF_KIND = """
    SELECT petition_id FROM overdue WHERE kind = %s AND stage IN ('assigned', 'in_progress', 'suspended')
"""


class _StoredLimit(msgspec.Struct):
    amount: int
    unit: DayKind


class _StoredDeadline(msgspec.Struct):
    """Holds the fields of a stored deadline that decide whether a change of law may move it."""

    clock: str
    started_on: date
    due_on: date
    limit: _StoredLimit | None = None
    decided_due_on: str | None = None
    suspensions: tuple[msgspec.Raw, ...] = ()

    def may_be_moved_by(self, change: LawComparison) -> bool:
        """Return False only if the change certainly does not move this deadline."""
        if self.limit is None or self.decided_due_on is not None:
            return False  # an officer set the date, no rule did
        ends_only = self.limit.unit is DayKind.CALENDAR and not self.suspensions
        return change.may_move(self.clock, self.started_on, self.due_on, self.limit.amount if ends_only else 0)


class _FactWithDeadlines(msgspec.Struct):
    deadlines: tuple[_StoredDeadline, ...] = ()


_deadlines_decoder = msgspec.json.Decoder(_FactWithDeadlines)


async def dry_run_law_change(
    connection: Connection,
    vault: TextVault,
    law: Law,
    subject: Subject,
    text: str,
    day: date,
    *,
    binds_running: bool = False,
) -> LawChangeReview:
    """Return which open petitions the law file `text` would move, and what is overdue on `day` with it and without it.

    `connection` must see the views and the log in one snapshot. With `binds_running`, the change also applies to clocks
    that run already. Raise Refused if the file cannot be read or does not change the law. The computation runs in a
    thread, so that the service can answer other requests.
    """
    comparison = await asyncio.to_thread(
        lambda: LawComparison(law, law_with_change(law, subject, text), day, binds_running)
    )
    ids, petitions = await law_change_candidates(connection, comparison), list[MovedPetition]()
    async for chunk in read_histories_in_chunks(connection, vault.uncached(), ids, REVIEWED_AT_ONCE):
        petitions += await asyncio.to_thread(_find_moved_petitions, chunk, comparison)
    cursor = await connection.execute(_COUNT_OPEN_PETITIONS)
    row = await cursor.fetchone()
    return LawChangeReview(
        on=day,
        base=digest_of_law(law),
        open_petitions=0 if row is None else int(row[0]),
        petitions=tuple(sorted(petitions, key=lambda one: (one.reference or "", one.petition_id))),
        days=changed_days(law.calendar, comparison.after.calendar),
        rules=changed_rules(law.policies, comparison.after.policies),
    )


async def law_change_candidates(connection: Connection, comparison: LawComparison) -> list[UUID]:
    """Return the petitions whose due dates the change may move: open ones, and others that still owe duties.

    The result has every petition that it moves, and perhaps some that it does not move.
    """
    petition_ids: dict[UUID, None] = {}
    async with connection.cursor(name="law_review", scrollable=False) as cursor:
        await cursor.execute(_WITH_DEADLINES, binary=True)
        while rows := await cursor.fetchmany(_STATES_A_PAGE):
            petition_ids |= dict.fromkeys(await asyncio.to_thread(_filter_states, rows, comparison))
    if (kind := comparison.may_start_clocks_of) is not None:
        assigned = await connection.execute(_ASSIGNED_OF_KIND, [kind], binary=True)
        petition_ids |= {petition_id: None for (petition_id,) in await assigned.fetchall()}
    return list(petition_ids)


def _filter_states(rows: Sequence[tuple[Any, ...]], comparison: LawComparison) -> list[UUID]:
    """Return the petitions with a deadline that the change may move. Rows are (petition_id, stored event)."""
    return [
        petition_id
        for petition_id, state in rows
        if any(deadline.may_be_moved_by(comparison) for deadline in _deadlines_decoder.decode(state).deadlines)
    ]


def _find_moved_petitions(chunk: Chunk, comparison: LawComparison) -> list[MovedPetition]:
    """Fold the petitions of a chunk of the log and return those that the change moves."""
    return [
        MovedPetition.of(petition, moved, comparison.on)
        for petition in fold_petitions(chunk)
        if (moved := comparison.moved_clocks(petition))
    ]
