"""Asks over HTTP what was known at an earlier moment, and compares it with what was archived at that moment."""

from collections.abc import Mapping
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest

from domain.actor import Role
from domain.sealed_text import ERASED_TEXT
from service.api.concurrency_limit import ConcurrencyLimit
from service.known_at import past_views
from service.postgres.read_snapshot import read_snapshot
from tests.domain.law_changes.files import HOLIDAY
from tests.service.api.interface import UNIT, Interface, bearer
from tests.service.api.routes.test_petitions import ASSIGN
from tests.service.api.routes.test_units import open_new_unit
from tests.service.approvals.test_law_changes import apply_law_change

pytestmark = pytest.mark.anyio

STATES = ("overdue", "due_today", "due_soon", "not_yet_due", "suspended", "no_limit_set")
ALL = "&".join(f"state={state}" for state in STATES)
WHO = {"responsible_officer": "cb-vidu", "responsible_position": "Chuyên viên"}
ANSWER = {"document_no": "9/CV", "signed_by": "tp-vidu", "signer_position": "Trưởng phòng", "answer": "Đã sửa"}
QUESTIONS = (
    f"/overdue?on=2026-07-08&limit=2&{ALL}",
    "/overdue?on=2026-07-01&limit=3",
    f"/overdue?on=2026-07-08&unit={UNIT}&{ALL}",
    "/units?on=2026-07-08",
    "/units?on=2026-06-30",
    "/units?from=2026-06-01&to=2026-07-05",
    "/units?from=2026-06-01&to=2026-07-05&by=successor",
    "/cases?figure=came_in&from=2026-06-20&to=2026-07-05&limit=200",
    "/cases?figure=went_out&on=2026-07-08&limit=200",
    "/cases?figure=days_late&on=2026-07-08&limit=200",
)


async def answers(interface: Interface, path: str) -> list[dict[str, Any]]:
    """Return the answers of all pages, without the member that names the moment."""
    found: list[dict[str, Any]] = []
    following: str | None = path
    while following is not None:
        answer = await interface.read(following)
        assert answer.status_code == 200, answer.text
        found.append({**answer.json(), "known_at": None})
        link = answer.headers.get("link")
        following = link and link[1 : link.index(">")]
    return found


async def act(interface: Interface, reference: str, command: str, **body: Any) -> None:
    """Perform a command on a petition; a refusal is as good as any act."""
    etag = (await interface.read(f"/petitions/{reference}")).headers["etag"]
    answer = await interface.ask(f"/petitions/{reference}/{command}", body, {"If-Match": etag})
    assert answer.status_code in (200, 403, 409, 422), answer.text


async def perform(interface: Interface, reference: str, command: str, **body: Any) -> int:
    """Perform a command on a petition, and return the position of its last event."""
    etag = (await interface.read(f"/petitions/{reference}")).headers["etag"]
    answer = await interface.ask(f"/petitions/{reference}/{command}", body, {"If-Match": etag})
    assert answer.status_code == 200, answer.text
    return int(answer.json()["position"])


async def something_happens(interface: Interface, random: Random, references: list[str], units: list[str]) -> None:
    day = f"2026-07-0{random.randint(1, 8)}"
    if not references or random.random() < 0.3:
        received = f"2026-06-{random.randint(10, 30)}" if random.random() < 0.6 else day
        references.append(
            (await interface.receive(occurred_on=received, summary=f"Việc {len(references)}"))["reference"]
        )
        return
    unit = random.choice(units)
    acts: Mapping[str, dict[str, Any]] = {
        "classify-petition": {"kind": random.choice(["complaint", "denunciation", "proposal_feedback"]), "reason": "x"},
        "accept-petition": {"document_no": "34/QĐ"},
        "assign-petition": {**ASSIGN, "occurred_on": day, "lead_unit": unit},
        "reassign-petition": {**WHO, "lead_unit": unit, "reason": "x"},
        "start-work": {},
        "answer-in-writing": {**ANSWER, "result": random.choice(["resolved", "explained", "rejected"])},
        "suspend-processing": {"ground": "other", "decision_no": "2/QĐ"},
        "cancel-registration": {"reason": "x"},
    }
    command = random.choice(list(acts))
    await act(interface, random.choice(references), command, **{"occurred_on": day, **acts[command]})


