"""Checks duties over HTTP: what is owed stands in the petition, and is done under the name of its act."""

import pytest

from tests.service.api.interface import Interface

pytestmark = pytest.mark.anyio

RECEIPT = {"occurred_on": "2026-07-06", "channel": "referred_by_press", "kind": "denunciation", "summary": "Tố cáo"}
REPLY = {"occurred_on": "2026-07-08", "document_no": "71/TB-UBND"}


async def test_what_is_owed_is_told_until_it_is_done(interface: Interface) -> None:
    entered = (await interface.ask("/petitions", RECEIPT)).json()
    address = f"/petitions/{entered['reference']}"
    (owed,) = (await interface.read(address)).json()["duties"]
    assert (owed["clock"], owed["started_on"], owed["due_on"]) == ("referral_reply", "2026-07-06", "2026-07-27")
    assert owed["legal_source"]

    done = await interface.ask(f"{address}/reply-to-referrer", REPLY, {"If-Match": '"1"'})
    assert done.status_code == 200, done.text
    assert (await interface.read(address)).json()["duties"] == []
    clocks = (await interface.read(f"{address}/deadlines")).json()
    (run,) = [one for one in clocks if one["clock"] == "referral_reply"]
    assert (run["stopped_on"], run["stopped_by"], run["is_running"]) == ("2026-07-08", "DutyPerformed", False)

    again = await interface.ask(f"{address}/reply-to-referrer", REPLY, {"If-Match": '"2"'})
    assert (again.status_code, again.json()["code"]) == (409, "not_owed")
