"""A change of law over HTTP, and the ledger of a petition."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.actor import Role
from service.postgres.read_snapshot import read_snapshot
from tests.domain.law_changes.files import HOLIDAY, SATURDAY
from tests.service.api.interface import Interface, bearer, fresh_key
from tests.service.approvals.test_law_changes import apply_law_change
from tests.service.office_fixtures import as_projector

pytestmark = pytest.mark.anyio

FILE = {"subject": "calendar", "text": HOLIDAY}
PROPOSE = {**FILE, "occurred_on": "2026-07-08", "instrument": "15/TB-UBND"}
APPROVE = {"occurred_on": "2026-07-08"}
ADMINISTRATOR = bearer(Role.ADMINISTRATOR, officer="quan-tri")
HEAD = bearer(Role.HEAD, officer="chu-tich")
CLERK = bearer(Role.RECEIVER, officer="van-thu")


async def read_clocks(interface: Interface, reference: str) -> list[dict[str, Any]]:
    return list((await interface.read(f"/petitions/{reference}/ledger?on=2026-07-20")).json())


async def test_a_change_goes_from_the_trial_over_two_officers_to_the_petitions(interface: Interface) -> None:
    reference = (await interface.receive())["reference"]
    assert (await interface.read("/law-changes")).json() == {"changes": []}

    tried = await interface.ask("/law-changes/review", {**FILE, "on": "2026-07-21"}, ADMINISTRATOR)
    assert tried.status_code == 200, tried.text
    found = tried.json()
    moved = next(one for one in found["petitions"] if one["reference"] == reference)
    assert (moved["due_on"], moved["new_due_on"], moved["was_overdue"]) == ("2026-07-20", "2026-07-21", True)
    assert moved["clocks"][0]["calendar"] == "VN-2026.1+VD-2026.2"
    assert [(one["day"], one["is_off"]) for one in found["days"]] == [("2026-07-13", True), ("2026-08-10", True)]
    assert found["rules"] == []
    assert (found["would_stop_being_overdue"], found["would_become_overdue"]) == (found["would_move"], 0)

    once = {**ADMINISTRATOR, **fresh_key()}
    proposed = await interface.ask("/law-changes", PROPOSE, once)
    assert proposed.status_code == 201, proposed.text
    change_id = proposed.json()["change_id"]
    assert proposed.headers["location"] == f"/law-changes/{change_id}"
    again = await interface.ask("/law-changes", PROPOSE, once)
    assert (again.json()["change_id"], again.headers["idempotency-replayed"]) == (change_id, "true")
    other = await interface.ask("/law-changes", {**PROPOSE, "instrument": "16/TB-UBND"}, once)
    assert (other.status_code, other.json()["type"]) == (422, "urn:kiennghi:problem:idempotency-key-reused")
    in_full = (await interface.read(f"/law-changes/{change_id}", CLERK)).json()
    assert (in_full["text"], in_full["state"], in_full["proposed_by"]) == (HOLIDAY, "proposed", "quan-tri")

    own = await interface.ask(f"/law-changes/{change_id}/approve", APPROVE, bearer(Role.HEAD, officer="quan-tri"))
    assert (own.status_code, own.json()["detail"]) == (409, "an officer cannot approve a change of law of their own")
    once = {**HEAD, **fresh_key()}
    approved = await interface.ask(f"/law-changes/{change_id}/approve", APPROVE, once)
    assert approved.status_code == 200, approved.text
    again = await interface.ask(f"/law-changes/{change_id}/approve", APPROVE, once)
    assert (again.json(), again.headers["idempotency-replayed"]) == (approved.json(), "true")
    (change,) = (await interface.read("/law-changes")).json()["changes"]
    assert (change["state"], change["approved_by"], change["moved"]) == ("approved", "chu-tich", None)
    waiting = await interface.ask("/law-changes", {**PROPOSE, "text": SATURDAY}, ADMINISTRATOR)
    assert (waiting.status_code, "apply it first" in waiting.json()["detail"]) == (409, True)

    (triage,) = await read_clocks(interface, reference)
    assert [one["move"] for one in triage["segments"]] == ["start"]
    async with read_snapshot(interface.office.pool) as connection:
        count = await apply_law_change(interface.office, connection, UUID(change_id))
    assert count == found["would_move"]
    (triage,) = await read_clocks(interface, reference)
    assert [one["move"] for one in triage["segments"]] == ["start", "recalculate"]
    assert (triage["original_due_on"], triage["due_on"]) == ("2026-07-20", "2026-07-21")
    (change,) = (await interface.read("/law-changes")).json()["changes"]
    assert (change["state"], change["moved"]) == ("applied", count)


async def test_the_counts_are_of_all_petitions_however_many_are_listed(interface: Interface) -> None:
    await interface.receive()
    found = (await interface.ask("/law-changes/review?limit=0", {**FILE, "text": SATURDAY}, HEAD)).json()
    assert found["petitions"] == []
    assert found["would_move"] > 0


async def test_a_change_is_not_tried_on_views_that_are_being_built(interface: Interface) -> None:
    file = {**FILE, "text": SATURDAY}
    async with as_projector(interface.office) as connection:
        await connection.execute("ALTER TABLE kiennghi_views.overdue RENAME TO gone")
    try:
        for path, body in (("/law-changes/review", file), ("/law-changes", {**PROPOSE, **file})):
            answer = await interface.ask(path, body, ADMINISTRATOR)
            assert (answer.status_code, answer.json()["type"]) == (503, "urn:kiennghi:problem:view-behind")
    finally:
        async with as_projector(interface.office) as connection:
            await connection.execute("ALTER TABLE kiennghi_views.gone RENAME TO overdue")


@pytest.mark.parametrize(
    ("path", "body", "who", "status", "problem"),
    [
        ("/law-changes/review", FILE, CLERK, 403, "not-allowed"),
        ("/law-changes", PROPOSE, CLERK, 403, "not-allowed"),
        ("/law-changes/01980a6e-1111-7000-8000-00000000000f/approve", APPROVE, ADMINISTRATOR, 403, "not-allowed"),
        ("/law-changes/01980a6e-1111-7000-8000-00000000000f/approve", APPROVE, HEAD, 404, "not-found"),
        ("/law-changes/1/approve", APPROVE, HEAD, 422, "invalid"),
        ("/law-changes", {**PROPOSE, "text": "version = 1"}, HEAD, 409, "refused"),
        ("/law-changes", {**PROPOSE, "text": ""}, HEAD, 422, "invalid"),
        ("/law-changes", {**PROPOSE, "subject": "rules"}, HEAD, 422, "invalid"),
        ("/law-changes", {**PROPOSE, "approved_by": "chu-tich"}, HEAD, 422, "invalid"),
        ("/law-changes", {**PROPOSE, "text": "x" * 200_000}, HEAD, 413, "too-large"),
    ],
)
async def test_what_cannot_be_done_is_answered_with_a_problem(
    interface: Interface, path: str, body: dict[str, Any], who: dict[str, str], status: int, problem: str
) -> None:
    answer = await interface.ask(path, body, who)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:kiennghi:problem:{problem}")


async def test_nobody_reads_a_change_that_there_is_not_or_without_a_token(interface: Interface) -> None:
    assert (await interface.read(f"/law-changes/{uuid4()}")).status_code == 404
    assert (await interface.client.get("/law-changes")).status_code == 401


async def test_the_ledger_is_given_to_read_where_text_is_asked_for(interface: Interface) -> None:
    reference = (await interface.receive())["reference"]
    text = await interface.read(f"/petitions/{reference}/ledger?lang=en&on=2026-08-20", {"Accept": "text/plain"})
    assert text.headers["content-type"].startswith("text/plain")
    assert text.text.startswith("Clock: triage — due")
    (triage,) = await read_clocks(interface, reference)
    assert triage["days"]["calendar_days"] == sum(share["calendar_days"] for share in triage["held"]) == 14
    assert triage["segments"][0]["policy"] == "triage@1"
    assert (await interface.read("/petitions/TD-1999-000001/ledger")).status_code == 404
