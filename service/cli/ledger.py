"""The command `ledger`."""

from datetime import date
from typing import Annotated

import typer

from domain.deadlines.ledger import ledger_of
from domain.labels import Language
from projections import case_file_clocks
from projections.case_file_clocks import ClockLine
from service.approvals.law_changes import changes_of_law
from service.bootstrap import NO_KEY, reachable_database, require_migrated, run_to_end
from service.cli.context import On
from service.cli.output import AsJson, show_json
from service.commands.office import Office, UnknownPetition
from service.config.settings import Settings, read_settings


def ledger(
    reference: Annotated[str, typer.Argument(help="Register number, source:key of an imported case, or id.")],
    on: On = None,
    lang: Annotated[Language, typer.Option(help="Of the sentences.")] = "vi",
    as_json: AsJson = False,
) -> None:
    """Every clock of a petition: what moved it, how late it is, and whose days they were."""
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        day, lines = run_to_end(_read(dsn, settings, reference, on, lang))
    if as_json:
        show_json({"reference": reference, "on": day, "clocks": [case_file_clocks.as_json(line) for line in lines]})
    else:
        print(case_file_clocks.text(lines, lang), end="")


async def _read(
    dsn: str, settings: Settings, reference: str, on: date | None, lang: Language
) -> tuple[date, list[ClockLine]]:
    async with Office.open(dsn, settings, vault_key=NO_KEY) as office:
        petition_id = await office.petition_id_of(reference)
        history = [] if petition_id is None else await office.history(petition_id)
        if not history:
            raise UnknownPetition
        await changes_of_law(office)
        day = on or office.today
        return day, case_file_clocks.clock_lines(ledger_of(history), day, office.law, lang)
