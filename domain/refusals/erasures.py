"""Holds the refusals of erasures of personal data."""

from domain.labels import bilingual_text as _
from domain.refusals.code import RefusalCode, Wording


class ErasureRefusal(RefusalCode):
    """Refuses an erasure; `reference` names the petition."""

    NO_PETITION_TO_ERASE = Wording(
        "không có đơn nào có số hoặc mã {reference}",
        "there is no petition with the number or id {reference}",
        _("kiểm tra lại số đơn trong sổ", "check the number in the register"),
    )
    ERASED_ONLY_WHEN_CLOSED = Wording(
        "đơn {reference} chưa kết thúc: còn phải biết người gửi là ai",
        "the petition {reference} is not closed: who sent it must still be known",
        _("kết thúc việc giải quyết trước, rồi mới xóa", "close it first, then erase"),
    )
