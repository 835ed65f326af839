"""The commands of `kiennghi`, by module."""

import typer

from service.cli import deadlines, deciding, doctor, importing, ledger, reading, serving, upkeep
from service.cli.law import law

app = typer.Typer(
    name="kiennghi",
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
    reading.overdue,
    reading.units,
    reading.meetings,
    reading.history,
    deadlines.explain,
    deadlines.deadline,
    ledger.ledger,
    deciding.token,
    upkeep.rebuild,
    upkeep.check,
    doctor.doctor,
):
    app.command()(function)
app.command("import")(importing.import_)
app.add_typer(law, name="law")
