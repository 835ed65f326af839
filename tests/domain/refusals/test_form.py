"""Tests the form of a refusal: a code with its values, and a sentence in either language."""

from datetime import date
from enum import Enum

import pytest

from domain.deadlines.clock import Clock
from domain.deadlines.limit import Limit
from domain.errors import Refused
from domain.labels import BilingualText
from domain.labels import bilingual_text as _
from domain.refusals.clocks import ClockRefusal
from domain.refusals.code import Instead, RefusalCode, Wording
from domain.refusals.general import GeneralRefusal
from domain.refusals.intake import IntakeRefusal
from domain.refusals.reviewed_changes import ReviewedChangeRefusal
from domain.vocabulary import Stage


def too_far() -> Refused:
    return Refused(
        ClockRefusal.EXTENDED_TOO_FAR,
        limit=Limit.parse("30cd"),
        latest=date(2026, 9, 7),
        until=date(2026, 9, 8),
        source="Luật Tố cáo",
    )


def test_a_refusal_is_told_in_either_language_with_its_values_as_that_language_writes_them() -> None:
    assert str(too_far()) == too_far().sentence("en")
    assert str(too_far()) == "an extension by 30cd ends on 2026-09-07 at the latest, not on 2026-09-08 (Luật Tố cáo)"
    assert too_far().sentence("vi") == (
        "gia hạn 30 ngày kết thúc chậm nhất ngày 07/09/2026, không phải ngày 08/09/2026 (Luật Tố cáo)"
    )


def test_a_program_reads_the_code_and_plain_values() -> None:
    refusal = too_far()
    assert refusal.code.code == "extended_too_far"
    assert refusal.plain_values() == {
        "limit": "30cd",
        "latest": "2026-09-07",
        "until": "2026-09-08",
        "source": "Luật Tố cáo",
    }


def test_an_act_that_the_stage_forbids_is_told_with_the_stages_that_allow_it() -> None:
    refusal = Refused(IntakeRefusal.CANNOT_SPLIT, stage=Stage.IN_PROGRESS, stages=(Stage.RECEIVED, Stage.CLASSIFIED))
    assert str(refusal) == "a petition that is in progress cannot be split"
    assert refusal.instead("en") == "possible while the petition is one of: received, classified"
    assert refusal.sentence("vi") == "đơn đang ở giai đoạn “đang giải quyết”, không thể tách riêng từng nội dung"
    assert refusal.instead("vi").endswith(": đã tiếp nhận, đã phân loại")
    assert refusal.plain_values() == {"stage": "in_progress", "stages": ["received", "classified"]}


def test_a_number_is_written_as_the_language_writes_it() -> None:
    refusal = Refused(IntakeRefusal.TOO_MANY_REPRESENTATIVES, persons=1_200, allowed=5)
    assert str(refusal).startswith("1,200 petitioners")
    assert refusal.sentence("vi").startswith("1.200 người")


def test_a_name_in_both_languages_is_told_in_each_and_read_in_english() -> None:
    refusal = Refused(ReviewedChangeRefusal.OWN_CHANGE, a_kind=_("phương án", "a plan"))
    assert str(refusal) == "an officer cannot approve a plan of their own"
    assert refusal.sentence("vi") == "không ai tự phê duyệt phương án do mình đề nghị"
    assert refusal.plain_values() == {"a_kind": "a plan"}


@pytest.mark.parametrize("values", [{}, {"clock": Clock.HEAD}, {"day": date.min, "today": date.min, "by": "x"}])
def test_a_refusal_without_its_values_cannot_be_raised(values: dict[str, str]) -> None:
    with pytest.raises(TypeError, match=r"raised with \['day', 'today'\]"):
        Refused(GeneralRefusal.DAY_IN_FUTURE, **values)


@pytest.mark.parametrize(
    ("vi", "en", "instead"),
    [
        ("ngày {day}", "on {today}", Instead.NOTHING),
        ("ngày {day}", "on that day", Instead.NOTHING),
        ("ngày ấy", "on that day", _("sau ngày {day}", "later")),
    ],
)
def test_a_table_whose_languages_name_other_values_cannot_be_imported(
    vi: str, en: str, instead: BilingualText | Instead
) -> None:
    # 3.11 wraps what a member raises in a RuntimeError of the enum; the reason is its cause
    with pytest.raises((ValueError, RuntimeError)):
        Enum("Wrong", {"DAY": Wording(vi, en, instead)}, type=RefusalCode)
