"""Which petitions one may repeat."""

from dataclasses import asdict
from functools import partial
from typing import Annotated

import psycopg
from fastapi import APIRouter, Depends, Query

from domain.actor import Credentials
from domain.petition import Petition
from domain.vocabulary import PetitionId
from projections.duplicates import Duplicates
from service.api.dependencies import Asking, AtDesk, Desk, PetitionNamed, officer
from service.api.openapi.responses import problems
from service.api.queries import being_built
from service.api.query_parameters import After
from service.api.schemas.petitions import DuplicateFound
from service.commands.office import UnknownPetition
from service.duplicates.searching import candidates
from service.security.visibility import may_read_protected

router = APIRouter(dependencies=[Depends(officer)], tags=["petitions"])


@router.get(
    "/petitions/{reference}/duplicates",
    operation_id="list_duplicates",
    responses=problems(401, 404, 422, 503),
)
async def list_duplicates(
    petition_id: PetitionNamed,
    credentials: Asking,
    desk: AtDesk,
    limit: Annotated[int, Query(ge=1, le=20)] = 10,
    after: After = None,
) -> list[DuplicateFound]:
    """Petitions that this one may repeat, the likest first: by what they say, and by who sent them.

    Nothing is linked by it; `mark-duplicate` does that. Protected petitions are found by those who may read them.
    """
    await desk.caught_up(Duplicates.name, after)
    with being_built():
        return await _found(desk, credentials, petition_id, limit)


async def duplicates_of_received(
    desk: Desk, credentials: Credentials, petition_id: PetitionId
) -> tuple[DuplicateFound, ...] | None:
    """None when the search cannot be made now: what was received stays received, and is answered so."""
    try:
        return tuple(await _found(desk, credentials, petition_id, 10))
    except (psycopg.Error, UnknownPetition):
        return None


async def _found(desk: Desk, credentials: Credentials, petition_id: PetitionId, limit: int) -> list[DuplicateFound]:
    petition = await desk.office.fresh_petition(petition_id)
    if petition is None:
        raise UnknownPetition
    async with desk.office.pool.connection() as connection:
        told = await candidates(desk.office, connection, petition, partial(_may_see, credentials), most=limit)
    return [DuplicateFound(**asdict(one)) for one in told]


def _may_see(credentials: Credentials, petition: Petition, is_protected: bool) -> bool:
    hidden = is_protected or petition.identity_protected
    return not hidden or may_read_protected(credentials, petition.standing.unit)
