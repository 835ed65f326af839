"""Alerts over HTTP: the list, the officer who takes note, and the file of the petition."""

from datetime import date, datetime

import pytest

from service.alerts.compose_messages import compose_due_messages
from service.alerts.ladder import national_ladder
from service.alerts.raise_due import raise_due_alerts
from service.alerts.trusted_clock import ClockReading
from tests.service.api.interface import UNIT, Interface

pytestmark = pytest.mark.anyio

TODAY = date(2026, 7, 8)


@pytest.fixture(scope="module")
async def warned_petitions(interface: Interface) -> list[str]:
    """Return two petitions of which the triage ends tomorrow; the head of their unit was notified."""
    taking = {"office": "head", "officer": "tp-vidu", "position": "Trưởng phòng", "occurred_on": "2024-01-01"}
    assert (await interface.ask(f"/units/{UNIT}/offices/take", taking)).status_code in (200, 201)
    found = [(await interface.receive(occurred_on="2026-06-25"))["reference"] for _ in range(2)]
    assert await interface.runner.wait_until_current(5)
    await raise_due_alerts(interface.office, national_ladder(), TODAY)
    assert await interface.runner.wait_until_current(5)
    morning = datetime(2026, 7, 8, 9, tzinfo=interface.office.settings.zone)
    assert await compose_due_messages(interface.office, national_ladder(), ClockReading(morning, TODAY)) == 1
    assert await interface.runner.wait_until_current(5)
    return found


async def test_the_list_says_what_was_raised_for_whom_and_who_was_told(
    interface: Interface, warned_petitions: list[str]
) -> None:
    found = (await interface.read("/alerts")).json()["alerts"]
    of_first = {one["step"]: one for one in found if one["reference"] == warned_petitions[0]}
    assert of_first.keys() == {"five-days-before", "two-days-before"}
    item = of_first["two-days-before"]
    assert (item["clock"], item["due_on"], item["fell_due_on"]) == ("triage", "2026-07-09", "2026-07-07")
    assert (item["roles"], item["told"], item["is_live"]) == (["officer", "head"], ["tp-vidu"], True)
    assert "summary" not in item
    assert (await interface.read("/alerts?unit=none")).json() == {"alerts": [], "next": None}
    assert (await interface.read("/alerts?unit=khong-co")).status_code == 422


async def test_pages_of_the_list_follow_each_other(interface: Interface, warned_petitions: list[str]) -> None:
    seen, cursor = [], ""
    while True:
        page = (await interface.read(f"/alerts?limit=1{cursor}")).json()
        seen += [(one["reference"], one["step"]) for one in page["alerts"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == len(set(seen)) == 4
    assert {reference for reference, _ in seen} == set(warned_petitions)


@pytest.mark.parametrize("cursor", ["x", "AAAA", "%00", "_" * 27, "A" * 401, "MjAyNi0wNy0wOCB4IHk"])
async def test_a_cursor_that_was_not_given_out_breaks_nothing(interface: Interface, cursor: str) -> None:
    assert (await interface.read(f"/alerts?cursor={cursor}")).status_code == 422


async def test_who_was_warned_and_who_took_note_is_in_the_file(
    interface: Interface, warned_petitions: list[str]
) -> None:
    reference = warned_petitions[1]
    etag = (await interface.read(f"/petitions/{reference}")).headers["etag"]
    note = {"occurred_on": "2026-07-08", "clock": "triage", "due_on": "2026-07-09", "step": "two-days-before"}
    path = f"/petitions/{reference}/acknowledge-alert"
    assert (await interface.ask(path, note, {"If-Match": etag})).status_code == 200
    again = await interface.ask(path, note, {"If-Match": '"4"'})
    assert again.status_code == 409
    assert "no alert of this petition waits to be acknowledged" in again.json()["detail"]

    text = (await interface.read(f"/petitions/{reference}/history?lang=en", {"Accept": "text/plain"})).text
    assert "Alert raised" in text
    assert "told: tp-vidu, head of the unit, e-mail; waiting since" in text
    assert "Alert acknowledged" in text
    events = (await interface.read(f"/petitions/{reference}/history")).json()
    raised = next(event for event in events if event["event"] == "AlertRaised")
    assert [(one["addressee"], one["state"]) for one in raised["told"]] == [
        ("tp-vidu", "waiting"),
        ("tp-vidu", "waiting"),
    ], "as the head, and in the place of an officer who is not named yet"
    assert raised["recorded_by"] == "kiennghi"
    found = (await interface.read("/alerts?unacknowledged=true")).json()["alerts"]
    assert {one["reference"] for one in found} == {warned_petitions[0]}


async def test_an_alert_of_the_morning_turns_no_officer_down_who_read_the_petition_before(
    interface: Interface, warned_petitions: list[str]
) -> None:
    path = f"/petitions/{warned_petitions[0]}"
    assert (await interface.read(path)).json()["version"] == 3  # two alerts since the receipt
    acknowledged = {"occurred_on": "2026-07-08", "document_no": "12/TB"}
    assert (await interface.ask(f"{path}/acknowledge-receipt", acknowledged, {"If-Match": '"1"'})).status_code == 200
    answer = await interface.ask(f"{path}/acknowledge-receipt", acknowledged, {"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["current_version"]) == (412, 4)
