import asyncio
from typing import Any
from uuid import uuid4

import pytest

from domain.actor import Role
from domain.command import Command
from domain.meetings.commands import RecordMeeting
from service.api.openapi import examples
from service.api.routes.commands import PETITION_CHANGES
from tests.service.api.interface import UNIT, Interface, bearer, count_events, fresh_key

pytestmark = pytest.mark.anyio

RECEIPT = {"occurred_on": "2026-07-06", "channel": "post", "summary": "Sửa đường"}
CLASSIFY = {"occurred_on": "2026-07-06", "kind": "proposal_or_feedback"}
ACKNOWLEDGE = {"occurred_on": "2026-07-06", "document_no": "12/TB"}


async def test_a_receipt_is_answered_with_its_number_and_where_it_is(interface: Interface) -> None:
    answer = await interface.ask("/petitions", RECEIPT)
    entered = answer.json()
    assert answer.status_code == 201
    told = {"petition_id", "reference", "version", "position", "recorded_at", "opened", "opened_references"}
    assert entered.keys() == told
    assert entered["reference"].startswith("TD-2026-")
    assert answer.headers["location"] == f"/petitions/{entered['reference']}"
    assert answer.headers["etag"] == '"1"'
    assert (await interface.read(answer.headers["location"])).status_code == 200


