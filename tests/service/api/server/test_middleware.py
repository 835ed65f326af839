import asyncio
import json
import re
from collections.abc import AsyncIterator

import httpx2
import psycopg
import pytest
import uvicorn
from structlog.testing import capture_logs

from projections.views import VIEWS
from service.api.admission import RequestAdmission
from service.api.metrics import Metrics
from service.api.server.middleware import RequestMiddleware
from tests.service.api.interface import Interface, bearer, fresh_key

pytestmark = pytest.mark.anyio

RECEIPT = {"occurred_on": "2026-07-06", "channel": "post", "summary": "Sửa đường"}


@pytest.fixture(scope="module")
async def port(interface: Interface) -> AsyncIterator[int]:
    """Return the port of a real server, for requests that only a socket can send."""
    config = uvicorn.Config(interface.app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


async def send_pieces(port: int, *pieces: bytes) -> str:
    """Send the pieces and return all that the server answers until it closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(10):
            return (await reader.read(65536)).decode()
    finally:
        writer.close()


def request_head(*lines: str) -> bytes:
    headers = [f"{name}: {value}" for name, value in {**bearer(), **fresh_key()}.items()]
    said = ["POST /petitions HTTP/1.1", "Host: kiennghi.example", "Content-Type: application/json", *headers, *lines]
    return "\r\n".join([*said, "", ""]).encode()


def problem_in(answer: str) -> str:
    assert "application/problem+json" in answer
    return str(json.loads(answer.partition("\r\n\r\n")[2])["type"])


@pytest.mark.parametrize(("size", "status"), [(100_000, 422), (100_001, 413)])
async def test_a_body_as_large_as_allowed_is_read_and_a_larger_one_is_not(
    interface: Interface, size: int, status: int
) -> None:
    body = json.dumps({**RECEIPT, "summary": ""}).encode().ljust(size)  # read, it is found wanting
    headers = {**bearer(), **fresh_key(), "Content-Type": "application/json"}
    answer = await interface.client.post("/petitions", content=body, headers=headers)
    assert answer.status_code == status


async def test_a_body_in_pieces_is_stopped_when_it_grows_too_large(interface: Interface) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 10_000_000:
            sent += 10_000
            yield b" " * 10_000

    answer = await interface.client.post(
        "/petitions", content=endless(), headers={**bearer(), **fresh_key(), "Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:kiennghi:problem:too-large")
    assert sent < 200_000


async def test_a_length_that_is_too_large_is_refused_before_anything_is_sent(port: int) -> None:
    for length in ("100001", "9" * 30):
        answer = await send_pieces(port, request_head(f"Content-Length: {length}"))
        assert answer.startswith(("HTTP/1.1 413", "HTTP/1.1 400"))


async def test_pieces_too_large_in_all_are_refused_on_the_wire(port: int) -> None:
    piece = b"2710\r\n" + b" " * 10_000 + b"\r\n"
    answer = await send_pieces(port, request_head("Transfer-Encoding: chunked"), *[piece] * 11, b"0\r\n\r\n")
    assert answer.startswith("HTTP/1.1 413")
    assert problem_in(answer) == "urn:kiennghi:problem:too-large"


async def test_a_length_that_lies_gets_no_five_hundred(port: int) -> None:
    body = json.dumps(RECEIPT).encode()
    shorter = await send_pieces(port, request_head("Content-Length: 10", "Connection: close"), body)
    assert shorter.startswith("HTTP/1.1 400")
    for nonsense in ("-1", "1e3", "abc", "0x10"):
        answer = await send_pieces(port, request_head(f"Content-Length: {nonsense}", "Connection: close"), body)
        assert answer.startswith("HTTP/1.1 400"), nonsense
    both = request_head("Content-Length: 3", "Transfer-Encoding: chunked", "Connection: close")
    assert not (await send_pieces(port, both, b"0\r\n\r\n")).startswith("HTTP/1.1 5")


async def test_who_leaves_before_the_body_is_complete_disturbs_nobody(port: int, interface: Interface) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request_head("Content-Length: 500") + b'{"occurred_on"')
    await writer.drain()
    writer.close()
    assert (await interface.receive())["version"] == 1


async def test_what_is_not_json_is_refused_by_kind(interface: Interface) -> None:
    send = interface.client.post
    for kind in ("text/plain", "application/xml", "multipart/form-data; boundary=x", "application/problem+json", ""):
        answer = await send(
            "/petitions", content=json.dumps(RECEIPT), headers={**bearer(), **fresh_key(), "Content-Type": kind}
        )
        assert (answer.status_code, answer.json()["type"]) == (415, "urn:kiennghi:problem:not-json"), kind
    charset = {**bearer(), **fresh_key(), "Content-Type": "application/JSON; charset=utf-8"}
    assert (await send("/petitions", content=json.dumps(RECEIPT), headers=charset)).status_code == 201


@pytest.mark.parametrize(
    "body", [b"{", b"", b"{]", b"\xff\xfe{}", b"[" * 90_000, b'{"a":' * 15_000, b"1" * 90_000, b"nul", b"\x00"]
)
async def test_a_body_that_is_no_json_is_malformed(interface: Interface, body: bytes) -> None:
    answer = await interface.client.post(
        "/petitions", content=body, headers={**bearer(), **fresh_key(), "Content-Type": "application/json"}
    )
    assert answer.status_code in {400, 422}
    assert answer.json()["type"] in {"urn:kiennghi:problem:malformed", "urn:kiennghi:problem:invalid"}
    assert (answer.status_code == 422) == (body == b"")


async def test_an_address_takes_its_methods_and_names_them(interface: Interface) -> None:
    allowed = {"/meetings": "GET, HEAD, POST", "/petitions": "POST", "/overdue": "GET, HEAD", "/livez": "GET, HEAD"}
    for path, methods in allowed.items():
        for method in ("DELETE", "PUT", "PATCH", "OPTIONS", "TRACE"):
            answer = await interface.client.request(method, path)
            assert (answer.status_code, answer.headers["allow"]) == (405, methods), (method, path)
            assert answer.headers["content-type"] == "application/problem+json"


async def test_an_address_that_is_not_there_is_not_found(interface: Interface) -> None:
    for path in ("/petitions/", "/petitions/a/b", "/nix", "/overdue/", "/%2e%2e/etc/passwd"):
        answer = await interface.client.get(path)
        assert answer.status_code in {401, 404}, path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_every_answer_has_the_headers_that_keep_browsers_careful(interface: Interface) -> None:
    answers = [
        await interface.receive_answer(),
        await interface.read("/overdue"),
        await interface.client.get("/overdue"),
        await interface.client.get("/nix"),
        await interface.client.get("/livez"),
        await interface.client.delete("/overdue"),
    ]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert re.fullmatch("[0-9a-f-]{36}", answer.headers["x-request-id"])


async def test_the_id_of_a_request_is_the_senders_if_it_is_fit_for_a_log(interface: Interface) -> None:
    answer = await interface.client.get("/nix", headers={"X-Request-Id": "cong-dich-vu-000017"})
    assert answer.headers["x-request-id"] == "cong-dich-vu-000017"
    assert answer.json()["instance"] == "urn:kiennghi:request:cong-dich-vu-000017"
    for unfit in ("short", "x" * 65, "a\tb 12345678", "<script>12345678"):
        answer = await interface.client.get("/nix", headers={"X-Request-Id": unfit})
        assert answer.headers["x-request-id"] != unfit


async def test_a_request_leaves_one_line_that_names_no_petition(interface: Interface) -> None:
    reference = (await interface.receive())["reference"]
    with capture_logs() as lines:
        await interface.read(f"/petitions/{reference}?ten=Nguyen")
    assert len(lines) == 1
    line = lines[0]
    assert isinstance(line.pop("ms"), float)
    assert re.fullmatch("[0-9a-f-]{36}", line.pop("request_id"))
    assert line == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "route": "/petitions/{reference}",
        "status": 422,
        "officer": None,
    }


async def test_those_who_watch_over_the_service_leave_no_line_for_officers(interface: Interface) -> None:
    await wait_for_readiness(interface, 200)
    with capture_logs() as lines:
        for path in ("/livez", "/readyz", "/version"):
            assert (await interface.client.get(path)).status_code == 200
    assert {line["log_level"] for line in lines} == {"debug"}


async def test_a_fault_is_logged_by_place_and_kind_and_told_by_id_alone(interface: Interface) -> None:
    async def broken(*_: object) -> None:
        raise KeyError("Nguyễn Thị Ví Dụ")

    transport = httpx2.ASGITransport(
        app=RequestMiddleware(broken, max_body_bytes=1000, metrics=Metrics(), admission=RequestAdmission())
    )
    with capture_logs() as lines:
        async with httpx2.AsyncClient(transport=transport, base_url="http://kiennghi.example") as client:
            answer = await client.get("/x")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:kiennghi:problem:fault")
    fault, request = lines
    assert (fault["error"], fault["request_id"]) == ("KeyError", answer.headers["x-request-id"])
    assert "broken" in fault["where"][-1]
    assert request["status"] == 500
    assert "Ví Dụ" not in f"{lines}{answer.text}"


async def test_a_service_whose_view_is_broken_is_not_ready_until_it_goes_on(interface: Interface) -> None:
    assert await interface.runner.wait_until_current(20)
    assert (await wait_for_readiness(interface, 200)).json()["is_ready"]
    others = dict.fromkeys(("database", "writes", "schema", "tables", "log", "law"), True)
    alone = {**others, **{f"view {view.name}": view.name != "overdue" for view in VIEWS}}
    with psycopg.connect(interface.dsn, autocommit=True) as connection:
        connection.execute("ALTER TABLE kiennghi_views.overdue RENAME unit TO hidden")
        entered = await interface.receive()
        assert await interface.runner.wait_for(entered["position"], "unit_workload", 20)
        assert await interface.runner.wait_for(entered["position"], "meetings", 20)
        answer = await wait_for_readiness(interface, 503)
        connection.execute("ALTER TABLE kiennghi_views.overdue RENAME hidden TO unit")
    assert {check["name"]: check["is_well"] for check in answer.json()["checks"]} == alone
    assert int(answer.headers["retry-after"]) > 0
    assert (await wait_for_readiness(interface, 200)).json()["is_ready"]


async def wait_for_readiness(interface: Interface, status: int) -> httpx2.Response:
    """Return the first answer of /readyz with this status."""
    async with asyncio.timeout(20):
        while (answer := await interface.client.get("/readyz")).status_code != status:
            assert (await interface.client.get("/livez")).status_code == 200
    return answer


async def test_connections_that_break_are_no_fault(interface: Interface) -> None:
    """The database ends every connection; each request of that time is answered or asked to come again."""
    reference = (await interface.receive())["reference"]
    with psycopg.connect(interface.dsn, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    answers = await asyncio.gather(
        *(interface.read(f"/petitions/{reference}") for _ in range(10)),
        *(interface.receive_answer() for _ in range(10)),
    )
    for answer in answers:
        assert answer.status_code in {200, 201} or (answer.status_code == 503 and answer.headers["retry-after"])
