"""Lists overdue petitions and unit figures, and shows the file of a petition."""

from dataclasses import asdict, fields, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

import typer

from domain.deadlines.explained_run_text import kinds_in_words
from domain.evolve import fold
from domain.labels import Language
from domain.reporting_periods import day_or_period
from domain.status import DueState
from domain.stored_words.table import word_in
from domain.units.unit import UnitRegister
from domain.vocabulary import PetitionKind, Stage
from projections import case_file, owed_list, unit_figures
from projections.case_file_clocks import ClockLine, clock_lines
from projections.case_file_text import case_file_text
from projections.labels.events import PROTECTED_TEXT
from projections.labels.kinds import stage_words
from projections.owed_list import OverdueItem
from projections.owed_sql import Owed
from projections.projection import Connection
from projections.unit_figures import UnitFigures
from service.alerts.deliveries import load_petition_messages
from service.alerts.ladder import load_ladder
from service.approvals.law_changes import refresh_law_changes
from service.bootstrap import NO_VAULT_KEY, reachable_database, require_migrated, run_coroutine
from service.cli.context import On, read_from_views, unusable_period_as_usage_error
from service.cli.known_at import (
    KnownAtOption,
    known_at_json,
    petition_as_known,
    say_known_at,
    soon_until,
    typed_figures,
    typed_list,
)
from service.cli.lists import (
    ANOTHER_KIND,
    ANOTHER_READING,
    ANSWER_OWED,
    FEWER_FIGURES,
    TOTAL,
    WAITING_SINCE,
    ListLanguage,
    NamesOn,
    counts_in_words,
    show_list,
    word_or_code,
    written_cell,
    written_rate,
)
from service.cli.output import AsJson, show_json, show_line
from service.cli.register_filters import UnitFilterOption, read_unit_filter
from service.cli.tables import shortened
from service.commands.office import ApplicationService
from service.commands.results import UnknownPetition
from service.config.settings import Settings, read_settings
from service.known_at.moment import KnownAt
from service.known_at.protection import ProtectedNow, protected_now
from service.security.keys import existing_vault_key
from service.security.visibility import is_protected


class ListedState(StrEnum):
    """Names the state of an open petition against a day, or all states."""

    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    DUE_SOON = "due_soon"
    NOT_YET_DUE = "not_yet_due"
    SUSPENDED = "suspended"
    NO_LIMIT_SET = "no_limit_set"
    ALL = "all"


