"""Serves the tree of units, and the petitions that units inherited by reorganisations."""

from datetime import date
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from domain.text import Code
from domain.units.events import Branch, Level, Office
from domain.units.unit import UnitRegister
from domain.vocabulary import UnitId
from projections import unit_succession, units_by_successor
from projections.unit_figures import UnitFigures
from projections.unit_succession import InheritedFigures, InheritedPetition
from service.api.cursors import decode_cursor, encode_cursor
from service.api.dependencies import ApiContext, ContextDep, authenticate_officer
from service.api.known_at import requested_figures
from service.api.openapi.responses import problem_responses
from service.api.queries import PageCursor, view_snapshot
from service.api.query_parameters import AfterPosition, OnDay
from service.api.register_filters import UnitFilter
from service.api.schemas.petitions import ResponseModel
from service.known_at.law_and_units import units_at
from service.known_at.moment import KnownAt

router = APIRouter(
    dependencies=[Depends(authenticate_officer)], tags=["views"], responses=problem_responses(401, 422, 503)
)

UnitGrouping = Annotated[
    Literal["time", "successor"],
    Query(description="count for each unit as it was then, or for the unit that does its work today"),
]


class OfficeHeld(ResponseModel):
    """A term of office.

    `until_on` is null while its end is not known. `stands_in` is the deputy who acts for the officer on the day of the
    query.
    """

    office: Office
    officer: str
    position: str
    since_on: date
    until_on: date | None
    stands_in: str


class UnitInBeing(ResponseModel):
    """A unit on the day. `parent` is null at the top; `successors` are the units that do its work on that day."""

    unit: str
    name: str
    level: Level | None
    branch: Branch | None
    parent: str | None
    opened_on: date
    closed_on: date | None
    predecessors: list[str]
    successors: list[str]
    offices: list[OfficeHeld]

    @classmethod
    def of(cls, known: UnitRegister, unit: UnitId, on: date) -> "UnitInBeing":
        found = known.by_id[unit]
        return cls(
            unit=unit,
            name=found.name_on(on),
            level=found.level,
            branch=found.branch,
            parent=known.parent(unit, on),
            opened_on=found.opened_on,
            closed_on=found.closed_on,
            predecessors=list(known.predecessors(unit, on)),
            successors=list(found.successors_on(on)),
            offices=[
                OfficeHeld(
                    office=tenure.office,
                    officer=tenure.officer,
                    position=tenure.position,
                    since_on=tenure.since_on,
                    until_on=tenure.until_on,
                    stands_in=known.stand_in(tenure.officer, on),
                )
                for office in Office
                for tenure in found.tenures_on(office, on)
            ],
        )


class UnitTree(ResponseModel):
    """The units in the order of their codes; `parent` of a unit is the unit above it."""

    on: date
    units: list[UnitInBeing]


class InheritedTable(ResponseModel):
    on: date
    inherited: list[InheritedFigures]


class InheritedList(ResponseModel):
    """One page of petitions in the order of their ids. `next` is the `cursor` of the following page."""

    on: date
    petitions: list[InheritedPetition]
    next: str | None = Field(description="opaque")


class InheritedCursor(NamedTuple):
    """Names the last petition of a page; the next page begins after it."""

    petition_id: UUID


@router.get("/units/tree", operation_id="list_unit_tree")
async def list_unit_tree(context: ContextDep, on: OnDay = None) -> UnitTree:
    """List the units that exist on a day: their names, the units above them, the holders of their offices."""
    day, known = on or context.office.today, await context.office.queries.units()
    return UnitTree(
        on=day,
        units=[UnitInBeing.of(known, unit, day) for unit in sorted(known.by_id) if known.is_in_being(unit, day)],
    )


@router.get("/units/inherited", operation_id="list_inherited")
async def list_inherited(
    context: ContextDep,
    unit: UnitFilter,
    on: OnDay = None,
    after: AfterPosition = None,
) -> InheritedTable:
    """Count the petitions that units inherited by reorganisations: late before the reorganisation, and late since."""
    await context.require_view_at(unit_succession.Inheritance.name, after)
    day = on or context.office.today
    async with view_snapshot(context) as connection:
        return InheritedTable(on=day, inherited=await unit_succession.inherited_figures_on(connection, day, unit))


@router.get("/units/{unit}/inherited", operation_id="list_inherited_petitions")
async def list_inherited_petitions(
    context: ContextDep,
    unit: Annotated[Code, Path(examples=["phong-kinh-te"])],
    on: OnDay = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: PageCursor = None,
    after: AfterPosition = None,
) -> InheritedList:
    """List the petitions that a unit inherited, open or settled.

    Each has its due date and the unit that had the petition when the limit ended.
    """
    position = decode_cursor(cursor, InheritedCursor)
    await context.require_view_at(unit_succession.Inheritance.name, after)
    day = on or context.office.today
    async with view_snapshot(context) as connection:
        found = await unit_succession.inherited_petitions(
            connection, unit, day, after=position and position.petition_id, limit=limit + 1
        )
    following = InheritedCursor(found[limit - 1].petition_id) if len(found) > limit else None
    return InheritedList(on=day, petitions=found[:limit], next=encode_cursor(following))


async def read_figures_by_successor(
    context: ApiContext, first: date | None, last: date, known: KnownAt | None
) -> list[UnitFigures]:
    """Return the figures of `list_units` under the present successors. Both days are inclusive.

    As known at a moment, the successors are those that were known then.
    """
    office = context.office
    if known is None:
        async with view_snapshot(context) as connection:
            return await units_by_successor.figures_by_successor(
                connection, await office.queries.units(), first, last, today=office.today
            )
    units = await units_at(office, known.position)
    async with requested_figures(context, known, last, None) as source:
        return await units_by_successor.figures_by_successor(
            source.connection, units, first, last, today=known.on, past=source.past
        )
