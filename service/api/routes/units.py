"""What is entered of a unit that is there: one endpoint a command, its body the command without the unit.

To open and to close a unit is asked for in `service.api.routes.commands`.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, cast

from fastapi import APIRouter, Body, Depends, Path, Response
from pydantic import create_model

from domain.command import Command
from domain.text import Code
from domain.units.commands import (
    EndAbsence,
    LeaveOffice,
    NameDeputy,
    PlaceUnit,
    RenameUnit,
    SucceedUnit,
    TakeOffice,
    UnitCommand,
)
from service.api.dependencies import Asking, AtDesk, officer
from service.api.openapi.examples import shown
from service.api.openapi.responses import problems
from service.api.routes.commands import IdempotencyKey, change_unit, described, is_json
from service.api.schemas.petitions import UnitEntered

router = APIRouter(dependencies=[Depends(officer), Depends(is_json)])

_ADDRESSES: dict[type[Command], str] = {
    PlaceUnit: "place",
    RenameUnit: "rename",
    SucceedUnit: "succeed",
    TakeOffice: "offices/take",
    LeaveOffice: "offices/leave",
    NameDeputy: "deputies/name",
    EndAbsence: "deputies/end",
}


def _body(kind: type[Command]) -> type[Command]:
    """The command without the unit, which the address names."""
    own = {
        name: (field.annotation, field)
        for name, field in kind.model_fields.items()
        if name not in ("unit", "reorganisation_id", *Command.model_fields)
    }
    return create_model(f"{kind.__name__}Body", __base__=Command, __doc__=kind.__doc__, **cast("dict[str, Any]", own))


def _change(kind: type[Command]) -> Callable[..., Awaitable[UnitEntered]]:
    async def change(
        unit: Annotated[Code, Path(examples=["phong-kinh-te"])],
        body: Any,
        credentials: Asking,
        key: IdempotencyKey,
        desk: AtDesk,
        response: Response,
    ) -> UnitEntered:
        command = cast("UnitCommand", kind.model_validate({"unit": unit, **body.model_dump()}))
        return await change_unit(command, credentials, key, desk, response)

    change.__annotations__["body"] = Annotated[_body(kind), Body(openapi_examples=shown(kind))]
    return change


for _kind, _address in _ADDRESSES.items():
    router.add_api_route(
        f"/units/{{unit}}/{_address}",
        _change(_kind),
        methods=["POST"],
        tags=["meetings and units"],
        responses=problems(400, 401, 403, 409, 413, 415, 422, 503),
        **described(_kind),
    )
