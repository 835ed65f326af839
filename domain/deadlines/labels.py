"""Translates the words of the law for the reader: every stage, kind and trigger in Vietnamese and English.

The stored words are short and English.
"""

from domain.labels import BilingualText
from domain.labels import bilingual_text as _

LEGAL_STAGE_LABELS: dict[str, BilingualText] = {
    "triage": _("thông báo kết quả xử lý đơn", "telling what becomes of the letter"),
    "first_reply": _("trả lời lần đầu", "first reply"),
    "party_head_notice": _("thông báo của người đứng đầu cấp ủy", "notice by the head of the Party committee"),
    "refusal_notice": _("thông báo từ chối tiếp công dân", "notice that a citizen is not received"),
    "handling": _(
        "xử lý đơn (45 ngày theo điểm b khoản 3 Điều 41 Nghị định số 154/2026/NĐ-CP)",
        "handling at all (45 days of Decree 154/2026 Art 41.3(b))",
    ),
    "transfer": _("chuyển đơn", "transfer"),
    "transfer_reply": _("thông báo kết quả cho cơ quan, người đã chuyển đơn", "reply to the sender of a transfer"),
    "result_to_citizen": _("thông báo kết quả cho công dân", "telling the citizen the result"),
    "result_to_referrer": _("thông báo kết quả cho nơi chuyển đơn", "telling who passed it on the result"),
    "referral_reply": _(
        "thông báo kết quả cho cơ quan báo chí, cơ quan đã chuyển tố cáo", "reply to the press or the referring body"
    ),
    "acceptance": _("thụ lý", "acceptance"),
    "acceptance_extension": _("kéo dài thời gian kiểm tra điều kiện thụ lý", "more time before acceptance"),
    "acceptance_notice": _("thông báo thụ lý", "notice of acceptance"),
    "settlement": _("giải quyết", "settlement"),
    "settlement_extension": _("gia hạn giải quyết", "extension of the settlement"),
    "second_settlement": _("giải quyết khiếu nại lần hai", "second settlement"),
    "central_settlement": _("giải quyết ở cấp trung ương", "settlement at the centre"),
    "suspension_sending": _(
        "gửi quyết định tạm đình chỉ, đình chỉ, tiếp tục", "sending the decision to suspend, terminate or resume"
    ),
    "document_supply": _("cung cấp thông tin, tài liệu", "supply of documents"),
    "dialogue_invitation": _("thông báo tổ chức đối thoại", "notice of the dialogue"),
    "decision_sending": _("gửi quyết định giải quyết", "sending the decision"),
    "second_decision_sending": _("gửi quyết định giải quyết lần hai", "sending the second decision"),
    "decision_publication": _("công khai quyết định giải quyết", "publishing the decision"),
    "publication_meeting_notice": _(
        "thông báo trước cuộc họp công khai quyết định", "notice before the meeting that publishes the decision"
    ),
    "decision_posting": _("niêm yết quyết định giải quyết", "posting the decision"),
    "front_notice": _(
        "thông báo kết quả cho Mặt trận, tổ chức thành viên đã chuyển đơn",
        "telling the Front, or the member that passed it on, the result",
    ),
    "decision_effect": _("quyết định có hiệu lực pháp luật", "the decision taking effect"),
    "conclusion_sending": _("gửi kết luận nội dung tố cáo", "sending the conclusion"),
    "conclusion_action": _("xử lý kết luận nội dung tố cáo", "acting on the conclusion"),
    "conclusion_publication": _("công khai kết luận nội dung tố cáo", "publishing the conclusion"),
    "action_report": _(
        "thông báo bằng văn bản kết quả xử lý kiến nghị trong kết luận nội dung tố cáo", "telling what was done"
    ),
    "further_review": _("xem xét tố cáo tiếp", "review of a further denunciation"),
    "overdue_demand": _("yêu cầu báo cáo việc quá hạn", "demand for a report on lateness"),
    "overdue_report": _("báo cáo việc quá hạn", "report on lateness"),
    "lodging": _("thời hiệu khiếu nại", "lodging (time bar)"),
    "second_complaint": _("khiếu nại lần hai", "second complaint"),
    "second_complaint_on_dismissal": _("khiếu nại lần hai về buộc thôi việc", "second complaint on dismissal"),
    "schedule_posting": _("niêm yết lịch tiếp công dân", "posting the reception schedule"),
    "session_notice": _("thông báo buổi tiếp trực tuyến", "notice of an online reception"),
    "connection_test": _("kiểm tra kết nối", "connection test"),
    "conference_notice": _("thông báo hội nghị đối thoại", "announcing the dialogue conference"),
    "conference_result": _("công khai kết quả hội nghị đối thoại", "publishing the result of the dialogue"),
    "conclusion_notice": _("thông báo kết luận", "conclusion notice"),
    "written_answer": _("trả lời bằng văn bản", "written answer"),
    "head": _("do người đứng đầu ấn định", "set by the head"),
    "contribution": _("phối hợp giải quyết theo yêu cầu", "contribution that was asked for"),
    "preparation": _("chuẩn bị nội dung trả lời", "preparation of the answer"),
    "promise": _("thực hiện việc đã hứa", "keeping a promise"),
}

