"""Serves changes of law: a dry run for officers who may propose or approve, a proposal, and the approval by another.

An approval is answered once it is recorded. The command `kiennghi law apply`, which may be interrupted and run again,
then recalculates the petitions: for a hundred thousand petitions that takes longer than a request may last.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Query, Response
from fastapi.openapi.models import Example
from pydantic import BaseModel, ConfigDict

from domain import permissions
from domain.commands import CalendarDay
from domain.law_changes.commands import ApproveLawChange, LawText, ProposeLawChange
from domain.law_changes.events import Subject
from domain.law_changes.law_change import LawChange
from domain.law_changes.review import LawChangeReview
from domain.vocabulary import LawChangeId
from service.api.dependencies import ApiContext, ContextDep, OfficerCredentials, authenticate_officer
from service.api.openapi.examples import example_body, openapi_examples
from service.api.openapi.responses import problem_responses
from service.api.problem_details import Problem
from service.api.queries import current_view_snapshot
from service.api.routes.commands import IdempotencyKey, mark_replayed, require_json, route_description
from service.api.schemas.law_changes import (
    LawChangeEntered,
    LawChangeInFull,
    LawChangeList,
    LawChangeReviewed,
    LawChangeShown,
    LawReviewed,
)
from service.approvals.law_changes import LAW_CHANGES, refresh_law_changes
from service.approvals.law_review import dry_run_law_change
from service.approvals.reviewed_change import ProposedChange
from service.commands.results import CommandResult
from service.event_store.ids import command_id_of

router = APIRouter(dependencies=[Depends(authenticate_officer)], tags=["law"])

_LAW_CHANGE_RESPONSES = problem_responses(400, 401, 403, 409, 413, 415, 422, 503)

ListedPetitions = Annotated[
    int, Query(ge=0, le=10_000, description="number of petitions that are listed; the counts are of all")
]
LawChangeFromPath = Annotated[UUID, Path(examples=["01980a6e-3333-7000-8000-000000000003"])]


class Approval(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    occurred_on: CalendarDay


class LawFile(BaseModel):
    """A file of rules or days. Overdue is judged on the day `on`; today if left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    subject: Subject
    text: LawText
    binds_running: bool = False
    on: CalendarDay | None = None


_EXAMPLE_LAW_FILE = {
    name: value for name, value in example_body(ProposeLawChange).items() if name in LawFile.model_fields
}


@router.post(
    "/law-changes/review",
    operation_id="review_law_change",
    responses=_LAW_CHANGE_RESPONSES,
    dependencies=[Depends(require_json)],
)
async def review_law_change(
    file: Annotated[LawFile, Body(openapi_examples={"example": Example(value=_EXAMPLE_LAW_FILE)})],
    credentials: OfficerCredentials,
    context: ContextDep,
    limit: ListedPetitions = 200,
) -> LawReviewed:
    """Try a change of law: list the open petitions whose due dates it would move.

    The answer also counts the petitions that would become overdue, and those that would no longer be overdue.

    Nothing is written. Roles: those for proposing and for approving.
    """
    permissions.require_any_permission((ProposeLawChange, ApproveLawChange), credentials.roles)
    office, on = context.office, file.on or context.office.today
    async with current_view_snapshot(context) as connection:
        found = await dry_run_law_change(
            connection, context.office.vault, office.law, file.subject, file.text, on, binds_running=file.binds_running
        )
    return LawReviewed.of(found, limit)


@router.post(
    "/law-changes",
    **route_description(ProposeLawChange),
    status_code=201,
    responses=_LAW_CHANGE_RESPONSES,
    dependencies=[Depends(require_json)],
)
async def post_law_change(
    command: Annotated[ProposeLawChange, Body(openapi_examples=openapi_examples(ProposeLawChange))],
    credentials: OfficerCredentials,
    key: IdempotencyKey,
    context: ContextDep,
    response: Response,
    limit: ListedPetitions = 200,
) -> LawChangeReviewed:
    permissions.require_permission(command, credentials.roles)
    proposed: list[ProposedChange[LawChangeReview]] = []

    async def proposing() -> CommandResult:
        async with current_view_snapshot(context) as connection:
            found = await LAW_CHANGES.record_proposal(
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
    response.headers["Location"] = f"/law-changes/{found.change_id}"
    return LawChangeReviewed(
        change_id=found.change_id,
        version=result.version,
        position=result.position,
        recorded_at=result.recorded_at,
        review=LawReviewed.of(found.review, limit),
    )


@router.post(
    "/law-changes/{change_id}/approve",
    **route_description(ApproveLawChange),
    responses=problem_responses(400, 401, 403, 404, 409, 413, 415, 422, 503),
    dependencies=[Depends(require_json)],
)
async def post_law_change_approval(
    change_id: LawChangeFromPath,
    approval: Annotated[Approval, Body(openapi_examples=openapi_examples(ApproveLawChange))],
    credentials: OfficerCredentials,
    key: IdempotencyKey,
    context: ContextDep,
    response: Response,
) -> LawChangeEntered:
    command = ApproveLawChange(occurred_on=approval.occurred_on, change_id=LawChangeId(change_id))
    permissions.require_permission(command, credentials.roles)
    await _find_law_change(context, change_id)
    approving = LAW_CHANGES.record_approval(
        context.office,
        command,
        credentials,
        command_id=command_id_of(credentials.officer, key),
        digest=context.request_digest(command),
    )
    result = await context.measure(command, approving)
    mark_replayed(response, result)
    return LawChangeEntered(
        change_id=change_id, version=result.version, position=result.position, recorded_at=result.recorded_at
    )


@router.get("/law-changes", operation_id="list_law_changes", responses=problem_responses(401, 503))
async def list_law_changes(context: ContextDep) -> LawChangeList:
    """List all changes of law: who proposed and approved them, and how many petitions they moved."""
    changes = await refresh_law_changes(context.office)
    return LawChangeList(changes=tuple(LawChangeShown.of(change) for change in changes.by_id.values()))


@router.get("/law-changes/{change_id}", operation_id="read_law_change", responses=problem_responses(401, 404, 422, 503))
async def read_law_change(change_id: LawChangeFromPath, context: ContextDep) -> LawChangeInFull:
    """Return a change of law with the file that was reviewed."""
    return LawChangeInFull.of(await _find_law_change(context, change_id))


async def _find_law_change(context: ApiContext, change_id: UUID) -> LawChange:
    """Return a change of law. Raise Problem not-found when there is none with this id."""
    change = (await refresh_law_changes(context.office)).by_id.get(LawChangeId(change_id))
    if change is None:
        raise Problem("not-found", "there is no such change of law")
    return change
