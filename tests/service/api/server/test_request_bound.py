"""Requests beyond the bound are told at once to come again; probes, and those within it, are answered."""

import asyncio

import httpx2
import msgspec
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config, Server

from service.api.admission import RequestAdmission
from service.api.metrics import Metrics
from service.api.problem_details import PROBLEM_TYPES
from service.api.server.request_bound import RequestBound
from service.api.server.uvicorn_server import bind_socket

pytestmark = pytest.mark.anyio


def answering(served: list[str], held: asyncio.Event) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        served.append(scope["path"])
        if scope["path"] == "/held":
            await held.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    return app


async def test_beyond_the_bound_a_caller_is_told_to_come_again_before_anything_is_read() -> None:
    served, held, metrics = list[str](), asyncio.Event(), Metrics()
    with bind_socket("127.0.0.1", 0) as bound:
        config = Config(
            answering(served, held),
            http=RequestBound(metrics, RequestAdmission(), 2).connection_class,
            log_config=None,
            lifespan="off",
            ws="none",
        )
        server = Server(config)
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"

        async def ask(path: str, body: bytes = b"") -> httpx2.Response:
            async with httpx2.AsyncClient() as client:
                return await client.post(url + path, content=body) if body else await client.get(url + path)

        within = [asyncio.create_task(ask("/held")) for _ in range(2)]
        async with asyncio.timeout(20):
            while len(served) < 2:
                await asyncio.sleep(0)
        for body in (b"", b"x" * 10, b"x" * 10_000):
            beyond = await ask("/petitions", body)
            problem = msgspec.json.decode(beyond.content)
            assert (beyond.status_code, beyond.headers["retry-after"]) == (503, "2")
            assert beyond.headers["content-type"] == "application/problem+json"
            assert beyond.headers["cache-control"] == "private, no-store"
            assert (problem["type"], problem["title"]) == ("urn:kiennghi:problem:busy", PROBLEM_TYPES["busy"][1])
        assert [(await ask(path)).status_code for path in ("/readyz", "/livez", "/metrics")] == [200] * 3
        assert served == ["/held", "/held", "/readyz", "/livez", "/metrics"]
        reader, writer = await asyncio.open_connection(*bound.getsockname()[:2])  # asks only when there is room again
        idle = await asyncio.open_connection(*bound.getsockname()[:2])  # never asks
        held.set()
        assert [answer.status_code for answer in await asyncio.gather(*within)] == [200, 200]
        async with asyncio.timeout(20):
            while server.server_state.tasks:
                await asyncio.sleep(0)
        assert (await ask("/petitions")).status_code == 200  # there is room again
        writer.write(b"GET /late HTTP/1.1\r\nhost: x\r\n\r\n")
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"
        server.should_exit = True
        async with asyncio.timeout(20):
            await serving
        assert await idle[0].read() == b""
        writer.close()
        idle[1].close()
    assert b'kiennghi_http_answers_total{method="other",route="(turned away)",status="503"} 3.0' in metrics.render()
