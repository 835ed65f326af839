"""The register of units and reorganisations over HTTP."""

from typing import Any
from uuid import uuid4

import pytest

from domain.actor import Role
from tests.service.api.interface import Interface, bearer
from tests.service.api.test_metrics import increase, read_metric_values

pytestmark = pytest.mark.anyio


async def open_new_unit(interface: Interface, parent: str | None = None) -> str:
    code = f"dv-{uuid4()}"
    body = {"unit": code, "name": "Phòng Mẫu", "occurred_on": "2020-01-01", "parent": parent, "branch": "department"}
    assert (await interface.ask("/units", body)).status_code == 201
    return code


async def ask_successfully(interface: Interface, path: str, **body: Any) -> Any:
    answer = await interface.ask(path, {"occurred_on": "2026-07-01", **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_is_entered_of_a_unit_stands_in_the_tree(interface: Interface) -> None:
    above, below = await open_new_unit(interface), await open_new_unit(interface)
    assert (await ask_successfully(interface, f"/units/{below}/place", parent=above, level="commune"))["version"] == 2
    await ask_successfully(interface, f"/units/{below}/rename", name="Phòng Đổi Tên", instrument="01/QĐ")
    await ask_successfully(
        interface, f"/units/{above}/offices/take", office="head", officer="lan", position="Trưởng phòng"
    )
    away = {"away_from": "2026-07-06", "away_until": "2026-07-10"}
    await ask_successfully(interface, f"/units/{above}/deputies/name", officer="lan", deputy="minh", **away)
    tree = {unit["unit"]: unit for unit in (await interface.read("/units/tree")).json()["units"]}
    assert (tree[below]["parent"], tree[below]["name"], tree[below]["level"]) == (above, "Phòng Đổi Tên", "commune")
    (head,) = tree[above]["offices"]
    assert (head["officer"], head["position"], head["stands_in"]) == ("lan", "Trưởng phòng", "minh")
    before = {unit["unit"]: unit for unit in (await interface.read("/units/tree?on=2026-06-30")).json()["units"]}
    assert (before[below]["parent"], before[below]["name"], before[above]["offices"]) == (None, "Phòng Mẫu", [])
    await ask_successfully(interface, f"/units/{above}/deputies/end", officer="lan", occurred_on="2026-07-07")
    await ask_successfully(
        interface, f"/units/{above}/offices/leave", office="head", officer="lan", occurred_on="2026-07-07"
    )
    await ask_successfully(interface, f"/units/{below}/succeed", successors=[above], instrument="02/QĐ")
    tree = {unit["unit"]: unit for unit in (await interface.read("/units/tree")).json()["units"]}
    assert (tree[above]["offices"], tree[above]["predecessors"], tree[below]["successors"]) == ([], [below], [above])


async def test_what_the_register_does_not_allow_is_told_in_words(interface: Interface) -> None:
    above = await open_new_unit(interface)
    below = await open_new_unit(interface, above)
    circle = await interface.ask(f"/units/{above}/place", {"occurred_on": "2026-07-01", "parent": below})
    assert (circle.status_code, "cannot stand in a circle" in circle.json()["detail"]) == (409, True)
    nobody = {"occurred_on": "2026-07-01", "office": "chair", "officer": "lan"}
    left = await interface.ask(f"/units/{below}/offices/leave", nobody)
    assert (left.status_code, left.json()["detail"]) == (
        409,
        f"nobody holds the office of chair of “{below}” on 2026-07-01",
    )
    forged = {"occurred_on": "2026-07-01", "successors": [above], "instrument": "x", "reorganisation_id": str(uuid4())}
    assert (await interface.ask(f"/units/{below}/succeed", forged)).status_code == 422
    named = {"occurred_on": "2026-07-01", "unit": above, "parent": above}
    assert (await interface.ask(f"/units/{below}/place", named)).status_code == 422
    stranger = await interface.ask(f"/units/{below}/place", {"occurred_on": "2026-07-01"}, bearer(Role.RECEIVER))
    assert stranger.status_code == 403


async def test_a_reorganisation_is_reviewed_proposed_approved_and_applied(interface: Interface) -> None:
    old, new = await open_new_unit(interface), await open_new_unit(interface)
    before = await read_metric_values(interface)
    receipts = [
        await interface.client.post(
            "/petitions",
            json={"occurred_on": "2026-06-08", "channel": "post", "summary": "Sửa đường"},
            headers={**bearer(unit=old), "Idempotency-Key": str(uuid4())},
        )
        for _ in range(3)
    ]
    assert {answer.status_code for answer in receipts} == {201}
    text = f'title = "Sáp nhập"\ninstrument = "52/NQ"\non = 2026-07-01\n[[move]]\nfrom = "{old}"\nto = ["{new}"]\n'
    reviewed = (await interface.ask("/reorganisations/review", {"text": text})).json()
    assert (reviewed["would_move"], reviewed["ways"]) == (3, [{"from_unit": old, "to_unit": new, "petitions": 3}])
    by, other = bearer(officer="mot"), bearer(officer="hai")
    body = {"occurred_on": "2026-07-08", "text": text}
    sent = {**by, "Idempotency-Key": "sap-nhap-1"}
    proposed = await interface.ask("/reorganisations", body, sent)
    assert proposed.status_code == 201, proposed.text
    again = await interface.ask("/reorganisations", body, sent)
    assert (again.json(), again.headers["idempotency-replayed"]) == (proposed.json(), "true")
    assert "idempotency-replayed" not in proposed.headers
    address = f"/reorganisations/{proposed.json()['reorganisation_id']}"
    assert proposed.headers["Location"] == address
    own = await interface.ask(f"{address}/approve", {}, by)
    assert (own.status_code, "of their own" in own.json()["detail"]) == (409, True)
    once = {**other, "Idempotency-Key": "sap-nhap-2"}
    for replayed in (None, "true"):
        approved = await interface.ask(f"{address}/approve", {}, once)
        assert approved.json() == {"handed_over": 0, "is_done": False}
        assert approved.headers.get("idempotency-replayed") == replayed
    after = await read_metric_values(interface)
    for command, came_to in (
        ("ProposeReorganisation", "recorded"),
        ("ProposeReorganisation", "replayed"),
        ("ApproveReorganisation", "refused"),
        ("ApproveReorganisation", "recorded"),
        ("ApproveReorganisation", "replayed"),
    ):
        assert increase(before, after, "kiennghi_commands_total", command=command, outcome=came_to) == 1
    for _ in range(2):
        assert (await interface.ask(f"{address}/apply", {}, other)).json() == {"handed_over": 3, "is_done": True}
    shown = (await interface.read("/reorganisations")).json()["reorganisations"][-1]
    assert (shown["proposed_by"], shown["approved_by"], shown["handed_over"]) == ("mot", "hai", 3)
    position = await interface.office.histories.last_position()
    table = (await interface.read(f"/units/inherited?unit={new}&after={position}")).json()["inherited"]
    assert [(line["petitions"], line["late_before"], line["overdue_since"]) for line in table] == [(3, 3, 0)]
    first = (await interface.read(f"/units/{new}/inherited?limit=2&after={position}")).json()
    rest = (await interface.read(f"/units/{new}/inherited?limit=2&cursor={first['next']}")).json()
    assert (len(first["petitions"]), len(rest["petitions"]), rest["next"]) == (2, 1, None)
    assert {one["from_unit"] for page in (first, rest) for one in page["petitions"]} == {old}
    assert len({one["petition_id"] for page in (first, rest) for one in page["petitions"]}) == 3
    assert (await interface.read(f"/units/{new}/inherited?limit=3")).json()["next"] is None
    assert (await interface.read(f"/units/{new}/inherited?cursor={uuid4()}")).status_code == 422
    ask = f"/units?by=successor&after={position}"
    lines = {line["unit"]: line for line in (await interface.read(ask)).json()["units"]}
    assert (old in lines, lines[new]["received"], lines[new]["open"]) == (False, 3, 3)
    then = (await interface.read("/units?by=successor&on=2026-06-30")).json()["units"]
    assert {line["unit"]: line["received"] for line in then}[new] == 3
    month = await interface.read("/units?by=successor&from=2026-06-01&to=2026-06-30")
    assert {line["unit"]: line["received"] for line in month.json()["units"]}[new] == 3
    assert (await interface.read("/units?by=successor&on=2026-06-30&from=2026-06-01&to=2026-06-30")).status_code == 422


async def test_a_file_that_cannot_be_is_refused(interface: Interface) -> None:
    answer = await interface.ask("/reorganisations/review", {"text": 'title = "x"'})
    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "the file: instrument is missing; on is missing; move is missing",
    )
    stranger = await interface.ask("/reorganisations/review", {"text": "x"}, bearer(Role.RECEIVER))
    assert stranger.status_code == 403
    nobody = await interface.ask(f"/reorganisations/{uuid4()}/apply", {})
    assert (nobody.status_code, nobody.json()["detail"]) == (409, "there is no such reorganisation")


async def test_who_may_only_approve_a_reorganisation_sees_its_review_with_as_many_petitions_as_asked_for(
    interface: Interface,
) -> None:
    old, new = await open_new_unit(interface), await open_new_unit(interface)
    for _ in range(2):
        body = {"occurred_on": "2026-06-08", "channel": "post", "summary": "Sửa đường"}
        assert (await interface.ask("/petitions", body, bearer(unit=old))).status_code == 201
    text = f'title = "Sáp nhập"\ninstrument = "52/NQ"\non = 2026-07-01\n[[move]]\nfrom = "{old}"\nto = ["{new}"]\n'
    answer = await interface.ask("/reorganisations/review?limit=1", {"text": text}, bearer(Role.APPROVER))
    assert (answer.status_code, len(answer.json()["petitions"]), answer.json()["would_move"]) == (200, 1, 2)
