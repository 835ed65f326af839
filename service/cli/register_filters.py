"""Reads the options that name a unit of the register: by its code, or by its name."""

from typing import Annotated

import typer

from domain.units.lookup import find_unit_of_question
from domain.vocabulary import NO_UNIT_WORD, UnitId
from service.commands.office import ApplicationService

UNIT_FILTER = "UNIT"
"""The placeholder, in the help, of an option that is looked up in the register of units."""

UnitFilterOption = Annotated[
    str | None,
    typer.Option(
        "--unit", metavar=UNIT_FILTER, help=f'Code or name of a unit; "{NO_UNIT_WORD}": no unit. All if left out.'
    ),
]
OrganiserFilterOption = Annotated[
    str | None,
    typer.Option("--organiser", metavar=UNIT_FILTER, help="Code or name of the unit that holds it. All if left out."),
]


async def read_unit_filter(office: ApplicationService, wanted: str | None) -> UnitId | None:
    """Return the unit that an option names, None for one that is left out. Raise Refused for one that names none."""
    return None if wanted is None else find_unit_of_question(await office.queries.units(), wanted)
