"""The commands on sheets, as a person runs them."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from domain.envelope import OFFICIAL_TIME
from domain.meetings.commands import RecordMeeting
from domain.units.commands import OpenUnit
from domain.units.events import Level
from domain.vocabulary import MeetingId
from service.commands.office import ApplicationService
from service.config.settings import Settings
from tests.service.cli.conftest import Terminal
from tests.service.office_fixtures import CLERK
from tests.service.sheets.filling import ANSWERED, NOTED, PLACES, open_table, workbook_bytes

MEETING = MeetingId(uuid4())
HELD_ON = datetime.now(OFFICIAL_TIME).date() - timedelta(days=3)
"""The commands read the clock of the machine, and what was answered at the meeting is entered in time."""
BY = ("--officer", "van-thu-xa", "--unit", "xa-vi-du", "--position", "Văn thư")


@pytest.fixture(scope="module")
async def held(anyio_backend: str, module_database: str) -> MeetingId:
    """A meeting that was held, and its organiser."""
    async with ApplicationService.open(module_database, Settings(), vault_key=bytes(32)) as office:
        unit = OpenUnit(unit="xa-vi-du", name="Xã Ví Dụ", occurred_on=date(2025, 7, 1))
        await office.units.perform(unit, CLERK, command_id=uuid4(), digest=b"")
        meeting = RecordMeeting(
            occurred_on=HELD_ON,
            meeting_id=MEETING,
            level=Level.COMMUNE,
            organiser="xa-vi-du",
            chair="ct-xa",
            chair_position="Chủ tịch",
            title="Đối thoại",
        )
        await office.meetings.perform(meeting, meeting.meeting_id, CLERK, command_id=uuid4(), digest=b"")
    return MEETING


@pytest.mark.anyio
async def test_a_sheet_is_made_filled_in_tried_and_loaded(held: MeetingId, kiennghi: Terminal, tmp_path: Path) -> None:
    path, report = tmp_path / "phieu.xlsx", tmp_path / "ket-qua.jsonl"
    made = kiennghi("sheet", "new", "--meeting", str(held), "--output", str(path), "--rows", "4")
    assert (made.code, made.err) == (0, "")
    assert f"4 rows. Phiếu ghi ý kiến: Đối thoại (Xã Ví Dụ), ngày {HELD_ON:%d/%m/%Y}" in made.out
    assert "File exists" in kiennghi("sheet", "new", "--meeting", str(held), "--output", str(path)).err

    workbook, table = open_table(path.read_bytes())
    for line, row in ((3, NOTED), (4, ANSWERED), (5, {**NOTED, "kind": "thư"})):
        for key, value in row.items():
            table.cell(line, PLACES[key] + 1).value = value
    path.write_bytes(workbook_bytes(workbook))

    tried = kiennghi("sheet", "load", str(path), *BY, "--dry-run", "--json")
    assert json.loads(tried.out)["outcomes"] == {"refused": 1, "would_be_accepted": 2}
    loaded = kiennghi("sheet", "load", str(path), *BY, "--report", str(report))
    assert loaded.code == 1
    assert "some rows are not in the log" in loaded.err
    assert f"TD-{HELD_ON.year}-000002" in loaded.out
    assert "days after the meeting" in loaded.out
    lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert [line["outcome"] for line in lines] == ["accepted", "accepted", "refused"]
    assert "Nguyễn" not in report.read_text(encoding="utf-8") + loaded.out + loaded.err

    again = json.loads(kiennghi("sheet", "load", str(path), *BY, "--json").out)
    assert again["outcomes"] == {"already_there": 2, "refused": 1}
    entered = [line["reference"] for line in lines if line["outcome"] == "accepted"]
    histories = [kiennghi("history", reference, "--json").json for reference in entered]
    # which row got which number is not said: they are entered together
    assert "AnsweredAtMeeting" in {history["events"][-1]["event"] for history in histories}


@pytest.mark.anyio
async def test_who_enters_it_is_named_in_full_or_by_a_token(
    held: MeetingId, kiennghi: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / "phieu.csv"
    assert kiennghi("sheet", "new", "--meeting", str(held), "--output", str(path)).code == 0
    nobody = kiennghi("sheet", "load", str(path), "--officer", "ai-do")
    assert (nobody.code, "--position" in nobody.err) == (2, True)
    token = kiennghi("token", "ai-do", "--unit", "xa-vi-du", "--position", "x", "--role", "receiver").out.strip()
    loaded = kiennghi("sheet", "load", str(path), KIENNGHI_TOKEN=token)
    assert (loaded.code, "no row is filled in" in loaded.out) == (0, True)
    assert kiennghi("sheet", "load", str(path), *BY, KIENNGHI_TOKEN=token).code == 2


@pytest.mark.anyio
async def test_what_cannot_be_taken_is_told_in_a_sentence(held: MeetingId, kiennghi: Terminal, tmp_path: Path) -> None:
    path, other = tmp_path / "phieu.csv", str(uuid4())
    assert kiennghi("sheet", "new", "--meeting", other, "--output", str(path)).err == (
        "kiennghi: chưa ghi nhận hội nghị, buổi tiếp này; kiểm tra lại mã\n"
        "kiennghi: there is no such meeting on record; check its id\n"
    )
    assert not path.exists()
    assert kiennghi("sheet", "new", "--meeting", str(held), "--output", str(tmp_path / "phieu.ods")).code == 2
    assert kiennghi("sheet", "new", "--meeting", str(held), "--output", str(path)).code == 0
    ended = kiennghi("sheet", "load", str(path), *BY, "--meeting", other)
    assert (ended.code, "kiennghi: this sheet is of another meeting; load it" in ended.err) == (1, True)
    path.write_bytes(b"PK\x03\x04 broken")
    ended = kiennghi("sheet", "load", str(path), *BY)
    assert (ended.code, ended.err) == (1, "kiennghi: the file is damaged: it does not unpack\n")
