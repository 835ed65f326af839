"""Holds the refusals of the service: what no rule of the domain decides, in both languages."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording

_READ_AND_DECIDE_AGAIN = _("xem lại, rồi thực hiện lại nếu cần", "read it again, then decide again")


class ServiceRefusal(RefusalCode):
    """Refuses what another request, a sheet, a message or a setting stands against."""

    NO_DATABASE_YET = Wording(
        "chưa có cơ sở dữ liệu trong {home}",
        "there is no database under {home}",
        _(
            "`kiennghi run`, `kiennghi migrate` và `kiennghi import` tạo cơ sở dữ liệu; KIENNGHI_HOME nêu thư mục khác",
            "`kiennghi run`, `kiennghi migrate` and `kiennghi import` make one; KIENNGHI_HOME names another folder",
        ),
    )
    ENTERED_AT_THE_SAME_MOMENT = Wording(
        "người khác vừa ghi nhận việc này cùng lúc",
        "somebody else entered this at the same moment",
        _READ_AND_DECIDE_AGAIN,
    )
    CHANGE_ENTERED_AT_SAME_MOMENT = Wording(
        "người khác vừa ghi nhận {a_kind} cùng lúc",
        "somebody else entered {a_kind} at the same moment",
        _READ_AND_DECIDE_AGAIN,
    )
    ANSWERED_BY_ANOTHER_LINE = Wording(
        "đơn này đã được trả lời ở dòng khác",
        "this petition is answered by another line already",
        _("bỏ một trong hai dòng", "leave one of the two lines out"),
    )
    NO_ANSWER_GIVEN = Wording(
        "không có nội dung trả lời, và chưa chuẩn bị nội dung nào cho hội nghị, buổi tiếp này",
        "no answer is given, and none was prepared for this meeting",
        _("nêu nội dung trả lời", "give an answer"),
    )
    NO_SUCH_MESSAGE = Wording("không có tin này", "there is no such message", _("kiểm tra lại mã", "check its id"))
    MESSAGE_TAKEN_UP_BY_ANOTHER = Wording(
        "người khác vừa cho gửi lại tin này cùng lúc",
        "somebody else took this message up at the same moment",
        Instead.NOTHING,
    )
    SHEET_OF_ANOTHER_MEETING = Wording(
        "bảng này của hội nghị, buổi tiếp khác",
        "this sheet is of another meeting",
        _("nạp vào hội nghị, buổi tiếp của bảng", "load it for the meeting that it is of"),
    )
    MEETING_NOT_HELD_YET = Wording(
        "hội nghị, buổi tiếp này chưa được ghi nhận là đã tổ chức",
        "this meeting is not on record as held yet",
        _("ghi nhận việc tổ chức trước", "record first that it was held"),
    )
    MEETING_WAS_CANCELLED_BEFORE_SHEET = Wording(
        "hội nghị, buổi tiếp này đã hủy",
        "this meeting was cancelled",
        _("chọn hội nghị, buổi tiếp khác", "choose another meeting"),
    )
    SHEET_HAS_TOO_MANY_ROWS = Wording("một bảng có từ 1 đến {most} dòng", "a sheet has 1 to {most} rows", Instead.SAID)
    NO_MEETING_WITH_ID = Wording(
        "không có hội nghị, buổi tiếp có mã này",
        "there is no meeting with this id",
        _("kiểm tra lại mã", "check its id"),
    )
    NO_WEBHOOK = Wording(
        "“{code}” không nhận tin qua kết nối hệ thống",
        "“{code}” has no webhook",
        _("thêm địa chỉ nhận tin của “{code}”", "add a webhook to the contacts of “{code}”"),
    )
    NO_RULE_SETS_LIMIT = Wording(
        "không có quy định nào ấn định thời hạn {stage} đối với “{kind}” vào ngày {on}",
        "no rule on file sets a limit for {stage} of {kind} on {on}",
        _("người đứng đầu ấn định thời hạn", "the head may set a date"),
    )
    NEEDS_TOKEN = Wording(
        "phải có mã truy cập để {what}: đặt mã của mình vào {variable}",
        "{what} under a token: put yours into {variable}",
        Instead.SAID,
    )
    FILE_IS_IN_THE_SETTINGS = Wording(
        "cài đặt đã nêu tệp này nên thời hạn đang được tính theo tệp: bỏ tệp khỏi cài đặt rồi đề nghị",
        "the settings name this file, so it is counted by already: take it out of them, then propose it",
        Instead.SAID,
    )
    PROPOSAL_FILE_UNREADABLE = Wording(
        "không đọc được tệp: {reason}",
        "the file cannot be read: {reason}",
        _("sửa tệp rồi gửi lại", "correct the file, then send it again"),
    )
    NOT_A_MOMENT = Wording(
        "thời điểm biết là vị trí trong nhật ký (1234 hoặc #1234), một ngày (2026-07-31: đến hết ngày), hoặc một thời"
        " điểm có múi giờ (2026-07-31T17:00:00+07:00; trong địa chỉ, dấu + viết là %2B)",
        "a moment of knowledge is a position of the log (1234 or #1234), a day (2026-07-31: its end), or an instant"
        " with its zone (2026-07-31T17:00:00+07:00; in an address, + is written %2B)",
        Instead.SAID,
    )
    MOMENT_NOT_REACHED = Wording(
        "chưa đến thời điểm này: nhật ký đang ở vị trí {head}",
        "this moment has not come yet: the log is at position {head}",
        _(
            "hỏi vị trí không quá {head}, ngày đã qua hoặc thời điểm đã qua",
            "ask for a position up to {head}, or for a day or an instant that has passed",
        ),
    )
    POSITION_NOT_REACHED = Wording(
        "nhật ký chưa có vị trí {position}: vị trí cuối cùng là {head}",
        "the log has no position {position} yet: its last one is {head}",
        _(
            "dùng vị trí mà hệ thống đã trả về; nếu vị trí đó có trước khi khôi phục dữ liệu thì tải lại từ đầu",
            "take a position that an answer gave; if data was restored since then, read anew",
        ),
    )
    NOT_ON_RECORD_YET = Wording(
        "tại vị trí {position} của nhật ký, đơn này chưa được ghi nhận",
        "at position {position} of the log, this petition was not on record yet",
        _("hỏi một thời điểm sau đó", "ask for a later moment"),
    )
    TOO_MUCH_CHANGED_SINCE = Wording(
        "từ thời điểm này đến nay {changed} đơn đã thay đổi, quá {most} đơn cho một lần hỏi",
        "{changed} petitions have changed since this moment, more than the {most} of one question",
        _("hỏi một thời điểm gần đây hơn, hoặc một ngày sớm hơn", "ask for a later moment, or for an earlier day"),
    )
    NOTHING_SIGNED = Wording(
        "chưa có điểm kiểm tra nào của nhật ký được ký",
        "no checkpoint of the log was signed yet",
        _("chạy `kiennghi checkpoint sign` với khóa ký", "run `kiennghi checkpoint sign` with the signing key"),
    )
    NOT_IN_CHECKPOINT = Wording(
        "điểm kiểm tra đã ký chưa có điều được hỏi",
        "what is asked for is in no signed checkpoint yet",
        _("chờ điểm kiểm tra sau, hoặc ký ngay", "wait for the next checkpoint, or sign one now"),
    )
    SIGNATURE_OF_NO_CHECKPOINT = Wording(
        "chữ ký chứng kiến không thuộc điểm kiểm tra nào, hoặc không phải của người chứng kiến đã biết",
        "the witness's signature belongs to no checkpoint, or to no witness that is known",
        _(
            "ghi khóa công khai của người chứng kiến vào KIENNGHI_LOG_KEYS, rồi thêm lại",
            "name the witness's public key in KIENNGHI_LOG_KEYS, then add it again",
        ),
    )