async def test_what_was_archived_is_what_is_answered_later(interface: Interface) -> None:
    random = Random(3)
    references: list[str] = []
    units = [UNIT, await open_new_unit(interface), await open_new_unit(interface)]
    archive: list[tuple[int, str, Any]] = []
    for _ in range(12):
        for _ in range(8):
            await something_happens(interface, random, references, units)
        head = await interface.office.histories.last_position()
        assert await interface.runner.wait_until_current(20)
        archive += [(head, path, await answers(interface, f"{path}&after={head}")) for path in QUESTIONS]
        for path in ("history?lang=en", "deadlines?days=true", "ledger?on=2026-07-08"):
            file = f"/petitions/{random.choice(references)}/{path}"
            archive.append((head, file, (await interface.read(file)).json()))
        for reference in random.sample(references, min(4, len(references))):
            file = f"/petitions/{reference}/responsibility?on=2026-07-0{random.randint(1, 9)}"
            archive.append((head, file, (await interface.read(file)).json()))
    head = await interface.office.histories.last_position()
    protected = _protected([one for one in archive if one[0] == head])
    differing = 0
    for position, path, archived in archive:
        if "/responsibility" in path:
            answer = (await interface.read(f"{path}&known_at={position}")).json()
            assert answer == archived, (position, path)
            assert answer["known_at"]["position"] == position
            differing += {**answer, "known_at": None} != {**(await interface.read(path)).json(), "known_at": None}
            continue
        if path.startswith("/petitions"):
            answer = (await interface.read(f"{path}&known_at={position}")).json()
            assert _without_texts(answer) == _without_texts(archived), (position, path)
            continue
        answer_pages = await answers(interface, f"{path}&known_at={position}")
        assert _comparable(answer_pages, protected) == _comparable(archived, protected), (position, path)
        differing += answer_pages != await answers(interface, path)
    assert differing > len(archive) / 3
    text = await interface.read(f"/petitions/{references[0]}/responsibility", {"Accept": "text/plain"})
    assert f"theo nhật ký đến vị trí {head}" in text.text
    # an answer of now names no moment; one of then names the last event
    shown = (await interface.read(f"/units?on=2026-07-08&known_at=%23{head}")).json()["known_at"]
    assert (shown["position"], shown["recorded_at"][:2]) == (head, "20")
    assert (await interface.read("/units")).json()["known_at"] is None


def _protected(newest: list[tuple[int, str, Any]]) -> set[str]:
    return {
        item["petition_id"]
        for _, path, pages in newest
        if path.startswith("/overdue")
        for page in pages
        for item in page["items"]
        if item["identity_protected"]
    }


def _comparable(pages: list[dict[str, Any]], protected: set[str]) -> list[Any]:
    """Return the pages without what protects a petitioner, which is of today."""
    return [
        page | {name: [_item(item) for item in page[name]] for name in ("items", "cases") if name in page}
        for page in pages
    ]


def _item(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in ("identity_protected", "place", "summary")}


def _without_texts(file: Any) -> Any:
    """Return a file without the details of its events, whose texts are protected as of today, and its messages."""
    return [{name: value for name, value in line.items() if name not in ("details", "told")} for line in file]


async def test_texts_are_those_of_then_and_stay_erased(interface: Interface) -> None:
    entered = await interface.receive(summary="Đường hỏng trước cổng", occurred_on="2026-06-01")
    reference = entered["reference"]
    before = (await interface.read(f"/overdue?on=2026-07-08&limit=200&after={entered['position']}")).json()["items"]
    await perform(interface, reference, "classify-petition", occurred_on="2026-07-08", kind="complaint")
    path = f"/overdue?on=2026-07-08&limit=200&known_at={entered['position']}"
    assert (await interface.read(path)).json()["items"] == before
    assert any(item["summary"] == "Đường hỏng trước cổng" for item in before)
    with psycopg.connect(interface.dsn) as connection:
        connection.execute(
            "UPDATE kiennghi_vault.text_keys SET wrapped_key = NULL WHERE stream = %s", [entered["petition_id"]]
        )
    interface.office.vault.forget(UUID(entered["petition_id"]))
    (item,) = [
        item for item in (await interface.read(path + "&owed=answer")).json()["items"] if item["reference"] == reference
    ]
    assert item["summary"] == ERASED_TEXT
    history = await interface.read(f"/petitions/{reference}/history?known_at={entered['position']}")
    assert "Đường hỏng" not in history.text
    assert len(history.json()) == 1


