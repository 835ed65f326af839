"""Commands on messages: outbox, retry."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from domain.alerts.commands import RetryMessage
from domain.alerts.delivery import Delivery, MessageState
from domain.vocabulary import OfficerId
from projections import outbox as outbox_view
from projections.outbox import OutboxItem
from projections.projection import Connection
from service.bootstrap import NO_KEY, reachable_database, require_migrated, run_to_end
from service.cli.context import read
from service.cli.identity import who_decides
from service.cli.output import AsJson, show_json, show_table
from service.commands.office import Office
from service.config.settings import Settings, read_settings


def outbox(
    dead: Annotated[bool, typer.Option("--dead", help="Only those that were given up.")] = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those that still have to go.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Messages and what became of them, the newest first: waiting, sent, or dead."""
    if dead and waiting:
        raise typer.BadParameter("a message is dead or waits: choose one of --dead and --waiting")
    state = MessageState.DEAD if dead else MessageState.WAITING if waiting else None

    async def reading(_: Office, connection: Connection) -> tuple[list[OutboxItem], dict[MessageState, int]]:
        return await outbox_view.listed(connection, state=state, limit=limit), await outbox_view.counts(connection)

    found, counts = read(reading)
    if as_json:
        show_json({"counts": counts, "messages": [asdict(one) for one in found]})
        return
    columns = ("message_id", "addressee", "channel", "lines", "composed_at", "state", "attempts", "next_at", "reason")
    show_table(
        [column.replace("_", " ") for column in columns],
        ([getattr(one, column) for column in columns] for one in found),
    )
    print(", ".join(f"{counts.get(state, 0)} {state}" for state in MessageState))


def retry(message: Annotated[UUID, typer.Argument(help="Id of a message that was given up.")]) -> None:
    """Have a dead message tried again, in the name of whoever KIENNGHI_TOKEN says."""
    settings = read_settings()
    credentials = who_decides(settings, "a message is sent once more")

    async def retrying(dsn: str, settings: Settings) -> Delivery:
        from service.alerts.retry import retry as tried_again

        async with Office.open(dsn, settings, vault_key=NO_KEY) as office:
            command = RetryMessage(occurred_on=office.today, message_id=message)
            return await tried_again(office, command, credentials)

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        delivery = run_to_end(retrying(dsn, settings))
    print(f"{message}: {delivery.state} again, for {OfficerId(delivery.composed.addressee)}")
