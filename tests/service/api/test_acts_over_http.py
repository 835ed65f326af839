"""Lives over HTTP: a mass complaint with its mandate, an urged lower body, a proposed reminder, a court's ruling."""

from datetime import date
from typing import Any

import psycopg
import pytest

from domain.actor import Role
from service.alerts.ladder import national_ladder
from service.alerts.raise_due import raise_due_alerts
from tests.service.api.interface import UNIT, Interface, bearer

pytestmark = pytest.mark.anyio

CANARIES = ("Người Đại Diện Thử", "Người Rút Thử", "Luật Sư Thử")


class Letter:
    """Sends the commands on one petition, one after the other."""

    def __init__(self, interface: Interface, reference: str) -> None:
        self.interface = interface
        self.path = f"/petitions/{reference}"

    @classmethod
    async def received(cls, interface: Interface, kind: str, **fields: Any) -> "Letter":
        return cls(interface, (await interface.receive(kind=kind, **fields))["reference"])

    async def send(self, command: str, **body: Any) -> Any:
        etag = (await self.interface.read(self.path)).headers["etag"]
        body = {"occurred_on": "2026-07-07", **body}
        return await self.interface.ask(f"{self.path}/{command}", body, {"If-Match": etag})

    async def do(self, command: str, **body: Any) -> None:
        answer = await self.send(command, **body)
        assert answer.status_code == 200, answer.text

    async def refused(self, command: str, **body: Any) -> str:
        answer = await self.send(command, **body)
        assert answer.status_code == 409, answer.text
        assert all(answer.json()["says"][language] for language in ("vi", "en"))
        return str(answer.json()["code"])

    async def state(self) -> dict[str, Any]:
        return dict((await self.interface.read(self.path)).json())

    async def assign(self, due_on: str = "2026-07-31") -> None:
        await self.do(
            "assign-petition",
            lead_unit=UNIT,
            responsible_officer="cb-vidu",
            responsible_position="Chuyên viên",
            task_summary="Giải quyết",
            due_on=due_on,
            expected_output="Quyết định",
            accountable_head="tp-vidu",
            notice_no="1/TB",
            notice_on="2026-07-07",
        )


async def test_a_mass_complaint_is_accepted_with_its_mandate_and_loses_a_person(interface: Interface) -> None:
    letter = await Letter.received(interface, "complaint", person_count=30)
    await letter.do("classify-petition", kind="complaint")
    assert await letter.refused("accept-petition", document_no="2/TB") == "complaint_needs_mandate"
    named = [{"name": CANARIES[0], "address": "Thôn Thử"}]
    await letter.do("record-mandate", document_on="2026-07-01", signatures=29, persons=named, scope="trình bày")
    assert await letter.refused("accept-petition", document_no="2/TB") == "signatures_are_missing"
    await letter.do("withdraw-signatory", persons=[{"name": CANARIES[1]}], form="letter", coercion_checked=True)
    lawyer = [{"name": CANARIES[2]}]
    await letter.do("record-proxy", persons=lawyer, is_lawyer=True, document_on="2026-07-01", scope="đối thoại")
    await letter.do("accept-petition", document_no="2/TB")
    state = await letter.state()
    assert (state["person_count"], state["standing_count"], state["mandate"]["signatures"]) == (30, 29, 29)
    asked = await interface.read(f"{letter.path}/petitioners?purpose=thu", bearer(Role.CUSTODIAN, officer="giu-khoa"))
    shown = {one["petitioner_ref"]: one["name"] for one in asked.json()}
    assert sorted(shown.values()) == sorted(CANARIES)
    assert shown[state["representatives"][0]] == CANARIES[0]
    text = (await interface.read(f"{letter.path}/history?lang=vi", {"Accept": "text/plain"})).text
    assert "Ghi nhận văn bản cử người đại diện" in text
    with psycopg.connect(interface.dsn) as connection:
        bodies = connection.execute("SELECT to_jsonb(l)::text FROM kiennghi.readable_log AS l").fetchall()
        marks = connection.execute(
            "SELECT count(*) FROM kiennghi_vault.identity_keys WHERE name_mark IS NULL"
        ).fetchone()
    everything = text + "".join(row[0] for row in bodies)
    assert not [name for name in CANARIES if name in everything]
    assert marks == (1,), "a lawyer is not found as the sender of a letter"


