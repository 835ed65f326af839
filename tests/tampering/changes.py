"""Lists every kind of change to what is recorded, each at a place of chance, with what the verification must name."""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import NamedTuple, cast
from uuid import UUID

from service.transparency.heads import HeadsList, root_of_ends
from service.transparency.log_leaves import SELECT_LEAF_ROWS, LeafRow, LogWords, leaf_of_row
from service.transparency.merkle_tree import GrowingTree
from service.transparency.offline_verifier import NO_EVENT_BEFORE, leaf_hash
from service.transparency.signing import SigningKey, sign_checkpoint, text_of_note
from service.transparency.tree_store import LeafNumbering, read_leaves, read_tree
from tests.tampering.sealed_log import KEY, SealedLog


class Expected(NamedTuple):
    """Holds what must be named: a first position, a range that it lies in, or only that something is wrong."""

    first: int | None
    is_range: bool = False


Change = Callable[[SealedLog, random.Random], Awaitable[Expected]]


async def _row(log: SealedLog, chance: random.Random, column: str, *, but_null: bool = False) -> tuple[int, object]:
    """Return a position of chance and what a column says there."""
    while True:
        position = chance.randint(1, log.events)
        value = await log.value(f"SELECT {column} FROM kiennghi.log WHERE position = %s", position)
        if value is not None or not but_null:
            return position, value


