"""Holds the refusals of every kind of reviewed change: its proposal, approval and application."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording


class ReviewedChangeRefusal(RefusalCode):
    """Refuses what one officer proposes and another approves: `kind` is its name, `a_kind` the same with an article."""

    NO_SUCH_CHANGE = Wording(
        "không có {kind} nào có mã này", "there is no such {kind}", _("kiểm tra lại mã", "check its id")
    )
    ANOTHER_CHANGE_UNDER_WAY = Wording(
        "{kind} {change} đã được phê duyệt nhưng chưa áp dụng cho tất cả các đơn: áp dụng xong trước",
        "the {kind} {change} is approved and not yet applied to all petitions: apply it first",
        Instead.SAID,
    )
    CHANGE_APPROVED_ALREADY = Wording(
        "{kind} này đã được phê duyệt",
        "this {kind} is approved already",
        _("áp dụng nếu chưa áp dụng", "apply it if that is not done yet"),
    )
    OWN_CHANGE = Wording(
        "không ai tự phê duyệt {a_kind} do mình đề nghị",
        "an officer cannot approve {a_kind} of their own",
        _("người khác phê duyệt", "another officer approves it"),
    )
    CHANGE_APPROVED_BEFORE_PROPOSAL = Wording(
        "{kind} được đề nghị ngày {proposed_on}; không thể phê duyệt trước ngày đó",
        "the {kind} was proposed on {proposed_on}; it cannot be approved before",
        _("chọn ngày đó hoặc ngày sau đó", "name that day or a later one"),
    )
    CHANGE_NOT_APPROVED_YET = Wording(
        "{kind} này chưa được phê duyệt",
        "this {kind} is not approved yet",
        _("người khác phê duyệt trước", "another officer approves it first"),
    )
    CHANGE_NOT_IN_EFFECT_YET = Wording(
        "{kind} này có hiệu lực từ ngày {begins}: áp dụng từ ngày đó",
        "this {kind} takes effect on {begins}: apply it then",
        Instead.SAID,
    )
    PROPOSED_FILE_HAS_FAULTS = Wording(
        "tệp có lỗi: {reason}", "the file: {reason}", _("sửa tệp rồi gửi lại", "correct the file, then send it again")
    )
