"""Questions about units beside their figures: what stands above what, and what was inherited."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from domain.text import Code
from domain.units.events import Branch, Level, Office
from domain.units.unit import Units
from domain.vocabulary import UnitId
from projections import unit_succession, units_by_successor
from projections.unit_succession import InheritedFigures, InheritedPetition
from projections.unit_workload import UnitFigures
from service.api.dependencies import AtDesk, Desk, officer
from service.api.openapi.responses import problems
from service.api.queries import views_at_one_moment
from service.api.query_parameters import After, On
from service.api.schemas.petitions import Answer

router = APIRouter(dependencies=[Depends(officer)], tags=["views"], responses=problems(401, 422, 503))

By = Annotated[
    Literal["time", "successor"],
    Query(description="each unit as it was at the time, or under the one that does its work today"),
]


class OfficeHeld(Answer):
    """`until_on` is null while nothing is known of its end; `stands_in` acts for the officer on the day asked for."""

    office: Office
    officer: str
    position: str
    since_on: date
    until_on: date | None
    stands_in: str


class UnitInBeing(Answer):
    """As it is on the day. `parent` is null at the top; successors are those that do its work by then."""

    unit: str
    name: str
    level: Level
    branch: Branch
    parent: str | None
    opened_on: date
    closed_on: date | None
    predecessors: list[str]
    successors: list[str]
    offices: list[OfficeHeld]

    @classmethod
    def of(cls, known: Units, unit: UnitId, on: date) -> "UnitInBeing":
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


class UnitTree(Answer):
    """In the order of the codes; `parent` says what stands under what."""

    on: date
    units: list[UnitInBeing]


class InheritedTable(Answer):
    on: date
    inherited: list[InheritedFigures]


class InheritedList(Answer):
    """In the order of the ids; the last id is `cursor` of the next page."""

    on: date
    petitions: list[InheritedPetition]


@router.get("/units/tree", operation_id="list_unit_tree")
async def list_unit_tree(desk: AtDesk, on: On = None) -> UnitTree:
    """The units that are in being on a day: names, what they stand under, who holds their offices."""
    day, known = on or desk.office.today, await desk.office.units()
    return UnitTree(
        on=day,
        units=[UnitInBeing.of(known, unit, day) for unit in sorted(known.by_id) if known.is_in_being(unit, day)],
    )


@router.get("/units/inherited", operation_id="list_inherited")
async def list_inherited(
    desk: AtDesk,
    on: On = None,
    unit: Annotated[Code | None, Query(description="that inherited, or that others inherited from")] = None,
    after: After = None,
) -> InheritedTable:
    """What units inherited by reorganisations: how much of it was late before, and how much became late since."""
    await desk.caught_up(unit_succession.Inheritance.name, after)
    day = on or desk.office.today
    async with views_at_one_moment(desk) as connection:
        return InheritedTable(on=day, inherited=await unit_succession.inherited_on(connection, day, unit))


@router.get("/units/{unit}/inherited", operation_id="list_inherited_petitions")
async def list_inherited_petitions(
    desk: AtDesk,
    unit: Annotated[Code, Path(examples=["phong-kinh-te"])],
    on: On = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[UUID | None, Query(description="the last petition of the page before")] = None,
    after: After = None,
) -> InheritedList:
    """The petitions that a unit inherited, open or settled by now, each with what was due and with whom it ran out."""
    await desk.caught_up(unit_succession.Inheritance.name, after)
    day = on or desk.office.today
    async with views_at_one_moment(desk) as connection:
        found = await unit_succession.petitions_inherited(connection, unit, day, after=cursor, limit=limit)
    return InheritedList(on=day, petitions=found)


async def by_successor(desk: Desk, first: date | None, last: date) -> list[UnitFigures]:
    """The figures of `list_units` under the present successors."""
    async with views_at_one_moment(desk) as connection:
        return await units_by_successor.figures(
            connection, await desk.office.units(), first, last, today=desk.office.today
        )
