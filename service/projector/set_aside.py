"""Sets aside the stream of an event that cannot be read or folded, so that it stops nobody else.

In the views the stream stays as it was before that event. What was set aside is kept in a table, so that whoever runs
the service learns of it until the event is repaired and the views are rebuilt.
"""

from collections.abc import Container, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import structlog

from domain.envelope import EventEnvelope
from projections.projection import Connection
from service.event_store.damage import UnreadableEvent
from service.projector.history_fold import Fold, fold_history
from service.security.text_sealing import TextKeys, UnopenableText, open_events

MOST_SET_ASIDE = 100
"""Number of streams from which on the views stop: so many are no damaged event, but a fault of the program."""

_INSERT = """
    INSERT INTO kiennghi_views.set_aside (stream, position, reason) VALUES (%s, %s, %s)
    ON CONFLICT (stream) DO UPDATE SET position = excluded.position, reason = excluded.reason
    WHERE set_aside.position > excluded.position
"""
_DELETE_RANGE = """
    DELETE FROM kiennghi_views.set_aside WHERE stream >= %s AND (%s::uuid IS NULL OR stream < %s)
"""

log = structlog.get_logger()


class SetAside(NamedTuple):
    """Holds the state of a stream before the event at `position`, which could not be read. `reason` names the error."""

    state: Any
    stream: UUID
    position: int
    reason: str


class TooManySetAside(Exception):
    """Is raised when so many streams cannot be folded that the program itself must be at fault."""


def state_of(folded: Any) -> Any:
    """Return the state that the views show of a stream, also of one that is set aside."""
    return folded.state if type(folded) is SetAside else folded


def fold_apart(fold: Fold, before: Any, envelope: EventEnvelope[Any]) -> Any:
    """Return the state after the event; a SetAside from the first event on that cannot be read or folded."""
    if type(before) is SetAside:
        return before
    if type(envelope.fact) is UnreadableEvent:
        return _set_aside(before, envelope, envelope.fact.reason)
    try:
        return fold(before, envelope)
    except MemoryError:
        raise
    except Exception as error:  # whatever it is, nobody but this stream must suffer from it
        return _set_aside(before, envelope, type(error).__name__)


def fold_history_apart(fold: Fold, history: Sequence[EventEnvelope[Any]]) -> Any:
    """Return the state at the end of a history; a SetAside if not all of it can be read and folded."""
    whole = next((n for n, one in enumerate(history) if type(one.fact) is UnreadableEvent), len(history))
    try:
        state = fold_history(fold, history[:whole])
    except MemoryError:
        raise
    except Exception as error:  # see `fold_apart`; where it begins is found from the other end
        return _set_aside(*_longest_fold(fold, history[:whole]), type(error).__name__)
    return state if whole == len(history) else _set_aside(state, history[whole], history[whole].fact.reason)


def _longest_fold(fold: Fold, history: Sequence[EventEnvelope[Any]]) -> tuple[Any, EventEnvelope[Any]]:
    """Return the state before the first event with which the history cannot be folded, and that event."""
    state = None
    for n, envelope in enumerate(history):
        try:
            state = fold_history(fold, history[: n + 1])
        except Exception:
            return state, envelope
    raise AssertionError("a history that does not fold has an event with which it does not")


def open_apart(
    events: Sequence[EventEnvelope[Any]], keys: TextKeys, kinds: Container[type]
) -> list[EventEnvelope[Any]]:
    """Return the events of one petition with their texts opened. One that does not open has an UnreadableEvent."""
    try:
        return open_events(events, keys, kinds)
    except UnopenableText:
        return [_open_alone(envelope, keys, kinds) for envelope in events]


def _open_alone(envelope: EventEnvelope[Any], keys: TextKeys, kinds: Container[type]) -> EventEnvelope[Any]:
    try:
        return open_events([envelope], keys, kinds)[0]
    except UnopenableText as error:
        return envelope._replace(fact=UnreadableEvent(type(error).__name__))


def _set_aside(before: Any, envelope: EventEnvelope[Any], reason: str) -> SetAside:
    return SetAside(before, envelope.originator_id, envelope.position or 0, reason)


async def note_set_aside(connection: Connection, found: Sequence[SetAside]) -> None:
    """Keep what was set aside, and tell the log of the process. Raise TooManySetAside if there is too much of it."""
    for one in found:
        await connection.execute(_INSERT, [one.stream, one.position, one.reason])
        log.error("event_set_aside", position=one.position, reason=one.reason)
    if found and len(await select_set_aside(connection)) > MOST_SET_ASIDE:
        raise TooManySetAside(f"{MOST_SET_ASIDE} streams are set aside already")


async def forget_set_aside(connection: Connection, first: UUID, until: UUID | None) -> None:
    """Forget what was set aside of the streams from one id up to another (exclusive): they are folded anew."""
    await connection.execute(_DELETE_RANGE, [first, until, until])


async def select_set_aside(connection: Connection) -> list[tuple[int, str]]:
    """Return the position and the reason of each event from which on a stream is set aside, in the order of the log."""
    cursor = await connection.execute("SELECT to_regclass('kiennghi_views.set_aside') IS NOT NULL")
    if await cursor.fetchone() != (True,):
        return []
    cursor = await connection.execute("SELECT position, reason FROM kiennghi_views.set_aside ORDER BY position")
    return [(position, reason) for position, reason in await cursor.fetchall()]
