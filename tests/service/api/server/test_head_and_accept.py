"""Tests that HEAD is answered as GET is, and that no endpoint answers in a media type that is not accepted."""

import pytest

from tests.service.api.interface import Interface, bearer, count_events, fresh_key
from tests.service.api.test_query_parameters import ROUTES

pytestmark = pytest.mark.anyio


def address_of(path: str) -> str:
    return "/".join("x" if part.startswith("{") else part for part in path.split("/"))


async def test_head_has_the_head_of_get_and_no_body_on_every_route(interface: Interface) -> None:
    for path in ("/docs", "/openapi.json", *(path for method, path in ROUTES if method == "GET")):
        asked = [
            await interface.client.request(method, address_of(path), headers=bearer()) for method in ("GET", "HEAD")
        ]
        assert asked[0].status_code == asked[1].status_code != 405, path
        assert asked[0].headers["content-type"] == asked[1].headers["content-type"], path
        assert asked[1].content == b"", path
    assert (await interface.client.head("/petitions")).status_code == 405


async def test_what_is_not_accepted_is_refused_and_nothing_is_done(interface: Interface) -> None:
    before = count_events(interface.dsn)
    for method, path in ROUTES:
        headers = {**bearer(), **fresh_key(), "Accept": "application/pdf"}
        answer = await interface.client.request(method, address_of(path), headers=headers, json={})
        assert answer.status_code == 406, (method, path)
        assert answer.json()["type"].endswith(":not-acceptable")
    assert count_events(interface.dsn) == before
    for accepted, status in (("text/csv", 406), ("text/*;q=0.5, application/*", 200), ("text/html, */*;q=0.1", 200)):
        answer = await interface.read("/units", {"Accept": accepted})
        assert answer.status_code == status, accepted
