"""Reads `known_at`, and finds the position of the log up to which something was known at that moment."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import NamedTuple

from domain.errors import Refused
from projections.projection import Connection
from service.commands.refusals import ServiceRefusal

LONGEST_MOMENT = 40
"""Most characters of a moment."""

_POSITION = re.compile(r"#?([0-9]{1,18})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_SELECT_HEAD = "SELECT position, clock_timestamp() FROM kiennghi.log_head"
_SELECT_RECORDED_AT = "SELECT recorded_at FROM kiennghi.log WHERE position = %s"

KnownMoment = int | date | datetime
"""A position of the log, a day (its end is meant), or an instant with its zone."""


class KnownAt(NamedTuple):
    """Holds a moment as the log knows it.

    `position` is that of the last event that was known, 0 if there was none; `recorded_at` is when it was recorded.
    `on` is the day of the moment in the zone of the authority.
    """

    position: int
    recorded_at: datetime | None
    on: date


def parse_moment(text: str) -> KnownMoment:
    """Return the moment that was typed: `1234` or `#1234`, `2026-07-31`, or `2026-07-31T17:00:00+07:00`.

    Raise Refused for anything else.
    """
    typed = text.strip()
    if len(typed) <= LONGEST_MOMENT and (position := _POSITION.fullmatch(typed)):
        return int(position[1])
    try:
        if _DAY.fullmatch(typed):
            return date.fromisoformat(typed)
        if _INSTANT.fullmatch(typed):
            return datetime.fromisoformat(typed)
    except ValueError:  # a month 13, a 30 February
        pass
    raise Refused(ServiceRefusal.NOT_A_MOMENT)


async def find_known_at(connection: Connection, moment: KnownMoment, zone: tzinfo) -> KnownAt:
    """Return the position of the last event that was recorded by the moment.

    Raise Refused for a moment that has not come yet: more may be recorded before it.
    """
    row = await (await connection.execute(_SELECT_HEAD)).fetchone()
    assert row is not None, "the migration made the row"
    head, now = row
    if isinstance(moment, int):
        if moment > head:
            raise Refused(ServiceRefusal.MOMENT_NOT_REACHED, head=head)
        recorded_at = await _recorded_at(connection, moment) if moment else None
        return KnownAt(moment, recorded_at, (recorded_at or now).astimezone(zone).date())
    if isinstance(moment, datetime):
        # Before any log there is nothing to know; and no day of the first year can be moved to another zone.
        on = date.min if moment.year == 1 else moment.astimezone(zone).date() if moment <= now else None
        until = moment
    else:
        on = moment if moment < now.astimezone(zone).date() else None
        until = datetime.combine(moment, time.max, zone)
    if on is None:
        raise Refused(ServiceRefusal.MOMENT_NOT_REACHED, head=head)
    position = await _last_recorded_by(connection, until, head)
    return KnownAt(position, await _recorded_at(connection, position) if position else None, on)


async def find_present(connection: Connection, zone: tzinfo) -> KnownAt:
    """Return the present moment: the last event of the log, and today in the zone."""
    row = await (await connection.execute(_SELECT_HEAD)).fetchone()
    assert row is not None, "the migration made the row"
    head, now = row
    return KnownAt(head, await _recorded_at(connection, head) if head else None, now.astimezone(zone).date())


async def _last_recorded_by(connection: Connection, until: datetime, head: int) -> int:
    """Return the position before the first event that was recorded after the instant.

    Some twenty looks at the index of positions. The events of one command have one time, so none is cut.
    """
    low, high = 0, head
    while low < high:
        middle = (low + high + 1) // 2
        if await _recorded_at(connection, middle) <= until:
            low = middle
        else:
            high = middle - 1
    return low


async def _recorded_at(connection: Connection, position: int) -> datetime:
    row = await (await connection.execute(_SELECT_RECORDED_AT, [position])).fetchone()
    assert row is not None, "positions have no gaps"
    recorded_at: datetime = row[0]
    return recorded_at.astimezone(UTC)
