"""Tests that the record is put right at the command line by two officers with two tokens: correct, imports."""

import io
import json
import sys
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from domain.actor import Role
from domain.units.commands import OpenUnit
from service.bootstrap import run_coroutine
from service.commands.office import ApplicationService
from service.config.settings import Settings
from tests.domain.samples import RECEIVE, with_changes
from tests.domain.scenario import MEETING
from tests.domain.test_meetings import RECORD
from tests.service.cli.conftest import Terminal
from tests.service.office_fixtures import CLERK, VAULT_KEY, perform

MAPPING = """[source]
name = "so-sai"
rows = "case"
[case]
key = "no"
received = "in"
due = "due"
unit = "unit"
summary = "what"
"""
ROWS = "no,in,due,unit,what\n1,2026-01-05,2026-01-20,so-mau,Đèn đường không sáng\n2,2026-02-05,,so-mau,Cầu hỏng\n"


def token(kiennghi: Terminal, officer: str, *roles: Role) -> str:
    words = [word for role in roles for word in ("--role", role)]
    ended = kiennghi("token", officer, "--unit", "so-mau", "--position", "Chuyên viên", *words)
    return ended.out.strip()


def test_a_field_and_an_ending_are_put_right_and_an_import_is_withdrawn(kiennghi: Terminal, tmp_path: Path) -> None:
    (tmp_path / "so.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "so.toml").write_text(MAPPING, encoding="utf-8")
    read = kiennghi("import", str(tmp_path / "so.csv"), "--mapping", str(tmp_path / "so.toml"), "--json")
    assert read.json["outcomes"] == {"imported": 2}
    one = {"KIENNGHI_TOKEN": token(kiennghi, "cb-de-nghi", Role.CORRECTOR, Role.APPROVER, Role.IMPORTER)}
    other = {"KIENNGHI_TOKEN": token(kiennghi, "cb-duyet", Role.APPROVER)}

    listed = kiennghi("correct", "fields", "so-sai:1").out
    assert "05/01/2026 (2026-01-05)" in listed
    assert "task_summary" not in listed, "what no event says is listed with --all"
    assert "task_summary" in kiennghi("correct", "fields", "so-sai:1", "--all").out
    fields = kiennghi("correct", "fields", "so-sai:1", "--json").json["fields"]
    assert {"path": "occurred_on", "words": "ngày", "value": "2026-01-05"}.items() <= fields[0].items()

    propose: tuple[str, ...] = (
        "correct",
        "propose",
        "so-sai:1",
        "--why",
        "gõ nhầm ngày",
        "--set",
        "1:occurred_on=2026-01-06",
    )
    assert "sẽ sau việc đã xảy ra ngày 05/01/2026" in kiennghi(*propose, **one).err
    propose += ("--set", "2:occurred_on=2026-01-06")
    assert kiennghi(*propose).code == 1
    assert kiennghi(*propose, **one).code == 0
    assert kiennghi(*propose[:4], "gõ nhầm", "--set", "1:occurred_on=06/01/2026", **one).code == 1
    assert kiennghi(*propose[:4], "gõ nhầm", "--set", "không", **one).code == 2
    (waits,) = kiennghi("correct", "list", "--json").json["proposals"]
    assert (waits["event"], waits["proposed_by"]) == ("CorrectionProposed", "cb-de-nghi")
    assert "Đề nghị đính chính" in kiennghi("correct", "list").out
    assert "không ai tự phê duyệt" in kiennghi("correct", "approve", "so-sai:1", **one).err
    assert kiennghi("correct", "approve", "so-sai:1", "--json", **other).json["reference"] == "NK-2026-000001"
    assert kiennghi("history", "so-sai:1", "--json").json["events"][-1]["event"] == "RecordCorrected"
    days = {one["value"] for one in kiennghi("correct", "fields", "so-sai:1", "--json").json["fields"]}
    assert "2026-01-06" in days
    assert "2026-01-05" not in days

    withdraw = kiennghi("imports", "propose", "so-sai", "--why", "sai tệp", "--mode", "untouched", "--json", **one)
    assert (withdraw.json["cases"], withdraw.json["touched"]) == (2, 1)
    approved = kiennghi("imports", "approve", withdraw.json["withdrawal"], "--json", **other)
    assert approved.json["withdrawn"] == 1
    assert kiennghi("overdue", "--state", "all", "--on", "2026-03-01", "--json").json["total"] == 1
    told = json.loads(kiennghi("history", "so-sai:2", "--json").out)["events"]
    assert [event["event"] for event in told][-1] == "ImportWithdrawn"


def test_what_is_right_of_a_person_is_asked_for_and_stands_in_no_argument(
    kiennghi: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def receive() -> str:
        async with ApplicationService.open(
            kiennghi.settings["KIENNGHI_DATABASE_URL"], Settings(), vault_key=VAULT_KEY
        ) as office:
            wrong = with_changes(RECEIVE, petitioners=[{"name": "Nguyễn Thị Ví Dụ"}])
            return str((await perform(office, wrong)).reference)

    reference = run_coroutine(receive())
    one = {"KIENNGHI_TOKEN": token(kiennghi, "cb-de-nghi", Role.CORRECTOR)}
    propose = ("correct", "propose", reference, "--why", "gõ nhầm họ tên")
    assert "--person 1.1" in kiennghi("correct", "fields", reference).out
    assert kiennghi(*propose, "--person", "1.1:secret", **one).code == 2
    monkeypatch.setattr(sys, "stdin", io.StringIO("Nguyễn Thị Ví Dù\n0900000000\n"))
    proposed = kiennghi(*propose, "--person", "1.1:name,phone", "--json", **one)
    assert proposed.json["version"] == 2
    assert "họ và tên" in proposed.err
    file = tmp_path / "p.json"
    file.write_text(json.dumps({"persons": [{"number": 1, "name": "Nguyễn Thị Ví Dù"}], "fields": []}))
    assert kiennghi(*propose, "--file", str(file), "--json", **one).json["version"] == 3
    file.write_text('{"person": []}')
    assert kiennghi(*propose, "--file", str(file), **one).code == 1
    other = {"KIENNGHI_TOKEN": token(kiennghi, "cb-duyet", Role.APPROVER)}
    assert kiennghi("correct", "approve", reference, **other).code == 0
    told = kiennghi("history", reference).out
    assert "người thứ 1: họ và tên" in told
    assert "Ví D" not in told


def test_a_meeting_is_corrected_and_withdrawn(kiennghi: Terminal) -> None:
    async def enter() -> None:
        async with ApplicationService.open(
            kiennghi.settings["KIENNGHI_DATABASE_URL"], Settings(), vault_key=VAULT_KEY
        ) as office:
            unit = OpenUnit(unit="to-hop", name="Tổ Hợp", occurred_on=date(2010, 1, 1))
            await office.units.perform(unit, CLERK, command_id=uuid4(), digest=b"")
            held = with_changes(RECORD, meeting_id=MEETING, organiser="to-hop", occurred_on=office.today)
            await office.meetings.perform(held, MEETING, CLERK, command_id=uuid4(), digest=b"")

    run_coroutine(enter())
    meeting = str(MEETING)
    one = {"KIENNGHI_TOKEN": token(kiennghi, "cb-de-nghi", Role.CORRECTOR, Role.APPROVER)}
    other = {"KIENNGHI_TOKEN": token(kiennghi, "cb-duyet", Role.APPROVER)}
    propose = ("correct", "meeting", meeting, "--why", "đếm nhầm", "--set")
    assert kiennghi(*propose, "attendance", **one).code == 2
    assert kiennghi(*propose, "attendance=nhiều", **one).code == 1
    assert kiennghi(*propose, "attendance=41", "--json", **one).json["version"] == 2
    assert kiennghi("correct", "approve-meeting", meeting, **one).code == 1
    assert kiennghi("correct", "approve-meeting", meeting, **other).out.endswith("đã ghi là việc số 3\n")
    assert kiennghi("correct", "withdraw-meeting", meeting, "--why", "nhập nhầm", **one).code == 0
    assert meeting in kiennghi("correct", "list").out
    assert kiennghi("correct", "approve-meeting", meeting, "--json", **other).json["version"] == 5
    events = kiennghi("meeting", meeting, "--json").json["events"]
    assert [event["event"] for event in events][1:] == [
        *("MeetingCorrectionProposed", "MeetingCorrected", "MeetingWithdrawalProposed", "MeetingWithdrawn")
    ]
