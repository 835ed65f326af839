"""Tells what is damaged in a log, with its position, to whoever must repair it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from psycopg import AsyncConnection

from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.labels import bilingual_text
from domain.refusals.code import RefusalCode, Wording
from service.event_store.codec import UnknownTopic
from service.event_store.log_rows import LogRow, decode_log_rows, officer_of_words

_POSITION = 4
"""Place of the position in a row of the log."""

# The first position after which the next one is missing, up to a position (inclusive).
_FIND_HOLE = """
    SELECT CASE WHEN NOT EXISTS (SELECT FROM kiennghi.log WHERE position = 1) THEN 1 ELSE (
        SELECT before.position + 1 FROM kiennghi.log AS before
        WHERE before.position < %(last)s
            AND NOT EXISTS (SELECT FROM kiennghi.log AS next WHERE next.position = before.position + 1)
        ORDER BY before.position LIMIT 1) END
"""


class DamageRefusal(RefusalCode):
    """Says what is damaged in the log, or what this version cannot read of it."""

    POSITION_MISSING = Wording(
        "nhật ký bị khuyết: thiếu sự kiện ở vị trí {position}",
        "the log has a hole: the event at position {position} is missing",
        bilingual_text(
            "khôi phục bản sao lưu có vị trí này; xem `kiennghi doctor --deep`",
            "restore a backup that has it; see `kiennghi doctor --deep`",
        ),
    )
    EVENT_UNREADABLE = Wording(
        "không đọc được sự kiện ở vị trí {position} (loại {topic})",
        "the event at position {position} (topic {topic}) cannot be read",
        bilingual_text(
            "sự kiện đã bị sửa: khôi phục bản sao lưu; xem `kiennghi doctor --deep`",
            "it was changed: restore a backup; see `kiennghi doctor --deep`",
        ),
    )
    EVENT_UNKNOWN = Wording(
        "phiên bản này không biết loại sự kiện {topic} ở vị trí {position} (UnknownTopic)",
        "this version does not know the topic {topic} of the event at position {position} (UnknownTopic)",
        bilingual_text("chạy phiên bản mới hơn đã ghi sự kiện này", "run the newer version that wrote it"),
    )


class LogDamaged(Refused):
    """Is raised where the log cannot be read on: something is missing, or cannot be decoded."""


class UnreadableEvent(NamedTuple):
    """Stands in an envelope for a fact that cannot be read. `reason` names the error, without values of the event."""

    reason: str


def decode_whole_rows(rows: Sequence[LogRow]) -> list[EventEnvelope[Any]]:
    """Return the decoded events of rows of the log. Raise LogDamaged for the first one that cannot be read."""
    try:
        return decode_log_rows(rows)
    except ValueError:
        for row in rows:
            if isinstance(_decode_alone(row).fact, UnreadableEvent):
                _, _, topic, _, position, *_ = row
                raise LogDamaged(DamageRefusal.EVENT_UNREADABLE, position=position, topic=topic) from None
        raise


def decode_rows_apart(rows: Sequence[LogRow]) -> list[EventEnvelope[Any]]:
    """Return the decoded events of rows of the log.

    One that cannot be read has an UnreadableEvent in place of its fact. Raise LogDamaged for a topic that only a newer
    version knows: what it means for others cannot be said.
    """
    try:
        return decode_log_rows(rows)
    except ValueError:
        return [_decode_alone(row) for row in rows]


def _decode_alone(row: LogRow) -> EventEnvelope[Any]:
    stream, version, topic, _, position, recorded_at, command_id, reference, by = row
    try:
        return decode_log_rows([row])[0]
    except UnknownTopic:
        raise LogDamaged(DamageRefusal.EVENT_UNKNOWN, position=position, topic=topic) from None
    except ValueError as error:
        fact = UnreadableEvent(type(error).__name__)
        return EventEnvelope(stream, version, fact, officer_of_words(by), recorded_at, position, reference, command_id)


def require_no_hole(rows: Sequence[LogRow], after: int) -> None:
    """Raise LogDamaged if the rows, in their order, are not just those of the positions that follow `after`."""
    if rows and rows[-1][_POSITION] != after + len(rows):
        missing = next(n for n, row in enumerate(rows, after + 1) if row[_POSITION] != n)
        raise LogDamaged(DamageRefusal.POSITION_MISSING, position=missing)


async def find_hole(connection: AsyncConnection[Any], last: int) -> LogDamaged | None:
    """Return the first position that is missing up to `last`, as an error; None if there is none."""
    if last == 0:
        return None
    row = await (await connection.execute(_FIND_HOLE.encode(), {"last": last})).fetchone()
    if row is None or row[0] is None:
        return None
    return LogDamaged(DamageRefusal.POSITION_MISSING, position=row[0])
