"""Holds the labels of every event, field and finding of meetings, in Vietnamese and English."""

from domain.labels import BilingualText
from domain.labels import bilingual_text as _
from domain.meetings.words import MeetingKind

MEETING_EVENT_LABELS: dict[str, BilingualText] = {
    "MeetingPlanned": _("Lập kế hoạch hội nghị, buổi tiếp công dân", "Meeting planned"),
    "MeetingAnnounced": _("Thông báo hội nghị, buổi tiếp công dân", "Meeting announced"),
    "MeetingMoved": _("Dời ngày tổ chức", "Meeting moved"),
    "MeetingHeld": _("Tổ chức hội nghị, buổi tiếp công dân", "Meeting held"),
    "MeetingCancelled": _("Hủy hội nghị, buổi tiếp công dân", "Meeting cancelled"),
    "MinutesEntered": _("Nhập biên bản", "Minutes entered"),
    "ConclusionNoticeIssued": _("Ban hành thông báo kết luận", "Conclusion notice issued"),
    "ConclusionNoticePublished": _("Công khai thông báo kết luận", "Conclusion notice published"),
    "ConclusionTaskDone": _("Hoàn thành một việc trong thông báo kết luận", "Task of the conclusion carried out"),
    "TaskAlertRaised": _("Nhắc việc được giao", "Alert about a task raised"),
    "TaskAlertAcknowledged": _("Đã nhận nhắc việc được giao", "Alert about a task acknowledged"),
    "MeetingCorrectionProposed": _("Đề nghị đính chính", "Correction proposed"),
    "MeetingCorrected": _("Đính chính", "Record corrected"),
    "MeetingWithdrawalProposed": _("Đề nghị thu hồi ghi nhận", "Withdrawal of the record proposed"),
    "MeetingWithdrawn": _("Thu hồi ghi nhận", "Record withdrawn"),
}

MEETING_FIELD_LABELS: dict[str, BilingualText] = {
    "meeting_id": _("mã hội nghị, buổi tiếp", "meeting"),
    "planned_for": _("ngày dự kiến", "planned for"),
    "kind": _("loại", "kind"),
    "level": _("cấp", "level"),
    "organiser": _("đơn vị tổ chức", "organiser"),
    "chair": _("người chủ trì", "chair"),
    "chair_office": _("chức danh chủ trì", "chair's office"),
    "title": _("tên", "title"),
    "place": _("địa điểm", "place"),
    "reception": _("hình thức tiếp", "reception"),
    "mode": _("cách thức", "mode"),
    "head_of": _("người đứng đầu của", "head of"),
    "audience": _("đối tượng", "audience"),
    "topics": _("lĩnh vực", "topics"),
    "topic": _("lĩnh vực", "topic"),
    "hot_spots": _("vụ việc đông người, phức tạp được đối thoại", "hot spots that it answers"),
    "limits": _("thời hạn", "limits"),
    "how": _("cách thông báo", "how"),
    "document_no": _("số, ký hiệu văn bản", "document no."),
    "moved_from": _("ngày trước", "moved from"),
    "reason": _("lý do", "reason"),
    "attendance": _("số người dự", "attendance"),
    "minutes_no": _("số, ký hiệu biên bản", "minutes no."),
    "instead_of": _("chủ trì thay cho", "instead of"),
    "delegation_no": _("số văn bản ủy quyền", "delegation no."),
    "signed_by": _("người ký", "signed by"),
    "officer": _("cán bộ", "officer"),
    "name": _("tên", "name"),
    "position": _("chức vụ", "position"),
    "tasks": _("các việc được giao", "tasks"),
    "number": _("việc số", "task no."),
    "unit": _("đơn vị", "unit"),
    "task": _("việc", "task"),
    "due_on": _("hạn", "due"),
    "evidence": _("giấy tờ chứng minh", "evidence"),
    "result": _("kết quả", "result"),
    "step": _("bậc cảnh báo", "step"),
    "to": _("báo cho", "to"),
    "by": _("qua", "by"),
    "rule": _("quy tắc", "rule"),
    "calendar": _("lịch", "calendar"),
    "corrections": _("nội dung đính chính", "corrections"),
    "why": _("lý do", "reason"),
    "proposed_by": _("người đề nghị", "proposed by"),
    "same_as": _("trùng với", "the same as"),
}

MEETING_FINDING_LABELS: dict[str, BilingualText] = {
    "not_told": _("quá ngày dự kiến, chưa cập nhật kết quả", "its day has passed and nobody says what became of it"),
    "announced_late": _("thông báo chậm", "announced late"),
    "not_announced": _("chưa thông báo", "not announced"),
    "concluded_late": _("kết luận chậm", "concluded late"),
    "published_late": _("công khai chậm", "published late"),
    "not_published": _("chưa công khai", "not published"),
}

MEETING_FILE_LABELS: dict[str, BilingualText] = {
    "file": _("HỒ SƠ HỘI NGHỊ (BUỔI TIẾP CÔNG DÂN) {title}", "FILE OF MEETING {title}"),
    "until": _("đến", "until"),
}

_CONCLUSION_OF_RECEPTION = _("Ban hành Thông báo kết luận việc tiếp công dân", "Conclusion of the reception issued")


def meeting_event_words(event: str, kind: MeetingKind | None) -> BilingualText:
    """Return the title of an event of a meeting: after a reception the notice has a name in law (Decree 154/2026 Art
    25.2).
    """
    if event == "ConclusionNoticeIssued" and kind is MeetingKind.RECEPTION_DAY:
        return _CONCLUSION_OF_RECEPTION
    return MEETING_EVENT_LABELS[event]
