"""Makes one endpoint for each command on an existing unit; the body is the command without the unit.

Units are opened in `service.api.routes.commands`.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, cast

from fastapi import APIRouter, Body, Depends, Path, Response
from pydantic import create_model

from domain.command import Command
from domain.text import Code
from domain.units.commands import (
    CloseUnit,
    EndAbsence,
    LeaveOffice,
    NameDeputy,
    PlaceUnit,
    RenameUnit,
    SucceedUnit,
    TakeOffice,
    UnitCommand,
)
from service.api.dependencies import ContextDep, OfficerCredentials, authenticate_officer
from service.api.openapi.examples import openapi_examples
from service.api.openapi.responses import problem_responses
from service.api.routes.commands import IdempotencyKey, perform_unit_command, require_json, route_description
from service.api.schemas.petitions import UnitEntered

router = APIRouter(dependencies=[Depends(authenticate_officer), Depends(require_json)])

_UNIT_COMMAND_PATHS: dict[type[Command], str] = {
    CloseUnit: "close",
    PlaceUnit: "place",
    RenameUnit: "rename",
    SucceedUnit: "succeed",
    TakeOffice: "offices/take",
    LeaveOffice: "offices/leave",
    NameDeputy: "deputies/name",
    EndAbsence: "deputies/end",
}


def _unit_command_body(kind: type[Command]) -> type[Command]:
    """Return the model of a body: the command without the unit, which the path names."""
    own = {
        name: (field.annotation, field)
        for name, field in kind.model_fields.items()
        if name not in ("unit", "reorganisation_id", *Command.model_fields)
    }
    return create_model(f"{kind.__name__}Body", __base__=Command, __doc__=kind.__doc__, **cast("dict[str, Any]", own))


def _unit_change_endpoint(kind: type[Command]) -> Callable[..., Awaitable[UnitEntered]]:
    async def change(
        unit: Annotated[Code, Path(examples=["phong-kinh-te"])],
        body: Any,
        credentials: OfficerCredentials,
        key: IdempotencyKey,
        context: ContextDep,
        response: Response,
    ) -> UnitEntered:
        command = cast("UnitCommand", kind.model_validate({"unit": unit, **body.model_dump()}))
        return await perform_unit_command(command, credentials, key, context, response)

    change.__annotations__["body"] = Annotated[_unit_command_body(kind), Body(openapi_examples=openapi_examples(kind))]
    return change


for _kind, _address in _UNIT_COMMAND_PATHS.items():
    router.add_api_route(
        f"/units/{{unit}}/{_address}",
        _unit_change_endpoint(_kind),
        methods=["POST"],
        tags=["meetings and units"],
        responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
        **route_description(_kind),
    )
