"""Holds the refusals of the record itself: corrections, alerts, messages, and the names of periods."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording, cannot_at_stage


class RecordRefusal(RefusalCode):
    """Refuses corrections, acknowledgements of alerts, and messages sent again."""

    NOTHING_TO_CORRECT = Wording("phải nêu nội dung đúng cần ghi", "say what the record should have said", Instead.SAID)
    NO_SUCH_EVENT = Wording(
        "đơn này không có việc số {version}",
        "this petition has no event number {version}",
        _("xem lại diễn biến của đơn", "look it up in the history of the petition"),
    )
    NO_SUCH_FIELD = Wording(
        "việc số {version} ({event}) không có mục {path} để đính chính",
        "the event number {version}, {event}, has no field {path} that could be corrected",
        _("đính chính số của đúng loại văn bản đã ghi", "correct the number of the kind of document that was recorded"),
    )
    NOBODY_PROPOSED_CORRECTION = Wording(
        "chưa có ai đề nghị đính chính",
        "nobody proposed a correction of this petition",
        _("đề nghị đính chính trước", "propose one first"),
    )
    OWN_CORRECTION = Wording(
        "không ai tự phê duyệt đề nghị đính chính của mình",
        "an officer cannot approve a correction of their own",
        _("người khác phê duyệt", "another officer approves it"),
    )
    NO_ANSWER_TO_CORRECT = Wording(
        "đơn không có kết quả giải quyết để đính chính ngày",
        "the petition has no answer whose day could be corrected",
        Instead.NOTHING,
    )
    CORRECTED_INTO_FUTURE = Wording(
        "ngày đính chính không thể là ngày chưa đến",
        "a corrected day cannot lie in the future",
        _("chọn ngày hôm nay hoặc ngày trước đó", "name today or an earlier day"),
    )
    RECEIPT_AFTER_STEP = Wording(
        "ngày tiếp nhận sẽ sau việc đã xảy ra ngày {on}",
        "the receipt would lie after what happened on {on}",
        _("chọn ngày đó hoặc ngày trước đó", "name that day or an earlier one"),
    )
    ANSWER_BEFORE_RECEIPT = Wording(
        "ngày có kết quả giải quyết sẽ trước ngày tiếp nhận",
        "the answer would lie before the receipt",
        _("kiểm tra lại hai ngày", "check the two days"),
    )
    WRONG_VALUE = Wording(
        "mục {path} của việc số {version} ({event}) không nhận giá trị này",
        "the field {path} of the event number {version}, {event}, takes no such value",
        _("xem kiểu giá trị của mục trong tài liệu tham chiếu", "look up what the field takes in the reference"),
    )
    ALREADY_SO = Wording(
        "mục {path} của việc số {version} đã được ghi đúng như vậy",
        "the field {path} of the event number {version} says so already",
        Instead.NOTHING,
    )
    CORRECTED_TWICE = Wording(
        "mục {path} của việc số {version} được nêu hai lần",
        "the field {path} of the event number {version} is named twice",
        _("mỗi mục chỉ nêu một giá trị đúng", "name one right value for each field"),
    )
    CORRECTED_MEANWHILE = Wording(
        "mục {path} của việc số {version} đã thay đổi từ khi có đề nghị",
        "the field {path} of the event number {version} has changed since the proposal",
        _("đề nghị đính chính lại", "propose the correction again"),
    )
    EVENT_WAS_REVERSED = Wording(
        "việc số {version} đã được hủy ghi nhận",
        "the event number {version} was reversed",
        Instead.NOTHING,
    )
    EVENT_IS_NO_ENTRY = Wording(
        "việc số {version} ({event}) không do người nhập, không đính chính mục {path}",
        "nobody typed the event number {version}, {event}: its field {path} is not corrected",
        _(
            "đính chính việc mà người đã nhập và từ đó phát sinh việc này",
            "correct the event that somebody typed and that led to it",
        ),
    )
    FIELD_IS_COMPUTED = Wording(
        "mục {path} của việc số {version} ({event}) do hệ thống tính từ các mục khác",
        "the field {path} of the event number {version}, {event}, follows from other fields",
        _("đính chính mục gốc, mục này sẽ được tính lại", "correct the field that it follows from"),
    )
    FIELD_NAMES_A_RECORD = Wording(
        "mục {path} của việc số {version} ({event}) chỉ hồ sơ khác, không đính chính được",
        "the field {path} of the event number {version}, {event}, says which other record is meant",
        _("hủy việc ghi nhầm rồi ghi lại", "reverse what was recorded by mistake and record it again"),
    )
    FIELD_SAYS_WHO_ACTED = Wording(
        "mục {path} của việc số {version} ({event}) cho biết ai đã thực hiện, không đính chính được",
        "the field {path} of the event number {version}, {event}, says who acted and is not corrected",
        Instead.NOTHING,
    )
    FIELD_IS_CLASSIFIED_AGAIN = Wording(
        "mục {path} của việc số {version} ({event}) được thay đổi bằng phân loại lại",
        "the field {path} of the event number {version}, {event}, is changed by classifying again",
        _("phân loại lại đơn", "classify the petition again"),
    )
    FIELD_DECIDES_THE_COURSE = Wording(
        "mục {path} của việc số {version} ({event}) quyết định diễn biến tiếp theo, không đính chính được",
        "the field {path} of the event number {version}, {event}, decides what followed and is not corrected",
        _("hủy việc kết thúc ghi nhầm, hoặc ghi thêm việc đúng", "reverse the ending, or record what is right"),
    )
    FIELD_REFERS_TO_THE_VAULT = Wording(
        "mục {path} của việc số {version} ({event}) chỉ dẫn đến kho danh tính",
        "the field {path} of the event number {version}, {event}, refers to the vault of identities",
        _(
            "đính chính danh tính của người đó bằng “persons” của đề nghị đính chính",
            "correct the identity of the person by `persons` of a proposed correction",
        ),
    )
    NO_SUCH_PERSON_IN_EVENT = Wording(
        "việc số {version} không ghi người thứ {number}",
        "the event number {version} brought no person number {number}",
        _("xem danh sách các mục đính chính được của đơn", "look up what can be corrected of the petition"),
    )
    PERSON_CORRECTED_TWICE = Wording(
        "người thứ {number} của việc số {version} được nêu hai lần",
        "the person number {number} of the event number {version} is named twice",
        _("mỗi người chỉ nêu một lần", "name each person once"),
    )
    IDENTITY_CAME_FROM_ANOTHER = Wording(
        "danh tính ở việc số {version} lấy từ đơn đã tách hoặc đơn ở cấp dưới",
        "the identities of the event number {version} came from the letter or the petition below",
        _("đính chính ở đơn đó, đơn này sẽ theo", "correct them there: this petition shows what is right there"),
    )
    IDENTITY_IS_ERASED = Wording(
        "danh tính của người thứ {number} ở việc số {version} đã bị xóa theo quyết định",
        "the identity of the person number {number} of the event number {version} was erased under a decision",
        Instead.NOTHING,
    )
    CORRECTED_DUE_BEFORE_ACT = Wording(
        "ngày {on} ở mục {path} sẽ trước ngày của việc số {version} ({event})",
        "the day {on} in {path} would lie before the event number {version}, {event}",
        _("kiểm tra lại hai ngày", "check the two days"),
    )
    CORRECTED_OUT_OF_ORDER = Wording(
        "việc số {version} ({event}) sẽ xảy ra trước ngày {on} mà nó phải theo sau",
        "the event number {version}, {event}, would lie before {on}, which it has to follow",
        _("kiểm tra lại hai ngày", "check the two days"),
    )
    CANNOT_REVERSE = cannot_at_stage("hủy việc kết thúc", "have an ending reversed")
    NOT_AN_ENDING = Wording(
        "việc số {version} ({event}) không phải việc kết thúc đơn",
        "the event number {version}, {event}, ended nothing",
        _("đính chính mục ghi sai của việc đó", "correct what is wrong in it"),
    )
    ENDING_OPENED_OTHERS = Wording(
        "việc kết thúc số {version} ({event}) đã mở hoặc liên kết hồ sơ khác",
        "the ending number {version}, {event}, opened or linked other petitions",
        _("xử lý các hồ sơ đó bằng việc riêng của chúng", "undo it by the act made for it, or handle the others"),
    )
    ENDING_RESTED_ON = Wording(
        "sau việc kết thúc số {version} ({event}) đã có việc số {later}",
        "the event number {later} came after the ending number {version}, {event}, and rests on it",
        _("hủy việc sau trước", "reverse the later one first"),
    )
    NOBODY_PROPOSED_REVERSAL = Wording(
        "chưa có ai đề nghị hủy việc kết thúc",
        "nobody proposed to reverse an ending of this petition",
        _("đề nghị trước", "propose it first"),
    )
    OWN_REVERSAL = Wording(
        "không ai tự phê duyệt đề nghị hủy việc kết thúc của mình",
        "an officer cannot approve a reversal of their own",
        _("người khác phê duyệt", "another officer approves it"),
    )
    NO_SUCH_ALERT = Wording(
        "không có nhắc việc “{step}” cho thời hạn {clock} ngày {due_on}",
        "no alert “{step}” was raised for the {clock} date {due_on}",
        _("xem lại các nhắc việc của đơn", "look up the alerts of the petition"),
    )
    NO_ALERT_WAITS = Wording(
        "đơn không có nhắc việc nào chưa ghi nhận",
        "no alert of this petition waits to be acknowledged",
        Instead.NOTHING,
    )
    ACKNOWLEDGED_ALREADY = Wording(
        "nhắc việc này đã được ghi nhận", "this alert is acknowledged already", Instead.NOTHING
    )
    MESSAGE_IS_NOT_GIVEN_UP = Wording(
        "tin này chưa ngừng gửi: {state}", "this message is not given up: it is {state}", Instead.NOTHING
    )
    DAYS_AND_PERIOD_ASKED_FOR = Wording(
        "chỉ chọn một trong hai: từ ngày đến ngày, hoặc kỳ báo cáo",
        "ask for two days or for a reporting period, not for both",
        Instead.SAID,
    )
    DAY_AND_PERIOD_ASKED_FOR = Wording(
        "chỉ chọn một trong hai: một ngày, hoặc một kỳ", "ask for a day or for a period, not for both", Instead.SAID
    )
    FIRST_DAY_MISSING = Wording("thiếu ngày đầu của kỳ", "the first day is missing", Instead.SAID)
    LAST_DAY_MISSING = Wording("thiếu ngày cuối của kỳ", "the last day is missing", Instead.SAID)
    PERIOD_ENDS_BEFORE_IT_BEGINS = Wording(
        "ngày cuối của kỳ trước ngày đầu", "the period ends before it begins", Instead.SAID
    )
    NO_SUCH_PERIOD = Wording(
        "“{name}” không phải kỳ báo cáo: {names}", "“{name}” is no reporting period: {names}", Instead.SAID
    )
