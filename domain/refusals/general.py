"""Holds the refusals of every command: who acts, when, and on what."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording


class GeneralRefusal(RefusalCode):
    """Refuses what any command may run into."""

    DAY_IN_FUTURE = Wording(
        "ngày {day} chưa đến; hôm nay là {today}",
        "{day} lies in the future; today is {today}",
        _("ghi nhận từ ngày đó trở đi", "record it from that day on"),
    )
    RECEIVED_ALREADY = Wording(
        "đơn này đã được tiếp nhận",
        "this petition is received already",
        _("ghi nhận những việc tiếp theo của đơn này", "record what follows on this petition"),
    )
    NO_SUCH_PETITION = Wording(
        "không có đơn này",
        "there is no such petition",
        _("kiểm tra lại số hoặc mã đơn", "check its number or id"),
    )
    BEFORE_RECEIPT = Wording(
        "đơn được tiếp nhận ngày {received_on}; không việc nào của đơn xảy ra trước ngày đó",
        "the petition was received on {received_on}; nothing can have happened to it before",
        _(
            "nếu ngày tiếp nhận ghi sai thì đề nghị đính chính",
            "if the day of receipt is wrong, propose its correction",
        ),
    )
    BEFORE_EARLIER_ACT = Wording(
        "{act} ngày {acted_on}; việc này không thể xảy ra trước ngày đó",
        "{act} on {acted_on}; this cannot have happened before",
        _(
            "ghi ngày đó hoặc ngày sau đó; nếu ngày của việc trước ghi sai thì đề nghị đính chính",
            "name that day or a later one; if the day of the earlier act is wrong, propose its correction",
        ),
    )
    DATED_BACK_OVER_DUE_DATE = Wording(
        "thời hạn {due_on} đã hết; việc ghi lùi về ngày {on} sẽ làm mất hoặc giảm việc quá hạn, không ai làm một mình",
        "the due date {due_on} has passed; an act dated back to {on} would take lateness away, which nobody does alone",
        _(
            "ghi việc này với ngày hôm nay hoặc một ngày sau thời hạn, rồi đề nghị đính chính ngày của việc để người"
            " khác phê duyệt",
            "record it with today's day or a day after the due date, then propose the correction of its day, which"
            " another officer approves",
        ),
    )
    MEETING_RECORDED_AFTER_DUE_DATE = Wording(
        "thời hạn {due_on} đã hết mà đến ngày đó chưa có người khác ghi nhận cuộc họp ngày {on}; trả lời tại cuộc họp"
        " này không được ghi lùi qua thời hạn",
        "the due date {due_on} has passed, and nobody else had recorded by then that the meeting of {on} was held; an"
        " answer there is not dated back over the due date",
        _(
            "ghi trả lời bằng văn bản với ngày hôm nay, rồi đề nghị đính chính ngày trả lời để người khác phê duyệt",
            "record the answer in writing with today's day, then propose the correction of the day of the answer, which"
            " another officer approves",
        ),
    )
    NOTHING_TO_CONFIRM = Wording(
        "không có gì phải xác nhận về: {codes}",
        "nothing is in doubt that could be confirmed: {codes}",
        _("bỏ các mã đó khỏi “confirm”", "leave these codes out of “confirm”"),
    )
    NEEDS_ONE_OF_ROLES = Wording(
        "việc này cần một trong các vai trò: {roles}", "this needs one of the roles: {roles}", Instead.SAID
    )
    NEEDS_ROLE = Wording("việc này cần vai trò: {role}", "this needs the role: {role}", Instead.SAID)
