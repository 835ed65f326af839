"""Runs rounds of alerts, once or repeatedly in a worker. Several workers may run at once.

No state is kept between two rounds: the log says which alerts were raised, and which messages were composed and sent.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
from domain.value import as_said
from projections.alerts import Alerts
from service.alerts.compose_messages import compose_due_messages, raise_operator_alerts
from service.alerts.lift_preparations import lift_preparations
from service.alerts.operator_alerts import (
    find_ending_rules,
    find_lagging_views,
    find_set_aside,
    find_stuck_messages,
)
from service.alerts.raise_due import RaisedCounts, raise_due_alerts
from service.alerts.sending import MessageSender
from service.alerts.trusted_clock import ClockNotTrusted, ClockReading, TrustedClock
from service.commands.office import ApplicationService
from service.commands.results import TooContended
from service.event_store.context import Door, entering_through
from service.event_store.errors import AppendFailed
from service.event_store.log_mark import is_in_log
from service.postgres.cancellation import running_beside
from service.projector.checkpoints import TableSet, read_checkpoint

PAUSE_SECONDS = 60.0
"""Seconds between two rounds."""

VIEW_TIMEOUT_SECONDS = 120.0
"""Seconds for which a round waits until the view has followed the log."""

PAUSE_AFTER_FAULT_SECONDS = 5.0
"""The largest number of seconds before the next round after a fault."""

_POLL_SECONDS = 0.05
log = structlog.get_logger("kiennghi.alerts")


class AlertsViewBehind(Exception):
    """Is raised when the view of alerts does not follow the log, because nothing must be decided on outdated rows."""


@dataclass(frozen=True, slots=True)
class AlertRound:
    """Holds the result of one round; `composed` counts messages."""

    raised: RaisedCounts
    composed: int


async def run_alert_round(office: ApplicationService, ladder: Ladder, clock: TrustedClock) -> AlertRound:
    """Lift what nobody owes any more, raise the due alerts and record the messages about them.

    Raise ClockNotTrusted, AlertsViewBehind, TooContended, psycopg.Error, and the committer's errors. What was recorded
    before the error remains, and the next round does the rest.
    """
    office.continuity.require()
    now = await clock.now()
    await wait_for_alerts_view(office)
    await lift_preparations(office)
    raised = await raise_due_alerts(office, ladder, now.today)
    await clock.mark_decided(now.today)
    await raise_operator_alerts(office, await _find_operator_alerts(office, now))
    await wait_for_alerts_view(office)
    return AlertRound(raised, await compose_due_messages(office, ladder, now))


async def _find_operator_alerts(office: ApplicationService, now: ClockReading) -> list[OperatorAlertRaised]:
    """Return everything that the operator must learn of now."""
    async with office.pool.connection() as connection:
        return [
            *find_ending_rules(office.law, now.today),
            *await find_lagging_views(connection, now.today),
            *await find_set_aside(connection, now.today),
            *await find_stuck_messages(connection, now.at, now.today),
        ]


async def wait_for_alerts_view(office: ApplicationService, timeout_seconds: float = VIEW_TIMEOUT_SECONDS) -> None:
    """Wait until the view contains everything that is in the log now, whichever process updates the view.

    Raise AlertsViewBehind after `timeout_seconds`.
    """
    give_up_at = monotonic() + timeout_seconds
    wanted = await office.histories.last_position()
    while (position := await _alerts_view_position(office)) is None or position < wanted:
        if monotonic() > give_up_at:
            raise AlertsViewBehind(f"the view of alerts is at {position or 'no'} position, the log at {wanted}")
        await asyncio.sleep(_POLL_SECONDS)


async def _alerts_view_position(office: ApplicationService) -> int | None:
    """Return the position of the view; None while it has no complete tables of this version and of this log."""
    async with office.pool.connection() as connection:
        try:
            checkpoint = await read_checkpoint(connection, TableSet(Alerts()))
        except UndefinedTable:  # no view was ever built
            await connection.rollback()
            return None
        if checkpoint is None or checkpoint.version != Alerts.version or checkpoint.is_loading:
            return None
        return checkpoint.position if await is_in_log(connection, checkpoint.mark) else None


async def run_alert_worker(office: ApplicationService, ladder: Ladder, *, pause: float = PAUSE_SECONDS) -> None:
    """Run rounds for ever, with `pause` seconds between them.

    Every error is logged, and the round is repeated. Alerts are then late, but none is lost.
    """
    clock = TrustedClock(office.pool, office.settings.zone)
    while True:
        try:
            async with MessageSender.open(office) as sender:
                while True:
                    await _run_round_and_log(office, ladder, clock)
                    outcomes = await sender.deliver_due()
                    if outcomes:
                        log.info("messages", **outcomes)
                    await asyncio.sleep(pause)
        except (psycopg.OperationalError, PoolTimeout, AppendFailed) as error:
            log.warning("alerts_wait_for_database", error=type(error).__name__)
        except Exception as error:  # the edge of the worker: its fault must not keep later alerts from being raised
            log.error("alerts_fault", error=type(error).__name__)
        await asyncio.sleep(min(pause, PAUSE_AFTER_FAULT_SECONDS))


@asynccontextmanager
async def alert_worker_running(office: ApplicationService, ladder: Ladder) -> AsyncIterator[None]:
    """Run a worker in the background while the context is open, if the settings allow it."""
    if not office.settings.alerts:
        yield
        return
    async with running_beside(_work_as_alerts(office, ladder), "alerts"):
        yield


async def _work_as_alerts(office: ApplicationService, ladder: Ladder) -> None:
    with entering_through(Door.ALERTS):
        await run_alert_worker(office, ladder)


async def _raise_operator_alert(office: ApplicationService, subject: OperatorSubject, about: str = "") -> None:
    """Record one operator alert of today."""
    await raise_operator_alerts(
        office, [OperatorAlertRaised(occurred_on=office.today, subject=subject, about=as_said(about))]
    )


async def _run_round_and_log(office: ApplicationService, ladder: Ladder, clock: TrustedClock) -> None:
    """Run one round, log its result or error, and inform the operator of a fault that stops alerts."""
    try:
        try:
            result = await run_alert_round(office, ladder, clock)
        except ClockNotTrusted as stopped:
            log.error("alerts_stopped", said=str(stopped))
            await _raise_operator_alert(office, OperatorSubject.CLOCK_LEAPT)
            await wait_for_alerts_view(office)
            # The host's clock is used: the database's clock is not trusted, and this message says so.
            await compose_due_messages(
                office, ladder, ClockReading(datetime.now(UTC), office.today), operator_alone=True
            )
        else:
            if result.raised.alerts or result.composed:
                log.info(
                    "alerts", petitions=result.raised.petitions, raised=result.raised.alerts, composed=result.composed
                )
    except AlertsViewBehind as behind:
        log.warning("alerts_not_decided", said=str(behind))
        await _raise_operator_alert(office, OperatorSubject.VIEW_LAGS, Alerts.name)
    except (TooContended, AppendFailed) as error:
        log.warning("alerts_not_decided", error=type(error).__name__)
