"""Tests how acts, stages and results are named by the kind of petition: one procedure of events is three in law."""

from typing import get_args

import pytest

from domain.actor import SERVICE_CREDENTIALS
from domain.events import PetitionEvent
from domain.labels import LANGUAGES
from domain.vocabulary import Instance, PetitionKind, Result, Stage, WithdrawalScope
from projections.act_titles import act_titles
from projections.case_file import case_file_lines
from projections.case_file_clocks import clock_lines
from projections.labels.acts import ACTS, ActVariant, act_words
from projections.labels.kinds import field_words, result_words, stage_words
from tests.domain.command_sequences import first_letter
from tests.domain.samples import (
    ANSWER,
    COMPLAINT,
    DENUNCIATION,
    PROPOSAL,
    REMIND,
    RESUME,
    SUSPEND,
    commands_to_stages,
    in_progress,
    july,
)
from tests.domain.scenario import history_of, national_law
from tests.projections.test_case_file import HANOI

EVENTS = [event.__name__ for event in get_args(PetitionEvent)]
VARIANTS: tuple[ActVariant, ...] = (None, *Instance, *WithdrawalScope)
DECISION, DOCUMENT = "số quyết định", "số, ký hiệu văn bản"

TITLES = [
    ("PetitionAccepted", COMPLAINT, None, "Thông báo thụ lý giải quyết khiếu nại", DOCUMENT),
    ("PetitionAccepted", DENUNCIATION, None, "Quyết định thụ lý tố cáo", DECISION),
    ("PetitionAccepted", PROPOSAL, None, "Thụ lý", DOCUMENT),
    ("AcceptanceRefused", COMPLAINT, None, "Thông báo không thụ lý giải quyết khiếu nại", DOCUMENT),
    ("AcceptanceRefused", DENUNCIATION, None, "Thông báo không thụ lý tố cáo", DOCUMENT),
    ("PetitionAssigned", COMPLAINT, None, "Giao xác minh nội dung khiếu nại", DOCUMENT),
    ("PetitionAssigned", DENUNCIATION, None, "Giao xác minh nội dung tố cáo", DOCUMENT),
    ("PetitionAssigned", PROPOSAL, None, "Giao giải quyết", DOCUMENT),
    ("AnsweredInWriting", COMPLAINT, None, "Ban hành quyết định giải quyết khiếu nại lần đầu", DECISION),
    ("AnsweredInWriting", COMPLAINT, Instance.FIRST, "Ban hành quyết định giải quyết khiếu nại lần đầu", DECISION),
    ("AnsweredInWriting", COMPLAINT, Instance.SECOND, "Ban hành quyết định giải quyết khiếu nại lần hai", DECISION),
    ("AnsweredInWriting", DENUNCIATION, None, "Ban hành kết luận nội dung tố cáo", DOCUMENT),
    ("AnsweredInWriting", DENUNCIATION, Instance.FURTHER, "Ban hành kết luận nội dung tố cáo", DOCUMENT),
    ("AnsweredInWriting", PROPOSAL, None, "Trả lời bằng văn bản", DOCUMENT),
    ("CitizenNotified", COMPLAINT, None, "Gửi quyết định giải quyết khiếu nại", DOCUMENT),
    ("CitizenNotified", DENUNCIATION, None, "Thông báo về kết luận nội dung tố cáo cho người tố cáo", DOCUMENT),
    ("CitizenNotified", PROPOSAL, None, "Gửi kết quả giải quyết cho công dân", DOCUMENT),
    ("ProcessingSuspended", COMPLAINT, None, "Tạm đình chỉ giải quyết khiếu nại", DECISION),
    ("ProcessingSuspended", DENUNCIATION, None, "Tạm đình chỉ việc giải quyết tố cáo", DECISION),
    ("ProcessingSuspended", PROPOSAL, None, "Tạm dừng", DOCUMENT),
    ("ProcessingResumed", COMPLAINT, None, "Quyết định tiếp tục giải quyết khiếu nại", DECISION),
    ("ProcessingResumed", DENUNCIATION, None, "Quyết định tiếp tục giải quyết tố cáo", DECISION),
    ("ProcessingTerminated", COMPLAINT, None, "Đình chỉ giải quyết khiếu nại", DECISION),
    ("ProcessingTerminated", DENUNCIATION, None, "Đình chỉ việc giải quyết tố cáo", DECISION),
    ("ProcessingTerminated", PROPOSAL, None, "Kết thúc không giải quyết", DOCUMENT),
    ("DeadlineExtended", DENUNCIATION, None, "Gia hạn giải quyết tố cáo", DECISION),
    ("WithdrawalRequested", COMPLAINT, WithdrawalScope.WHOLE, "Người khiếu nại rút khiếu nại", DOCUMENT),
    ("WithdrawalRequested", DENUNCIATION, WithdrawalScope.WHOLE, "Người tố cáo rút tố cáo", DOCUMENT),
    ("WithdrawalRequested", PROPOSAL, WithdrawalScope.WHOLE, "Công dân rút đơn", DOCUMENT),
    ("WithdrawalAccepted", COMPLAINT, WithdrawalScope.WHOLE, "Đình chỉ giải quyết do rút khiếu nại", DECISION),
    ("WithdrawalAccepted", DENUNCIATION, WithdrawalScope.WHOLE, "Đình chỉ giải quyết do rút tố cáo", DECISION),
    ("WithdrawalAccepted", DENUNCIATION, WithdrawalScope.PART, "Ghi nhận rút một phần nội dung tố cáo", DOCUMENT),
    ("WithdrawalOverridden", COMPLAINT, None, "Xem xét, giải quyết lại nội dung khiếu nại đã rút", DOCUMENT),
    ("WithdrawalOverridden", DENUNCIATION, None, "Tiếp tục giải quyết tố cáo sau khi rút tố cáo", DOCUMENT),
    ("PetitionReopened", COMPLAINT, None, "Xem xét lại việc giải quyết khiếu nại", DOCUMENT),
    ("PetitionReopened", DENUNCIATION, None, "Giải quyết lại vụ việc tố cáo", DOCUMENT),
    ("PetitionReopened", PROPOSAL, None, "Mở lại để tiếp tục giải quyết", DOCUMENT),
    ("StageOpened", COMPLAINT, Instance.SECOND, "Mở hồ sơ giải quyết khiếu nại lần hai", DOCUMENT),
    ("StageOpened", DENUNCIATION, Instance.FURTHER, "Mở hồ sơ giải quyết tố cáo tiếp", DOCUMENT),
    ("SecondComplaintLodged", COMPLAINT, None, "Khiếu nại lần hai", DOCUMENT),
    ("FurtherDenunciationLodged", DENUNCIATION, None, "Tố cáo tiếp", DOCUMENT),
    ("LawsuitFiled", COMPLAINT, None, "Khởi kiện vụ án hành chính", DOCUMENT),
    ("SettlementTakenOver", DENUNCIATION, None, "Cấp trên trực tiếp giải quyết vụ việc tố cáo", DOCUMENT),
    ("PetitionClosed", PROPOSAL, None, "Kết thúc hồ sơ", DOCUMENT),
    ("PetitionHandledAsInformation", DENUNCIATION, None, "Xử lý thông tin có nội dung tố cáo", DOCUMENT),
    ("AlertRaised", COMPLAINT, None, "Nhắc việc", DOCUMENT),
]


