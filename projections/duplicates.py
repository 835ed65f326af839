"""Which petitions say nearly the same: their sketches, and the search among them.

It finds candidates; how like they really are is seen on the texts themselves, which this view does not hold.
"""

from collections.abc import Iterable, Sequence
from heapq import nlargest
from typing import ClassVar
from uuid import UUID

from domain.duplicates.sketch import Sketch, likeness
from projections.case_state import Case
from projections.projection import Connection, Projection, Row, Table

LEAST = 0.2
"""Likeness of sketches below which texts are not looked at. Half of what a letter typed anew keeps in common."""

MOST = 10_000
"""Rows that are looked through: more have a band in common only where thousands sent the same letter."""

_SKETCHES = Table("duplicates", ("petition_id",), ("bands", "places", "identity_protected"))


class Duplicates(Projection):
    """The projection."""

    name: ClassVar = "duplicates"
    version: ClassVar = 2
    tables: ClassVar = (_SKETCHES,)

    def rows(self, state: object) -> Iterable[tuple[Table, Row]]:
        if isinstance(state, Case) and (sketch := state.content.sketch) is not None:
            # As PostgreSQL writes them: JSON and COPY take both alike.
            yield (
                _SKETCHES,
                (
                    state.petition_id,
                    f"{{{','.join(map(str, sketch.bands))}}}",
                    f"\\x{sketch.places.hex()}",
                    state.identity_protected,
                ),
            )


async def most_alike(connection: Connection, sketch: Sketch, *, most: int) -> list[UUID]:
    """The petitions whose texts are probably most like, the likest first; among them that which the sketch is of."""
    # As bytes: to make thousands of UUIDs takes longer than to compare the sketches, and few of them are wanted.
    cursor = await connection.execute(
        "SELECT uuid_send(petition_id), places FROM duplicates WHERE bands && %s::integer[] LIMIT %s",
        [list(sketch.bands), MOST],
        binary=True,
    )
    found = [(likeness(sketch.places, places), petition_id) for petition_id, places in await cursor.fetchall()]
    return [UUID(bytes=petition_id) for like, petition_id in nlargest(most, found) if like >= LEAST]


async def protected_among(connection: Connection, petitions: Sequence[UUID]) -> dict[UUID, bool]:
    """Of each petition that the view knows, whether its sender is protected, now or ever before."""
    cursor = await connection.execute(
        "SELECT petition_id, identity_protected FROM duplicates WHERE petition_id = ANY(%s)",
        [list(petitions)],
        binary=True,
    )
    return dict(await cursor.fetchall())
