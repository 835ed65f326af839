"""Holds the labels of every event, stage, value and finding of meetings, in Vietnamese and English."""

from domain.labels import BilingualText
from domain.labels import bilingual_text as _

MEETING_EVENT_LABELS: dict[str, BilingualText] = {
    "MeetingPlanned": _("Lập kế hoạch cuộc họp", "Meeting planned"),
    "MeetingAnnounced": _("Thông báo cuộc họp", "Meeting announced"),
    "MeetingMoved": _("Dời ngày họp", "Meeting moved"),
    "MeetingHeld": _("Tổ chức cuộc họp", "Meeting held"),
    "MeetingCancelled": _("Hủy cuộc họp", "Meeting cancelled"),
    "MinutesEntered": _("Nhập biên bản", "Minutes entered"),
    "ConclusionNoticeIssued": _("Ban hành thông báo kết luận", "Conclusion notice issued"),
    "ConclusionNoticePublished": _("Công khai thông báo kết luận", "Conclusion notice published"),
    "ConclusionTaskDone": _("Thực hiện xong kết luận", "Task of the conclusion carried out"),
}

MEETING_FIELD_LABELS: dict[str, BilingualText] = {
    "meeting_id": _("mã cuộc họp", "meeting"),
    "planned_for": _("ngày dự kiến", "planned for"),
    "kind": _("loại", "kind"),
    "level": _("cấp", "level"),
    "organiser": _("đơn vị tổ chức", "organiser"),
    "chair": _("người chủ trì", "chair"),
    "chair_position": _("chức vụ người chủ trì", "chair's position"),
    "chair_office": _("chức danh chủ trì", "chair's office"),
    "title": _("tên", "title"),
    "place": _("địa điểm", "place"),
    "reception": _("hình thức tiếp", "reception"),
    "mode": _("cách thức", "mode"),
    "head_of": _("người đứng đầu", "head of"),
    "audience": _("đối tượng", "audience"),
    "topics": _("lĩnh vực", "topics"),
    "limits": _("thời hạn", "limits"),
    "how": _("cách thông báo", "how"),
    "document_no": _("số văn bản", "document no."),
    "moved_from": _("ngày trước", "moved from"),
    "reason": _("lý do", "reason"),
    "attendance": _("số người dự", "attendance"),
    "minutes_no": _("số biên bản", "minutes no."),
    "instead_of": _("chủ trì thay", "instead of"),
    "instead_of_position": _("chức vụ người được thay", "position of whom it was instead"),
    "delegation_no": _("văn bản ủy quyền", "delegation no."),
    "signed_by": _("người ký", "signed by"),
    "signer_position": _("chức vụ người ký", "signer's position"),
    "tasks": _("các việc được giao", "tasks"),
    "number": _("việc số", "task no."),
    "unit": _("đơn vị", "unit"),
    "task": _("việc", "task"),
    "due_on": _("hạn", "due"),
    "evidence": _("bằng chứng", "evidence"),
    "result": _("kết quả", "result"),
}

MEETING_STAGE_LABELS: dict[str, BilingualText] = {
    "planned": _("đã lên kế hoạch", "planned"),
    "held": _("đã tổ chức", "held"),
    "cancelled": _("đã hủy", "cancelled"),
}

MEETING_VALUE_LABELS: dict[str, BilingualText] = {
    "dialogue_conference": _("hội nghị đối thoại", "dialogue conference"),
    "reception_day": _("buổi tiếp công dân", "reception day"),
    "social_criticism": _("hội nghị phản biện xã hội", "social criticism conference"),
    "regular": _("thường xuyên", "regular"),
    "periodic": _("định kỳ", "periodic"),
    "extraordinary": _("đột xuất", "extraordinary"),
    "face_to_face": _("trực tiếp", "face to face"),
    "online": _("trực tuyến", "online"),
    "party_committee": _("cấp ủy", "Party committee"),
    "peoples_council": _("Hội đồng nhân dân", "People's Council"),
    "peoples_committee": _("Ủy ban nhân dân", "People's Committee"),
    "department": _("sở, ban, ngành", "department"),
    "front_and_mass_organisations": _("Mặt trận, đoàn thể", "Front and mass organisations"),
    "public_unit": _("đơn vị sự nghiệp", "public unit"),
    "unknown": _("không rõ", "unknown"),
    "people": _("nhân dân", "people"),
    "enterprises": _("doanh nghiệp", "enterprises"),
    "cooperatives": _("hợp tác xã", "cooperatives"),
    "households": _("hộ gia đình", "households"),
    "youth": _("thanh niên", "youth"),
    "women": _("phụ nữ", "women"),
    "farmers": _("nông dân", "farmers"),
    "union_members": _("đoàn viên công đoàn", "union members"),
    "veterans": _("cựu chiến binh", "veterans"),
    "officials": _("cán bộ, công chức, viên chức", "officials"),
    "other": _("khác", "other"),
    "unspecified": _("không ghi", "not said"),
    "central": _("trung ương", "central"),
    "province": _("tỉnh", "province"),
    "district": _("huyện", "district"),
    "commune": _("xã", "commune"),
    "schedule_posting": _("niêm yết lịch tiếp công dân", "schedule posted"),
    "session_notice": _("thông báo buổi tiếp trực tuyến", "notice of the session"),
    "conference_notice": _("thông báo hội nghị", "notice of the conference"),
    "conference_result": _("công khai kết quả", "result published"),
    "conclusion_notice": _("thông báo kết luận", "conclusion notice"),
}

MEETING_FINDING_LABELS: dict[str, BilingualText] = {
    "not_told": _("quá ngày mà chưa ghi nhận kết quả", "its day has passed and nobody says what became of it"),
    "announced_late": _("thông báo chậm", "announced late"),
    "not_announced": _("chưa thông báo", "not announced"),
    "concluded_late": _("kết luận chậm", "concluded late"),
    "published_late": _("công khai chậm", "published late"),
    "not_published": _("chưa công khai", "not published"),
}

MEETING_FILE_LABELS: dict[str, BilingualText] = {
    "file": _("HỒ SƠ CUỘC HỌP", "FILE OF MEETING"),
    "recorded": _("ghi nhận", "recorded"),
    "days_later": _("ngày sau", "days later"),
    "until": _("đến", "until"),
}
