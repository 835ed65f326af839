"""Performs many commands in one request, for imports and for offices that collect commands and send them together.

Each command is decided and answered separately, as if it had been sent alone: if one fails, the others are not
affected. The whole request is refused only if its body cannot be split into commands.
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
from service.api.dependencies import ApiContext, ContextDep, OfficerCredentials, authenticate_officer
from service.api.metrics import outcome_label
from service.api.openapi.examples import example_body
from service.api.openapi.responses import ProblemBody, problem_responses
from service.api.problem_details import Problem, problem_or_raise
from service.api.routes.commands import IDEMPOTENCY_KEY_PATTERN, PETITION_CHANGES, command_path, require_json
from service.api.schemas.petitions import PetitionEntered, ResponseModel
from service.commands.results import CommandError, CommandRequest, CommandResult, UnknownPetition
from service.observability.tracing import span

MOST_COMMANDS_A_BATCH = 500
COMMANDS_AT_ONCE = 100
"""Number of commands of one batch that are decided together. They delay all other requests by some ten milliseconds."""

NO_COMMAND = "(none)"
"""Label in the metrics for a part of a batch that cannot be read as a command or names no petition."""

router = APIRouter(dependencies=[Depends(authenticate_officer), Depends(require_json)])


class _SentCommand(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    key: Annotated[
        str,
        Field(pattern=IDEMPOTENCY_KEY_PATTERN, description="as in the header Idempotency-Key", examples=["ban-nhap-1"]),
    ]


class _SentPetitionChange(_SentCommand):
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
            description="the version that the command will find: of two commands on one petition the second names the"
            " version that the first leads to",
            examples=[1],
        ),
    ]


def _sent_command_model(kind: type[Command]) -> type[_SentCommand]:
    base = _SentCommand if kind is ReceivePetition else _SentPetitionChange
    named: Any = Literal[command_path(kind)]
    fields: dict[str, Any] = {"command": (named, ...), "body": (kind, ...)}
    return create_model(f"Sent{kind.__name__}", __base__=base, **fields)


if TYPE_CHECKING:
    SentCommand = _SentCommand
else:
    SentCommand = Annotated[
        Union[tuple(_sent_command_model(kind) for kind in (ReceivePetition, *PETITION_CHANGES))],  # noqa: UP007 - made of a tuple
        Field(discriminator="command"),
    ]
_sent_command_adapter: TypeAdapter[Any] = TypeAdapter(SentCommand)


class Pile(BaseModel):
    """A batch of commands. Commands on the same petition are decided in the order given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Validated one by one, so that a wrong one fails no other.
    commands: Annotated[list[SkipValidation[SentCommand]], Field(min_length=1, max_length=MOST_COMMANDS_A_BATCH)]


class CommandAnswer(ResponseModel):
    """The answer to one command.

    `status` is the status that the command would have had alone. Either `entered` or `problem` is set.
    """

    status: int = Field(examples=[200])
    replayed: bool = Field(default=False, description="it was recorded before, under the same key")
    entered: PetitionEntered | None = None
    problem: ProblemBody | None = None


class PileAnswer(ResponseModel):
    """One answer for each command of a batch, in the same order."""

    answers: list[CommandAnswer]


_EXAMPLE_BATCH = {
    "commands": [
        {"command": "receive-petition", "key": "ban-nhap-1", "body": example_body(ReceivePetition)},
        {
            "command": "classify-petition",
            "key": "ban-nhap-2",
            "petition": "TD-2026-000123",
            "version": 1,
            "body": example_body(ClassifyPetition),
        },
    ]
}


@router.post(
    "/commands",
    operation_id="send_commands",
    tags=["petitions"],
    responses=problem_responses(400, 401, 413, 415, 422, 503),
)
async def send_commands(
    batch: Annotated[Pile, Body(openapi_examples={"example": Example(value=_EXAMPLE_BATCH)})],
    credentials: OfficerCredentials,
    context: ContextDep,
    request: Request,
) -> PileAnswer:
    """Send up to 500 commands. Each is decided separately, and the answers are in the same order.

    A command that fails (by a rule, a role, a version, a field) has its own answer, with the status and the problem
    that it would have had alone; the request itself is answered with 200. Each command has its own key: a command that
    is sent twice, in one request or in two, is recorded once. Commands on the same petition are decided in the order
    given. Roles: those of each command.
    """
    answers: list[CommandAnswer] = []
    async with context.batch_limit.slot():
        for first in range(0, len(batch.commands), COMMANDS_AT_ONCE):
            part = batch.commands[first : first + COMMANDS_AT_ONCE]
            answers += await _perform_commands(part, credentials, context, request.state.request_id)
    return PileAnswer(answers=answers)


async def _perform_commands(
    part: Sequence[Any], credentials: Credentials, context: ApiContext, request_id: str
) -> list[CommandAnswer]:
    requests = await asyncio.gather(*(_read_command(one, credentials, context) for one in part))
    with span("commands", {"kiennghi.commands": len(part)}):
        outcomes = iter(
            await context.office.petitions.perform_all(
                [one for one in requests if isinstance(one, CommandRequest)], credentials
            )
        )
    answers = []
    for one in requests:
        name = type(one.command).__name__ if isinstance(one, CommandRequest) else NO_COMMAND
        outcome = next(outcomes) if isinstance(one, CommandRequest) else one
        answers.append(_command_answer(name, outcome, request_id))
        context.metrics.count_command(
            name, outcome_label(outcome) if isinstance(outcome, CommandResult) else problem_or_raise(outcome).name
        )
    return answers


async def _read_command(one: Any, credentials: Credentials, context: ApiContext) -> CommandRequest | Problem:
    try:
        sent = _sent_command_adapter.validate_python(one)
    except ValidationError as error:
        return _command_problem(error)
    if isinstance(sent.body, ReceivePetition):
        return context.command_request(sent.body, credentials, sent.key)
    try:
        petition_id = await context.find_petition_id(sent.petition)
    except UnknownPetition as error:
        return problem_or_raise(error)
    return context.command_request(sent.body, credentials, sent.key, petition_id, sent.version)


def _command_problem(error: ValidationError) -> Problem:
    """Return the problem of a command that cannot be read. Its pointers refer to places in the command.

    Pydantic puts the name of the command at the start of each place. The name is removed here.
    """
    errors = []
    for item in error.errors(include_url=False):
        match item["type"], item["loc"]:
            case (("union_tag_invalid" | "union_tag_not_found"), _):
                errors.append({**item, "loc": ("body", "command"), "msg": "This is not a command"})
            case _, (_, *path):
                errors.append({**item, "loc": ("body", *path)})
            case _:
                errors.append({**item, "loc": ("body",)})
    return problem_or_raise(RequestValidationError(errors))


def _command_answer(name: str, outcome: CommandResult | CommandError | Problem, request_id: str) -> CommandAnswer:
    if isinstance(outcome, CommandResult):
        status = 201 if name == ReceivePetition.__name__ else 200
        return CommandAnswer(status=status, replayed=outcome.replayed, entered=PetitionEntered.of(outcome))
    problem = problem_or_raise(outcome)
    return CommandAnswer(status=problem.status, problem=problem.content(request_id))
