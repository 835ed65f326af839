"""Tests the clocks as a citizen, a head of unit or an inspector reads them."""

import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from pydantic_core import to_json

from domain.envelope import EventEnvelope
from domain.labels import Language
from projections import case_file
from projections.case_file_clocks import clock_line_json, clock_lines
from projections.case_file_text import case_file_text
from projections.clocks_text import clocks_text
from tests.domain.command_sequences import LIVES, Life
from tests.domain.samples import (
    ASK_FOR_MORE,
    ASK_FOR_TIME,
    COMPLAINT,
    EXTEND,
    PROPOSAL,
    REASSIGN,
    RECEIVE,
    RESUME,
    SUPPLEMENT,
    SUSPEND,
    TRANSFER,
    august,
    classified_as,
    complaint_of,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import HEAD, PETITION, TODAY, history_of, national_law
from tests.examples import examples

LAW = national_law()
PAST = history_of([*in_progress(COMPLAINT), SUSPEND, RESUME, with_changes(REASSIGN, occurred_on=july(21))])


def test_a_clock_is_told_with_its_rule_its_source_and_whose_days_they_were() -> None:
    told = clocks_text(clock_lines(PAST, july(31), LAW, "en"), "en")
    assert "Clock: settlement — due 13/08/2026; first set 10/08/2026" in told
    assert "20/07/2026  goes on: due 10/08/2026 → 13/08/2026" in told
    assert "complaint-settlement@1, Điều 28 Luật Khiếu nại số 02/2011/QH13; calendar VN-2026.1" in told
    assert "held by chuyen-vien, so-mau: 6 days, 4 working days; 5 days suspended, not counted" in told
    assert "held by nguoi-khac, so-khac: 10 days, 8 working days" in told
    assert "in all: 17 days, 13 working days; 5 days suspended, not counted" in told


def test_the_same_is_told_in_vietnamese() -> None:
    told = clocks_text(clock_lines(PAST, july(31), LAW, "vi"), "vi")
    assert "Thời hạn giải quyết — hạn 13/08/2026; ban đầu 10/08/2026" in told
    assert "do chuyen-vien, so-mau xử lý: 6 ngày, 4 ngày làm việc; 5 ngày không tính vào thời hạn" in told


def test_lateness_an_extension_too_late_and_a_missing_limit_are_said() -> None:
    late = history_of([*in_progress(COMPLAINT), ASK_FOR_TIME, with_changes(EXTEND, occurred_on=august(3))])
    told = clocks_text(clock_lines(late, august(5), LAW, "en"), "en")
    assert "due 31/07/2026; 5 days late" in told
    assert "extended (granted until 14/08/2026)" in told
    sent_on = clocks_text(clock_lines(history_of([*classified_as(PROPOSAL), TRANSFER]), TODAY, LAW, "en"), "en")
    assert "reply of the other body — no limit set" in sent_on


def test_the_file_of_a_petition_ends_with_its_clocks() -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    clocks = clock_lines(PAST, july(31), LAW, "vi")
    told = case_file_text(
        "TD-2026-000001", case_file.case_file_lines(PAST, LAW.policies, "vi", zone), "vi", zone, clocks
    )
    assert told.partition("CÁC THỜI HẠN\n\n")[2] == clocks_text(clocks, "vi").rstrip() + "\n"
    assert "CÁC THỜI HẠN" not in case_file_text(
        "TD-2026-000001", case_file.case_file_lines(PAST, LAW.policies, "vi", zone), "vi", zone
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_life_can_be_told(language: Language) -> None:
    @examples(40)
    @given(LIVES)
    def told(life: Life) -> None:
        recorded = [EventEnvelope(PETITION, 1, life.receipt, HEAD), *(step.envelope for step in life.steps)]
        lines = clock_lines(recorded, TODAY, LAW, language)
        assert clocks_text(lines, language).count("\n\n") <= len(lines)
        assert len(json.loads(to_json([clock_line_json(line) for line in lines]))) == len(lines)

    told()


def test_an_earlier_day_by_another_reading_of_the_law_is_shown_beside_the_due_date() -> None:
    """Section 3.3: near Tết seven working days end later than ten calendar days."""
    history = history_of([complaint_of(date(2027, 1, 29))])
    triage, acceptance = clock_lines(history, date(2027, 2, 1), LAW, "en")
    assert (triage.advisory_on, acceptance.advisory_on) == (None, date(2027, 2, 11))
    shown = clocks_text([acceptance], "en")
    assert "due 16/02/2027; BEWARE: 11/02/2027 by another reading of the law" in shown
    assert "LƯU Ý: 11/02/2027 theo cách tính khác" in clocks_text(clock_lines(history, TODAY, LAW, "vi"), "vi")
    plain = clock_lines(history_of([complaint_of(july(6))]), TODAY, LAW, "en")
    assert plain[1].advisory_on == july(16)  # a day after the due date
    assert "BEWARE" not in clocks_text(plain, "en")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "vi",
            "chờ người gửi đơn bổ sung từ 08/07/2026 đến 14/07/2026: 6 ngày, ubnd-tinh; thời hạn không dừng (văn bản đã"
            " đọc không quy định, chưa đối chiếu)",
        ),
        (
            "en",
            "waited for the citizen's supplement from 08/07/2026 until 14/07/2026: 6 days, ubnd-tinh; the limit does"
            " not stand still (the texts read do not say so, not verified)",
        ),
    ],
)
def test_the_file_tells_how_long_the_citizen_was_waited_for_and_by_whom(language: Language, told: str) -> None:
    supplement = with_changes(SUPPLEMENT, occurred_on=july(14))
    history = history_of([*classified_as(COMPLAINT), ASK_FOR_MORE, supplement])
    clocks = clock_lines(history, july(15), LAW, language)
    assert [len(clock.waits) for clock in clocks] == [1, 1], "both clocks ran meanwhile"
    assert clocks_text(clocks, language).count(told) == 2
    lines = case_file.case_file_lines(history, LAW.policies, language, ZoneInfo("Asia/Ho_Chi_Minh"))
    assert [line.waiting_since for line in lines] == [None, None, july(8), None]


def test_a_letter_not_classified_is_told_with_the_date_of_the_strictest_kind() -> None:
    told = clocks_text(clock_lines(history_of([RECEIVE]), july(9), LAW, "vi"), "vi")
    assert "LƯU Ý: đơn chưa phân loại, nếu là khiếu nại hoặc tố cáo thì hạn 15/07/2026" in told
