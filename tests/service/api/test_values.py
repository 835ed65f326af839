"""Values that broke other services: each is refused in words, none is a fault."""

import json
import time
from typing import Any

import psycopg
import pytest

from tests.service.api.interface import UNIT, Interface, bearer, fresh_key

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}
RECEIPT = {"occurred_on": "2026-07-06", "channel": "post", "summary": "Sửa đường"}
PERSON = {"name": "Nguyễn Thị Ví Dụ"}


async def send_body(interface: Interface, body: str | bytes, path: str = "/petitions") -> tuple[int, dict[str, Any]]:
    headers = {**bearer(), **fresh_key(), **JSON, "If-Match": '"1"'}
    answer = await interface.client.post(path, content=body, headers=headers)
    return answer.status_code, answer.json()


def receipt_json(**changes: Any) -> str:
    return json.dumps({**RECEIPT, **changes})


def receipt_with_raw_value(field: str, value: str) -> str:
    """Return a receipt with a value that Python's own JSON would not write."""
    return json.dumps({**RECEIPT, field: "?"}).replace('"?"', value)


BAD_TEXTS = {
    "NUL": "a\0b",
    "NUL alone": "\0",
    "a lone surrogate": "a\ud800b",
    "surrogates the wrong way round": "\udc00\ud800",
    "an escape": "a\x1b[2Jb",
    "a C1 control": "a\x9bb",
    "right-to-left override": "a\u202eb",
    "an isolate": "a\u2066b",
    "nothing": "",
    "spaces": "   ",
    "a giant": "x" * 20_001,
}


@pytest.mark.parametrize("text", BAD_TEXTS.values(), ids=BAD_TEXTS.keys())
async def test_a_text_that_deceives_or_breaks_is_refused_by_place(interface: Interface, text: str) -> None:
    for body, pointer in (
        (receipt_json(summary=text), "/summary"),
        (receipt_json(petitioners=[PERSON, {"name": text}]), "/petitioners/1/name"),
    ):
        status, problem = await send_body(interface, body)
        assert (status, [error["pointer"] for error in problem["errors"]]) == (422, [pointer])


NUMBERS = {
    "2^31": str(2**31),
    "2^63": str(2**63),
    "-1": "-1",
    "-2^63 - 1": str(-(2**63) - 1),
    "10^400": "1" + "0" * 400,
    "1e400": "1e400",
    "a half": "1.5",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "-Infinity": "-Infinity",
    "a text": '"x"',
    "a list": "[1]",
    "an object": '{"a": 1}',
}


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS.keys())
async def test_a_number_out_of_bounds_is_refused_by_place(interface: Interface, number: str) -> None:
    status, problem = await send_body(interface, receipt_with_raw_value("person_count", number))
    assert (status, problem["errors"][0]["pointer"]) == (422, "/person_count")


async def test_a_number_that_nobody_said_may_be_null(interface: Interface) -> None:
    status, _ = await send_body(interface, receipt_with_raw_value("person_count", "null"))
    assert status == 201


async def test_a_number_of_ten_thousand_digits_is_malformed(interface: Interface) -> None:
    status, problem = await send_body(interface, receipt_with_raw_value("person_count", "1" * 10_000))
    assert (status, problem["type"]) == (400, "urn:kiennghi:problem:malformed")


DAYS = ["2026-02-30", "0000-01-01", "9999-12-31", "10000-01-01", "1945-09-01", "2026-07-06T25:00", "x", "", 1e300, None]


@pytest.mark.parametrize("day", DAYS)
async def test_a_day_that_is_none_is_refused_by_place(interface: Interface, day: Any) -> None:
    status, problem = await send_body(interface, receipt_json(occurred_on=day))
    assert (status, problem["errors"][0]["pointer"]) == (422, "/occurred_on")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400"])
async def test_a_day_that_is_a_strange_number_is_refused_by_place(interface: Interface, number: str) -> None:
    status, problem = await send_body(interface, receipt_with_raw_value("occurred_on", number))
    assert (status, problem["errors"][0]["pointer"]) == (422, "/occurred_on")


@pytest.mark.parametrize("meeting", ["x", "", "\0", "\ud800", "01980a6e-0000-7000-8000-00000000000", 7, {}])
async def test_an_id_that_is_none_is_refused_by_place(interface: Interface, meeting: Any) -> None:
    status, problem = await send_body(interface, receipt_json(meeting_id=meeting))
    assert (status, problem["errors"][0]["pointer"]) == (422, "/meeting_id")


@pytest.mark.parametrize("word", ["x", "", "\0", "\ud800", "POST", 7, ["post"]])
async def test_a_word_that_is_not_of_the_list_is_refused_by_place(interface: Interface, word: Any) -> None:
    status, problem = await send_body(interface, receipt_json(channel=word))
    assert (status, problem["errors"][0]["pointer"]) == (422, "/channel")


