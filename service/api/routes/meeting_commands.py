"""What officers ask of a meeting: one endpoint a command, as for petitions."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Body, Depends, Path, Request, Response
from pydantic import Field

from domain.actor import Credentials
from domain.command import Command
from domain.meetings.commands import MeetingChange, MeetingCommand, PlanMeeting, PublishAnswers, RecordMeeting
from domain.vocabulary import MeetingId
from service.api.dependencies import Asking, AtDesk, Desk, officer
from service.api.metrics import outcome_of
from service.api.openapi.examples import shown
from service.api.openapi.responses import ProblemBody, problems
from service.api.problem_details import told
from service.api.routes.commands import IdempotencyKey, address_of, described, is_json, mark_replay
from service.api.schemas.petitions import Answer, MeetingEntered, PetitionEntered
from service.commands.bulk_answers import Published, publish_answers
from service.commands.office import Done
from service.event_store.ids import command_id_of
from service.observability.tracing import span

router = APIRouter(dependencies=[Depends(officer), Depends(is_json)], tags=["meetings and units"])

_ENTERED = problems(400, 401, 403, 409, 413, 415, 422, 503)
MeetingNamed = Annotated[
    MeetingId, Path(alias="meeting_id", examples=["01980a6e-1111-7000-8000-000000000001"], description="its id")
]


async def _entered(
    command: MeetingCommand,
    meeting_id: MeetingId,
    credentials: Credentials,
    key: str,
    desk: Desk,
    response: Response,
) -> MeetingEntered:
    doing = desk.office.change_meeting(
        command,
        meeting_id,
        credentials,
        command_id=command_id_of(credentials.officer, key),
        digest=desk.digest(command, None if isinstance(command, RecordMeeting) else meeting_id),
    )
    done = await desk.counted(command, doing)
    mark_replay(response, done)
    return MeetingEntered(
        meeting_id=done.petition_id, version=done.version, position=done.position, recorded_at=done.recorded_at
    )


@router.post("/meetings", **described(RecordMeeting), status_code=201, responses=_ENTERED)
async def record_meeting(
    command: Annotated[RecordMeeting, Body(openapi_examples=shown(RecordMeeting))],
    credentials: Asking,
    key: IdempotencyKey,
    desk: AtDesk,
    response: Response,
) -> MeetingEntered:
    return await _entered(command, command.meeting_id, credentials, key, desk, response)


@router.post("/meetings/plan-meeting", **described(PlanMeeting), status_code=201, responses=_ENTERED)
async def plan_meeting(
    command: Annotated[PlanMeeting, Body(openapi_examples=shown(PlanMeeting))],
    credentials: Asking,
    key: IdempotencyKey,
    desk: AtDesk,
    response: Response,
) -> MeetingEntered:
    return await _entered(command, command.meeting_id, credentials, key, desk, response)


def _change(kind: type[Command]) -> Callable[..., Awaitable[MeetingEntered]]:
    async def change(
        command: Any,
        meeting_id: MeetingNamed,
        credentials: Asking,
        key: IdempotencyKey,
        desk: AtDesk,
        response: Response,
    ) -> MeetingEntered:
        return await _entered(command, meeting_id, credentials, key, desk, response)

    change.__annotations__["command"] = Annotated[kind, Body(openapi_examples=shown(kind))]
    return change


for _kind in get_args(MeetingChange):
    router.add_api_route(
        f"/meetings/{{meeting_id}}/{address_of(_kind)}",
        _change(_kind),
        methods=["POST"],
        responses=_ENTERED,
        **described(_kind),
    )


class AnswerPublished(Answer):
    """`status` is what the answer would have come to alone; either `entered` or `problem` is there."""

    petition: str = Field(description="as it was named", examples=["TD-2026-000123"])
    status: int = Field(examples=[200])
    replayed: bool = False
    entered: PetitionEntered | None = None
    problem: ProblemBody | None = None


class AnswersPublished(Answer):
    """One line for each answer, in the same order."""

    answers: list[AnswerPublished]


@router.post(
    "/meetings/{meeting_id}/publish-answers",
    **described(PublishAnswers),
    responses=problems(400, 401, 403, 413, 415, 422, 503),
)
async def publish(
    command: Annotated[PublishAnswers, Body(openapi_examples=shown(PublishAnswers))],
    meeting_id: MeetingNamed,
    credentials: Asking,
    key: IdempotencyKey,
    desk: AtDesk,
    request: Request,
) -> AnswersPublished:
    async with desk.piles.place():
        with span("commands", {"kiennghi.commands": len(command.answers)}):
            published = await publish_answers(
                desk.office,
                command,
                meeting_id,
                credentials,
                command_id=command_id_of(credentials.officer, key),
                digest=desk.digest(command, meeting_id),
            )
    return AnswersPublished(answers=[_told(one, desk, request.state.request_id) for one in published])


def _told(one: Published, desk: Desk, request_id: str) -> AnswerPublished:
    outcome = one.outcome
    name = "AnswerAtMeeting"
    if isinstance(outcome, Done):
        desk.metrics.command(name, outcome_of(outcome))
        return AnswerPublished(
            petition=one.petition, status=200, replayed=outcome.replayed, entered=PetitionEntered.of(outcome)
        )
    problem = told(outcome)
    desk.metrics.command(name, problem.name)
    return AnswerPublished(petition=one.petition, status=problem.status, problem=problem.content(request_id))
