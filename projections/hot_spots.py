"""Where and about what petitions are raised by many, past the competent level, again and again, or drag on.

Of protected petitioners neither place nor topic is kept: they are counted under none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import ClassVar, LiteralString, NamedTuple
from uuid import UUID

from psycopg.rows import class_row, dict_row

from projections.case_state import Case
from projections.projection import Connection, Projection, Row, Table

_PETITIONS = Table(
    "hot_spots",
    ("petition_id",),
    (
        *("reference", "kind", "place", "topic", "unit", "stage", "received_on", "is_open", "is_mass"),
        *("is_level_skipping", "is_repeated"),
    ),
)
LONG_RUNNING_DAYS = 90
"""Open for more days than these is long-running (kéo dài) where nobody says otherwise; no rule of law has a number."""

FIGURES: Mapping[str, LiteralString] = {
    "mass": "h.is_mass",
    "level_skipping": "h.is_level_skipping",
    "repeated": "h.is_repeated",
    "long_running": "h.is_open AND h.received_on < %(long_before)s",
}
_ANY: LiteralString = " OR ".join(f"({said})" for said in FIGURES.values())


class HotSpots(Projection):
    """The projection."""

    name: ClassVar = "hot_spots"
    version: ClassVar = 1
    tables: ClassVar = (_PETITIONS,)

    def rows(self, state: object) -> Iterable[tuple[Table, Row]]:
        if not isinstance(state, Case):
            return
        standing = state.standing
        is_open = state.is_case and standing.settled_on is None
        if not (is_open or state.is_mass or state.is_level_skipping or state.is_repeated):
            return
        place, topic = ("", "") if state.identity_protected else (state.place, state.topic)
        yield (
            _PETITIONS,
            (
                *(state.petition_id, state.reference, standing.kind, place, topic, standing.unit, standing.stage),
                *(standing.received_on, is_open, state.is_mass, state.is_level_skipping, state.is_repeated),
            ),
        )


@dataclass(frozen=True, slots=True)
class HotSpot:
    """One place and topic. A petition may count for several of the figures; `petitions` counts it once."""

    place: str
    topic: str
    petitions: int
    mass: int
    level_skipping: int
    repeated: int
    long_running: int


async def hot_spots(
    connection: Connection,
    first: date,
    last: date,
    *,
    on: date,
    long_running_days: int = LONG_RUNNING_DAYS,
    limit: int = 200,
) -> list[HotSpot]:
    """Of petitions received from the first to the last day, both inclusive; the most petitions first."""
    counted = ", ".join(f"count(*) FILTER (WHERE {said})::int AS {name}" for name, said in FIGURES.items())
    statement: LiteralString = f"""
        SELECT h.place, h.topic, count(*)::int AS petitions, {counted}
        FROM hot_spots AS h WHERE h.received_on BETWEEN %(first)s AND %(last)s AND ({_ANY})
        GROUP BY h.place, h.topic ORDER BY petitions DESC, h.place, h.topic LIMIT %(limit)s
    """  # noqa: S608 - constants of this module
    asked = {"first": first, "last": last, "long_before": on - timedelta(days=long_running_days), "limit": limit}
    async with connection.cursor(row_factory=class_row(HotSpot)) as cursor:
        await cursor.execute(statement, asked)
        return await cursor.fetchall()


class Cursor(NamedTuple):
    """After which line a page goes on."""

    received_on: date
    petition_id: UUID


@dataclass(frozen=True, slots=True)
class HotPetition:
    petition_id: UUID
    reference: str | None
    kind: str | None
    place: str
    topic: str
    unit: str
    stage: str
    received_on: date
    is_open: bool
    is_mass: bool
    is_level_skipping: bool
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class HotPage:
    """`total` counts all pages of this question."""

    total: int
    items: list[HotPetition]
    next: Cursor | None


async def hot_petitions(
    connection: Connection,
    first: date,
    last: date,
    *,
    on: date,
    figure: str | None = None,
    place: str | None = None,
    topic: str | None = None,
    long_running_days: int = LONG_RUNNING_DAYS,
    after: Cursor | None = None,
    limit: int = 200,
) -> HotPage:
    """The petitions that the figure counts, or any of the figures, the longest ago received first."""
    condition: LiteralString = (
        "h.received_on BETWEEN %(first)s AND %(last)s"
        " AND (%(place)s::text IS NULL OR h.place = %(place)s) AND (%(topic)s::text IS NULL OR h.topic = %(topic)s)"
    )
    condition = f"{condition} AND ({_ANY if figure is None else FIGURES[figure]})"
    asked: dict[str, object] = {
        "first": first,
        "last": last,
        "place": place,
        "topic": topic,
        "long_before": on - timedelta(days=long_running_days),
        "limit": limit + 1,
    }
    page = condition
    if after is not None:
        page = f"{condition} AND (h.received_on, h.petition_id) > (%(after_on)s, %(after_id)s)"
        asked |= {"after_on": after.received_on, "after_id": after.petition_id}
    statement: LiteralString = f"""
        SELECT t.total::int, l.*
        FROM (SELECT count(*) FROM hot_spots AS h WHERE {condition}) AS t (total)
        LEFT JOIN (
            SELECT * FROM hot_spots AS h WHERE {page} ORDER BY h.received_on, h.petition_id LIMIT %(limit)s
        ) AS l ON true
        ORDER BY l.received_on, l.petition_id
    """  # noqa: S608 - constants of this module
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, asked)
        found = await cursor.fetchall()
    items = [
        HotPetition(**{field.name: row[field.name] for field in fields(HotPetition)})
        for row in found
        if row["petition_id"] is not None
    ]
    shown = items[:limit]
    last_shown = shown[-1] if len(items) > limit else None
    following = None if last_shown is None else Cursor(last_shown.received_on, last_shown.petition_id)
    return HotPage(found[0]["total"], shown, following)
