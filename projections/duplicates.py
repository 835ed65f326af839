"""Keeps the sketches of all petitions, and finds petitions whose texts are nearly the same.

The search finds candidates; the texts themselves, which this view does not hold, show how similar they really are.
"""

from collections.abc import Iterable, Sequence
from heapq import nlargest
from typing import ClassVar, LiteralString
from uuid import UUID

from domain.duplicates.sketch import BANDS_A_SKETCH, POINTS_A_BAND, POINTS_A_SKETCH, Sketch, shared_places
from projections.case_state import CaseState
from projections.projection import Connection, Projection, Table, TableRow

MIN_SHARED_PLACES = POINTS_A_SKETCH // 5
"""Fewest places that the sketch of a candidate shares: half of those of a letter that was typed again."""

MAX_SKETCHES_COMPARED = 30_000
"""Largest number of sketches that are compared, which takes some 40 ms.

More have a band in common only if tens of thousands of people sent the same letter.
"""

_SKETCHES_TABLE = Table("duplicates", ("petition_id",), ("places", "identity_protected"))

_BYTES_AN_ID = 16
_BANDS_OF_PLACES = ", ".join(
    " + ".join(f"get_byte(places, {POINTS_A_BAND * band + n}) * {256**n}" for n in range(POINTS_A_BAND))
    + f" + {band << 24}"
    for band in range(BANDS_A_SKETCH)
)
BANDS_SQL: LiteralString = f"(ARRAY[{_BANDS_OF_PLACES}])"
"""SQL for `Sketch.bands`, as the index has it."""

_SELECT_CANDIDATES = f"""
    SELECT string_agg(places, ''), string_agg(uuid_send(petition_id), '')
    FROM (SELECT petition_id, places FROM duplicates WHERE {BANDS_SQL} && %s::integer[] LIMIT %s) AS found
"""  # noqa: S608 - made of the texts above


class Duplicates(Projection):
    """Keeps the sketch of each petition whose text is long enough for one."""

    name: ClassVar = "duplicates"
    version: ClassVar = 4
    tables: ClassVar = (_SKETCHES_TABLE,)

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        if isinstance(state, CaseState) and (sketch := state.content.sketch) is not None:
            # In PostgreSQL's text form, which both JSON and COPY accept.
            yield (
                _SKETCHES_TABLE,
                (
                    state.petition_id,
                    f"\\x{sketch.places.hex()}",
                    state.identity_protected,
                ),
            )


async def find_most_alike(connection: Connection, sketch: Sketch, *, most: int) -> list[UUID]:
    """Return at most `most` petitions whose texts are probably most similar, the most similar first.

    The result may include the petition from which the sketch was made.
    """
    # One row of bytes: making thousands of rows and UUIDs takes longer than comparing the sketches.
    cursor = await connection.execute(_SELECT_CANDIDATES, [list(sketch.bands), MAX_SKETCHES_COMPARED], binary=True)
    row = await cursor.fetchone()
    if row is None or row[0] is None:
        return []
    shared, ids = shared_places(sketch.places, row[0]), row[1]
    best = nlargest(most, range(len(shared)), key=shared.__getitem__)
    return [UUID(bytes=ids[_BYTES_AN_ID * n :][:_BYTES_AN_ID]) for n in best if shared[n] >= MIN_SHARED_PLACES]


async def find_protection(connection: Connection, petitions: Sequence[UUID]) -> dict[UUID, bool]:
    """Return for each petition that is in the view whether its sender is protected, or ever was."""
    cursor = await connection.execute(
        "SELECT petition_id, identity_protected FROM duplicates WHERE petition_id = ANY(%s)",
        [list(petitions)],
        binary=True,
    )
    return dict(await cursor.fetchall())