async def test_protection_is_that_of_today(interface: Interface) -> None:
    """A letter that was found to be a denunciation later is protected in lists of before, and by the unit of today."""
    other = await open_new_unit(interface)
    entered = await interface.receive(summary="Trưởng thôn nhận tiền", place="Ngõ 7", occurred_on="2026-06-01")
    reference = entered["reference"]
    for command, body in {
        "classify-petition": {"kind": "denunciation"},
        "accept-petition": {"document_no": "34/QĐ"},
        "assign-petition": {**ASSIGN, "lead_unit": other},
    }.items():
        await perform(interface, reference, command, **{**body, "occurred_on": "2026-07-08"})
    assert await interface.runner.wait_until_current(20)
    moment = f"known_at={entered['position']}"
    for path in (f"/overdue?on=2026-07-08&limit=200&{moment}", f"/petitions/{reference}/history?{moment}"):
        for headers in (bearer(Role.RECEIVER), bearer(Role.OFFICER)):  # the unit of then is a stranger now
            answer = await interface.read(path, headers)
            assert answer.status_code == 200
            assert reference in answer.text or "history" in path
            assert "Trưởng thôn nhận tiền" not in answer.text
            assert "Ngõ 7" not in answer.text
        for headers in (bearer(Role.OFFICER, unit=other), bearer(Role.HEAD)):
            assert "Trưởng thôn nhận tiền" in (await interface.read(path, headers)).text


async def test_the_law_is_that_of_then(interface: Interface) -> None:
    reference = (await interface.receive(occurred_on="2026-07-06"))["reference"]
    files = [f"/petitions/{reference}/{path}" for path in ("deadlines?days=true", "ledger?on=2026-07-20")]
    before = [(await interface.read(file)).json() for file in files]
    position = await interface.office.histories.last_position()
    change = {"subject": "calendar", "text": HOLIDAY, "occurred_on": "2026-07-08", "instrument": "15/TB-UBND"}
    proposed = await interface.ask("/law-changes", change, bearer(Role.ADMINISTRATOR, officer="quan-tri"))
    change_id = proposed.json()["change_id"]
    approved = await interface.ask(
        f"/law-changes/{change_id}/approve", {"occurred_on": "2026-07-08"}, bearer(Role.HEAD, officer="chu-tich")
    )
    assert approved.status_code == 200, approved.text
    assert await interface.runner.wait_until_current(20)
    async with read_snapshot(interface.office.pool) as connection:
        await apply_law_change(interface.office, connection, UUID(change_id))
    assert [(await interface.read(file)).json() for file in files] != before
    assert [(await interface.read(f"{file}&known_at={position}")).json() for file in files] == before


