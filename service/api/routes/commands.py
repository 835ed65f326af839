"""Makes one endpoint for each command on a petition, from the class of the command, and the one that opens a unit.

The path ends with the name of the command, the summary is its docstring, and the body is the command itself. A command
that is added to `PetitionCommand` gets its endpoint without a change here; its class has the example of a body.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response

from domain.actor import Credentials
from domain.command import Command
from domain.commands import PetitionCommand, ReceivePetition
from domain.permissions import PERMISSIONS
from domain.units.commands import OpenUnit, UnitCommand
from domain.vocabulary import PetitionId
from service.api.dependencies import ApiContext, ContextDep, OfficerCredentials, PetitionFromPath, authenticate_officer
from service.api.openapi.examples import openapi_examples
from service.api.openapi.responses import problem_responses
from service.api.problem_details import Problem
from service.api.routes.duplicates import search_duplicates_of_receipt
from service.api.schemas.petitions import PetitionEntered, ReceiptEntered, UnitEntered
from service.commands.results import CommandResult
from service.event_store.ids import command_id_of

_CREATE_RESPONSES = problem_responses(400, 401, 403, 409, 413, 415, 422, 503)
_CHANGE_RESPONSES = problem_responses(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503)

PETITION_CHANGES = tuple(command for command in get_args(PetitionCommand) if command is not ReceivePetition)

IDEMPOTENCY_KEY_PATTERN = r"^[\x21-\x7E]{1,255}$"

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=IDEMPOTENCY_KEY_PATTERN,
        description="A new key for each request of an officer. The same request with the same key is recorded once, for"
        " ever, and answered as the first time; another request with the same key is refused (422).",
        examples=["5f0c3a6e-ban-nhap-1"],
    ),
]
IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        pattern=r'^"[0-9]{1,18}"$',
        description="The ETag of the petition as the officer read it. 412 if the petition has changed since, except by"
        " alerts; 428 if the header is missing.",
        examples=['"3"'],
    ),
]


async def require_json(request: Request) -> None:
    """Raise Problem not-json for a body of another media type."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem("not-json", "send the body as Content-Type: application/json")


router = APIRouter(dependencies=[Depends(authenticate_officer), Depends(require_json)])


def _name_words(command: type[Command]) -> list[str]:
    return [word.lower() for word in re.findall("[A-Z][a-z]+", command.__name__)]


def command_path(command: type[Command]) -> str:
    """Return the name of a command as the last part of its path, which is also its name in a batch."""
    return "-".join(_name_words(command))


def route_description(command: type[Command]) -> dict[str, Any]:
    """Return the names, summary and description of a route, made from the class of the command."""
    prose = (command.__doc__ or "").strip()
    roles = ", ".join(sorted(PERMISSIONS[command]))
    return {
        "name": "_".join(_name_words(command)),
        "operation_id": "_".join(_name_words(command)),
        "summary": prose.partition(".")[0].partition(",")[0],
        "description": f"{prose}\n\nRoles: {roles}.",
    }


def mark_replayed(response: Response, result: CommandResult) -> None:
    """Set the header Idempotency-Replayed when the request had been recorded before."""
    if result.replayed:
        response.headers["Idempotency-Replayed"] = "true"


def _petition_entered(response: Response, result: CommandResult) -> PetitionEntered:
    response.headers["ETag"] = f'"{result.version}"'
    mark_replayed(response, result)
    return PetitionEntered.of(result)


@router.post(
    "/petitions",
    **route_description(ReceivePetition),
    status_code=201,
    tags=["petitions"],
    responses=_CREATE_RESPONSES,
)
async def receive_petition(
    command: Annotated[ReceivePetition, Body(openapi_examples=openapi_examples(ReceivePetition))],
    credentials: OfficerCredentials,
    key: IdempotencyKey,
    context: ContextDep,
    response: Response,
    duplicates: Annotated[
        bool, Query(description="Search for petitions that this one may repeat, and answer with them too")
    ] = False,
) -> PetitionEntered | ReceiptEntered:
    result = await context.perform(context.command_request(command, credentials, key), credentials)
    response.headers["Location"] = f"/petitions/{result.reference or result.petition_id}"
    entered = _petition_entered(response, result)
    if not duplicates:
        return entered
    found = await search_duplicates_of_receipt(context, credentials, PetitionId(result.petition_id))
    return ReceiptEntered(**entered.model_dump(), duplicates=found)


def _petition_change_endpoint(kind: type[Command]) -> Callable[..., Awaitable[PetitionEntered]]:
    async def change(
        command: Any,
        petition_id: PetitionFromPath,
        credentials: OfficerCredentials,
        key: IdempotencyKey,
        if_match: IfMatch,
        context: ContextDep,
        response: Response,
    ) -> PetitionEntered:
        request = context.command_request(command, credentials, key, petition_id, int(if_match.strip('"')))
        result = await context.perform(request, credentials)
        return _petition_entered(response, result)

    change.__annotations__["command"] = Annotated[kind, Body(openapi_examples=openapi_examples(kind))]
    return change


for _kind in PETITION_CHANGES:
    router.add_api_route(
        f"/petitions/{{reference}}/{command_path(_kind)}",
        _petition_change_endpoint(_kind),
        methods=["POST"],
        tags=["petitions"],
        responses=_CHANGE_RESPONSES,
        **route_description(_kind),
    )


@router.post(
    "/units", **route_description(OpenUnit), status_code=201, tags=["meetings and units"], responses=_CREATE_RESPONSES
)
async def open_unit(
    command: Annotated[OpenUnit, Body(openapi_examples=openapi_examples(OpenUnit))],
    credentials: OfficerCredentials,
    key: IdempotencyKey,
    context: ContextDep,
    response: Response,
) -> UnitEntered:
    return await perform_unit_command(command, credentials, key, context, response)


async def perform_unit_command(
    command: UnitCommand, credentials: Credentials, key: str, context: ApiContext, response: Response
) -> UnitEntered:
    """Perform a command on a unit and return the answer. Raise what `UnitCommands.perform` raises."""
    performing = context.office.units.perform(
        command,
        credentials,
        command_id=command_id_of(credentials.officer, key),
        digest=context.request_digest(command),
    )
    result = await context.measure(command, performing)
    mark_replayed(response, result)
    return UnitEntered(
        unit=command.unit, version=result.version, position=result.position, recorded_at=result.recorded_at
    )
