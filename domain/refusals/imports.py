"""Holds the refusals of withdrawals of imports."""

from domain.labels import bilingual_text as _
from domain.refusals.code import RefusalCode, Wording


class ImportRefusal(RefusalCode):
    """Refuses the withdrawal of an import: `source` is the name that the mapping gave the source."""

    NOTHING_IMPORTED = Wording(
        "không có đơn nào nhập từ nguồn “{source}” mà chưa thu hồi",
        "nothing that was imported from {source} is left to withdraw",
        _(
            "xem các lần nhập: `kiennghi imports list`",
            "see which imports there are: `kiennghi imports list`",
        ),
    )
    WORKED_ON_SINCE = Wording(
        "đã có người xử lý {count} đơn của lần nhập này sau khi nhập: {references}",
        "somebody has worked on {count} petitions of this import since: {references}",
        _(
            "chọn cách “untouched” để thu hồi các đơn còn lại, rồi đính chính từng đơn đã xử lý",
            "withdraw the others with the mode `untouched`, then correct each of those that were worked on",
        ),
    )
    ALL_WORKED_ON_SINCE = Wording(
        "đã có người xử lý tất cả {count} đơn của lần nhập này",
        "somebody has worked on all {count} petitions of this import",
        _("đính chính từng đơn", "correct each of them"),
    )
