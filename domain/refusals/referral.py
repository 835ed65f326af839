"""Holds the refusals of what this authority does not answer itself, and of duplicate letters."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording, cannot_at_stage


class ReferralRefusal(RefusalCode):
    """Refuses transfer, return, guidance, filing, use as information, and the link to a first letter."""

    CANNOT_TRANSFER = cannot_at_stage("chuyển đơn", "be transferred")
    TRANSFERRED_ONCE_ALREADY = Wording(
        "đơn này đã được chuyển một lần; không chuyển lại đơn có cùng nội dung",
        "this petition was transferred once already; the same content is not transferred again",
        _(
            "hướng dẫn công dân, trả lại đơn hoặc lưu đơn",
            "guide the citizen, return the petition or file it",
        ),
    )
    COMPLAINT_IS_GUIDED = Wording(
        "khiếu nại không thuộc thẩm quyền thì hướng dẫn, không chuyển đơn, trừ khi do cơ quan, người có trách nhiệm"
        " chuyển đến",
        "a complaint outside our competence is guided, not transferred, unless a body referred it",
        Instead.SAID,
    )
    CANNOT_HAVE_TRANSFER_REPLY = cannot_at_stage(
        "ghi nhận trả lời của nơi được chuyển đơn, được đôn đốc", "have a reply of another body"
    )
    CANNOT_RETURN = cannot_at_stage("trả lại đơn", "be returned")
    CANNOT_GUIDE = cannot_at_stage("hướng dẫn công dân", "be guided elsewhere")
    CANNOT_FILE = cannot_at_stage("lưu đơn", "be filed")
    CANNOT_HANDLE_AS_INFORMATION = cannot_at_stage(
        "xử lý như thông tin có nội dung tố cáo", "be handled as information"
    )
    ONLY_DENUNCIATION_IS_INFORMATION = Wording(
        "chỉ xử lý như thông tin đối với đơn có nội dung tố cáo",
        "only a denunciation is handled as information",
        _("nếu loại đơn ghi sai thì phân loại lại", "if the kind is wrong, classify it again"),
    )
    CANNOT_MARK_DUPLICATE = cannot_at_stage("xác định là đơn trùng", "be marked as a duplicate")
    CANNOT_MARK_WITH_DUPLICATES = Wording(
        "đơn có {links} đơn trùng liên kết đến, không thể xác định là đơn trùng",
        "a petition to which letters are linked as duplicates ({links}) cannot be marked as a duplicate:"
        " undo that first",
        _("hủy xác định đơn trùng của các đơn đó trước", "undo the links of those letters first"),
    )
    DUPLICATE_OF_ITSELF = Wording(
        "đơn không thể trùng với chính nó",
        "a petition is not a duplicate of itself",
        _("nêu số của đơn đầu tiên", "name the first letter"),
    )
    FIRST_LETTER_UNKNOWN = Wording(
        "không có đơn được nêu là đơn đầu tiên",
        "the petition that it would repeat does not exist",
        _("kiểm tra lại số của đơn đầu tiên", "check the number of the first letter"),
    )
    FIRST_LETTER_IS_NONE = Wording(
        "đơn được nêu đang ở giai đoạn “{stage}”; nêu đơn đầu tiên",
        "the petition that it would repeat is {stage}; name the first one",
        Instead.SAID,
    )
    FIRST_LETTER_ENDED_UNANSWERED = Wording(
        "đơn được nêu đã kết thúc ở giai đoạn “{stage}”, không có trả lời cho đơn này",
        "the petition that it would repeat is {stage}: nobody will answer this one with it",
        _("xử lý đơn này như một đơn riêng", "handle this one as a letter of its own"),
    )
    FIRST_LETTER_OF_ANOTHER_KIND = Wording(
        "đơn này là {kind}, đơn được nêu thì không: không thể kết thúc cùng nhau",
        "this is a {kind} and the petition that it would repeat is none: they do not end together",
        _(
            "nếu loại đơn ghi sai hoặc chưa phân loại thì phân loại trước",
            "classify first the one that is not, or wrongly",
        ),
    )
    FIRST_LETTER_CAME_LATER = Wording(
        "đơn được nêu đến sau, ngày {received_on}: xác định đơn đó trùng với đơn này",
        "the petition that it would repeat came later, on {received_on}: link that one to this",
        Instead.SAID,
    )
    CANNOT_UNMARK_DUPLICATE = cannot_at_stage("hủy xác định đơn trùng", "be unlinked from a first letter")
    UNLINKED_BEFORE_LINK = Wording(
        "đơn được xác định là đơn trùng ngày {linked_on}, không thể hủy trước ngày đó",
        "the link was made on {linked_on} and cannot end before",
        _("ghi ngày hủy từ ngày đó trở đi", "end it on that day or later"),
    )
