"""Which petitions are of the same person, by the marks beside the keys of the identities. Nobody is named by it."""

from collections.abc import Sequence
from uuid import UUID

from projections.projection import Connection

# Two index look-ups for each petitioner. The number decides where both are known: people share names.
_OF_THE_SAME = """
    SELECT DISTINCT i.petition_id
    FROM kiennghi_vault.identities AS own
    JOIN kiennghi_vault.identity_keys AS mark USING (petitioner_ref)
    CROSS JOIN LATERAL (
        SELECT k.petitioner_ref FROM kiennghi_vault.identity_keys AS k
        WHERE k.identity_no_mark = mark.identity_no_mark
        UNION ALL
        SELECT k.petitioner_ref FROM kiennghi_vault.identity_keys AS k
        WHERE k.name_mark = mark.name_mark AND (k.identity_no_mark IS NULL OR mark.identity_no_mark IS NULL)
    ) AS same
    JOIN kiennghi_vault.identities AS i ON i.petitioner_ref = same.petitioner_ref
    WHERE own.petition_id = %(petition)s AND i.petition_id <> %(petition)s
"""
_LATEST = f"{_OF_THE_SAME} ORDER BY i.petition_id DESC LIMIT %(most)s"
_AMONG = f"{_OF_THE_SAME} AND i.petition_id = ANY(%(among)s)"


async def latest_of_same_sender(connection: Connection, petition: UUID, *, most: int) -> list[UUID]:
    """The latest petitions of one of those who sent this one; ids are in the order of time."""
    cursor = await connection.execute(_LATEST, {"petition": petition, "most": most}, binary=True)
    return [of for (of,) in await cursor.fetchall()]


async def of_same_sender(connection: Connection, petition: UUID, among: Sequence[UUID]) -> set[UUID]:
    """Those of the petitions that one of the senders of this one sent too."""
    cursor = await connection.execute(_AMONG, {"petition": petition, "among": list(among)}, binary=True)
    return {of for (of,) in await cursor.fetchall()}


async def has_marks(connection: Connection, petition: UUID) -> bool:
    """False for an anonymous or imported petition, an erased petitioner, and all from before migration 0006."""
    cursor = await connection.execute(
        "SELECT FROM kiennghi_vault.identities JOIN kiennghi_vault.identity_keys USING (petitioner_ref)"
        " WHERE petition_id = %s AND name_mark IS NOT NULL LIMIT 1",
        [petition],
    )
    return cursor.rowcount > 0
