"""What the command line says of meetings."""

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from domain.meetings import commands as c
from domain.units.commands import OpenUnit
from domain.units.events import Level
from domain.vocabulary import MeetingId
from service.commands.office import ApplicationService
from service.config.settings import Settings
from tests.domain.samples import ANSWER_AT_MEETING, RECEIVE, with_changes
from tests.service.cli.conftest import Terminal
from tests.service.office_fixtures import CLERK, perform

MEETING = MeetingId(UUID(int=7))
DAY = date(2026, 6, 10)


@pytest.fixture(scope="module", autouse=True)
def told(module_database: str) -> None:
    """A commune that held one conference of three it planned."""

    async def tell() -> None:
        async with ApplicationService.open(
            module_database, Settings(), vault_key=b"k" * 32, clock=lambda: datetime(2026, 7, 8, tzinfo=UTC)
        ) as office:
            unit = OpenUnit(unit="xa-vi-du", name="Xã Ví Dụ", level=Level.COMMUNE, occurred_on=date(2020, 1, 1))
            await office.units.perform(unit, CLERK, command_id=uuid4(), digest=b"")

            async def meet(meeting_id: MeetingId, command: c.MeetingCommand) -> None:
                await office.meetings.perform(command, meeting_id, CLERK, command_id=uuid4(), digest=b"")

            for n, day in ((7, DAY), (8, date(2026, 6, 11)), (9, date(2026, 6, 12))):
                await meet(
                    MeetingId(UUID(int=n)),
                    c.PlanMeeting(
                        occurred_on=date(2026, 6, 1),
                        meeting_id=MeetingId(UUID(int=n)),
                        planned_for=day,
                        level=Level.COMMUNE,
                        organiser="xa-vi-du",
                        chair="ct",
                        chair_position="Chủ tịch",
                        title=f"Đối thoại {n}",
                    ),
                )
            await meet(MEETING, c.HoldMeeting(occurred_on=DAY, attendance=40))
            move = c.MoveMeeting(occurred_on=date(2026, 6, 9), planned_for=date(2026, 7, 20), reason="mưa lũ")
            await meet(MeetingId(UUID(int=8)), move)
            await meet(MeetingId(UUID(int=9)), c.CancelMeeting(occurred_on=date(2026, 6, 9), reason="mưa lũ"))
            raised = await perform(office, with_changes(RECEIVE, occurred_on=DAY, meeting_id=MEETING))
            answer = with_changes(ANSWER_AT_MEETING, occurred_on=DAY, meeting_id=MEETING)
            await perform(office, answer, raised.petition_id)

    asyncio.run(tell())


JUNE = ("--from", "2026-06-01", "--to", "2026-06-30", "--on", "2026-07-08")


def test_meetings_are_counted_by_level_as_ever(kiennghi: Terminal) -> None:
    told = kiennghi("meetings", *JUNE, "--json").json
    assert (told["total"], told["by_level"], told["by_kind"]) == (1, {"commune": 1}, {"dialogue_conference": 1})
    assert [(m["held_on"], m["raised"], m["answered_there"]) for m in told["meetings"]] == [("2026-06-10", 1, 1)]


def test_the_figures_are_told_and_the_lists_behind_them(kiennghi: Terminal) -> None:
    total = kiennghi("meetings", *JUNE, "--by", "organiser", "--json").json["total"]
    assert {name: total["days"][name] for name in ("planned", "held", "moved", "cancelled", "to_come")} == {
        "planned": 3,
        "held": 1,
        "moved": 1,
        "cancelled": 1,
        "to_come": 0,
    }
    moved = kiennghi("meetings", *JUNE, "--figure", "moved", "--json").json
    assert [(m["day"], m["moved_to"], m["reason"]) for m in moved["meetings"]] == [
        ("2026-06-11", "2026-07-20", "mưa lũ")
    ]
    listed = kiennghi("meetings", *JUNE, "--petitions", "answered_there", "--json").json
    assert (listed["total"], len(listed["petitions"])) == (1, 1)
    assert "chưa thông báo" in kiennghi("meetings", *JUNE).out
    assert "not announced" in kiennghi("meetings", *JUNE, "--lang", "en").out


def test_the_file_of_a_meeting_is_told_in_sentences_or_as_data(kiennghi: Terminal) -> None:
    told = kiennghi("meeting", str(MEETING), "--lang", "en").out
    assert "FILE OF MEETING Đối thoại 7" in told
    assert "Meeting held" in told
    assert "announcing the dialogue conference until 03/06/2026" in told
    events = kiennghi("meeting", str(MEETING), "--json").json["events"]
    assert [event["event"] for event in events] == ["MeetingPlanned", "MeetingHeld"]
    unknown = kiennghi("meeting", str(UUID(int=99)))
    assert unknown.code == 1
    assert unknown.err == (
        "kiennghi: không có hội nghị, buổi tiếp có mã này; kiểm tra lại mã\n"
        "kiennghi: there is no meeting with this id; check its id\n"
    )


def test_what_heads_owe_is_told(kiennghi: Terminal) -> None:
    window = ("--from", "2026-06-01", "--to", "2026-06-28")
    (line,) = kiennghi("duties", *window, "--missing", "--json").json["duties"]
    assert (line["unit"], line["duty"], line["missing"]) == ("xa-vi-du", "commune-chair-reception@1", 4)
    assert "Từ 01/06/2026" in kiennghi("duties", *window).out
    assert "4 missing in all" in kiennghi("duties", *window, "--lang", "en").out


def test_units_and_places_are_told(kiennghi: Terminal) -> None:
    (unit,) = kiennghi("conclusions", *JUNE, "--json").json["units"]
    assert (unit["unit"], unit["meetings"]) == ("xa-vi-du", 1)
    assert kiennghi("hot-spots", *JUNE, "--json").json["places"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("meetings",),
        ("meetings", "--period", "lately"),
        ("meetings", "--period", "2026", "--from", "2026-01-01"),
        ("meetings", *JUNE, "--figure", "lost"),
        ("duties", "--from", "2026-02-01", "--to", "2026-01-01"),
        ("meeting", "none"),
    ],
)
def test_what_is_asked_wrongly_is_wrong_usage(arguments: tuple[str, ...], kiennghi: Terminal) -> None:
    ended = kiennghi(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert "Traceback" not in ended.err
