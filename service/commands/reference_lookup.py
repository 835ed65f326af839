"""Finds the petition that a reference names."""

from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from domain.vocabulary import PetitionId
from service.event_store.ids import import_command_id

REFERENCES_IN_MEMORY = 10_000
"""Number of cached references; when it is reached, the cache is emptied."""

_BY_REFERENCE = "SELECT stream FROM kiennghi.log WHERE reference = %s"
_BY_REFERENCE_OR_IMPORT = """
    SELECT stream FROM (
        SELECT 1 AS place, stream FROM kiennghi.log WHERE reference = %s
        UNION ALL SELECT 2, stream FROM kiennghi.log WHERE command_id = %s AND request_digest IS NOT NULL
    ) AS found ORDER BY place LIMIT 1
"""


class ReferenceLookup:
    """Looks up references and caches the ids that were found: a reference never names another petition later.

    Numbers that this process has just given are known too, so the first change of a petition asks nobody.
    """

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._petition_ids: dict[str, PetitionId] = {}

    async def find_petition_id(self, reference: str) -> PetitionId | None:
        """Return the id of the petition with this register number ("TD-2026-000123"), id or import "source:key".

        Return None when no petition has such a number or import key. An id is returned unchecked.
        """
        if (cached := self._petition_ids.get(reference)) is not None:
            return cached
        try:
            return PetitionId(UUID(reference))
        except ValueError:
            pass
        source, colon, key = reference.partition(":")
        async with self._pool.connection() as connection:
            if colon:
                cursor = await connection.execute(_BY_REFERENCE_OR_IMPORT, [reference, import_command_id(source, key)])
            else:
                cursor = await connection.execute(_BY_REFERENCE, [reference])
            row = await cursor.fetchone()
        if row is None:
            return None
        petition_id = PetitionId(row[0])
        self.remember(reference, petition_id)
        return petition_id

    def remember(self, reference: str, petition_id: PetitionId) -> None:
        """Remember the petition that a reference of the log names."""
        if len(self._petition_ids) >= REFERENCES_IN_MEMORY:
            self._petition_ids.clear()
        self._petition_ids[reference] = petition_id
