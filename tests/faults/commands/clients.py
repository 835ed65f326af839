"""Sends the commands of thirty-two officers' programs over HTTP, and keeps the history of what they were promised.

The clients run outside of every process that is killed. A request without an answer is either sent again with the same
key, to any of the services, or given up: then nobody knows whether it was recorded.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from domain.actor import Credentials, Role
from service.event_store.ids import command_id_of
from service.security import tokens
from tests.faults.commands.services import KEYS, Service
from tests.faults.history import History

CLIENTS = 32
ANSWER_TIMEOUT_SECONDS = 20.0
"""After so long without an answer a request is given up."""

OFFICER = Credentials(officer="van-thu", unit="ban-tcd", position="Văn thư", roles=frozenset(Role))
COMMANDS_OF_A_PETITION: Sequence[tuple[str, dict[str, Any]]] = (
    (
        "/petitions",
        {
            "occurred_on": "2024-03-04",
            "channel": "post",
            "summary": "Đề nghị sửa đoạn đường liên thôn",
            "petitioners": [{"name": "Nguyễn Văn Ví Dụ"}],
        },
    ),
    ("classify-petition", {"occurred_on": "2024-03-05", "kind": "proposal_or_feedback"}),
    (
        "assign-petition",
        {
            "occurred_on": "2024-03-20",  # after the limit of the triage: nobody dates an act back over it
            "lead_unit": "so-mau",
            "responsible_officer": "chuyen-vien",
            "responsible_position": "Chuyên viên",
            "task_summary": "kiểm tra và trả lời",
            "due_on": "2024-03-29",
            "expected_output": "văn bản trả lời",
            "accountable_head": "giam-doc",
            "notice_no": "40/TB-PC",
            "notice_on": "2024-03-20",
        },
    ),
    (
        "answer-in-writing",
        {
            "occurred_on": "2024-04-01",
            "document_no": "55/TL",
            "signed_by": "giam-doc",
            "signer_position": "Giám đốc",
            "answer": "đã sửa xong đoạn đường",
            "result": "right",
        },
    ),
)
"""Paths and bodies, in the order in which a client sends them; every command is one event."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Is what an answer said of a command: that it is in the log, and where."""

    command_id: UUID
    petition_id: UUID
    reference: str
    version: int
    position: int


@dataclass
class ClientHistory:
    """Holds all that was sent to one database, and all that was promised; a file has the promises too."""

    file: History
    set_up: set[UUID] = field(default_factory=set)
    """Ids of the commands that were performed before the clients began."""
    sent: set[UUID] = field(default_factory=set)
    promised: dict[UUID, Promise] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    """The numbers of commands that were answered, at once or later, or given up."""
    unforeseen: list[str] = field(default_factory=list)
    """Answers that no client should have got."""

    def add_promise(self, promise: Promise) -> None:
        """Enter an answer that has arrived; nobody kills the process that does so."""
        self.promised[promise.command_id] = promise
        self.file.add(**asdict(promise))


class HttpConnection:
    """Is a connection to one service at a time, which is opened again after each fault."""

    def __init__(self) -> None:
        self._port = 0
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, port: int, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        """Return status and body.

        Raise ConnectionError or asyncio.IncompleteReadError if there is no answer, or half of one.
        """
        if self._reader is None or self._writer is None or self._port != port:
            self.close()
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
            self._port = port
        lines = [f"POST {path} HTTP/1.1", "Host: kiennghi", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        return int(head.split(" ", 2)[1]), json.loads(await self._reader.readexactly(length))

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


class Clients:
    """Send commands from `start` until `stop`, which lets each client finish the command that it has sent."""

    def __init__(self, services: Sequence[Service], history: ClientHistory, seed: str) -> None:
        self._services = services
        self._history = history
        self._seed = seed
        self._token = tokens.issue_token(OFFICER, KEYS.token, hours=12)
        self._ending = False
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Have all clients send; return once one of them has been promised something."""
        before = len(self._history.promised)
        self._tasks = [asyncio.create_task(self._send_commands(number)) for number in range(CLIENTS)]
        while len(self._history.promised) == before:
            await asyncio.sleep(0.001)

    async def stop(self) -> None:
        self._ending = True
        await asyncio.gather(*self._tasks)

    async def _send_commands(self, number: int) -> None:
        random = Random(f"{self._seed} {number}")
        http = HttpConnection()
        try:
            while not self._ending:
                await self._send_petition(random, http)
        finally:
            http.close()

    async def _send_petition(self, random: Random, http: HttpConnection) -> None:
        """Send the commands of one petition, from its receipt to its answer or as far as they are accepted."""
        promise: Promise | None = None
        for path, body in COMMANDS_OF_A_PETITION:
            promise = await self._send(random, http, path, body, promise)
            if promise is None or self._ending:
                return

    async def _send(
        self, random: Random, http: HttpConnection, path: str, body: dict[str, Any], before: Promise | None
    ) -> Promise | None:
        """Send one command again and again until there is an answer; return None if it was given up."""
        history = self._history
        key = str(UUID(int=random.getrandbits(128)))
        command_id = command_id_of(OFFICER.officer, key)
        history.sent.add(command_id)
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        if before is not None:
            path = f"/petitions/{before.reference}/{path}"
            headers["If-Match"] = f'"{before.version}"'
        is_impatient = random.random() < 0.2
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + ANSWER_TIMEOUT_SECONDS
        times = 0
        while True:
            times += 1
            port = random.choice(self._services).port
            answer: Any = None
            with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
                async with asyncio.timeout_at(give_up_at):
                    answer = await http.post(port, path, json.dumps(body).encode(), headers)
            if answer is not None and answer[0] in (200, 201):
                answered = answer[1]
                promise = Promise(
                    command_id,
                    UUID(answered["petition_id"]),
                    answered["reference"],
                    answered["version"],
                    answered["position"],
                )
                history.add_promise(promise)
                history.outcomes["answered_at_once" if times == 1 else "answered_when_sent_again"] += 1
                return promise
            if answer is not None and answer[0] != 503:
                history.unforeseen.append(
                    f"{path.rpartition('/')[2]}, sent {times} times: {answer[0]} {answer[1]['type']}"
                )
                return None
            http.close()
            if is_impatient or loop.time() > give_up_at:
                history.outcomes["given_up"] += 1
                return None
            await asyncio.sleep(random.uniform(0.01, 0.05))
