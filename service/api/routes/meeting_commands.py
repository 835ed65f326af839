"""Makes one endpoint for each command on a meeting, as for petitions."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Body, Depends, Path, Request, Response
from pydantic import Field

from domain.actor import Credentials
from domain.command import Command
from domain.meetings.commands import MeetingChange, MeetingCommand, PlanMeeting, PublishAnswers, RecordMeeting
from domain.vocabulary import MeetingId
from service.api.dependencies import ApiContext, ContextDep, OfficerCredentials, authenticate_officer
from service.api.metrics import outcome_label
from service.api.openapi.examples import openapi_examples
from service.api.openapi.responses import ProblemBody, problem_responses
from service.api.problem_details import problem_or_raise
from service.api.routes.commands import IdempotencyKey, command_path, mark_replayed, require_json, route_description
from service.api.schemas.petitions import MeetingEntered, PetitionEntered, ResponseModel
from service.commands.bulk_answers import PublishedAnswer, publish_answers
from service.commands.results import CommandResult
from service.event_store.ids import command_id_of
from service.observability.tracing import span

router = APIRouter(dependencies=[Depends(authenticate_officer), Depends(require_json)], tags=["meetings and units"])

_MEETING_RESPONSES = problem_responses(400, 401, 403, 409, 413, 415, 422, 503)
MeetingFromPath = Annotated[
    MeetingId,
    Path(alias="meeting_id", examples=["01980a6e-1111-7000-8000-000000000001"], description="id of the meeting"),
]


async def _perform_meeting_command(
    command: MeetingCommand,
    meeting_id: MeetingId,
    credentials: Credentials,
    key: str,
    context: ApiContext,
    response: Response,
) -> MeetingEntered:
    performing = context.office.meetings.perform(
        command,
        meeting_id,
        credentials,
        command_id=command_id_of(credentials.officer, key),
        digest=context.request_digest(command, None if isinstance(command, RecordMeeting) else meeting_id),
    )
    result = await context.measure(command, performing)
    mark_replayed(response, result)
    return MeetingEntered(
        meeting_id=result.petition_id, version=result.version, position=result.position, recorded_at=result.recorded_at
    )


@router.post("/meetings", **route_description(RecordMeeting), status_code=201, responses=_MEETING_RESPONSES)
async def record_meeting(
    command: Annotated[RecordMeeting, Body(openapi_examples=openapi_examples(RecordMeeting))],
    credentials: OfficerCredentials,
    key: IdempotencyKey,
    context: ContextDep,
    response: Response,
) -> MeetingEntered:
    return await _perform_meeting_command(command, command.meeting_id, credentials, key, context, response)


@router.post("/meetings/plan-meeting", **route_description(PlanMeeting), status_code=201, responses=_MEETING_RESPONSES)
async def plan_meeting(
    command: Annotated[PlanMeeting, Body(openapi_examples=openapi_examples(PlanMeeting))],
    credentials: OfficerCredentials,
    key: IdempotencyKey,
    context: ContextDep,
    response: Response,
) -> MeetingEntered:
    return await _perform_meeting_command(command, command.meeting_id, credentials, key, context, response)


def _meeting_change_endpoint(kind: type[Command]) -> Callable[..., Awaitable[MeetingEntered]]:
    async def change(
        command: Any,
        meeting_id: MeetingFromPath,
        credentials: OfficerCredentials,
        key: IdempotencyKey,
        context: ContextDep,
        response: Response,
    ) -> MeetingEntered:
        return await _perform_meeting_command(command, meeting_id, credentials, key, context, response)

    change.__annotations__["command"] = Annotated[kind, Body(openapi_examples=openapi_examples(kind))]
    return change


for _kind in get_args(MeetingChange):
    router.add_api_route(
        f"/meetings/{{meeting_id}}/{command_path(_kind)}",
        _meeting_change_endpoint(_kind),
        methods=["POST"],
        responses=_MEETING_RESPONSES,
        **route_description(_kind),
    )


class AnswerPublished(ResponseModel):
    """The outcome of publishing one answer.

    `status` is the status that the answer would have had alone. Either `entered` or `problem` is set.
    """

    petition: str = Field(description="as the request named it", examples=["TD-2026-000123"])
    status: int = Field(examples=[200])
    replayed: bool = False
    entered: PetitionEntered | None = None
    problem: ProblemBody | None = None


class AnswersPublished(ResponseModel):
    """One outcome for each answer, in the same order."""

    answers: list[AnswerPublished]


@router.post(
    "/meetings/{meeting_id}/publish-answers",
    **route_description(PublishAnswers),
    responses=problem_responses(400, 401, 403, 413, 415, 422, 503),
)
async def publish_meeting_answers(
    command: Annotated[PublishAnswers, Body(openapi_examples=openapi_examples(PublishAnswers))],
    meeting_id: MeetingFromPath,
    credentials: OfficerCredentials,
    key: IdempotencyKey,
    context: ContextDep,
    request: Request,
) -> AnswersPublished:
    async with context.batch_limit.slot():
        with span("commands", {"kiennghi.commands": len(command.answers)}):
            published = await publish_answers(
                context.office,
                command,
                meeting_id,
                credentials,
                command_id=command_id_of(credentials.officer, key),
                digest=context.request_digest(command, meeting_id),
            )
    return AnswersPublished(answers=[_published_answer(one, context, request.state.request_id) for one in published])


def _published_answer(one: PublishedAnswer, context: ApiContext, request_id: str) -> AnswerPublished:
    """Count the outcome of one answer and return it in the form of the HTTP answer."""
    outcome = one.outcome
    name = "AnswerAtMeeting"
    if isinstance(outcome, CommandResult):
        context.metrics.count_command(name, outcome_label(outcome))
        return AnswerPublished(
            petition=one.petition, status=200, replayed=outcome.replayed, entered=PetitionEntered.of(outcome)
        )
    problem = problem_or_raise(outcome)
    context.metrics.count_command(name, problem.name)
    return AnswerPublished(petition=one.petition, status=problem.status, problem=problem.content(request_id))
