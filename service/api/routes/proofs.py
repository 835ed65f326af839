"""Serves the signed checkpoint of the log, and proofs by it. A proof holds hashes alone: nothing of a petition."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import PlainTextResponse

from domain.errors import Refused
from service.api.dependencies import ContextDep, authenticate_officer
from service.api.openapi.responses import problem_responses
from service.api.schemas.petitions import ResponseModel
from service.commands.refusals import ServiceRefusal
from service.transparency.proofs import NotSealedYet, prove_consistency, prove_inclusion
from service.transparency.tree_store import read_last_note

router = APIRouter(
    dependencies=[Depends(authenticate_officer)], tags=["proofs"], responses=problem_responses(401, 409, 422, 503)
)

Leaves = Annotated[int, Query(ge=1, le=2**62, description="number of leaves of a checkpoint")]


class InclusionShown(ResponseModel):
    """The proof that an event is in the signed log: its leaf, the hashes (base64) up to the root, the checkpoint."""

    leaf: int
    path: list[str]
    checkpoint: str


class ConsistencyShown(ResponseModel):
    """The hashes in base64 that prove that a newer tree begins with an older one."""

    path: list[str]


@router.get("/checkpoint", operation_id="send_checkpoint", response_class=PlainTextResponse)
async def send_checkpoint(context: ContextDep) -> PlainTextResponse:
    """Return the last signed checkpoint as a C2SP signed note, with the signatures of its witnesses."""
    async with context.office.pool.connection() as connection:
        note = await read_last_note(connection)
    if note is None:
        raise Refused(ServiceRefusal.NOTHING_SIGNED)
    return PlainTextResponse(note)


@router.get("/proofs/events/{position}", operation_id="prove_event")
async def prove_event(
    context: ContextDep, position: Annotated[int, Path(ge=1, le=2**62, description="of the event in the log")]
) -> InclusionShown:
    """Prove that the event at a position of the log is in the last signed checkpoint (RFC 6962)."""
    try:
        async with context.office.pool.connection() as connection:
            proof = await prove_inclusion(connection, position)
    except NotSealedYet:
        raise Refused(ServiceRefusal.NOT_IN_CHECKPOINT) from None
    return InclusionShown.model_validate(proof._asdict())


@router.get("/proofs/consistency", operation_id="prove_checkpoint")
async def prove_checkpoint(context: ContextDep, old: Leaves, new: Leaves) -> ConsistencyShown:
    """Prove that a newer checkpoint contains everything that an older one contained (RFC 6962)."""
    try:
        async with context.office.pool.connection() as connection:
            path = await prove_consistency(connection, old, new)
    except NotSealedYet:
        raise Refused(ServiceRefusal.NOT_IN_CHECKPOINT) from None
    return ConsistencyShown(path=path)
