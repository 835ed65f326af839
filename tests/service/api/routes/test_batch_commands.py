"""Many commands in one request."""

import asyncio
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.actor import Role
from service.api.concurrency_limit import ConcurrencyLimit
from service.api.problem_details import Problem
from service.api.routes.batch_commands import COMMANDS_AT_ONCE, MOST_COMMANDS_A_BATCH
from tests.service.api.interface import Interface, bearer, count_events

pytestmark = pytest.mark.anyio

RECEIPT = {"occurred_on": "2026-07-06", "channel": "post", "summary": "Sửa đường"}
CLASSIFY = {"occurred_on": "2026-07-06", "kind": "proposal_or_feedback"}
ACKNOWLEDGE = {"occurred_on": "2026-07-06", "document_no": "12/TB"}


def receipt_command(key: str, **changes: Any) -> dict[str, Any]:
    return {"command": "receive-petition", "key": key, "body": RECEIPT | changes}


def change_command(command: str, petition: str, version: int, body: dict[str, Any], key: str) -> dict[str, Any]:
    return {"command": command, "key": key, "petition": petition, "version": version, "body": body}


async def send_batch(
    interface: Interface, *commands: Any, headers: dict[str, str] | None = None
) -> tuple[httpx2.Response, list[dict[str, Any]]]:
    answer = await interface.client.post("/commands", json={"commands": commands}, headers=headers or bearer())
    return answer, answer.json().get("answers", [])


def problem_name(answer: dict[str, Any]) -> str:
    return str(answer["problem"]["type"]).rpartition(":")[2]


async def test_each_command_is_answered_in_its_place(interface: Interface) -> None:
    known = await interface.receive()
    answer, answers = await send_batch(
        interface,
        receipt_command("in-place-1"),
        change_command("classify-petition", known["reference"], 1, CLASSIFY, "in-place-2"),
        receipt_command("in-place-3"),
    )
    assert answer.status_code == 200
    assert [one["status"] for one in answers] == [201, 200, 201]
    assert [one["problem"] for one in answers] == [None] * 3
    assert answers[1]["entered"]["petition_id"] == known["petition_id"]
    assert answers[1]["entered"]["version"] == 2
    numbers = [one["entered"]["reference"] for one in (answers[0], answers[2])]
    for number in numbers:
        assert (await interface.read(f"/petitions/{number}")).json()["version"] == 1


async def test_a_command_that_fails_fails_none_of_those_beside_it(interface: Interface) -> None:
    before = count_events(interface.dsn)
    answer, answers = await send_batch(
        interface,
        receipt_command("beside-1"),
        receipt_command("beside-2", occurred_on="2026-07-09"),
        receipt_command("beside-3"),
    )
    assert answer.status_code == 200
    assert [one["status"] for one in answers] == [201, 409, 201]
    assert answers[1]["problem"] == {
        "type": "urn:kiennghi:problem:refused",
        "title": "The rules do not allow this now",
        "status": 409,
        "detail": "2026-07-09 lies in the future; today is 2026-07-08",
        "instance": f"urn:kiennghi:request:{answer.headers['x-request-id']}",
        "code": "day_in_future",
        "values": {"day": "2026-07-09", "today": "2026-07-08"},
        "says": {
            "vi": "ngày 09/07/2026 chưa đến; hôm nay là 08/07/2026",
            "en": "2026-07-09 lies in the future; today is 2026-07-08",
        },
        "instead": {"vi": "ghi nhận từ ngày đó trở đi", "en": "record it from that day on"},
    }
    assert answers[1]["entered"] is None
    assert count_events(interface.dsn) == before + 2


