"""Tests the file of a meeting, and that everything in it has a label."""

from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from domain.events import Official
from domain.labels import Language
from domain.meetings import commands as c
from domain.meetings.details import NamedHotSpot
from domain.meetings.events import ConclusionTask, MeetingDetails, MeetingEvent
from domain.units.events import Level
from projections import meeting_file
from projections.labels.meetings import (
    MEETING_EVENT_LABELS,
    MEETING_FIELD_LABELS,
    MEETING_FINDING_LABELS,
)
from projections.meeting_counts import MEETING_FINDINGS as ASKED
from tests.domain.samples import july
from tests.domain.scenario import MEETING, national_law
from tests.projections.history_builder import Register
from tests.projections.test_meetings import plan

LAW = national_law()
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def test_every_event_and_field_of_a_meeting_is_told_in_both_languages() -> None:
    assert MEETING_EVENT_LABELS.keys() == {fact.__name__ for fact in get_args(MeetingEvent)}
    fields = {
        name
        for fact in (*get_args(MeetingEvent), MeetingDetails, NamedHotSpot, ConclusionTask, Official)
        for name in fact.__struct_fields__
    }
    assert MEETING_FIELD_LABELS.keys() == fields - {"occurred_on", "occurred_at", "deadlines", "details"}
    assert MEETING_FINDING_LABELS.keys() == set(ASKED)
    for table in (
        MEETING_EVENT_LABELS,
        MEETING_FIELD_LABELS,
        MEETING_FINDING_LABELS,
    ):
        assert all(word["vi"] and word["en"] for word in table.values())


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "vi",
            [
                "HỒ SƠ HỘI NGHỊ (BUỔI TIẾP CÔNG DÂN) Đối thoại với nhân dân",
                "  1. 01/07/2026  Lập kế hoạch hội nghị, buổi tiếp công dân",
                "     nhập vào hệ thống lúc 12:00 ngày 20/07/2026, sau 19 ngày kể từ ngày phát sinh"
                " — van-thu, Văn thư, ban-tcd",
                "       ngày dự kiến: 20/07/2026",
                "       thời hạn: thông báo hội nghị đối thoại đến 13/07/2026; ",
                "       ngày trước: 20/07/2026",
            ],
        ),
        ("en", ["FILE OF MEETING Đối thoại với nhân dân", "       level: commune", "       moved from: 20/07/2026"]),
    ],
)
def test_the_file_says_what_happened_and_how_much_later_it_was_recorded(
    language: Language, sentences: list[str]
) -> None:
    register = Register()
    register.perform_on_meeting(MEETING, plan(MEETING, july(20), level=Level.COMMUNE))
    register.perform_on_meeting(
        MEETING, c.MoveMeeting(occurred_on=july(14), planned_for=july(27), reason="trùng ngày họp")
    )
    at = datetime(2026, 7, 20, 5, tzinfo=UTC)
    history = [one._replace(recorded_at=at) for one in register.log]
    lines = meeting_file.meeting_file_lines(history, LAW.policies, language, ZONE)
    told = meeting_file.meeting_file_text("Đối thoại với nhân dân", lines, language, ZONE)
    for sentence in sentences:
        assert sentence in told
