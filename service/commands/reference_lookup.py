"""Finds the petition that a reference names."""

import re
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from domain.vocabulary import PetitionId
from projections.projection import Connection
from service.commands.imported_cases import find_case_slots

REFERENCES_IN_MEMORY = 10_000
"""Number of cached references; when it is reached, the cache is emptied."""

_REGISTER_NUMBER = re.compile(r"([A-Za-z]{1,8})-([0-9]{4})-([0-9]{1,6})((?:\.[0-9]+)*)", re.ASCII)
_DIGITS = 6

_BY_REFERENCE = "SELECT stream FROM kiennghi.log WHERE reference = %s"


def written_reference(typed: str) -> str:
    """Return a register number as the register writes it, where "td-2026-576" was typed; anything else as it is."""
    if (parts := _REGISTER_NUMBER.fullmatch(typed.strip())) is None:
        return typed
    book, year, number, suffix = parts.groups()
    return f"{book.upper()}-{year}-{number.zfill(_DIGITS)}{suffix}"


class ReferenceLookup:
    """Looks up references and caches the ids that were found: a register number never names another petition later.

    An import key may: its case can be imported again after a withdrawal. So its id is not cached. Numbers that this
    process has just given are known too, so the first change of a petition asks nobody.
    """

    def __init__(self, pool: AsyncConnectionPool) -> None:
        self._pool = pool
        self._petition_ids: dict[str, PetitionId] = {}

    def clear(self) -> None:
        """Forget all cached references, and those too that are being looked up."""
        self._petition_ids = {}

    async def find_petition_id(self, reference: str) -> PetitionId | None:
        """Return the id of the petition with this register number ("TD-2026-000123"), id or import "source:key".

        A number may be typed with small letters, without its leading zeros and between blanks.

        Return None when no petition has such a number or import key. An id is returned unchecked. A key whose case was
        withdrawn and not imported again names the petition that was withdrawn.
        """
        known = self._petition_ids
        if (cached := known.get(reference)) is not None:
            return cached
        reference = written_reference(reference)
        try:
            return PetitionId(UUID(reference))
        except ValueError:
            pass
        source, colon, key = reference.partition(":")
        async with self._pool.connection() as connection:
            row = await (await connection.execute(_BY_REFERENCE, [reference])).fetchone()
            if row is None:
                return await _petition_of_key(connection, source, key) if colon else None
        petition_id = PetitionId(row[0])
        if known is self._petition_ids:
            self.remember(reference, petition_id)
        return petition_id

    def remember(self, reference: str, petition_id: PetitionId) -> None:
        """Remember the petition that a register number of the log names."""
        if len(self._petition_ids) >= REFERENCES_IN_MEMORY:
            self._petition_ids.clear()
        self._petition_ids[reference] = petition_id


async def _petition_of_key(connection: Connection, source: str, key: str) -> PetitionId | None:
    slot = (await find_case_slots(connection, source, [key]))[key]
    return slot.withdrawn if slot.known is None else slot.known.petition_id
