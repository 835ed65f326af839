"""Finds petitions by the same person with the blind index beside the data keys; no name is needed or shown."""

from collections.abc import Collection, Sequence
from uuid import UUID

from projections.projection import Connection

# Two index look-ups for each petitioner. Where both numbers are known, the number decides: people share names.
_OF_SAME_SENDER = """
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
      AND own.petitioner_ref <> ALL(%(left_out)s) AND i.petitioner_ref <> ALL(%(left_out)s)
"""
_LATEST_OF_SAME_SENDER = f"{_OF_SAME_SENDER} ORDER BY i.petition_id DESC LIMIT %(most)s"
_AMONG_THESE = f"{_OF_SAME_SENDER} AND i.petition_id = ANY(%(among)s)"


async def latest_petitions_of_same_sender(
    connection: Connection, petition: UUID, *, most: int, left_out: Collection[UUID] = ()
) -> list[UUID]:
    """Return the latest other petitions by any sender of this one, newest first: the ids are in order of time.

    `left_out` are identities that do not count, as they were corrected. Those of other petitions are not known yet.
    """
    asked = {"petition": petition, "most": most, "left_out": list(left_out)}
    cursor = await connection.execute(_LATEST_OF_SAME_SENDER, asked, binary=True)
    return [petition_id for (petition_id,) in await cursor.fetchall()]


async def filter_petitions_of_same_sender(
    connection: Connection, petition: UUID, among: Sequence[UUID], *, left_out: Collection[UUID] = ()
) -> set[UUID]:
    """Return those petitions of `among` that a sender of this one sent too.

    `left_out` are the identities of all of them that do not count, as they were corrected.
    """
    asked = {"petition": petition, "among": list(among), "left_out": list(left_out)}
    cursor = await connection.execute(_AMONG_THESE, asked, binary=True)
    return {petition_id for (petition_id,) in await cursor.fetchall()}


async def has_blind_index(connection: Connection, petition: UUID) -> bool:
    """Return True if the petition has a petitioner with a blind index.

    It has none if it is anonymous or imported, if the petitioner was erased, or if it is older than migration 0006.
    """
    cursor = await connection.execute(
        "SELECT FROM kiennghi_vault.identities JOIN kiennghi_vault.identity_keys USING (petitioner_ref)"
        " WHERE petition_id = %s AND name_mark IS NOT NULL LIMIT 1",
        [petition],
    )
    return cursor.rowcount > 0
