"""Holds the refusals of intake: from the receipt of a petition to its acceptance."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording, cannot_at_stage

_UNLINK_FIRST = _("hủy xác định đơn trùng của các đơn đó trước", "undo the links of those letters first")


class IntakeRefusal(RefusalCode):
    """Refuses receipt, classification, supplement and acceptance."""

    TOO_MANY_REPRESENTATIVES = Wording(
        "{persons} người khiếu nại, tố cáo, kiến nghị, phản ánh được cử nhiều nhất {allowed} người đại diện",
        "{persons} petitioners may send at most {allowed} of them as representatives",
        Instead.SAID,
    )
    CANNOT_CANCEL_REGISTRATION = cannot_at_stage("hủy số đăng ký", "have its registration cancelled")
    CANNOT_CANCEL_WITH_DUPLICATES = Wording(
        "đơn có {links} đơn trùng liên kết đến, không thể hủy số đăng ký",
        "a petition to which letters are linked as duplicates ({links}) cannot have its registration cancelled:"
        " undo that first",
        _UNLINK_FIRST,
    )
    CANNOT_CANCEL_OVERDUE = Wording(
        "đơn đã quá hạn ngày {due_on}, không thể hủy số đăng ký",
        "a petition that is overdue since {due_on} cannot have its registration cancelled",
        _(
            "phân loại rồi xếp lưu đơn, hoặc kết thúc bằng việc khác: việc quá hạn vẫn được tính",
            "classify it and file it without action, or end it otherwise: that it was late is counted",
        ),
    )
    CANNOT_SPLIT = cannot_at_stage("tách riêng từng nội dung", "be split")
    CANNOT_CLASSIFY = cannot_at_stage("phân loại", "be classified")
    ELIGIBLE_WITH_FAILED_CONDITIONS = Wording(
        "đơn đủ điều kiện xử lý thì không có điều kiện nào không đạt",
        "an eligible petition has no failed conditions",
        _(
            "bỏ các điều kiện không đạt, hoặc ghi là đơn không đủ điều kiện xử lý",
            "leave the conditions out, or say that the petition is not eligible",
        ),
    )
    INELIGIBLE_WITHOUT_CONDITIONS = Wording(
        "phải nêu đơn không đủ điều kiện xử lý nào",
        "say which conditions an ineligible petition fails",
        Instead.SAID,
    )
    CLASSIFICATION_NEEDS_REASON = Wording(
        "thay đổi kết quả phân loại đơn phải nêu lý do",
        "a change of the classification needs its reason",
        Instead.SAID,
    )
    INSTANCE_OF_ANOTHER_KIND = Wording(
        "chỉ đơn {wanted} mới có {instance}",
        "only a {wanted} asks for the instance “{instance}”",
        _("ghi loại đơn là {wanted}, hoặc bỏ lần giải quyết", "say the kind {wanted}, or leave the instance out"),
    )
    NO_EARLIER_DECISION_OF_FIRST = Wording(
        "chỉ khiếu nại lần hai hoặc tố cáo tiếp mới có quyết định, kết luận trước đó",
        "only a second complaint or a further denunciation has an earlier decision",
        _(
            "ghi là khiếu nại lần hai hoặc tố cáo tiếp, hoặc bỏ quyết định trước đó",
            "say the instance second or further, or leave the earlier decision out",
        ),
    )
    EARLIER_DECISION_DAYS_CONTRADICT = Wording(
        "quyết định, kết luận trước đó phải được ban hành rồi công dân mới nhận, chậm nhất là ngày nhận đơn"
        " {received_on}",
        "an earlier decision is issued first, received by the citizen next, and both no later than the receipt of this"
        " petition on {received_on}",
        Instead.SAID,
    )
    CANNOT_ACKNOWLEDGE = cannot_at_stage("thông báo việc tiếp nhận đơn", "be acknowledged")
    CANNOT_ASK_FOR_SUPPLEMENT = cannot_at_stage("yêu cầu bổ sung thông tin, tài liệu", "be sent back for a supplement")
    SUPPLEMENT_BEFORE_REQUEST = Wording(
        "ngày phải bổ sung trước ngày yêu cầu",
        "the day asked for lies before the request",
        _("chọn ngày yêu cầu hoặc ngày sau đó", "ask for the day of the request or a later one"),
    )
    CANNOT_SUPPLEMENT = cannot_at_stage("ghi nhận thông tin, tài liệu bổ sung", "be supplemented")
    CANNOT_ACCEPT = cannot_at_stage("thụ lý", "be accepted")
    CANNOT_REFUSE_ACCEPTANCE = cannot_at_stage("thông báo không thụ lý", "be refused acceptance")