@pytest.mark.parametrize("name", ["\0", "\ud800", "Nguyễn Thị Ví Dụ", "a/b~c", "x" * 5000, "", "__class__"])
async def test_a_field_that_is_unknown_is_refused_without_its_name_if_that_could_be_a_value(
    interface: Interface, name: str
) -> None:
    status, problem = await send_body(interface, receipt_json(**{name: 1}))
    assert status == 422
    assert [error["pointer"] for error in problem["errors"]] == [""]
    status, problem = await send_body(interface, receipt_json(petitioners=[{**PERSON, name: 1}]))
    assert [error["pointer"] for error in problem["errors"]] == ["/petitioners/0"]


@pytest.mark.parametrize(
    "body", ["null", "[]", "7", '"x"', "true", "NaN", '[{"summary": "x"}]', '"\\ud800"', "[" * 900 + "]" * 900]
)
async def test_a_body_that_is_no_object_is_refused(interface: Interface, body: str) -> None:
    status, problem = await send_body(interface, body)
    assert (status, problem["type"]) == (422, "urn:kiennghi:problem:invalid")


async def test_many_faults_are_told_in_a_short_answer(interface: Interface) -> None:
    headers = {**bearer(), **fresh_key(), **JSON}
    faults = {f"f{n}": 1 for n in range(5_000)}
    answer = await interface.client.post("/petitions", content=receipt_json(**faults), headers=headers)
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 50)


async def test_lists_have_an_end(interface: Interface) -> None:
    status, problem = await send_body(interface, receipt_json(petitioners=[PERSON] * 51))
    assert (status, problem["errors"][0]["pointer"]) == (422, "/petitioners")


STRANGE_REFERENCES = [
    "%00",
    "TD-2026-000001%00",
    "%ED%A0%80",  # a lone surrogate, as UTF-8 forbids it
    "%FF%FE",
    "%0A",
    "%E2%80%AE",
    "'; DROP TABLE log; --",
    "%25",
    "receipt:%00",
    "receipt:" + "x" * 150,
    ":",
    "x" * 201,
    "x" * 7_000,
    "..%2f..",
    "0" * 32 + "0",
    "{00000000-0000-0000-0000-000000000000}",
    "urn:uuid:00000000-0000-0000-0000-000000000000",
    str(2**63),
    "-1",
    "NaN",
]


@pytest.mark.parametrize("reference", STRANGE_REFERENCES)
async def test_a_strange_reference_is_not_found(interface: Interface, reference: str) -> None:
    for what in ("", "/history", "/petitioners?purpose=x"):
        answer = await interface.read(f"/petitions/{reference}{what}")
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:kiennghi:problem:not-found")
    body = json.dumps({"occurred_on": "2026-07-06", "reason": "x"})
    status, _ = await send_body(interface, body, f"/petitions/{reference}/cancel-registration")
    assert status == 404


@pytest.mark.parametrize("value", ["%00", "%ED%A0%80", "%FF", "-1", str(2**31), str(2**63), "9" * 400, "NaN", "1e400"])
@pytest.mark.parametrize("parameter", ["on", "unit", "state", "limit", "cursor", "after"])
async def test_a_strange_question_is_no_fault(interface: Interface, parameter: str, value: str) -> None:
    answer = await interface.read(f"/overdue?{parameter}={value}")
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["Authorization", "Idempotency-Key", "If-Match", "If-None-Match", "Accept"])
async def test_a_strange_header_is_no_fault(interface: Interface, name: str) -> None:
    reference = (await interface.receive())["reference"]
    for value in (b"\xff\xfe", b"\x01", b"%00", b"x" * 8_000, b"", b'"', "Ví Dụ".encode()):
        fields = {**bearer(), **fresh_key(), **JSON, "If-Match": '"1"'}
        headers = [(n.encode(), v.encode()) for n, v in fields.items() if n != name] + [(name.encode(), value)]
        for method, path in (
            ("GET", f"/petitions/{reference}"),
            ("POST", f"/petitions/{reference}/cancel-registration"),
        ):
            answer = await interface.client.request(method, path, content="{}", headers=headers)
            assert answer.status_code < 500, (name, value, path)


async def test_a_giant_text_is_refused_quickly(interface: Interface) -> None:
    for text in ("a" * 90_000, "\u0301" * 40_000, " " * 90_000, "ấ" * 30_000, "\n" * 40_000):
        began = time.perf_counter()
        status, _ = await send_body(interface, json.dumps({**RECEIPT, "summary": text}, ensure_ascii=False).encode())
        assert status == 422
        assert time.perf_counter() - began < 0.5


async def test_a_unit_with_a_strange_code_is_refused_or_kept_as_it_is(interface: Interface) -> None:
    for code in ("%00", "%0A", "%E2%80%AE", "%20"):
        end = json.dumps({"occurred_on": "2026-07-06", "instrument": "x"})
        status, problem = await send_body(interface, end, f"/units/{code}/close")
        assert (status, problem["errors"][0]["parameter"]) == (422, "unit")


async def test_nothing_strange_was_recorded(interface: Interface) -> None:
    with psycopg.connect(interface.dsn) as connection:
        topics = connection.execute("SELECT DISTINCT topic FROM kiennghi.readable_log").fetchall()
    assert {topic for (topic,) in topics} <= {"UnitOpened", "PetitionReceived"}
    assert (await interface.read(f"/overdue?unit={UNIT}")).status_code == 200
