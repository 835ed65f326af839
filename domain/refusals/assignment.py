"""Holds the refusals of who must answer: assignment, reassignment, start of work, and the dialogue of a complaint."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording, cannot_at_stage

_LATER_DATE = _("chọn ngày đó hoặc ngày sau đó", "name that day or a later one")


class AssignmentRefusal(RefusalCode):
    """Refuses the naming of a unit, its dates, and its first steps."""

    MUST_BE_ACCEPTED_FIRST = Wording(
        "{kind} phải được thụ lý trước khi phân công",
        "a {kind} must be accepted before it is assigned",
        Instead.SAID,
    )
    CANNOT_ASSIGN = cannot_at_stage("phân công", "be assigned")
    SIGNER_WITHOUT_NAME = Wording(
        "chức vụ không thay cho họ tên người ký: phải nêu người ký thông báo",
        "a position alone names nobody: say who signed the notice",
        Instead.SAID,
    )
    LEAD_UNIT_COORDINATES = Wording(
        "cơ quan, đơn vị chủ trì không thể đồng thời phối hợp",
        "the lead unit cannot also be a coordinating unit",
        _("bỏ tên đơn vị đó khỏi danh sách phối hợp", "leave it out of the coordinating units"),
    )
    COORDINATING_UNIT_TWICE = Wording(
        "một cơ quan, đơn vị phối hợp được nêu hai lần",
        "a coordinating unit is named twice",
        _("nêu mỗi đơn vị một lần", "name each unit once"),
    )
    DUE_BEFORE_ASSIGNMENT = Wording(
        "thời hạn kết thúc trước ngày phân công", "the due date lies before the assignment", _LATER_DATE
    )
    COORDINATING_UNIT_HAS_TWO_DATES = Wording(
        "một cơ quan, đơn vị phối hợp có hai thời hạn",
        "a coordinating unit has two dates",
        _("nêu mỗi đơn vị một thời hạn", "name one date for each unit"),
    )
    DATE_OF_NO_COORDINATING_UNIT = Wording(
        "“{unit}” có thời hạn nhưng không có trong danh sách phối hợp",
        "“{unit}” has a date and is not named as a coordinating unit",
        _("thêm vào danh sách phối hợp hoặc bỏ thời hạn", "name it as one, or leave the date out"),
    )
    CONTRIBUTION_OUTSIDE_TERM = Wording(
        "thời hạn của “{unit}” phải từ ngày phân công đến thời hạn của cơ quan, đơn vị chủ trì",
        "the date of “{unit}” must lie between the assignment and the lead unit's date",
        Instead.SAID,
    )
    NOTICE_OF_MEETING_NOT_HELD = Wording(
        "thông báo kết luận chỉ có sau khi hội nghị, buổi tiếp đã tổ chức; việc này chưa được ghi nhận",
        "a notice follows a meeting that was held; this one is not on record as held",
        _("ghi nhận hội nghị, buổi tiếp đã tổ chức trước", "record first that the meeting was held"),
    )
    ASSIGNED_BEFORE_MEETING = Wording(
        "hội nghị, buổi tiếp tổ chức ngày {held_on}; không có việc nào được giao tại đó trước ngày này",
        "the meeting was held on {held_on}; nothing was assigned by it before",
        _("ghi ngày phân công từ ngày đó trở đi", "assign it on that day or later"),
    )
    CANNOT_REASSIGN = cannot_at_stage("phân công lại", "be reassigned")
    SUSPENDED_BEFORE_ASSIGNMENT = Wording(
        "đơn bị tạm đình chỉ trước khi phân công, không thể phân công lại",
        "a petition that was suspended before it was assigned cannot be reassigned",
        _("tiếp tục giải quyết, rồi phân công", "resume it, then assign it"),
    )
    LIES_THERE_ALREADY = Wording(
        "đơn đã do người đó của đơn vị đó giải quyết",
        "the petition lies with that officer of that unit already",
        _("nêu đơn vị hoặc người khác", "name another unit or officer"),
    )
    NEW_DATE_BEFORE_REASSIGNMENT = Wording(
        "thời hạn mới kết thúc trước ngày phân công lại", "the new due date lies before the reassignment", _LATER_DATE
    )
    HEADS_DATE_HAS_PASSED = Wording(
        "thời hạn do người đứng đầu ấn định đã qua; phân công lại không xóa việc quá hạn",
        "the head's date has passed; a reassignment does not undo the lateness",
        _("phân công lại mà không đổi thời hạn", "reassign it without a new date"),
    )
    CANNOT_START_WORK = cannot_at_stage("bắt đầu giải quyết", "be started")
    NOT_THE_ASSIGNED_UNIT = Wording(
        "chỉ đơn vị được giao “{unit}” mới bắt đầu giải quyết được",
        "only the assigned unit “{unit}” can start the work",
        Instead.SAID,
    )
    CANNOT_DELIVER_CONTRIBUTION = cannot_at_stage("gửi ý kiến phối hợp", "have a contribution delivered")
    NOT_A_COORDINATING_UNIT = Wording(
        "chỉ cơ quan, đơn vị phối hợp mới gửi ý kiến phối hợp",
        "only a coordinating unit delivers a contribution",
        _(
            "nêu đơn vị đó là đơn vị phối hợp khi phân công lại",
            "name the unit as a coordinating one in a reassignment",
        ),
    )
    DELIVERED_BEFORE_ASSIGNMENT = Wording(
        "đơn được phân công ngày {assigned_on}; không có ý kiến phối hợp nào trước ngày đó",
        "the petition was assigned on {assigned_on}; nothing was contributed before",
        _LATER_DATE,
    )
    OWES_NO_SUCH_CONTRIBUTION = Wording(
        "đơn vị của ông (bà) không phải gửi ý kiến phối hợp thay cho “{unit}”",
        "your unit owes no contribution for “{unit}”",
        _("bỏ tên đơn vị đó", "leave that unit out"),
    )
    WHICH_CONTRIBUTION = Wording(
        "đơn vị phải gửi nhiều ý kiến phối hợp, của: {units}",
        "the unit owes several contributions, those of: {units}",
        _("nêu đơn vị đã được yêu cầu", "name the unit that was asked"),
    )
    ONLY_COMPLAINT_HAS_DIALOGUE = Wording(
        "chỉ giải quyết khiếu nại mới có đối thoại này; người đứng đầu gặp công dân tại hội nghị, buổi tiếp công dân",
        "only the settlement of a complaint has such a dialogue; a head meets the people at meetings",
        Instead.SAID,
    )
    CANNOT_HOLD_COMPLAINT_DIALOGUE = cannot_at_stage(
        "đối thoại trong giải quyết khiếu nại", "have a dialogue with its parties"
    )
    PARTY_NAMED_TWICE = Wording(
        "mỗi bên hoặc có mặt hoặc vắng mặt, và chỉ được nêu một lần",
        "a party was either present or absent, and is named once",
        Instead.SAID,
    )
    INVITED_AFTER_DIALOGUE = Wording(
        "ngày gửi thông báo đối thoại không thể sau ngày đối thoại",
        "the parties cannot have been invited after the dialogue",
        _("kiểm tra lại hai ngày", "check the two days"),
    )
