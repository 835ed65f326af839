"""Reads all petitions up to a position of the log, some hundred at a time: memory does not grow with the log."""

from collections.abc import AsyncIterator
from typing import LiteralString, NamedTuple
from uuid import UUID

from domain.envelope import EventEnvelope
from domain.events import PetitionEvent
from domain.evolve import fold
from projections.event_log import LoggedCase, logged_case
from service.commands.chunked_read import decode_histories, read_histories_in_chunks
from service.commands.office import ApplicationService
from service.security.visibility import is_protected

EXPORTED_PETITIONS_A_PAGE = 200
"""Petitions whose histories are in memory at a time."""

_PETITION_CATEGORY = 1
"""The number of the category `petition` in every database: the migration gives it."""

# The openings of petitions in the order of the log, some at a time.
_SELECT_OPENINGS: LiteralString = f"""
    SELECT stream, position FROM kiennghi.log
    WHERE category = {_PETITION_CATEGORY} AND version = 1 AND position > %s AND position <= %s
    ORDER BY position LIMIT %s
"""  # noqa: S608 - constants of this module


class ExportScope(NamedTuple):
    """Says what is exported: the log up to the position `known` (inclusive), with or without what people typed.

    `page` is the number of petitions that are read at a time.
    """

    known: int
    with_texts: bool = False
    page: int = EXPORTED_PETITIONS_A_PAGE


async def read_logged_cases(office: ApplicationService, scope: ExportScope) -> AsyncIterator[tuple[LoggedCase, int]]:
    """Yield each petition that was on record with its events up to then, and the position of its first event.

    The log is never changed, so no snapshot is held. Who is protected is decided by what is known now. Raise
    UnopenableText for a petition whose key is lost.
    """
    vault = office.vault.uncached()
    after = 0
    while True:
        async with office.pool.connection() as connection:
            cursor = await connection.execute(_SELECT_OPENINGS, [after, scope.known, scope.page])
            page: dict[UUID, int] = dict(await cursor.fetchall())
            if not page:
                return
            found: dict[UUID, LoggedCase] = {}
            async for chunk in read_histories_in_chunks(connection, vault, list(page), scope.page):
                for history in decode_histories(chunk):
                    found[history[0].originator_id] = _case(history, scope, office)
        for petition_id, position in page.items():
            yield found[petition_id], position
        after = max(page.values())


def _case(history: list[EventEnvelope[PetitionEvent]], scope: ExportScope, office: ApplicationService) -> LoggedCase:
    now = fold(history)
    assert now is not None, "an opening was found"
    known = [event for event in history if event.position is not None and event.position <= scope.known]
    then = now if len(known) == len(history) else fold(known)
    assert then is not None, "its opening was on record"
    return logged_case(
        known,
        then,
        office.settings.zone,
        with_texts=scope.with_texts,
        is_protected=is_protected(history, now),
    )
