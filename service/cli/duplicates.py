"""The command that looks for duplicates."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from domain.petition import Petition
from projections.projection import Connection
from service.cli.context import read
from service.cli.output import AsJson, show_json, show_table
from service.commands.office import Office, UnknownPetition

if TYPE_CHECKING:
    from service.duplicates.searching import Candidate


def duplicates(
    reference: Annotated[str, typer.Argument(help="Register number, source:key of an imported case, or id.")],
    limit: Annotated[int, typer.Option(min=1, max=20)] = 10,
    as_json: AsJson = False,
) -> None:
    """Petitions that this one may repeat, the likest first. Protected ones are left out."""
    from service.duplicates.searching import candidates  # here: no other command compares texts

    async def reading(office: Office, connection: Connection) -> "tuple[Petition, list[Candidate]]":
        petition_id = await office.petition_id_of(reference)
        petition = None if petition_id is None else await office.fresh_petition(petition_id)
        if petition is None:
            raise UnknownPetition
        return petition, await candidates(office, connection, petition, _may_see, most=limit)

    petition, found = read(reading)
    name = petition.reference or str(petition.petition_id)
    if as_json:
        show_json(
            {"reference": name, "petition_id": petition.petition_id, "duplicates": [asdict(one) for one in found]}
        )
        return
    show_table(
        ("reference", "score", "same sender", "linked", "stage", "unit", "received on", "due on", "days late"),
        (
            (
                one.reference or one.petition_id,
                one.score,
                {True: "yes", False: "no", None: "not known"}[one.same_sender],
                "yes" if one.is_linked else "no",
                one.stage.in_words,
                one.unit,
                one.received_on,
                one.due_on,
                one.days_late,
            )
            for one in found
        ),
    )
    print(f"{name}: {len(found)} candidates.")


def _may_see(petition: Petition, is_protected: bool) -> bool:
    """Who sits at this terminal is not known."""
    return not (is_protected or petition.identity_protected)
