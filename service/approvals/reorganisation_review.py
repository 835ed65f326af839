"""The dry run of a reorganisation: every open petition of the units that end or are succeeded, and its future owner."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from domain.reorganisations.handing_over import Review, reviewed
from domain.reorganisations.plan import parse_plan
from domain.units.unit import Units
from domain.vocabulary import ReorganisationId, UnitId
from projections.projection import Connection
from service.event_store.chunked_read import histories_in, portions

AT_ONCE = 250
"""Histories that are read and folded together: so few that a serving process answers others in between."""

_NO_ID = ReorganisationId(UUID(int=0))
_OPEN = "SELECT count(*) FROM overdue WHERE stage IS NOT NULL"

# Where no unit is named the one that received it is asked; of coordinating units only the events tell.
_OF_UNITS = """
    SELECT petition_id FROM overdue WHERE stage IS NOT NULL AND unit = ANY(%(units)s)
    UNION
    SELECT o.petition_id FROM overdue AS o
    JOIN kiennghi.log AS l ON l.originator_id = o.petition_id AND l.originator_version = 1
    WHERE o.stage IS NOT NULL AND o.unit = '' AND convert_from(l.state, 'UTF8')::jsonb #>> '{by,unit}' = ANY(%(units)s)
    UNION
    SELECT o.petition_id FROM overdue AS o JOIN kiennghi.log AS l ON l.originator_id = o.petition_id
    WHERE o.stage IS NOT NULL AND position('"coordinating_units":'::bytea IN l.state) > 0
        AND convert_from(l.state, 'UTF8')::jsonb #> '{fact,coordinating_units}' ?| %(units)s
    ORDER BY petition_id
"""


async def review(connection: Connection, units: Units, text: str, on: date) -> Review:
    """On the views behind the connection, at one moment, and the register. Raises Refused for what cannot be."""
    plan = parse_plan(text)
    plan.carried_out(units, _NO_ID)
    ids = await candidates(connection, plan.moves)
    found = [
        one
        async for rows in portions(connection, ids, AT_ONCE)
        for history in histories_in(rows)
        if (one := reviewed(history, plan, on)) is not None
    ]
    cursor = await connection.execute(_OPEN)
    row = await cursor.fetchone()
    return Review(
        on=on,
        plan=plan,
        open_petitions=0 if row is None else int(row[0]),
        petitions=tuple(sorted(found, key=lambda one: (one.from_unit, one.reference or "", one.petition_id))),
    )


async def candidates(connection: Connection, units: Iterable[UnitId]) -> list[UUID]:
    """Open petitions that lie with one of the units or may be coordinated by one: no other is handed over."""
    cursor = await connection.execute(_OF_UNITS, {"units": list(units)}, binary=True)
    return [petition_id for (petition_id,) in await cursor.fetchall()]