@pytest.mark.parametrize(("event", "kind", "variant", "title", "number"), TITLES)
def test_an_act_is_named_as_the_law_of_the_kind_names_it(
    event: str, kind: PetitionKind, variant: ActVariant, title: str, number: str
) -> None:
    words = act_words(event, kind, variant)
    assert (words.title["vi"], words.number["vi"]) == (title, number)


@pytest.mark.parametrize("kind", [None, *PetitionKind])
def test_every_event_has_a_title_of_its_own_for_every_kind(kind: PetitionKind | None) -> None:
    for language in LANGUAGES:
        for variant in VARIANTS:
            titles = [act_words(event, kind, variant).title[language] for event in EVENTS]
            assert all(title.strip() == title != "" for title in titles)
            assert len(set(titles)) == len(titles)


def test_every_row_is_of_an_event_and_names_the_law_of_a_complaint_or_denunciation() -> None:
    for (event, kind, _), words in ACTS.items():
        assert event in EVENTS
        assert words.source or kind is PROPOSAL


@pytest.mark.parametrize("event", EVENTS)
def test_no_act_speaks_of_the_citizens_own_right_as_sent_up_by_an_office(event: str) -> None:
    for kind in (None, *PetitionKind):
        assert "huyển lên cấp trên" not in act_words(event, kind).title["vi"]
    assert "giải quyết thay" not in act_words(event, DENUNCIATION).title["vi"]


