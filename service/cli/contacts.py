"""Keeps the addresses of officers and units: import, list, secret."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from domain.alerts.vocabulary import AlertChannel
from domain.errors import Refused
from projections.projection import Connection
from service.alerts.contacts import CONTACT_COLUMNS, list_contacts, read_contacts_file, save_contacts
from service.alerts.webhooks import webhook_secret
from service.bootstrap import NO_VAULT_KEY, reachable_database, require_migrated, run_coroutine
from service.cli.output import AsJson, show_json, show_line, show_table
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.config.settings import read_settings
from service.security.keys import load_or_create_keys

_T = TypeVar("_T")

contacts = typer.Typer(help="Keep the addresses at which alerts reach officers and units.", no_args_is_help=True)


@contacts.command("import")
def import_addresses(
    file: Annotated[Path, typer.Argument(help="CSV: party,code,channel,address. Without an address: removed.")],
) -> None:
    """Import addresses: enter, change and remove them, all or none. Addresses that the file does not name stay."""
    given = read_contacts_file(file)
    entered, removed = _with_contacts_table(lambda connection: save_contacts(connection, given))
    show_line(f"{entered} entered, {removed} removed")


@contacts.command("list")
def list_addresses(as_json: AsJson = False) -> None:
    """List all addresses."""
    found = _with_contacts_table(list_contacts)
    if as_json:
        show_json({"contacts": [one._asdict() for one in found]})
    else:
        show_table(CONTACT_COLUMNS, found)


@contacts.command("secret")
def show_webhook_secret(
    code: Annotated[str, typer.Argument(help="Of the officer or unit.")],
) -> None:
    """Print the signing secret of a webhook for its receiver. It follows from the URL and the vault key."""
    vault_key = load_or_create_keys(read_settings()).vault
    found = _with_contacts_table(list_contacts)
    urls = [one.address for one in found if one.code == code and one.channel is AlertChannel.WEBHOOK]
    if not urls:
        raise Refused(ServiceRefusal.NO_WEBHOOK, code=code)
    for url in urls:
        show_line(f"{url} {webhook_secret(url, vault_key)}")


def _with_contacts_table(work: Callable[[Connection], Awaitable[_T]]) -> _T:
    settings = read_settings()

    async def at_it(dsn: str) -> _T:
        async with (
            ApplicationService.open(dsn, settings, vault_key=NO_VAULT_KEY, pool_size=2) as office,
            office.pool.connection() as connection,
        ):
            return await work(connection)

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        return run_coroutine(at_it(dsn))
