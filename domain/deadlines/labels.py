"""Translates the words of the law for the reader: every stage, kind and trigger in Vietnamese and English.

The stored words are short and English.
"""

from domain.labels import BilingualText
from domain.labels import bilingual_text as _

LEGAL_STAGE_LABELS: dict[str, BilingualText] = {
    "triage": _("xử lý ban đầu", "first handling"),
    "first_reply": _("trả lời lần đầu", "first reply"),
    "party_head_notice": _("thông báo của người đứng đầu cấp ủy", "notice by the head of the Party committee"),
    "refusal_notice": _("thông báo từ chối tiếp công dân", "notice that a citizen is not received"),
    "handling": _("xử lý đơn (mốc bị kỷ luật)", "handling at all (beyond it: discipline)"),
    "transfer": _("chuyển đơn", "transfer"),
    "transfer_reply": _("trả lời nơi chuyển đơn", "reply to the sender of a transfer"),
    "result_to_citizen": _("báo kết quả cho công dân", "telling the citizen the result"),
    "result_to_referrer": _("thông báo kết quả cho nơi chuyển đơn", "telling who passed it on the result"),
    "referral_reply": _("trả lời cơ quan báo chí, nơi chuyển đến", "reply to the press or the referring body"),
    "acceptance": _("thụ lý", "acceptance"),
    "acceptance_extension": _("kéo dài kiểm tra điều kiện thụ lý", "more time before acceptance"),
    "acceptance_notice": _("thông báo thụ lý", "notice of acceptance"),
    "settlement": _("giải quyết", "settlement"),
    "settlement_extension": _("gia hạn giải quyết", "extension of the settlement"),
    "second_settlement": _("giải quyết lần hai", "second settlement"),
    "central_settlement": _("giải quyết ở cấp trung ương", "settlement at the centre"),
    "suspension_sending": _(
        "gửi quyết định tạm đình chỉ, đình chỉ, tiếp tục", "sending the decision to suspend, terminate or resume"
    ),
    "document_supply": _("cung cấp thông tin, tài liệu", "supply of documents"),
    "dialogue_invitation": _("mời đối thoại", "invitation to the dialogue"),
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
    "conclusion_publication": _("công khai kết luận", "publishing the conclusion"),
    "action_report": _("báo cáo kết quả xử lý", "report of what was done"),
    "further_review": _("xem xét tố cáo tiếp", "review of a further denunciation"),
    "overdue_demand": _("yêu cầu báo cáo việc quá hạn", "demand for a report on lateness"),
    "overdue_report": _("báo cáo việc quá hạn", "report on lateness"),
    "lodging": _("khiếu nại (thời hiệu)", "lodging (time bar)"),
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

DAY_KIND_LABELS: dict[str, BilingualText] = {
    "working_days": _("ngày làm việc", "working days"),
    "calendar_days": _("ngày", "calendar days"),
}

KNOWN_FROM_LABELS: dict[str, BilingualText] = {
    "text": _("theo văn bản", "from the text"),
    "scan": _("theo bản quét được máy đọc", "from a scan read by machine"),
    "press": _("theo báo chí", "from press reports"),
    "memory": _("theo trí nhớ, chưa đọc văn bản", "from memory, no text was read"),
}

WHY_LABELS: dict[str, BilingualText] = {
    "day_of_the_act": _("ngày làm mốc, không tính", "the day of the act, not counted"),
    "counted": _("tính", "counted"),
    "worked_in_exchange": _("làm việc bù, tính", "worked in exchange, counted"),
    "weekly_rest": _("nghỉ hằng tuần", "weekly rest"),
    "day_off": _("ngày nghỉ", "day off"),
    "suspended": _("tạm đình chỉ, không tính", "suspended, not counted"),
    "end_moved_here": _("ngày làm việc tiếp theo: hết hạn", "the next working day: the limit ends"),
}

WEEKDAY_LABELS: tuple[BilingualText, ...] = (
    _("Thứ Hai", "Mon"),
    _("Thứ Ba", "Tue"),
    _("Thứ Tư", "Wed"),
    _("Thứ Năm", "Thu"),
    _("Thứ Sáu", "Fri"),
    _("Thứ Bảy", "Sat"),
    _("Chủ nhật", "Sun"),
)

EXPLANATION_SENTENCES: dict[str, BilingualText] = {
    "due": _("Hạn cuối: {day}, đến 24 giờ.", "Last day: {day}, until midnight."),
    "no_limit": _(
        "CHƯA CÓ THỜI HẠN: luật quốc gia không ấn định; quy định của tỉnh hoặc người đứng đầu phải ấn định.",
        "NO LIMIT SET: national law sets none; the province or the head must set one.",
    ),
    "from": _("{amount} {unit}, kể từ {trigger} {day}", "{amount} {unit} from {trigger} on {day}"),
    "before": _(
        "chậm nhất {amount} {unit} trước {trigger} {day}", "at least {amount} {unit} before {trigger} on {day}"
    ),
    "the_act": _("ngày làm mốc", "the act"),
    "rule": _("Quy tắc: {rule}; {known}; {verified}.", "Rule: {rule}; {known}; {verified}."),
    "rule_alone": _("Quy tắc: {rule}.", "Rule: {rule}."),
    "rule_unknown": _(
        "Quy tắc: {rule}, nay không còn trong tệp quy tắc.", "Rule: {rule}, which is not on file any more."
    ),
    "source": _("Căn cứ: {source}.", "Source: {source}."),
    "verified": _("đã đối chiếu", "verified"),
    "not_verified": _("CHƯA ĐỐI CHIẾU với văn bản chính thức", "NOT VERIFIED against the official text"),
    "note": _("Ghi chú (tiếng Anh): {note}", "Note: {note}"),
    "first_day_not": _(
        "Ngày {day} không tính (Bộ luật Dân sự, Điều 147); đếm từ hôm sau.",
        "{day} is not counted (Civil Code Art 147); the next day is the first.",
    ),
    "first_day_counts": _("Ngày {day} được tính là ngày thứ nhất.", "{day} is counted as the first day."),
    "not_counted": _("Không tính {count} ngày nghỉ: {days}.", "Not counted, {count} days of rest: {days}."),
    "weekends": _("{count} ngày nghỉ hằng tuần", "{count} days of weekly rest"),
    "in_exchange": _("Tính cả ngày làm việc bù: {days}.", "Counted, worked in exchange: {days}."),
    "moved": _(
        "Ngày thứ {amount} là {day}, ngày nghỉ: hết hạn vào ngày làm việc kế tiếp (Bộ luật Dân sự, Điều 148 khoản 5).",
        "Day {amount} is {day}, a day of rest: the limit ends on the next working day (Civil Code Art 148.5).",
    ),
    "suspended": _(
        "Tạm đình chỉ từ {first} đến {last}: {count} ngày không tính.",
        "Suspended from {first} to {last}: {count} days do not count.",
    ),
    "decided": _("Ngày do người có thẩm quyền ấn định: {day}.", "A date that was set by decision: {day}."),
    "moved_by_suspension": _(
        "Lùi đến {day} vì thời gian tạm đình chỉ.", "Moved to {day} by the time under suspension."
    ),
    "original": _("Hạn ban đầu: {day}.", "First due date: {day}."),
    "advisory": _(
        "THẬN TRỌNG: theo cách hiểu khác ({amount} {unit}) thì hạn là {day}.",
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
        "Tính lại theo lịch {calendar} hiện nay sẽ là {day}; hạn đã ghi vẫn giữ nguyên.",
        "By today's calendar {calendar} it would be {day}; the date on record holds.",
    ),
    "running": _("đang chạy", "running"),
    "stopped": _("dừng ngày {day}", "stopped on {day}"),
    "late": _("trễ {count} ngày", "{count} days late"),
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
