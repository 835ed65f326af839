"""Changes what proves a log: the tree, what was signed of it, and the vault; as whoever has all but the key may do."""

import random
from datetime import UTC, datetime
from typing import cast

from service.transparency.heads import HeadsList, root_of_ends
from service.transparency.log_leaves import SELECT_LEAF_ROWS, LeafRow, LogWords, leaf_of_row
from service.transparency.merkle_tree import GrowingTree
from service.transparency.offline_verifier import NO_EVENT_BEFORE, leaf_hash
from service.transparency.signing import SigningKey, sign_checkpoint, text_of_note
from service.transparency.tree_store import LeafNumbering, read_leaves, read_tree
from tests.tampering.log_changes import (
    Expected,
    another_number,
    bytes_of,
    deletion_closed_up,
    flipped,
    insertion,
    swap,
    time,
)
from tests.tampering.sealed_log import KEY, SealedLog


async def rebuilt_tree(log: SealedLog, chance: random.Random) -> Expected:
    """Change an event and build the tree anew, as whoever has everything but the key may do."""
    kinds = [bytes_of("state"), time, another_number("officer", "officers"), swap, deletion_closed_up, insertion]
    expected = await chance.choice(kinds)(log, chance)
    await _rebuild(log)
    return Expected(expected.first, is_range=True)


async def rebuilt_and_signed_by_another(log: SealedLog, chance: random.Random) -> Expected:
    """As before, and sign with a key of one's own of the same name; the old checkpoints are removed."""
    expected = await rebuilt_tree(log, chance)
    size = await log.value("SELECT size FROM kiennghi_proof.tree_head")
    root = (await read_tree(log.connection, size)).root()
    forger = SigningKey.make(KEY.name)
    log_id = await log.value("SELECT log_id::text FROM kiennghi.log_head")
    note = sign_checkpoint(forger, size, root, log.events, log_id, datetime.now(UTC))
    await log.connection.execute("DELETE FROM kiennghi_proof.checkpoints")
    await log.connection.execute("INSERT INTO kiennghi_proof.checkpoints (size, note) VALUES (%s, %s)", [size, note])
    return expected


async def _rebuild(log: SealedLog) -> None:
    """Write the tree that the log would have if it had always been as it is now."""
    cursor = await log.connection.execute(f"{SELECT_LEAF_ROWS} ORDER BY l.position", binary=True)
    words, last, tree = await LogWords.read(log.connection), dict[bytes, bytes](), GrowingTree()
    rows = cast("list[LeafRow]", await cursor.fetchall())
    cursor = await log.connection.execute(
        "SELECT after_position, data FROM kiennghi_proof.other_leaves ORDER BY leaf", binary=True
    )
    others, leaves = await cursor.fetchall(), list[bytes]()
    for row in rows:
        while others and others[0][0] < row[0]:
            leaves.append(leaf_hash(others.pop(0)[1]))
        last[row[2]] = leaf_of_row(row, words, last.get(row[2], NO_EVENT_BEFORE))
        leaves.append(last[row[2]])
    leaves += [leaf_hash(data) for _, data in others]
    await log.connection.execute("DELETE FROM kiennghi_proof.tiles")
    for one in tree.append(leaves):
        await log.connection.execute("INSERT INTO kiennghi_proof.tiles VALUES (%s, %s, %s)", one)
    await log.connection.execute(
        "UPDATE kiennghi_proof.tree_head SET size = %s, position = %s", [len(leaves), rows[-1][0]]
    )


async def tile(log: SealedLog, chance: random.Random) -> Expected:
    level, number, hashes = (
        await (
            await log.connection.execute(
                "SELECT level, number, hashes FROM kiennghi_proof.tiles ORDER BY random() LIMIT 1"
            )
        ).fetchall()
    )[0]
    place = chance.randrange(len(hashes))
    changed = hashes[:place] + bytes([hashes[place] ^ 1 << chance.randrange(8)]) + hashes[place + 1 :]
    await log.connection.execute(
        "UPDATE kiennghi_proof.tiles SET hashes = %s WHERE level = %s AND number = %s", [changed, level, number]
    )
    return Expected(None)


