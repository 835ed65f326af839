"""Rebuilds views and shows the settings: rebuild, check."""

import time
from typing import Annotated

import typer
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from projections.projection import Projection
from projections.views import VIEWS
from service.alerts.ladder import load_ladder
from service.bootstrap import reachable_database, require_migrated, run_coroutine
from service.cli.output import AsJson, bar, say, show_json, show_table
from service.commands.office import ApplicationService
from service.config.law_files import law_of
from service.config.settings import Settings, read_settings
from service.projector.rebuild import rebuild_views as build_anew
from service.security.keys import load_or_create_keys


def rebuild_views_command(
    view: Annotated[str | None, typer.Argument(metavar="NAME", help="Of a view; all views if left out.")] = None,
) -> None:
    """Rebuild views from the log. Until the new tables are ready, requests read the present ones."""
    chosen = [one for one in VIEWS if view in (None, one.name)]
    if not chosen:
        raise typer.BadParameter(f"there is no view {view!r}, but: {', '.join(one.name for one in VIEWS)}")
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        run_coroutine(_rebuild_views(dsn, settings, [one() for one in chosen]))


async def _rebuild_views(dsn: str, settings: Settings, views: list[Projection]) -> None:
    async with ApplicationService.open(dsn, settings, vault_key=load_or_create_keys(settings).vault) as office:
        began = time.monotonic()
        with bar(", ".join(view.name for view in views)) as moved:
            events = await build_anew(office.pool, office.histories, office.vault, *views, progress=moved)
        rate = events / (time.monotonic() - began)
        for view in views:
            print(f"{view.name}: rebuilt from {events} events", flush=True)
        say(f"{rate:,.0f} events a second")


def check_settings(as_json: AsJson = False) -> None:
    """Show the settings in force without secrets. Fails if the service could not start with them."""
    settings = read_settings()
    values = {name: _setting_as_text(name, value) for name, value in settings}
    values["keys"] = _place_of_keys(settings)
    law_of(settings)  # says if a file of the site's rules or days is unusable
    load_ladder(settings)
    if as_json:
        show_json(values)
    else:
        show_table(("setting", "value"), values.items())


def _setting_as_text(name: str, value: object) -> object:
    if name in ("database_url", "owner_url") and isinstance(value, SecretStr):
        place = conninfo_to_dict(value.get_secret_value())
        place.pop("password", None)
        return " ".join(f"{part}={value}" for part, value in sorted(place.items()))
    return value if isinstance(value, int | None) else str(value)


def _place_of_keys(settings: Settings) -> str:
    if settings.token_key is not None and settings.vault_key is not None:
        return "given"
    if settings.database_url is not None:
        load_or_create_keys(settings)  # says which one is missing
    made = [name for name in ("token.key", "vault.key") if (settings.home / name).exists()]
    if len(made) == 2:
        load_or_create_keys(settings)  # says if they are unusable
        return f"in {settings.home}"
    return f"to be made in {settings.home} at the first start"
