"""Changes the rows of a log and its words, each at a place of chance, and says what the verification must name."""

import random
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import UUID

from tests.tampering.sealed_log import SealedLog


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


def flipped(value: bytes, chance: random.Random) -> bytes:
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


def bytes_of(column: str) -> Change:
    async def change(log: SealedLog, chance: random.Random) -> Expected:
        position, value = await _row(log, chance, column, but_null=True)
        assert isinstance(value, bytes)
        return await _set(log, position, column, flipped(value, chance))

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


def another_number(column: str, table: str) -> Change:
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


def word_in(table: str, column: str, in_log: str) -> Change:
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
