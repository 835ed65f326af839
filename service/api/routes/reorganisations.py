"""Serves reorganisations: reviewed, proposed by one officer, approved by another, applied over several requests."""

from collections import Counter
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from domain import permissions
from domain.reorganisations.commands import (
    MAX_REORGANISATION_TEXT_CHARACTERS,
    ApproveReorganisation,
    ProposeReorganisation,
)
from domain.reorganisations.handing_over import HandedOver, ReorganisationReview
from domain.vocabulary import ReorganisationId
from service.api.dependencies import ContextDep, OfficerCredentials, authenticate_officer
from service.api.openapi.examples import REORGANISATION_PLAN, openapi_examples
from service.api.openapi.responses import problem_responses
from service.api.queries import current_view_snapshot
from service.api.routes.commands import IdempotencyKey, mark_replayed, require_json, route_description
from service.api.schemas.petitions import ResponseModel
from service.approvals.reorganisation_review import dry_run_reorganisation
from service.approvals.reorganisations import REORGANISATIONS
from service.approvals.reviewed_change import ProposedChange
from service.commands.results import CommandResult
from service.event_store.ids import command_id_of

router = APIRouter(dependencies=[Depends(authenticate_officer)], tags=["meetings and units"])

MOST_LISTED_PETITIONS = 200
"""Largest number of petitions that an answer lists.

The counts include all petitions, and the command line lists all.
"""

PETITIONS_A_REQUEST = 2_000
"""Largest number of petitions that one request hands over, so that the client gets its answer soon."""

_REORGANISATION_RESPONSES = problem_responses(400, 401, 403, 409, 413, 415, 422, 503)
_APPLY_RESPONSES = problem_responses(401, 403, 409, 422, 503)


class Way(ResponseModel):
    from_unit: str
    to_unit: str
    petitions: int


class ReorganisationReviewed(ResponseModel):
    """The review of a reorganisation.

    `petitions` are the first petitions to hand over. `ways` counts all of them by unit.
    """

    reorganisation_id: UUID | None
    on: date
    title: str
    instrument: str
    takes_effect_on: date
    open_petitions: int
    would_move: int
    overdue: int
    ways: list[Way]
    petitions: list[HandedOver]

    @classmethod
    def of(cls, found: ReorganisationReview, reorganisation_id: UUID | None = None) -> "ReorganisationReviewed":
        ways = Counter((one.from_unit, one.to_unit) for one in found.petitions)
        return cls(
            reorganisation_id=reorganisation_id,
            on=found.on,
            title=found.plan.title,
            instrument=found.plan.instrument,
            takes_effect_on=found.plan.on,
            open_petitions=found.open_petitions,
            would_move=len(found.petitions),
            overdue=found.overdue,
            ways=[Way(from_unit=one, to_unit=to, petitions=n) for (one, to), n in sorted(ways.items())],
            petitions=list(found.petitions[:MOST_LISTED_PETITIONS]),
        )


class ReorganisationShown(ResponseModel):
    """A reorganisation. `handed_over` is null until all petitions are handed over."""

    reorganisation_id: UUID
    title: str
    instrument: str
    takes_effect_on: date
    proposed_on: date
    proposed_by: str
    would_move: int
    approved_on: date | None
    approved_by: str | None
    handed_over: int | None


class ReorganisationList(ResponseModel):
    reorganisations: list[ReorganisationShown]


class ReorganisationApplied(ResponseModel):
    """The progress of a reorganisation. `handed_over` counts all requests; send another while `is_done` is false."""

    handed_over: int
    is_done: bool


class ReorganisationFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    text: Annotated[
        str, Field(min_length=1, max_length=MAX_REORGANISATION_TEXT_CHARACTERS, examples=[REORGANISATION_PLAN])
    ]


ReorganisationFromPath = Annotated[UUID, Path(examples=["01980a6e-3333-7000-8000-000000000003"])]


