"""Keeps the sketches of all petitions, and finds petitions whose texts are nearly the same.

The search finds candidates; the texts themselves, which this view does not hold, show how similar they really are.
"""

from collections.abc import Iterable, Sequence
from heapq import nlargest
from typing import ClassVar
from uuid import UUID

from domain.duplicates.sketch import Sketch, sketch_likeness
from projections.case_state import CaseState
from projections.projection import Connection, Projection, Table, TableRow

MIN_SKETCH_LIKENESS = 0.2
"""Smallest likeness (0 to 1) of the sketch of a candidate: half the likeness of a letter that was typed again."""

MAX_SKETCHES_COMPARED = 10_000
"""Largest number of sketches that are compared.

More have a band in common only if thousands of people sent the same letter.
"""

_SKETCHES_TABLE = Table("duplicates", ("petition_id",), ("bands", "places", "identity_protected"))


class Duplicates(Projection):
    """Keeps the sketch of each petition whose text is long enough for one."""

    name: ClassVar = "duplicates"
    version: ClassVar = 3
    tables: ClassVar = (_SKETCHES_TABLE,)

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        if isinstance(state, CaseState) and (sketch := state.content.sketch) is not None:
            # In PostgreSQL's text form, which both JSON and COPY accept.
            yield (
                _SKETCHES_TABLE,
                (
                    state.petition_id,
                    f"{{{','.join(map(str, sketch.bands))}}}",
                    f"\\x{sketch.places.hex()}",
                    state.identity_protected,
                ),
            )


async def find_most_alike(connection: Connection, sketch: Sketch, *, most: int) -> list[UUID]:
    """Return at most `most` petitions whose texts are probably most similar, the most similar first.

    The result may include the petition from which the sketch was made.
    """
    # Ids as bytes: making thousands of UUIDs takes longer than comparing the sketches, and only few are needed.
    cursor = await connection.execute(
        "SELECT uuid_send(petition_id), places FROM duplicates WHERE bands && %s::integer[] LIMIT %s",
        [list(sketch.bands), MAX_SKETCHES_COMPARED],
        binary=True,
    )
    candidates = [
        (sketch_likeness(sketch.places, places), petition_id) for petition_id, places in await cursor.fetchall()
    ]
    return [
        UUID(bytes=petition_id) for score, petition_id in nlargest(most, candidates) if score >= MIN_SKETCH_LIKENESS
    ]


async def find_protection(connection: Connection, petitions: Sequence[UUID]) -> dict[UUID, bool]:
    """Return for each petition that is in the view whether its sender is protected, or ever was."""
    cursor = await connection.execute(
        "SELECT petition_id, identity_protected FROM duplicates WHERE petition_id = ANY(%s)",
        [list(petitions)],
        binary=True,
    )
    return dict(await cursor.fetchall())
