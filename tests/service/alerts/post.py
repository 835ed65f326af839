"""Opens an office with messages to send, the views that follow it, and a sender with short pauses."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain.actor import SERVICE_CREDENTIALS
from domain.alerts import delivery as deliveries
from domain.alerts.delivery import Delivery
from domain.alerts.events import AlertLine, MessageComposed, StreamReference
from domain.alerts.keys import derive_message_id
from domain.alerts.vocabulary import AlertChannel, AlertRole, Does, WatchedClock
from domain.vocabulary import Category, OfficerId, UnitId
from projections.alerts import Alerts
from projections.outbox import Outbox
from service.alerts.contacts import Contact, save_contacts
from service.alerts.sending import DeliveryChannels, EmailChannel, MessageSender, WebhookChannel
from service.alerts.smtp import MailServer
from service.alerts.webhooks import WebhookClient
from service.commands.office import ApplicationService
from service.projector.runner import ProjectionRunner
from tests.service.alerts.servers import LOCAL_NETWORKS
from tests.service.office_fixtures import VAULT_KEY, open_office

TODAY = date(2026, 8, 3)
SHORT_PAUSES = (timedelta(milliseconds=1),) * 3
"""Pauses that allow four attempts in all."""


def alert_line(number: int, step: str = "due-day", on: date = TODAY) -> AlertLine:
    return AlertLine(
        about=StreamReference(category=Category.PETITION, stream=UUID(int=number), reference=f"TD-2026-{number:06}"),
        clock=WatchedClock.SETTLEMENT,
        due_on=on,
        step=step,
        round=1,
        fell_due_on=on,
        roles=(AlertRole.OFFICER,),
        unit=UnitId("so-mau"),
        says={"vi": "hôm nay là ngày hết thời hạn", "en": "the limit ends today"},
        does=Does.TELL,
    )


@dataclass(frozen=True)
class Post:
    """Holds the office, its views and its channels for one test."""

    office: ApplicationService
    views: ProjectionRunner
    channels: DeliveryChannels

    async def compose(
        self, addressee: str, channel: AlertChannel, ordinal: int = 1, lines: Iterable[AlertLine] = (alert_line(1),)
    ) -> UUID:
        message = MessageComposed(
            occurred_on=TODAY,
            message_id=derive_message_id(OfficerId(addressee), channel, ordinal),
            addressee=OfficerId(addressee),
            unit=UnitId("so-mau"),
            channel=channel,
            ordinal=ordinal,
            alerts=tuple(lines),
        )
        await self.office.writer.append_facts(
            message.message_id, [message], SERVICE_CREDENTIALS, after=0, command_id=message.message_id, digest=b""
        )
        return message.message_id

    async def save_contacts(self, *contacts: Contact) -> None:
        async with self.office.pool.connection() as connection:
            await save_contacts(connection, contacts)

    async def deliver(self, pauses: tuple[timedelta, ...] = SHORT_PAUSES) -> dict[str, int]:
        """Return the outcomes of one round of one sender, once the views are up to date."""
        assert await self.views.wait_until_current(20)
        async with MessageSender.open(self.office, self.channels, pauses=pauses) as sender:
            return dict(await sender.deliver_due())

    async def deliver_all(self) -> None:
        """Deliver until nothing is due any more."""
        while await self.deliver():
            pass

    async def delivery_of(self, message: UUID) -> Delivery:
        delivery = deliveries.fold_delivery(await self.office.histories.history(message))
        assert delivery is not None
        return delivery

    async def fact_names(self, message: UUID) -> list[str]:
        return [type(one.fact).__name__ for one in await self.office.histories.history(message)]


@asynccontextmanager
async def open_post(
    dsn: str, *, smtp_port: int | None = None, seconds: float = 2.0, **mail: Any
) -> AsyncIterator[Post]:
    """Open a post with both channels, or without e-mail where no port is given."""
    channels: dict[AlertChannel, Any] = {
        AlertChannel.WEBHOOK: WebhookChannel(WebhookClient(VAULT_KEY, LOCAL_NETWORKS, seconds))
    }
    if smtp_port is not None:
        given: dict[str, Any] = {"security": "none", "seconds": seconds, **mail}
        channels[AlertChannel.EMAIL] = EmailChannel(
            MailServer("127.0.0.1", smtp_port, "kiennghi@tinh.example", **given)
        )
    async with (
        open_office(dsn) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault, [Alerts, Outbox]) as views,
    ):
        yield Post(office, views, channels)
