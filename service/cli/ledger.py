"""Shows the clocks of a petition: ledger."""

from datetime import date
from typing import Annotated

import typer

from domain.labels import Language
from domain.units.unit import UnitRegister
from projections import case_file_clocks
from projections.case_file_clocks import ClockLine
from projections.clocks_text import clocks_text
from service.approvals.law_changes import refresh_law_changes
from service.bootstrap import NO_VAULT_KEY, reachable_database, require_migrated, run_coroutine
from service.cli.context import On
from service.cli.known_at import KnownAtOption, petition_as_known
from service.cli.output import AsJson, show_json
from service.commands.office import ApplicationService
from service.commands.results import UnknownPetition
from service.config.settings import Settings, read_settings
from service.security.keys import existing_vault_key


def show_ledger(
    reference: Annotated[str, typer.Argument(help="Register number, source:key of an imported case, or id.")],
    on: On = None,
    lang: Annotated[Language, typer.Option(help="Of the sentences.")] = "vi",
    known_at: KnownAtOption = None,
    as_json: AsJson = False,
) -> None:
    """Show every clock of a petition: what moved it, how late it is, and which unit held it on which days."""
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        day, lines, units = run_coroutine(_read_ledger(dsn, settings, reference, on, lang, known_at))
    if as_json:
        show_json(
            {"reference": reference, "on": day, "clocks": [case_file_clocks.clock_line_json(line) for line in lines]}
        )
    else:
        print(clocks_text(lines, lang, units), end="")


async def _read_ledger(
    dsn: str, settings: Settings, reference: str, on: date | None, lang: Language, known_at: str | None
) -> tuple[date, list[ClockLine], UnitRegister]:
    async with ApplicationService.open(dsn, settings, vault_key=existing_vault_key(settings) or NO_VAULT_KEY) as office:
        petition_id = await office.queries.petition_id_of(reference)
        history = [] if petition_id is None else await office.queries.history(petition_id)
        if not history:
            raise UnknownPetition
        await refresh_law_changes(office)
        then = await petition_as_known(office, history, known_at)
        day = on or then.today
        lines = case_file_clocks.clock_lines(then.history, day, then.law, lang)
        return day, lines, await office.queries.units()
