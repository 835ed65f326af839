"""Holds the labels of a case file other than those of events: headings, clocks, deliveries, in both languages."""

from domain.labels import BilingualText
from domain.labels import bilingual_text as _

CASE_FILE_LABELS: dict[str, BilingualText] = {
    "file": _("HỒ SƠ VỤ VIỆC {reference}", "FILE OF PETITION {reference}"),
    "recorded": _("nhập vào hệ thống lúc {time} ngày {day}", "recorded {day} {time}"),
    "recorded_unknown": _("không rõ thời điểm nhập vào hệ thống", "recorded —"),
    "days_later": _("sau {count} ngày kể từ ngày phát sinh", "{count} days later"),
    "identity": _(
        "việc số {version}, người thứ {number}: {parts} (cả hai bản được giữ kín đến khi có quyết định xóa)",
        "event no. {version}, person {number}: {parts} (both versions are kept sealed until an erasure)",
    ),
    "acting_for": _("thay mặt {officer}", "acting for {officer}"),
    "due": _("hạn", "due"),
    "unit": _("đơn vị", "unit"),
    "no_unit": _("chưa giao đơn vị nào", "no unit named"),
    "until": _("đến", "until"),
    "calendar": _("lịch làm việc", "calendar"),
    "first_set": _("ban đầu", "first set"),
    "clocks": _("CÁC THỜI HẠN", "CLOCKS"),
    "clock": _("Thời hạn {clock}", "Clock: {clock}"),
    "round": _("lần giải quyết", "round"),
    "no_limit": _("chưa ấn định thời hạn", "no limit set"),
    "stopped": _("kết thúc ngày", "stopped on"),
    "stands_still": _("đang tạm dừng tính thời hạn", "stands still"),
    "days_late": _("quá hạn {count} ngày", "{count} days late"),
    "beware": _("LƯU Ý:", "BEWARE:"),
    "another_reading": _("theo cách tính khác", "by another reading of the law"),
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
    "held": _("do {holder} xử lý", "held by {holder}"),
    "in_all": _("tổng cộng", "in all"),
    "calendar_days": _("ngày", "days"),
    "working_days": _("ngày làm việc", "working days"),
    "told": _("đã báo", "told"),
    "passed": _("các mức đã qua, ghi cùng lúc", "steps that had passed, recorded at once"),
    "suspended_days": _("{count} ngày không tính vào thời hạn", "{count} days suspended, not counted"),
    "yes": _("có", "yes"),
    "no": _("không", "no"),
}

DELIVERY_LABELS: dict[str, BilingualText] = {
    "waiting": _("đang chờ gửi từ", "waiting since"),
    "sent": _("gửi lúc", "sent at"),
    "dead": _("không gửi được, ngừng gửi lúc", "not delivered, given up at"),
}
