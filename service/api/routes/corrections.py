"""Serves what can be corrected of a petition, and what waits for the approval of another officer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from domain.labels import Language
from projections.correctable_fields import CorrectableField, correctable_fields
from service.api.dependencies import ContextDep, OfficerCredentials, PetitionFromPath, authenticate_officer
from service.api.openapi.responses import problem_responses
from service.api.routes.petitions import read_history
from service.api.schemas.petitions import ResponseModel
from service.commands.pending_proposals import PendingProposal, pending_proposals
from service.security.visibility import is_protected, may_read_protected

router = APIRouter(dependencies=[Depends(authenticate_officer)], tags=["petitions"])


class PendingProposals(ResponseModel):
    """Holds the proposals that wait for another officer, the oldest first."""

    proposals: list[PendingProposal]


@router.get(
    "/petitions/{reference}/correctable-fields",
    operation_id="list_correctable_fields",
    responses=problem_responses(401, 404, 422, 503),
)
async def list_correctable_fields(
    petition_id: PetitionFromPath,
    credentials: OfficerCredentials,
    context: ContextDep,
    response: Response,
    lang: Annotated[Language, Query(description="language of the words")] = "vi",
) -> list[CorrectableField]:
    """List every field that `propose-correction` may name, with its path, its words and what it says at present.

    A person is named by `version` and number; what the vault holds is not shown here. Texts of a protected petition
    are hidden from whom its file hides them.
    """
    history, petition = await read_history(context, petition_id)
    hidden = is_protected(history, petition) and not may_read_protected(credentials, petition.status.unit)
    response.headers.update({"Vary": "Authorization", "Content-Language": lang})
    return correctable_fields(history, lang, is_protected=hidden)


@router.get("/proposals", operation_id="list_pending_proposals", responses=problem_responses(401, 422, 503))
async def list_pending_proposals(
    context: ContextDep,
    limit: Annotated[int, Query(ge=1, le=1_000, description="number of proposals that are listed")] = 100,
) -> PendingProposals:
    """List the corrections, reversals and withdrawals that were proposed and that nobody has approved yet."""
    async with context.office.pool.connection() as connection:
        return PendingProposals(proposals=await pending_proposals(connection, most=limit))
