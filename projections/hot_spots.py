"""Counts mass, level-skipping, repeated and long-running petitions by place and topic.

The place and topic of protected petitioners are not kept, so their petitions count under an empty place and topic.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from itertools import islice
from typing import ClassVar, LiteralString, NamedTuple
from uuid import UUID

from psycopg.rows import dict_row

from domain.sealed_text import ERASED_TEXT
from projections.case_state import CaseState
from projections.hot_spot_dialogues import DIALOGUES_TABLE, SpotDialogues, dialogue_rows, read_dialogues
from projections.meeting_state import MeetingState
from projections.projection import Connection, Projection, SealedCells, Table, TableRow, TextReader

_HOT_SPOTS_TABLE = Table(
    "hot_spots",
    ("petition_id",),
    (
        *("reference", "kind", "place", "place_mark", "topic", "unit", "stage", "received_on", "is_open", "is_mass"),
        *("is_level_skipping", "is_repeated"),
    ),
    sealed=("place",),
    marked=("place_mark",),
)
LONG_RUNNING_DAYS = 90
"""Default number of days: a petition open for more days is long-running (kéo dài). No rule of law has a number."""

HOT_SPOT_FIGURES: Mapping[str, LiteralString] = {
    "mass": "h.is_mass",
    "level_skipping": "h.is_level_skipping",
    "repeated": "h.is_repeated",
    "long_running": "h.is_open AND h.received_on < %(long_before)s",
}
"""SQL conditions on a row `h`, by figure."""

_PLACES_OPENED = 5
"""Number of petitions of a place whose texts are opened to name it: some may have been erased."""

_ANY_FIGURE: LiteralString = " OR ".join(f"({sql_condition})" for sql_condition in HOT_SPOT_FIGURES.values())


class HotSpots(Projection):
    """Keeps the petitions that a figure may count or that came after a dialogue, and the meetings about hot spots."""

    name: ClassVar = "hot_spots"
    version: ClassVar = 4
    tables: ClassVar = (_HOT_SPOTS_TABLE, DIALOGUES_TABLE)

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        if isinstance(state, MeetingState):
            yield from dialogue_rows(state)
            return
        if not isinstance(state, CaseState):
            return
        status = state.status
        is_open = state.is_case and status.settled_on is None
        if not (state.is_case or state.is_mass or state.is_level_skipping or state.is_repeated):
            return
        place, topic = ("", "") if state.identity_protected else (state.place, state.topic)
        yield (
            _HOT_SPOTS_TABLE,
            # A plain tuple in column order: each event of an open petition makes two, and a NamedTuple slows that down.
            (
                *(state.petition_id, state.reference, status.kind, place, place, topic, status.unit, status.stage),
                *(status.received_on, is_open, state.is_mass, state.is_level_skipping, state.is_repeated),
            ),
        )


@dataclass(frozen=True, slots=True)
class HotSpot:
    """Holds the figures of one place and topic.

    `petitions` counts each petition once, even if several figures count it. `planned_for` is the day of the next
    meeting that is planned to answer the hot spot, and `held_on` that of the last one that was held; `received_after`
    counts all petitions of the place and topic that were received after it, until the last day of the list.
    """

    place: str
    topic: str
    petitions: int
    mass: int
    level_skipping: int
    repeated: int
    long_running: int
    planned_for: date | None = None
    planned_meeting: UUID | None = None
    held_on: date | None = None
    held_meeting: UUID | None = None
    received_after: int | None = None


async def read_hot_spots(
    connection: Connection,
    texts: TextReader,
    first: date,
    last: date,
    *,
    on: date,
    long_running_days: int = LONG_RUNNING_DAYS,
    limit: int = 200,
) -> list[HotSpot]:
    """Return the figures of petitions received from the first to the last day, both inclusive, most petitions first.

    A petition is long-running if it is open and was received more than `long_running_days` days before the day `on`.
    `texts` opens the places. Where more than `limit` rows have petitions, those left out have the fewest.
    """
    counted = ", ".join(
        f"count(*) FILTER (WHERE {sql_condition})::int AS {name}" for name, sql_condition in HOT_SPOT_FIGURES.items()
    )
    statement: LiteralString = f"""
        SELECT (array_agg(h.petition_id ORDER BY h.petition_id DESC))[:{_PLACES_OPENED}] AS ids,
               (array_agg(h.place ORDER BY h.petition_id DESC))[:{_PLACES_OPENED}] AS places,
               h.topic, count(*)::int AS petitions, {counted}
        FROM hot_spots AS h WHERE h.received_on BETWEEN %(first)s AND %(last)s AND ({_ANY_FIGURE})
        GROUP BY h.place_mark, h.topic ORDER BY petitions DESC, h.place_mark, h.topic LIMIT %(limit)s
    """  # noqa: S608 - constants of this module
    parameters = {"first": first, "last": last, "long_before": on - timedelta(days=long_running_days), "limit": limit}
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, parameters)
        found = await cursor.fetchall()
    cells = [SealedCells(one, (place,)) for row in found for one, place in zip(row["ids"], row["places"], strict=True)]
    opened = iter(await texts.open_cells(connection, _HOT_SPOTS_TABLE, cells))
    spots = []
    for row in found:
        places = [place for (place,) in islice(opened, len(row.pop("ids")))]
        del row["places"]
        spots.append(HotSpot(place=next((one for one in places if one != ERASED_TEXT), ERASED_TEXT), **row))
    spots = await _with_dialogues(connection, texts, spots, last)
    return sorted(spots, key=lambda spot: (-spot.petitions, spot.place, spot.topic))


async def _with_dialogues(connection: Connection, texts: TextReader, spots: list[HotSpot], last: date) -> list[HotSpot]:
    """Return the hot spots with the meetings about them, and with what came after the last one that was held."""
    dialogues = await read_dialogues(connection)
    after = [
        (texts.mark(spot.place), spot.topic, held_on)
        for spot in spots
        if (found := dialogues.get((spot.place, spot.topic))) is not None and (held_on := found.held_on) is not None
    ]
    counts: dict[tuple[bytes, str], int] = {}
    if after:
        marks, topics, days = zip(*after, strict=True)
        cursor = await connection.execute(
            "SELECT d.mark, d.topic, count(h.petition_id)::int"
            " FROM unnest(%s::bytea[], %s::text[], %s::date[]) AS d (mark, topic, held_on)"
            " LEFT JOIN hot_spots AS h ON h.place_mark = d.mark AND h.topic = d.topic"
            "  AND h.received_on > d.held_on AND h.received_on <= %s GROUP BY d.mark, d.topic",
            [list(marks), list(topics), list(days), last],
        )
        counts = {(bytes(mark), topic): count for mark, topic, count in await cursor.fetchall()}
    none = SpotDialogues()
    return [
        replace(
            spot,
            **asdict(dialogues.get((spot.place, spot.topic), none)),
            received_after=counts.get((texts.mark(spot.place), spot.topic)),
        )
        for spot in spots
    ]


class HotPetitionCursor(NamedTuple):
    """Names the last item of a page; the next page begins after it."""

    received_on: date
    petition_id: UUID


@dataclass(frozen=True, slots=True)
class HotPetition:
    """Describes one petition that a figure counts."""

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
class HotPetitionPage:
    """Holds one page of petitions; `total` is the number of petitions on all pages."""

    total: int
    items: list[HotPetition]
    next: HotPetitionCursor | None


async def read_hot_petitions(
    connection: Connection,
    texts: TextReader,
    first: date,
    last: date,
    *,
    on: date,
    figure: str | None = None,
    place: str | None = None,
    topic: str | None = None,
    long_running_days: int = LONG_RUNNING_DAYS,
    received_after: date | None = None,
    after: HotPetitionCursor | None = None,
    limit: int = 200,
) -> HotPetitionPage:
    """Return a page of the petitions that the figure counts, or any figure if it is None, earliest received first.

    Both days are inclusive, and `on` and `long_running_days` are those of `read_hot_spots`. With `received_after` the
    page has all petitions received after that day, until the last one, whether a figure counts them or not.
    """
    since: LiteralString = (
        "h.received_on BETWEEN %(first)s AND %(last)s"
        if received_after is None
        else "h.received_on > %(received_after)s AND h.received_on <= %(last)s"
    )
    condition: LiteralString = (
        f"{since}"
        " AND (%(place)s::bytea IS NULL OR h.place_mark = %(place)s)"
        " AND (%(topic)s::text IS NULL OR h.topic = %(topic)s)"
    )
    if figure is not None or received_after is None:
        condition = f"{condition} AND ({_ANY_FIGURE if figure is None else HOT_SPOT_FIGURES[figure]})"
    parameters: dict[str, object] = {
        "first": first,
        "last": last,
        "place": None if place is None else texts.mark(place),
        "topic": topic,
        "received_after": received_after,
        "long_before": on - timedelta(days=long_running_days),
        "limit": limit + 1,
    }
    page = condition
    if after is not None:
        page = f"{condition} AND (h.received_on, h.petition_id) > (%(after_on)s, %(after_id)s)"
        parameters |= {"after_on": after.received_on, "after_id": after.petition_id}
    statement: LiteralString = f"""
        SELECT t.total::int, l.*
        FROM (SELECT count(*) FROM hot_spots AS h WHERE {condition}) AS t (total)
        LEFT JOIN (
            SELECT * FROM hot_spots AS h WHERE {page} ORDER BY h.received_on, h.petition_id LIMIT %(limit)s
        ) AS l ON true
        ORDER BY l.received_on, l.petition_id
    """  # noqa: S608 - constants of this module
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(statement, parameters)
        found = await cursor.fetchall()
    rows = [row for row in found if row["petition_id"] is not None]
    cells = [SealedCells(row["petition_id"], (row["place"],)) for row in rows]
    items = [
        HotPetition(**{field.name: row[field.name] for field in fields(HotPetition)} | {"place": opened})
        for row, (opened,) in zip(rows, await texts.open_cells(connection, _HOT_SPOTS_TABLE, cells), strict=True)
    ]
    page_items = items[:limit]
    last_item = page_items[-1] if len(items) > limit else None
    next_cursor = None if last_item is None else HotPetitionCursor(last_item.received_on, last_item.petition_id)
    return HotPetitionPage(found[0]["total"], page_items, next_cursor)