POLICY_KIND_LABELS: dict[str, BilingualText] = {
    "complaint": _("khiếu nại", "complaint"),
    "disciplinary_complaint": _("khiếu nại quyết định kỷ luật", "complaint about discipline"),
    "denunciation": _("tố cáo", "denunciation"),
    "party_denunciation": _("tố cáo đảng viên", "denunciation of a Party member"),
    "proposal_or_feedback": _("kiến nghị, phản ánh", "proposal or feedback"),
    "feedback_on_rules": _("phản ánh, kiến nghị về quy định hành chính", "feedback on administrative rules"),
    "hotline_feedback": _("phản ánh qua tổng đài", "hotline feedback"),
    "reception": _("tiếp công dân", "citizen reception"),
    "dialogue": _("hội nghị đối thoại", "dialogue conference"),
    "any": _("mọi loại đơn", "every petition"),
}

TRIGGER_LABELS: dict[str, BilingualText] = {
    "receipt": _("ngày tiếp nhận", "receipt"),
    "grounds_complete": _("ngày đủ căn cứ", "the day on which the grounds were complete"),
    "settled": _("ngày giải quyết xong", "the day on which it was settled"),
    "transfer_reply": _("ngày nhận trả lời", "the reply"),
    "reception_day": _("ngày tiếp công dân", "the reception day"),
    "session": _("buổi tiếp, cuộc đối thoại", "the session"),
    "conference": _("hội nghị", "the conference"),
    "conclusion_notice": _("thông báo kết luận", "the conclusion notice"),
    "assignment": _("ngày phân công", "assignment"),
    "decision_known": _("ngày nhận hoặc biết được quyết định, hành vi", "the day on which the decision was known"),
    "decision_received": _("ngày nhận quyết định", "receipt of the decision"),
    "acceptance": _("ngày thụ lý", "acceptance"),
    "decision": _("ngày ra quyết định", "the decision"),
    "request": _("ngày nhận yêu cầu", "the request"),
    "dialogue": _("buổi đối thoại", "the dialogue"),
    "limit_ended": _("ngày hết thời hạn", "the end of the limit"),
    "conclusion": _("ngày có kết luận", "the conclusion"),
    "result": _("ngày có kết quả", "the result"),
    "further_denunciation": _("ngày nhận được tố cáo tiếp", "receipt of the further denunciation"),
    "publication_meeting": _("cuộc họp công khai quyết định", "the meeting that publishes the decision"),
    "posting": _("ngày niêm yết", "the day of posting"),
    "demand": _("ngày nhận yêu cầu báo cáo", "the demand"),
}

TRIGGER_OF_STAGE_LABELS: dict[str, BilingualText] = {
    "further_review": _("ngày nhận được tố cáo tiếp", "receipt of the further denunciation"),
    "overdue_demand": _("ngày nhận được tố cáo tiếp", "receipt of the further denunciation"),
}
"""The receipts that start a limit and are not those of the petition itself: Law on denunciations Arts 37.2, 38.2."""

RECEIPT_OF_KIND_LABELS: dict[str, BilingualText] = {
    "complaint": _("ngày nhận được khiếu nại", "receipt of the complaint"),
    "disciplinary_complaint": _("ngày nhận được khiếu nại", "receipt of the complaint"),
    "denunciation": _("ngày nhận được tố cáo", "receipt of the denunciation"),
}
"""The receipt as the law of the kind names it: Law on complaints Art 27, Law on denunciations Art 24."""

