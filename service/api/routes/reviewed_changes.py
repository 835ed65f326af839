"""Makes the routes of one kind of reviewed change: review, proposal, approval by another officer, application."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Query, Response
from fastapi.openapi.models import Example

from domain import permissions
from domain.actor import Credentials
from domain.command import Command
from domain.reviewed_changes import ReviewedChange
from service.api.dependencies import ApiContext, ContextDep, OfficerCredentials, authenticate_officer
from service.api.openapi.examples import openapi_examples
from service.api.openapi.responses import problem_responses
from service.api.problem_details import Problem
from service.api.queries import current_view_snapshot
from service.api.routes.commands import IdempotencyKey, mark_replayed, require_json, route_description
from service.api.routes.reviewed_change_kind import ReviewedChangeKind
from service.api.schemas.reviewed_changes import Approval
from service.approvals.reviewed_change import ProposedChange
from service.commands.results import CommandResult
from service.event_store.ids import command_id_of

PETITIONS_A_REQUEST = 2_000
"""Largest number of petitions that one request changes, so that the client gets its answer soon."""

ListedPetitions = Annotated[
    int, Query(ge=0, le=10_000, description="number of petitions that are listed; the counts are of all")
]

_Endpoint = Callable[..., Any]
_POST_RESPONSES = problem_responses(400, 401, 403, 409, 413, 415, 422, 503)
_APPROVAL_RESPONSES = problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503)
_BODYLESS_RESPONSES = problem_responses(400, 401, 403, 409, 422, 503)


def reviewed_change_router(kind: ReviewedChangeKind) -> APIRouter:
    """Return the routes of a kind."""
    router = APIRouter(dependencies=[Depends(authenticate_officer)], tags=[kind.tag])
    path = f"/{kind.plural.replace('_', '-')}"
    one = f"{path}/{{{kind.id_name}}}"

    def post(at: str, endpoint: _Endpoint, form: Any, responses: Any, names: Mapping[str, Any], **more: Any) -> None:
        dependencies = [] if responses is _BODYLESS_RESPONSES else [Depends(require_json)]
        options: dict[str, Any] = {"response_model": form, "responses": responses, "dependencies": dependencies}
        router.add_api_route(at, endpoint, methods=["POST"], **options, **names, **more)

    def get(at: str, endpoint: _Endpoint, form: Any, names: Mapping[str, Any], *statuses: int) -> None:
        router.add_api_route(at, endpoint, response_model=form, responses=problem_responses(*statuses), **names)

    def names(name: str, text: str) -> dict[str, Any]:
        return {"name": name, "operation_id": name, "description": text}

    post(
        f"{path}/review",
        _review_endpoint(kind),
        kind.review_form,
        _POST_RESPONSES,
        names(f"review_{kind.noun}", kind.review_text),
    )
    proposing = route_description(kind.service.propose_command)
    post(path, _proposal_endpoint(kind, path), kind.proposal_form, _POST_RESPONSES, proposing, status_code=201)
    approving = route_description(kind.service.approve_command)
    if kind.approval_has_body:
        post(f"{one}/approve", _approval_endpoint(kind), kind.approval_form, _APPROVAL_RESPONSES, approving)
    else:
        post(f"{one}/approve", _bodyless_approval_endpoint(kind), kind.approval_form, _BODYLESS_RESPONSES, approving)
    get(path, _list_endpoint(kind), kind.list_form, names(f"list_{kind.plural}", kind.list_text), 401, 503)
    if kind.is_read_singly:
        get(one, _read_endpoint(kind), kind.full_form, names(f"read_{kind.noun}", kind.read_text), 401, 404, 422, 503)
    if kind.is_applied_over_http:
        post(
            f"{one}/apply",
            _apply_endpoint(kind),
            kind.apply_form,
            _BODYLESS_RESPONSES,
            names(f"apply_{kind.noun}", kind.apply_text),
        )
    return router


def _review_endpoint(kind: ReviewedChangeKind) -> _Endpoint:
    async def review(
        trial: Any, credentials: OfficerCredentials, context: ContextDep, limit: ListedPetitions = 200
    ) -> Any:
        commands = (kind.service.propose_command, kind.service.approve_command)
        permissions.require_any_permission(commands, credentials.roles)
        async with current_view_snapshot(context) as connection:
            found = await kind.dry_run(context, connection, trial)
        return kind.reviewed(found, limit)

    examples = {"example": Example(value=kind.trial_example())}
    return _declare(review, kind, trial=Annotated[kind.trial, Body(openapi_examples=examples)])


def _proposal_endpoint(kind: ReviewedChangeKind, path: str) -> _Endpoint:
    async def propose(
        command: Any,
        credentials: OfficerCredentials,
        key: IdempotencyKey,
        context: ContextDep,
        response: Response,
        limit: ListedPetitions = 200,
    ) -> Any:
        permissions.require_permission(command, credentials.roles)
        proposed: list[ProposedChange[Any]] = []

        async def proposing() -> CommandResult:
            async with current_view_snapshot(context) as connection:
                found = await kind.service.record_proposal(
                    context.office,
                    connection,
                    command,
                    credentials,
                    command_id=command_id_of(credentials.officer, key),
                    digest=context.request_digest(command),
                )
            proposed.append(found)
            return found.result

        mark_replayed(response, await context.measure(command, proposing()))
        (found,) = proposed
        response.headers["Location"] = f"{path}/{found.change_id}"
        return kind.proposed(found, limit)

    body = kind.service.propose_command
    return _declare(propose, kind, command=Annotated[body, Body(openapi_examples=openapi_examples(body))])


def _approval_endpoint(kind: ReviewedChangeKind) -> _Endpoint:
    async def approve(
        change_id: UUID,
        approval: Any,
        credentials: OfficerCredentials,
        key: IdempotencyKey,
        context: ContextDep,
        response: Response,
    ) -> Any:
        command = kind.service.approving(change_id, approval.occurred_on)
        permissions.require_permission(command, credentials.roles)
        await _find_change(kind, context, change_id)
        digest = context.request_digest(command)
        return await _approve(kind, context, command, credentials, key, digest, response)

    examples = openapi_examples(kind.service.approve_command)
    return _declare(approve, kind, approval=Annotated[Approval, Body(openapi_examples=examples)])


def _bodyless_approval_endpoint(kind: ReviewedChangeKind) -> _Endpoint:
    async def approve(
        change_id: UUID, credentials: OfficerCredentials, key: IdempotencyKey, context: ContextDep, response: Response
    ) -> Any:
        command = kind.service.approving(change_id, context.office.today)
        # The day is not in the request: the same request is the same on the next day.
        return await _approve(kind, context, command, credentials, key, change_id.bytes, response)

    return _declare(approve, kind)


async def _approve(
    kind: ReviewedChangeKind,
    context: ApiContext,
    command: Command,
    credentials: Credentials,
    key: str,
    digest: bytes,
    response: Response,
) -> Any:
    command_id = command_id_of(credentials.officer, key)
    approving = kind.service.record_approval(context.office, command, credentials, command_id=command_id, digest=digest)
    result = await context.measure(command, approving)
    mark_replayed(response, result)
    return kind.approved(kind.service.id_of(command), result)


def _list_endpoint(kind: ReviewedChangeKind) -> _Endpoint:
    async def list_changes(context: ContextDep) -> Any:
        return kind.listed(await kind.service.load(context.office))

    return list_changes


def _read_endpoint(kind: ReviewedChangeKind) -> _Endpoint:
    async def read_change(change_id: UUID, context: ContextDep) -> Any:
        return kind.shown(change_id, await _find_change(kind, context, change_id))

    return _declare(read_change, kind)


def _apply_endpoint(kind: ReviewedChangeKind) -> _Endpoint:
    async def apply(change_id: UUID, credentials: OfficerCredentials, context: ContextDep) -> Any:
        run = await kind.service.apply(
            context.office,
            lambda: current_view_snapshot(context),
            change_id,
            credentials,
            at_most=PETITIONS_A_REQUEST,
        )
        return kind.applied(run)

    return _declare(apply, kind)


def _declare(endpoint: _Endpoint, kind: ReviewedChangeKind, **bodies: Any) -> _Endpoint:
    """Say where the parameters of an endpoint come from whose declaration depends on the kind."""
    if "change_id" in endpoint.__annotations__:
        example = "01980a6e-3333-7000-8000-000000000003"
        endpoint.__annotations__["change_id"] = Annotated[UUID, Path(alias=kind.id_name, examples=[example])]
    endpoint.__annotations__ |= bodies
    return endpoint


async def _find_change(kind: ReviewedChangeKind, context: ApiContext, change_id: UUID) -> ReviewedChange[Any]:
    """Return a change. Raise Problem not-found when there is none with this id."""
    changes = await kind.service.load(context.office)
    change: ReviewedChange[Any] | None = changes.by_id.get(change_id)
    if change is None:
        raise Problem("not-found", f"there is no such {changes.name}")
    return change
