"""The sheet of a meeting over HTTP."""

from uuid import UUID, uuid4

import httpx2
import pytest

from domain.actor import Role
from domain.vocabulary import MeetingId
from service.api.routes.sheets import CSV_MEDIA_TYPE, XLSX_MEDIA_TYPE
from service.sheets.parse import read_sheet
from service.sheets.sheet_id import SheetId
from service.sheets.template import BlankSheet
from tests.service.api.interface import NOW, UNIT, Interface, bearer
from tests.service.sheets.filling import ANSWERED, ASSIGNED, NOTED, Row, filled_csv, filled_xlsx

pytestmark = pytest.mark.anyio

DAY = NOW.date().replace(day=6)
ASSIGNED_NOWHERE = {**ASSIGNED, "lead_unit": "so-la", "coordinating_units": ""}


@pytest.fixture(scope="module")
async def meeting_id(interface: Interface) -> UUID:
    meeting_id = uuid4()
    body = {
        "meeting_id": str(meeting_id),
        "occurred_on": DAY.isoformat(),
        "level": "commune",
        "organiser": UNIT,
        "chair": "ct-vidu",
        "chair_position": "Chủ tịch",
        "title": "Đối thoại Thôn Mẫu",
    }
    assert (await interface.ask("/meetings", body)).status_code == 201
    return meeting_id


def open_blank_sheet(meeting_id: UUID) -> BlankSheet:
    return BlankSheet(SheetId.new(MeetingId(meeting_id)), DAY, "Đối thoại Thôn Mẫu", "Phòng Kinh tế", [], 5)


async def send_sheet(
    interface: Interface, meeting_id: UUID, content: bytes, kind: str = XLSX_MEDIA_TYPE, query: str = "", *roles: Role
) -> httpx2.Response:
    headers = {**bearer(*roles), "Content-Type": kind}
    return await interface.client.post(f"/meetings/{meeting_id}/sheet{query}", content=content, headers=headers)


async def test_an_empty_sheet_is_downloaded_in_either_format(interface: Interface, meeting_id: UUID) -> None:
    lines = []
    for query, kind, suffix in (("", XLSX_MEDIA_TYPE, "xlsx"), ("?format=csv&rows=7", CSV_MEDIA_TYPE, "csv")):
        answer = await interface.read(f"/meetings/{meeting_id}/sheet{query}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == kind
        assert answer.headers["content-disposition"].endswith(f'.{suffix}"')
        assert answer.headers["x-content-type-options"] == "nosniff"
        sheet = read_sheet(answer.content)
        assert (sheet.sheet_id.meeting_id, sheet.rows) == (meeting_id, [])
        lines.append(answer.content.count(b"\r\n"))
    assert lines[1] == 2 + 7


async def test_a_filled_sheet_is_entered_once(interface: Interface, meeting_id: UUID) -> None:
    content = filled_xlsx(open_blank_sheet(meeting_id), [NOTED, ANSWERED, ASSIGNED_NOWHERE])
    tried = (await send_sheet(interface, meeting_id, content, query="?dry_run=true")).json()
    assert (tried["dry_run"], tried["outcomes"]) == (True, {"would_be_accepted": 2, "refused": 1})
    assert tried["rows"][2]["reason"] == "there is no unit “so-la”"
    answer = await send_sheet(interface, meeting_id, content)
    loaded = answer.json()
    assert answer.status_code == 200, answer.text
    assert (loaded["held_on"], loaded["entered_on"], loaded["days_after"]) == ("2026-07-06", "2026-07-08", 2)
    assert [row["outcome"] for row in loaded["rows"]] == ["accepted", "accepted", "refused"]
    number = loaded["rows"][1]["reference"]
    assert (await interface.read(f"/petitions/{number}")).json()["stage"] == "answered_at_meeting"
    again = (await send_sheet(interface, meeting_id, content)).json()
    assert [row["outcome"] for row in again["rows"]] == ["already_there", "already_there", "refused"]
    assert again["rows"][1]["reference"] == number
    assert not again["complete"]


async def test_a_csv_file_is_taken_as_well(interface: Interface, meeting_id: UUID) -> None:
    answer = await send_sheet(
        interface, meeting_id, filled_csv(open_blank_sheet(meeting_id), [NOTED]), "text/csv; charset=utf-8"
    )
    assert answer.json()["complete"]


NOBODY: list[Row] = [{**ANSWERED, "person_count": "nhiều"}, {**ANSWERED, "petitioner_name": "", "place": "x\u202ey"}]


async def test_nothing_of_a_row_is_told_back(interface: Interface, meeting_id: UUID) -> None:
    answer = await send_sheet(interface, meeting_id, filled_xlsx(open_blank_sheet(meeting_id), NOBODY))
    assert answer.json()["outcomes"] == {"refused": 2}
    for value in ANSWERED.values():
        assert len(str(value)) < 4 or str(value) not in answer.text
    assert "“Địa điểm”: the character U+202E may not stand in a text" in answer.text


async def test_who_may_not_classify_has_those_rows_refused(interface: Interface, meeting_id: UUID) -> None:
    content = filled_xlsx(open_blank_sheet(meeting_id), [NOTED, ANSWERED])
    loaded = (await send_sheet(interface, meeting_id, content, XLSX_MEDIA_TYPE, "", Role.RECEIVER)).json()
    assert [row["outcome"] for row in loaded["rows"]] == ["accepted", "refused"]


async def test_what_is_no_sheet_of_this_meeting_is_a_problem(interface: Interface, meeting_id: UUID) -> None:
    other = open_blank_sheet(uuid4())
    wrong = [
        (meeting_id, b"xin chao", CSV_MEDIA_TYPE, 422, "sheet-unreadable"),
        (meeting_id, b"", XLSX_MEDIA_TYPE, 422, "sheet-unreadable"),
        (meeting_id, filled_xlsx(other, [NOTED]), XLSX_MEDIA_TYPE, 409, "refused"),
        (other.sheet_id.meeting_id, filled_xlsx(other, [NOTED]), XLSX_MEDIA_TYPE, 409, "refused"),
        (meeting_id, b"{}", "application/json", 415, "not-a-sheet"),
        (meeting_id, b"x" * 100_001, CSV_MEDIA_TYPE, 413, "too-large"),
    ]
    for meeting_id, content, kind, status, name in wrong:
        answer = await send_sheet(interface, meeting_id, content, kind)
        assert (answer.status_code, answer.json()["type"]) == (status, f"urn:kiennghi:problem:{name}")
    assert (await interface.read(f"/meetings/{uuid4()}/sheet")).status_code == 409
    assert (await interface.read(f"/meetings/{meeting_id}/sheet?rows=1001")).status_code == 422
    answer = await interface.client.post(
        f"/meetings/{meeting_id}/sheet", content=b"", headers={"Content-Type": CSV_MEDIA_TYPE}
    )
    assert answer.status_code == 401


async def test_the_commands_of_a_sheet_are_in_the_figures(interface: Interface, meeting_id: UUID) -> None:
    def counted(text: str) -> float:
        lines = [line for line in text.splitlines() if line.startswith("kiennghi_commands_total")]
        return sum(float(line.rpartition(" ")[2]) for line in lines if "AnswerAtMeeting" in line)

    before = counted((await interface.client.get("/metrics")).text)
    await send_sheet(interface, meeting_id, filled_xlsx(open_blank_sheet(meeting_id), [ANSWERED]))
    assert counted((await interface.client.get("/metrics")).text) == before + 1
