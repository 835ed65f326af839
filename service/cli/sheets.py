"""Commands on the sheet that goes to a meeting without a network: new, load."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic_core import to_json

from domain.actor import Credentials
from domain.vocabulary import MeetingId
from service.bootstrap import NO_KEY, at_work, reachable_database, require_migrated, run_to_end
from service.cli.context import caught_up
from service.cli.identity import Position, Unit, who_enters
from service.cli.output import AsJson, say, show_json, show_table
from service.commands.office import Office
from service.config.settings import Settings, read_settings
from service.security.keys import keys
from service.sheets.loading import LoadedSheet, load_sheet
from service.sheets.parse import FilledSheet, read_file
from service.sheets.template import ROWS, Blank, blank_sheet, csv_file

sheet = typer.Typer(help="What was raised at a meeting without a network, loaded later.", no_args_is_help=True)


@sheet.command()
def new(
    meeting: Annotated[UUID, typer.Option(help="Id of the meeting.")],
    output: Annotated[Path, typer.Option(help="The file to make: .xlsx or .csv; none is overwritten.")],
    rows: Annotated[int, typer.Option(min=1, help="Petitions that it has room for.")] = ROWS,
) -> None:
    """Make an empty sheet for a meeting, to be filled in with a spreadsheet program."""
    if output.suffix.lower() not in {".xlsx", ".csv"}:
        raise typer.BadParameter("the file to make is called .xlsx or .csv")
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        blank = run_to_end(_blank(dsn, settings, MeetingId(meeting), rows))
    with output.open("xb") as file:
        file.write(written(blank, output.suffix.lower()))
    print(f"{output}: {blank.rows} rows. {blank.title}")


@sheet.command()
def load(
    file: Annotated[Path, typer.Argument(help="The filled sheet: XLSX or CSV.")],
    meeting: Annotated[UUID | None, typer.Option(help="Refuse the sheet of any other meeting.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decide on every row and write nothing.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write one JSON line a row to this file.")] = None,
    officer: Annotated[str | None, typer.Option(help="Code of who enters it.")] = None,
    unit: Unit = None,
    position: Position = None,
    as_json: AsJson = False,
) -> None:
    """Enter the petitions of a filled sheet. Loaded again, it adds nothing; exit code 1 if some rows were not taken."""
    settings = read_settings()
    credentials = who_enters(settings, officer, unit, position)
    filled = read_file(file)
    meeting_id = None if meeting is None else MeetingId(meeting)
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        loaded = run_to_end(_load(dsn, settings, filled, credentials, meeting_id, dry_run))
    if report is not None:
        report.write_bytes(b"".join(to_json(asdict(row)) + b"\n" for row in loaded.rows))
    if as_json:
        show_json(loaded.as_json())
    else:
        _show(loaded)
    if not loaded.complete:
        say("some rows are not in the log as the sheet tells them: each says why")
        raise typer.Exit(1)


def written(blank: Blank, suffix: str) -> bytes:
    if suffix == ".csv":
        return csv_file(blank)
    from service.sheets.template_xlsx import xlsx_file  # here: openpyxl takes long to load

    return xlsx_file(blank)


async def _blank(dsn: str, settings: Settings, meeting_id: MeetingId, rows: int) -> Blank:
    async with Office.open(dsn, settings, vault_key=NO_KEY, pool_size=2) as office:
        return await blank_sheet(office, meeting_id, rows)


async def _load(
    dsn: str,
    settings: Settings,
    filled: FilledSheet,
    credentials: Credentials,
    meeting_id: MeetingId | None,
    dry_run: bool,
) -> LoadedSheet:
    async with at_work(dsn, settings, vault_key=keys(settings).vault) as (office, views):
        loaded = await load_sheet(office, filled, credentials, meeting_id=meeting_id, dry_run=dry_run)
        if not dry_run:
            await caught_up(views)
        return loaded


def _show(loaded: LoadedSheet) -> None:
    show_table(
        ("row", "outcome", "reference", "reason"),
        ((row.row, row.outcome.value.replace("_", " "), row.reference, row.reason) for row in loaded.rows),
    )
    counts = ", ".join(f"{count} {outcome.value.replace('_', ' ')}" for outcome, count in loaded.outcomes.items())
    late = "the same day" if loaded.days_after == 0 else f"{loaded.days_after} days after the meeting"
    print(f"{counts or 'no row is filled in'}{' (dry run)' if loaded.dry_run else ''}; entered {late}")