async def test_what_is_wrong_with_one_command_is_in_its_answer(interface: Interface) -> None:
    number = (await interface.receive())["reference"]
    wrong: list[tuple[Any, int, str, list[str]]] = [
        (change_command("classify-petition", number, 2, CLASSIFY, "wrong-1"), 412, "version-mismatch", []),
        (change_command("classify-petition", "TD-2026-999999", 1, CLASSIFY, "wrong-2"), 404, "not-found", []),
        (change_command("classify-petition", "\u0007", 1, CLASSIFY, "wrong-3"), 404, "not-found", []),
        (change_command("make-tea", number, 1, CLASSIFY, "wrong-4"), 422, "invalid", ["/command"]),
        ({"key": "wrong-5", "body": RECEIPT}, 422, "invalid", ["/command"]),
        ({"command": 7}, 422, "invalid", ["/command"]),
        (receipt_command("wrong-6", channel="pigeon"), 422, "invalid", ["/body/channel"]),
        (receipt_command("có dấu"), 422, "invalid", ["/key"]),
        (receipt_command("wrong-7", nguoi_gui="Nguyễn Thị Ví Dụ"), 422, "invalid", ["/body/nguoi_gui"]),
        ({**receipt_command("wrong-8"), "petition": number}, 422, "invalid", ["/petition"]),
        ({**receipt_command("wrong-9"), "command": "classify-petition"}, 422, "invalid", []),
        ({"command": "receive-petition"}, 422, "invalid", ["/key", "/body"]),
        ("receive-petition", 422, "invalid", []),
        (None, 422, "invalid", []),
        ([[]], 422, "invalid", []),
    ]
    before = count_events(interface.dsn)
    answer, answers = await send_batch(interface, *(one for one, *_ in wrong))
    assert answer.status_code == 200
    for one, (sent, status, kind, pointers) in zip(answers, wrong, strict=True):
        assert (one["status"], problem_name(one), one["problem"]["status"]) == (status, kind, status), sent
        found = [error["pointer"] for error in one["problem"].get("errors", ())]
        assert not pointers or found == pointers, sent
    assert count_events(interface.dsn) == before
    assert "Ví Dụ" not in answer.text
    assert "make-tea" not in answer.text


async def test_the_roles_are_asked_for_by_each_command(interface: Interface) -> None:
    number = (await interface.receive())["reference"]
    accept = change_command(
        "accept-petition", number, 1, {"occurred_on": "2026-07-06", "document_no": "1/QĐ"}, "roles-2"
    )
    _, answers = await send_batch(
        interface,
        receipt_command("roles-1"),
        accept,
        receipt_command("roles-3"),
        headers=bearer(Role.RECEIVER, officer="cb-mau"),
    )
    assert [one["status"] for one in answers] == [201, 403, 201]
    assert "head" in answers[1]["problem"]["detail"]


async def test_without_a_token_no_command_is_looked_at(interface: Interface) -> None:
    before = count_events(interface.dsn)
    answer = await interface.client.post("/commands", json={"commands": [receipt_command("nobody")]})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert count_events(interface.dsn) == before


async def test_commands_on_one_petition_are_decided_in_the_order_given(interface: Interface) -> None:
    number = (await interface.receive())["reference"]
    _, answers = await send_batch(
        interface,
        change_command("classify-petition", number, 1, CLASSIFY, "order-1"),
        change_command("acknowledge-receipt", number, 2, ACKNOWLEDGE, "order-2"),
        change_command("acknowledge-receipt", number, 2, ACKNOWLEDGE, "order-3"),
    )
    assert [one["status"] for one in answers] == [200, 200, 412]
    assert [one["entered"]["version"] for one in answers[:2]] == [2, 3]
    assert answers[2]["problem"]["current_version"] == 3


async def test_what_is_sent_again_is_recorded_once(interface: Interface) -> None:
    number = (await interface.receive())["reference"]
    commands = [receipt_command("again-1"), change_command("classify-petition", number, 1, CLASSIFY, "again-2")]
    _, first = await send_batch(interface, *commands)
    before = count_events(interface.dsn)
    _, second = await send_batch(interface, *commands)
    assert [one["entered"] for one in second] == [one["entered"] for one in first]
    assert [one["status"] for one in second] == [201, 200]
    assert [one["replayed"] for one in first + second] == [False, False, True, True]
    assert count_events(interface.dsn) == before


async def test_alone_or_among_others_it_is_the_same_request(interface: Interface) -> None:
    _, answers = await send_batch(interface, receipt_command("either-way"))
    answer = await interface.ask("/petitions", RECEIPT, {"Idempotency-Key": "either-way"})
    assert answer.json() == answers[0]["entered"]
    assert answer.headers["idempotency-replayed"] == "true"


async def test_of_two_commands_with_one_key_the_same_is_done_once_and_another_is_refused(interface: Interface) -> None:
    before = count_events(interface.dsn)
    _, same = await send_batch(interface, receipt_command("twice-1"), receipt_command("twice-1"))
    assert [one["status"] for one in same] == [201, 201]
    assert same[0]["entered"] == same[1]["entered"]
    assert sorted(one["replayed"] for one in same) == [False, True]
    assert count_events(interface.dsn) == before + 1
    _, others = await send_batch(interface, receipt_command("twice-2"), receipt_command("twice-2", summary="Khác"))
    assert sorted(one["status"] for one in others) == [201, 422]
    assert {problem_name(one) for one in others if one["problem"]} == {"idempotency-key-reused"}
    assert count_events(interface.dsn) == before + 2


