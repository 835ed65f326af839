"""Holds the words of the answer to who was responsible, in both languages."""

from domain.labels import BilingualText
from domain.labels import bilingual_text as _
from projections.lateness_acts import DueTiming, LatenessCause

RESPONSIBILITY_LABELS: dict[str, BilingualText] = {
    "heading": _(
        "TRÁCH NHIỆM ĐỐI VỚI VỤ VIỆC {reference}, NGÀY {day}", "RESPONSIBILITY FOR PETITION {reference}, {day}"
    ),
    "known": _("theo nhật ký đến vị trí {position}", "as known at position {position} of the log"),
    "nobody": _("Ngày này không ai phải trả lời", "On this day nobody owed an answer"),
    "on_the_day": _("Chịu trách nhiệm", "Responsible"),
    "by_days": _("THEO NGÀY (tính cả ngày đầu và ngày cuối)", "BY DAYS (first and last day included)"),
    "days": _("{days} ngày, trong đó quá hạn {late} ngày", "{days} days, of them {late} past the due date"),
    "no_unit": _("chưa giao đơn vị nào", "no unit named"),
    "intake": _("đơn vị tiếp nhận, chưa giao đơn vị nào", "the unit that received it, none assigned yet"),
    "accountable_head": _("người đứng đầu chịu trách nhiệm: {head}", "accountable head: {head}"),
    "head": _("người đứng đầu đơn vị: {head}", "head of the unit: {head}"),
    "coordinating": _("phối hợp: {units}", "coordinating: {units}"),
    "due": _("hạn {day}", "due {day}"),
    "no_limit": _("chưa ấn định thời hạn", "no limit set"),
    "held": _("đang tạm dừng tính thời hạn", "stands still"),
    "acts": _("VIỆC LÀM THAY ĐỔI HOẶC CHE VIỆC QUÁ HẠN", "ACTS THAT MOVED OR HID LATENESS"),
    "none": _("không có", "none"),
    "recorded": _("nhập ngày {day}", "recorded {day}"),
    "by": _("người nhập: {officer}, {unit}", "recorded by {officer}, {unit}"),
    "stated": _("ngày ghi {timing} hạn {day}", "its day is {timing} the due date {day}"),
    "entered": _("ngày nhập {timing} hạn", "entered {timing} it"),
    "becomes": _("hạn sau đó {day}", "due afterwards {day}"),
    "checkpoint": _(
        "Điểm kiểm chứng: {size} lá, đến vị trí {position}, gốc {root}",
        "Checkpoint: {size} leaves, up to position {position}, root {root}",
    ),
    "not_covered": _(
        "LƯU Ý: chưa có điểm kiểm chứng đã ký đến vị trí này", "BEWARE: no signed checkpoint reaches this position yet"
    ),
}

CAUSE_WORDS: dict[LatenessCause, BilingualText] = {
    LatenessCause.REASSIGNMENT: _("chuyển người hoặc đơn vị", "reassignment"),
    LatenessCause.EXTENSION: _("gia hạn", "extension"),
    LatenessCause.SUSPENSION: _("tạm đình chỉ", "suspension"),
    LatenessCause.RESUMPTION: _("tiếp tục giải quyết", "resumption"),
    LatenessCause.RECLASSIFICATION: _("phân loại lại", "reclassification"),
    LatenessCause.CORRECTION: _("đính chính", "correction"),
    LatenessCause.REVERSAL: _("hủy việc kết thúc đã ghi", "reversal of an ending"),
    LatenessCause.NEW_DATE: _("đổi thời hạn", "another due date"),
    LatenessCause.LATE_ENTRY: _("nhập muộn", "late entry"),
}

TIMING_WORDS: dict[DueTiming, BilingualText] = {
    DueTiming.BEFORE: _("trước", "before"),
    DueTiming.ON: _("đúng", "on"),
    DueTiming.AFTER: _("sau", "after"),
}
