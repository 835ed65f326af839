"""Thirty-two officers' programs at work over HTTP, and the ledger of what each of them was promised.

They run outside of every process that is killed. A request without an answer is either sent again with the same key,
to any of the services, or given up: then nobody knows what came of it.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from domain.actor import Credentials, Role
from service.event_store.ids import command_id_of
from service.security import tokens
from tests.faults.services import KEYS, Service

WRITERS = 32
ANSWER_WITHIN = 20.0
"""Seconds; a request that got no answer for so long is given up."""

OFFICER = Credentials(officer="van-thu", unit="ban-tcd", position="Văn thư", roles=frozenset(Role))
LIFE: Sequence[tuple[str, dict[str, Any]]] = (
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
            "occurred_on": "2024-03-06",
            "lead_unit": "so-mau",
            "responsible_officer": "chuyen-vien",
            "responsible_position": "Chuyên viên",
            "task_summary": "kiểm tra và trả lời",
            "due_on": "2024-03-29",
            "expected_output": "văn bản trả lời",
            "accountable_head": "giam-doc",
            "notice_no": "40/TB-PC",
            "notice_on": "2024-03-06",
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
"""What each petition is asked in turn; every command is one event."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What an answer said of a command: it is in the log, there."""

    command_id: UUID
    petition_id: UUID
    reference: str
    version: int
    position: int


@dataclass
class Ledger:
    """All that was sent to one database, and all that was promised; the promises lie in a file as well."""

    file: Path
    sent: set[UUID] = field(default_factory=set)
    promised: dict[UUID, Promise] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def promise(self, promise: Promise) -> None:
        """Entered once the answer has arrived, by a process that nobody kills."""
        self.promised[promise.command_id] = promise
        with self.file.open("a") as lines:
            lines.write(json.dumps(asdict(promise), default=str) + "\n")


class Wire:
    """A connection to one service at a time; made anew after each fault."""

    def __init__(self) -> None:
        self._port = 0
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, port: int, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        """Status and body. ConnectionError, asyncio.IncompleteReadError: no answer, or half of one."""
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


class Writers:
    """At work from `start` until `stop`, which lets each of them finish the command it is at."""

    def __init__(self, services: Sequence[Service], ledger: Ledger, seed: str) -> None:
        self._services = services
        self._ledger = ledger
        self._seed = seed
        self._token = tokens.issue(OFFICER, KEYS.token, hours=12)
        self._ending = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._write(number)) for number in range(WRITERS)]

    async def stop(self) -> None:
        self._ending = True
        await asyncio.gather(*self._tasks)

    async def _write(self, number: int) -> None:
        random = Random(f"{self._seed} {number}")
        wire = Wire()
        try:
            while not self._ending:
                await self._live(random, wire)
        finally:
            wire.close()

    async def _live(self, random: Random, wire: Wire) -> None:
        """One petition from its receipt to its answer, or as far as it comes."""
        promise: Promise | None = None
        for path, body in LIFE:
            promise = await self._send(random, wire, path, body, promise)
            if promise is None or self._ending:
                return

    async def _send(
        self, random: Random, wire: Wire, path: str, body: dict[str, Any], before: Promise | None
    ) -> Promise | None:
        """Again and again until there is an answer; None if it was given up."""
        ledger = self._ledger
        key = str(UUID(int=random.getrandbits(128)))
        command_id = command_id_of(OFFICER.officer, key)
        ledger.sent.add(command_id)
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
        give_up_at = loop.time() + ANSWER_WITHIN
        times = 0
        while True:
            times += 1
            port = random.choice(self._services).port
            answer: Any = None
            with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
                async with asyncio.timeout_at(give_up_at):
                    answer = await wire.post(port, path, json.dumps(body).encode(), headers)
            if answer is not None and answer[0] in (200, 201):
                told = answer[1]
                promise = Promise(
                    command_id, UUID(told["petition_id"]), told["reference"], told["version"], told["position"]
                )
                ledger.promise(promise)
                ledger.answers["at once" if times == 1 else "when sent again"] += 1
                return promise
            if answer is not None and answer[0] != 503:
                ledger.wrong.append(f"{path.rpartition('/')[2]}, sent {times} times: {answer[0]} {answer[1]['type']}")
                return None
            wire.close()
            if is_impatient or loop.time() > give_up_at:
                ledger.answers["given up"] += 1
                return None
            await asyncio.sleep(random.uniform(0.01, 0.05))