@router.get("/reorganisations", operation_id="list_reorganisations", responses=problem_responses(401, 503))
async def list_reorganisations(context: ContextDep) -> ReorganisationList:
    """List all reorganisations: who proposed and approved them, and how many petitions they handed over."""
    return ReorganisationList(
        reorganisations=[
            ReorganisationShown(
                reorganisation_id=reorganisation_id,
                title=one.proposed.title,
                instrument=one.proposed.instrument,
                takes_effect_on=one.proposed.takes_effect_on,
                proposed_on=one.proposed.occurred_on,
                proposed_by=one.proposed_by.officer,
                would_move=one.proposed.would_move,
                approved_on=one.approved_on,
                approved_by=None if one.approved_by is None else one.approved_by.officer,
                handed_over=one.petitions,
            )
            for reorganisation_id, one in (await REORGANISATIONS.load(context.office)).by_id.items()
        ]
    )


@router.post(
    "/reorganisations/review",
    operation_id="review_reorganisation",
    dependencies=[Depends(require_json)],
    responses=_REORGANISATION_RESPONSES,
)
async def review_reorganisation(
    file: Annotated[ReorganisationFile, Body(openapi_examples={"example": {"value": {"text": REORGANISATION_PLAN}}})],
    credentials: OfficerCredentials,
    context: ContextDep,
) -> ReorganisationReviewed:
    """Try a reorganisation without writing anything: list the open petitions of the units, with their future units."""
    permissions.require_permission(
        ProposeReorganisation(occurred_on=context.office.today, text=file.text), credentials.roles
    )
    async with current_view_snapshot(context) as connection:
        found = await dry_run_reorganisation(
            connection, context.office.vault, await context.office.units(), file.text, context.office.today
        )
    return ReorganisationReviewed.of(found)


@router.post(
    "/reorganisations",
    **route_description(ProposeReorganisation),
    status_code=201,
    dependencies=[Depends(require_json)],
    responses=_REORGANISATION_RESPONSES,
)
async def post_reorganisation(
    command: Annotated[ProposeReorganisation, Body(openapi_examples=openapi_examples(ProposeReorganisation))],
    credentials: OfficerCredentials,
    key: IdempotencyKey,
    context: ContextDep,
    response: Response,
) -> ReorganisationReviewed:
    permissions.require_permission(command, credentials.roles)
    proposed: list[ProposedChange[ReorganisationReview]] = []

    async def proposing() -> CommandResult:
        async with current_view_snapshot(context) as connection:
            found = await REORGANISATIONS.record_proposal(
                context.office,
                connection,
                command,
                credentials,
                command_id=command_id_of(credentials.officer, key),
                digest=context.request_digest(command),
            )
        proposed.append(found)
        return found.result

    result = await context.measure(command, proposing())
    (found,) = proposed
    mark_replayed(response, result)
    response.headers["Location"] = f"/reorganisations/{found.change_id}"
    return ReorganisationReviewed.of(found.review, found.change_id)


@router.post(
    "/reorganisations/{reorganisation}/approve",
    **route_description(ApproveReorganisation),
    responses=_APPLY_RESPONSES,
)
async def post_reorganisation_approval(
    reorganisation: ReorganisationFromPath,
    credentials: OfficerCredentials,
    key: IdempotencyKey,
    context: ContextDep,
    response: Response,
) -> ReorganisationApplied:
    """Approve a reorganisation. From the day on which it takes effect it may be applied."""
    command = ApproveReorganisation(
        occurred_on=context.office.today, reorganisation_id=ReorganisationId(reorganisation)
    )
    approving = REORGANISATIONS.record_approval(
        context.office,
        command,
        credentials,
        command_id=command_id_of(credentials.officer, key),
        digest=reorganisation.bytes,
    )
    mark_replayed(response, await context.measure(command, approving))
    return ReorganisationApplied(handed_over=0, is_done=False)


@router.post(
    "/reorganisations/{reorganisation}/apply",
    operation_id="apply_reorganisation",
    responses=_APPLY_RESPONSES,
)
async def apply_reorganisation(
    reorganisation: ReorganisationFromPath, credentials: OfficerCredentials, context: ContextDep
) -> ReorganisationApplied:
    """Hand over the next petitions of an approved reorganisation.

    Send the request again to continue; no petition is handed over twice.
    """
    applied = await REORGANISATIONS.apply(
        context.office,
        lambda: current_view_snapshot(context),
        ReorganisationId(reorganisation),
        credentials,
        at_most=PETITIONS_A_REQUEST,
    )
    return ReorganisationApplied(handed_over=applied.petitions, is_done=applied.is_done)
