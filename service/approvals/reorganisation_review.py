"""Makes the dry run of a reorganisation: lists the open petitions that it would hand over, with their future units."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from domain.reorganisations.handing_over import ReorganisationReview, review_handover
from domain.reorganisations.plan import parse_reorganisation_plan
from domain.units.unit import UnitRegister
from domain.vocabulary import ReorganisationId, UnitId
from projections.projection import Connection
from service.commands.chunked_read import decode_histories, read_histories_in_chunks
from service.security.text_vault import TextVault

SUCCESSIONS_AT_ONCE = 250
"""Number of histories that are read and folded together.

It is small, so that a server answers other requests in between.
"""

_NO_ID = ReorganisationId(UUID(int=0))
_COUNT_OPEN_PETITIONS = "SELECT count(*) FROM overdue WHERE stage IS NOT NULL"

# A petition without a unit counts for the unit that received it; coordinating units are only in the events.
# Who owes a duty has a watched date, also where the petition is over.
_CANDIDATES = """
    SELECT petition_id FROM overdue WHERE stage IS NOT NULL AND unit = ANY(%(units)s)
    UNION
    SELECT o.petition_id FROM overdue AS o
    JOIN kiennghi.log AS l ON l.stream = o.petition_id AND l.version = 1
    JOIN kiennghi.officers AS receiver ON receiver.number = l.officer
    WHERE o.stage IS NOT NULL AND o.unit = '' AND receiver.unit = ANY(%(units)s)
    UNION
    SELECT o.petition_id FROM overdue AS o JOIN kiennghi.log AS l ON l.stream = o.petition_id
    WHERE o.stage IS NOT NULL AND position('"coordinating_units":'::bytea IN l.state) > 0
        AND convert_from(l.state, 'UTF8')::jsonb -> 'coordinating_units' ?| %(units)s
    UNION
    SELECT o.petition_id FROM overdue AS o JOIN kiennghi.log AS l ON l.stream = o.petition_id
    JOIN kiennghi.topics AS t ON t.number = l.topic
    WHERE o.stage IS NOT NULL AND t.topic = 'CoordinatorSucceeded'
        AND convert_from(l.state, 'UTF8')::jsonb ->> 'to_unit' = ANY(%(units)s)
    UNION
    SELECT petition_id FROM alerts_watched WHERE unit = ANY(%(units)s)
    ORDER BY petition_id
"""


async def dry_run_reorganisation(
    connection: Connection, vault: TextVault, units: UnitRegister, text: str, on: date
) -> ReorganisationReview:
    """Return each open petition that the plan in `text` hands over, with its future unit, and what is overdue on `on`.

    `connection` must see the views and the log in one snapshot. `units` is the present register. Raise Refused for a
    plan that cannot be read or carried out.
    """
    plan = parse_reorganisation_plan(text)
    plan.carry_out(units, _NO_ID)
    ids = await reorganisation_candidates(connection, plan.moves)
    petitions = [
        one
        async for chunk in read_histories_in_chunks(connection, vault.uncached(), ids, SUCCESSIONS_AT_ONCE)
        for history in decode_histories(chunk)
        if (one := review_handover(history, plan, on)) is not None
    ]
    cursor = await connection.execute(_COUNT_OPEN_PETITIONS)
    row = await cursor.fetchone()
    return ReorganisationReview(
        on=on,
        plan=plan,
        open_petitions=0 if row is None else int(row[0]),
        petitions=tuple(sorted(petitions, key=lambda one: (one.from_unit, one.reference or "", one.petition_id))),
    )


async def reorganisation_candidates(connection: Connection, units: Iterable[UnitId]) -> list[UUID]:
    """Return the petitions that one of `units` has, may coordinate, or owes a duty of. No other is handed over."""
    cursor = await connection.execute(_CANDIDATES, {"units": list(units)}, binary=True)
    return [petition_id for (petition_id,) in await cursor.fetchall()]
