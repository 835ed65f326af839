"""Destroys the keys of a petition: who its petitioners are, and what was typed about it, is opened by nobody any more.

Ciphertexts, events and their leaves in the tree stay as they are, so every proof stays valid. Backups that were taken
before still hold the keys.
"""

from typing import Any, NamedTuple
from uuid import UUID

from psycopg import AsyncConnection


class DestroyedKeys(NamedTuple):
    """Counts what is left without a key: persons in the vault, and keys of texts."""

    persons: int
    text_keys: int


async def destroy_keys(connection: AsyncConnection[Any], petition_id: UUID, by: str, decision_no: str) -> None:
    """Destroy every key of a petition in one transaction, and record it where readings are recorded.

    Nothing happens a second time. `by` is the code of the officer.
    """
    async with connection.transaction():
        cursor = await connection.execute(
            "DELETE FROM kiennghi_vault.identity_keys AS k USING kiennghi_vault.identities AS i"
            " WHERE i.petition_id = %s AND k.petitioner_ref = i.petitioner_ref RETURNING k.petitioner_ref",
            [petition_id],
        )
        for (petitioner_ref,) in await cursor.fetchall():
            await connection.execute(
                "INSERT INTO kiennghi_vault.identity_accesses (petitioner_ref, read_by, purpose) VALUES (%s, %s, %s)",
                [petitioner_ref, by, f"erased under decision {decision_no}"],
            )
        await connection.execute(
            "UPDATE kiennghi_vault.text_keys SET wrapped_key = NULL WHERE stream = %s AND wrapped_key IS NOT NULL",
            [petition_id],
        )


async def count_destroyed_keys(connection: AsyncConnection[Any], petition_id: UUID) -> DestroyedKeys:
    """Return how many persons and texts of a petition have no key any more."""
    cursor = await connection.execute(
        "SELECT (SELECT count(*) FROM kiennghi_vault.identities AS i WHERE i.petition_id = %(id)s AND NOT EXISTS ("
        "  SELECT FROM kiennghi_vault.identity_keys AS k WHERE k.petitioner_ref = i.petitioner_ref)),"
        " (SELECT count(*) FROM kiennghi_vault.text_keys AS t WHERE t.stream = %(id)s AND t.wrapped_key IS NULL)",
        {"id": petition_id},
    )
    return DestroyedKeys(*(await cursor.fetchall())[0])


async def count_persons_with_keys(connection: AsyncConnection[Any], petition_id: UUID) -> int:
    """Return the number of persons of a petition whose keys are still there."""
    cursor = await connection.execute(
        "SELECT count(*) FROM kiennghi_vault.identities AS i JOIN kiennghi_vault.identity_keys USING (petitioner_ref)"
        " WHERE i.petition_id = %s",
        [petition_id],
    )
    return int((await cursor.fetchall())[0][0])