@pytest.mark.parametrize("path", ["/overdue", "/units", "/units?by=successor", "/units/restated", "/overdue/restated"])
@pytest.mark.parametrize(
    "moment", ["", "yesterday", "-1", "2026-02-30", "2026-07-01T10:00:00", "9" * 18, "9999-12-31", "%00", "1" * 41]
)
async def test_a_moment_that_is_none_or_has_not_come_is_refused(interface: Interface, path: str, moment: str) -> None:
    answer = await interface.read(f"{path}{'&' if '?' in path else '?'}known_at={moment}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["parameter"] == "known_at"


async def test_what_is_refused_says_what_is_possible(interface: Interface) -> None:
    head = await interface.office.histories.last_position()
    (error,) = (await interface.read(f"/units?known_at={head + 1}")).json()["errors"]
    assert error["detail"].startswith("chưa đến thời điểm này")
    assert f"position up to {head}" in error["detail"]
    (error,) = (await interface.read("/units/restated")).json()["errors"]
    assert error["parameter"] == "known_at"
    reference = (await interface.receive())["reference"]
    for path in ("history", "deadlines", "ledger"):
        answer = await interface.read(f"/petitions/{reference}/{path}?known_at={head}")
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:kiennghi:problem:not-found")
        assert "chưa được ghi nhận" in answer.json()["detail"]
        assert (await interface.read(f"/petitions/TD-2026-999999/{path}?known_at={head}")).status_code == 404


async def test_a_question_that_folds_too_much_is_refused(interface: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = (await interface.receive(occurred_on="2026-06-02"))["reference"]
    position = await interface.office.histories.last_position()
    await perform(interface, reference, "classify-petition", occurred_on="2026-07-08", kind="complaint")
    assert await interface.runner.wait_until_current(20)
    monkeypatch.setattr(past_views, "MOST_FOLDED", 0)
    for path in ("/overdue", "/units", "/units/restated", "/overdue/restated"):
        (error,) = (await interface.read(f"{path}?known_at={position}&on=2026-07-08")).json()["errors"]
        assert "quá 0 đơn" in error["detail"]


async def test_a_question_about_then_takes_a_slot_of_the_large_requests(interface: Interface) -> None:
    position = await interface.office.histories.last_position()
    limit: ConcurrencyLimit = interface.app.state.context.batch_limit
    limit._most_present, kept = 0, limit._most_present
    try:
        for path in ("/overdue", "/units", "/units?by=successor", "/units/restated", "/overdue/restated"):
            answer = await interface.read(f"{path}{'&' if '?' in path else '?'}known_at={position}&on=2026-07-07")
            assert answer.status_code == 503, path
    finally:
        limit._most_present = kept


async def test_what_was_restated_names_the_late_entry_and_who_made_it(interface: Interface) -> None:
    position = await interface.office.histories.last_position()
    period = "from=2026-06-01&to=2026-06-30"
    before = (await interface.read(f"/units?{period}&after={position}")).json()["units"]
    entered = await interface.client.post(
        "/petitions",
        json={"occurred_on": "2026-06-02", "channel": "post", "summary": "Vào sổ muộn"},
        headers={**bearer(officer="nguoi-nhap-muon"), "Idempotency-Key": "late"},
    )
    reference, last = entered.json()["reference"], entered.json()["position"]
    after = (await interface.read(f"/units?{period}&after={last}")).json()["units"]
    found = (await interface.read(f"/units/restated?known_at={position}&{period}")).json()
    assert (found["known_at"]["position"], found["position"]) == (position, last)
    assert (found["first"], found["last"]) == ("2026-06-01", "2026-06-30")
    then, now = ({line["unit"]: line for line in lines}.get("", {}) for lines in (before, after))  # no unit has it yet
    assert {(one["figure"], one["then"], one["now"]) for one in found["figures"]} == {
        (figure, then.get(figure), now[figure]) for figure in now if now[figure] != then.get(figure, 0)
    }
    assert {"letters", "received", "open", "overdue"} <= {one["figure"] for one in found["figures"]}
    (event,) = found["events"]
    assert (event["reference"], event["event"], event["officer"]) == (reference, "PetitionReceived", "nguoi-nhap-muon")
    assert (event["position"], event["title"]) == (last, "Tiếp nhận đơn")
    assert {"unit": "", "figure": "received", "by": 1} in event["effects"]
    assert (found["total"], found["next"]) == (1, None)

    listed = (await interface.read(f"/overdue/restated?known_at={position}&on=2026-06-30&lang=en")).json()
    (event,) = listed["events"]
    assert [(one["unit"], one["state"], one["by"]) for one in event["effects"]] == [("", "overdue", 1)]
    assert event["reference"] == reference
    assert (await interface.read(f"/overdue/restated?known_at={position}&on=2026-06-01")).json()["events"] == []


async def test_pages_of_restating_events_follow_each_other(interface: Interface) -> None:
    position = await interface.office.histories.last_position()
    for day in range(1, 6):
        await interface.receive(occurred_on=f"2026-05-0{day}")
    assert await interface.runner.wait_until_current(20)
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        path = f"/units/restated?known_at={position}&on=2026-05-31&limit=2&after_event={after}"
        page = (await interface.read(path)).json()
        assert page["total"] == 5
        seen += [event["position"] for event in page["events"]]
        after = page["next"]
    assert seen == sorted(seen)
    assert len(seen) == 5
