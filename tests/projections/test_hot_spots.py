"""Tests the view of mass, level-skipping, repeated and long-running petitions, by place and topic."""

from datetime import date
from uuid import UUID

from domain.vocabulary import PetitionKind
from projections.hot_spots import HOT_SPOT_FIGURES, HotPetition, HotSpot, read_hot_petitions, read_hot_spots
from projections.projection import Connection
from tests.domain.samples import ANSWER_AT_MEETING, CLASSIFY, DUPLICATE, PROPOSAL, RECEIVE, july, with_changes
from tests.domain.scenario import TODAY
from tests.domain.test_meetings import CANCEL, HOLD, MOVE, PLAN
from tests.projections.history_builder import Register, build_register, id_of, query_views
from tests.service.office_fixtures import TEXTS

JULY = july(1), july(31)


def busy() -> Register:
    register = Register()
    land = with_changes(CLASSIFY, kind=PROPOSAL, topic="đất đai", is_level_skipping=True)
    many = with_changes(RECEIVE, place="xã Mẫu", person_count=7)
    build_register([many, land], 1, register)
    build_register([with_changes(many, person_count=4), with_changes(land, is_level_skipping=False)], 2, register)
    register.perform(id_of(3), with_changes(many, person_count=1))
    register.perform(id_of(3), with_changes(DUPLICATE, duplicate_of=id_of(2)), duplicate_of=id_of(2))
    build_register([with_changes(RECEIVE, place="xã Khác"), ANSWER_AT_MEETING], 4, register)
    build_register([with_changes(RECEIVE, place="xã Khác", person_count=5), ANSWER_AT_MEETING], 5, register)
    build_register(
        [with_changes(RECEIVE, place="nhà tố cáo", kind=PetitionKind.DENUNCIATION, person_count=9)], 6, register
    )
    return register


async def _spots(connection: Connection, on: date = TODAY) -> list[HotSpot]:
    return await read_hot_spots(connection, TEXTS, *JULY, on=on)


def test_what_is_hot_is_counted_by_place_and_topic(module_database: str) -> None:
    assert query_views(module_database, busy(), _spots) == [
        HotSpot("xã Mẫu", "đất đai", 2, 1, 1, 0, 2),
        HotSpot("", "", 1, 1, 0, 0, 1),  # of a protected petitioner neither place nor topic is told
        HotSpot("xã Khác", "", 1, 1, 0, 0, 0),
        HotSpot("xã Mẫu", "", 1, 0, 0, 1, 0),
    ]


def test_what_is_open_for_long_is_so_against_a_day(module_database: str) -> None:
    spots = query_views(module_database, busy(), lambda connection: _spots(connection, july(31)))
    assert [(spot.place, spot.topic, spot.petitions, spot.long_running) for spot in spots] == [
        ("", "", 1, 0),
        ("xã Khác", "", 1, 0),
        ("xã Mẫu", "", 1, 0),
        ("xã Mẫu", "đất đai", 1, 0),
    ]


def test_every_hot_spot_drills_down_to_its_petitions(module_database: str) -> None:
    async def ask(connection: Connection) -> None:
        every = await read_hot_petitions(connection, TEXTS, *JULY, on=TODAY)
        spots = await _spots(connection)
        assert every.total == len(every.items) == sum(spot.petitions for spot in spots)
        for spot in spots:
            for figure in HOT_SPOT_FIGURES:
                page = await read_hot_petitions(
                    connection, TEXTS, *JULY, on=TODAY, figure=figure, place=spot.place, topic=spot.topic
                )
                assert page.total == len(page.items) == getattr(spot, figure)

    query_views(module_database, busy(), ask)


def test_hot_petitions_come_page_by_page(module_database: str) -> None:
    async def ask(connection: Connection) -> list[HotPetition]:
        seen: list[HotPetition] = []
        after = None
        while True:
            page = await read_hot_petitions(connection, TEXTS, *JULY, on=TODAY, after=after, limit=2)
            seen += page.items
            if (after := page.next) is None:
                return seen

    seen = query_views(module_database, busy(), ask)
    assert {one.petition_id for one in seen} == {UUID(str(id_of(n))) for n in (1, 2, 3, 5, 6)}
    assert len(seen) == 5


def test_what_is_settled_and_not_hot_is_in_no_figure(module_database: str) -> None:
    async def counted(connection: Connection) -> set[UUID]:
        return {item.petition_id for item in (await read_hot_petitions(connection, TEXTS, *JULY, on=TODAY)).items}

    assert id_of(4) not in query_views(module_database, busy(), counted)


MEETING_ABOUT_LAND = UUID("00000000-0000-4000-8000-0000000000aa")


def test_a_hot_spot_says_whether_a_dialogue_is_planned_or_was_held_and_what_came_after(module_database: str) -> None:
    register = busy()
    plan = with_changes(
        PLAN, meeting_id=MEETING_ABOUT_LAND, organiser="so-mau", hot_spots=[{"place": "xã Mẫu", "topic": "đất đai"}]
    )
    register.perform_on_meeting(MEETING_ABOUT_LAND, plan)

    async def of_land(connection: Connection) -> HotSpot:
        spots = await _spots(connection)
        assert {(spot.planned_for, spot.held_on, spot.received_after) for spot in spots[1:]} == {(None, None, None)}
        return spots[0]

    spot = query_views(module_database, register, of_land)
    assert (spot.planned_for, spot.planned_meeting, spot.held_on) == (july(20), MEETING_ABOUT_LAND, None)
    register.perform_on_meeting(MEETING_ABOUT_LAND, MOVE)
    assert query_views(module_database, register, of_land).planned_for == july(27)
    register.perform_on_meeting(MEETING_ABOUT_LAND, with_changes(HOLD, occurred_on=july(27)))
    spot = query_views(module_database, register, of_land)
    assert (spot.planned_for, spot.held_on, spot.held_meeting) == (None, july(27), MEETING_ABOUT_LAND)
    assert spot.received_after == 0
    land = with_changes(CLASSIFY, kind=PROPOSAL, topic="đất đai")
    for number, day in ((11, 27), (12, 28), (13, 30)):
        receipt = with_changes(RECEIVE, place="xã Mẫu", occurred_on=july(day))
        answered = with_changes(ANSWER_AT_MEETING, occurred_on=july(31))
        build_register([receipt, with_changes(land, occurred_on=july(31)), answered], number, register)
    build_register([with_changes(RECEIVE, place="xã Khác", occurred_on=july(29))], 14, register)

    async def after_it(connection: Connection) -> tuple[int | None, list[UUID]]:
        spot = next(one for one in await _spots(connection) if one.topic)
        page = await read_hot_petitions(
            connection, TEXTS, *JULY, on=TODAY, place=spot.place, topic=spot.topic, received_after=spot.held_on
        )
        assert page.total == len(page.items)
        return spot.received_after, [item.petition_id for item in page.items]

    assert query_views(module_database, register, after_it) == (2, [id_of(12), id_of(13)]), "answered ones too"


def test_a_cancelled_dialogue_is_none(module_database: str) -> None:
    register = busy()
    plan = with_changes(PLAN, meeting_id=MEETING_ABOUT_LAND, organiser="so-mau", hot_spots=[{"place": "xã Khác"}])
    register.perform_on_meeting(MEETING_ABOUT_LAND, plan)
    register.perform_on_meeting(MEETING_ABOUT_LAND, CANCEL)
    spots = query_views(module_database, register, _spots)
    assert [(spot.planned_for, spot.held_on) for spot in spots] == [(None, None)] * 4
