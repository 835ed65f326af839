"""Holds the words of clocks. A clock of the law is called as its stage is called in an explanation."""

from collections.abc import Mapping

from domain.deadlines.labels import DAY_KIND_LABELS, LEGAL_STAGE_LABELS
from domain.labels import BilingualText
from domain.labels import bilingual_text as _

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

_CLOCKS_ALONE = frozenset({"head", "contribution", "preparation", "promise", "result_to_referrer"})
"""The clocks that are no stage of a rule."""

_CLOCKS = {
    "triage": _(LEGAL_STAGE_LABELS["triage"]["vi"], "triage"),
    "acceptance": _(LEGAL_STAGE_LABELS["acceptance"]["vi"], "acceptance"),
    "further_review": _("xem xét tố cáo tiếp", "review of a further denunciation"),
    "settlement": _(LEGAL_STAGE_LABELS["settlement"]["vi"], "settlement"),
    "head": _(LEGAL_STAGE_LABELS["head"]["vi"], "set by the head"),
}
_STEP = {"step": _("theo yêu cầu đôn đốc", "step of an urged unit")}

CLOCK_WORDS: Mapping[str, Mapping[str, BilingualText]] = {
    "Clock": {
        **_CLOCKS,
        "transfer_reply": _(LEGAL_STAGE_LABELS["transfer_reply"]["vi"], "reply of the other body"),
        **{duty: LEGAL_STAGE_LABELS[duty] for duty in _DUTIES},
    },
    "OfficeClock": _STEP,
    "WatchedClock": {
        **_CLOCKS,
        **_STEP,
        "reminder": _("đề nghị đôn đốc", "proposal of a reminder"),
        "handling": _("xử lý đơn trong 45 ngày", "handling within 45 days"),
        "task": _("việc được giao", "task"),
        "possible_kind": _("nếu đơn thuộc loại khác", "the limit if it is of another kind"),
        **{duty: LEGAL_STAGE_LABELS[duty] for duty in _DUTIES},
    },
    "SubjectKind": {
        "unit": _("đơn vị", "unit"),
        "task": _("việc được giao", "task"),
        "promise": _("lời hứa", "promise"),
        "recommendation": _("kiến nghị", "recommendation"),
        "decision": _("quyết định", "decision"),
        "meeting": _("hội nghị, buổi tiếp", "meeting"),
    },
    "Move": {
        "start": _("bắt đầu", "started"),
        "suspend": _("tạm dừng tính thời hạn", "stands still"),
        "resume": _("tiếp tục tính thời hạn", "goes on"),
        "extend": _("gia hạn", "extended"),
        "recalculate": _("tính lại", "recalculated"),
        "transfer": _("chuyển đơn vị, người xử lý", "in other hands"),
        "stop": _("kết thúc", "stopped"),
    },
    "DayKind": DAY_KIND_LABELS,
    "LegalStage": {stage: words for stage, words in LEGAL_STAGE_LABELS.items() if stage not in _CLOCKS_ALONE},
    "ChosenBy": {
        "place": _("theo địa điểm của vụ việc", "by the place of the petition"),
        "main": _("đơn vị kế thừa chính", "the main successor"),
        "coordinating": _("thay đơn vị phối hợp", "for a coordinating unit"),
        "duty": _("thay đơn vị còn việc phải thực hiện", "for a unit that owes a duty"),
    },
    "Subject": {
        "policy": _("quy định về thời hạn", "rule on time limits"),
        "calendar": _("lịch làm việc", "calendar of working days"),
    },
}
