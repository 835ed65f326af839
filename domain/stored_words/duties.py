"""Holds the words of duties: what was done, and to whom it went."""

from collections.abc import Mapping

from domain.labels import BilingualText
from domain.labels import bilingual_text as _

DUTY_WORDS: Mapping[str, Mapping[str, BilingualText]] = {
    "Recipient": {
        "petitioner": _("người khiếu nại, tố cáo, kiến nghị, phản ánh", "petitioner"),
        "respondent": _("người bị khiếu nại, người bị tố cáo", "who is complained of or denounced"),
        "related": _("người có quyền, nghĩa vụ liên quan", "person with related rights and duties"),
        "managing_body": _("cơ quan quản lý người bị tố cáo", "the body above the denounced"),
        "referrer": _("nơi chuyển đơn", "who passed it on"),
        "superior_body": _("cấp trên trực tiếp", "the superior"),
        "state_inspectorate": _("cơ quan thanh tra nhà nước", "the State inspectorate"),
    },
    "DutyAct": {
        "party_head_notice_sent": _("thông báo của người đứng đầu cấp ủy", "notice of the head of the Party committee"),
        "referrer_answered": _("trả lời, thông báo kết quả cho nơi chuyển đơn", "reply to who passed it on"),
        "acceptance_notice_sent": _("thông báo việc thụ lý tố cáo", "notice of acceptance sent"),
        "documents_supplied": _("cung cấp thông tin, tài liệu", "documents supplied"),
        "suspension_decision_sent": _(
            "gửi quyết định tạm đình chỉ, đình chỉ, tiếp tục giải quyết",
            "decision to suspend, terminate or resume sent",
        ),
        "decision_sent": _("gửi quyết định giải quyết khiếu nại", "decision sent"),
        "decision_published": _("công khai quyết định giải quyết khiếu nại", "decision published"),
        "conclusion_sent": _("gửi, thông báo kết luận nội dung tố cáo", "conclusion sent"),
        "conclusion_published": _("công khai kết luận nội dung tố cáo", "conclusion published"),
        "conclusion_acted_on": _("xử lý theo kết luận nội dung tố cáo", "acted on the conclusion"),
        "action_reported": _("báo cáo kết quả xử lý theo kết luận", "report on what was done"),
        "overdue_report_demanded": _("yêu cầu báo cáo việc giải quyết tố cáo quá hạn", "report on lateness demanded"),
        "overdue_reported": _("báo cáo việc giải quyết tố cáo quá hạn", "report on lateness made"),
    },
}
