"""Holds the labels of messages: clocks, subjects and operator notices, in Vietnamese and English."""

from domain.labels import BilingualText
from domain.labels import bilingual_text as _

MESSAGE_SUBJECT_LABELS: dict[str, BilingualText] = {
    "one": _("Nhắc việc: đơn {reference}", "Alert: petition {reference}"),
    "many": _("Nhắc việc: {count} đơn cần xử lý", "Alert: {count} petitions need attention"),
    "operator": _("Vận hành hệ thống: {count} việc cần xử lý", "To the operator: {count} notices"),
}
STAND_IN_LABEL = _("Nhận thay cho", "In the place of")
GREETING_LABEL = _("Kính gửi: {office}", "To: {office}")
NO_REPLY_LABEL = _(
    "Thư này do hệ thống tự động gửi; xin không trả lời vào địa chỉ này.",
    "The system sent this mail by itself: please do not answer to this address.",
)
CLOCK_OF_MESSAGE_LABEL = _("thời hạn {clock}", "{clock}")
