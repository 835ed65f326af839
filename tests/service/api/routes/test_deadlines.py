"""The time limits of a petition over HTTP."""

import pytest

from tests.service.api.interface import Interface
from tests.service.api.routes.test_petitions import ASSIGN, PERSON

pytestmark = pytest.mark.anyio


async def test_a_clock_is_explained_with_rule_source_calendar_and_days(interface: Interface) -> None:
    reference = (await interface.receive(kind="complaint", petitioners=[PERSON]))["reference"]
    answer = await interface.read(f"/petitions/{reference}/deadlines?days=true&lang=en")
    assert answer.status_code == 200
    assert answer.headers["content-language"] == "en"
    triage, acceptance = answer.json()
    assert (triage["clock"], triage["due_on"], triage["verified"]) == ("triage", "2026-07-20", False)
    assert (acceptance["clock"], acceptance["due_on"]) == ("acceptance", "2026-07-15")
    assert (acceptance["rule"], acceptance["calendar"]) == ("complaint-acceptance@2", "VN-2026.1")
    assert acceptance["source"].endswith("Điều 10 Nghị định số 155/2026/NĐ-CP")
    assert acceptance["days"][-1] == {
        "day": "2026-07-15",
        "counted": True,
        "n": 7,
        "why": "counted",
        "name": "",
        "provisional": False,
    }
    assert "Last day: Wed 15/07/2026, until midnight." in acceptance["text"]
    assert "Ví Dụ" not in answer.text


async def test_a_clock_that_stopped_stays_in_the_account(interface: Interface) -> None:
    reference = (await interface.receive(kind="proposal_or_feedback"))["reference"]
    etag = {"If-Match": '"1"'}
    body = {"occurred_on": "2026-07-06", "kind": "proposal_or_feedback"}
    assert (await interface.ask(f"/petitions/{reference}/classify-petition", body, etag)).status_code == 200
    etag = {"If-Match": '"2"'}
    assert (await interface.ask(f"/petitions/{reference}/assign-petition", ASSIGN, etag)).status_code == 200
    triage, head = (await interface.read(f"/petitions/{reference}/deadlines")).json()
    assert (triage["is_running"], triage["stopped_on"], triage["stopped_by"]) == (
        False,
        "2026-07-07",
        "PetitionAssigned",
    )
    assert (head["clock"], head["is_running"], head["rule"], head["days"]) == ("head", True, None, [])
    assert "Ngày do người có thẩm quyền ấn định" in head["text"]


async def test_a_petition_that_nobody_knows_has_no_time_limits(interface: Interface) -> None:
    assert (await interface.read("/petitions/TD-1999-000001/deadlines")).status_code == 404


async def test_a_wait_for_the_citizen_is_listed_and_explained(interface: Interface) -> None:
    received = await interface.receive()
    path = f"/petitions/{received['reference']}"
    asked = await interface.ask(
        f"{path}/request-supplement",
        {"occurred_on": "2026-07-07", "wanted": "bản sao quyết định"},
        {"If-Match": f'"{received["version"]}"'},
    )
    assert asked.status_code == 200, asked.text
    (triage,) = (await interface.read(f"{path}/deadlines")).json()
    assert triage["waits"] == [{"since_on": "2026-07-07", "until_on": None, "asked_for_on": None}]
    assert (triage["possible_on"], triage["possible_kinds"]) == ("2026-07-15", ["complaint", "denunciation"])
    assert "Chờ người gửi đơn bổ sung từ 07/07/2026. Thời hạn không dừng" in triage["text"]
    assert (await interface.read(path)).json()["waiting_since"] == "2026-07-07"
    waiting = await interface.read(
        f"/overdue?state=not_yet_due&state=due_soon&waiting=true&after={asked.json()['position']}"
    )
    (item,) = (one for one in waiting.json()["items"] if one["reference"] == received["reference"])
    assert (item["waiting_since"], item["possible_on"]) == ("2026-07-07", "2026-07-15")
