"""Tests the lists behind the figures over HTTP. `test_figures_agree` compares every list with its figure."""

import pytest

from tests.service.api.interface import Interface

pytestmark = pytest.mark.anyio


async def test_a_list_is_as_long_as_its_figure_and_pages_follow(interface: Interface) -> None:
    references = [(await interface.receive(occurred_on=f"2026-06-{day:02}"))["reference"] for day in range(20, 25)]
    assert await interface.runner.wait_until_current(5)
    window = "from=2026-06-20&to=2026-06-24"
    table = (await interface.read(f"/units?{window}")).json()["units"]
    seen: list[str] = []
    totals = set()
    path: str | None = f"/cases?figure=received&unit=none&limit=2&{window}"
    while path is not None:
        answer = (await interface.read(path)).json()
        totals.add(answer["total"])
        seen += [case["reference"] for case in answer["cases"]]
        following = answer["next"]
        path = following and f"/cases?figure=received&unit=none&limit=2&{window}&cursor={following}"
    assert set(references) <= set(seen)
    assert len(seen) == len(set(seen))
    assert totals == {len(seen)} == {sum(line["received"] for line in table if line["unit"] == "")}


async def test_what_was_entered_late_is_listed_and_counted_by_who_entered_it(interface: Interface) -> None:
    entered = [await interface.receive(occurred_on=f"2025-06-{day:02}") for day in (2, 3, 4)]
    asked = f"figure=entered_late&on=2099-12-31&after={entered[-1]['position']}"
    seen: list[str] = []
    totals = set()
    path: str | None = f"/late-entries?{asked}&limit=2"
    while path is not None:
        page = (await interface.read(path)).json()
        totals.add(page["total"])
        seen += [entry["reference"] for entry in page["entries"]]
        path = page["next"] and f"/late-entries?{asked}&limit=2&cursor={page['next']}"
    assert {one["reference"] for one in entered} <= set(seen)
    counts = (await interface.read(f"/late-entries/figures?{asked}")).json()["officers"]
    assert totals == {len(seen)} == {sum(one["entered_late"] for one in counts)}


async def test_the_overdue_list_can_be_asked_for_what_no_unit_owes(interface: Interface) -> None:
    entered = await interface.receive(occurred_on="2026-06-15")
    page = (await interface.read(f"/overdue?unit=none&limit=200&after={entered['position']}")).json()
    assert entered["reference"] in [item["reference"] for item in page["items"]]
    assert {item["unit"] for item in page["items"]} == {""}


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("", "figure"),
        ("figure=late", "figure"),
        ("figure=received&kind=x", "kind"),
        ("figure=received&cursor=x", "cursor"),
    ],
)
async def test_a_question_that_names_nothing_is_refused(interface: Interface, query: str, wrong: str) -> None:
    answer = await interface.read(f"/cases?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == wrong