async def test_as_many_as_allowed_are_taken_and_one_more_is_not(interface: Interface) -> None:
    before = count_events(interface.dsn)
    small = {"command": "receive-petition"}
    answer, answers = await send_batch(
        interface,
        *[small] * (MOST_COMMANDS_A_BATCH - COMMANDS_AT_ONCE - 1),
        *map(receipt_command, map(str, range(101))),
    )
    assert (answer.status_code, len(answers)) == (200, MOST_COMMANDS_A_BATCH)
    assert sorted({one["status"] for one in answers}) == [201, 422]
    assert count_events(interface.dsn) == before + 101
    for batch in ([small] * (MOST_COMMANDS_A_BATCH + 1), []):
        answer, _ = await send_batch(interface, *batch)
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/commands"]


@pytest.mark.parametrize(
    "body", ["{}", "[]", "7", '{"commands": {}}', '{"commands": [], "more": 1}', '{"commands": 1}']
)
async def test_what_is_no_list_of_commands_is_refused_as_a_whole(interface: Interface, body: str) -> None:
    headers = {**bearer(), "Content-Type": "application/json"}
    answer = await interface.client.post("/commands", content=body, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:kiennghi:problem:invalid")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "command": st.sampled_from(["receive-petition", "classify-petition"]) | _JSON,
        "key": st.text(min_size=1, max_size=9) | _JSON,
        "petition": st.sampled_from(["TD-2026-000001", "x:y"]) | _JSON,
        "version": st.integers(-1, 3) | _JSON,
        "body": st.just(RECEIPT) | st.just(CLASSIFY) | _JSON,
    },
)


async def test_whatever_is_sent_as_commands_each_has_an_answer(interface: Interface) -> None:
    loop = asyncio.get_running_loop()

    @settings(max_examples=60, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(_NEARLY | _JSON, min_size=1, max_size=4))
    def answered(commands: list[Any]) -> None:
        answer, answers = asyncio.run_coroutine_threadsafe(send_batch(interface, *commands), loop).result(30)
        assert answer.status_code == 200
        assert len(answers) == len(commands)
        assert all((one["entered"] is None) == (one["status"] >= 400) for one in answers)

    await asyncio.to_thread(answered)


async def test_of_batches_that_come_together_those_beyond_the_limit_are_told_to_come_again() -> None:
    limit, end = ConcurrencyLimit(at_once=1, waiting=1), asyncio.Event()
    inside = 0

    async def visit() -> None:
        nonlocal inside
        async with limit.slot():
            inside += 1
            await end.wait()
            inside -= 1

    visits = [asyncio.create_task(visit()) for _ in range(3)]
    with pytest.raises(Problem) as busy:
        await visits[2]
    assert (busy.value.status, busy.value.headers["Retry-After"], inside) == (503, "2", 1)
    end.set()
    await asyncio.gather(*visits[:2])
    async with limit.slot():
        assert inside == 0


async def test_endings_are_refused_in_a_batch_as_they_are_alone(interface: Interface) -> None:
    """An ending of another kind is refused by the rules, and one without a ground of the law is no command at all."""
    letter = await interface.receive(kind="complaint")
    number = letter["reference"]
    classify = {**CLASSIFY, "kind": "complaint"}
    of_another_kind = {"occurred_on": "2026-07-06", "ground_code": "sender_unknown", "reason": "không rõ tên"}
    bare = {"occurred_on": "2026-07-06", "ground": "Rút toàn bộ", "decision_no": "1/QĐ"}
    _, answers = await send_batch(
        interface,
        change_command("classify-petition", number, 1, classify, "ending-1"),
        change_command("handle-as-information", number, 2, of_another_kind, "ending-2"),
        change_command("terminate-processing", number, 2, bare, "ending-3"),
        change_command("file-petition", number, 2, of_another_kind, "ending-4"),
        change_command("file-petition", number, 2, {**of_another_kind, "ground_code": "ineligible"}, "ending-5"),
    )
    assert [one["status"] for one in answers] == [200, 409, 422, 409, 200]
    assert answers[3]["problem"]["code"] == "needs_a_ground_of_the_law"
    assert answers[3]["problem"]["values"]["grounds"] == ["ineligible", "finally_settled", "referred_already"]
    history = (await interface.read(f"/petitions/{number}/history?lang=en")).json()
    assert history[-1]["details"]["ground_code"] == "ineligible"
