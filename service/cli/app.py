"""Declares the command `kiennghi` and loads each subcommand when it is named.

Importing every subcommand takes ten times as long as printing the help, so the help is written here and a subcommand's
module is imported only when a person calls it.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group


class Subcommand(NamedTuple):
    """Says where a subcommand is declared and what the list of subcommands shows about it.

    `attribute` of `service.cli.<module>` is a function, or a `typer.Typer` with subcommands. `help` begins as
    the whole help of the subcommand does, and may be shorter.
    """

    module: str
    attribute: str
    help: str


SUBCOMMANDS: Mapping[str, Subcommand] = {
    "run": Subcommand("serving", "serve_from_nothing", "Set up everything and serve"),
    "serve": Subcommand("serving", "serve_migrated", "Serve over HTTP on a migrated database"),
    "migrate": Subcommand("serving", "migrate_command", "Migrate the database to the schema of this version"),
    "cases": Subcommand("cases", "list_cases_command", "List the petitions that a figure of the units counts"),
    "late-entries": Subcommand(
        "late_entries",
        "list_late_entries_command",
        "List the acts that were entered late, or are dated before a due date that had passed",
    ),
    "overdue": Subcommand("queries", "list_overdue_command", "List what is overdue on a day"),
    "restated": Subcommand("restated", "show_restated", "Compare what was known at a moment with what is known now"),
    "meetings": Subcommand(
        "meetings",
        "list_meetings_command",
        "List the meetings of a period, their figures, or the petitions that a figure counts",
    ),
    "meeting": Subcommand("meetings", "show_meeting", "Show everything that happened to a meeting, in order"),
    "duties": Subcommand("meeting_follow_up", "show_duties", "Show how often each head had to meet the people and did"),
    "conclusions": Subcommand("meeting_follow_up", "show_conclusions", "Show which units issue notices after meetings"),
    "hot-spots": Subcommand(
        "meeting_follow_up",
        "show_hot_spots",
        "Show where mass, level-skipping, repeated and long-running petitions gather",
    ),
    "history": Subcommand("queries", "show_history", "Show everything that happened to a petition, in order"),
    "duplicates": Subcommand(
        "duplicates", "list_duplicates_command", "List the petitions that this one may repeat, the most similar first"
    ),
    "explain": Subcommand("deadlines", "explain_deadlines", "Explain every time limit of a petition"),
    "deadline": Subcommand("deadlines", "count_deadline", "Count the last day of a time limit"),
    "ledger": Subcommand("ledger", "show_ledger", "Show every clock of a petition"),
    "responsible": Subcommand(
        "responsibility", "show_responsible", "Show who was responsible for a petition on a day and before"
    ),
    "token": Subcommand("identity", "print_token", "Print an access token"),
    "rebuild": Subcommand("maintenance", "rebuild_views_command", "Rebuild views from the log"),
    "check": Subcommand("maintenance", "check_settings", "Show the settings in force without secrets"),
    "doctor": Subcommand(
        "doctor", "examine_service", "Check server, privileges, log, registers, views, keys and calendar"
    ),
    "seal": Subcommand("verifying", "seal_log", "Take the log into its tree and sign checkpoints until ended"),
    "verify": Subcommand("verifying", "verify_command", "Verify the whole log against its tree and every checkpoint"),
    "prove": Subcommand("verifying", "prove_petition", "Write the proof of all signed events of a petition"),
    "checkpoint": Subcommand("checkpoints", "checkpoint", "Sign, show and countersign checkpoints of the log"),
    "import": Subcommand("importing", "import_cases_command", "Import past cases"),
    "export": Subcommand("exporting", "export", "Export the log for process mining"),
    "imports": Subcommand("imports", "imports", "List what was imported, and withdraw imports that were wrong"),
    "erase": Subcommand(
        "erasures", "erase", "Erase the personal data of a petition, under a decision and by two officers"
    ),
    "correct": Subcommand("corrections", "correct", "Put right what was typed, or reverse an ending, by two officers"),
    "law": Subcommand("law", "law", "Review, propose and approve changes of the law"),
    "sheet": Subcommand("sheets", "sheet", "Make and load the sheets of a meeting without a network"),
    "units": Subcommand("units", "units", "Show the figures of each unit"),
    "alerts": Subcommand("alerts", "alerts", "Raise alerts, send their messages, and list them"),
    "contacts": Subcommand("contacts", "contacts", "Keep the addresses at which alerts reach officers and units"),
}


class LazyGroup(TyperGroup):
    """Imports the module of a subcommand when a person names it, and says in plain words what is wrong with it."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer hands its own context on
        """Return the names of all subcommands, in the order of the help."""
        del ctx
        return list(SUBCOMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]
        """Return the subcommand, importing its module if need be; None if there is none of this name."""
        del ctx
        return self.load(cmd_name) if cmd_name in SUBCOMMANDS else None

    def load(self, name: str) -> TyperCommand | TyperGroup:
        """Return the subcommand `name`, importing its module if need be."""
        if name not in self.commands:
            self.commands[name] = _declare(name, SUBCOMMANDS[name])
        command = self.commands[name]
        assert isinstance(command, TyperCommand | TyperGroup)
        return command

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]
        """Return the subcommand that `args` names; an unknown one ends with the names that are nearly alike."""
        if args and args[0] not in SUBCOMMANDS and (alike := get_close_matches(args[0], SUBCOMMANDS)):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {', '.join(map(repr, alike))}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: typer.Context, formatter: Any) -> None:  # type: ignore[override]
        """Write the list of subcommands into the help without importing any of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, f"{subcommand.help}.") for name, subcommand in SUBCOMMANDS.items()])

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Run the subcommand; a wrong option is named without the prefix of the library that reads options."""
        from service.observability.log_setup import configure_logging  # structlog: the help needs none

        configure_logging("warning")
        try:
            return super().invoke(ctx)
        except typer.BadParameter as wrong:
            wrong.message = wrong.message.removeprefix("Value error, ")
            raise


def _declare(name: str, subcommand: Subcommand) -> Any:
    """Return the click command of a subcommand, its module imported."""
    declared = getattr(import_module(f"service.cli.{subcommand.module}"), subcommand.attribute)
    holder = typer.Typer(rich_markup_mode=None)
    holder.callback()(lambda: None)
    if isinstance(declared, typer.Typer):
        holder.add_typer(declared, name=name)
    else:
        holder.command(name)(declared)
    return get_group(holder).commands[name]


app = typer.Typer(
    name="kiennghi",
    cls=LazyGroup,
    help="Citizens' petitions, received, routed and settled on an append-only log.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version  # here: the help needs none

        print(f"kiennghi {version('kiennghi')}")
        raise typer.Exit


@app.callback()
def declare_options(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version of the program."),
    ] = False,
) -> None:
    """Declare the options that stand before a subcommand."""