@pytest.mark.parametrize("kind", list(PetitionKind))
def test_a_proposal_is_neither_suspended_nor_decided(kind: PetitionKind) -> None:
    told = " ".join(
        [act_words(event, kind).title["vi"] for event in EVENTS] + [stage_words(stage, kind)["vi"] for stage in Stage]
    ).lower()
    assert ("đình chỉ" in told) == (kind is not PROPOSAL)
    assert ("kết luận nội dung tố cáo" in told) == (kind is DENUNCIATION)
    assert ("quyết định giải quyết" in told) == (kind is COMPLAINT)


@pytest.mark.parametrize(
    ("stage", "kind", "told"),
    [
        (Stage.ANSWERED_IN_WRITING, COMPLAINT, "đã có quyết định giải quyết"),
        (Stage.ANSWERED_IN_WRITING, DENUNCIATION, "đã có kết luận nội dung tố cáo"),
        (Stage.ANSWERED_IN_WRITING, PROPOSAL, "đã trả lời bằng văn bản"),
        (Stage.IMPLEMENTED, COMPLAINT, "đã thi hành quyết định giải quyết"),
        (Stage.IMPLEMENTED, DENUNCIATION, "đã thực hiện kết luận nội dung tố cáo"),
        (Stage.WITHDRAWN, COMPLAINT, "đã đình chỉ do rút khiếu nại"),
        (Stage.WITHDRAWN, DENUNCIATION, "đã đình chỉ do rút tố cáo"),
        (Stage.COMPLAINED_AGAIN, COMPLAINT, "đã khiếu nại lần hai"),
        (Stage.FILED, None, "đã lưu đơn"),
    ],
)
def test_a_stage_is_named_by_the_kind(stage: Stage, kind: PetitionKind | None, told: str) -> None:
    assert stage_words(stage, kind)["vi"] == told


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (COMPLAINT, ["khiếu nại đúng", "khiếu nại đúng một phần", "khiếu nại sai"]),
        (DENUNCIATION, ["tố cáo đúng", "tố cáo đúng một phần", "tố cáo sai sự thật"]),
        (PROPOSAL, ["có cơ sở", "có cơ sở một phần", "không có cơ sở"]),
    ],
)
def test_a_result_is_judged_in_the_words_of_the_kind(kind: PetitionKind, told: list[str]) -> None:
    judged = (Result.RIGHT, Result.PARTLY_RIGHT, Result.WRONG)
    assert [result_words(result, kind)["vi"] for result in judged] == told
    assert result_words(Result.EXPLAINED, kind)["vi"] == "đã giải thích"


def test_the_people_are_named_by_the_kind() -> None:
    assert field_words("persons", "PetitionReceived", DENUNCIATION)["vi"] == "người tố cáo"
    assert field_words("persons", "PetitionReceived", COMPLAINT)["vi"] == "người khiếu nại"
    assert field_words("persons", "PetitionReceived", PROPOSAL)["vi"] == "người kiến nghị, phản ánh"


@pytest.mark.parametrize("kind", list(PetitionKind))
def test_file_and_ledger_call_one_event_by_one_title(kind: PetitionKind) -> None:
    law = national_law()
    for path in commands_to_stages(kind).values():
        history = history_of(path, other=first_letter(kind))
        titles = act_titles(history, "vi")
        assert {line.version: line.title for line in case_file_lines(history, law.policies, "vi", HANOI)} == titles
        for clock in clock_lines(history, july(31), law, "vi"):
            assert {(one.version, one.title) for one in clock.segments} <= titles.items()


def test_a_title_is_that_of_the_kind_at_that_moment() -> None:
    history = history_of([*in_progress(DENUNCIATION), SUSPEND, RESUME, ANSWER])
    assert list(act_titles(history, "vi").values())[-3:] == [
        "Tạm đình chỉ việc giải quyết tố cáo",
        "Quyết định tiếp tục giải quyết tố cáo",
        "Ban hành kết luận nội dung tố cáo",
    ]


def test_a_reminder_that_no_person_issued_is_told_as_one_of_the_system() -> None:
    issued = history_of([*in_progress(PROPOSAL), REMIND])
    by_service = [*issued[:-1], issued[-1]._replace(by=SERVICE_CREDENTIALS.acting_officer)]
    number = issued[-1].originator_version
    assert act_titles(issued, "vi")[number] == "Đôn đốc giải quyết"
    assert act_titles(by_service, "vi")[number] == "Nhắc việc tự động"
