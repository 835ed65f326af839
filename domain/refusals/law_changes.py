"""Holds the refusals of changes of law alone."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording


class LawChangeRefusal(RefusalCode):
    """Refuses a file of rules or days, and a review that does not hold any more."""

    LAW_CHANGED_SINCE_REVIEW = Wording(
        "quy định đang áp dụng đã thay đổi từ khi rà soát: rà soát và đề nghị lại",
        "the law in force has changed since this was reviewed: review and propose it again",
        Instead.SAID,
    )
    LAW_FILE_OF_NEWER_PROGRAM = Wording(
        "thay đổi quy định tính thời hạn được ghi theo định dạng {file_format}, chương trình này không đọc được (chỉ"
        " đọc đến định dạng {newest}): dùng chương trình mới hơn đã đề nghị thay đổi đó",
        "a change of law is written in format {file_format}, which this program cannot read (it reads up to {newest}):"
        " use the newer program that proposed it",
        Instead.SAID,
    )
    LAW_FILE_HAS_FAULTS = Wording(
        "tệp quy định hoặc lịch làm việc có lỗi: {reason}",
        "{reason}",
        _("sửa tệp rồi gửi lại", "correct the file, then send it again"),
    )
    LAW_FILE_SAYS_NOTHING_NEW = Wording(
        "tệp không có gì mới về quy định tính thời hạn",
        "the file says nothing new of what dates are counted by",
        Instead.NOTHING,
    )
    CALENDAR_VERSION_IN_FORCE = Wording(
        "lịch làm việc {calendar} đang được áp dụng: đặt cho lịch mới một phiên bản riêng",
        "the calendar {calendar} is the one in force: give the new one a version of its own",
        Instead.SAID,
    )
    RULE_ENDS_WITHOUT_SUCCESSOR = Wording(
        "quy định {rule} hết hiệu lực ngày {last} mà không có quy định thay thế: bổ sung quy định thay thế, hoặc ghi"
        " without_successor = true",
        "the rule {rule} ends on {last} and no rule takes its place: add the one that does, or say"
        " without_successor = true",
        Instead.SAID,
    )
    RULE_SAYS_SOMETHING_ELSE = Wording(
        "quy định {rule} đã có và có nội dung khác: đặt cho quy định mới một phiên bản mới",
        "the rule {rule} is on file and says something else: give the new one a new version",
        Instead.SAID,
    )
