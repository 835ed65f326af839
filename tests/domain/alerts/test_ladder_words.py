"""Checks the sentences of the national ladder: each says what its article says, and no more."""

import re

import pytest

from domain.alerts.step import LadderStep
from tests.domain.alerts.ladders import parse_national_ladder

STEPS = {step.rung: step for step in parse_national_ladder().rows}

SENTENCES = {
    "five-days-before": ("Quy định nội bộ", "còn 05 ngày làm việc là hết thời hạn"),
    "two-days-before": ("Quy định nội bộ", "còn 02 ngày làm việc là hết thời hạn"),
    "due-day": ("khoản 6 Điều 148 Bộ luật Dân sự số 91/2015/QH13", "hôm nay là ngày hết thời hạn"),
    "day-after": (
        "Quy định nội bộ; khoản 4 Điều 5, khoản 4 Điều 6 Nghị định số 154/2026/NĐ-CP",
        "đã quá hạn: đề nghị đôn đốc",
    ),
    # Past the second settlement only the lawsuit is left (Law on complaints Arts 7.1, 42)
    "complaint-may-go-up": (
        "các điều 7, 33, 42 Luật Khiếu nại số 02/2011/QH13",
        "quá thời hạn giải quyết khiếu nại: người khiếu nại có quyền khởi kiện vụ án hành chính; nếu là giải quyết lần"
        " đầu thì có quyền khiếu nại lần hai hoặc khởi kiện",
    ),
    # The further denunciation starts the duty to demand a report, not the lateness alone (Art 38.2)
    "report-demanded": (
        "khoản 1, khoản 2 Điều 38 Luật Tố cáo số 25/2018/QH14",
        "quá thời hạn giải quyết tố cáo: người tố cáo có quyền tố cáo tiếp; khi nhận được tố cáo tiếp, cấp trên trực"
        " tiếp có văn bản yêu cầu báo cáo trong 05 ngày làm việc",
    ),
    # Settled above only with grounds of a serious breach or signs of bias (Art 38.5)
    "superior-settles": (
        "khoản 5 Điều 38 Luật Tố cáo số 25/2018/QH14",
        "quá hạn kéo dài: đề nghị người đứng đầu cấp trên trực tiếp xem xét có căn cứ theo khoản 5 Điều 38 Luật Tố cáo"
        " hay không",
    ),
    # Nobody urges but an officer: the ladder proposes
    "reminder-not-issued": (
        "Quy định nội bộ; khoản 4 Điều 5, khoản 4 Điều 6 Nghị định số 154/2026/NĐ-CP",
        "đã đề nghị đôn đốc nhưng chưa ghi nhận việc đôn đốc",
    ),
    # Only what the reception board passed on and urged; its head reports, the chair decides (Art 32.1)
    "reminder-unheeded": (
        "khoản 1 Điều 32 Nghị định số 154/2026/NĐ-CP",
        "đã đôn đốc nhưng chậm giải quyết: nếu là vụ việc do Ban Tiếp công dân chuyển thì Trưởng ban báo cáo Chủ tịch"
        " Ủy ban nhân dân cấp tỉnh quyết định kiểm tra trách nhiệm",
    ),
    "duty-two-days-before": (
        "Quy định nội bộ; khoản 4 Điều 5 Nghị định số 154/2026/NĐ-CP",
        "còn 02 ngày làm việc là hết thời hạn thực hiện",
    ),
    "duty-due-day": ("khoản 6 Điều 148 Bộ luật Dân sự số 91/2015/QH13", "hôm nay là ngày hết thời hạn thực hiện"),
    # What nobody recorded may be done all the same
    "duty-day-after": (
        "Quy định nội bộ; khoản 4 Điều 5, khoản 4 Điều 6 Nghị định số 154/2026/NĐ-CP",
        "đã quá hạn nhưng chưa ghi nhận việc thực hiện",
    ),
    "duty-five-days-after": (
        "Quy định nội bộ; khoản 4 Điều 5, khoản 4 Điều 6 Nghị định số 154/2026/NĐ-CP",
        "đã quá hạn 05 ngày làm việc nhưng chưa ghi nhận việc thực hiện",
    ),
    "task-two-days-before": ("Quy định nội bộ", "còn 02 ngày làm việc là đến hạn việc được giao"),
    "task-day-after": ("Quy định nội bộ", "việc được giao đã quá hạn nhưng chưa ghi nhận việc thực hiện"),
    "task-five-days-after": (
        "Quy định nội bộ",
        "việc được giao đã quá hạn 05 ngày làm việc nhưng chưa ghi nhận việc thực hiện",
    ),
    "handling-five-days-before": (
        "điểm b khoản 3 Điều 41 Nghị định số 154/2026/NĐ-CP",
        "đơn chưa được xử lý, còn 05 ngày làm việc là đủ 45 ngày",
    ),
    # A breach only without a good reason, by who handles letters and holds a leading post (Art 41.3(b))
    "forty-five-days": (
        "điểm b khoản 3 Điều 41 Nghị định số 154/2026/NĐ-CP",
        "đơn quá 45 ngày chưa xử lý: rà soát lý do theo điểm b khoản 3 Điều 41 Nghị định số 154/2026/NĐ-CP",
    ),
    # Said of both kinds, since nobody has read the letter yet
    "possible-kind-two-days-before": (
        "Quy định nội bộ; thời hạn thụ lý: khoản 1 Điều 24 Luật Tố cáo số 25/2018/QH14",
        "đơn chưa phân loại: nếu là khiếu nại hoặc tố cáo thì còn 02 ngày làm việc là hết thời hạn thụ lý",
    ),
}


def test_the_national_ladder_says_these_sentences() -> None:
    assert {rung: (step.legal_source, step.says.vi) for rung, step in STEPS.items()} == SENTENCES


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())
def test_a_sentence_claims_no_act_of_a_person_and_judges_nobody(step: LadderStep) -> None:
    for claimed in ("văn bản đôn đốc", "được đôn đốc", "kỷ luật", "thay do quá hạn"):
        assert claimed not in step.says.vi
    assert "discipline" not in step.says.en


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS.keys())
def test_a_source_is_cited_from_the_smaller_part_to_the_greater(step: LadderStep) -> None:
    """Decree 30/2020, Appendix II: điểm, khoản, Điều, văn bản."""
    assert not re.search(r"Điều \d+,? khoản \d+(?! Điều)|khoản \d+,? điểm \w(?! khoản)", step.legal_source)
