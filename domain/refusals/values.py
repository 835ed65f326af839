"""Writes the values of a refusal in either language, and as plain data for programs.

The words of an enumeration are found by the name of its class: the tables of refusals lie below every other module of
the domain, and import none of those that raise them.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from domain.deadlines.labels import DAY_KIND_LABELS, LEGAL_STAGE_LABELS
from domain.deadlines.limit import Limit
from domain.deadlines.stages import LegalStage
from domain.endings.words import ENDING_LABELS, GROUND_LABELS, Ground, PetitionEnding
from domain.labels import BilingualText, Language

RefusalValue = str | int | date | Limit | tuple[str, ...] | BilingualText
"""A value of a refusal: a day, a reference, a number, a limit, a word of an enumeration, or several of them.

What has a name that is no word of an enumeration is given by its name in both languages.
"""

TYPED_AS_STORED = frozenset({"Ground", "LegalStage", "Role"})
"""Enumerations whose words officers type as they are stored, so that an English sentence has them as they are typed."""

_DUTIES = (
    "party_head_notice",
    "transfer",
    "referral_reply",
    "result_to_referrer",
    "result_to_citizen",
    "front_notice",
    "acceptance_notice",
    "document_supply",
    "suspension_sending",
    "decision_sending",
    "decision_publication",
    "conclusion_sending",
    "conclusion_publication",
    "conclusion_action",
    "action_report",
    "overdue_demand",
    "overdue_report",
    "contribution",
    "preparation",
    "promise",
)
"""The clocks that are duties. `Clock` itself stands above the refusals and cannot be imported."""

VIETNAMESE_WORDS: Mapping[str, Mapping[str, str]] = {
    "Clock": {
        "triage": "thông báo kết quả xử lý đơn",
        "acceptance": "thụ lý",
        "further_review": "xem xét tố cáo tiếp",
        "settlement": "giải quyết",
        "head": "do người đứng đầu ấn định",
        "transfer_reply": "trả lời việc chuyển đơn",
        **{duty: LEGAL_STAGE_LABELS[duty]["vi"] for duty in _DUTIES},
    },
    "Complexity": {
        "normal": "bình thường",
        "complex": "vụ việc phức tạp",
        "specially_complex": "vụ việc đặc biệt phức tạp",
    },
    "Instance": {"first": "giải quyết lần đầu", "second": "khiếu nại lần hai", "further": "tố cáo tiếp"},
    "PetitionEnding": {ending: ENDING_LABELS[ending]["vi"] for ending in PetitionEnding},
    "Ground": {ground: f"{GROUND_LABELS[ground]['vi']} ({ground})" for ground in Ground},
    "CourtOutcome": {
        "upheld": "bác yêu cầu khởi kiện, giữ nguyên quyết định",
        "annulled_in_part": "hủy một phần quyết định",
        "annulled": "hủy toàn bộ quyết định",
        "act_unlawful": "tuyên bố hành vi hành chính là trái pháp luật",
        "discontinued": "đình chỉ giải quyết vụ án",
        "suspended": "tạm đình chỉ giải quyết vụ án",
        "returned": "trả lại đơn khởi kiện",
    },
    "LegalStage": {stage: LEGAL_STAGE_LABELS[stage]["vi"] for stage in LegalStage},
    "MessageState": {"waiting": "đang chờ gửi", "sent": "đã gửi", "dead": "đã ngừng gửi"},
    "Office": {
        "head": "người đứng đầu",
        "deputy_head": "cấp phó",
        "follow_up": "đầu mối theo dõi, đôn đốc",
        "chair": "Chủ tịch Ủy ban nhân dân cấp tỉnh",
        "inspectorate": "Chánh Thanh tra tỉnh",
    },
    "PetitionKind": {
        "complaint": "khiếu nại",
        "denunciation": "tố cáo",
        "proposal_or_feedback": "kiến nghị, phản ánh",
    },
    "Role": {
        "receiver": "người tiếp nhận đơn",
        "classifier": "người phân loại đơn",
        "head": "người đứng đầu",
        "officer": "người được giao giải quyết",
        "follow_up": "người theo dõi, đôn đốc",
        "corrector": "người đề nghị đính chính",
        "approver": "người phê duyệt",
        "inspector": "người thanh tra",
        "custodian": "người giữ thông tin danh tính",
        "importer": "người nhập dữ liệu",
        "administrator": "người quản trị",
    },
    "RulingForce": {
        "in_force": "đã có hiệu lực pháp luật",
        "not_in_force": "chưa có hiệu lực pháp luật",
        "appealed": "đang bị kháng cáo, kháng nghị",
    },
    "Stage": {
        "received": "đã tiếp nhận",
        "classified": "đã phân loại",
        "accepted": "đã thụ lý",
        "assigned": "đã phân công",
        "in_progress": "đang giải quyết",
        "suspended": "đang tạm đình chỉ giải quyết",
        "answered_at_meeting": "đã trả lời tại hội nghị, buổi tiếp",
        "answered_in_writing": "đã có kết quả giải quyết bằng văn bản",
        "implemented": "đã thực hiện kết quả giải quyết",
        "complained_again": "đã khiếu nại lần hai",
        "denounced_further": "đã tố cáo tiếp",
        "sued": "đã khởi kiện vụ án hành chính",
        "taken_over": "cấp trên trực tiếp giải quyết",
        "withdrawn": "đã kết thúc do rút đơn",
        "closed": "đã kết thúc",
        "terminated": "đã đình chỉ giải quyết",
        "refused": "không được thụ lý",
        "transferred": "đã chuyển đơn",
        "urged_below": "đã đôn đốc, yêu cầu cơ quan cấp dưới giải quyết",
        "returned": "đã trả lại đơn",
        "guided": "đã hướng dẫn",
        "filed": "đã lưu đơn",
        "duplicate": "đơn trùng",
        "handled_as_information": "đã xử lý như thông tin có nội dung tố cáo",
        "split": "đã tách riêng từng nội dung",
        "cancelled": "đã hủy số đăng ký",
    },
    "WayUp": {
        "second_complaint": "khiếu nại lần hai",
        "further_denunciation": "tố cáo tiếp",
        "lawsuit": "khởi kiện vụ án hành chính tại Tòa án",
        "superior_settles": "cấp trên trực tiếp giải quyết",
        "responsibility_check": "kiểm tra trách nhiệm",
    },
    "WatchedClock": {
        "triage": "thông báo kết quả xử lý đơn",
        "acceptance": "thụ lý",
        "further_review": "xem xét tố cáo tiếp",
        "settlement": "giải quyết",
        "head": "do người đứng đầu ấn định",
        "step": "theo yêu cầu đôn đốc",
        "reminder": "đề nghị đôn đốc",
        "handling": "xử lý đơn trong 45 ngày",
        "possible_kind": "thời hạn nếu đơn thuộc loại khác",
        **{duty: LEGAL_STAGE_LABELS[duty]["vi"] for duty in _DUTIES},
    },
}
"""The Vietnamese words of each enumeration that a refusal may name, by the name of its class and the stored word."""


def value_in_words(value: RefusalValue, language: Language) -> str:
    """Return the value as a sentence shows it: `06/07/2026` in Vietnamese is `2026-07-06` in English.

    Raise KeyError for an enumeration without Vietnamese words.
    """
    match value:
        case date():
            return f"{value:%d/%m/%Y}" if language == "vi" else value.isoformat()
        case StrEnum():
            return _word_of(value, language)
        case str():
            return value
        case int():
            written = f"{value:,}"
            return written.replace(",", ".") if language == "vi" else written
        case Limit():
            return f"{value.amount} {DAY_KIND_LABELS[value.unit]['vi']}" if language == "vi" else str(value)
        case tuple():
            return ", ".join(value_in_words(one, language) for one in value)
        case _:
            return value[language]


def plain_value(value: RefusalValue) -> str | int | list[str]:
    """Return the value as JSON holds it: a day in ISO form, a word as it is stored, a name in English."""
    match value:
        case tuple():
            return [str(one) for one in value]
        case int():
            return value
        case str() | date() | Limit():
            return str(value)
        case _:
            return value["en"]


def _word_of(word: StrEnum, language: Language) -> str:
    table = type(word).__name__
    if language == "vi":
        return VIETNAMESE_WORDS[table][word.value]
    return word.value if table in TYPED_AS_STORED else word.value.replace("_", " ")
