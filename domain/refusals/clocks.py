"""Holds the refusals of what moves the clocks: reminders, suspension, extension, complexity."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording, cannot_at_stage

_LATER_DAY = _("chọn ngày sau ngày đó", "name a day after that")
_SAME_DAY_OR_LATER = _("chọn ngày đó hoặc ngày sau đó", "name that day or a later one")


class ClockRefusal(RefusalCode):
    """Refuses changes of due dates, and counts that nobody can make."""

    CANNOT_REMIND = cannot_at_stage("đôn đốc", "be urged")
    NO_UNIT_TO_REMIND = Wording(
        "chưa giao đơn vị nào để đôn đốc",
        "no unit is assigned that could be reminded",
        _("phân công trước", "assign it first"),
    )
    ASKED_FOR_BEFORE_REMINDER = Wording(
        "thời hạn theo yêu cầu đôn đốc trước ngày đôn đốc",
        "the day asked for lies before the reminder",
        _SAME_DAY_OR_LATER,
    )
    SUSPENDED_ALREADY = Wording(
        "việc giải quyết đang tạm đình chỉ",
        "the petition is suspended already",
        _("tiếp tục giải quyết", "resume it"),
    )
    CANNOT_SUSPEND = cannot_at_stage("tạm đình chỉ giải quyết", "be suspended")
    NOT_SUSPENDED = Wording(
        "việc giải quyết không bị tạm đình chỉ thì không cần quyết định tiếp tục",
        "a petition that is not suspended cannot be resumed",
        Instead.NOTHING,
    )
    RESUMED_BEFORE_SUSPENSION = Wording(
        "không thể tiếp tục giải quyết trước ngày tạm đình chỉ {suspended_on}",
        "the suspension cannot end before it began on {suspended_on}",
        _SAME_DAY_OR_LATER,
    )
    CLOCK_RESUMED_BEFORE_SUSPENSION = Wording(
        "tiếp tục ngày {resumed_on}, trước ngày tạm đình chỉ {suspended_on}",
        "resumed on {resumed_on}, before it was suspended on {suspended_on}",
        _SAME_DAY_OR_LATER,
    )
    CANNOT_BE_GIVEN_MORE_TIME = cannot_at_stage("gia hạn", "be given more time")
    SUSPENDED_NEEDS_NO_EXTENSION = Wording(
        "đang tạm đình chỉ giải quyết thì không cần gia hạn",
        "a suspended petition needs no extension",
        _("tiếp tục giải quyết trước, nếu cần gia hạn", "resume it first, if it needs more time"),
    )
    NO_SUCH_DATE_TO_EXTEND = Wording(
        "đơn không có thời hạn {clock} để gia hạn",
        "the petition has no {clock} date that could be extended",
        Instead.NOTHING,
    )
    NO_DATE_TO_EXTEND = Wording(
        "đơn không có thời hạn nào đang tính để gia hạn",
        "no clock of the petition runs that could be extended",
        _("người đứng đầu ấn định thời hạn", "the head may set a date"),
    )
    EXTENSION_NOT_AFTER_DUE_DATE = Wording(
        "thời hạn được gia hạn phải kết thúc sau thời hạn hiện nay {due_on}",
        "an extension must end after the present due date {due_on}",
        _LATER_DAY,
    )
    EXTENDED_TO_EARLIER_DAY = Wording(
        "thời hạn được gia hạn phải kết thúc sau thời hạn hiện nay {due_on}, không phải ngày {until}",
        "an extension must end after the present due date {due_on}, not on {until}",
        _LATER_DAY,
    )
    NOBODY_ASKED_FOR_EXTENSION = Wording(
        "chưa có ai đề nghị gia hạn",
        "nobody asked for an extension of this petition",
        _("người được giao giải quyết đề nghị gia hạn trước", "the responsible officer asks for it first"),
    )
    OWN_EXTENSION = Wording(
        "không ai tự quyết định đề nghị gia hạn của mình",
        "an officer cannot grant an extension of their own",
        _("người khác có thẩm quyền quyết định", "another officer decides it"),
    )
    LIMIT_IS_NOT_EXTENDED = Wording(
        "thời hạn {clock} không được gia hạn ({source})",
        "the limit for {clock} is not extended ({source})",
        Instead.NOTHING,
    )
    EXTENDED_ONLY_IF_COMPLEX = Wording(
        "thời hạn {clock} không được gia hạn, trừ khi có văn bản xác định vụ việc phức tạp ({source})",
        "the limit for {clock} is not extended unless it is determined in writing that the matter is complex"
        " ({source})",
        Instead.SAID,
    )
    EXTENDED_TOO_FAR = Wording(
        "gia hạn {limit} kết thúc chậm nhất ngày {latest}, không phải ngày {until} ({source})",
        "an extension by {limit} ends on {latest} at the latest, not on {until} ({source})",
        Instead.SAID,
    )
    NO_ROOM_TO_EXTEND = Wording(
        "thời hạn hiện nay {due_on} đã đến ngày chậm nhất mà một lần gia hạn {limit} cho phép, {latest} ({source})",
        "the present due date {due_on} is as late as an extension by {limit} allows, {latest} ({source})",
        Instead.NOTHING,
    )
    NO_RULE_EXTENDS = Wording(
        "không có quy định nào cho phép gia hạn thời hạn {clock} của đơn này",
        "no rule allows to extend the {clock} limit of this petition",
        Instead.NOTHING,
    )
    EXTENDED_ONCE_ALREADY = Wording(
        "thời hạn này chỉ được gia hạn một lần ({source}), và đã được gia hạn",
        "this limit may be extended once ({source}), and was already",
        Instead.NOTHING,
    )
    EXTENDED_OFTEN_ENOUGH = Wording(
        "thời hạn này chỉ được gia hạn {times} lần ({source}), và đã được gia hạn",
        "this limit may be extended {times} times ({source}), and was already",
        Instead.NOTHING,
    )
    CANNOT_SET_DATE = cannot_at_stage("ấn định thời hạn", "be given a due date")
    HAS_DUE_DATE = Wording(
        "đơn đã có thời hạn; đề nghị gia hạn nếu cần",
        "the petition has a due date; ask for an extension instead",
        Instead.SAID,
    )
    DUE_BEFORE_SETTING = Wording(
        "thời hạn kết thúc trước ngày ấn định",
        "the due date lies before the day on which it is set",
        _SAME_DAY_OR_LATER,
    )
    DECIDED_DATE_IS_NO_COUNT = Wording(
        "thời hạn {due_on} do người có thẩm quyền ấn định, không phải do đếm ngày",
        "the due date {due_on} was set by a decision and is no count",
        Instead.NOTHING,
    )
    CALENDAR_RUNS_OUT = Wording(
        "lịch làm việc {calendar} có các năm từ {first} đến {last}; thời hạn này cần năm {year}, phải được nhập lịch"
        " trước",
        "the working-day calendar {calendar} holds the years {first} to {last}; counting these days needs {year},"
        " which must be put on file first",
        Instead.SAID,
    )
    ONLY_SOME_KINDS_ARE_COMPLEX = Wording(
        "chỉ xác định vụ việc phức tạp đối với khiếu nại, tố cáo",
        "only a complaint or a denunciation is determined to be complex",
        Instead.NOTHING,
    )
    CANNOT_DETERMINE_COMPLEXITY = cannot_at_stage("xác định vụ việc phức tạp", "be determined to be complex")
    CRITERION_TWICE = Wording(
        "một tiêu chí được nêu hai lần", "a criterion is named twice", _("nêu mỗi tiêu chí một lần", "name each once")
    )
    COMPLEX_ALREADY = Wording(
        "đã có văn bản xác định là {complexity}",
        "the petition is determined to be {complexity} already",
        Instead.NOTHING,
    )
