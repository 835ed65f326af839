"""Looks for letters that were sent before: duplicates."""

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from domain.petition import Petition
from domain.stored_words.table import word_in
from domain.units.unit import UnitRegister
from projections.projection import Connection
from service.cli.context import read_from_views
from service.cli.lists import CANDIDATES, NO, NOT_NAMED, YES, ListLanguage, NamesOn, show_list
from service.cli.output import AsJson, show_json, show_line
from service.commands.office import ApplicationService
from service.commands.results import UnknownPetition

if TYPE_CHECKING:
    from service.duplicates.searching import DuplicateCandidate


def list_duplicates_command(
    reference: Annotated[str, typer.Argument(help="Register number, source:key of an imported case, or id.")],
    limit: Annotated[int, typer.Option(min=1, max=20)] = 10,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """List the petitions that this one may repeat, the most similar first. Protected petitions are left out."""
    from service.duplicates.searching import find_duplicates  # here: no other command compares texts

    async def reading(
        office: ApplicationService, connection: Connection
    ) -> "tuple[Petition, list[DuplicateCandidate], UnitRegister, date]":
        petition_id = await office.queries.petition_id_of(reference)
        petition = None if petition_id is None else await office.queries.fresh_petition(petition_id)
        if petition is None:
            raise UnknownPetition
        found = await find_duplicates(office, connection, petition, _is_shown_at_terminal, most=limit)
        return petition, found, await office.queries.units(), office.today

    petition, found, units, today = read_from_views(reading)
    name = petition.reference or str(petition.petition_id)
    if as_json:
        show_json(
            {"reference": name, "petition_id": petition.petition_id, "duplicates": [asdict(one) for one in found]}
        )
        return
    yes, no = YES[lang], NO[lang]
    show_list(
        ("reference", "score", "same_sender", "linked", "stage", "unit", "received_on", "due_on", "days_late"),
        (
            (
                one.reference or one.petition_id,
                one.score,
                {True: yes, False: no, None: NOT_NAMED[lang]}[one.same_sender],
                yes if one.is_linked else no,
                word_in(one.stage, lang),
                one.unit,
                one.received_on,
                one.due_on,
                one.days_late,
            )
            for one in found
        ),
        lang,
        NamesOn(units, today),
    )
    show_line(CANDIDATES[lang].format(name=name, count=len(found)))


def _is_shown_at_terminal(petition: Petition, is_protected: bool) -> bool:
    """Return whether a petition may be shown at a terminal: who sits there is not known, so protected ones are not."""
    return not (is_protected or petition.identity_protected)
