"""Which petition a reference names."""

from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from domain.vocabulary import PetitionId
from service.event_store.ids import import_command_id

IN_MEMORY = 10_000

_NAMED = "SELECT originator_id FROM kiennghi.log WHERE reference = %s"
_OF_A_SOURCE = """
    SELECT originator_id FROM (
        SELECT 1 AS place, originator_id FROM kiennghi.log WHERE reference = %s
        UNION ALL SELECT 2, originator_id FROM kiennghi.commands WHERE command_id = %s
    ) AS found ORDER BY place LIMIT 1
"""


class References:
    """Those looked up are remembered: a reference never names another petition."""

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._known: dict[str, PetitionId] = {}

    async def petition_id(self, reference: str) -> PetitionId | None:
        """By register number ("TD-2026-000123"), by id, or by an import's "source:key"."""
        if (known := self._known.get(reference)) is not None:
            return known
        try:
            return PetitionId(UUID(reference))
        except ValueError:
            pass
        source, colon, key = reference.partition(":")
        async with self._pool.connection() as connection:
            if colon:
                cursor = await connection.execute(_OF_A_SOURCE, [reference, import_command_id(source, key)])
            else:
                cursor = await connection.execute(_NAMED, [reference])
            row = await cursor.fetchone()
        if row is None:
            return None
        if len(self._known) >= IN_MEMORY:
            self._known.clear()
        self._known[reference] = PetitionId(row[0])
        return self._known[reference]