def _flipped(value: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one bit changed, one byte more, or one less."""
    if not value:
        return b"x"
    kind, place = chance.choice(["bit", "more", "less"]), chance.randrange(len(value))
    if kind == "bit":
        return value[:place] + bytes([value[place] ^ 1 << chance.randrange(8)]) + value[place + 1 :]
    return value[:place] + (bytes([chance.randrange(256)]) + value[place:] if kind == "more" else value[place + 1 :])


async def _set(log: SealedLog, position: int, column: str, value: object) -> Expected:
    await log.connection.execute(
        f"UPDATE kiennghi.log SET {column} = %s WHERE position = %s".encode(), [value, position]
    )
    return Expected(position)


def _bytes_of(column: str) -> Change:
    async def change(log: SealedLog, chance: random.Random) -> Expected:
        position, value = await _row(log, chance, column, but_null=True)
        assert isinstance(value, bytes)
        return await _set(log, position, column, _flipped(value, chance))

    return change


async def time(log: SealedLog, chance: random.Random) -> Expected:
    position, _ = await _row(log, chance, "position")
    shift = chance.choice([-(10**12), -1, 1, 60_000_000, 10**15])
    await log.connection.execute(
        "UPDATE kiennghi.log SET recorded_at = recorded_at + make_interval(secs => %s / 1e6) WHERE position = %s",
        [shift, position],
    )
    return Expected(position)


async def time_without_end(log: SealedLog, chance: random.Random) -> Expected:
    position, _ = await _row(log, chance, "position")
    return await _set(log, position, "recorded_at", chance.choice(["infinity", "-infinity"]))


async def stream(log: SealedLog, chance: random.Random) -> Expected:
    position, _ = await _row(log, chance, "position")
    return await _set(log, position, "stream", UUID(int=chance.getrandbits(128)))


async def version(log: SealedLog, chance: random.Random) -> Expected:
    position, _ = await _row(log, chance, "position")
    return await _set(log, position, "version", chance.randint(1000, 2000))


def _another_number(column: str, table: str) -> Change:
    async def change(log: SealedLog, chance: random.Random) -> Expected:
        position, value = await _row(log, chance, column)
        numbers = await log.value(f"SELECT array_agg(number ORDER BY number) FROM kiennghi.{table}")
        numbers = [number for number in [*numbers, 999] if number != value]
        return await _set(log, position, column, chance.choice(numbers))

    return change


async def command(log: SealedLog, chance: random.Random) -> Expected:
    position, _ = await _row(log, chance, "position")
    return await _set(log, position, "command_id", UUID(int=chance.getrandbits(128)))


async def command_ending(log: SealedLog, chance: random.Random) -> Expected:
    position, _ = await _row(log, chance, "request_digest", but_null=True)
    await log.connection.execute(
        "UPDATE kiennghi.log SET request_digest = NULL, context = NULL WHERE position = %s", [position]
    )
    return Expected(position)


async def reference(log: SealedLog, chance: random.Random) -> Expected:
    position, value = await _row(log, chance, "reference")
    other = f"TD-2026-{chance.randint(500_000, 999_999)}"
    return await _set(log, position, "reference", chance.choice([other, None]) if value is not None else other)


async def position_itself(log: SealedLog, chance: random.Random) -> Expected:
    position, _ = await _row(log, chance, "position")
    other = chance.choice([0, -chance.randint(1, 10**9), log.events + chance.randint(1, 10**9)])
    await _set(log, position, "position", other)
    return Expected(1 if other < 1 else position)


async def deletion(log: SealedLog, chance: random.Random) -> Expected:
    first = chance.randint(1, log.events)
    await log.connection.execute(
        "DELETE FROM kiennghi.log WHERE position BETWEEN %s AND %s", [first, first + chance.choice([0, 0, 1, 7])]
    )
    return Expected(first)


async def deletion_closed_up(log: SealedLog, chance: random.Random) -> Expected:
    """Delete a row and move all later ones into its place."""
    first = chance.randint(1, log.events)
    await log.connection.execute("DELETE FROM kiennghi.log WHERE position = %s", [first])
    await _shift(log, first, -1)
    return Expected(first)


async def _shift(log: SealedLog, first: int, by: int) -> None:
    for statement in (
        "UPDATE kiennghi.log SET position = position + 1000000 WHERE position >= %(first)s",
        "UPDATE kiennghi.log SET position = position - 1000000 + %(by)s WHERE position >= 1000000",
        "UPDATE kiennghi.log_head SET position = position + %(by)s",
    ):
        await log.connection.execute(statement.encode(), {"first": first, "by": by})


async def insertion(log: SealedLog, chance: random.Random) -> Expected:
    """Push a copy of an event in, under an id of its own, and move all later ones."""
    first = chance.randint(1, log.events)
    await _shift(log, first, 1)
    await log.connection.execute(
        "INSERT INTO kiennghi.log SELECT %s, recorded_at, gen_random_uuid(), 1, category, topic, officer,"
        " gen_random_uuid(), request_digest, context, NULL, state FROM kiennghi.log WHERE position = %s",
        [first, chance.choice([one for one in (first - 1, first + 1) if one > 0 and one != first])],
    )
    return Expected(first)


async def insertion_beyond_the_end(log: SealedLog, chance: random.Random) -> Expected:
    position = log.events + chance.randint(1, 1000)
    await log.connection.execute(
        "INSERT INTO kiennghi.log SELECT %s, recorded_at, gen_random_uuid(), 1, category, topic, officer,"
        " gen_random_uuid(), request_digest, context, NULL, state FROM kiennghi.log WHERE position = 1",
        [position],
    )
    return Expected(position)


async def swap(log: SealedLog, chance: random.Random) -> Expected:
    first, second = sorted(chance.sample(range(1, log.events + 1), 2))
    for old, new in ((first, -1), (second, first), (-1, second)):
        await log.connection.execute("UPDATE kiennghi.log SET position = %s WHERE position = %s", [new, old])
    return Expected(first)


async def truncation(log: SealedLog, chance: random.Random) -> Expected:
    """Cut the end off, and with it as much of what knows of it as an administrator thinks of."""
    last = log.events - chance.randint(1, min(log.events, 300))
    await log.connection.execute("DELETE FROM kiennghi.log WHERE position > %s", [last])
    if chance.random() < 0.7:
        await log.connection.execute(
            "UPDATE kiennghi.log_head SET position = %s,"
            " recorded_at = coalesce((SELECT recorded_at FROM kiennghi.log WHERE position = %s), '-infinity')",
            [last, last],
        )
    return Expected(last + 1)


async def older_backup(log: SealedLog, chance: random.Random) -> Expected:
    """Put everything back as it was at a former checkpoint, the tree, the vault and the checkpoints too."""
    sizes = await log.value(
        "SELECT array_agg(size ORDER BY size) FROM kiennghi_proof.checkpoints"
        " WHERE size < (SELECT size FROM kiennghi_proof.tree_head)"
    )
    size = chance.choice(sizes)
    others = await log.value("SELECT count(*) FROM kiennghi_proof.other_leaves WHERE leaf < %s", size)
    last = size - others
    await _go_back(log, last)
    await log.connection.execute("DELETE FROM kiennghi_proof.other_leaves WHERE leaf >= %s", [size])
    await log.connection.execute("DELETE FROM kiennghi_proof.checkpoints WHERE size > %s", [size])
    await log.connection.execute("UPDATE kiennghi_proof.tree_head SET size = %s, position = %s", [size, last])
    return Expected(last + 1)


async def _go_back(log: SealedLog, last: int) -> None:
    await log.connection.execute(
        "UPDATE kiennghi.log_head SET position = %s,"
        " recorded_at = (SELECT recorded_at FROM kiennghi.log WHERE position = %s)",
        [last, last],
    )
    await log.connection.execute(
        "DELETE FROM kiennghi_vault.identities AS i USING kiennghi.log AS l"
        " WHERE i.petition_id = l.stream AND i.created_at = l.recorded_at AND l.position > %s",
        [last],
    )
    await log.connection.execute("DELETE FROM kiennghi.log WHERE position > %s", [last])


def _word(table: str, column: str, in_log: str) -> Change:
    async def change(log: SealedLog, chance: random.Random) -> Expected:
        number = await log.value(
            f"SELECT {in_log} FROM kiennghi.log WHERE position = %s", chance.randint(1, log.events)
        )
        await log.connection.execute(
            f"UPDATE kiennghi.{table} SET {column} = coalesce({column}, '') || 'x' WHERE number = %s".encode(),
            [number],
        )
        return Expected(await log.value(f"SELECT min(position) FROM kiennghi.log WHERE {in_log} = %s", number))

    return change


async def word_removed(log: SealedLog, chance: random.Random) -> Expected:
    table, column = chance.choice([("categories", "category"), ("topics", "topic"), ("officers", "officer")])
    number = await log.value(f"SELECT {column} FROM kiennghi.log WHERE position = %s", chance.randint(1, log.events))
    await log.connection.execute(f"DELETE FROM kiennghi.{table} WHERE number = %s".encode(), [number])
    return Expected(await log.value(f"SELECT min(position) FROM kiennghi.log WHERE {column} = %s", number))


async def category_of_a_topic(log: SealedLog, chance: random.Random) -> Expected:
    number = await log.value("SELECT topic FROM kiennghi.log WHERE position = %s", chance.randint(1, log.events))
    await log.connection.execute("UPDATE kiennghi.topics SET category = category + 1 WHERE number = %s", [number])
    return Expected(await log.value("SELECT min(position) FROM kiennghi.log WHERE topic = %s", number))


async def end_dated_ahead(log: SealedLog, _: random.Random) -> Expected:
    await log.connection.execute("UPDATE kiennghi.log_head SET recorded_at = '2099-01-01'")
    return Expected(log.events)


# -- the tree, what was signed, the vault


async def rebuilt_tree(log: SealedLog, chance: random.Random) -> Expected:
    """Change an event and build the tree anew, as whoever has everything but the key may do."""
    expected = await CHANGES[chance.choice(["state", "time", "officer", "swap", "deletion_closed_up", "insertion"])](
        log, chance
    )
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
        "UPDATE kiennghi_proof.other_leaves SET data = %s WHERE leaf = %s", [_flipped(data, chance), leaf]
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


CHANGES: dict[str, Change] = {
    "state": _bytes_of("state"),
    "context": _bytes_of("context"),
    "request_digest": _bytes_of("request_digest"),
    "time": time,
    "time_without_end": time_without_end,
    "stream": stream,
    "version": version,
    "category": _another_number("category", "categories"),
    "topic": _another_number("topic", "topics"),
    "officer": _another_number("officer", "officers"),
    "command": command,
    "command_ending": command_ending,
    "reference": reference,
    "position": position_itself,
    "deletion": deletion,
    "deletion_closed_up": deletion_closed_up,
    "insertion": insertion,
    "insertion_beyond_the_end": insertion_beyond_the_end,
    "swap": swap,
    "truncation": truncation,
    "older_backup": older_backup,
    "word of category": _word("categories", "category", "category"),
    "word of topic": _word("topics", "topic", "topic"),
    "word of officer": _word("officers", "officer", "officer"),
    "word of unit": _word("officers", "unit", "officer"),
    "word of position": _word("officers", "position", "officer"),
    "word of acting_for": _word("officers", "acting_for", "officer"),
    "word_removed": word_removed,
    "category_of_a_topic": category_of_a_topic,
    "end_dated_ahead": end_dated_ahead,
    "rebuilt_tree": rebuilt_tree,
    "rebuilt_and_signed_by_another": rebuilt_and_signed_by_another,
    "tile": tile,
    "other_leaf": other_leaf,
    "heads_without_a_last_event": heads_without_a_last_event,
    "note_of_a_checkpoint": note_of_a_checkpoint,
    "identity": identity,
    "access": access,
}
"""Every kind of change, by name."""

COSTLY = {"rebuilt_tree": 0.1, "rebuilt_and_signed_by_another": 0.1}
"""How often a kind is chosen that takes ten times as long, beside the others."""
