"""Many commands in one request, for imports and for offices that send what they gathered.

Each is a decision of its own with an answer of its own, as if it had been sent alone: what one of them comes to fails
no other. Only what cannot be taken apart into commands is refused as a whole.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from fastapi import APIRouter, Body, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.models import Example
from pydantic import BaseModel, ConfigDict, Field, SkipValidation, TypeAdapter, ValidationError, create_model

from domain.actor import Credentials
from domain.command import Command
from domain.commands import ClassifyPetition, ReceivePetition
from service.api.dependencies import Asking, AtDesk, Desk, officer
from service.api.metrics import outcome_of
from service.api.openapi.examples import body
from service.api.openapi.responses import ProblemBody, problems
from service.api.problem_details import Problem, told
from service.api.routes.commands import CHANGES, KEY, address_of, is_json
from service.api.schemas.petitions import Answer, PetitionEntered
from service.commands.office import Asked, Done, NotDone, UnknownPetition
from service.observability.tracing import span

MOST_COMMANDS = 500
AT_ONCE = 100
"""Of one pile: deciding on so many holds everybody else up for some ten milliseconds."""

NO_COMMAND = "(none)"
"""In the figures, what could not be read as a command or names no petition."""

router = APIRouter(dependencies=[Depends(officer), Depends(is_json)])


class _Sent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    key: Annotated[str, Field(pattern=KEY, description="as in the header Idempotency-Key", examples=["ban-nhap-1"])]


class _SentChange(_Sent):
    petition: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            description="its number or id, as in the path of the command",
            examples=["TD-2026-000123"],
        ),
    ]
    version: Annotated[
        int,
        Field(
            ge=0,
            lt=10**18,
            description="the one it will find: of two commands on one petition the second names the version that the"
            " first leads to",
            examples=[1],
        ),
    ]


def _sent(kind: type[Command]) -> type[_Sent]:
    base = _Sent if kind is ReceivePetition else _SentChange
    named: Any = Literal[address_of(kind)]
    fields: dict[str, Any] = {"command": (named, ...), "body": (kind, ...)}
    return create_model(f"Sent{kind.__name__}", __base__=base, **fields)


if TYPE_CHECKING:
    Sent = _Sent
else:
    Sent = Annotated[
        Union[tuple(_sent(kind) for kind in (ReceivePetition, *CHANGES))],  # noqa: UP007 - made of a tuple
        Field(discriminator="command"),
    ]
_sent_one: TypeAdapter[Any] = TypeAdapter(Sent)


class Pile(BaseModel):
    """Commands in the order in which they are to be decided, as far as they are about the same petition."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Looked at one by one, so that one that is wrong fails no other.
    commands: Annotated[list[SkipValidation[Sent]], Field(min_length=1, max_length=MOST_COMMANDS)]


class CommandAnswer(Answer):
    """`status` is what the command would have been answered with alone; either `entered` or `problem` is there."""

    status: int = Field(examples=[200])
    replayed: bool = Field(default=False, description="it had been recorded before, under the same key")
    entered: PetitionEntered | None = None
    problem: ProblemBody | None = None


class PileAnswer(Answer):
    """One answer for each command, in the same order."""

    answers: list[CommandAnswer]


_EXAMPLE = {
    "commands": [
        {"command": "receive-petition", "key": "ban-nhap-1", "body": body(ReceivePetition)},
        {
            "command": "classify-petition",
            "key": "ban-nhap-2",
            "petition": "TD-2026-000123",
            "version": 1,
            "body": body(ClassifyPetition),
        },
    ]
}


@router.post(
    "/commands",
    operation_id="send_commands",
    tags=["petitions"],
    responses=problems(400, 401, 413, 415, 422, 503),
)
async def send_commands(
    pile: Annotated[Pile, Body(openapi_examples={"example": Example(value=_EXAMPLE)})],
    credentials: Asking,
    desk: AtDesk,
    request: Request,
) -> PileAnswer:
    """Send up to 500 commands, each decided on its own and answered in its place.

    What is wrong with one command (a rule, a role, a version, a field) is in its own answer, with the status and the
    problem that it would have had alone; the request itself is answered with 200. Each command has a key of its own:
    what was sent twice, in one request or in two, is recorded once. Commands on the same petition are decided in the
    order given. Roles: those of each command.
    """
    answers: list[CommandAnswer] = []
    async with desk.piles.place():
        for first in range(0, len(pile.commands), AT_ONCE):
            part = pile.commands[first : first + AT_ONCE]
            answers += await _answered(part, credentials, desk, request.state.request_id)
    return PileAnswer(answers=answers)


async def _answered(part: Sequence[Any], credentials: Credentials, desk: Desk, request_id: str) -> list[CommandAnswer]:
    taken = await asyncio.gather(*(_asked(one, credentials, desk) for one in part))
    with span("commands", {"kiennghi.commands": len(part)}):
        done = iter(await desk.office.perform_all([one for one in taken if isinstance(one, Asked)], credentials))
    answers = []
    for one in taken:
        name = type(one.command).__name__ if isinstance(one, Asked) else NO_COMMAND
        outcome = next(done) if isinstance(one, Asked) else one
        answers.append(_answer(name, outcome, request_id))
        desk.metrics.command(name, outcome_of(outcome) if isinstance(outcome, Done) else told(outcome).name)
    return answers


async def _asked(one: Any, credentials: Credentials, desk: Desk) -> Asked | Problem:
    try:
        sent = _sent_one.validate_python(one)
    except ValidationError as error:
        return _wrong(error)
    if isinstance(sent.body, ReceivePetition):
        return desk.asked(sent.body, credentials, sent.key)
    try:
        petition_id = await desk.petition_named(sent.petition)
    except UnknownPetition as error:
        return told(error)
    return desk.asked(sent.body, credentials, sent.key, petition_id, sent.version)


def _wrong(error: ValidationError) -> Problem:
    """Pointers are into the command, whose name pydantic has put first."""
    faults = []
    for fault in error.errors(include_url=False):
        match fault["type"], fault["loc"]:
            case (("union_tag_invalid" | "union_tag_not_found"), _):
                faults.append({**fault, "loc": ("body", "command"), "msg": "This is not a command"})
            case _, (_, *path):
                faults.append({**fault, "loc": ("body", *path)})
            case _:
                faults.append({**fault, "loc": ("body",)})
    return told(RequestValidationError(faults))


def _answer(name: str, outcome: Done | NotDone | Problem, request_id: str) -> CommandAnswer:
    if isinstance(outcome, Done):
        status = 201 if name == ReceivePetition.__name__ else 200
        return CommandAnswer(status=status, replayed=outcome.replayed, entered=PetitionEntered.of(outcome))
    problem = told(outcome)
    return CommandAnswer(status=problem.status, problem=problem.content(request_id))
