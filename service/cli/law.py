"""Reviews, proposes, approves and applies changes of law: review, propose, approve, apply, changes."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from domain.deadlines.deadline import Deadline
from domain.errors import Refused
from domain.law_changes.commands import MAX_LAW_TEXT_CHARACTERS, ProposeLawChange
from domain.law_changes.events import Subject
from domain.law_changes.review import LawChangeReview, MovedClock, MovedPetition
from projections.projection import Connection
from service.approvals.law_changes import LAW_CHANGES, refresh_law_changes
from service.approvals.law_review import dry_run_law_change
from service.cli.context import On, read_from_views
from service.cli.output import AsJson, show_table
from service.cli.reviewed_changes import ReviewedChangeCommands
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.config.law_files import law_of
from service.config.settings import Settings, read_settings
from service.files.text_files import read_text_file

law = typer.Typer(
    help="Review, propose and approve changes of the law that dates are counted by. Two officers agree on each.",
    no_args_is_help=True,
)

PolicyFile = Annotated[Path | None, typer.Option(help="TOML: rules that join those on file, or end one.")]
CalendarFile = Annotated[Path | None, typer.Option(help="TOML: years and days that change the calendar on file.")]
BindsRunning = Annotated[
    bool, typer.Option("--binds-running", help="The instrument says that its rules bind clocks that run already.")
]


class LawChangeCommands(ReviewedChangeCommands):
    """Describes changes of law on the command line."""

    service = LAW_CHANGES
    group = "law"
    list_command = "changes"
    count_key = "moved"
    done = "petitions recalculated"
    headings = ("reference", "unit", "due on", "new due date", "overdue", "clocks")
    shown_fields = ("subject", "instrument")
    shown_counts = ("would_move",)
    approve_help = "Approve a change that another officer proposed, and recalculate the petitions that it moves."
    apply_help = "Continue an approved change that was interrupted. No petition is moved twice."
    list_help = "List all changes of law: who proposed and approved them, and how many petitions they moved."

    def counts(self, review: LawChangeReview) -> dict[str, int]:
        """Return how many petitions would move, become overdue, and stop being overdue."""
        return {
            "open_petitions": review.open_petitions,
            "would_move": len(review.petitions),
            "would_become_overdue": review.would_become_overdue,
            "would_stop_being_overdue": review.would_stop_being_overdue,
        }

    def about(self, review: LawChangeReview) -> dict[str, Any]:
        """Return the days and rules that change, one by one."""
        return {"days": [asdict(day) for day in review.days], "rules": [asdict(rule) for rule in review.rules]}

    def show_summary(self, review: LawChangeReview) -> None:
        """Print the days and rules that change, one by one."""
        if review.days:
            days = [
                (f"{one.day:%a} {one.day}", "off" if one.is_off else "worked", one.name, one.former_name)
                for one in review.days
            ]
            show_table(("day", "becomes", "name", "former name"), days)
        if review.rules:
            rules = [
                (one.rule, "new" if one.is_new else "on file", one.limit, one.in_force_from, one.in_force_to)
                for one in review.rules
            ]
            show_table(("rule", "state", "limit", "in force from", "to"), rules)

    def petition_json(self, petition: MovedPetition) -> dict[str, Any]:
        """Return a petition with the dates of each clock that moves."""
        clocks = [
            {
                "before": None if clock.before is None else _deadline_json(clock.before),
                "after": _deadline_json(clock.after),
            }
            for clock in petition.clocks
        ]
        return {**asdict(petition), "clocks": clocks}

    def petition_row(self, petition: MovedPetition) -> Sequence[Any]:
        """Return a petition with its dates, and what becomes of its being overdue."""
        overdue = {(False, True): "becomes", (True, False): "no longer", (True, True): "still"}
        return (
            petition.reference,
            petition.unit,
            petition.due_on,
            petition.new_due_on,
            overdue.get((petition.was_overdue, petition.is_overdue), ""),
            ", ".join(_clock_as_row(clock) for clock in petition.clocks),
        )


_COMMANDS = LawChangeCommands()


@law.command("review")
def review_law_change_command(
    policy: PolicyFile = None,
    calendar: CalendarFile = None,
    binds_running: BindsRunning = False,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Try a change of law without writing anything: which open petitions would move, become or stop being overdue."""
    subject, text = _read_proposed_file(policy, calendar)
    without = _settings_without_file(read_settings(), policy, calendar)

    async def reading(office: ApplicationService, connection: Connection) -> LawChangeReview:
        law = office.law
        if without is not None:  # what the file brings is seen against what is on file beside it
            law = (await refresh_law_changes(office)).law(law_of(without))
        return await dry_run_law_change(
            connection, office.vault, law, subject, text, on or office.today, binds_running=binds_running
        )

    _COMMANDS.show_review(read_from_views(reading), as_json)


@law.command("propose")
def propose_law_change_command(
    instrument: Annotated[str, typer.Option(help="Number and day of the document that the change rests on.")],
    policy: PolicyFile = None,
    calendar: CalendarFile = None,
    binds_running: BindsRunning = False,
    as_json: AsJson = False,
) -> None:
    """Propose a change of law for approval, as the officer of KIENNGHI_TOKEN."""
    subject, text = _read_proposed_file(policy, calendar)
    if _settings_without_file(read_settings(), policy, calendar) is not None:
        raise Refused(ServiceRefusal.FILE_IS_IN_THE_SETTINGS)

    def proposal(office: ApplicationService) -> ProposeLawChange:
        return ProposeLawChange(
            occurred_on=office.today, subject=subject, text=text, instrument=instrument, binds_running=binds_running
        )

    _COMMANDS.propose(proposal, as_json)


_COMMANDS.declare(law)


def _read_proposed_file(policy: Path | None, calendar: Path | None) -> tuple[Subject, str]:
    if (policy is None) == (calendar is None):
        raise typer.BadParameter("name one file: --policy FILE or --calendar FILE")
    path = policy or calendar
    assert path is not None
    text = read_text_file(path, MAX_LAW_TEXT_CHARACTERS, "a file of rules or days")
    return Subject.CALENDAR if policy is None else Subject.POLICY, text


def _clock_as_row(clock: MovedClock) -> str:
    before = "no limit" if clock.before is None else clock.before.due_on
    return f"{clock.after.clock} {before} → {clock.after.due_on}"


def _deadline_json(deadline: Deadline) -> dict[str, Any]:
    """Return all fields of the deadline, with null for what is not known."""
    known_fields = msgspec.to_builtins(deadline)
    return {name: known_fields.get(name) for name in deadline.__struct_fields__} | {
        "suspensions": known_fields.get("suspensions", [])
    }


def _settings_without_file(settings: Settings, policy: Path | None, calendar: Path | None) -> Settings | None:
    """Return the settings without the file if they name it, else None."""
    for name, given in (("policy_file", policy), ("calendar_file", calendar)):
        on_file: Path | None = getattr(settings, name)
        if given is not None and on_file is not None and on_file.exists() and on_file.samefile(given):
            return settings.model_copy(update={name: None})
    return None
