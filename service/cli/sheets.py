"""Makes and loads the sheets of a meeting without a network: new, load."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from pydantic_core import to_json

from domain.actor import Credentials
from domain.vocabulary import MeetingId
from domain.written_forms import with_one_day
from service.bootstrap import NO_VAULT_KEY, reachable_database, require_migrated, run_coroutine, running_office
from service.cli.context import wait_for_views
from service.cli.identity import PositionOption, UnitOption, credentials_for_entry
from service.cli.output import AsJson, say, show_json, show_line, show_table
from service.commands.office import ApplicationService
from service.config.settings import Settings, read_settings
from service.security.keys import load_or_create_keys
from service.sheets.loading import LoadedSheet, load_sheet
from service.sheets.parse import FilledSheet, read_sheet_file
from service.sheets.template import PREPARED_ROWS, BlankSheet, make_blank_sheet, render_csv_sheet

sheet = typer.Typer(
    help="Make and load the sheets of a meeting without a network: petitions are written down there and loaded later.",
    no_args_is_help=True,
)


@sheet.command("new")
def make_sheet_command(
    meeting: Annotated[UUID, typer.Option(help="Id of the meeting.")],
    output: Annotated[Path, typer.Option(help="The file to make: .xlsx or .csv; none is overwritten.")],
    rows: Annotated[int, typer.Option(min=1, help="Petitions that it has room for.")] = PREPARED_ROWS,
) -> None:
    """Make an empty sheet for a meeting, to fill in with a spreadsheet program."""
    if output.suffix.lower() not in {".xlsx", ".csv"}:
        raise typer.BadParameter("the file to make is called .xlsx or .csv")
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        blank = run_coroutine(_blank_sheet_of(dsn, settings, MeetingId(meeting), rows))
    with output.open("xb") as file:
        file.write(render_sheet(blank, output.suffix.lower()))
    show_line(f"{output}: {blank.row_count} rows. {blank.title}")


@sheet.command("load")
def load_filled_sheet_command(
    file: Annotated[Path, typer.Argument(help="The filled sheet: XLSX or CSV.")],
    meeting: Annotated[UUID | None, typer.Option(help="Refuse the sheet of any other meeting.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Decide on every row and write nothing.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write one JSON line a row to this file.")] = None,
    officer: Annotated[str | None, typer.Option(help="Code of who enters it.")] = None,
    unit: UnitOption = None,
    position: PositionOption = None,
    confirm: Annotated[
        list[str] | None, typer.Option(metavar="DOUBT", help="Code of a doubt that is meant, in all rows; repeatable.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Load the petitions of a filled sheet. Loading it again adds nothing. Exit code 1: some rows were not taken."""
    settings = read_settings()
    credentials = credentials_for_entry(settings, officer, unit, position)
    filled = read_sheet_file(file)
    meeting_id = None if meeting is None else MeetingId(meeting)
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        loaded = run_coroutine(
            _load_rows(dsn, settings, filled, credentials, meeting_id, dry_run, frozenset(confirm or ()))
        )
    if report is not None:
        report.write_bytes(b"".join(to_json(asdict(row)) + b"\n" for row in loaded.rows))
    if as_json:
        show_json(loaded.as_json())
    else:
        _print_loaded(loaded)
    if not loaded.complete:
        say("some rows are not in the log as the sheet tells them: each says why")
        raise typer.Exit(1)


def render_sheet(blank: BlankSheet, suffix: str) -> bytes:
    if suffix == ".csv":
        return render_csv_sheet(blank)
    from service.sheets.template_xlsx import render_xlsx_sheet  # here: openpyxl takes long to load

    return render_xlsx_sheet(blank)


async def _blank_sheet_of(dsn: str, settings: Settings, meeting_id: MeetingId, rows: int) -> BlankSheet:
    async with ApplicationService.open(dsn, settings, vault_key=NO_VAULT_KEY, pool_size=2) as office:
        return await make_blank_sheet(office, meeting_id, rows)


async def _load_rows(
    dsn: str,
    settings: Settings,
    filled: FilledSheet,
    credentials: Credentials,
    meeting_id: MeetingId | None,
    dry_run: bool,
    confirm: frozenset[str],
) -> LoadedSheet:
    async with running_office(dsn, settings, vault_key=load_or_create_keys(settings).vault) as (office, views):
        loaded = await load_sheet(office, filled, credentials, meeting_id=meeting_id, dry_run=dry_run, confirm=confirm)
        if not dry_run:
            await wait_for_views(views)
        return loaded


def _print_loaded(loaded: LoadedSheet) -> None:
    show_table(
        ("row", "outcome", "reference", "reason"),
        ((row.row, row.outcome.value.replace("_", " "), row.reference, row.reason) for row in loaded.rows),
    )
    counts = ", ".join(f"{count} {outcome.value.replace('_', ' ')}" for outcome, count in loaded.outcomes.items())
    late = (
        "the same day" if loaded.days_after == 0 else with_one_day(f"{loaded.days_after} days after the meeting", "en")
    )
    show_line(f"{counts or 'no row is filled in'}{' (dry run)' if loaded.dry_run else ''}; entered {late}")
