"""Tests that every endpoint refuses a query parameter that it does not have, before it does anything."""

import pytest
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

from projections.counted_cases import FIGURES_WITH_LIST
from service.api.server.app import ROUTERS
from tests.service.api.interface import Interface, bearer, count_events, fresh_key

pytestmark = pytest.mark.anyio

ROUTES = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods or ())
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_every_endpoint_names_the_parameters_that_it_does_not_have(
    interface: Interface, method: str, path: str
) -> None:
    before = count_events(interface.dsn)
    address = "/".join("x" if part.startswith("{") else part for part in path.split("/"))
    answer = await interface.client.request(
        method, f"{address}?onn=2026-07-06&sort=-days_late&onn=2", headers={**bearer(), **fresh_key()}, json={}
    )
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert problem["type"].endswith(":invalid")
    assert [error["parameter"] for error in problem["errors"]] == ["onn", "sort"]
    assert count_events(interface.dsn) == before


async def test_the_parameters_that_are_there_are_said(interface: Interface) -> None:
    answer = await interface.read("/overdue?q=hoa")
    (error,) = answer.json()["errors"]
    assert error["detail"].startswith(
        "không có tham số này; các tham số có: after, cursor, kind, known_at, limit, officer, on, owed, state, unit,"
        " waiting / "
    )
    without_any = await interface.read("/version?officer=hoa")
    assert "không có tham số nào / none" in without_any.json()["errors"][0]["detail"]


async def test_a_position_that_the_log_has_not_reached_is_refused_by_every_list(interface: Interface) -> None:
    """Waiting for it would never end, and 503 asks the client to wait."""
    beyond = await interface.office.histories.last_position() + 1000
    lists = {
        route.path: names
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "{" not in route.path
        if "after" in (names := {one.alias for one in get_flat_params(route.dependant)})
    }
    assert len(lists) > 5
    for path, names in lists.items():
        query = "from=2026-07-01&to=2026-07-31&" if "from" in names else ""
        query += f"figure={next(iter(FIGURES_WITH_LIST))}&" if path == "/cases" else ""
        answer = await interface.read(f"{path}?{query}after={beyond}")
        assert answer.status_code == 422, (path, answer.text)
        (error,) = answer.json()["errors"]
        assert (error["parameter"], error["code"]) == ("after", "position_not_reached"), path
        assert set(error["says"]) == {"vi", "en"}
    answer = await interface.read("/alerts/feed", {"Last-Event-ID": f"1.{beyond}"})
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "Last-Event-ID")
