"""Reads the filters of queries that name a unit of the register: by its code, or by its name."""

from typing import Annotated

from fastapi import Depends, Query

from domain.errors import Refused
from domain.text import SingleLine
from domain.units.lookup import find_unit_of_question
from domain.vocabulary import NO_UNIT_WORD, UnitId
from projections.meeting_counts import MeetingFilter
from projections.projection import Connection
from projections.topic_filters import with_known_topics
from service.api.dependencies import ApiContext, ContextDep
from service.api.problem_details import invalid_parameter


async def _unit_of_register(context: ApiContext, parameter: str, wanted: str | None) -> UnitId | None:
    """Return the unit that the parameter names. Raise Problem invalid for a unit that is not in the register."""
    if wanted is None:
        return None
    try:
        return find_unit_of_question(await context.office.queries.units(), wanted)
    except Refused as unknown:
        detail = f"{unknown.sentence('vi')} / {unknown.sentence('en')}"
        raise invalid_parameter(parameter, detail) from None


async def unit_of_query(
    context: ContextDep,
    unit: Annotated[
        SingleLine | None, Query(description=f"code or name of a unit; all if left out; `{NO_UNIT_WORD}`: no unit")
    ] = None,
) -> UnitId | None:
    return await _unit_of_register(context, "unit", unit)


async def organiser_of_query(
    context: ContextDep,
    organiser: Annotated[
        SingleLine | None, Query(description="code or name of the unit that holds the meeting")
    ] = None,
) -> UnitId | None:
    return await _unit_of_register(context, "organiser", organiser)


async def meetings_of_known_topic(connection: Connection, meetings: MeetingFilter) -> MeetingFilter:
    """Return the filter with every spelling of its topic. Raise Problem invalid for a topic that no meeting has."""
    try:
        return await with_known_topics(connection, meetings)
    except Refused as unknown:
        detail = f"{unknown.sentence('vi')} / {unknown.sentence('en')}"
        raise invalid_parameter("topic", detail, unknown) from None


UnitFilter = Annotated[UnitId | None, Depends(unit_of_query)]
OrganiserFilter = Annotated[UnitId | None, Depends(organiser_of_query)]
