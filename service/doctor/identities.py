"""Examines if the vault key is the one that the identities were encrypted under; no identity is decrypted."""

from domain.events import PersonalDataErased
from projections.projection import Connection
from service.doctor.finding import Finding, Verdict
from service.security.identity_vault import can_unwrap_data_key

IDENTITIES_SAMPLED = 20
"""Number of identities that the quick form tries."""

IDENTITIES_A_PAGE = 5_000
"""Number of identities that the deep form reads at once."""


async def examine_identities(connection: Connection, vault_key: bytes | None, *, deep: bool) -> Finding:
    """Try `vault_key` on some of the wrapped data keys, or with `deep` on all. Erased petitioners have no data key."""
    tried = failed = 0
    after: object = "00000000-0000-0000-0000-000000000000"
    while True:
        cursor = await connection.execute(
            "SELECT i.petitioner_ref, i.petition_id, k.wrapped_key FROM kiennghi_vault.identities AS i"
            " JOIN kiennghi_vault.identity_keys AS k USING (petitioner_ref)"
            " WHERE petitioner_ref > %s ORDER BY petitioner_ref LIMIT %s",
            [after, IDENTITIES_A_PAGE if deep else IDENTITIES_SAMPLED],
        )
        rows = await cursor.fetchall()
        if rows and vault_key is None:
            return Finding("vault key", "there are identities, and no key is given here: not tried", Verdict.BEWARE)
        for ref, petition_id, wrapped_key in rows:
            tried += 1
            failed += not can_unwrap_data_key(vault_key or b"", wrapped_key, petition_id, ref)
        if not deep or not rows:
            break
        after = rows[-1][0]
    if unerased := await _count_keys_lost(connection):
        return Finding(
            "vault key", f"{unerased} identities have no key, and no erasure is on record for them", Verdict.WRONG
        )
    if failed:
        why = "another key is in force than they were sealed under" if failed == tried else "these were changed"
        return Finding("vault key", f"does not open {failed} of {tried} identities: {why}", Verdict.WRONG)
    return Finding("vault key", f"opens all {tried} that were tried" if tried else "there are no identities yet")


async def _count_keys_lost(connection: Connection) -> int:
    """Return the number of identities without a key whose petition has no `PersonalDataErased` on record."""
    cursor = await connection.execute(
        "SELECT count(*) FROM kiennghi_vault.identities AS i WHERE NOT EXISTS ("
        "  SELECT FROM kiennghi_vault.identity_keys AS k WHERE k.petitioner_ref = i.petitioner_ref)"
        " AND NOT EXISTS (SELECT FROM kiennghi.log AS l JOIN kiennghi.topics AS t ON t.number = l.topic"
        "  WHERE l.stream = i.petition_id AND t.topic = %s)",
        [PersonalDataErased.__name__],
    )
    row = await cursor.fetchone()
    return 0 if row is None else int(row[0])
