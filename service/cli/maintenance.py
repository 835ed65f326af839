"""Commands for whoever keeps the service: rebuild, check."""

import time
from typing import Annotated

import typer
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from projections.projection import Projection
from projections.views import VIEWS
from service.alerts.ladder import ladder_of
from service.bootstrap import NO_KEY, reachable_database, require_migrated, run_to_end
from service.cli.output import AsJson, bar, say, show_json, show_table
from service.commands.office import Office
from service.config.law_files import law_of
from service.config.settings import Settings, read_settings
from service.projector.rebuild import rebuild as build_anew
from service.security.keys import keys


def rebuild(
    view: Annotated[str | None, typer.Argument(metavar="NAME", help="Of a view; all views if left out.")] = None,
) -> None:
    """Build views anew from the log, beside those that serve."""
    chosen = [one for one in VIEWS if view in (None, one.name)]
    if not chosen:
        raise typer.BadParameter(f"there is no view {view!r}, but: {', '.join(one.name for one in VIEWS)}")
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        run_to_end(_rebuild(dsn, settings, [one() for one in chosen]))


async def _rebuild(dsn: str, settings: Settings, views: list[Projection]) -> None:
    async with Office.open(dsn, settings, vault_key=NO_KEY) as office:
        began = time.monotonic()
        with bar(", ".join(view.name for view in views)) as moved:
            events = await build_anew(office.pool, office.histories, *views, progress=moved)
        rate = events / (time.monotonic() - began)
        for view in views:
            print(f"{view.name}: rebuilt from {events} events", flush=True)
        say(f"{rate:,.0f} events a second")


def check(as_json: AsJson = False) -> None:
    """The settings in force, secrets left out; fails if they would keep the service from starting."""
    settings = read_settings()
    told = {name: _shown(name, value) for name, value in settings}
    told["keys"] = _where_keys_are(settings)
    law_of(settings)  # says if a file of the site's rules or days is unusable
    ladder_of(settings)
    if as_json:
        show_json(told)
    else:
        show_table(("setting", "value"), told.items())


def _shown(name: str, value: object) -> object:
    if name == "database_url" and isinstance(value, SecretStr):
        place = conninfo_to_dict(value.get_secret_value())
        place.pop("password", None)
        return " ".join(f"{part}={said}" for part, said in sorted(place.items()))
    return value if isinstance(value, int | None) else str(value)


def _where_keys_are(settings: Settings) -> str:
    if settings.token_key is not None and settings.vault_key is not None:
        return "given"
    if settings.database_url is not None:
        keys(settings)  # says which one is missing
    made = [name for name in ("token.key", "vault.key") if (settings.home / name).exists()]
    if len(made) == 2:
        keys(settings)  # says if they are unusable
        return f"in {settings.home}"
    return f"to be made in {settings.home} at the first start"