DAY_KIND_LABELS: dict[str, BilingualText] = {
    "working_days": _("ngày làm việc", "working days"),
    "calendar_days": _("ngày", "calendar days"),
}

KNOWN_FROM_LABELS: dict[str, BilingualText] = {
    "text": _("nguồn: văn bản", "from the text"),
    "scan": _("nguồn: bản quét, nhận dạng bằng máy", "from a scan read by machine"),
    "press": _("nguồn: báo chí", "from press reports"),
    "memory": _("chưa có văn bản để đối chiếu", "from memory, no text was read"),
}

WHY_LABELS: dict[str, BilingualText] = {
    "day_of_the_act": _("ngày làm mốc, không tính", "the day of the act, not counted"),
    "counted": _("tính", "counted"),
    "worked_in_exchange": _("làm việc bù, tính", "worked in exchange, counted"),
    "weekly_rest": _("nghỉ hằng tuần", "weekly rest"),
    "day_off": _("ngày nghỉ", "day off"),
    "suspended": _("tạm đình chỉ, không tính", "suspended, not counted"),
    "end_moved_here": _("ngày làm việc tiếp theo: hết thời hạn", "the next working day: the limit ends"),
}

WEEKDAY_LABELS: tuple[BilingualText, ...] = (
    _("thứ Hai", "Mon"),
    _("thứ Ba", "Tue"),
    _("thứ Tư", "Wed"),
    _("thứ Năm", "Thu"),
    _("thứ Sáu", "Fri"),
    _("thứ Bảy", "Sat"),
    _("Chủ nhật", "Sun"),
)

