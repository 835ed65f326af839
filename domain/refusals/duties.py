"""Holds the refusals of acts that an earlier act made due."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording, cannot_at_stage


class DutyRefusal(RefusalCode):
    """Refuses acts that nothing made due, or that come before what made them due."""

    NOT_OWED = Wording(
        "hồ sơ không có việc nào đang phải làm thuộc loại “{duty}”",
        "nothing of the kind “{duty}” is owed here now",
        _("xem các việc phải làm trong phần thời hạn của hồ sơ", "see in the limits of the file what is owed"),
    )
    NOTHING_OWED = Wording(
        "hồ sơ không có việc nào đang phải làm",
        "nothing is owed here now",
        Instead.NOTHING,
    )
    NO_SUCH_DUTY = Wording(
        "hồ sơ không có việc “{duty}” nào đang phải làm cho “{subject}”",
        "nothing of the kind “{duty}” is owed for “{subject}”",
        _("ghi đúng đơn vị hoặc số quyết định đã nêu trong phần thời hạn", "name the unit or decision of the limits"),
    )
    BEFORE_IT_WAS_OWED = Wording(
        "việc “{duty}” chỉ phải làm từ ngày {since}; không thể đã làm trước ngày đó",
        "“{duty}” is owed since {since}; it cannot have been done before",
        _("ghi ngày đó hoặc ngày sau", "record that day or a later one"),
    )
    ONLY_ON_A_COMPLAINT = Wording(
        "chỉ yêu cầu cung cấp thông tin, tài liệu theo Luật Khiếu nại khi giải quyết khiếu nại",
        "documents are requested by the law on complaints for a complaint alone",
        Instead.NOTHING,
    )
    CANNOT_REQUEST_DOCUMENTS = cannot_at_stage(
        "yêu cầu cung cấp thông tin, tài liệu", "have documents requested for it"
    )
    NO_CONCLUSION = Wording(
        "hồ sơ chưa có kết luận nội dung tố cáo để xử lý",
        "there is no conclusion of a denunciation to act on",
        _("ghi kết luận nội dung tố cáo trước", "record the conclusion first"),
    )
    BEFORE_THE_CONCLUSION = Wording(
        "kết luận nội dung tố cáo ban hành ngày {on}; không thể có kết quả xử lý trước ngày đó",
        "the conclusion is of {on}; no result of it was there before",
        _("ghi ngày đó hoặc ngày sau", "record that day or a later one"),
    )
