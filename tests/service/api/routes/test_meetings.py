"""Meetings over HTTP: from the plan to the conclusion, and the figures with the lists behind them."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from domain.actor import Role
from domain.meetings import commands as m
from projections.meeting_counts import DAY_FIGURES, PETITION_FIGURES
from service.alerts.ladder import national_ladder
from service.alerts.raise_due import raise_due_alerts
from service.api.openapi import examples
from tests.service.api.interface import UNIT, Interface, bearer

pytestmark = pytest.mark.anyio

JUNE, JULY = "from=2026-06-01&to=2026-06-30", "from=2026-07-01&to=2026-07-31"


async def plan_meeting(interface: Interface, day: str = "2026-06-20", **said: Any) -> str:
    body = {
        **examples.example_body(m.PlanMeeting),
        "meeting_id": str(uuid4()),
        "occurred_on": "2026-06-01",
        "planned_for": day,
        "organiser": UNIT,
        "chair": f"ct-{uuid4()}",  # the meetings of all tests here are in one log
        **said,
    }
    answer = await interface.ask("/meetings/plan-meeting", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["meeting_id"])


async def perform_on_meeting(interface: Interface, meeting: str, what: str, day: str, **said: Any) -> dict[str, Any]:
    answer = await interface.ask(f"/meetings/{meeting}/{what}", {"occurred_on": day, **said})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_meeting_goes_from_its_plan_to_its_conclusion(interface: Interface) -> None:
    meeting = await plan_meeting(interface, "2026-06-05")
    await perform_on_meeting(interface, meeting, "announce-meeting", "2026-06-02", how="đài truyền thanh")
    await perform_on_meeting(
        interface, meeting, "move-meeting", "2026-06-03", planned_for="2026-07-03", reason="trùng ngày họp"
    )
    await perform_on_meeting(interface, meeting, "hold-meeting", "2026-07-03", attendance=90)
    await perform_on_meeting(interface, meeting, "enter-minutes", "2026-07-04", minutes_no="9/BB")
    task = {"unit": UNIT, "task": "Sửa đường", "due_on": "2026-07-10"}
    notice = {"document_no": "60/TB", "signed_by": "ct-vidu", "signer_position": "Chủ tịch", "tasks": [task]}
    await perform_on_meeting(interface, meeting, "issue-conclusion-notice", "2026-07-05", **notice)
    await perform_on_meeting(interface, meeting, "publish-conclusion-notice", "2026-07-06", how="niêm yết")
    entered = await perform_on_meeting(
        interface, meeting, "complete-conclusion-task", "2026-07-07", number=1, result="đã sửa"
    )
    file = (await interface.read(f"/meetings/{meeting}?lang=en")).json()
    assert (file["stage"], file["planned_for"], file["held_on"], file["version"]) == (
        *("held", "2026-07-03", "2026-07-03", entered["version"]),
    )
    assert [event["title"] for event in file["events"]][:3] == ["Meeting planned", "Meeting announced", "Meeting moved"]
    assert file["events"][2]["details"]["moved_from"] == "2026-06-05"
    assert file["events"][0]["recorded_by"] == "cb-vidu"
    page = await interface.read(f"/meetings?from=2026-07-03&to=2026-07-03&after={entered['position']}")
    (item,) = [item for item in page.json()["meetings"] if item["meeting_id"] == meeting]
    assert (item["attendance"], item["minutes_no"], item["published_on"]) == (90, "9/BB", "2026-07-06")
    assert item["findings"] == ["not_announced"]  # for the day to which it was moved
    tasks = (await interface.read(f"/conclusions/tasks?{JULY}&unit={UNIT}")).json()
    assert [(one["task"], one["done_on"]) for one in tasks["tasks"]] == [("Sửa đường", "2026-07-07")]
    units = (await interface.read(f"/conclusions/units?{JULY}")).json()["units"]
    assert [(one["unit"], one["conclusion_notices"], one["tasks_done_on_time"]) for one in units] == [(UNIT, 1, 1)]


@pytest.mark.parametrize(
    ("what", "said", "reason"),
    [
        ("hold-meeting", {}, "cannot be held again"),
        ("move-meeting", {"planned_for": "2026-06-28", "reason": "mưa"}, "cannot be moved"),
        ("cancel-meeting", {"reason": "mưa"}, "cannot be cancelled"),
    ],
)
async def test_what_was_held_stays_held(interface: Interface, what: str, said: dict[str, str], reason: str) -> None:
    meeting = await plan_meeting(interface)
    await perform_on_meeting(interface, meeting, "hold-meeting", "2026-06-20")
    answer = await interface.ask(f"/meetings/{meeting}/{what}", {"occurred_on": "2026-06-20", **said})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:kiennghi:problem:refused")
    assert reason in answer.json()["detail"]


async def test_a_meeting_needs_a_role_a_key_and_an_id(interface: Interface) -> None:
    meeting = await plan_meeting(interface)
    body = {"occurred_on": "2026-06-19", "reason": "mưa lũ"}
    refused = await interface.ask(f"/meetings/{meeting}/cancel-meeting", body, bearer(Role.OFFICER))
    assert refused.status_code == 403
    headers = bearer() | {"Content-Type": "application/json"}
    keyless = await interface.client.post(f"/meetings/{meeting}/cancel-meeting", json=body, headers=headers)
    assert keyless.status_code == 400
    assert (await interface.ask("/meetings/none/cancel-meeting", body)).status_code == 422
    assert (await interface.ask(f"/meetings/{uuid4()}/cancel-meeting", body)).status_code == 409
    assert (await interface.read(f"/meetings/{uuid4()}")).status_code == 404
    assert (await interface.read("/meetings/nobody")).status_code == 422


async def test_the_same_key_is_answered_as_the_first_time(interface: Interface) -> None:
    meeting = await plan_meeting(interface)
    key = {"Idempotency-Key": str(uuid4())}
    body = {"occurred_on": "2026-06-20"}
    first = await interface.ask(f"/meetings/{meeting}/hold-meeting", body, key)
    again = await interface.ask(f"/meetings/{meeting}/hold-meeting", body, key)
    assert first.json() == again.json()
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await interface.ask(f"/meetings/{meeting}/hold-meeting", {**body, "attendance": 5}, key)
    assert other.status_code == 422


async def test_many_answers_are_published_in_one_request(interface: Interface) -> None:
    meeting = await plan_meeting(interface, "2026-07-06", chair="ct-vidu")
    received = [
        await interface.receive(
            occurred_on="2026-07-01", channel="dialogue", kind="proposal_or_feedback", meeting_id=meeting
        )
        for _ in range(3)
    ]
    for one in received[:2]:
        body = {"occurred_on": "2026-07-02", "meeting_id": meeting, "proposed_answer": "sửa trong quý III"}
        prepared = await interface.ask(
            f"/petitions/{one['reference']}/prepare-for-meeting", body, {"If-Match": f'"{one["version"]}"'}
        )
        assert prepared.status_code == 200, prepared.text
    await perform_on_meeting(interface, meeting, "hold-meeting", "2026-07-06")
    lines = [
        {
            "petition": one["reference"],
            "answered_by": "tp-vidu",
            "answered_by_position": "Trưởng phòng",
            "minutes_page": "4",
            "ordered_by": "ct-vidu",
        }
        for one in received
    ]
    lines.append({**lines[0], "petition": "TD-1999-000001"})
    sent: dict[str, Any] = {"occurred_on": "2026-07-06", "answers": lines}
    key = {"Idempotency-Key": str(uuid4())}
    answer = await interface.ask(f"/meetings/{meeting}/publish-answers", sent, key)
    assert answer.status_code == 200, answer.text
    published = answer.json()["answers"]
    assert [(one["petition"], one["status"]) for one in published] == [
        *((one["reference"], 200) for one in received[:2]),
        (received[2]["reference"], 409),
        ("TD-1999-000001", 404),
    ]
    assert published[2]["problem"]["detail"] == "no answer is given, and none was prepared for this meeting"
    again = (await interface.ask(f"/meetings/{meeting}/publish-answers", sent, key)).json()["answers"]
    assert [one["replayed"] for one in again] == [True, True, False, False]
    position = max(one["entered"]["position"] for one in published[:2])
    listed = await interface.read(
        f"/meetings/petitions?{JULY}&meeting={meeting}&figure=answered_there&after={position}"
    )
    assert {one["reference"] for one in listed.json()["petitions"]} == {one["reference"] for one in received[:2]}


async def test_a_unit_has_a_day_by_which_the_answer_is_prepared(interface: Interface) -> None:
    meeting = await plan_meeting(interface)
    one = await interface.receive(occurred_on="2026-06-10", channel="dialogue", meeting_id=meeting)
    path = f"/petitions/{one['reference']}"

    async def prepare(day: str, **said: str) -> Any:
        etag = (await interface.read(path)).headers["etag"]
        body = {"occurred_on": day, "meeting_id": meeting, **said}
        return await interface.ask(f"{path}/prepare-for-meeting", body, {"If-Match": etag})

    outside = await prepare("2026-06-11", prepare_by="2026-06-21")
    assert (outside.status_code, outside.json()["code"]) == (409, "preparation_outside_term")
    assert outside.json()["values"] == {"first": "2026-06-11", "last": "2026-06-20"}
    both = await prepare("2026-06-11", prepare_by="2026-06-15", proposed_answer="sửa trong quý III")
    assert both.json()["code"] == "prepared_already"
    entered = await prepare("2026-06-11", prepare_by="2026-06-15")
    assert entered.status_code == 200, entered.text
    (duty,) = (await interface.read(path)).json()["duties"]
    assert (duty["clock"], duty["subject"], duty["due_on"]) == ("preparation", f"meeting:{meeting}", "2026-06-15")
    late = await interface.read(f"/overdue?owed=duty&on=2026-06-18&after={entered.json()['position']}")
    listed = [item for item in late.json()["items"] if item["reference"] == one["reference"]]
    assert [(item["clock"], item["days_late"]) for item in listed] == [("preparation", 3)]
    text = (await interface.read(f"{path}/history?lang=vi", {"Accept": "text/plain"})).text
    assert f"chuẩn bị nội dung trả lời hội nghị, buổi tiếp {meeting}" in text
    explained = (await interface.read(f"{path}/deadlines")).json()
    assert [line["subject"] for line in explained if line["clock"] == "preparation"] == [f"meeting:{meeting}"]
    assert (await prepare("2026-06-16", proposed_answer="sửa trong quý III")).status_code == 200
    assert (await interface.read(path)).json()["duties"] == []


async def test_a_task_that_passes_is_in_the_list_of_alerts_until_somebody_takes_note(interface: Interface) -> None:
    meeting = await plan_meeting(interface, "2026-06-05")
    await perform_on_meeting(interface, meeting, "hold-meeting", "2026-06-05")
    task = {"unit": UNIT, "task": "Sửa đường", "due_on": "2026-12-01"}
    notice = {"document_no": "88/TB", "signed_by": "ct-vidu", "signer_position": "Chủ tịch", "tasks": [task]}
    await perform_on_meeting(interface, meeting, "issue-conclusion-notice", "2026-06-08", **notice)
    assert await interface.runner.wait_until_current(5)
    await raise_due_alerts(interface.office, national_ladder(), date(2026, 12, 2))
    assert await interface.runner.wait_until_current(5)

    async def listed(waiting: str) -> list[tuple[str, str, str]]:
        found = (await interface.read(f"/alerts?limit=200{waiting}")).json()["alerts"]
        return [(one["category"], one["subject"], one["step"]) for one in found if one["reference"] == "88/TB"]

    assert await listed("") == [("meeting", "task:1", "task-day-after")]
    noted = {"number": 1, "due_on": "2026-12-01", "step": "task-day-after"}
    await perform_on_meeting(interface, meeting, "acknowledge-task-alert", "2026-07-06", **noted)
    assert await interface.runner.wait_until_current(5)
    assert await listed("&unacknowledged=true") == []
    assert len(await listed("")) == 1


async def test_every_figure_has_a_list_with_as_many_lines(interface: Interface) -> None:
    meeting = await plan_meeting(interface, level="province")
    await interface.receive(occurred_on="2026-06-10", channel="dialogue", meeting_id=meeting)
    await perform_on_meeting(interface, meeting, "hold-meeting", "2026-06-20")
    assert await interface.runner.wait_until_current(5)
    table = (await interface.read(f"/meetings/figures?{JUNE}&by=level")).json()
    for line in table["lines"]:
        for figure in DAY_FIGURES:
            page = (await interface.read(f"/meetings?{JUNE}&level={line['name']}&figure={figure}")).json()
            assert page["total"] == len(page["meetings"]) == line["days"][figure], figure
        for figure in PETITION_FIGURES:
            page = (await interface.read(f"/meetings/petitions?{JUNE}&level={line['name']}&figure={figure}")).json()
            assert page["total"] == len(page["petitions"]) == line["petitions"][figure], figure
    assert table["total"]["days"]["held"] == sum(line["days"]["held"] for line in table["lines"]) > 0


async def test_pages_follow_each_other_without_a_gap_or_a_repetition(interface: Interface) -> None:
    for _ in range(3):
        meeting = await plan_meeting(interface, "2026-05-20", occurred_on="2026-05-01")
        await perform_on_meeting(interface, meeting, "hold-meeting", "2026-05-20")
    assert await interface.runner.wait_until_current(5)
    seen: list[str] = []
    path = "/meetings?from=2026-05-01&to=2026-05-31&limit=2"
    page = (await interface.read(path)).json()
    while True:
        seen += [one["meeting_id"] for one in page["meetings"]]
        if page["next"] is None:
            break
        page = (await interface.read(f"{path}&cursor={page['next']}")).json()
    assert len(seen) == len(set(seen)) == page["total"] >= 3
    for cursor in ("x", "AAAA", "A" * 38):
        assert (await interface.read(f"{path}&cursor={cursor}")).status_code == 422


async def test_a_reporting_period_stands_in_place_of_two_days(interface: Interface) -> None:
    page = (await interface.read("/meetings?period=2026-Q2")).json()
    assert (page["first"], page["last"]) == ("2026-03-15", "2026-06-14")


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("meetings?period=2026-Q2&from=2026-01-01", "period"),
        ("meetings?period=lately", "period"),
        ("meetings", "from"),
        ("meetings?from=2026-01-01", "to"),
        ("meetings?from=2026-02-01&to=2026-01-01", "to"),
        (f"meetings?{JUNE}&figure=lost", "figure"),
        (f"meetings?{JUNE}&level=moon", "level"),
        (f"meetings/figures?{JUNE}&by=colour", "by"),
        (f"meetings/petitions?{JUNE}&meeting=none", "meeting"),
        ("heads-duties?from=1945-09-02&to=2026-06-30", "from"),
        (f"hot-spots?{JUNE}&long_running_days=0", "long_running_days"),
    ],
)
async def test_a_question_that_makes_no_sense_is_told_what_is_wrong(
    interface: Interface, query: str, wrong: str
) -> None:
    answer = await interface.read(f"/{query}")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, wrong)


async def test_a_head_who_met_nobody_is_listed(interface: Interface) -> None:
    commune = f"xa-{uuid4()}"
    unit = {"unit": commune, "name": "Xã Ví Dụ", "level": "commune", "occurred_on": "2020-01-01"}
    assert (await interface.ask("/units", unit)).status_code == 201
    duties = (await interface.read(f"/heads-duties?from=2026-06-01&to=2026-06-28&unit={commune}")).json()["duties"]
    assert [(line["duty"], line["required"], line["held"], line["missing"]) for line in duties] == [
        ("commune-chair-reception@1", 4, 0, 4)
    ]
    assert len(duties[0]["shortfalls"]) == 4
    # the month has not ended on 8 July: nothing of it is missed yet
    none = await interface.read(f"/heads-duties?from=2026-07-06&to=2026-07-31&unit={commune}&missing=true")
    assert none.json()["duties"] == []


async def test_what_is_hot_is_told_without_what_could_name_a_protected_petitioner(interface: Interface) -> None:
    entered = await interface.receive(
        occurred_on="2026-06-10", person_count=8, place="Thôn Nóng", kind="denunciation", summary="Tố cáo cán bộ"
    )
    other = await interface.receive(occurred_on="2026-06-10", person_count=8, place="Thôn Ấm")
    after = f"after={max(entered['position'], other['position'])}"
    places = (await interface.read(f"/hot-spots?{JUNE}&{after}")).json()["places"]
    assert "Thôn Nóng" not in [one["place"] for one in places]
    assert "Thôn Ấm" in [one["place"] for one in places]
    listed = (await interface.read("/hot-spots/petitions?from=2026-06-10&to=2026-06-10&figure=mass")).json()
    assert {one["reference"] for one in listed["petitions"]} >= {entered["reference"], other["reference"]}


async def test_the_list_hides_what_a_denouncer_wrote(interface: Interface) -> None:
    meeting = await plan_meeting(interface)
    entered = await interface.receive(
        occurred_on="2026-06-10", meeting_id=meeting, kind="denunciation", summary="Tố cáo cán bộ", place="Thôn Nóng"
    )
    path = f"/meetings/petitions?{JUNE}&meeting={meeting}&after={entered['position']}"
    for role, summary in ((Role.INSPECTOR, "(thông tin được bảo vệ bí mật)"), (Role.HEAD, "Tố cáo cán bộ")):
        (one,) = (await interface.read(path, bearer(role))).json()["petitions"]
        assert one["summary"] == summary


async def test_a_denunciation_is_not_answered_with_the_others_of_a_meeting(interface: Interface) -> None:
    """Neither one by one nor together, whoever received it: nothing is recorded in it."""
    meeting = await plan_meeting(interface, "2026-07-06")
    await perform_on_meeting(interface, meeting, "hold-meeting", "2026-07-06")
    kinds = ("proposal_or_feedback", "denunciation", "complaint", None)
    received = [
        await interface.receive(occurred_on="2026-07-06", channel="dialogue", kind=kind, meeting_id=meeting)
        for kind in kinds
    ]
    said = {"answered_by": "tp-vidu", "answered_by_position": "Trưởng phòng", "minutes_page": "4", "answer": "đã nói"}
    lines = [{**said, "petition": one["reference"]} for one in received]
    answer = await interface.ask(
        f"/meetings/{meeting}/publish-answers", {"occurred_on": "2026-07-06", "answers": lines}
    )
    published = answer.json()["answers"]
    assert [one["status"] for one in published] == [200, 409, 409, 409]
    codes = [one["problem"]["code"] for one in published[1:]]
    assert codes == ["settled_by_decision", "settled_by_decision", "ending_needs_a_kind"]
    assert "biên bản" in published[1]["problem"]["instead"]["vi"]
    alone = await interface.ask(
        f"/petitions/{received[1]['reference']}/answer-at-meeting",
        {**said, "occurred_on": "2026-07-06", "meeting_id": meeting},
        {"If-Match": '"1"'},
    )
    assert (alone.status_code, alone.json()["code"]) == (409, "settled_by_decision")
    for one in received[1:]:
        assert (await interface.read(f"/petitions/{one['petition_id']}")).json()["version"] == 1
