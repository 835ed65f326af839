"""Searches for the petitions that one petition may repeat."""

from dataclasses import asdict
from functools import partial
from typing import Annotated

import psycopg
from fastapi import APIRouter, Depends, Query

from domain.actor import Credentials
from domain.petition import Petition
from domain.vocabulary import PetitionId
from projections.duplicates import Duplicates
from service.api.dependencies import ApiContext, ContextDep, OfficerCredentials, PetitionFromPath, authenticate_officer
from service.api.openapi.responses import problem_responses
from service.api.queries import unbuilt_view_as_problem
from service.api.query_parameters import AfterPosition
from service.api.schemas.petitions import DuplicateFound
from service.commands.results import UnknownPetition
from service.duplicates.searching import find_duplicates
from service.security.visibility import may_read_protected

router = APIRouter(dependencies=[Depends(authenticate_officer)], tags=["petitions"])


@router.get(
    "/petitions/{reference}/duplicates",
    operation_id="list_duplicates",
    responses=problem_responses(401, 404, 422, 503),
)
async def list_duplicates(
    petition_id: PetitionFromPath,
    credentials: OfficerCredentials,
    context: ContextDep,
    limit: Annotated[int, Query(ge=1, le=20)] = 10,
    after: AfterPosition = None,
) -> list[DuplicateFound]:
    """List petitions that this one may repeat, the most similar first, compared by text and by sender.

    The search links nothing; `mark-duplicate` does that. Protected petitions are found by officers who may read them.
    """
    await context.require_view_at(Duplicates.name, after)
    with unbuilt_view_as_problem():
        return await _search_duplicates(context, credentials, petition_id, limit)


async def search_duplicates_of_receipt(
    context: ApiContext, credentials: Credentials, petition_id: PetitionId
) -> tuple[DuplicateFound, ...] | None:
    """Return the petitions that a receipt may repeat; None when the search cannot be made now.

    The function raises no error, because the petition is already received and the answer must say so.
    """
    try:
        return tuple(await _search_duplicates(context, credentials, petition_id, 10))
    except (psycopg.Error, UnknownPetition):
        return None


async def _search_duplicates(
    context: ApiContext, credentials: Credentials, petition_id: PetitionId, limit: int
) -> list[DuplicateFound]:
    petition = await context.office.queries.fresh_petition(petition_id)
    if petition is None:
        raise UnknownPetition
    async with context.office.pool.connection() as connection:
        found = await find_duplicates(
            context.office, connection, petition, partial(_may_see_petition, credentials), most=limit
        )
    return [DuplicateFound(**asdict(one)) for one in found]


def _may_see_petition(credentials: Credentials, petition: Petition, is_protected: bool) -> bool:
    hidden = is_protected or petition.identity_protected
    return not hidden or may_read_protected(credentials, petition.status.unit)
