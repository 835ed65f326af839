"""Holds the words of the ladder, its messages and what the operator is told."""

from collections.abc import Mapping

from domain.labels import BilingualText
from domain.labels import bilingual_text as _

ALERT_WORDS: Mapping[str, Mapping[str, BilingualText]] = {
    "AlertRole": {
        "officer": _("người được giao giải quyết", "responsible officer"),
        "head": _("người đứng đầu cơ quan, tổ chức, đơn vị", "head of the unit"),
        "superior": _("người đứng đầu cơ quan, tổ chức cấp trên trực tiếp", "head of the unit above"),
        "follow_up": _("đầu mối theo dõi, đôn đốc", "follow-up unit"),
        "chair": _("Chủ tịch Ủy ban nhân dân cấp tỉnh", "chair of the provincial People's Committee"),
        "inspectorate": _("Chánh Thanh tra tỉnh", "chief inspector"),
    },
    "AlertChannel": {
        "email": _("thư điện tử", "e-mail"),
        "webhook": _("kết nối hệ thống", "webhook"),
    },
    "Does": {
        "tell": _("nhắc việc", "tell"),
        "remind": _("đề nghị đôn đốc giải quyết", "propose a reminder"),
        "propose": _("đề nghị xem xét", "propose"),
        "ask_for_check": _("đề nghị kiểm tra trách nhiệm", "ask for a responsibility check"),
    },
    "MessageState": {
        "waiting": _("đang chờ gửi", "waiting"),
        "sent": _("đã gửi", "sent"),
        "dead": _("đã ngừng gửi", "dead"),
    },
    "FailureReason": {
        "no_address": _("chưa có địa chỉ nhận", "no address"),
        "not_allowed": _("địa chỉ không được phép gửi đến", "address not allowed"),
        "unreachable": _("không kết nối được", "unreachable"),
        "timed_out": _("quá thời gian chờ", "timed out"),
        "refused": _("nơi nhận từ chối", "refused"),
        "not_now": _("nơi nhận hẹn gửi lại sau", "not now"),
        "broken_off": _("mất kết nối khi đang gửi", "broken off"),
        "too_large": _("phản hồi của nơi nhận quá dài", "answer too large"),
    },
    "OperatorSubject": {
        "calendar_ends": _("lịch ngày làm việc sắp hết", "the calendar of working days runs out"),
        "policy_ends": _("quy định về thời hạn sắp hết hiệu lực", "rules on time limits run out"),
        "view_lags": _("số liệu tổng hợp chưa cập nhật kịp", "a view is behind the log"),
        "outbox_stuck": _("có thông báo không gửi được", "messages do not go out"),
        "nobody_to_tell": _("không có ai để báo", "there is nobody to tell"),
        "office_vacant": _("chức vụ đang khuyết", "an office is vacant"),
        "clock_leapt": _("giờ hệ thống thay đổi bất thường", "the clock has leapt"),
        "no_address": _("người nhận chưa có địa chỉ", "somebody who is to be told has no address"),
        "event_set_aside": _("có sự kiện không đọc được", "an event cannot be read"),
    },
}
