"""Holds the labels of messages: clocks, subjects and operator notices, in Vietnamese and English."""

from domain.alerts.vocabulary import OperatorSubject, WatchedClock
from domain.deadlines.deadline import Clock
from domain.deadlines.labels import LEGAL_STAGE_LABELS
from domain.labels import BilingualText
from domain.labels import bilingual_text as _

MESSAGE_SUBJECT_LABELS: dict[str, BilingualText] = {
    "one": _("Nhắc việc: đơn {reference}", "Alert: petition {reference}"),
    "many": _("Nhắc việc: {count} đơn cần xử lý", "Alert: {count} petitions need attention"),
    "operator": _("Cảnh báo vận hành hệ thống: {count} việc", "To the operator: {count} notices"),
}
STAND_IN_LABEL = _("Nhận thay", "In the place of")

WATCHED_CLOCK_LABELS: dict[WatchedClock, BilingualText] = {
    WatchedClock.TRIAGE: _("thời hạn xử lý đơn", "triage"),
    WatchedClock.ACCEPTANCE: _("thời hạn thụ lý", "acceptance"),
    WatchedClock.FURTHER_REVIEW: _("thời hạn xem xét tố cáo tiếp", "review of a further denunciation"),
    WatchedClock.SETTLEMENT: _("thời hạn giải quyết", "settlement"),
    WatchedClock.HEAD: _("thời hạn xem xét của người đứng đầu", "the head's own limit"),
    WatchedClock.STEP: _("ngày hẹn sau đôn đốc", "the day set by the reminder"),
    WatchedClock.REMINDER: _("ngày đề nghị đôn đốc", "the day on which a reminder was proposed"),
    WatchedClock.HANDLING: _("45 ngày chưa xử lý", "45 days without handling"),
    WatchedClock.POSSIBLE_KIND: _("thời hạn nếu đơn thuộc loại khác", "the limit if it is of another kind"),
    **{WatchedClock(clock): LEGAL_STAGE_LABELS[clock] for clock in Clock if clock.is_duty},
}

OPERATOR_SUBJECT_LABELS: dict[OperatorSubject, BilingualText] = {
    OperatorSubject.CALENDAR_ENDS: _("lịch ngày làm việc sắp hết", "the calendar of working days runs out"),
    OperatorSubject.POLICY_ENDS: _("quy định về thời hạn sắp hết hiệu lực", "rules on time limits run out"),
    OperatorSubject.VIEW_LAGS: _("bảng tổng hợp chậm hơn nhật ký", "a view is behind the log"),
    OperatorSubject.OUTBOX_STUCK: _("có thông báo không gửi được", "messages do not go out"),
    OperatorSubject.NOBODY_TO_TELL: _("không có ai để báo", "there is nobody to tell"),
    OperatorSubject.OFFICE_VACANT: _("chức vụ đang khuyết", "an office is vacant"),
    OperatorSubject.CLOCK_LEAPT: _("đồng hồ máy chủ nhảy vọt", "the clock has leapt"),
    OperatorSubject.NO_ADDRESS: _("người nhận chưa có địa chỉ", "somebody who is to be told has no address"),
}
