"""Holds the labels of a case file other than those of events: stages, clock moves and deliveries, in both languages."""

from domain.labels import BilingualText
from domain.labels import bilingual_text as _

PETITION_STAGE_LABELS: dict[str, BilingualText] = {
    "received": _("đã tiếp nhận", "received"),
    "classified": _("đã phân loại", "classified"),
    "accepted": _("đã thụ lý", "accepted"),
    "assigned": _("đã phân công", "assigned"),
    "in_progress": _("đang giải quyết", "in progress"),
    "suspended": _("tạm đình chỉ", "suspended"),
    "answered_at_meeting": _("đã trả lời tại hội nghị", "answered at the meeting"),
    "answered_in_writing": _("đã trả lời bằng văn bản", "answered in writing"),
    "implemented": _("đã thực hiện", "implemented"),
    "complained_again": _("đã khiếu nại lần hai", "second complaint lodged"),
    "denounced_further": _("đã tố cáo tiếp", "further denunciation lodged"),
    "urged_below": _("đã đôn đốc, yêu cầu cơ quan cấp dưới giải quyết", "competent lower body urged"),
    "sued": _("đã khởi kiện vụ án hành chính", "lawsuit filed"),
    "taken_over": _("cấp trên trực tiếp giải quyết", "settled by the superior"),
    "withdrawn": _("đã rút", "withdrawn"),
    "closed": _("đã kết thúc", "closed"),
    "terminated": _("đình chỉ", "terminated"),
    "refused": _("không thụ lý", "acceptance refused"),
    "transferred": _("đã chuyển đơn", "transferred"),
    "returned": _("đã trả lại", "returned"),
    "guided": _("đã hướng dẫn", "guided"),
    "filed": _("đã lưu", "filed"),
    "duplicate": _("đơn trùng", "duplicate"),
    "handled_as_information": _("xử lý như thông tin", "handled as information"),
    "split": _("đã tách", "split"),
    "cancelled": _("đã hủy số", "cancelled"),
}

CLOCK_MOVE_LABELS: dict[str, BilingualText] = {
    "start": _("bắt đầu", "started"),
    "suspend": _("tạm dừng", "stands still"),
    "resume": _("chạy tiếp", "goes on"),
    "extend": _("gia hạn", "extended"),
    "recalculate": _("tính lại", "recalculated"),
    "transfer": _("chuyển người giữ", "in other hands"),
    "stop": _("kết thúc", "stopped"),
}

CASE_FILE_LABELS: dict[str, BilingualText] = {
    "file": _("HỒ SƠ ĐƠN", "FILE OF PETITION"),
    "recorded": _("ghi nhận", "recorded"),
    "days_later": _("ngày sau", "days later"),
    "acting_for": _("thay mặt", "acting for"),
    "due": _("hạn", "due"),
    "unit": _("đơn vị", "unit"),
    "no_unit": _("chưa giao đơn vị nào", "no unit named"),
    "until": _("đến", "until"),
    "calendar": _("lịch", "calendar"),
    "first_set": _("ban đầu", "first set"),
    "clocks": _("CÁC THỜI HẠN", "CLOCKS"),
    "clock": _("Thời hạn", "Clock"),
    "round": _("vòng", "round"),
    "no_limit": _("chưa có thời hạn", "no limit set"),
    "stopped": _("kết thúc ngày", "stopped on"),
    "stands_still": _("đang tạm dừng", "stands still"),
    "days_late": _("ngày quá hạn", "days late"),
    "beware": _("CHÚ Ý:", "BEWARE:"),
    "another_reading": _("theo cách hiểu khác", "by another reading of the law"),
    "decided_until": _("quyết định gia hạn đến", "granted until"),
    "late_when_known": _("đã quá hạn khi được ghi nhận, từ ngày", "was late when it became known, since"),
    "possible": _(
        "LƯU Ý: đơn chưa phân loại, nếu là {kinds} thì hạn {day}",
        "BEWARE: not classified, if it is a {kinds} due {day}",
    ),
    "waited": _("chờ người gửi đơn bổ sung từ", "waited for the citizen's supplement from"),
    "not_stopped_by_wait": _(
        "thời hạn không dừng (văn bản đã đọc không quy định, chưa đối chiếu)",
        "the limit does not stand still (the texts read do not say so, not verified)",
    ),
    "waiting_since": _("chờ người gửi đơn bổ sung từ", "waiting for the citizen's supplement since"),
    "held": _("giữ bởi", "held by"),
    "in_all": _("tổng cộng", "in all"),
    "calendar_days": _("ngày", "days"),
    "working_days": _("ngày làm việc", "working days"),
    "told": _("đã báo", "told"),
    "suspended_days": _("ngày tạm dừng không tính", "days suspended, not counted"),
}

DELIVERY_LABELS: dict[str, BilingualText] = {
    "waiting": _("đang chờ gửi từ", "waiting since"),
    "sent": _("gửi lúc", "sent at"),
    "dead": _("không gửi được, thôi lúc", "not delivered, given up at"),
}