async def test_the_persons_of_a_stage_above_are_those_of_the_letter_and_its_own(interface: Interface) -> None:
    letter = await Letter.received(interface, "complaint", person_count=6, petitioners=[{"name": CANARIES[0]}])
    split = await letter.send("split-petition", matters=[{"summary": "một", "kind": "complaint"}, {"summary": "hai"}])
    matter = Letter(interface, split.json()["opened"][0])
    await matter.do("record-mandate", document_on="2026-07-01", signatures=6, persons=[{"name": CANARIES[1]}])
    asked = await interface.read(f"{matter.path}/petitioners?purpose=thu", bearer(Role.CUSTODIAN))
    assert {one["name"] for one in asked.json()} == {CANARIES[0], CANARIES[1]}


async def test_the_competent_lower_body_is_urged_and_replies(interface: Interface) -> None:
    letter = await Letter.received(interface, "denunciation")
    urge = {"to_body": "Ủy ban nhân dân xã Ngoài", "document_no": "3/UBND", "reply_by": "2026-07-24"}
    await letter.do("classify-petition", kind="denunciation")
    assert await letter.refused("urge-competent-unit", **urge) == "not_of_a_subordinate"
    await letter.do("classify-petition", kind="denunciation", competence="subordinate", reason="đọc lại")
    assert await letter.refused("urge-competent-unit", **urge, limit_ended_on="2026-07-20") == "lower_body_has_time"
    await letter.do("urge-competent-unit", **urge, limit_ended_on="2026-07-01")
    state = await letter.state()
    assert (state["stage"], state["is_open"], state["clocks"]) == ("urged_below", False, [])
    await letter.do("notify-citizen", how="bưu điện")
    await letter.do("record-transfer-reply", result="đã giải quyết", is_accepted=True)
    text = (await interface.read(f"{letter.path}/history?lang=vi", {"Accept": "text/plain"})).text
    assert "Đôn đốc, yêu cầu cơ quan có thẩm quyền cấp dưới giải quyết" in text


async def test_a_reminder_is_proposed_by_the_ladder_and_issued_by_an_officer(interface: Interface) -> None:
    letter = await Letter.received(interface, "proposal_or_feedback", occurred_on="2026-07-01")
    await letter.do("classify-petition", kind="proposal_or_feedback", occurred_on="2026-07-01")
    await letter.do(
        "assign-petition",
        occurred_on="2026-07-01",
        lead_unit=UNIT,
        responsible_officer="cb-vidu",
        responsible_position="Chuyên viên",
        task_summary="Trả lời",
        due_on="2026-07-03",
        expected_output="Văn bản",
        accountable_head="tp-vidu",
        notice_no="1/TB",
        notice_on="2026-07-01",
    )
    assert await interface.runner.wait_until_current(5)
    await raise_due_alerts(interface.office, national_ladder(), date(2026, 7, 8))
    assert await interface.runner.wait_until_current(5)
    reference = (await letter.state())["reference"]
    waiting = (await interface.read("/alerts?awaiting_reminder=true")).json()["alerts"]
    assert [(one["reference"], one["step"]) for one in waiting] == [(reference, "day-after")]
    assert (await letter.state())["reminders"] == 0
    missing = await letter.send("remind-unit", asked_for_on="2026-07-15")
    assert missing.status_code == 422, "a reminder has the number of its document"
    await letter.do("remind-unit", document_no="42/UBND", asked_for_on="2026-07-15")
    assert await interface.runner.wait_until_current(5)
    assert (await interface.read("/alerts?awaiting_reminder=true")).json()["alerts"] == []
    assert (await letter.state())["reminders"] == 1
    text = (await interface.read(f"{letter.path}/history?lang=vi", {"Accept": "text/plain"})).text
    assert "Hệ thống nhắc việc: đề nghị đôn đốc" in text


