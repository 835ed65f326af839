"""Tests that a filter which names no unit is refused with the nearest ones: an empty list would be a false zero."""

from uuid import uuid4

import pytest

from tests.service.api.interface import Interface

pytestmark = pytest.mark.anyio

PERIOD = "from=2026-06-01&to=2026-06-30"
FILTERED = [
    ("/overdue?{}", "unit"),
    ("/alerts?{}", "unit"),
    (f"/heads-duties?{PERIOD}&{{}}", "unit"),
    (f"/conclusions/tasks?{PERIOD}&{{}}", "unit"),
    (f"/meetings?{PERIOD}&{{}}", "organiser"),
    (f"/meetings/petitions?{PERIOD}&{{}}", "unit"),
    ("/units/inherited?{}", "unit"),
]


async def open_unit(interface: Interface, code: str, name: str) -> int:
    """Open a unit; return the position after which the views know all that was before."""
    unit = {"unit": code, "name": name, "level": "commune", "occurred_on": "2020-01-01"}
    answer = await interface.ask("/units", unit)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["position"])


@pytest.mark.parametrize(("address", "parameter"), FILTERED)
async def test_a_filter_takes_a_unit_by_code_or_by_name(interface: Interface, address: str, parameter: str) -> None:
    code, name = f"to-{uuid4()}", f"Tổ Đường sá {uuid4()}"
    after = await open_unit(interface, code, name)
    for wanted in (code, name, name.upper(), name.replace("Tổ Đường sá", "to  duong sa")):
        answer = await interface.read(address.format(f"{parameter}={wanted}&after={after}"))
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("address", "parameter"), [*FILTERED, ("/overdue/restated?known_at=0&{}", "unit")])
async def test_a_unit_that_is_not_there_is_refused_with_the_nearest(
    interface: Interface, address: str, parameter: str
) -> None:
    mark = uuid4()
    await open_unit(interface, f"so-xd-{mark}", f"Sở Xây dựng {mark}")
    for wanted in (f"so-xdd-{mark}", f"Sở Xay dưng {mark} x"):
        answer = await interface.read(address.format(f"{parameter}={wanted}"))
        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["errors"]
        assert error["parameter"] == parameter
        assert f"so-xd-{mark} (Sở Xây dựng {mark})" in error["detail"]
        assert error["detail"].startswith("không có đơn vị")


async def test_a_name_that_several_units_have_is_refused_with_all_of_them(interface: Interface) -> None:
    name = f"Phòng Mẫu {uuid4()}"
    codes = sorted(f"phong-{uuid4()}" for _ in range(2))
    for code in codes:
        await open_unit(interface, code, name)
    (error,) = (await interface.read(f"/overdue?unit={name}")).json()["errors"]
    assert [code in error["detail"] for code in codes] == [True, True]


async def test_nothing_near_is_offered_where_nothing_is_near(interface: Interface) -> None:
    (error,) = (await interface.read("/overdue?unit=qqqqqqqqqq")).json()["errors"]
    assert error["detail"] == "không có đơn vị “qqqqqqqqqq” / there is no unit “qqqqqqqqqq”"


async def test_a_topic_is_taken_in_any_spelling_and_one_that_no_meeting_has_is_refused(interface: Interface) -> None:
    mark = uuid4().hex[:8]
    topic, organiser = f"Giao thông {mark}", f"to-{mark}"
    await open_unit(interface, organiser, f"Tổ {mark}")
    meeting = {
        "occurred_on": "2026-06-10",
        "meeting_id": str(uuid4()),
        "level": "commune",
        "organiser": organiser,
        "chair": "cb-vidu",
        "chair_position": "Trưởng phòng",
        "title": "Đối thoại",
        "topics": [topic],
    }
    entered = await interface.ask("/meetings", meeting)
    assert entered.status_code == 201, entered.text
    after = entered.json()["position"]
    for address in ("/meetings", "/meetings/figures", "/meetings/petitions"):
        for wanted in (topic, topic.upper(), f"giao  thong {mark}"):
            answer = await interface.read(f"{address}?{PERIOD}&organiser={organiser}&topic={wanted}&after={after}")
            assert answer.status_code == 200, answer.text
            if address == "/meetings":
                assert answer.json()["total"] == 1
        answer = await interface.read(f"{address}?{PERIOD}&topic=giao thông {mark}x")
        (error,) = answer.json()["errors"]
        assert (error["parameter"], error["code"]) == ("topic", "no_topic_but_near_ones")
        assert topic in error["detail"]
    answer = await interface.read(f"/hot-spots/petitions?{PERIOD}&topic=qqqqqqq")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "no_such_topic")
