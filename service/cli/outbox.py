"""Lists messages and retries dead ones: outbox, retry."""

from dataclasses import asdict
from datetime import datetime, tzinfo
from typing import Annotated
from uuid import UUID

import typer

from domain.alerts.commands import RetryMessage
from domain.alerts.delivery import Delivery, MessageState
from domain.labels import bilingual_text
from domain.vocabulary import OfficerId
from projections import outbox as outbox_view
from projections.outbox import OutboxItem
from projections.projection import Connection
from service.bootstrap import NO_VAULT_KEY, reachable_database, require_migrated, run_coroutine
from service.cli.context import read_from_views
from service.cli.identity import credentials_for_approval
from service.cli.output import AsJson, show_json, show_line, show_table
from service.commands.office import ApplicationService
from service.config.settings import Settings, read_settings


def list_messages_command(
    dead: Annotated[bool, typer.Option("--dead", help="Only those that were given up.")] = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those that still have to go.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List the messages and whether each is waiting, sent or dead, the newest first."""
    if dead and waiting:
        raise typer.BadParameter("a message is dead or waits: choose one of --dead and --waiting")
    state = MessageState.DEAD if dead else MessageState.WAITING if waiting else None

    async def reading(
        _: ApplicationService, connection: Connection
    ) -> tuple[list[OutboxItem], dict[MessageState, int]]:
        return await outbox_view.read_messages(
            connection, state=state, limit=limit
        ), await outbox_view.count_messages_by_state(connection)

    settings = read_settings()
    found, counts = read_from_views(reading)
    if as_json:
        show_json({"counts": counts, "messages": [asdict(one) for one in found]})
        return
    columns = ("message_id", "addressee", "channel", "lines", "composed_at", "state", "attempts", "next_at", "reason")
    show_table(
        [column.replace("_", " ") for column in columns],
        ([_in_zone(getattr(one, column), settings.zone) for column in columns] for one in found),
    )
    show_line(", ".join(f"{counts.get(state, 0)} {state}" for state in MessageState))


def _in_zone(cell: object, zone: tzinfo) -> object:
    """Return an instant as the authority's clock has it; anything else as it is."""
    return f"{cell.astimezone(zone):%d/%m/%Y %H:%M}" if isinstance(cell, datetime) else cell


def retry_message_command(message: Annotated[UUID, typer.Argument(help="Id of a message that was given up.")]) -> None:
    """Retry a dead message, as the officer of KIENNGHI_TOKEN."""
    settings = read_settings()
    credentials = credentials_for_approval(settings, bilingual_text("gửi lại tin", "a message is sent once more"))

    async def retrying(dsn: str, settings: Settings) -> Delivery:
        from service.alerts.retry import retry_message as tried_again

        async with ApplicationService.open(dsn, settings, vault_key=NO_VAULT_KEY) as office:
            command = RetryMessage(occurred_on=office.today, message_id=message)
            return await tried_again(office, command, credentials)

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        delivery = run_coroutine(retrying(dsn, settings))
    show_line(f"{message}: {delivery.state} again, for {OfficerId(delivery.composed.addressee)}")
