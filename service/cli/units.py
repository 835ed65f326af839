"""Commands on units: how each stands, what stands above what, what was inherited, and reorganisations."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

import typer

from domain.units.events import Office as OfficeOfUnit
from domain.units.unit import Units
from domain.vocabulary import UnitId
from projections import unit_succession, units_by_successor
from projections.projection import Connection
from projections.unit_succession import InheritedFigures
from projections.unit_workload import UnitFigures
from service.cli import queries
from service.cli.context import From, On, To, read
from service.cli.output import AsJson, show_json, show_table
from service.cli.reorganise import reorganise
from service.commands.office import Office

units = typer.Typer(invoke_without_command=True)
units.add_typer(reorganise, name="reorganise")


@units.callback()
def figures(
    context: typer.Context,
    on: On = None,
    first: From = None,
    last: To = None,
    by: Annotated[
        Literal["time", "successor"],
        typer.Option(help="Each unit as it was at the time, or under the one that does its work today."),
    ] = "time",
    as_json: AsJson = False,
) -> None:
    """How each unit stands: up to a day (--on), or for a period (--from and --to)."""
    if context.invoked_subcommand is not None:
        return
    if by == "time":
        queries.units(on, first, last, as_json)
        return
    begins, ends = queries.day_or_period(on, first, last)

    async def asked(office: Office, connection: Connection) -> tuple[date, list[UnitFigures]]:
        day, known = ends or office.today, await office.units()
        return day, await units_by_successor.figures(connection, known, begins, day, today=office.today)

    queries.show_units(begins, *read(asked), as_json)


@units.command()
def tree(on: On = None, as_json: AsJson = False) -> None:
    """The units that are in being on a day, each under what it stands under, with its head."""

    async def asked(office: Office, _: Connection) -> tuple[date, list[dict[str, Any]]]:
        day, known = on or office.today, await office.units()
        return day, [_told(known, unit, depth, day) for unit, depth in _downwards(known.under(day), None, 0)]

    day, lines = read(asked)
    if as_json:
        show_json({"on": day, "units": lines})
        return
    show_table(
        ("unit", "name", "level", "branch", "head", "successor of"),
        (
            (
                "  " * line["depth"] + line["unit"],
                line["name"],
                line["level"],
                line["branch"],
                line["head"],
                ", ".join(line["predecessors"]),
            )
            for line in lines
        ),
    )
    print(f"{day}: {len(lines)} units in being")


@units.command()
def inherited(
    unit: Annotated[
        str | None, typer.Option(help="That inherited, or that others inherited from; all if left out.")
    ] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """What units inherited from others: how much of it was late before, and how much became late since."""

    async def asked(office: Office, connection: Connection) -> tuple[date, list[InheritedFigures]]:
        day = on or office.today
        return day, await unit_succession.inherited_on(connection, day, unit)

    day, lines = read(asked)
    if as_json:
        show_json({"on": day, "inherited": [asdict(line) for line in lines]})
        return
    columns = ("petitions", "late_before", "settled", "open", "overdue_before", "overdue_since")
    show_table(
        ("from", "to", *(column.replace("_", " ") for column in columns)),
        ((line.from_unit, line.to_unit, *(getattr(line, column) for column in columns)) for line in lines),
    )


def _downwards(
    under: Mapping[UnitId | None, list[UnitId]], unit: UnitId | None, depth: int
) -> Iterator[tuple[UnitId, int]]:
    for one in under.get(unit, ()):
        yield one, depth
        yield from _downwards(under, one, depth + 1)


def _told(known: Units, unit: UnitId, depth: int, on: date) -> dict[str, Any]:
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
