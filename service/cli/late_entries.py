"""Serves the subcommand that lists and counts the acts that were entered after their days."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from domain.reporting_periods import day_or_period
from domain.units.unit import UnitRegister
from domain.vocabulary import PetitionKind
from projections.labels.acts import act_words
from projections.late_entries import (
    LateEntryCount,
    LateEntryFigure,
    LateEntryFilter,
    LateEntryPage,
    count_late_entries,
    list_late_entries,
)
from projections.projection import Connection
from service.cli.context import From, On, To, read_from_views, unusable_period_as_usage_error
from service.cli.lists import TOTAL, ListLanguage, NamesOn, show_list, written_cell
from service.cli.output import AsJson, show_json
from service.cli.register_filters import UnitFilterOption, read_unit_filter
from service.commands.office import ApplicationService


def list_late_entries_command(
    on: On = None,
    first: From = None,
    last: To = None,
    unit: UnitFilterOption = None,
    officer: Annotated[str | None, typer.Option(help="Who recorded the act. All if left out.")] = None,
    figure: Annotated[LateEntryFigure | None, typer.Option(help="One of the two figures. Both if left out.")] = None,
    count: Annotated[bool, typer.Option("--count", help="Count them by unit and officer.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 50,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """List the acts that were entered late, or are dated before a due date that had passed.

    Days are those of the recording: up to a day (--on) or in a period (--from and --to).
    """
    with unusable_period_as_usage_error():
        window = day_or_period(on, first, last)

    async def reading(
        office: ApplicationService, connection: Connection
    ) -> tuple[date, list[LateEntryCount], LateEntryPage | None, UnitRegister]:
        begins, ends = (None, on or office.today) if window is None else (window.first, window.last)
        wanted = LateEntryFilter(
            first=begins, last=ends, unit=await read_unit_filter(office, unit), officer=officer, figure=figure
        )
        units = await office.queries.units()
        if count:
            return ends, await count_late_entries(connection, office.law.calendar, wanted), None, units
        return ends, [], await list_late_entries(connection, office.law.calendar, wanted, limit=limit), units

    ends, counts, page, units = read_from_views(reading)
    if page is None:
        if as_json:
            show_json({"to": ends, "officers": [asdict(one) for one in counts]})
            return
        show_list(
            ("unit", "officer", "entered_late", "passed_due_date", "most_working_days"),
            ((one.unit, one.officer, one.entered_late, one.passed_due_date, one.most_working_days) for one in counts),
            lang,
            NamesOn(units, ends),
        )
        return
    if as_json:
        show_json({"to": ends, "total": page.total, "entries": [asdict(one) for one in page.items]})
        return
    show_list(
        ("reference", "unit", "officer", "act", "stated_on", "recorded_on", "working_days", "passed_due_on"),
        (
            (
                one.reference,
                one.unit,
                one.officer,
                act_words(one.act, None if one.kind is None else PetitionKind(one.kind)).title[lang],
                one.stated_on,
                one.recorded_on,
                one.working_days,
                one.due_on,
            )
            for one in page.items
        ),
        lang,
        NamesOn(units, ends),
    )
    print(TOTAL[lang].format(day=written_cell(ends, lang), total=page.total, shown=len(page.items)))
