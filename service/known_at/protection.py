"""Tells whose petitioners are protected now: a list as it was known protects as the list of now does."""

from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

from projections.projection import Connection

_SELECT_PROTECTED = "SELECT petition_id, identity_protected, unit FROM overdue WHERE petition_id = ANY(%s)"


class Protection(NamedTuple):
    """Says whether the petitioner is protected now, and which unit has the petition now."""

    is_protected: bool
    unit: str


ProtectedNow = Mapping[UUID, Protection]


async def protected_now(connection: Connection, petition_ids: Collection[UUID]) -> ProtectedNow:
    """Return the protection of each of the petitions."""
    cursor = await connection.execute(_SELECT_PROTECTED, [list(petition_ids)])
    return {petition_id: Protection(*rest) for petition_id, *rest in await cursor.fetchall()}
