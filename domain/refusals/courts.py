"""Holds the refusals of court rulings, and of a reopening that is based on one."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording


class CourtRefusal(RefusalCode):
    """Refuses a ruling, and a reopening after a lawsuit."""

    NO_LAWSUIT = Wording(
        "chưa ghi nhận việc khởi kiện vụ án hành chính đối với đơn này",
        "no lawsuit is recorded for this petition",
        _("ghi nhận việc khởi kiện trước", "enter the lawsuit first"),
    )
    RULING_BEFORE_LAWSUIT = Wording(
        "bản án, quyết định của Tòa án có ngày trước ngày khởi kiện {sued_on}",
        "the ruling lies before the lawsuit of {sued_on}",
        _("kiểm tra lại ngày của bản án, quyết định", "check the day of the ruling"),
    )
    RULING_RECORDED_ALREADY = Wording(
        "bản án, quyết định số {ruling_no} đã được ghi nhận như vậy",
        "the ruling {ruling_no} is recorded like this already",
        _(
            "ghi lại bản án, quyết định đó khi hiệu lực của nó thay đổi",
            "record it once more when its legal effect changes",
        ),
    )
    COURT_HAS_NOT_RULED = Wording(
        "vụ việc đã được khởi kiện, chưa ghi nhận bản án, quyết định của Tòa án",
        "the matter is at court, and no ruling is recorded",
        _(
            "ghi nhận bản án, quyết định của Tòa án trước; chỉ giải quyết lại khi quyết định bị hủy",
            "record the ruling first; it is reopened where the decision is annulled",
        ),
    )
    NOT_ANNULLED = Wording(
        "Tòa án không hủy quyết định: kết quả là “{outcome}”",
        "the court did not annul the decision: the outcome is “{outcome}”",
        Instead.NOTHING,
    )
    RULING_NOT_IN_FORCE = Wording(
        "bản án, quyết định số {ruling_no} {force}",
        "the ruling {ruling_no} is {force}",
        _(
            "giải quyết lại khi bản án, quyết định đã có hiệu lực pháp luật; ghi nhận điều đó trước",
            "reopen once it is in force; record that first",
        ),
    )
    REOPENED_BEFORE_RULING = Wording(
        "không thể giải quyết lại trước ngày của bản án, quyết định, {ruled_on}",
        "a petition cannot be reopened before the ruling of {ruled_on}",
        _("ghi ngày đó hoặc ngày sau đó", "name that day or a later one"),
    )
