"""Holds the words of a petition: kinds, channels, stages, results and states.

A word here is said where the kind of the petition is not known. `projections.labels.acts` has those that depend on it.
"""

from collections.abc import Mapping

from domain.labels import BilingualText
from domain.labels import bilingual_text as _

PETITION_WORDS: Mapping[str, Mapping[str, BilingualText]] = {
    "PetitionKind": {
        "complaint": _("khiếu nại", "complaint"),
        "denunciation": _("tố cáo", "denunciation"),
        "proposal_or_feedback": _("kiến nghị, phản ánh", "proposal or feedback"),
    },
    "PersonCapacity": {
        "petitioner": _("người khiếu nại, tố cáo, kiến nghị, phản ánh", "petitioner"),
        "representative": _("người đại diện", "representative"),
        "proxy": _("người được ủy quyền", "proxy"),
        "lawyer": _("luật sư, trợ giúp viên pháp lý được ủy quyền", "lawyer"),
    },
    "IdentityField": {
        "name": _("họ và tên", "name"),
        "address": _("địa chỉ", "address"),
        "identity_no": _("số định danh", "identity number"),
        "phone": _("điện thoại", "telephone"),
        "is_representative": _("tư cách người đại diện", "whether a representative"),
    },
    "IdentityVersion": {
        "former": _("bản cũ, đã đính chính", "former, corrected"),
        "proposed": _("bản đề nghị, chưa phê duyệt", "proposed, not approved yet"),
        "not_approved": _("bản đề nghị, không phê duyệt", "proposed, not approved"),
    },
    "Channel": {
        "post": _("qua dịch vụ bưu chính", "by post"),
        "reception_place": _("tại nơi tiếp công dân", "at the reception place"),
        "suggestion_box": _("hộp thư góp ý", "suggestion box"),
        "referred_by_leader": _("lãnh đạo cơ quan Đảng và Nhà nước chuyển đến", "referred by a leader"),
        "referred_by_deputy": _("đại biểu Quốc hội, đại biểu Hội đồng nhân dân chuyển đến", "referred by a deputy"),
        "referred_by_front": _(
            "Ủy ban Mặt trận Tổ quốc Việt Nam và các tổ chức thành viên chuyển đến", "referred by the Front"
        ),
        "referred_by_press": _("cơ quan báo chí chuyển đến", "referred by the press"),
        "reception_day": _("buổi tiếp công dân", "reception day"),
        "dialogue": _("hội nghị đối thoại", "dialogue conference"),
        "voter_meeting": _("hội nghị tiếp xúc cử tri", "voter meeting"),
        "online": _("trực tuyến", "online"),
        "hotline": _("đường dây nóng", "hotline"),
        "inspectorate": _("thanh tra phát hiện", "found by the inspectorate"),
        "other": _("nguồn khác", "other"),
    },
    "Competence": {
        "own": _("thuộc thẩm quyền", "own"),
        "subordinate": _("thuộc thẩm quyền giải quyết của cơ quan, tổ chức, đơn vị cấp dưới", "of a subordinate"),
        "other_body": _("thuộc thẩm quyền của cơ quan, tổ chức khác", "of another body"),
    },
    "Complexity": {
        "normal": _("bình thường", "normal"),
        "complex": _("vụ việc phức tạp", "complex"),
        "specially_complex": _("vụ việc đặc biệt phức tạp", "specially complex"),
    },
    "Criterion": {  # the numbers are the rule: Decree 155/2026 Art 2
        "several_places": _("phải xác minh từ 02 địa điểm trở lên", "two places to verify or more"),
        "several_contents": _("có từ 02 nội dung phải xác minh trở lên", "two contents to verify or more"),
        "many_persons": _(
            "nhiều người về cùng một nội dung, hoặc liên quan đến quyền lợi của nhiều người",
            "many persons on one content, or the rights of many",
        ),
        "foreign_element": _("có yếu tố nước ngoài", "foreign element"),
        "several_agencies": _("liên quan đến trách nhiệm của nhiều cơ quan", "several agencies responsible"),
        "agencies_disagree": _("các cơ quan còn ý kiến khác nhau", "agencies disagree"),
        "contradictory_evidence": _("chứng cứ mâu thuẫn", "contradictory evidence"),
    },
    "Stage": {
        "received": _("đã tiếp nhận", "received"),
        "classified": _("đã phân loại", "classified"),
        "accepted": _("đã thụ lý", "accepted"),
        "assigned": _("đã phân công", "assigned"),
        "in_progress": _("đang giải quyết", "in progress"),
        "suspended": _("đang tạm đình chỉ giải quyết", "suspended"),
        "answered_at_meeting": _("đã trả lời tại hội nghị, buổi tiếp", "answered at meeting"),
        "answered_in_writing": _("đã có kết quả giải quyết bằng văn bản", "answered in writing"),
        "implemented": _("đã thực hiện kết quả giải quyết", "implemented"),
        "complained_again": _("đã khiếu nại lần hai", "gone up in a second complaint"),
        "denounced_further": _("đã tố cáo tiếp", "gone up in a further denunciation"),
        "sued": _("đã khởi kiện vụ án hành chính", "brought to court"),
        "taken_over": _("cấp trên trực tiếp giải quyết", "taken over by the superior"),
        "withdrawn": _("đã kết thúc do rút đơn", "withdrawn"),
        "closed": _("đã kết thúc", "closed"),
        "terminated": _("đã đình chỉ giải quyết", "terminated"),
        "refused": _("không được thụ lý", "refused"),
        "transferred": _("đã chuyển đơn", "transferred"),
        "urged_below": _("đã đôn đốc, yêu cầu cơ quan cấp dưới giải quyết", "competent lower body urged"),
        "returned": _("đã trả lại đơn", "returned"),
        "guided": _("đã hướng dẫn", "guided"),
        "filed": _("đã lưu đơn", "filed"),
        "duplicate": _("đơn trùng", "duplicate"),
        "handled_as_information": _("đã xử lý như thông tin có nội dung tố cáo", "handled as information"),
        "split": _("đã tách riêng từng nội dung", "split"),
        "cancelled": _("đã hủy số đăng ký", "cancelled"),
    },
    "DueState": {
        "not_yet_due": _("Trong hạn", "not yet due"),
        "due_soon": _("Sắp hết hạn", "due soon"),
        "due_today": _("Hết hạn hôm nay", "due today"),
        "overdue": _("Quá hạn", "overdue"),
        "suspended": _("Tạm đình chỉ", "suspended"),
        "no_limit_set": _("Chưa ấn định thời hạn", "no limit set"),
    },
    "WayUp": {
        "second_complaint": _("khiếu nại lần hai", "a second complaint"),
        "further_denunciation": _("tố cáo tiếp", "a further denunciation"),
        "lawsuit": _("khởi kiện vụ án hành chính tại Tòa án", "a lawsuit"),
        "superior_settles": _(
            "người đứng đầu cấp trên trực tiếp giải quyết vụ việc tố cáo", "the settlement by the superior"
        ),
        "responsibility_check": _("kiểm tra trách nhiệm", "a responsibility check"),
    },
    "Instance": {
        "first": _("lần đầu", "first"),
        "second": _("lần hai", "second"),
        "further": _("tố cáo tiếp", "further"),
    },
    "Result": {
        "right": _("đúng", "right"),
        "partly_right": _("đúng một phần", "partly right"),
        "wrong": _("sai", "wrong"),
        "explained": _("đã giải thích", "explained"),
    },
    "CourtOutcome": {
        "upheld": _("bác yêu cầu khởi kiện, giữ nguyên quyết định", "claim dismissed, the decision stands"),
        "annulled_in_part": _("hủy một phần quyết định", "decision annulled in part"),
        "annulled": _("hủy toàn bộ quyết định", "decision annulled"),
        "act_unlawful": _("tuyên bố hành vi hành chính là trái pháp luật", "act declared unlawful"),
        "discontinued": _("đình chỉ giải quyết vụ án", "case discontinued"),
        "suspended": _("tạm đình chỉ giải quyết vụ án", "case suspended"),
        "returned": _("trả lại đơn khởi kiện", "statement of claim returned"),
    },
    "RulingForce": {
        "in_force": _("đã có hiệu lực pháp luật", "in force"),
        "not_in_force": _("chưa có hiệu lực pháp luật", "not in force"),
        "appealed": _("đang bị kháng cáo, kháng nghị", "appealed"),
    },
    "PromiseState": {
        "kept": _("đã thực hiện", "kept"),
        "partly_kept": _("đã thực hiện một phần", "partly kept"),
        "not_kept": _("chưa thực hiện", "not kept"),
    },
    "Party": {
        "complainant": _("người khiếu nại", "complainant"),
        "complained_against": _("người bị khiếu nại", "complained against"),
        "related": _("người có quyền, nghĩa vụ liên quan", "person with related rights and duties"),
        "agency": _("cơ quan, tổ chức có liên quan", "agency concerned"),
    },
    "WithdrawalMode": {
        "whole": _("toàn bộ lần nhập", "the whole import"),
        "untouched": _("chỉ các đơn chưa ai xử lý", "only cases that nobody worked on"),
    },
    "WithdrawalScope": {
        "whole": _("toàn bộ nội dung", "whole"),
        "part": _("một phần nội dung", "part"),
    },
    "WithdrawalForm": {
        "letter": _("bằng đơn", "by letter"),
        "minutes": _("bằng biên bản", "by minutes"),
    },
}