def list_overdue_command(
    on: On = None,
    unit: UnitFilterOption = None,
    officer: Annotated[str | None, typer.Option(help="The officer who has the petition. All if left out.")] = None,
    kind: Annotated[PetitionKind | None, typer.Option(help="What the petition is now. All if left out.")] = None,
    state: Annotated[list[ListedState] | None, typer.Option(help="May be repeated; overdue if left out.")] = None,
    owed: Annotated[Owed | None, typer.Option(help="Answers or duties alone; both if left out.")] = None,
    waiting: Annotated[
        bool | None,
        typer.Option(
            "--waiting/--not-waiting", help="Whether the citizen's supplement is waited for; all if left out."
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 50,
    known_at: KnownAtOption = None,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """List what is overdue on a day, or in another state, the longest due first: answers to petitions, and duties."""
    wanted = _wanted_states(state or [])

    async def reading(
        office: ApplicationService, connection: Connection
    ) -> tuple[KnownAt | None, owed_list.OverduePage, dict[str, int], ProtectedNow, UnitRegister]:
        async with typed_list(office, connection, known_at) as source:
            day = on or source.today
            list_page = partial(
                owed_list.overdue_on,
                source.connection,
                source.texts,
                day,
                soon_until=soon_until(office, source.law, day),
                unit=await read_unit_filter(office, unit),
                officer=officer,
                kind=kind,
                owed=owed,
                today=source.today,
                law=source.law,
                waiting=waiting,
                past=source.past,
            )
            page = await list_page(states=wanted, limit=limit)
            counts = {one.value: (await list_page(states={one}, limit=1)).total for one in DueState}
            protected = await protected_now(source.connection, {item.petition_id for item in page.items})
            return source.known, page, counts, protected, await office.queries.units()

    known, page, counts, protected, units = read_from_views(reading)
    items = [_without_protected_texts(item, protected) for item in page.items]
    if as_json:
        answer = {"on": page.on, "total": page.total, "counts": counts, "items": [asdict(item) for item in items]}
        show_json(answer | known_at_json(known))
        return
    show_list(
        ("reference", "unit", "due_on", "days_late", "duplicates", "state", "owed", "kind", "stage", "summary"),
        (
            (
                i.reference,
                i.unit,
                i.due_on,
                i.days_late,
                i.duplicates,
                _state_with_warnings(i, lang),
                ANSWER_OWED[lang] if i.clock is None else word_in(i.clock, lang),
                word_or_code("PetitionKind", i.kind, lang),
                stage_words(Stage(i.stage), None if i.kind is None else PetitionKind(i.kind))[lang],
                shortened(i.summary),
            )
            for i in items
        ),
        lang,
        NamesOn(units, page.on),
    )
    total = TOTAL[lang].format(
        day=written_cell(page.on, lang), total=written_cell(page.total, lang), shown=written_cell(len(items), lang)
    )
    show_line(f"{total} {counts_in_words(counts, lang, 'DueState')}")
    say_known_at(known)


def show_units_as_they_were(
    on: date | None, first: date | None, last: date | None, known_at: str | None, as_json: bool, lang: Language
) -> None:
    """Show the figures of each unit up to a day (--on) or for a period (--from and --to)."""
    with unusable_period_as_usage_error():
        window = day_or_period(on, first, last)

    async def reading(
        office: ApplicationService, connection: Connection
    ) -> tuple[date, list[UnitFigures], KnownAt | None, UnitRegister]:
        async with typed_figures(office, connection, known_at, window.last if window else on) as source:
            if window is not None:
                figures = await unit_figures.unit_figures_between(
                    source.connection, window.first, window.last, past=source.past
                )
                return window.last, figures, source.known, await office.queries.units()
            day = on or source.today
            figures = await unit_figures.unit_figures_on(source.connection, day, today=source.today, past=source.past)
            return day, figures, source.known, await office.queries.units()

    last_day, figures, known, units = read_from_views(reading, in_one_statement=True)
    print_unit_figures(window and window.first, last_day, figures, known, as_json, lang, units)


def print_unit_figures(
    first: date | None,
    last: date,
    figures: list[UnitFigures],
    known: KnownAt | None,
    as_json: bool,
    lang: Language,
    units: UnitRegister,
) -> None:
    """Print the figures of units; `first` None means all days up to and including `last`."""
    heading = {"on": last} if first is None else {"from": first, "to": last}
    if as_json:
        show_json({**heading, "units": [asdict(line) for line in figures], **known_at_json(known)})
        return
    counts = (
        "received", "ended_on_time", "ended_late", "ended_unproven", "open", "overdue", "due_today", "not_yet_due",
        "suspended", "no_limit_set", "median_days",
    )  # fmt: skip
    show_list(
        ("unit", *counts, "on_time_rate"),
        (
            (
                line.unit,
                *(getattr(line, column) for column in counts),
                written_rate(line.on_time_rate, lang),
            )
            for line in figures
        ),
        lang,
        NamesOn(units, last),
    )
    print(FEWER_FIGURES[lang].format(shown=len(counts) + 1, all=len(fields(UnitFigures)) - 1))
    say_known_at(known)


def show_history(
    reference: Annotated[str, typer.Argument(help="Register number, source:key of an imported case, or id.")],
    lang: Annotated[Language, typer.Option(help="Of the sentences.")] = "vi",
    known_at: KnownAtOption = None,
    as_json: AsJson = False,
) -> None:
    """Show everything that happened to a petition, in order."""
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        name, petition_id, lines, clocks, units = run_coroutine(_read_history(dsn, settings, reference, lang, known_at))
    if as_json:
        events: list[dict[str, Any]] = [case_file.case_file_line_json(line) for line in lines]
        show_json({"reference": name, "petition_id": petition_id, "events": events})
    else:
        steps = load_ladder(settings).words_of_steps()
        print(case_file_text(name, lines, lang, settings.zone, clocks, units, steps), end="")


async def _read_history(
    dsn: str, settings: Settings, reference: str, lang: Language, known_at: str | None
) -> tuple[str, str, list[case_file.Line], list[ClockLine], UnitRegister]:
    async with ApplicationService.open(dsn, settings, vault_key=existing_vault_key(settings) or NO_VAULT_KEY) as office:
        petition_id = await office.queries.petition_id_of(reference)
        events = [] if petition_id is None else await office.queries.history(petition_id)
        petition = fold(events)
        if petition is None:
            raise UnknownPetition
        await refresh_law_changes(office)
        then = await petition_as_known(office, events, known_at)
        hidden = is_protected(events, petition)  # who sits at this terminal is not known
        lines = case_file.case_file_lines(
            then.history,
            then.law.policies,
            lang,
            settings.zone,
            is_protected=hidden,
            # how far a message has come is known of today alone
            messages=await load_petition_messages(office, events) if known_at is None else (),
        )
        clocks = clock_lines(then.history, then.today, then.law, lang)
        return petition.reference or str(petition_id), str(petition_id), lines, clocks, await office.queries.units()


def _state_with_warnings(item: OverdueItem, lang: Language) -> str:
    """Return the state, with an earlier day by another reading or another kind, and with a wait for the citizen."""
    said = [word_in(item.state, lang)]
    if item.due_on is not None and item.advisory_on is not None and item.advisory_on < item.due_on:
        said.append(ANOTHER_READING[lang].format(day=written_cell(item.advisory_on, lang)))
    if item.possible_on is not None:
        kinds, day = kinds_in_words(item.possible_kinds, lang), written_cell(item.possible_on, lang)
        said.append(ANOTHER_KIND[lang].format(kinds=kinds, day=day))
    if item.waiting_since is not None:
        said.append(WAITING_SINCE[lang].format(day=written_cell(item.waiting_since, lang)))
    return "; ".join(said)


def _wanted_states(states: list[ListedState]) -> frozenset[DueState]:
    if ListedState.ALL in states:
        return frozenset(DueState)
    return frozenset(DueState(state.value) for state in states) or frozenset({DueState.OVERDUE})


def _without_protected_texts(item: OverdueItem, protected: ProtectedNow) -> OverdueItem:
    """Return the item without its texts if the petitioner is, or was, protected: today's rights hold for the past."""
    now = protected.get(item.petition_id)
    if not item.identity_protected and not (now is not None and now.is_protected):
        return item
    return replace(item, identity_protected=True, summary=PROTECTED_TEXT, place=PROTECTED_TEXT)
