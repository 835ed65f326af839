"""One petition: where it stands, what happened to it, who petitioned."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from starlette.responses import PlainTextResponse

from domain.deadlines.ledger import ledger_of
from domain.envelope import EventEnvelope
from domain.events import PetitionEvent
from domain.evolve import fold
from domain.labels import Language
from domain.petition import Petition
from domain.text import Line
from domain.vocabulary import PetitionId
from projections import case_file
from projections.case_file_clocks import clock_lines
from service.alerts.deliveries import tellings_of
from service.api.dependencies import Asking, AtDesk, Desk, PetitionNamed, officer
from service.api.openapi.responses import problems
from service.api.schemas.petitions import PetitionerShown, PetitionState
from service.commands.office import UnknownPetition
from service.security.identity_vault import read_identities
from service.security.visibility import is_protected, may_read_protected

router = APIRouter(dependencies=[Depends(officer)], tags=["petitions"])


@router.get(
    "/petitions/{reference}",
    operation_id="read_petition",
    responses={
        200: {"headers": {"ETag": {"schema": {"type": "string"}, "description": "the version, for If-Match"}}},
        304: {"description": "It is as it was when you read the version you named"},
        **problems(401, 404, 422, 503),
    },
)
async def read_petition(
    petition_id: PetitionNamed,
    credentials: Asking,
    desk: AtDesk,
    response: Response,
    if_none_match: Annotated[str | None, Header(max_length=1000)] = None,
) -> PetitionState:
    """Where a petition stands now: stage, unit, clocks. The ETag is its version, for If-Match."""
    history, petition = await _read(desk, petition_id)
    headers = {"ETag": f'"{petition.version}"', "Vary": "Authorization"}
    if _names(if_none_match, petition.version):
        return Response(status_code=304, headers=headers)  # type: ignore[return-value]  # FastAPI sends it as it is
    response.headers.update(headers)
    return PetitionState.of(petition, is_protected=is_protected(history, petition), credentials=credentials)


@router.get(
    "/petitions/{reference}/history",
    operation_id="read_petition_history",
    response_model=list[case_file.Line],
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems(401, 404, 422, 503)},
)
async def read_petition_history(
    petition_id: PetitionNamed,
    credentials: Asking,
    desk: AtDesk,
    request: Request,
    response: Response,
    lang: Annotated[Language, Query(description="language of the sentences")] = "vi",
) -> Any:
    """All that happened to a petition, in order, in sentences; `Accept: text/plain` gives them to read."""
    history, petition = await _read(desk, petition_id)
    hidden = is_protected(history, petition) and not may_read_protected(credentials, petition.standing.unit)
    lines = case_file.lines(
        history,
        lang,
        desk.office.settings.zone,
        is_protected=hidden,
        tellings=await tellings_of(desk.office, history),
    )
    headers = {"Vary": "Accept, Authorization", "Content-Language": lang}
    if wants_text(request):
        name = petition.reference or str(petition_id)
        office = desk.office
        clocks = clock_lines(ledger_of(history), office.today, office.law, lang)
        return PlainTextResponse(case_file.text(name, lines, lang, office.settings.zone, clocks), headers=headers)
    response.headers.update(headers)
    return lines


@router.get(
    "/petitions/{reference}/petitioners",
    operation_id="read_petitioners",
    responses=problems(401, 403, 404, 422, 503),
)
async def read_petitioners(
    petition_id: PetitionNamed,
    credentials: Asking,
    desk: AtDesk,
    purpose: Annotated[Line, Query(description="what the identities are needed for", examples=["gửi văn bản"])],
) -> list[PetitionerShown]:
    """Who petitioned. Each reading is recorded with its purpose before anything is shown. Roles: custodian."""
    letter = await _letter_of(desk, petition_id)
    async with desk.office.pool.connection() as connection:
        disclosed = await read_identities(connection, letter, credentials, purpose, desk.office.vault_key)
    return [
        PetitionerShown(petitioner_ref=one.petitioner_ref, is_erased=True)
        if one.petitioner is None
        else PetitionerShown(petitioner_ref=one.petitioner_ref, **one.petitioner.model_dump())
        for one in disclosed
    ]


async def _letter_of(desk: Desk, petition_id: PetitionId) -> PetitionId:
    """Whose receipt brought the identities: a matter shares those of its letter, a stage above those of the first."""
    _, petition = await _read(desk, petition_id)
    before = petition.receipt.split_from or petition.receipt.escalated_from
    return petition_id if before is None else await _letter_of(desk, before)


async def _read(desk: Desk, petition_id: PetitionId) -> tuple[Sequence[EventEnvelope[PetitionEvent]], Petition]:
    """From the log, not from memory: another process may have written last."""
    history = await desk.office.history(petition_id)
    petition = fold(history)
    if petition is None:
        raise UnknownPetition
    return history, petition


def _names(if_none_match: str | None, version: int) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return f'"{version}"' in tags or "*" in tags


def wants_text(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return "text/plain" in accepted and "application/json" not in accepted