async def test_a_petition_is_changed_by_number_and_by_id(interface: Interface) -> None:
    petition = await interface.receive()
    answer = await interface.ask(f"/petitions/{petition['reference']}/classify-petition", CLASSIFY, {"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    answer = await interface.ask(
        f"/petitions/{petition['petition_id']}/acknowledge-receipt", ACKNOWLEDGE, {"If-Match": '"2"'}
    )
    assert (answer.status_code, answer.headers["etag"]) == (200, '"3"')
    assert answer.json()["reference"] == petition["reference"]


async def test_a_matter_of_a_split_letter_is_found_by_its_number(interface: Interface) -> None:
    letter = await interface.receive()
    answer = await interface.ask(
        f"/petitions/{letter['reference']}/split-petition",
        {"occurred_on": "2026-07-06", "matters": [{"summary": "Đường"}, {"summary": "Rác"}]},
        {"If-Match": '"1"'},
    )
    assert answer.status_code == 200
    assert len(answer.json()["opened"]) == 2
    matter = (await interface.read(f"/petitions/{letter['reference']}.2")).json()
    assert (matter["summary"], matter["split_from"]) == ("Rác", letter["petition_id"])


async def test_without_a_token_nobody_is_let_in(interface: Interface) -> None:
    for headers in ({}, {"Authorization": "Basic Y2I6dmlkdQ=="}, {"Authorization": "Bearer x"}):
        answer = await interface.client.post("/petitions", json=RECEIPT, headers={**fresh_key(), **headers})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        assert answer.json()["type"] == "urn:kiennghi:problem:not-authenticated"


async def test_a_role_that_does_not_cover_the_command_is_told_which_would(interface: Interface) -> None:
    petition = await interface.receive()
    answer = await interface.ask(
        f"/petitions/{petition['reference']}/accept-petition",
        {"occurred_on": "2026-07-06", "document_no": "1/QĐ"},
        {"If-Match": '"1"', **bearer(Role.RECEIVER)},
    )
    assert answer.status_code == 403
    assert "head" in answer.json()["detail"]


async def test_what_the_rules_refuse_is_told_in_the_officers_words(interface: Interface) -> None:
    answer = await interface.ask("/petitions", {**RECEIPT, "occurred_on": "2026-07-09"})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
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


async def test_a_petition_that_is_not_there_is_not_found(interface: Interface) -> None:
    for named in ("TD-2026-999999", str(uuid4()), "receipt:case-1", "x"):
        answer = await interface.ask(f"/petitions/{named}/classify-petition", CLASSIFY, {"If-Match": '"1"'})
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:kiennghi:problem:not-found")


async def test_the_id_of_a_meeting_or_unit_is_no_petition(interface: Interface) -> None:
    body = {**examples.example_body(RecordMeeting), "meeting_id": str(uuid4()), "organiser": UNIT}
    meeting = (await interface.ask("/meetings", body)).json()
    answer = await interface.ask(f"/petitions/{meeting['meeting_id']}/classify-petition", CLASSIFY, {"If-Match": '"1"'})
    assert answer.status_code == 404


async def test_a_change_must_say_which_version_it_was_decided_on(interface: Interface) -> None:
    petition = await interface.receive()
    path = f"/petitions/{petition['reference']}/classify-petition"
    assert (await interface.ask(path, CLASSIFY)).status_code == 428
    for useless in ("*", "1", 'W/"1"', '""', '"1", "2"', '"x"', '"99999999999999999999"'):
        answer = await interface.ask(path, CLASSIFY, {"If-Match": useless})
        assert (answer.status_code, answer.json()["type"]) == (400, "urn:kiennghi:problem:if-match-unusable")


async def test_a_stale_change_is_told_the_version_there_is(interface: Interface) -> None:
    petition = await interface.receive()
    path = f"/petitions/{petition['reference']}"
    assert (await interface.ask(f"{path}/classify-petition", CLASSIFY, {"If-Match": '"1"'})).status_code == 200
    for stale in ('"1"', '"3"', '"0"'):
        answer = await interface.ask(f"{path}/acknowledge-receipt", ACKNOWLEDGE, {"If-Match": stale})
        assert (answer.status_code, answer.json()["current_version"]) == (412, 2)


async def test_of_officers_who_change_the_same_version_at_once_one_is_let_through(interface: Interface) -> None:
    petition = await interface.receive()
    path = f"/petitions/{petition['reference']}/acknowledge-receipt"
    answers = await asyncio.gather(*(interface.ask(path, ACKNOWLEDGE, {"If-Match": '"1"'}) for _ in range(20)))
    assert sorted(a.status_code for a in answers) == [200] + [412] * 19
    assert (await interface.read(f"/petitions/{petition['reference']}")).json()["version"] == 2


async def test_a_request_needs_a_key(interface: Interface) -> None:
    for useless in (None, "", " ", "x" * 256, "có dấu", "a b", "tab\there"):
        headers = {} if useless is None else {"Idempotency-Key": useless.encode()}
        answer = await interface.client.post(
            "/petitions",
            json=RECEIPT,
            headers=[
                *((n.encode(), v.encode()) for n, v in bearer().items()),
                *((n.encode(), v) for n, v in headers.items()),
            ],
        )
        assert answer.status_code == 400, useless
        assert answer.json()["type"] == "urn:kiennghi:problem:idempotency-key-missing"


async def test_a_repeated_request_is_answered_as_the_first_time(interface: Interface) -> None:
    again = fresh_key()
    first = await interface.ask("/petitions", RECEIPT, again)
    events = count_events(interface.dsn)
    second = await interface.ask("/petitions", RECEIPT, again)
    assert second.json() == first.json()
    assert second.status_code == 201
    assert second.headers["location"] == first.headers["location"]
    assert ("idempotency-replayed" in first.headers, second.headers["idempotency-replayed"]) == (False, "true")
    assert count_events(interface.dsn) == events


async def test_a_repeated_change_is_answered_as_the_first_time_though_the_petition_moved_on(
    interface: Interface,
) -> None:
    petition, again = await interface.receive(), fresh_key()
    path = f"/petitions/{petition['reference']}"
    first = await interface.ask(f"{path}/classify-petition", CLASSIFY, {"If-Match": '"1"', **again})
    await interface.ask(f"{path}/acknowledge-receipt", ACKNOWLEDGE, {"If-Match": '"2"'})
    second = await interface.ask(f"{path}/classify-petition", CLASSIFY, {"If-Match": '"1"', **again})
    assert (second.status_code, second.json(), second.headers["etag"]) == (200, first.json(), '"2"')


async def test_a_text_in_the_other_unicode_form_is_the_same_request(interface: Interface) -> None:
    again = fresh_key()
    first = await interface.ask("/petitions", {**RECEIPT, "summary": "S\u1eeda \u0111\u01b0\u1eddng"}, again)
    second = await interface.ask(
        "/petitions", {**RECEIPT, "summary": "S\u01b0\u0309a \u0111\u01b0\u01a1\u0300ng"}, again
    )
    assert second.json() == first.json()


async def test_a_key_that_was_used_for_another_request_is_refused(interface: Interface) -> None:
    petition, again = await interface.receive(), fresh_key()
    assert (await interface.ask("/petitions", RECEIPT, again)).status_code == 201
    path = f"/petitions/{petition['reference']}"
    others: list[tuple[str, dict[str, Any]]] = [
        ("/petitions", {**RECEIPT, "summary": "Khác"}),
        (f"{path}/classify-petition", CLASSIFY),
        ("/units", {"unit": "x", "name": "X", "occurred_on": "2020-01-01"}),
    ]
    for other, body in others:
        answer = await interface.ask(other, body, {"If-Match": '"1"', **again})
        assert answer.status_code == 422, other
        assert answer.json()["type"] == "urn:kiennghi:problem:idempotency-key-reused"


async def test_the_same_key_of_another_officer_is_another_request(interface: Interface) -> None:
    again = fresh_key()
    first = await interface.ask("/petitions", RECEIPT, again)
    second = await interface.ask("/petitions", RECEIPT, {**again, **bearer(officer="cb-mau")})
    assert second.status_code == 201
    assert second.json()["petition_id"] != first.json()["petition_id"]


async def test_fifty_times_the_same_receipt_at_once_is_one_event(interface: Interface) -> None:
    events, again = count_events(interface.dsn), fresh_key()
    answers = await asyncio.gather(*(interface.ask("/petitions", RECEIPT, again) for _ in range(50)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.text for a in answers}) == 1
    assert count_events(interface.dsn) == events + 1


async def test_fifty_times_the_same_change_at_once_is_one_event(interface: Interface) -> None:
    petition, again = await interface.receive(), fresh_key()
    events = count_events(interface.dsn)
    path = f"/petitions/{petition['reference']}/classify-petition"
    answers = await asyncio.gather(*(interface.ask(path, CLASSIFY, {"If-Match": '"1"', **again}) for _ in range(50)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.text for a in answers}) == 1
    assert count_events(interface.dsn) == events + 1


@pytest.mark.parametrize("path", ["/units", "/meetings"])
async def test_fifty_times_the_same_unit_or_meeting_at_once_is_one_event(interface: Interface, path: str) -> None:
    bodies = {
        "/units": {"unit": str(uuid4()), "name": "Đơn vị", "occurred_on": "2020-01-01"},
        "/meetings": {
            **examples.example_body(RecordMeeting),
            **{"meeting_id": str(uuid4()), "organiser": UNIT, "chair": f"chu-tri-{uuid4()}"},
        },
    }
    events, again = count_events(interface.dsn), fresh_key()
    answers = await asyncio.gather(*(interface.ask(path, bodies[path], again) for _ in range(50)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.text for a in answers}) == 1
    assert count_events(interface.dsn) == events + 1


async def test_a_repeated_split_is_answered_as_the_first_time(interface: Interface) -> None:
    letter, again = await interface.receive(), fresh_key()
    body = {"occurred_on": "2026-07-06", "matters": [{"summary": "Đường"}, {"summary": "Rác"}]}
    headers = {"If-Match": '"1"', **again}
    path = f"/petitions/{letter['reference']}/split-petition"
    first, second = [(await interface.ask(path, body, headers)).json() for _ in range(2)]
    assert first == second
    assert first["opened_references"] == [f"{letter['reference']}.1", f"{letter['reference']}.2"]
    assert (await interface.read(f"/petitions/{letter['reference']}")).json()["matters"] == first["opened_references"]


async def test_a_unit_is_opened_and_closed(interface: Interface) -> None:
    code = f"xa-{uuid4()}"
    opened = await interface.ask("/units", {"unit": code, "name": "Xã Mẫu", "occurred_on": "2020-01-01"})
    assert (opened.status_code, opened.json()["unit"], opened.json()["version"]) == (201, code, 1)
    end = {"instrument": "47/NQ", "occurred_on": "2025-06-30"}
    closed = await interface.ask(f"/units/{code}/close", end)
    assert (closed.status_code, closed.json()["version"]) == (200, 2)
    again = await interface.ask(f"/units/{code}/close", end)
    assert (again.status_code, again.json()["detail"]) == (409, f"the unit “{code}” is closed since 2025-06-30")


async def test_every_command_has_an_address_and_an_example_that_is_a_body_of_it(interface: Interface) -> None:
    petition = await interface.receive()
    for command in PETITION_CHANGES:
        name = "-".join(class_name_words(command))
        answer = await interface.ask(
            f"/petitions/{petition['reference']}/{name}", examples.example_body(command), {"If-Match": '"99"'}
        )
        assert answer.status_code == 412, (name, answer.text)  # read, understood, and turned down for the version


def class_name_words(command: type[Command]) -> list[str]:
    """Return the words of the name of a class, split at the capitals."""
    spaced = "".join(f" {c.lower()}" if c.isupper() else c for c in command.__name__)
    return spaced.split()


async def test_a_field_that_is_not_known_is_refused_by_place(interface: Interface) -> None:
    answer = await interface.ask("/petitions", {**RECEIPT, "recorded_at": "2020-01-01", "petitioners": [{"nam": "x"}]})
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/recorded_at",
        "/petitioners/0/name",
        "/petitioners/0/nam",
    }
