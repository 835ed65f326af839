"""Imports past cases: import."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, NamedTuple, TextIO

import typer

from domain.actor import Credentials
from service.bootstrap import migrated_database, run_coroutine, running_office
from service.cli.context import wait_for_views
from service.cli.identity import PositionOption, UnitOption, credentials_for_import
from service.cli.output import AsJson, bar, say, show_json, show_line, show_table
from service.config.settings import Settings, read_settings
from service.imports.importing import import_file
from service.imports.mapping import ImportMapping, load_mapping
from service.imports.results import ImportSummary
from service.security.keys import load_or_create_keys


def import_cases_command(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, XES or OCEL (JSON), also packed with gzip.")],
    mapping: Annotated[Path, typer.Option(help="TOML: which column says what (docs/reference/import-mapping.md).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report on every row and write nothing.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Take text that does not look like Vietnamese (a wrong encoding?).")
    ] = False,
    take_over: Annotated[
        list[str] | None,
        typer.Option(help="Key of a case of which the source tells more since, such as the answer; '*' for all."),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write one JSON line a case to this file.")] = None,
    officer: Annotated[str | None, typer.Option(help="Code of who imports; the account's name if left out.")] = None,
    unit: UnitOption = None,
    position: PositionOption = None,
    as_json: AsJson = False,
) -> None:
    """Import past cases. A second run adds only what is missing. The exit code is 1 if some rows could not be read."""
    settings = read_settings()
    credentials = credentials_for_import(settings, officer, unit, position)
    understood = load_mapping(mapping)
    options = _Options(dry_run, force, frozenset(take_over or ()))
    with (
        report.open("w", encoding="utf-8") if report else nullcontext() as lines,
        file.open("rb"),  # a file that is not there makes no database
        migrated_database(settings) as dsn,
    ):
        summary = run_coroutine(_run_import(dsn, settings, file, understood, credentials, options, lines))
    if as_json:
        show_json(_summary_as_json(summary))
    else:
        _print_import_summary(summary)
    if not summary.complete:
        say("some cases are not in the log as the file tells them: --report FILE lists each with its reason")
        raise typer.Exit(1)


class _Options(NamedTuple):
    """Holds what an import may do."""

    dry_run: bool
    force: bool
    take_over: frozenset[str]


async def _run_import(
    dsn: str,
    settings: Settings,
    file: Path,
    mapping: ImportMapping,
    credentials: Credentials,
    options: _Options,
    report: TextIO | None,
) -> ImportSummary:
    async with running_office(dsn, settings, vault_key=load_or_create_keys(settings).vault) as (office, views):
        with bar("cases") as moved:
            summary = await import_file(
                office, file, mapping, credentials, **options._asdict(), report=report, progress=moved
            )
        if not options.dry_run:
            await wait_for_views(views)
        return summary


def _summary_as_json(summary: ImportSummary) -> dict[str, object]:
    return {
        "source": summary.source,
        "dry_run": summary.dry_run,
        "rows": summary.rows,
        "cases": summary.cases,
        "outcomes": {outcome.value: count for outcome, count in sorted(summary.outcomes.items())},
        "flagged": summary.flagged,
        "flags": dict(sorted(summary.flags.items())),
        "noted": summary.noted,
        "units_opened": summary.units_opened,
        "columns_left_out": summary.columns_left_out,
        "profile": summary.profile.as_json(),
        "remarks": summary.remarks,
        "complete": summary.complete,
    }


def _print_import_summary(summary: ImportSummary) -> None:
    show_line(
        f"{summary.source}: {summary.rows} rows, {summary.cases} cases" + (" (dry run)" if summary.dry_run else "")
    )
    counts = [(outcome.value.replace("_", " "), count) for outcome, count in sorted(summary.outcomes.items())]
    counts += [(f"  flagged: {flag.replace('_', ' ')}", count) for flag, count in sorted(summary.flags.items())]
    show_table(("outcome", "cases"), [*counts, ("with notes", summary.noted)])
    if summary.units_opened:
        verb = "would be opened" if summary.dry_run else "opened"
        show_line(f"units {verb}: {', '.join(summary.units_opened)}")
    for sentence in (*summary.profile.sentences(), *summary.remarks):
        show_line(str(sentence))
    if summary.columns_left_out:
        show_line(f"columns that the mapping leaves out: {', '.join(summary.columns_left_out)}")