async def other_leaf(log: SealedLog, chance: random.Random) -> Expected:
    leaf, data = (
        await (
            await log.connection.execute("SELECT leaf, data FROM kiennghi_proof.other_leaves ORDER BY random() LIMIT 1")
        ).fetchall()
    )[0]
    await log.connection.execute(
        "UPDATE kiennghi_proof.other_leaves SET data = %s WHERE leaf = %s", [flipped(data, chance), leaf]
    )
    return Expected(None)


async def heads_without_a_last_event(log: SealedLog, chance: random.Random) -> Expected:
    """Add a leaf to the tree that lists one stream with the last event but one, so that the last can be left out."""
    cursor = await log.connection.execute(
        "SELECT uuid_send(stream), max(version), max(position) FROM kiennghi.log GROUP BY stream", binary=True
    )
    numbering = await LeafNumbering.read(log.connection)
    ends = {
        stream: (version, (await read_leaves(log.connection, [leaf := numbering.leaf_of(position)]))[leaf])
        for stream, version, position in await cursor.fetchall()
    }
    cut, (version, last) = chance.choice([one for one in ends.items() if one[1][0] > 1])
    ends[cut] = (version - 1, last)
    size = await log.value("SELECT size FROM kiennghi_proof.tree_head")
    data = HeadsList("2026-01-03", log.events, len(ends), root_of_ends(ends)).data
    for one in (await read_tree(log.connection, size)).append([leaf_hash(data)]):
        await log.connection.execute(
            "INSERT INTO kiennghi_proof.tiles VALUES (%s, %s, %s)"
            " ON CONFLICT ON CONSTRAINT tiles_once DO UPDATE SET hashes = excluded.hashes",
            one,
        )
    await log.connection.execute(
        "INSERT INTO kiennghi_proof.other_leaves VALUES (%s, %s, 'heads', %s)", [size, log.events, data]
    )
    await log.connection.execute("UPDATE kiennghi_proof.tree_head SET size = size + 1")
    return Expected(log.events)


async def note_of_a_checkpoint(log: SealedLog, chance: random.Random) -> Expected:
    size, note = (
        await (
            await log.connection.execute("SELECT size, note FROM kiennghi_proof.checkpoints ORDER BY random() LIMIT 1")
        ).fetchall()
    )[0]
    place = chance.randrange(len(text_of_note(note)))
    other = note[:place] + chr(ord(note[place]) ^ 1) + note[place + 1 :]
    await log.connection.execute("UPDATE kiennghi_proof.checkpoints SET note = %s WHERE size = %s", [other, size])
    return Expected(None)


async def identity(log: SealedLog, chance: random.Random) -> Expected:
    kind = chance.choice(["changed", "moved", "deleted", "inserted"])
    one = "(SELECT petitioner_ref FROM kiennghi_vault.identities ORDER BY random() LIMIT 1)"
    await log.connection.execute(
        {
            "changed": "UPDATE kiennghi_vault.identities SET sealed = sealed || 'x'::bytea"
            f" WHERE petitioner_ref = {one}",
            "moved": "UPDATE kiennghi_vault.identities SET petition_id = gen_random_uuid()"
            f" WHERE petitioner_ref = {one}",
            "deleted": f"DELETE FROM kiennghi_vault.identities WHERE petitioner_ref = {one}",
            "inserted": "INSERT INTO kiennghi_vault.identities VALUES (gen_random_uuid(), gen_random_uuid(), 'x')",
        }[kind].encode()
    )
    return Expected(None)


async def access(log: SealedLog, chance: random.Random) -> Expected:
    kind = chance.choice(["reader", "purpose", "time", "deleted"])
    one = "access_number = (SELECT access_number FROM kiennghi_vault.identity_accesses ORDER BY random() LIMIT 1)"
    await log.connection.execute(
        {
            "reader": f"UPDATE kiennghi_vault.identity_accesses SET read_by = 'another' WHERE {one}",
            "purpose": f"UPDATE kiennghi_vault.identity_accesses SET purpose = 'x' || purpose WHERE {one}",
            "time": f"UPDATE kiennghi_vault.identity_accesses SET read_at = read_at - interval '1 day' WHERE {one}",
            "deleted": f"DELETE FROM kiennghi_vault.identity_accesses WHERE {one}",
        }[kind].encode()
    )
    return Expected(None)
