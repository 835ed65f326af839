"""Holds the refusals of meetings: conferences, reception days, their minutes and conclusions."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording

_THAT_DAY_OR_LATER = _("chọn ngày đó hoặc ngày sau đó", "name that day or a later one")
_RECORD_HELD_FIRST = _("ghi nhận việc tổ chức trước", "record first that it was held")
_ISSUE_FIRST = _("ghi nhận việc ban hành thông báo kết luận trước", "record the notice first")
_PLAN_ANOTHER = _("lập kế hoạch hội nghị, buổi tiếp khác", "plan another meeting")
_CHECK_ID = _("kiểm tra lại mã", "check its id")


class MeetingRefusal(RefusalCode):
    """Refuses plans, days, minutes, conclusions and their tasks."""

    NO_TOPIC_BUT_NEAR_ONES = Wording(
        "không có lĩnh vực “{topic}”; gần nhất là: {topics}",
        "there is no topic “{topic}”; the nearest are: {topics}",
        _("nêu một lĩnh vực đã ghi", "name a topic as it was entered"),
    )
    NO_SUCH_TOPIC = Wording(
        "không có lĩnh vực “{topic}”",
        "there is no topic “{topic}”",
        _("nêu một lĩnh vực đã ghi", "name a topic as it was entered"),
    )
    POSITION_WITHOUT_NAME = Wording(
        "chức vụ không thay cho họ tên: phải nêu người lẽ ra chủ trì",
        "a position alone names nobody: say who should have chaired it",
        Instead.SAID,
    )
    HOT_SPOT_NAMED_TWICE = Wording(
        "một địa bàn, lĩnh vực được đối thoại được nêu hai lần",
        "a hot spot is named twice",
        _("nêu mỗi địa bàn, lĩnh vực một lần", "name each place and topic once"),
    )
    MEETING_ON_RECORD_ALREADY = Wording(
        "hội nghị, buổi tiếp này đã được ghi nhận",
        "this meeting is on record already",
        _("ghi nhận những việc tiếp theo của hội nghị, buổi tiếp này", "record what follows on this meeting"),
    )
    NO_SUCH_MEETING = Wording("chưa ghi nhận hội nghị, buổi tiếp này", "there is no such meeting on record", _CHECK_ID)
    MEETING_RECORD_WITHDRAWN = Wording(
        "ghi nhận về hội nghị, buổi tiếp này đã thu hồi ngày {on}",
        "the record of this meeting was withdrawn on {on}",
        _("ghi nhận lại bằng mã khác nếu có tổ chức", "if it was held all the same, record it under another id"),
    )
    NO_SUCH_FIELD_OF_MEETING = Wording(
        "hội nghị, buổi tiếp này không có mục {path} để đính chính",
        "nothing that was entered of this meeting has a field {path} that could be corrected",
        _("xem lại diễn biến của hội nghị, buổi tiếp", "look it up in the history of the meeting"),
    )
    NO_VALUE_OF_FIELD = Wording(
        "giá trị đính chính không đúng kiểu của mục {path}",
        "the value is none that the field {path} can have",
        _("ghi giá trị đúng kiểu như khi nhập", "give a value as the entry took it"),
    )
    NO_CHANGE_PROPOSED = Wording(
        "không có đề nghị nào như vậy đang chờ phê duyệt",
        "no such proposal waits for approval",
        _("xem lại diễn biến, hoặc đề nghị lại", "look at the history of the meeting, or propose it again"),
    )
    OWN_MEETING_CHANGE = Wording(
        "không ai tự phê duyệt đề nghị của mình",
        "an officer cannot approve a proposal of their own",
        _("người khác phê duyệt", "another officer approves it"),
    )
    PETITIONS_REST_ON_MEETING = Wording(
        "còn {count} đơn gắn với hội nghị, buổi tiếp này: {references}",
        "{count} petitions rest on this meeting: {references}",
        _(
            "đính chính các đơn đó trước: nơi tiếp nhận, danh mục, kết quả trả lời",
            "correct those petitions first: where they were raised, prepared or answered",
        ),
    )
    MEETING_WAS_CANCELLED = Wording(
        "hội nghị, buổi tiếp dự kiến ngày {planned_for} đã hủy ngày {cancelled_on}",
        "the meeting planned for {planned_for} was cancelled on {cancelled_on}",
        _PLAN_ANOTHER,
    )
    MEETING_NOT_HELD = Wording(
        "hội nghị, buổi tiếp dự kiến ngày {planned_for} và chưa được ghi nhận là đã tổ chức",
        "the meeting is planned for {planned_for} and is not on record as held",
        _RECORD_HELD_FIRST,
    )
    MEETING_HELD_ON_ANOTHER_DAY = Wording(
        "hội nghị, buổi tiếp tổ chức ngày {held_on}, không phải ngày {on}",
        "the meeting was held on {held_on}, not on {on}",
        Instead.SAID,
    )
    PLANNED_FOR_PAST_DAY = Wording(
        "không thể lập kế hoạch cho ngày trước ngày lập: ghi nhận là đã tổ chức",
        "a meeting cannot be planned for a day before the plan: record it as held",
        Instead.SAID,
    )
    NO_RECEPTION_DAY = Wording(
        "thường xuyên, định kỳ, đột xuất là của tiếp công dân; hội nghị không có các hình thức này",
        "regular, periodic and extraordinary are reception days; a conference is none of them",
        _("bỏ hình thức tiếp", "leave the type of reception out"),
    )
    CANCELLED_IS_NOT_ANNOUNCED = Wording(
        "hội nghị, buổi tiếp đã hủy thì không thông báo",
        "a meeting that was cancelled cannot be announced",
        _PLAN_ANOTHER,
    )
    ANNOUNCED_AFTER_MEETING = Wording(
        "hội nghị, buổi tiếp là ngày {day}: không thể thông báo sau ngày đó",
        "the meeting is of {day}: it cannot have been announced after it",
        _("ghi ngày thông báo đến hết ngày đó", "name that day or an earlier one"),
    )
    ANNOUNCED_ALREADY = Wording(
        "hội nghị, buổi tiếp ngày {day} đã được thông báo",
        "the meeting was announced for {day} already",
        Instead.NOTHING,
    )
    PLANNED_FOR_THAT_DAY = Wording(
        "hội nghị, buổi tiếp đã dự kiến ngày {day}",
        "the meeting is planned for {day} already",
        _("chọn ngày khác", "name another day"),
    )
    MOVED_TO_PAST_DAY = Wording(
        "không thể dời đến ngày đã qua khi dời",
        "a meeting cannot be moved to a day that had passed when it was moved",
        _THAT_DAY_OR_LATER,
    )
    HELD_IS_NOT_HELD_AGAIN = Wording(
        "hội nghị, buổi tiếp đã tổ chức ngày {on}, không ghi nhận tổ chức lại",
        "a meeting that was held, on {on}, cannot be held again",
        Instead.NOTHING,
    )
    HELD_IS_NOT_MOVED = Wording(
        "hội nghị, buổi tiếp đã tổ chức ngày {on}, không thể dời ngày",
        "a meeting that was held, on {on}, cannot be moved",
        Instead.NOTHING,
    )
    HELD_IS_NOT_CANCELLED = Wording(
        "hội nghị, buổi tiếp đã tổ chức ngày {on}, không thể hủy",
        "a meeting that was held, on {on}, cannot be cancelled",
        Instead.NOTHING,
    )
    CANCELLED_IS_NOT_HELD = Wording(
        "hội nghị, buổi tiếp đã hủy ngày {on}, không ghi nhận tổ chức được",
        "a meeting that was cancelled, on {on}, cannot be held",
        _PLAN_ANOTHER,
    )
    CANCELLED_IS_NOT_MOVED = Wording(
        "hội nghị, buổi tiếp đã hủy ngày {on}, không thể dời ngày",
        "a meeting that was cancelled, on {on}, cannot be moved",
        _PLAN_ANOTHER,
    )
    CANCELLED_ALREADY = Wording(
        "hội nghị, buổi tiếp đã hủy ngày {on}",
        "a meeting that was cancelled, on {on}, cannot be cancelled",
        Instead.NOTHING,
    )
    PLANNED_FOR_ANOTHER_DAY = Wording(
        "hội nghị, buổi tiếp dự kiến ngày {planned_for}: nếu tổ chức ngày khác thì dời ngày trước",
        "the meeting is planned for {planned_for}: move it first if it was held on another day",
        Instead.SAID,
    )
    POSITION_OF_OTHER_CHAIR = Wording(
        "phải nêu chức vụ của người chủ trì khác với dự kiến",
        "say in which position somebody other than planned chaired the meeting",
        Instead.SAID,
    )
    NOT_HELD_HAS_NO_MINUTES = Wording(
        "hội nghị, buổi tiếp chưa tổ chức thì không có biên bản",
        "a meeting that was not held has no minutes",
        _RECORD_HELD_FIRST,
    )
    MINUTES_BEFORE_MEETING = Wording(
        "hội nghị, buổi tiếp tổ chức ngày {held_on}; biên bản không thể có trước ngày đó",
        "the meeting was held on {held_on}; its minutes cannot be older",
        _THAT_DAY_OR_LATER,
    )
    MINUTES_ENTERED_ALREADY = Wording(
        "biên bản “{minutes_no}” của hội nghị, buổi tiếp này đã được nhập",
        "the minutes “{minutes_no}” of this meeting are entered already",
        Instead.NOTHING,
    )
    CHAIR_INSTEAD_OF_THEMSELVES = Wording(
        "không ai chủ trì thay cho chính mình",
        "nobody chairs a meeting instead of themselves",
        _("bỏ tên người được thay", "leave out who should have chaired it"),
    )
    NOT_HELD_HAS_NO_CONCLUSION = Wording(
        "hội nghị, buổi tiếp chưa tổ chức thì không có kết luận",
        "a meeting that was not held has no conclusion",
        _RECORD_HELD_FIRST,
    )
    CONCLUDED_BEFORE_MEETING = Wording(
        "hội nghị, buổi tiếp tổ chức ngày {held_on}; không thể kết luận trước ngày đó",
        "the meeting was held on {held_on}; it cannot have been concluded before",
        _THAT_DAY_OR_LATER,
    )
    NOTICE_ENTERED_ALREADY = Wording(
        "thông báo kết luận “{document_no}” của hội nghị, buổi tiếp này đã được nhập",
        "the conclusion notice “{document_no}” of this meeting is entered already",
        Instead.NOTHING,
    )
    TASK_DUE_BEFORE_NOTICE = Wording(
        "một việc có thời hạn trước ngày thông báo kết luận giao việc đó",
        "a task is due before the notice that gives it",
        _THAT_DAY_OR_LATER,
    )
    NO_NOTICE_TO_PUBLISH = Wording(
        "chưa ghi nhận thông báo kết luận nào của hội nghị, buổi tiếp này để công khai",
        "no conclusion notice of this meeting is on record that could be published",
        _ISSUE_FIRST,
    )
    NO_NOTICE_TO_CARRY_OUT = Wording(
        "chưa ghi nhận thông báo kết luận nào của hội nghị, buổi tiếp này để thực hiện",
        "no conclusion notice of this meeting is on record that could be carried out",
        _ISSUE_FIRST,
    )
    PUBLISHED_BEFORE_NOTICE = Wording(
        "thông báo kết luận ban hành ngày {on}; không thể công khai trước ngày đó",
        "the conclusion notice is of {on}; it cannot be published before",
        _THAT_DAY_OR_LATER,
    )
    CARRIED_OUT_BEFORE_NOTICE = Wording(
        "thông báo kết luận ban hành ngày {on}; không thể thực hiện trước ngày đó",
        "the conclusion notice is of {on}; it cannot be carried out before",
        _THAT_DAY_OR_LATER,
    )
    PUBLISHED_ALREADY = Wording(
        "thông báo kết luận đã được công khai ngày {on}",
        "the conclusion notice was published on {on} already",
        Instead.NOTHING,
    )
    NO_SUCH_TASK = Wording(
        "thông báo kết luận không có việc số {number}",
        "the conclusion notice has no task {number}",
        _("xem lại các việc trong thông báo kết luận", "look it up in the notice"),
    )
    TASK_DONE_ALREADY = Wording(
        "việc số {number} trong thông báo kết luận đã hoàn thành",
        "task {number} of the conclusion notice is done already",
        Instead.NOTHING,
    )
