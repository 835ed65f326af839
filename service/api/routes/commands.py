"""What officers ask for: one endpoint a command, made from the command's own class.

The address is the command's name, its summary is the command's docstring, its body the command itself. A command that
joins `PetitionCommand` has an address without a line here; a test asks for its example.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Body, Depends, Header, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from domain.actor import Credentials
from domain.command import Command
from domain.commands import Day, PetitionCommand, ReceivePetition
from domain.permissions import MAY
from domain.text import Code, Line
from domain.units.commands import CloseUnit, OpenUnit, UnitCommand
from domain.vocabulary import PetitionId
from service.api.dependencies import Asking, AtDesk, Desk, PetitionNamed, officer
from service.api.openapi.examples import shown
from service.api.openapi.responses import problems
from service.api.problem_details import Problem
from service.api.routes.duplicates import duplicates_of_received
from service.api.schemas.petitions import PetitionEntered, ReceiptEntered, UnitEntered
from service.commands.office import Done
from service.event_store.ids import command_id_of

_NEW = problems(400, 401, 403, 409, 413, 415, 422, 503)
_CHANGED = problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503)

CHANGES = tuple(command for command in get_args(PetitionCommand) if command is not ReceivePetition)

KEY = r"^[\x21-\x7E]{1,255}$"

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=KEY,
        description="New for each request of an officer. The same key with the same request is answered as the first"
        " time and recorded once, for ever; with another request it is refused (422).",
        examples=["5f0c3a6e-ban-nhap-1"],
    ),
]
IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        pattern=r'^"[0-9]{1,18}"$',
        description="The ETag of the petition as it was read. 412 if it has moved on, but for alerts that were raised"
        " meanwhile; 428 if it is missing.",
        examples=['"3"'],
    ),
]


async def is_json(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem("not-json", "send the body as Content-Type: application/json")


router = APIRouter(dependencies=[Depends(officer), Depends(is_json)])


def _words(command: type[Command]) -> list[str]:
    return [word.lower() for word in re.findall("[A-Z][a-z]+", command.__name__)]


def address_of(command: type[Command]) -> str:
    """The last part of its path, and its name among many."""
    return "-".join(_words(command))


def described(command: type[Command]) -> dict[str, Any]:
    """For the route: names, prose and example from the command's class."""
    prose = (command.__doc__ or "").strip()
    roles = ", ".join(sorted(MAY[command]))
    return {
        "name": "_".join(_words(command)),
        "operation_id": "_".join(_words(command)),
        "summary": prose.partition(".")[0].partition(",")[0],
        "description": f"{prose}\n\nRoles: {roles}.",
    }


def mark_replay(response: Response, done: Done) -> None:
    if done.replayed:
        response.headers["Idempotency-Replayed"] = "true"


def _answered(response: Response, done: Done) -> PetitionEntered:
    response.headers["ETag"] = f'"{done.version}"'
    mark_replay(response, done)
    return PetitionEntered.of(done)


@router.post(
    "/petitions",
    **described(ReceivePetition),
    status_code=201,
    tags=["petitions"],
    responses=_NEW,
)
async def receive_petition(
    command: Annotated[ReceivePetition, Body(openapi_examples=shown(ReceivePetition))],
    credentials: Asking,
    key: IdempotencyKey,
    desk: AtDesk,
    response: Response,
    duplicates: Annotated[
        bool, Query(description="Look for petitions that this one may repeat, and answer with them too")
    ] = False,
) -> PetitionEntered | ReceiptEntered:
    done = await desk.perform(desk.asked(command, credentials, key), credentials)
    response.headers["Location"] = f"/petitions/{done.reference or done.petition_id}"
    entered = _answered(response, done)
    if not duplicates:
        return entered
    found = await duplicates_of_received(desk, credentials, PetitionId(done.petition_id))
    return ReceiptEntered(**entered.model_dump(), duplicates=found)


def _change(kind: type[Command]) -> Callable[..., Awaitable[PetitionEntered]]:
    async def change(
        command: Any,
        petition_id: PetitionNamed,
        credentials: Asking,
        key: IdempotencyKey,
        if_match: IfMatch,
        desk: AtDesk,
        response: Response,
    ) -> PetitionEntered:
        asked = desk.asked(command, credentials, key, petition_id, int(if_match.strip('"')))
        done = await desk.perform(asked, credentials)
        return _answered(response, done)

    change.__annotations__["command"] = Annotated[kind, Body(openapi_examples=shown(kind))]
    return change


for _kind in CHANGES:
    router.add_api_route(
        f"/petitions/{{reference}}/{address_of(_kind)}",
        _change(_kind),
        methods=["POST"],
        tags=["petitions"],
        responses=_CHANGED,
        **described(_kind),
    )


class UnitEnd(BaseModel):
    """`occurred_on` is the last day of the unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    occurred_on: Day
    instrument: Line


@router.post("/units", **described(OpenUnit), status_code=201, tags=["meetings and units"], responses=_NEW)
async def open_unit(
    command: Annotated[OpenUnit, Body(openapi_examples=shown(OpenUnit))],
    credentials: Asking,
    key: IdempotencyKey,
    desk: AtDesk,
    response: Response,
) -> UnitEntered:
    return await change_unit(command, credentials, key, desk, response)


@router.post("/units/{unit}/close", **described(CloseUnit), tags=["meetings and units"], responses=_NEW)
async def close_unit(
    unit: Annotated[Code, Path(examples=["phong-kinh-te"])],
    end: Annotated[UnitEnd, Body(openapi_examples=shown(CloseUnit))],
    credentials: Asking,
    key: IdempotencyKey,
    desk: AtDesk,
    response: Response,
) -> UnitEntered:
    command = CloseUnit(unit=unit, instrument=end.instrument, occurred_on=end.occurred_on)
    return await change_unit(command, credentials, key, desk, response)


async def change_unit(
    command: UnitCommand, credentials: Credentials, key: str, desk: Desk, response: Response
) -> UnitEntered:
    doing = desk.office.change_unit(
        command,
        credentials,
        command_id=command_id_of(credentials.officer, key),
        digest=desk.digest(command),
    )
    done = await desk.counted(command, doing)
    mark_replay(response, done)
    return UnitEntered(unit=command.unit, version=done.version, position=done.position, recorded_at=done.recorded_at)
