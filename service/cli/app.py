"""The commands of `kiennghi`, by module."""

from typing import Any

import typer
from typer.core import TyperGroup

from service.cli import (
    deadlines,
    doctor,
    duplicates,
    identity,
    importing,
    ledger,
    maintenance,
    meetings,
    outbox,
    queries,
    serving,
)
from service.cli.alerts import alerts
from service.cli.contacts import contacts
from service.cli.law import law
from service.cli.sheets import sheet
from service.cli.units import units


class InPlainWords(TyperGroup):
    """Says what is wrong with an option without the prefix of the library that typer reads options by."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # typer hands its own context on
        try:
            return super().invoke(ctx)
        except typer.BadParameter as wrong:
            wrong.message = wrong.message.removeprefix("Value error, ")
            raise


app = typer.Typer(
    name="kiennghi",
    cls=InPlainWords,
    help="Citizens' petitions, received, routed and settled on an append-only log.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for function in (
    serving.run,
    serving.serve,
    serving.migrate,
    queries.overdue,
    meetings.meetings,
    meetings.meeting,
    meetings.duties,
    meetings.conclusions,
    meetings.hot_spots,
    queries.history,
    duplicates.duplicates,
    deadlines.explain,
    deadlines.deadline,
    ledger.ledger,
    identity.token,
    maintenance.rebuild,
    maintenance.check,
    doctor.doctor,
):
    app.command()(function)
app.command("import")(importing.import_)
app.add_typer(law, name="law")
app.add_typer(sheet, name="sheet")
app.add_typer(units, name="units")
alerts.command()(outbox.outbox)
alerts.command()(outbox.retry)
app.add_typer(alerts, name="alerts")
app.add_typer(contacts, name="contacts")
