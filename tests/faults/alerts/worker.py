"""Runs a worker that raises alerts, composes and sends, until it dies at the point that the nemesis drew for it."""

import asyncio
import mmap
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.alerts.delivery import Delivery
from domain.alerts.ladder import Ladder
from domain.alerts.vocabulary import AlertChannel
from domain.deadlines.policy import Law
from service.alerts.sending import DeliveryChannel, DeliveryChannels, EmailChannel, WebhookChannel
from service.alerts.smtp import MailServer
from service.alerts.trusted_clock import ClockReading, TrustedClock
from service.alerts.webhooks import WebhookClient
from service.alerts.worker import run_alert_round
from service.commands import office as application
from service.commands.office import ApplicationService
from service.commands.results import TooContended
from service.config.settings import Settings
from service.event_store.append import Append, Appended
from service.event_store.errors import AppendFailed
from service.event_store.group_commit import Committer
from tests.faults.alerts.crashes import LASTING, CrashingProcess, PlannedCrash
from tests.faults.alerts.mutants import SENDERS
from tests.faults.history import History
from tests.service.office_fixtures import VAULT_KEY

PAUSES = (timedelta(milliseconds=10),) * 10_000
"""After each failure: short, and so many that nothing is given up."""

ROUND_SECONDS = 0.01
"""Between one look at what is to be done and the next."""

BEFORE = {"AlertRaised": "decided", "MessageComposed": "composed", "MessageSent": "to be confirmed"}
AFTER = {"AlertRaised": "raised", "MessageComposed": "ready to go", "MessageSent": "confirmed"}
"""Crash points before an append that holds such an event, and once it is durable."""

ATTEMPT_ENDINGS = {"MessageSent", "MessageFailed", "MessageGivenUp"}

ONCE_A_DAY = {"composed"}

CRASH_POINTS = (*BEFORE.values(), *AFTER.values(), "sending", "sent", *LASTING)


class CampaignDay:
    """Holds the day that it is and the latest day that a worker looked at, in memory that all forks share."""

    def __init__(self, first: date) -> None:
        self._ordinals = mmap.mmap(-1, 16)
        self.begin(first)

    def begin(self, day: date) -> None:
        self._ordinals[:8] = day.toordinal().to_bytes(8)

    def today(self) -> date:
        return date.fromordinal(int.from_bytes(self._ordinals[:8]))

    def set_looked_at(self, day: date) -> None:
        self._ordinals[8:] = day.toordinal().to_bytes(8)

    def is_looked_at(self) -> bool:
        """Return whether a worker has raised what falls due today."""
        return self._ordinals[8:] == self._ordinals[:8]


@dataclass(frozen=True)
class WorkerSettings:
    """Says what all workers of a part have in common."""

    dsn: str
    law: Law
    http_port: int
    smtp_port: int
    ladder: Ladder
    day: CampaignDay
    mutant: str


class CrashingChannel:
    """Sends by another channel, records what is sent, and has crash points before, during and after that."""

    def __init__(self, channel: DeliveryChannel, process: CrashingProcess) -> None:
        self._channel, self._process = channel, process

    async def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        self._process.pass_point("sending")
        self._process.record(sends=str(delivery.composed.message_id))
        self._process.pass_point("on its way")
        await self._channel.send(delivery, address, now)
        self._process.pass_point("sent")


def crashing_committer(process: CrashingProcess) -> type[Committer]:
    """Return the office's own committer class, with a crash point before, during and after each append."""

    class CrashingCommitter(Committer):
        def submit(self, append: Append) -> asyncio.Future[Appended]:
            topics = {event.topic for event in append.events}
            for topic in topics & BEFORE.keys():
                process.pass_point(BEFORE[topic])
            answer = super().submit(append)
            process.pass_point("being recorded")
            answer.add_done_callback(lambda done: self._ended(append, done))
            return answer

        @staticmethod
        def _ended(append: Append, done: asyncio.Future[Appended]) -> None:
            if done.cancelled() or done.exception() is not None:
                return
            for event in append.events:
                if event.topic in ATTEMPT_ENDINGS:
                    process.record(ended=str(event.stream), topic=event.topic)
                if event.topic in AFTER:
                    process.pass_point(AFTER[event.topic])

    return CrashingCommitter


class CampaignClock(TrustedClock):
    """Says that it is nine in the morning of the campaign's day."""

    def __init__(self, office: ApplicationService, day: date) -> None:
        super().__init__(office.pool, office.settings.zone)
        self._today = ClockReading(datetime.combine(day, time(9), office.settings.zone), day)

    async def now(self) -> ClockReading:
        return self._today


def _open_channels(settings: WorkerSettings, process: CrashingProcess) -> DeliveryChannels:
    networks = Settings(webhook_networks="127.0.0.0/8").private_networks
    mail = MailServer("127.0.0.1", settings.smtp_port, "kiennghi@tinh.example", security="none", seconds=5)
    return {
        AlertChannel.WEBHOOK: CrashingChannel(WebhookChannel(WebhookClient(VAULT_KEY, networks, seconds=5)), process),
        AlertChannel.EMAIL: CrashingChannel(EmailChannel(mail), process),
    }


def run_worker(settings: WorkerSettings, crash: PlannedCrash, history: History) -> None:
    """Work in a process of its own; return only if the database ends the session of the worker."""
    process = CrashingProcess(crash, history)
    setattr(application, "Committer", crashing_committer(process))  # noqa: B010 - this process has no other use for it
    asyncio.run(_work(settings, process))


async def _work(settings: WorkerSettings, process: CrashingProcess) -> None:
    async with (
        ApplicationService.open(settings.dsn, Settings(), vault_key=VAULT_KEY, law=settings.law, pool_size=4) as office,
        SENDERS[settings.mutant].open(office, _open_channels(settings, process), pauses=PAUSES) as sender,
    ):
        process.pass_point("any moment")
        looked_on: date | None = None
        while True:
            if looked_on != (today := settings.day.today()):
                with suppress(AppendFailed, TooContended):  # another worker was quicker
                    await run_alert_round(office, settings.ladder, CampaignClock(office, today))
                    looked_on = today
                    settings.day.set_looked_at(today)
            await sender.deliver_due()
            await asyncio.sleep(ROUND_SECONDS)
