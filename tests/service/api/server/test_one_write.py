"""An answer is the same bytes as uvicorn's own, in fewer writes, whatever the answer is."""

import asyncio
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from service.api.server.one_write import OneWriteProtocol

LENGTH = (b"content-length", b"6")
ANSWERS: dict[str, tuple[str, list[Message], int]] = {
    "a body of a known length": ("GET", [_start := {"headers": [LENGTH]}, {"body": b"answer"}], 1),
    "a body in two parts": ("GET", [_start, {"body": b"ans", "more_body": True}, {"body": b"wer"}], 2),
    "an empty body": ("GET", [{"headers": [(b"content-length", b"0")]}, {"body": b""}], 1),
    "no body allowed": ("GET", [{"status": 304, "headers": []}, {"body": b""}], 1),
    "the head alone": ("HEAD", [_start, {"body": b"answer"}], 1),
    "a stream": ("GET", [{"headers": []}, {"body": b"one", "more_body": True}, {"body": b"two"}], 3),
    "a body that names a length": ("GET", [_start, {"body": b"\r\n\r\n\r\n"}], 1),
    "a body that never comes": ("GET", [_start], 1),
}


class Wire(asyncio.Transport):
    """Keeps what was written to it, write by write."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        if data:
            self.written.append(bytes(data))

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


def answering(messages: list[Message]) -> ASGIApp:
    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await receive()
        for n, message in enumerate(messages):
            await send({"type": "http.response.body" if n else "http.response.start", "status": 200, **message})

    return app


async def answered(protocol: type[HttpToolsProtocol], app: ASGIApp, sent: bytes) -> Wire:
    """The wire after all requests in `sent` were answered."""
    config = Config(app, log_config=None, log_level="critical", access_log=False, lifespan="off", ws="none")
    config.load()
    state, wire = ServerState(), Wire()
    connection = protocol(config=config, server_state=state, app_state={})
    connection.connection_made(wire)
    connection.data_received(sent)
    while state.tasks:
        await asyncio.wait(state.tasks)
    if connection.timeout_keep_alive_task is not None:
        connection.timeout_keep_alive_task.cancel()
    return wire


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("requests", [1, 3])
def test_an_answer_is_the_same_in_one_write(name: str, requests: int) -> None:
    method, messages, writes = ANSWERS[name]
    sent = f"{method} / HTTP/1.1\r\nhost: x\r\n\r\n".encode() * requests

    async def both() -> tuple[Wire, Wire]:
        app = answering(messages)
        return await answered(HttpToolsProtocol, app, sent), await answered(OneWriteProtocol, app, sent)

    plain, joined = asyncio.run(both())
    assert b"".join(joined.written) == b"".join(plain.written)
    assert joined.closed == plain.closed
    if not joined.closed:
        assert len(joined.written) == writes * requests


def test_a_client_that_asks_first_is_told_to_go_on_at_once() -> None:
    sent = b"POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n{}"
    wire = asyncio.run(answered(OneWriteProtocol, answering(ANSWERS["a body of a known length"][1]), sent))
    assert [part.split(b"\r\n")[0] for part in wire.written] == [b"HTTP/1.1 100 Continue", b"HTTP/1.1 200 OK"]
