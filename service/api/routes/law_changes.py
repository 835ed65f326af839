"""Changes of law: tried by whoever may propose or approve them, then proposed by one officer and approved by another.

An approval is answered once it is recorded. The petitions that it moves are recalculated by `kiennghi law apply`, which
may be interrupted and run again: over a hundred thousand petitions that takes longer than a request may last.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Query, Response
from fastapi.openapi.models import Example
from pydantic import BaseModel, ConfigDict

from domain import permissions
from domain.commands import Day
from domain.law_changes.commands import ApproveLawChange, LawText, ProposeLawChange
from domain.law_changes.events import Subject
from domain.law_changes.law_change import LawChange
from domain.vocabulary import LawChangeId
from service.api.dependencies import Asking, AtDesk, Desk, officer
from service.api.openapi.examples import body, shown
from service.api.openapi.responses import problems
from service.api.problem_details import Problem
from service.api.queries import fresh_views
from service.api.routes.commands import IdempotencyKey, described, is_json, mark_replay
from service.api.schemas.law_changes import (
    LawChangeEntered,
    LawChangeInFull,
    LawChangeList,
    LawChangeReviewed,
    LawChangeShown,
    LawReviewed,
)
from service.approvals.law_changes import Proposed, approve, changes_of_law, propose
from service.approvals.law_review import review
from service.commands.office import Done
from service.event_store.ids import command_id_of

router = APIRouter(dependencies=[Depends(officer)], tags=["law"])

_SENT = problems(400, 401, 403, 409, 413, 415, 422, 503)

Shown = Annotated[int, Query(ge=0, le=10_000, description="so many petitions are listed; the counts are of all")]
ChangeNamed = Annotated[UUID, Path(examples=["01980a6e-3333-7000-8000-000000000003"])]


class Approval(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    occurred_on: Day


class LawFile(BaseModel):
    """A file of rules or days. `on` is the day against which a petition is overdue or not; today if left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    subject: Subject
    text: LawText
    binds_running: bool = False
    on: Day | None = None


_FILE = {name: value for name, value in body(ProposeLawChange).items() if name in LawFile.model_fields}


@router.post(
    "/law-changes/review",
    operation_id="review_law_change",
    responses=_SENT,
    dependencies=[Depends(is_json)],
)
async def review_law_change(
    file: Annotated[LawFile, Body(openapi_examples={"example": Example(value=_FILE)})],
    credentials: Asking,
    desk: AtDesk,
    limit: Shown = 200,
) -> LawReviewed:
    """Try a change of law: which open petitions it would move, and which would become or stop being overdue.

    Nothing is written. Roles: those of proposing and of approving.
    """
    permissions.require_one_of((ProposeLawChange, ApproveLawChange), credentials.roles)
    office, on = desk.office, file.on or desk.office.today
    async with fresh_views(desk) as connection:
        found = await review(connection, office.law, file.subject, file.text, on, binds_running=file.binds_running)
    return LawReviewed.of(found, limit)


@router.post(
    "/law-changes",
    **described(ProposeLawChange),
    status_code=201,
    responses=_SENT,
    dependencies=[Depends(is_json)],
)
async def propose_law_change(
    command: Annotated[ProposeLawChange, Body(openapi_examples=shown(ProposeLawChange))],
    credentials: Asking,
    key: IdempotencyKey,
    desk: AtDesk,
    response: Response,
    limit: Shown = 200,
) -> LawChangeReviewed:
    permissions.require(command, credentials.roles)
    proposed: list[Proposed] = []

    async def proposing() -> Done:
        async with fresh_views(desk) as connection:
            found = await propose(
                desk.office,
                connection,
                command,
                credentials,
                command_id=command_id_of(credentials.officer, key),
                digest=desk.digest(command),
            )
        proposed.append(found)
        return found.done

    done = await desk.counted(command, proposing())
    (found,) = proposed
    mark_replay(response, done)
    response.headers["Location"] = f"/law-changes/{found.change_id}"
    return LawChangeReviewed(
        change_id=found.change_id,
        version=done.version,
        position=done.position,
        recorded_at=done.recorded_at,
        review=LawReviewed.of(found.review, limit),
    )


@router.post(
    "/law-changes/{change_id}/approve",
    **described(ApproveLawChange),
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 503),
    dependencies=[Depends(is_json)],
)
async def approve_law_change(
    change_id: ChangeNamed,
    approval: Annotated[Approval, Body(openapi_examples=shown(ApproveLawChange))],
    credentials: Asking,
    key: IdempotencyKey,
    desk: AtDesk,
    response: Response,
) -> LawChangeEntered:
    command = ApproveLawChange(occurred_on=approval.occurred_on, change_id=LawChangeId(change_id))
    permissions.require(command, credentials.roles)
    await _change(desk, change_id)
    approving = approve(
        desk.office,
        command,
        credentials,
        command_id=command_id_of(credentials.officer, key),
        digest=desk.digest(command),
    )
    done = await desk.counted(command, approving)
    mark_replay(response, done)
    return LawChangeEntered(
        change_id=change_id, version=done.version, position=done.position, recorded_at=done.recorded_at
    )


@router.get("/law-changes", operation_id="list_law_changes", responses=problems(401, 503))
async def list_law_changes(desk: AtDesk) -> LawChangeList:
    """All changes of law: who proposed and approved them, and how many petitions they moved."""
    changes = await changes_of_law(desk.office)
    return LawChangeList(changes=tuple(LawChangeShown.of(change) for change in changes.by_id.values()))


@router.get("/law-changes/{change_id}", operation_id="read_law_change", responses=problems(401, 404, 422, 503))
async def read_law_change(change_id: ChangeNamed, desk: AtDesk) -> LawChangeInFull:
    """A change of law with the file that was reviewed."""
    return LawChangeInFull.of(await _change(desk, change_id))


async def _change(desk: Desk, change_id: UUID) -> LawChange:
    change = (await changes_of_law(desk.office)).by_id.get(LawChangeId(change_id))
    if change is None:
        raise Problem("not-found", "there is no such change of law")
    return change
