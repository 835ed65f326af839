"""Compares what was known at a moment with what is known now: restated."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import typer

from domain.labels import Language
from domain.reporting_periods import day_or_period
from domain.status import DueState
from domain.units.unit import UnitRegister
from projections.labels.events import PETITION_EVENT_LABELS
from projections.projection import Connection
from service.cli.context import From, On, To, read_from_views, unusable_period_as_usage_error
from service.cli.known_at import find_moment, known_at_json, say_known_at, soon_until
from service.cli.lists import ListLanguage, NamesOn, show_list
from service.cli.output import AsJson, show_json
from service.commands.office import ApplicationService
from service.known_at.law_and_units import law_at
from service.known_at.moment import KnownAt
from service.known_at.past_views import past_snapshot
from service.known_at.restatement import (
    MEDIAN,
    RestatedFigure,
    RestatingEvent,
    restate_figures,
    restate_list,
)

Found = tuple[KnownAt, date, Sequence[RestatedFigure], Sequence[RestatingEvent], UnitRegister]


def show_restated(
    known_at: Annotated[
        str,
        typer.Argument(metavar="MOMENT", help="A position of the log, a day (its end), or an instant with its zone."),
    ],
    on: On = None,
    first: From = None,
    last: To = None,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Compare the list of what is overdue on a day, not the table of units.")
    ] = False,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """Compare what was known at a moment with what is known now, and name the events that made the difference."""
    with unusable_period_as_usage_error():
        window = day_or_period(on, first, last)
    if overdue and window is not None:
        raise typer.BadParameter("the list is of a day: leave out --from and --to", param_hint="--overdue")

    async def compare(office: ApplicationService, _: Connection) -> Found:
        known = await find_moment(office, known_at)
        begins, ends = window or (None, on or known.on)
        async with past_snapshot(office.pool) as snapshot:
            if not overdue:
                found = await restate_figures(snapshot, known.position, begins, ends)
                return known, ends, found.figures, found.events, await office.queries.units()
            soon = soon_until(office, await law_at(office, known.position), ends)
            listed = await restate_list(
                snapshot, known.position, ends, soon_until=soon, unit=None, states={DueState.OVERDUE}, owed=None
            )
            return known, ends, (), listed.events, await office.queries.units()

    known, ends, figures, events, units = read_from_views(compare)
    if as_json:
        lines = [_event_json(one, lang) for one in events]
        show_json({"on": ends, **known_at_json(known), "figures": figures, "events": lines})
        return
    if figures:
        show_list(
            ("unit", "figure", "then", "now"),
            ((one.unit, one.figure, one.then, one.now) for one in figures),
            lang,
            NamesOn(units, ends),
        )
    show_list(
        ("position", "recorded_at", "officer", "reference", "event", "effect"),
        (
            (
                str(one.event.position),
                str(one.event.recorded_at),
                f"{one.event.by.officer}, {one.event.by.unit}",
                one.reference or one.event.originator_id,
                PETITION_EVENT_LABELS[type(one.event.fact).__name__][lang],
                "; ".join(_effect_text(*effect) for effect in one.effects),
            )
            for one in events
        ),
        lang,
    )
    say_known_at(known)


def _event_json(found: RestatingEvent, lang: Language) -> dict[str, Any]:
    event, kind = found.event, type(found.event.fact).__name__
    return {
        "position": event.position,
        "recorded_at": event.recorded_at,
        "occurred_on": event.fact.occurred_on,
        "petition_id": event.originator_id,
        "reference": found.reference,
        "event": kind,
        "title": PETITION_EVENT_LABELS[kind][lang],
        "officer": event.by.officer,
        "officer_unit": event.by.unit,
        "effects": [{**cell._asdict(), "by": by} for cell, by in found.effects],
    }


def _effect_text(cell: Any, by: int) -> str:
    """Return the figure or line of an effect, and the amount; a change of the median has none."""
    named = [str(part) for part in cell if part not in (None, 0)]
    return " ".join(named) if getattr(cell, "figure", None) == MEDIAN else f"{' '.join(named)} {by:+}"
