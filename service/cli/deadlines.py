"""Counts and explains time limits: deadline, explain."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

import typer

from domain.deadlines.explained_run import ExplainedRun, explained_runs
from domain.deadlines.explained_run_text import explained_run_text
from domain.deadlines.explanation import Explanation, explain_limit, explain_rule
from domain.deadlines.explanation_text import explanation_text
from domain.deadlines.labels import EXPLANATION_SENTENCES
from domain.deadlines.limit import Limit
from domain.deadlines.policy import Law
from domain.deadlines.policy_row import PolicyKind
from domain.deadlines.stages import LegalStage
from domain.errors import Refused
from domain.evolve import fold
from domain.labels import LANGUAGES, Language
from projections.act_titles import act_titles
from service.approvals.law_changes import refresh_law_changes
from service.bootstrap import NO_VAULT_KEY, reachable_database, require_migrated, run_coroutine
from service.cli.context import On
from service.cli.known_at import KnownAtOption, petition_as_known
from service.cli.output import AsJson, show_json, show_line
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.commands.results import UnknownPetition
from service.config.law_files import law_of
from service.config.settings import Settings, read_settings
from service.security.keys import existing_vault_key

DayByDay = Annotated[bool, typer.Option("--days", help="Show every day, and why it counts or not.")]
ExplanationLanguage = Annotated[Language, typer.Option(help="Language of the sentences.")]


def count_deadline(
    limit: Annotated[str | None, typer.Argument(metavar="LIMIT", help="10wd or 30cd, in place of a rule.")] = None,
    kind: Annotated[PolicyKind | None, typer.Option(help="What it is about.")] = None,
    stage: Annotated[LegalStage | None, typer.Option(help="What must be done in time.")] = None,
    on: On = None,
    remote: Annotated[bool, typer.Option("--remote", help="Vùng sâu, vùng xa: a remote area.")] = False,
    complexity: Annotated[Literal["normal", "complex", "specially_complex"], typer.Option()] = "normal",
    day_by_day: DayByDay = False,
    lang: ExplanationLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """Count the last day of a time limit by the rule in force on the day of the act, and say why. Needs no database."""
    settings = read_settings()
    day = on or datetime.now(UTC).astimezone(settings.zone).date()
    law = law_of(settings)
    if limit is not None:
        if kind is not None or stage is not None or remote or complexity != "normal":
            raise typer.BadParameter("a limit such as 10wd stands alone: leave out --kind, --stage and conditions")
        found = explain_limit(_parse_limit(limit), day, law.calendar)
    else:
        if kind is None or stage is None:
            raise typer.BadParameter("say a limit such as 10wd, or --kind and --stage")
        found = _by_rule(law, kind, stage, day, remote, complexity)
    if as_json:
        show_json(found.as_json())
    else:
        print(explanation_text(found, lang, day_by_day=day_by_day), end="")


def _parse_limit(text: str) -> Limit:
    try:
        return Limit.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _by_rule(law: Law, kind: str, stage: LegalStage, on: date, remote: bool, complexity: str) -> Explanation:
    row = law.policies.row_for(kind, stage, on, remote=remote, complexity=complexity)
    if row is None:
        raise Refused(ServiceRefusal.NO_RULE_SETS_LIMIT, stage=stage, kind=kind, on=on)
    return explain_rule(law, row, on)


def explain_deadlines(
    reference: Annotated[str, typer.Argument(help="Number in the register, petition id, or SOURCE:KEY.")],
    day_by_day: DayByDay = False,
    lang: ExplanationLanguage = "vi",
    known_at: KnownAtOption = None,
    as_json: AsJson = False,
) -> None:
    """Explain every time limit of a petition: the action that starts it, the last day, the rule, its source and the
    calendar.
    """
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        found = run_coroutine(_read_explanations(dsn, settings, reference, known_at))
    if as_json:
        show_json(found.as_json())
        return
    show_line(str(found.reference))
    show_line("")
    for clock in found.clocks:
        print(explained_run_text(clock, lang, found.titles[lang], day_by_day=day_by_day))
    if not found.clocks:
        show_line(EXPLANATION_SENTENCES["nothing"][lang])


@dataclass(frozen=True)
class _Explained:
    reference: str
    petition_id: str
    clocks: list[ExplainedRun]
    titles: dict[Language, dict[int, str]]

    def as_json(self) -> dict[str, Any]:
        return {
            "reference": self.reference,
            "petition_id": self.petition_id,
            "deadlines": [clock.as_json() for clock in self.clocks],
        }


async def _read_explanations(dsn: str, settings: Settings, reference: str, known_at: str | None) -> _Explained:
    async with ApplicationService.open(dsn, settings, vault_key=existing_vault_key(settings) or NO_VAULT_KEY) as office:
        petition_id = await office.queries.petition_id_of(reference)
        history = [] if petition_id is None else await office.queries.history(petition_id)
        await refresh_law_changes(office)
        petition = fold(history)
        if petition is None:
            raise UnknownPetition
        then = await petition_as_known(office, history, known_at)
        clocks = explained_runs(then.history, then.law)
        titles = {language: act_titles(then.history, language) for language in LANGUAGES}
        return _Explained(petition.reference or str(petition_id), str(petition_id), clocks, titles)
