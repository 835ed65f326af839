"""Exports the log for process mining: xes, ocel."""

from pathlib import Path
from typing import Annotated

import typer

from service.bootstrap import NO_VAULT_KEY, reachable_database, require_migrated, run_coroutine
from service.cli.known_at import KnownAtOption, find_moment
from service.cli.output import AsJson, bar, show_json, show_line
from service.commands.office import ApplicationService
from service.config.settings import Settings, read_settings
from service.exports.exporting import ExportCounts, LogFormat, export_log
from service.exports.petition_pages import ExportScope
from service.security.keys import existing_vault_key

export = typer.Typer(
    help="Export the log for process mining. No export names a petitioner or holds a text of a protected petition.",
    no_args_is_help=True,
)

OutOption = Annotated[
    Path, typer.Option("--out", help="The file to make, packed if it is called .gz; none is overwritten.")
]
TextsOption = Annotated[
    bool, typer.Option("--texts", help="With summaries, places and answers of petitions that are not protected.")
]


@export.command("xes")
def export_xes_command(
    out: OutOption, texts: TextsOption = False, known_at: KnownAtOption = None, as_json: AsJson = False
) -> None:
    """Export the log as XES (IEEE 1849-2016): a trace for each petition."""
    _export(out, LogFormat.XES, texts, known_at, as_json)


@export.command("ocel")
def export_ocel_command(
    out: OutOption, texts: TextsOption = False, known_at: KnownAtOption = None, as_json: AsJson = False
) -> None:
    """Export the log as OCEL 2.0 (JSON): events of petitions, officers and units."""
    _export(out, LogFormat.OCEL, texts, known_at, as_json)


def _export(out: Path, form: LogFormat, texts: bool, known_at: str | None, as_json: bool) -> None:
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        known, counts = run_coroutine(_write(dsn, settings, out, form, texts, known_at))
    if as_json:
        show_json({"file": str(out), "known_at": known, "petitions": counts.petitions, "events": counts.events})
    else:
        show_line(
            f"{out}: {counts.petitions} vụ việc, {counts.events} sự kiện, theo nhật ký đến vị trí {known} /"
            f" {counts.petitions} petitions, {counts.events} events, as known at position {known} of the log"
        )


async def _write(
    dsn: str, settings: Settings, out: Path, form: LogFormat, texts: bool, known_at: str | None
) -> tuple[int, ExportCounts]:
    async with ApplicationService.open(dsn, settings, vault_key=existing_vault_key(settings) or NO_VAULT_KEY) as office:
        if known_at is None:
            known = await office.histories.last_position()
        else:
            known = (await find_moment(office, known_at)).position
        with bar("log") as moved:
            return known, await export_log(office, out, form, ExportScope(known, texts), moved)
