from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from service.config.settings import Settings
from tests.service.api.interface import UNIT, Interface, bearer, open_interface

pytestmark = pytest.mark.anyio

ALL = "&".join(
    f"state={state}" for state in ("overdue", "due_today", "due_soon", "not_yet_due", "suspended", "no_limit_set")
)


@pytest.fixture(scope="module")
async def five_petitions(interface: Interface) -> list[str]:
    """Return references of petitions received on the first days of June, each a day later and
    due a working day later.
    """
    return [(await interface.receive(occurred_on=date(2026, 6, day).isoformat()))["reference"] for day in range(1, 6)]


async def test_the_list_follows_what_was_just_entered(interface: Interface) -> None:
    for _ in range(5):
        entered = await interface.receive(occurred_on="2026-06-15")
        page = (await interface.read(f"/overdue?limit=200&after={entered['position']}")).json()
        assert entered["reference"] in [item["reference"] for item in page["items"]]


async def test_the_list_is_of_the_day_asked_for(interface: Interface, five_petitions: list[str]) -> None:
    assert await interface.runner.wait_until_current(5)
    early = (await interface.read(f"/overdue?on=2026-06-03&limit=200&{ALL}")).json()
    assert [item["reference"] for item in early["items"]] == five_petitions[:3]
    assert (early["on"], early["total"]) == ("2026-06-03", 3)
    late = (await interface.read("/overdue?on=2026-07-08&limit=200")).json()
    assert set(five_petitions) <= {item["reference"] for item in late["items"]}
    assert all(item["days_late"] > 0 and item["state"] == "overdue" for item in late["items"])
    assert (await interface.read("/overdue")).json()["on"] == "2026-07-08"


async def test_pages_follow_each_other_without_a_gap_or_a_repetition(
    interface: Interface, five_petitions: list[str]
) -> None:
    assert await interface.runner.wait_until_current(5)
    seen: list[str] = []
    path: str | None = f"/overdue?on=2026-06-05&limit=2&{ALL}"
    while path is not None:
        answer = await interface.read(path)
        seen += [item["reference"] for item in answer.json()["items"]]
        assert answer.json()["total"] == 5
        link = answer.headers.get("link")
        assert (link is None) == (answer.json()["next"] is None)
        assert link is None or (f"cursor={answer.json()['next']}" in link and link.endswith('>; rel="next"'))
        path = link and link[1 : link.index(">")]
    assert seen == five_petitions


@pytest.mark.parametrize(
    "cursor", ["", "x", "AAAA", "%00", "A" * 27, "_" * 27, "A" * 200, "A" * 201, "é", "../..", "1' OR '1'='1"]
)
async def test_a_cursor_that_was_not_given_out_breaks_nothing(interface: Interface, cursor: str) -> None:
    answer = await interface.read(f"/overdue?cursor={cursor}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "cursor"


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("on=2026-02-30", "on"),
        ("on=0001-01-01", "on"),
        ("on=9999-12-31", "on"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        (f"limit={2**63}", "limit"),
        ("state=late", "state/0"),
        ("after=-1", "after"),
        (f"after={2**63}", "after"),
        ("unit=", "unit"),
        ("unit=%00", "unit"),
    ],
)
async def test_a_question_that_makes_no_sense_is_told_what_is_wrong(
    interface: Interface, query: str, wrong: str
) -> None:
    answer = await interface.read(f"/overdue?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, wrong)


async def test_a_view_that_does_not_get_there_in_time_says_so(
    interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = await interface.office.histories.last_position()
    assert await interface.runner.wait_until_current()
    # As if one more were recorded, which no view can read.
    monkeypatch.setattr(interface.runner._growth, "head", head + 1)
    answer = await interface.read(f"/units?after={head + 1}")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:kiennghi:problem:view-behind"
    assert int(answer.headers["retry-after"]) > 0


async def test_a_view_that_was_never_built_has_nothing_to_show_yet(database: str, tmp_path: Path) -> None:
    async with open_interface(database, Settings(home=tmp_path)) as fresh:
        await fresh.receive()
        assert await fresh.runner.wait_until_current()
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute("DROP TABLE kiennghi_views.overdue")
        answer = await fresh.read("/overdue")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:kiennghi:problem:view-behind")
    assert int(answer.headers["retry-after"]) > 0


async def test_the_list_of_a_unit_is_that_units(interface: Interface) -> None:
    assert (await interface.read(f"/overdue?unit={UNIT}")).json()["total"] == 0


async def test_units_stand_so_on_a_day_and_in_a_period(interface: Interface, five_petitions: list[str]) -> None:
    assert await interface.runner.wait_until_current(5)
    on = (await interface.read("/units?on=2026-06-03")).json()
    assert (on["first"], on["last"]) == (None, "2026-06-03")
    assert [(unit["unit"], unit["letters"]) for unit in on["units"]] == [("", 3)]
    between = (await interface.read("/units?from=2026-06-02&to=2026-06-03")).json()
    assert [unit["letters"] for unit in between["units"]] == [2]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("units?from=2026-06-02", "to"),
        ("units?to=2026-06-02", "from"),
        ("units?from=2026-06-03&to=2026-06-02", "to"),
        ("units?on=2026-06-03&from=2026-06-02&to=2026-06-03", "on"),
        ("meetings", "from"),
        ("meetings?from=2026-06-02", "to"),
        ("meetings?from=2026-06-03&to=2026-06-02", "to"),
    ],
)
async def test_a_period_has_two_ends_in_order(interface: Interface, query: str, wrong: str) -> None:
    answer = await interface.read(f"/{query}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, wrong)


async def test_the_last_and_first_days_can_be_asked_for(interface: Interface) -> None:
    for query in (
        "overdue?on=1945-09-02",
        "overdue?on=9998-12-31&state=due_soon",
        "units?on=1945-09-02",
        "units?from=1945-09-02&to=9998-12-31",
        "meetings?from=1945-09-02&to=9998-12-31",
    ):
        assert (await interface.read(f"/{query}")).status_code == 200, query


async def test_meetings_are_listed_with_what_was_raised_there(interface: Interface) -> None:
    meeting = {
        "occurred_on": "2026-05-05",
        "meeting_id": str(uuid4()),
        "level": "commune",
        "organiser": UNIT,
        "chair": "ct-vidu",
        "chair_position": "Chủ tịch",
        "title": "Đối thoại với nhân dân Thôn Mẫu",
    }
    held = await interface.ask("/meetings", meeting)
    assert held.status_code == 201
    entered = await interface.receive(occurred_on="2026-05-05", channel="dialogue", meeting_id=meeting["meeting_id"])
    listed = (await interface.read(f"/meetings?from=2026-05-01&to=2026-05-31&after={entered['position']}")).json()
    assert [(m["meeting_id"], m["title"], m["raised"]) for m in listed["meetings"]] == [
        (meeting["meeting_id"], meeting["title"], 1)
    ]


async def test_questions_need_a_token(interface: Interface) -> None:
    for path in ("/overdue", "/units", "/meetings?from=2026-01-01&to=2026-01-02", "/whoami"):
        assert (await interface.client.get(path)).status_code == 401


async def test_who_asks_is_told_who_they_are(interface: Interface) -> None:
    answer = await interface.read("/whoami", bearer(officer="cb-mau", unit="van-phong"))
    assert (answer.json()["officer"], answer.json()["unit"]) == ("cb-mau", "van-phong")
