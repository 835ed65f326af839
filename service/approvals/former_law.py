"""Counts open clocks that an applied change of law left as the law before it counts them."""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from domain.deadlines.clock import ClockKey
from domain.envelope import EventEnvelope
from domain.evolve import fold
from domain.sealed_text import replace_texts
from projections.projection import Connection
from service.approvals.law_changes import LAW_CHANGES, refresh_law_changes
from service.commands.office import ApplicationService
from service.event_store.damage import decode_whole_rows
from service.event_store.log_rows import SELECT_LOG_ROWS

_HISTORIES_A_READ = 500
_HISTORIES = f"{SELECT_LOG_ROWS} WHERE log.stream = ANY(%s) ORDER BY log.stream, log.version"


async def count_clocks_by_former_law(office: ApplicationService, connection: Connection) -> dict[UUID, int]:
    """Return how many open clocks the law in force counts otherwise, by the applied change that would move them.

    Changes without such clocks are left out. A clock counts for the latest change that moves it. `connection` sees the
    log and, in its search path or schema, the views. No date follows from a text, so no key is needed.
    """
    changes = await refresh_law_changes(office)
    counted: dict[UUID, int] = {}
    seen: set[tuple[UUID, ClockKey]] = set()
    for change_id in reversed(changes.approved):
        if changes.require(change_id).petitions is None:
            continue  # it is being applied
        plan = await LAW_CHANGES.plan(office, changes, change_id)
        candidates = await LAW_CHANGES.candidates(connection, plan)
        for first in range(0, len(candidates), _HISTORIES_A_READ):
            block = list(candidates[first : first + _HISTORIES_A_READ])
            cursor: Any = await connection.execute(_HISTORIES, [block], binary=True)
            for petition_id, rows in groupby(await cursor.fetchall(), key=itemgetter(0)):
                petition = fold(_without_texts(decode_whole_rows(list(rows))))
                moved = () if petition is None else plan.comparison.moved_clocks(petition)
                new = {(petition_id, one.after.key) for one in moved} - seen
                seen |= new
                if new:
                    counted[change_id] = counted.get(change_id, 0) + len(new)
            await asyncio.sleep(0)
    return counted


def _without_texts(events: Iterable[EventEnvelope[Any]]) -> Iterator[EventEnvelope[Any]]:
    return (event._replace(fact=replace_texts(event.fact, lambda _text, _name: "")) for event in events)
