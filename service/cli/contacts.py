"""Commands on contacts: import, list, secret."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from domain.alerts.vocabulary import AlertChannel
from domain.errors import Refused
from projections.projection import Connection
from service.alerts.contacts import COLUMNS, all_contacts, read_contacts, take
from service.alerts.webhooks import secret_of
from service.bootstrap import NO_KEY, reachable_database, require_migrated, run_to_end
from service.cli.output import AsJson, show_json, show_table
from service.commands.office import Office
from service.config.settings import read_settings
from service.security.keys import keys

_T = TypeVar("_T")

contacts = typer.Typer(help="Where officers and units are reached by alerts.", no_args_is_help=True)


@contacts.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV: party,code,channel,address. Without an address: removed.")],
) -> None:
    """Enter, change and remove addresses; those that the file does not name stay. All of the file, or nothing."""
    given = read_contacts(file)
    entered, removed = _on_the_table(lambda connection: take(connection, given))
    print(f"{entered} entered, {removed} removed")


@contacts.command("list")
def list_(as_json: AsJson = False) -> None:
    """All addresses."""
    found = _on_the_table(all_contacts)
    if as_json:
        show_json({"contacts": [one._asdict() for one in found]})
    else:
        show_table(COLUMNS, found)


@contacts.command()
def secret(
    code: Annotated[str, typer.Argument(help="Of the officer or unit.")],
) -> None:
    """Print the signing secret of a webhook, for its receiver: it follows from the URL and the vault key."""
    vault_key = keys(read_settings()).vault
    found = _on_the_table(all_contacts)
    urls = [one.address for one in found if one.code == code and one.channel is AlertChannel.WEBHOOK]
    if not urls:
        raise Refused(f"“{code}” has no webhook")
    for url in urls:
        print(f"{url} {secret_of(url, vault_key)}")


def _on_the_table(work: Callable[[Connection], Awaitable[_T]]) -> _T:
    settings = read_settings()

    async def at_it(dsn: str) -> _T:
        async with (
            Office.open(dsn, settings, vault_key=NO_KEY, pool_size=2) as office,
            office.pool.connection() as connection,
        ):
            return await work(connection)

    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        return run_to_end(at_it(dsn))
