"""Second complaints and further denunciations over HTTP, from the receipt to the clock that runs in the end."""

from datetime import date
from typing import Any

import pytest

from tests.service.api.interface import Interface
from tests.service.api.routes.test_petitions import ASSIGN

pytestmark = pytest.mark.anyio

UNIT_ABOVE = "ubnd-tinh-vi-du"


async def act(interface: Interface, reference: str, command: str, on: date, **values: Any) -> dict[str, Any]:
    """Send a command on its day, on the present version, and return the answer with its status."""
    version = (await interface.read(f"/petitions/{reference}")).json()["version"]
    with interface.clock.on(on):
        answer = await interface.ask(
            f"/petitions/{reference}/{command}",
            {"occurred_on": on.isoformat(), **values},
            {"If-Match": f'"{version}"'},
        )
    return {"status": answer.status_code, **answer.json()}


async def clocks_of(interface: Interface, reference: str) -> dict[str, dict[str, Any]]:
    """Return the running clocks with the law behind their dates."""
    answer = await interface.read(f"/petitions/{reference}/deadlines")
    return {clock["clock"]: clock for clock in answer.json() if clock["is_running"]}


async def accept(interface: Interface, reference: str, kind: str, on: date) -> None:
    assert (await act(interface, reference, "classify-petition", on, kind=kind))["status"] == 200
    assert (await act(interface, reference, "accept-petition", on, document_no="1/TB"))["status"] == 200


async def settled_first(interface: Interface, kind: str, *, remote: bool = False) -> str:
    """Return the number of a petition that was answered on 20 May, told on 22 May and closed on 25 May 2026."""
    unit = {"unit": UNIT_ABOVE, "name": "Ủy ban nhân dân tỉnh (ví dụ)", "occurred_on": "2020-01-01"}
    assert (await interface.ask("/units", unit)).status_code in {201, 409}
    received = await interface.receive(occurred_on="2026-05-04", kind=kind, is_remote_area=remote)
    reference = str(received["reference"])
    await accept(interface, reference, kind, date(2026, 5, 6))
    changes = {"occurred_on": "2026-05-07", "due_on": "2026-05-29", "notice_on": "2026-05-07"}
    assigned = {**ASSIGN, **changes}
    on = date.fromisoformat(assigned.pop("occurred_on"))
    for command, day, values in (
        ("assign-petition", on, assigned),
        ("start-work", date(2026, 5, 8), {}),
        (
            "answer-in-writing",
            date(2026, 5, 20),
            {
                "document_no": "5/QĐ",
                "signed_by": "gd",
                "signer_position": "Giám đốc",
                "result": "right",
                "answer": "như sau",
            },
        ),
        ("notify-citizen", date(2026, 5, 22), {"how": "post"}),
        ("close-petition", date(2026, 5, 25), {"reason": "đã giải quyết"}),
    ):
        answer = await act(interface, reference, command, day, **values)
        assert answer["status"] == 200, answer
    return reference


async def test_a_second_complaint_settled_first_elsewhere_has_the_limit_of_the_second(interface: Interface) -> None:
    decision = {
        "body": "Chủ tịch UBND xã Mẫu",
        "document_no": "12/QĐ-UBND",
        "decided_on": "2026-05-11",
        "received_on": "2026-05-15",
    }
    received = await interface.receive(
        occurred_on="2026-06-01", kind="complaint", instance="second", earlier_decision=decision
    )
    reference = str(received["reference"])
    await accept(interface, reference, "complaint", date(2026, 6, 3))
    settlement = (await clocks_of(interface, reference))["settlement"]
    assert (settlement["due_on"], settlement["rule"]) == ("2026-07-20", "complaint-second-settlement@1")
    assert settlement["text"].startswith("Thời hạn giải quyết khiếu nại lần hai (đang tính)")
    ledger = (await interface.read(f"/petitions/{reference}/ledger")).json()
    assert [clock["title"] for clock in ledger if clock["is_running"]] == ["giải quyết khiếu nại lần hai"]


@pytest.mark.parametrize(
    ("remote", "last_day", "too_late", "due_on"),
    [
        (False, date(2026, 6, 22), date(2026, 6, 23), "2026-08-06"),  # 30 days end on a Sunday
        (True, date(2026, 7, 6), date(2026, 7, 7), "2026-09-04"),
    ],
)
async def test_a_closed_complaint_may_be_complained_about_again_within_the_window(
    interface: Interface, remote: bool, last_day: date, too_late: date, due_on: str
) -> None:
    reference = await settled_first(interface, "complaint", remote=remote)
    refused = await act(interface, reference, "lodge-second-complaint", too_late, to_unit=UNIT_ABOVE)
    assert (refused["status"], refused["code"]) == (409, "second_complaint_too_late")
    assert refused["values"]["from_day"] == "2026-05-22"
    assert refused["values"]["last_day"] == last_day.isoformat()
    lodged = await act(interface, reference, "lodge-second-complaint", last_day, to_unit=UNIT_ABOVE)
    assert lodged["status"] == 200, lodged
    (above,) = lodged["opened"]
    await accept(interface, above, "complaint", last_day)
    settlement = (await clocks_of(interface, above))["settlement"]
    assert settlement["rule"] == f"complaint-second-settlement{'-remote' if remote else ''}@1"
    assert settlement["due_on"] == due_on


@pytest.mark.parametrize("is_settled_again", [True, False])
async def test_a_further_denunciation_is_reviewed_and_settled_again_or_not(
    interface: Interface, is_settled_again: bool
) -> None:
    reference = await settled_first(interface, "denunciation")
    lodged = await act(interface, reference, "lodge-further-denunciation", date(2026, 6, 1), to_unit=UNIT_ABOVE)
    assert lodged["status"] == 200, lodged
    (above,) = lodged["opened"]
    clocks = await clocks_of(interface, above)
    assert {clock: one["due_on"] for clock, one in clocks.items()} == {"further_review": "2026-06-22"}
    assert clocks["further_review"]["text"].startswith("Thời hạn xem xét tố cáo tiếp (đang tính)")
    if is_settled_again:
        await accept(interface, above, "denunciation", date(2026, 6, 10))
        assert (await clocks_of(interface, above))["settlement"]["due_on"] == "2026-07-10"
        return
    assert (await act(interface, above, "classify-petition", date(2026, 6, 10), kind="denunciation"))["status"] == 200
    told = {"document_no": "9/TB", "ground": "không có căn cứ giải quyết lại"}
    assert (await act(interface, above, "refuse-acceptance", date(2026, 6, 12), **told))["status"] == 200
    petition = (await interface.read(f"/petitions/{above}")).json()
    assert petition["stage"] == "refused"
    assert await clocks_of(interface, above) == {}
