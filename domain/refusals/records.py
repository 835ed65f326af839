"""Holds the refusals of the record itself: corrections, alerts, messages, and the names of periods."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording


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
