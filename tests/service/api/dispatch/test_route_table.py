"""The fast dispatch answers as the framework does, which reads the same declarations."""

import json
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter, FastAPI, Query
from fastapi.routing import APIRoute

from service.api.dispatch.endpoint_plan import EndpointPlan
from service.api.dispatch.route_table import FastDispatchMiddleware
from service.api.query_parameters import require_known_query
from service.api.server.app import create_app
from tests.service.api.interface import TOKEN_KEY, Interface, bearer, fresh_key

pytestmark = pytest.mark.anyio

RECEIPT = {"occurred_on": "2026-07-06", "channel": "post", "summary": "Sửa đường"}
CLASSIFY = {"occurred_on": "2026-07-06", "kind": "proposal_or_feedback"}
VARYING_HEADERS = {"x-request-id", "location", "content-length"}


@pytest.fixture(scope="module")
async def framework(interface: Interface) -> FastAPI:
    """Return the same application without the fast dispatch."""
    app = create_app(interface.office, interface.runner, token_key=TOKEN_KEY, view_timeout_seconds=2.0)
    app.outer_middleware = [
        added for added in app.outer_middleware if getattr(added.cls, "__name__", "") != FastDispatchMiddleware.__name__
    ]
    assert len(app.outer_middleware) == 1
    return app


def comparable_parts(answer: httpx2.Response) -> list[Any]:
    """Return status, headers and body without the parts that differ in every answer."""
    headers = {name: value for name, value in answer.headers.items() if name not in VARYING_HEADERS}
    body = answer.json() if "json" in answer.headers.get("content-type", "") else answer.text
    if isinstance(body, dict):
        for name in ("instance", "petition_id", "reference", "position", "recorded_at", "meeting_id"):
            body.pop(name, None)
    return [answer.status_code, headers, body]


REQUESTS: list[tuple[str, str, dict[str, str] | None, Any]] = [
    ("POST", "/petitions", None, RECEIPT),
    ("POST", "/petitions", None, {**RECEIPT, "channel": "pigeon", "nonsense": 1, "person_count": "x"}),
    ("POST", "/petitions", None, None),
    ("POST", "/petitions", {"Idempotency-Key": ""}, RECEIPT),
    ("POST", "/petitions", {"Authorization": "Basic x"}, RECEIPT),
    ("POST", "/petitions", {"Content-Type": "text/plain"}, RECEIPT),
    ("POST", "/petitions/{number}/classify-petition", {"If-Match": '"1"'}, CLASSIFY),
    ("POST", "/petitions/{number}/classify-petition", {"If-Match": '"7"'}, CLASSIFY),
    ("POST", "/petitions/{number}/classify-petition", {"If-Match": "7"}, {}),
    ("POST", "/petitions/{number}/classify-petition", None, CLASSIFY),
    ("POST", "/petitions/TD-2026-999999/classify-petition", {"If-Match": '"1"'}, CLASSIFY),
    ("POST", "/petitions/{number}/make-tea", None, {}),
    ("POST", "/units/to-3/close", None, {"occurred_on": "2026-07-06", "instrument": "1/QĐ"}),
    ("POST", "/units//close", None, {}),
    ("POST", "/commands", None, {"commands": []}),
    ("GET", "/petitions/{number}", None, None),
    ("GET", "/petitions/{number}", {"If-None-Match": '"1"'}, None),
    ("GET", "/petitions/{number}", {"If-None-Match": "x" * 1001}, None),
    ("GET", "/petitions/{number}/", None, None),
    ("GET", "/petitions/{number}/history?lang=en", None, None),
    ("GET", "/petitions/{number}/history?lang=fr", None, None),
    ("GET", "/petitions/{number}/history", {"Accept": "text/plain"}, None),
    ("GET", "/petitions/{number}/petitioners", None, None),
    ("GET", "/petitions/a%2Fb/history", None, None),
    ("GET", "/overdue?state=overdue&state=due_soon&limit=3&on=2026-07-01", None, None),
    ("GET", "/overdue?state=late&limit=0&limit=&on=x&cursor=%00&unit=", None, None),
    ("GET", "/overdue?kind=complaint&onn=2026-07-01&unit=x", None, None),
    ("POST", "/petitions?dry_run=true", None, RECEIPT),
    ("GET", "/units?from=2026-01-01", None, None),
    ("GET", "/units?from=2026-01-01&to=2026-06-30", None, None),
    ("GET", "/meetings?from=2026-01-01&to=2026-06-30", None, None),
    ("GET", "/whoami", None, None),
    ("GET", "/livez", None, None),
    ("GET", "/version", None, None),
    ("PUT", "/version", None, None),
    ("DELETE", "/petitions", None, None),
    ("GET", "/nix", None, None),
]


@pytest.mark.parametrize(("method", "path", "headers", "body"), REQUESTS)
async def test_the_answer_is_the_frameworks(
    interface: Interface, framework: FastAPI, method: str, path: str, headers: dict[str, str] | None, body: Any
) -> None:
    answers = []
    number = (await interface.receive())["reference"]
    for app in (interface.app, framework):
        if method == "POST":
            number = (await interface.receive())["reference"]
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://kiennghi.example") as client:
            given = {**bearer(), **fresh_key(), **({"Content-Type": "application/json"} if body is not None else {})}
            answer = await client.request(
                method,
                path.replace("{number}", number),
                json=body,
                headers={**given, **(headers or {})},
            )
        answers.append((comparable_parts(answer), number))
    (short, of_short), (long, of_long) = answers
    assert short == json.loads(json.dumps(long).replace(of_long, of_short))


def test_what_a_plan_does_not_understand_is_found_when_it_is_made() -> None:
    router = APIRouter()

    @router.get("/x")
    async def no_word_on_where_from(count: int = Query(), unknown: int = 7) -> None:
        raise AssertionError

    (route,) = router.routes
    assert isinstance(route, APIRoute)
    with pytest.raises(TypeError, match="does not say where from"):
        EndpointPlan(route, check=require_known_query)
