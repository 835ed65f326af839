"""Issues tokens, and finds the officer in whose name a command records something."""

import getpass
import os
from typing import Annotated

import psycopg
import structlog
import typer

from domain.actor import Credentials, Role
from domain.errors import Refused
from domain.labels import BilingualText
from service.bootstrap import NO_VAULT_KEY, reachable_database, require_database, run_coroutine
from service.cli.output import say
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.config.settings import Settings, read_settings
from service.postgres.pools import DatabaseUnreachable, has_database
from service.security.keys import load_or_create_keys

TOKEN = "KIENNGHI_TOKEN"  # noqa: S105 - the name of a variable

UnitOption = Annotated[str | None, typer.Option(help="Code of the officer's unit.")]
PositionOption = Annotated[str | None, typer.Option(help="Title held today.")]


def print_token(
    officer: Annotated[str, typer.Argument(help="Code of the officer.")],
    unit: UnitOption = None,
    position: PositionOption = None,
    role: Annotated[list[Role] | None, typer.Option(help="May be repeated.")] = None,
    acting_for: Annotated[str | None, typer.Option(help="Code of the officer who is acted for.")] = None,
    hours: Annotated[float, typer.Option(min=0.01, max=24 * 31)] = 8,
) -> None:
    """Print an access token. Unit, position and roles of officers of the demonstration are filled in."""
    from service import demo
    from service.security import tokens

    known = demo.demo_officer(officer)
    if known is None and (unit is None or position is None or not role):
        raise typer.BadParameter(
            f"say --unit, --position and --role: {officer!r} is none of the made-up officers, whose are filled in"
        )
    settings = read_settings()
    credentials = Credentials(
        officer=officer,
        unit=unit or (known.unit if known else ""),
        position=position or (known.position if known else ""),
        acting_for=acting_for,
        roles=frozenset(role or (known.roles if known else ())),
    )
    key = load_or_create_keys(settings).token
    _warn_of_unknown_unit(settings, credentials.unit)
    print(tokens.issue_token(credentials, key, hours=hours))


def _warn_of_unknown_unit(settings: Settings, unit: str) -> None:
    """Say so on stderr if the register has no such unit. Without a database nothing is checked: a token needs none."""
    if not has_database(settings):
        return
    try:
        with reachable_database(settings) as dsn:
            is_known = run_coroutine(_unit_is_registered(dsn, settings, unit))
    except (DatabaseUnreachable, psycopg.Error) as error:
        structlog.get_logger("kiennghi.cli").warning("unit_not_looked_up", error=type(error).__name__)
        return
    if not is_known:
        say(f"beware: the register has no unit {unit!r}")


async def _unit_is_registered(dsn: str, settings: Settings, unit: str) -> bool:
    async with ApplicationService.open(dsn, settings, vault_key=NO_VAULT_KEY, pool_size=2) as office:
        return unit in await office.queries.units()


def credentials_for_approval(settings: Settings, what: BilingualText) -> Credentials:
    """Return the credentials of the token in KIENNGHI_TOKEN.

    Raise Refused if there is no token; `what` says for what it is needed: the act in Vietnamese, a sentence in English.
    Two officers must have two tokens: if names were typed, one person could propose and approve under two names.
    """
    given = os.environ.get(TOKEN)
    if not given:
        raise Refused(ServiceRefusal.NEEDS_TOKEN, what=what, variable=TOKEN)
    require_database(settings)
    from service.security import tokens

    return tokens.verify_token(given, load_or_create_keys(settings).token)


def credentials_for_import(
    settings: Settings, officer: str | None, unit: str | None, position: str | None
) -> Credentials:
    """Return the credentials of the token in KIENNGHI_TOKEN, or else those named, by default the account's own name.

    Whoever may start this command holds the database already: it grants the roles that an import needs.
    """
    if (known := _credentials_of_token(settings, officer, unit, position)) is not None:
        return known
    return Credentials(
        officer=officer or getpass.getuser(),
        unit=unit or "import",
        position=position or "Quản trị hệ thống",
        roles=frozenset({Role.IMPORTER, Role.ADMINISTRATOR}),
    )


def credentials_for_entry(
    settings: Settings, officer: str | None, unit: str | None, position: str | None
) -> Credentials:
    """Return the credentials of the token in KIENNGHI_TOKEN, or else those named, in full: petitions bear that name.

    Whoever may start this command holds the database already: it grants the roles that a meeting's petitions need.
    """
    if (known := _credentials_of_token(settings, officer, unit, position)) is not None:
        return known
    if not (officer and unit and position):
        raise typer.BadParameter(f"say who enters it: {TOKEN}, or --officer, --unit and --position")
    roles = frozenset({Role.RECEIVER, Role.CLASSIFIER, Role.HEAD})
    return Credentials(officer=officer, unit=unit, position=position, roles=roles)


def _credentials_of_token(
    settings: Settings, officer: str | None, unit: str | None, position: str | None
) -> Credentials | None:
    given = os.environ.get(TOKEN)
    if not given:
        return None
    if officer or unit or position:
        raise typer.BadParameter(f"{TOKEN} says who you are: leave out --officer, --unit and --position")
    from service.security import tokens

    return tokens.verify_token(given, load_or_create_keys(settings).token)
