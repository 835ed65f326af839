"""Serves the subcommand that lists the petitions behind a figure of the units."""

from dataclasses import asdict, replace
from datetime import date
from typing import Annotated

import typer

from domain.reporting_periods import day_or_period
from domain.status import DueState
from domain.stored_words.table import word_in
from domain.units.names import officer_in_words
from domain.units.unit import UnitRegister
from domain.vocabulary import PetitionKind
from projections.counted_cases import FIGURES_WITH_LIST, OWED_FIGURES, CountedPage, counted_cases
from projections.labels.events import PROTECTED_TEXT
from projections.projection import Connection
from service.cli.context import From, On, To, read_from_views, unusable_period_as_usage_error
from service.cli.known_at import KnownAtOption, known_at_json, say_known_at, typed_cases
from service.cli.lists import TOTAL, ListLanguage, NamesOn, show_list, written_cell
from service.cli.output import AsJson, show_json, show_line
from service.cli.register_filters import UnitFilterOption, read_unit_filter
from service.cli.tables import shortened
from service.commands.office import ApplicationService
from service.known_at.moment import KnownAt
from service.known_at.protection import ProtectedNow, protected_now


def list_cases_command(
    figure: Annotated[str, typer.Argument(help="A figure of the table of units, such as answered_late.")],
    on: On = None,
    first: From = None,
    last: To = None,
    unit: UnitFilterOption = None,
    officer: Annotated[str | None, typer.Option(help="Who had the petition then. All if left out.")] = None,
    kind: Annotated[PetitionKind | None, typer.Option(help="What the petition is now. All if left out.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 50,
    known_at: KnownAtOption = None,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """List the petitions that a figure of the units counts, up to a day (--on) or in a period (--from and --to)."""
    if owed := OWED_FIGURES.get(figure):
        states = " ".join(f"--state {state}" for state in DueState if state in owed.states)
        raise typer.BadParameter(f"listed by `kiennghi overdue --owed {owed.owed} {states}`", param_hint="FIGURE")
    if figure not in FIGURES_WITH_LIST:
        raise typer.BadParameter(f"{figure!r} is none of {', '.join(FIGURES_WITH_LIST)}", param_hint="FIGURE")
    with unusable_period_as_usage_error():
        window = day_or_period(on, first, last)

    async def reading(
        office: ApplicationService, connection: Connection
    ) -> tuple[KnownAt | None, date, CountedPage, ProtectedNow, UnitRegister]:
        of_unit = await read_unit_filter(office, unit)
        asked_until = on if window is None else window.last
        async with typed_cases(office, connection, known_at, asked_until) as source:
            begins, ends = (None, on or source.today) if window is None else (window.first, window.last)
            page = await counted_cases(
                source.connection,
                source.texts,
                figure,
                begins,
                ends,
                unit=of_unit,
                officer=officer,
                kind=kind,
                limit=limit,
                past=source.past,
            )
            protected = await protected_now(source.connection, {item.petition_id for item in page.items})
            return source.known, ends, page, protected, await office.queries.units()

    known, ends, page, protected, units = read_from_views(reading)
    items = [
        replace(item, summary=PROTECTED_TEXT, place=PROTECTED_TEXT)
        if item.identity_protected or (item.petition_id in protected and protected[item.petition_id].is_protected)
        else item
        for item in page.items
    ]
    if as_json:
        answer = {"figure": figure, "to": ends, "total": page.total, "items": [asdict(item) for item in items]}
        show_json(answer | known_at_json(known))
        return
    show_list(
        ("reference", "unit", "officer", "day", "due_on", "days_late", "kind", "summary"),
        (
            (
                item.reference,
                item.unit,
                officer_in_words(item.officer, units, item.counted_on) if item.officer else None,
                item.counted_on,
                item.due_on,
                item.days_late,
                None if item.kind is None else word_in(PetitionKind(item.kind), lang),
                shortened(item.summary),
            )
            for item in items
        ),
        lang,
        NamesOn(units, ends),
    )
    show_line(TOTAL[lang].format(day=written_cell(ends, lang), total=page.total, shown=len(items)))
    say_known_at(known)
