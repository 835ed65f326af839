"""A worker that decides, composes and sends, until it is killed at the point that was drawn for it."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from domain.alerts.delivery import Delivery
from domain.alerts.ladder import Ladder
from domain.alerts.vocabulary import AlertChannel
from domain.deadlines.policy import Law
from service.alerts.sending import Channel, Channels, EmailChannel, WebhookChannel
from service.alerts.smtp import MailServer
from service.alerts.trusted_clock import Clock, Now
from service.alerts.webhooks import Webhooks
from service.alerts.worker import one_round
from service.commands import office as application
from service.commands.office import Office, TooContended
from service.config.settings import Settings
from service.event_store.group_commit import Append, Appended, AppendFailed, Committer
from tests.faults.alerts.mutants import SENDERS
from tests.faults.alerts.receiver import Journal
from tests.service.office_fixtures import VAULT_KEY

PAUSES = (timedelta(milliseconds=10),) * 10_000
"""After a failure: short, and so many that nothing is given up."""

WAITS = 0.01
"""Seconds between one look at what is to be done and the next."""

BEFORE = {"AlertRaised": "decided", "MessageComposed": "composed", "MessageSent": "to be confirmed"}
AFTER = {"AlertRaised": "raised", "MessageComposed": "ready to go", "MessageSent": "confirmed"}
"""Points before an append that holds such an event, and once it is durable."""

ENDINGS = {"MessageSent", "MessageFailed", "MessageGivenUp"}

LASTING = {"on its way": 0.004, "being recorded": 0.003, "any moment": 0.05}
"""Points that take time: death comes within so many seconds."""

SELDOM = {"composed"}
"""Once a day."""

POINTS = (*BEFORE.values(), *AFTER.values(), "sending", "sent", *LASTING)


@dataclass(frozen=True)
class Fate:
    """Dies when it comes to the point for the n-th time; the seed says when within a point that lasts."""

    point: str
    nth: int
    seed: int


@dataclass(frozen=True)
class Ground:
    """What all workers of a campaign have in common."""

    dsn: str
    law: Law
    http_port: int
    smtp_port: int
    ladder: Ladder
    day: Callable[[], date]
    looked_on: Callable[[date], None]
    mutant: str


class Dying:
    """Counts how often each point is passed, tells the journal what is under way, and ends the process."""

    def __init__(self, fate: Fate, journal: Journal) -> None:
        self._fate, self._journal, self._left = fate, journal, fate.nth
        self._random = Random(fate.seed)

    def reached(self, point: str) -> None:
        if point != self._fate.point:
            return
        self._left -= 1
        if self._left == 0 and point in LASTING:
            asyncio.get_running_loop().call_later(self._random.uniform(0, LASTING[point]), self.die, point)
        elif self._left == 0:
            self.die(point)

    def die(self, point: str) -> None:
        self._journal.add(pid=os.getpid(), died=point)
        os.kill(os.getpid(), signal.SIGKILL)

    def tell(self, **line: Any) -> None:
        self._journal.add(pid=os.getpid(), **line)


class Watched:
    """A way out that says what goes out by it."""

    def __init__(self, channel: Channel, dying: Dying) -> None:
        self._channel, self._dying = channel, dying

    async def send(self, delivery: Delivery, address: str, now: datetime) -> None:
        self._dying.reached("sending")
        self._dying.tell(sends=str(delivery.composed.message_id))
        self._dying.reached("on its way")
        await self._channel.send(delivery, address, now)
        self._dying.reached("sent")


def watched_committer(dying: Dying) -> type[Committer]:
    """The office's own, with a point before, during and after each append."""

    class WatchedCommitter(Committer):
        def submit(self, append: Append) -> asyncio.Future[Appended]:
            topics = {event.topic for event in append.events}
            for topic in topics & BEFORE.keys():
                dying.reached(BEFORE[topic])
            answer = super().submit(append)
            dying.reached("being recorded")
            answer.add_done_callback(lambda done: self._ended(append, done))
            return answer

        @staticmethod
        def _ended(append: Append, done: asyncio.Future[Appended]) -> None:
            if done.cancelled() or done.exception() is not None:
                return
            for event in append.events:
                if event.topic in ENDINGS:
                    dying.tell(ended=str(event.stream), topic=event.topic)
                if event.topic in AFTER:
                    dying.reached(AFTER[event.topic])

    return WatchedCommitter


class Today(Clock):
    """The campaign's day, at nine in the morning."""

    def __init__(self, office: Office, day: date) -> None:
        super().__init__(office.pool, office.settings.zone)
        self._today = Now(datetime.combine(day, time(9), office.settings.zone), day)

    async def now(self) -> Now:
        return self._today


def channels(ground: Ground, dying: Dying) -> Channels:
    networks = Settings(webhook_networks="127.0.0.0/8").private_networks
    mail = MailServer("127.0.0.1", ground.smtp_port, "kiennghi@tinh.example", security="none", seconds=5)
    return {
        AlertChannel.WEBHOOK: Watched(WebhookChannel(Webhooks(VAULT_KEY, networks, seconds=5)), dying),
        AlertChannel.EMAIL: Watched(EmailChannel(mail), dying),
    }


def run(ground: Ground, fate: Fate, journal: Journal) -> None:
    """In a process of its own, which does not come back unless the database ends the session that it works in."""
    dying = Dying(fate, journal)
    setattr(application, "Committer", watched_committer(dying))  # noqa: B010 - this process has no other use for it
    asyncio.run(work(ground, dying))


async def work(ground: Ground, dying: Dying) -> None:
    async with (
        Office.open(ground.dsn, Settings(), vault_key=VAULT_KEY, law=ground.law, pool_size=4) as office,
        SENDERS[ground.mutant].open(office, channels(ground, dying), pauses=PAUSES) as sender,
    ):
        dying.reached("any moment")
        looked_on: date | None = None
        while True:
            if looked_on != (today := ground.day()):
                with suppress(AppendFailed, TooContended):  # another worker was quicker
                    await one_round(office, ground.ladder, Today(office, today))
                    looked_on = today
                    ground.looked_on(today)
            await sender.deliver_due()
            await asyncio.sleep(WAITS)