EXPLANATION_SENTENCES: dict[str, BilingualText] = {
    "due": _("Ngày hết thời hạn: {day}, đến 24 giờ.", "Last day: {day}, until midnight."),
    "no_limit": _(
        "CHƯA CÓ THỜI HẠN: pháp luật không quy định thời hạn;"
        " thời hạn do quy định của tỉnh hoặc người đứng đầu ấn định.",
        "NO LIMIT SET: national law sets none; the province or the head must set one.",
    ),
    "from": _("{amount} {unit}, kể từ {trigger} ({day})", "{amount} {unit} from {trigger} on {day}"),
    "before": _(
        "chậm nhất {amount} {unit} trước {trigger} ({day})", "at least {amount} {unit} before {trigger} on {day}"
    ),
    "the_act": _("ngày làm mốc", "the act"),
    "set": _("Thời hạn được ấn định, kể từ ngày {day}.", "A limit that was set, from {day}."),
    "set_by_head": _("Thời hạn do người đứng đầu ấn định, kể từ ngày {day}.", "A limit that the head set, from {day}."),
    "rule": _("Quy định áp dụng: {rule}; {known}; {verified}.", "Rule: {rule}; {known}; {verified}."),
    "rule_unknown": _(
        "Quy định áp dụng: {rule}, nay không còn được lưu.", "Rule: {rule}, which is not on file any more."
    ),
    "source": _("Căn cứ: {source}.", "Source: {source}."),
    "verified": _("đã đối chiếu", "verified"),
    "not_verified": _("CHƯA ĐỐI CHIẾU với Công báo", "NOT VERIFIED against the official text"),
    "note": _("Ghi chú (tiếng Anh): {note}", "Note: {note}"),
    "first_day_not": _(
        "Ngày {day} không tính; tính từ ngày tiếp theo liền kề (khoản 3 Điều 147 Bộ luật Dân sự).",
        "{day} is not counted; the next day is the first (Civil Code Art 147.3).",
    ),
    "first_day_counts": _("Ngày {day} được tính là ngày thứ nhất.", "{day} is counted as the first day."),
    "not_counted": _("Không tính {count} ngày nghỉ: {days}.", "Not counted, {count} days of rest: {days}."),
    "weekends_not_counted": _("Không tính {count} ngày nghỉ hằng tuần.", "Not counted, {count} days of weekly rest."),
    "weekends": _("{count} ngày nghỉ hằng tuần", "{count} days of weekly rest"),
    "in_exchange": _("Tính cả ngày làm việc bù: {days}.", "Counted, worked in exchange: {days}."),
    "moved": _(
        "Ngày thứ {amount} là {day}, ngày nghỉ: thời hạn kết thúc tại thời điểm kết thúc ngày làm việc tiếp theo"
        " (khoản 5 Điều 148 Bộ luật Dân sự).",
        "Day {amount} is {day}, a day of rest: the limit ends on the next working day (Civil Code Art 148.5).",
    ),
    "suspended": _(
        "Tạm đình chỉ từ {first} đến {last}: {count} ngày không tính.",
        "Suspended from {first} to {last}: {count} days do not count.",
    ),
    "decided": _("Ngày do người có thẩm quyền ấn định: {day}.", "A date that was set by decision: {day}."),
    "extended": _(
        "Gia hạn lần {number} đến {day}: Quyết định số {decision}; căn cứ: {source}.",
        "Extension no. {number} until {day}: decision {decision}; source: {source}.",
    ),
    "extended_without_source": _(
        "Gia hạn lần {number} đến {day}: Quyết định số {decision}.", "Extension no. {number} until {day}: {decision}."
    ),
    "moved_by_suspension": _(
        "Kéo dài đến {day} vì thời gian tạm đình chỉ.", "Moved to {day} by the time under suspension."
    ),
    "original": _("Ngày hết thời hạn ban đầu: {day}.", "First due date: {day}."),
    "advisory": _(
        "LƯU Ý: theo cách tính khác ({amount} {unit}) thì thời hạn kết thúc {day}.",
        "BEWARE: by another reading ({amount} {unit}) the last day is {day}.",
    ),
    "calendar": _("Lịch làm việc: {calendar}.", "Working-day calendar: {calendar}."),
    "provisional": _(
        "Lịch TẠM TÍNH: {days} chờ thông báo chính thức.",
        "PROVISIONAL calendar: {days} await an official notice.",
    ),
    "other_date": _(
        "LƯU Ý: lịch làm việc chưa chính thức; theo phương án khác ({says}) thì hạn là {day}.",
        "BEWARE: the calendar is not settled; by another reading ({says}) the last day is {day}.",
    ),
    "calendar_lost": _(
        "Lịch {calendar} không còn được lưu: các ngày dưới đây tính theo lịch {now}.",
        "The calendar {calendar} is not on file any more: the days are told by {now}.",
    ),
    "anew": _(
        "Tính lại theo lịch {calendar} hiện nay sẽ là {day}; ngày hết thời hạn đã ghi vẫn giữ nguyên.",
        "By today's calendar {calendar} it would be {day}; the date on record holds.",
    ),
    "clock": _("Thời hạn {clock}", "Clock {clock}"),
    "running": _("đang tính", "running"),
    "stopped": _("kết thúc ngày {day}", "stopped on {day}"),
    "late": _("quá hạn {count} ngày", "{count} days late"),
    "in_time": _("đúng hạn", "in time"),
    "no_longer_owed": _("không còn phải thực hiện từ ngày {day}", "no longer owed since {day}"),
    "history": _("Diễn biến: {moves}.", "Course: {moves}."),
    "late_when_known": _(
        "Ghi nhận ngày {known}, khi đã quá hạn từ ngày {since}.",
        "Recorded on {known}, when it was late already, since {since}.",
    ),
    "waited": _(
        "Chờ người gửi đơn bổ sung từ {first} đến {last}: {count} ngày. Thời hạn không dừng vì việc này (các văn bản đã"
        " đọc không quy định; CHƯA ĐỐI CHIẾU).",
        "Waited for a supplement from {first} to {last}: {count} days. The limit does not stand still by it (the texts"
        " read do not say so; NOT VERIFIED).",
    ),
    "waiting": _(
        "Chờ người gửi đơn bổ sung từ {first}. Thời hạn không dừng vì việc này (các văn bản đã đọc không quy định; CHƯA"
        " ĐỐI CHIẾU).",
        "Waiting for a supplement since {first}. The limit does not stand still by it (the texts read do not say so;"
        " NOT VERIFIED).",
    ),
    "possible": _(
        "LƯU Ý: đơn chưa phân loại; nếu là {kinds} thì hạn thụ lý là {day}. Ngày này không tính vào số liệu.",
        "BEWARE: the letter is not classified; if it is a {kinds}, acceptance is due by {day}. No figure counts this.",
    ),
    "nothing": _("Chưa có thời hạn nào được ghi.", "No limit is on record."),
}