async def test_a_ruling_that_annuls_the_decision_lets_the_office_decide_again(interface: Interface) -> None:
    letter = await Letter.received(interface, "complaint")
    await letter.do("classify-petition", kind="complaint")
    await letter.do("accept-petition", document_no="2/TB")
    await letter.assign()
    await letter.do(
        "answer-in-writing",
        document_no="4/QĐ",
        signed_by="ct",
        signer_position="Chủ tịch",
        answer="bác",
        result="wrong",
    )
    ruling = {"court": "Tòa án Thử", "ruling_no": "7/HC-ST", "outcome": "annulled", "force": "appealed"}
    assert await letter.refused("record-court-ruling", **ruling) == "no_lawsuit"
    await letter.do("file-lawsuit", court="Tòa án Thử")
    assert await letter.refused("reopen-petition", reason="theo bản án") == "court_has_not_ruled"
    await letter.do("record-court-ruling", **ruling)
    assert await letter.refused("reopen-petition", reason="theo bản án") == "ruling_not_in_force"
    await letter.do("record-court-ruling", **{**ruling, "force": "in_force"})
    assert (await letter.state())["court_ruling"]["outcome"] == "annulled"
    await letter.do("reopen-petition", reason="theo bản án")
    state = await letter.state()
    assert (state["stage"], state["round"]) == ("in_progress", 2)
    text = (await interface.read(f"{letter.path}/history?lang=vi", {"Accept": "text/plain"})).text
    assert "hủy toàn bộ quyết định" in text
    assert "số bản án, quyết định của Tòa án: 7/HC-ST" in text


async def test_an_act_dated_back_over_a_due_date_is_refused_alone_and_in_a_batch_and_has_a_way_by_two_officers(
    interface: Interface,
) -> None:
    letter = await Letter.received(interface, "proposal_or_feedback", occurred_on="2026-06-01")
    await letter.do("classify-petition", occurred_on="2026-06-02", kind="proposal_or_feedback", competence="other_body")
    body = {"occurred_on": "2026-06-08", "competent_body": "Tòa án nhân dân khu vực (ví dụ)"}
    alone = await letter.send("guide-citizen", **body)
    command = {"command": "guide-citizen", "key": "dated-back", "petition": letter.path.rpartition("/")[2]}
    batch = {"commands": [{**command, "version": 2, "body": body}]}
    together = (await interface.client.post("/commands", json=batch, headers=bearer())).json()["answers"][0]["problem"]
    assert (alone.status_code, together["status"]) == (409, 409)
    for problem in (alone.json(), together):
        assert problem["code"] == "dated_back_over_due_date"
        assert problem["values"] == {"on": "2026-06-08", "due_on": "2026-06-15"}
        assert "đề nghị đính chính ngày của việc" in problem["instead"]["vi"]
        assert "propose the correction of its day" in problem["instead"]["en"]
    await letter.do("guide-citizen", **body | {"occurred_on": "2026-07-08"})
    field = {"version": 3, "path": "occurred_on", "becomes": "2026-06-08"}
    await letter.do("propose-correction", occurred_on="2026-07-08", fields=[field], why="nhập muộn, sổ ghi 08/06")
    assert await letter.refused("approve-correction", occurred_on="2026-07-08") == "own_correction"
    path, etag = f"{letter.path}/approve-correction", (await interface.read(letter.path)).headers["etag"]
    second = bearer(Role.APPROVER, officer="pct-vidu")
    answer = await interface.ask(path, {"occurred_on": "2026-07-08"}, {"If-Match": etag, **second})
    assert answer.status_code == 200, answer.text
    assert (await letter.state())["settled_on"] == "2026-06-08"
