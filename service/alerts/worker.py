"""One look at what is due, and a worker that looks again and again; several may work at once.

Nothing is remembered between two looks: what was raised, composed and sent is what the log says.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

import psycopg
import structlog
from psycopg.errors import UndefinedTable
from psycopg_pool import PoolTimeout

from domain.alerts.events import OperatorAlertRaised
from domain.alerts.ladder import Ladder
from domain.alerts.vocabulary import OperatorSubject
from projections.alerts import Alerts
from service.alerts.compose_messages import compose, raise_for_operator
from service.alerts.operator_alerts import of_the_law, of_the_outbox, of_the_views
from service.alerts.raise_due import Decided, decide_due
from service.alerts.sending import Sender
from service.alerts.trusted_clock import Clock, ClockNotTrusted, Now
from service.commands.office import Office, TooContended
from service.event_store.group_commit import AppendFailed
from service.projector.checkpoints import Place, standing_of

PAUSE = 60.0
"""Seconds between two looks; a pile of messages goes on in the meantime."""

PATIENCE = 120.0
"""Seconds for which a look waits until the view has come after the log."""

AFTER_A_FAULT = 5.0
"""Seconds before the next look, at most."""

_POLL = 0.05
log = structlog.get_logger("kiennghi.alerts")


class ViewBehind(Exception):
    """The view of alerts does not come after the log: nothing is decided on what it does not know."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one look came to. `composed` counts messages."""

    decided: Decided
    composed: int


async def one_round(office: Office, ladder: Ladder, clock: Clock) -> Round:
    """Decide what is due, record it, and compose what nobody was told of.

    Raises ClockNotTrusted, ViewBehind, TooContended, psycopg.Error, and the committer's errors. Whatever was recorded
    by then stays, and the next round does the rest.
    """
    now = await clock.now()
    await view_has_come(office)
    decided = await decide_due(office, ladder, now.today)
    await clock.decided(now.today)
    await raise_for_operator(office, await _notices(office, now))
    await view_has_come(office)
    return Round(decided, await compose(office, ladder, now))


async def _notices(office: Office, now: Now) -> list[OperatorAlertRaised]:
    async with office.pool.connection() as connection:
        return [
            *of_the_law(office.law, now.today),
            *await of_the_views(connection, now.today),
            *await of_the_outbox(connection, now.at, now.today),
        ]


async def view_has_come(office: Office, patience: float = PATIENCE) -> None:
    """Returns once the view has what is in the log now, whichever process it follows in; ViewBehind if it does not."""
    give_up_at = monotonic() + patience
    wanted = await office.histories.last_position()
    while (position := await _position(office)) is None or position < wanted:
        if monotonic() > give_up_at:
            raise ViewBehind(f"the view of alerts is at {position or 'no'} position, the log at {wanted}")
        await asyncio.sleep(_POLL)


async def _position(office: Office) -> int | None:
    """None while the view has no tables of this version."""
    async with office.pool.connection() as connection:
        try:
            standing = await standing_of(connection, Place(Alerts()))
        except UndefinedTable:  # no view was ever made
            await connection.rollback()
            return None
    is_whole = standing is not None and standing.version == Alerts.version and not standing.is_loading
    return standing.position if standing is not None and is_whole else None


async def work(office: Office, ladder: Ladder, *, pause: float = PAUSE) -> None:
    """For ever. What goes wrong is told and tried again: alerts are late then, and none is lost."""
    clock = Clock(office.pool, office.settings.zone)
    while True:
        try:
            async with Sender.open(office) as sender:
                while True:
                    await _look(office, ladder, clock)
                    ended = await sender.deliver_due()
                    if ended:
                        log.info("messages", **ended)
                    await asyncio.sleep(pause)
        except (psycopg.OperationalError, PoolTimeout, AppendFailed) as error:
            log.warning("alerts_wait_for_database", error=type(error).__name__)
        except Exception as error:  # the edge of the worker: its fault must not keep later alerts from being raised
            log.error("alerts_fault", error=type(error).__name__)
        await asyncio.sleep(min(pause, AFTER_A_FAULT))


@asynccontextmanager
async def at_work(office: Office, ladder: Ladder) -> AsyncIterator[None]:
    """While it lasts, a worker is at it beside whatever else the process does, if the settings say so."""
    if not office.settings.alerts:
        yield
        return
    working = asyncio.create_task(work(office, ladder), name="alerts")
    try:
        yield
    finally:
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working  # what ended it before its time is told here


async def _hear(office: Office, subject: OperatorSubject, about: str = "") -> None:
    await raise_for_operator(office, [OperatorAlertRaised(occurred_on=office.today, subject=subject, about=about)])


async def _look(office: Office, ladder: Ladder, clock: Clock) -> None:
    try:
        try:
            done = await one_round(office, ladder, clock)
        except ClockNotTrusted as stopped:
            log.error("alerts_stopped", said=str(stopped))
            await _hear(office, OperatorSubject.CLOCK_LEAPT)
            await view_has_come(office)
            # By the host's clock: that of the database is not believed, and this message says so.
            await compose(office, ladder, Now(datetime.now(UTC), office.today), operator_alone=True)
        else:
            if done.decided.alerts or done.composed:
                log.info("alerts", petitions=done.decided.petitions, raised=done.decided.alerts, composed=done.composed)
    except ViewBehind as behind:
        log.warning("alerts_not_decided", said=str(behind))
        await _hear(office, OperatorSubject.VIEW_LAGS, Alerts.name)
    except (TooContended, AppendFailed) as error:
        log.warning("alerts_not_decided", error=type(error).__name__)
