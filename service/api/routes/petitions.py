"""Serves one petition: its present state, its history, and its petitioners."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from starlette.responses import PlainTextResponse

from domain.envelope import EventEnvelope
from domain.events import PetitionEvent, PetitionSplit
from domain.evolve import fold
from domain.labels import Language
from domain.petition import Petition
from domain.text import SingleLine
from domain.vocabulary import PetitionId
from projections import case_file
from projections.case_file_clocks import clock_lines
from projections.case_file_text import case_file_text
from service.alerts.deliveries import load_petition_messages
from service.alerts.ladder import load_ladder
from service.api.dependencies import ApiContext, ContextDep, OfficerCredentials, PetitionFromPath, authenticate_officer
from service.api.known_at import KnownAtDep, law_of_moment, refused_moment_as_problem, today_of
from service.api.openapi.responses import problem_responses
from service.api.schemas.petitions import PetitionerShown, PetitionState
from service.commands.results import UnknownPetition
from service.known_at.moment import KnownAt
from service.known_at.petition_then import history_then
from service.security.identity_vault import read_identities
from service.security.visibility import is_protected, may_read_protected

router = APIRouter(dependencies=[Depends(authenticate_officer)], tags=["petitions"])


@router.get(
    "/petitions/{reference}",
    operation_id="read_petition",
    responses={
        200: {"headers": {"ETag": {"schema": {"type": "string"}, "description": "the version, for If-Match"}}},
        304: {"description": "The petition has not changed since the version in If-None-Match"},
        **problem_responses(401, 404, 422, 503),
    },
)
async def read_petition(
    petition_id: PetitionFromPath,
    credentials: OfficerCredentials,
    context: ContextDep,
    response: Response,
    if_none_match: Annotated[str | None, Header(max_length=1000)] = None,
) -> PetitionState:
    """Return the present state of a petition: stage, unit, clocks. The ETag is its version, for If-Match."""
    history, petition = await read_history(context, petition_id)
    headers = {"ETag": f'"{petition.version}"', "Vary": "Authorization"}
    if _matches_etag(if_none_match, petition.version):
        return Response(status_code=304, headers=headers)  # type: ignore[return-value]  # FastAPI sends a Response as it is
    response.headers.update(headers)
    return PetitionState.of(
        petition,
        context.office.law.policies,
        is_protected=is_protected(history, petition),
        credentials=credentials,
        matters=_numbers_of_matters(history, petition),
    )


def _numbers_of_matters(history: Sequence[EventEnvelope[PetitionEvent]], petition: Petition) -> tuple[str, ...]:
    """Return the register numbers of the matters of a split letter: its own with their places."""
    matters = [matter for event in history if isinstance(event.fact, PetitionSplit) for matter in event.fact.matters]
    name = petition.reference or str(petition.petition_id)
    return tuple(f"{name}.{number}" for number, _ in enumerate(matters, start=1))


@router.get(
    "/petitions/{reference}/history",
    operation_id="read_petition_history",
    response_model=list[case_file.Line],
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **problem_responses(401, 404, 422, 503),
    },
)
async def read_petition_history(
    petition_id: PetitionFromPath,
    credentials: OfficerCredentials,
    context: ContextDep,
    request: Request,
    response: Response,
    lang: Annotated[Language, Query(description="language of the sentences")] = "vi",
    known: KnownAtDep = None,
) -> Any:
    """List all events of a petition, in order, in sentences. With `Accept: text/plain` the answer is a text.

    With `known_at`, the events that were on record then; who may read protected texts is decided by today's rights.
    """
    events, petition = await read_history(context, petition_id)
    history = events if known is None else _history_known(events, known)
    law = await law_of_moment(context, known)
    hidden = is_protected(events, petition) and not may_read_protected(credentials, petition.status.unit)
    lines = case_file.case_file_lines(
        history,
        law.policies,
        lang,
        context.office.settings.zone,
        is_protected=hidden,
        # how far a message has come is known of today alone
        messages=await load_petition_messages(context.office, history) if known is None else (),
    )
    headers = {"Vary": "Accept, Authorization", "Content-Language": lang}
    if prefers_plain_text(request):
        name = petition.reference or str(petition_id)
        office = context.office
        clocks = clock_lines(history, today_of(context, known), law, lang)
        units, steps = await office.queries.units(), load_ladder(office.settings).words_of_steps()
        text = case_file_text(name, lines, lang, office.settings.zone, clocks, units, steps)
        return PlainTextResponse(text, headers=headers)
    response.headers.update(headers)
    return lines


@router.get(
    "/petitions/{reference}/petitioners",
    operation_id="read_petitioners",
    responses=problem_responses(401, 403, 404, 422, 503),
)
async def read_petitioners(
    petition_id: PetitionFromPath,
    credentials: OfficerCredentials,
    context: ContextDep,
    purpose: Annotated[SingleLine, Query(description="what the identities are needed for", examples=["gửi văn bản"])],
    all_versions: Annotated[
        bool, Query(description="Also those that were corrected, and corrections that are proposed")
    ] = False,
) -> list[PetitionerShown]:
    """Return the identities of the petitioners. Each reading is recorded with its purpose before any identity is shown.

    Roles: custodian.
    """
    shown = []
    for source in await _find_sources_of_identities(context, petition_id):
        versions = source.identity_versions
        async with context.office.pool.connection() as connection:
            disclosed = await read_identities(
                connection,
                source.petition_id,
                credentials,
                purpose,
                context.office.vault_key,
                left_out=() if all_versions else versions,
            )
        for one in disclosed:
            said = {} if one.petitioner is None else one.petitioner.model_dump()
            version = versions.get(one.petitioner_ref)
            shown.append(
                PetitionerShown(
                    petitioner_ref=one.petitioner_ref, is_erased=one.petitioner is None, version=version, **said
                )
            )
    return shown


async def _find_sources_of_identities(context: ApiContext, petition_id: PetitionId) -> list[Petition]:
    """Return the petitions that may have brought the identities: this one, and those that it came from.

    A matter shares the identities of its letter; a stage above shares those of the one below.
    """
    _, petition = await read_history(context, petition_id)
    origin = petition.opening.origin
    return [petition, *([] if origin is None else await _find_sources_of_identities(context, origin))]


async def read_history(
    context: ApiContext, petition_id: PetitionId, known: KnownAt | None = None
) -> tuple[Sequence[EventEnvelope[PetitionEvent]], Petition]:
    """Return the history and the state of a petition, read from the log; those of then with `known`.

    The state cache is not used, because another process may have changed the petition.

    Raise UnknownPetition when the log has no such petition, and Problem not-found when it had none then.
    """
    history: Sequence[EventEnvelope[PetitionEvent]] = await context.office.queries.history(petition_id)
    if history and known is not None:
        history = _history_known(history, known)
    petition = fold(history)
    if petition is None:
        raise UnknownPetition
    return history, petition


def _history_known(
    history: Sequence[EventEnvelope[PetitionEvent]], known: KnownAt
) -> Sequence[EventEnvelope[PetitionEvent]]:
    with refused_moment_as_problem():
        return history_then(history, known.position)


def _matches_etag(if_none_match: str | None, version: int) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")]
    return f'"{version}"' in tags or "*" in tags


def prefers_plain_text(request: Request) -> bool:
    """Return True when the request accepts text/plain but not JSON."""
    accepted = request.headers.get("accept", "")
    return "text/plain" in accepted and "application/json" not in accepted
