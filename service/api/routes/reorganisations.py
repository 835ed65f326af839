"""Reorganisations: reviewed, proposed by one officer, approved by another, applied in as many requests as it takes."""

from collections import Counter
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from domain import permissions
from domain.reorganisations.commands import MOST_TEXT, ApproveReorganisation, ProposeReorganisation
from domain.reorganisations.handing_over import HandedOver, Review
from domain.vocabulary import ReorganisationId
from service.api.dependencies import Asking, AtDesk, officer
from service.api.openapi.examples import PLAN, shown
from service.api.openapi.responses import problems
from service.api.queries import fresh_views
from service.api.routes.commands import IdempotencyKey, described, is_json, mark_replay
from service.api.schemas.petitions import Answer
from service.approvals import reorganisations
from service.approvals.reorganisation_review import review
from service.commands.office import Done
from service.event_store.ids import command_id_of

router = APIRouter(dependencies=[Depends(officer)], tags=["meetings and units"])

LISTED = 200
"""Petitions that an answer lists; the counts are of all of them, and the command line lists all."""

AT_MOST = 2_000
"""Petitions that one request hands over, so that its answer does not keep a client waiting."""

_ASKED = problems(400, 401, 403, 409, 413, 415, 422, 503)
_GONE_ON_WITH = problems(401, 403, 409, 422, 503)


class Way(Answer):
    from_unit: str
    to_unit: str
    petitions: int


class ReorganisationReviewed(Answer):
    """`petitions` are the first of those that would be handed over; `ways` counts all."""

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
    def of(cls, found: Review, reorganisation_id: UUID | None = None) -> "ReorganisationReviewed":
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
            petitions=list(found.petitions[:LISTED]),
        )


class ReorganisationShown(Answer):
    """`handed_over` is null until all petitions are."""

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


class ReorganisationList(Answer):
    reorganisations: list[ReorganisationShown]


class ReorganisationApplied(Answer):
    """`handed_over` counts all requests; ask again while it is not done."""

    handed_over: int
    is_done: bool


class ReorganisationFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    text: Annotated[str, Field(min_length=1, max_length=MOST_TEXT, examples=[PLAN])]


Named = Annotated[UUID, Path(examples=["01980a6e-3333-7000-8000-000000000003"])]


@router.get("/reorganisations", operation_id="list_reorganisations", responses=problems(401, 503))
async def list_reorganisations(desk: AtDesk) -> ReorganisationList:
    """Who proposed and approved them, and how many petitions they handed over."""
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
            for reorganisation_id, one in (await reorganisations.reorganisations(desk.office)).by_id.items()
        ]
    )


@router.post(
    "/reorganisations/review",
    operation_id="review_reorganisation",
    dependencies=[Depends(is_json)],
    responses=_ASKED,
)
async def review_reorganisation(
    file: Annotated[ReorganisationFile, Body(openapi_examples={"example": {"value": {"text": PLAN}}})],
    credentials: Asking,
    desk: AtDesk,
) -> ReorganisationReviewed:
    """Try it without writing anything: every open petition of the units, and its future owner."""
    permissions.require(ProposeReorganisation(occurred_on=desk.office.today, text=file.text), credentials.roles)
    async with fresh_views(desk) as connection:
        found = await review(connection, await desk.office.units(), file.text, desk.office.today)
    return ReorganisationReviewed.of(found)


@router.post(
    "/reorganisations",
    **described(ProposeReorganisation),
    status_code=201,
    dependencies=[Depends(is_json)],
    responses=_ASKED,
)
async def propose_reorganisation(
    command: Annotated[ProposeReorganisation, Body(openapi_examples=shown(ProposeReorganisation))],
    credentials: Asking,
    key: IdempotencyKey,
    desk: AtDesk,
    response: Response,
) -> ReorganisationReviewed:
    permissions.require(command, credentials.roles)
    proposed: list[reorganisations.Proposed] = []

    async def proposing() -> Done:
        async with fresh_views(desk) as connection:
            found = await reorganisations.propose(
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
    response.headers["Location"] = f"/reorganisations/{found.reorganisation_id}"
    return ReorganisationReviewed.of(found.review, found.reorganisation_id)


@router.post(
    "/reorganisations/{reorganisation}/approve",
    **described(ApproveReorganisation),
    responses=_GONE_ON_WITH,
)
async def approve_reorganisation(
    reorganisation: Named, credentials: Asking, key: IdempotencyKey, desk: AtDesk, response: Response
) -> ReorganisationApplied:
    """From its day on it may be applied."""
    command = ApproveReorganisation(occurred_on=desk.office.today, reorganisation_id=ReorganisationId(reorganisation))
    approving = reorganisations.approve(
        desk.office,
        command,
        credentials,
        command_id=command_id_of(credentials.officer, key),
        digest=reorganisation.bytes,
    )
    mark_replay(response, await desk.counted(command, approving))
    return ReorganisationApplied(handed_over=0, is_done=False)


@router.post(
    "/reorganisations/{reorganisation}/apply",
    operation_id="apply_reorganisation",
    responses=_GONE_ON_WITH,
)
async def apply_reorganisation(reorganisation: Named, credentials: Asking, desk: AtDesk) -> ReorganisationApplied:
    """Hand over the next petitions of an approved one. Asked again it goes on; none is handed over twice."""
    done = await reorganisations.apply(
        desk.office, lambda: fresh_views(desk), ReorganisationId(reorganisation), credentials, at_most=AT_MOST
    )
    return ReorganisationApplied(handed_over=done.petitions, is_done=done.is_done)
