"""Shows units, their figures and what they took over: units, tree, inherited, reorganise."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

import typer

from domain.reporting_periods import day_or_period
from domain.units.events import Office as OfficeOfUnit
from domain.units.names import officer_in_words
from domain.units.unit import UnitRegister
from domain.vocabulary import UnitId
from projections import unit_succession, units_by_successor
from projections.projection import Connection
from projections.unit_figures import UnitFigures
from projections.unit_succession import InheritedFigures
from service.cli import queries
from service.cli.context import From, On, To, read_from_views, unusable_period_as_usage_error
from service.cli.known_at import KnownAtOption, typed_figures
from service.cli.lists import UNITS_IN_BEING, ListLanguage, NamesOn, show_list, word_or_code, written_cell
from service.cli.output import AsJson, show_json, show_line
from service.cli.register_filters import UnitFilterOption, read_unit_filter
from service.cli.reorganise import reorganise
from service.commands.office import ApplicationService
from service.known_at.law_and_units import units_at
from service.known_at.moment import KnownAt

units = typer.Typer(invoke_without_command=True)
units.add_typer(reorganise, name="reorganise")


@units.callback()
def show_unit_figures(
    context: typer.Context,
    on: On = None,
    first: From = None,
    last: To = None,
    by: Annotated[
        Literal["time", "successor"],
        typer.Option(help="Each unit as it was at the time, or under the one that does its work today."),
    ] = "time",
    known_at: KnownAtOption = None,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """Show the figures of each unit up to a day (--on) or for a period (--from and --to)."""
    if context.invoked_subcommand is not None:
        return
    if by == "time":
        queries.show_units_as_they_were(on, first, last, known_at, as_json, lang)
        return
    with unusable_period_as_usage_error():
        begins, ends = day_or_period(on, first, last) or (None, on)

    async def ask(
        office: ApplicationService, connection: Connection
    ) -> tuple[date, list[UnitFigures], KnownAt | None, UnitRegister]:
        async with typed_figures(office, connection, known_at, ends) as source:
            day = ends or source.today
            known = source.known
            register = await (office.queries.units() if known is None else units_at(office, known.position))
            figures = await units_by_successor.figures_by_successor(
                source.connection, register, begins, day, today=source.today, past=source.past
            )
            return day, figures, known, register

    ends, figures, known, register = read_from_views(ask)
    queries.print_unit_figures(begins, ends, figures, known, as_json, lang, register)


@units.command("tree")
def show_unit_tree(on: On = None, lang: ListLanguage = "vi", as_json: AsJson = False) -> None:
    """Show the units that exist on a day, each under its superior unit, with its head."""

    async def ask(office: ApplicationService, _: Connection) -> tuple[date, UnitRegister]:
        return on or office.today, await office.queries.units()

    day, known = read_from_views(ask)
    downwards = _downwards(known.children_by_parent(day), None, 0)
    lines = [_unit_as_json(known, unit, depth, day) for unit, depth in downwards]
    if as_json:
        show_json({"on": day, "units": lines})
        return
    show_list(
        ("code", "name", "level", "branch", "head", "predecessors"),
        (
            (
                "  " * line["depth"] + line["unit"],
                line["name"],
                word_or_code("Level", line["level"], lang),
                word_or_code("Branch", line["branch"], lang),
                officer_in_words(line["head"], known, day) if line["head"] else None,
                ", ".join(known.name_of(unit, day) for unit in line["predecessors"]),
            )
            for line in lines
        ),
        lang,
    )
    show_line(UNITS_IN_BEING[lang].format(day=written_cell(day, lang), total=written_cell(len(lines), lang)))


@units.command("inherited")
def show_taken_over(
    unit: UnitFilterOption = None,
    on: On = None,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """Show the petitions that units took over from others: how many were late before, how many became late since.

    With --unit: those that it inherited, and those that others inherited from it.
    """

    async def ask(
        office: ApplicationService, connection: Connection
    ) -> tuple[date, list[InheritedFigures], UnitRegister]:
        day = on or office.today
        asked = await read_unit_filter(office, unit)
        found = await unit_succession.inherited_figures_on(connection, day, asked)
        return day, found, await office.queries.units()

    day, lines, known = read_from_views(ask)
    if as_json:
        show_json({"on": day, "inherited": [asdict(line) for line in lines]})
        return
    columns = ("petitions", "late_before", "settled", "open", "overdue_before", "overdue_since")
    show_list(
        ("from_unit", "to_unit", *columns),
        ((line.from_unit, line.to_unit, *(getattr(line, column) for column in columns)) for line in lines),
        lang,
        NamesOn(known, day),
    )


def _downwards(
    under: Mapping[UnitId | None, list[UnitId]], unit: UnitId | None, depth: int
) -> Iterator[tuple[UnitId, int]]:
    for one in under.get(unit, ()):
        yield one, depth
        yield from _downwards(under, one, depth + 1)


def _unit_as_json(known: UnitRegister, unit: UnitId, depth: int, on: date) -> dict[str, Any]:
    found = known.by_id[unit]
    heads = found.tenures_on(OfficeOfUnit.HEAD, on)
    return {
        "unit": unit,
        "depth": depth,
        "name": found.name_on(on),
        "level": found.level,
        "branch": found.branch,
        "parent": known.parent(unit, on),
        "opened_on": found.opened_on,
        "closed_on": found.closed_on,
        "head": heads[0].officer if heads else None,
        "predecessors": known.predecessors(unit, on),
    }
