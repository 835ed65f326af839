"""Tests that officers put the record right over HTTP: fields, identities, endings, meetings; two act, all is shown."""

from typing import Any
from uuid import uuid4

import pytest

from domain.actor import Role
from projections.labels.events import PROTECTED_TEXT
from tests.service.api.interface import UNIT, Interface, bearer

pytestmark = pytest.mark.anyio

CORRECTOR = bearer(Role.CORRECTOR, officer="cb-de-nghi")
APPROVER = bearer(Role.APPROVER, officer="cb-duyet")
CUSTODIAN = bearer(Role.CUSTODIAN, officer="cb-luu-tru")
PERSON = {"name": "Nguyễn Thị Ví Dụ", "address": "Thôn Mẫu", "phone": "0900000000"}
DAY = {"occurred_on": "2026-07-08"}


async def act(
    interface: Interface, reference: str, name: str, body: dict[str, Any], by: dict[str, str] | None = None
) -> int:
    """Send a command on the present version of a petition, and return the status of the answer."""
    etag = (await interface.read(f"/petitions/{reference}")).headers["etag"]
    answer = await interface.ask(f"/petitions/{reference}/{name}", {**DAY, **body}, {**(by or {}), "If-Match": etag})
    return answer.status_code


async def test_what_can_be_corrected_is_listed_and_put_right_by_two_officers(interface: Interface) -> None:
    reference = (await interface.receive(petitioners=[PERSON], place="Thôn Sai", occurred_on="2026-07-06"))["reference"]
    listed = await interface.read(f"/petitions/{reference}/correctable-fields")
    fields = {one["path"] or f"person {one['person']}": one for one in listed.json()}
    assert (fields["place"]["version"], fields["place"]["words"], fields["place"]["value"]) == (
        1,
        "địa điểm",
        "Thôn Sai",
    )
    assert (fields["occurred_on"]["value"], fields["person_count"]["value"]) == ("2026-07-06", None)
    assert fields["person 1"]["is_sealed"]
    assert PERSON["name"] not in listed.text

    body = {
        "why": "gõ nhầm",
        "fields": [{"version": 1, "path": "place", "becomes": "Thôn Mẫu"}],
        "persons": [{"version": 1, "number": 1, "name": "Nguyễn Thị Ví Dù"}],
    }
    assert await act(interface, reference, "propose-correction", body, CORRECTOR) == 200
    pending = (await interface.read("/proposals")).json()["proposals"]
    (waits,) = [one for one in pending if one["reference"] == reference]
    assert (waits["version"], waits["event"], waits["proposed_by"]) == (2, "CorrectionProposed", "cb-de-nghi")
    own = bearer(Role.APPROVER, officer="cb-de-nghi")
    assert await act(interface, reference, "approve-correction", {}, own) == 409
    assert await act(interface, reference, "approve-correction", {}, APPROVER) == 200

    assert (await interface.read(f"/petitions/{reference}")).json()["place"] == "Thôn Mẫu"
    shown = await interface.client.get(
        f"/petitions/{reference}/petitioners?purpose=x&all_versions=true", headers=CUSTODIAN
    )
    said = {one["version"]: (one["name"], one["address"]) for one in shown.json()}
    assert said == {"former": ("Nguyễn Thị Ví Dụ", "Thôn Mẫu"), None: ("Nguyễn Thị Ví Dù", "Thôn Mẫu")}
    (right,) = (await interface.client.get(f"/petitions/{reference}/petitioners?purpose=x", headers=CUSTODIAN)).json()
    assert right["name"] == "Nguyễn Thị Ví Dù"
    told = (await interface.read(f"/petitions/{reference}/history", {"Accept": "text/plain"})).text
    assert "việc số 1, người thứ 1: họ và tên" in told
    assert "Thôn Sai → Thôn Mẫu" in told
    assert "Ví D" not in told
    assert not [
        one for one in (await interface.read("/proposals")).json()["proposals"] if one["reference"] == reference
    ]


async def test_an_ending_is_reversed_by_two_officers_and_the_clocks_come_back(interface: Interface) -> None:
    reference = (await interface.receive())["reference"]
    before = (await interface.read(f"/petitions/{reference}")).json()
    ending = {"reason": "ghi nhầm số"}
    assert await act(interface, reference, "cancel-registration", ending) == 200
    assert await act(interface, reference, "propose-reversal", {"version": 2, "why": "nhầm đơn"}, CORRECTOR) == 200
    assert await act(interface, reference, "approve-reversal", {}, APPROVER) == 200
    after = (await interface.read(f"/petitions/{reference}")).json()
    assert (after["stage"], after["clocks"]) == (before["stage"], before["clocks"])
    events = [one["event"] for one in (await interface.read(f"/petitions/{reference}/history")).json()]
    assert events[1:] == ["RegistrationCancelled", "ReversalProposed", "EndingReversed"]


async def test_texts_of_a_protected_petition_are_hidden_from_whom_its_file_hides_them(interface: Interface) -> None:
    reference = (await interface.receive(kind="denunciation", summary="Người viết ở thôn Mẫu"))["reference"]
    assert await act(interface, reference, "classify-petition", {"kind": "denunciation"}) == 200
    for who, is_shown in ((bearer(Role.INSPECTOR), False), (bearer(Role.CLASSIFIER), True)):
        listed = await interface.read(f"/petitions/{reference}/correctable-fields", who)
        (summary,) = [one for one in listed.json() if one["path"] == "summary"]
        assert (summary["is_sealed"], summary["value"] != PROTECTED_TEXT) == (not is_shown, is_shown)
        assert ("thôn Mẫu" in listed.text) == is_shown


async def test_a_meeting_is_corrected_and_withdrawn_by_two_officers(interface: Interface) -> None:
    meeting = str(uuid4())
    body = {
        **DAY,
        "occurred_on": "2026-07-07",
        "meeting_id": meeting,
        "kind": "reception_day",
        "reception": "regular",
        "level": "commune",
        "organiser": UNIT,
        "title": "Tiếp công dân",
        "chair": "cb-vidu",
        "chair_position": "Trưởng phòng",
        "attendance": 3,
    }
    entered = await interface.ask("/meetings", body)
    assert entered.status_code == 201, entered.text
    acts = (
        ("propose-meeting-correction", {"corrections": [{"path": "attendance", "becomes": 5}], "why": "đếm nhầm"}),
        ("approve-meeting-correction", {"proposal": 2}),
        ("propose-meeting-withdrawal", {"why": "nhập hai lần"}),
        ("approve-meeting-withdrawal", {"proposal": 4}),
    )
    for name, said in acts:
        path = f"/meetings/{meeting}/{name}"
        if name.startswith("approve"):
            waits = [one["stream"] for one in (await interface.read("/proposals")).json()["proposals"]]
            assert meeting in waits
            assert (await interface.ask(path, {**DAY, **said}, bearer(officer="cb-de-nghi"))).status_code == 409
        by = bearer(officer="cb-duyet" if name.startswith("approve") else "cb-de-nghi")
        answer = await interface.ask(path, {**DAY, **said}, by)
        assert answer.status_code == 200, answer.text
        if name == "approve-meeting-correction":
            assert '"was":"3","becomes":"5"' in (await interface.read(f"/meetings/{meeting}")).text
    assert (await interface.read(f"/meetings/{meeting}")).json()["stage"] == "withdrawn"
