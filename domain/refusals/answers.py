"""Holds the refusals of answers: at a meeting, in writing, and what follows them."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording, cannot_at_stage


class AnswerRefusal(RefusalCode):
    """Refuses preparation, answer, notification and follow-up."""

    CANNOT_ANSWER_AT_MEETING = cannot_at_stage("trả lời tại hội nghị, buổi tiếp công dân", "be answered at a meeting")
    SETTLED_BY_DECISION = Wording(
        "{kind} được giải quyết theo luật riêng, bằng quyết định giải quyết khiếu nại hoặc kết luận nội dung tố cáo,"
        " không trả lời tại hội nghị, buổi tiếp công dân",
        "a {kind} is settled by a decision under its own law, not at a meeting",
        _(
            "nội dung giải thích ghi vào biên bản; phân loại, rồi thụ lý, chuyển đơn hoặc hướng dẫn theo luật",
            "what was explained stands in the minutes; classify it, then accept, transfer or guide it by its law",
        ),
    )
    PREPARED_AFTER_MEETING = Wording(
        "hội nghị, buổi tiếp là ngày {day}; không thể chuẩn bị nội dung sau ngày đó",
        "the meeting is of {day}; nothing was prepared for it afterwards",
        _("ghi ngày chuẩn bị đến hết ngày đó", "record the preparation on that day or before"),
    )
    PREPARED_ALREADY = Wording(
        "đã có nội dung dự kiến trả lời thì không đặt hạn chuẩn bị",
        "what has a proposed answer gets no day by which to prepare it",
        _("bỏ hạn chuẩn bị, hoặc bỏ nội dung dự kiến trả lời", "leave out the day, or leave out the proposed answer"),
    )
    PREPARATION_OUTSIDE_TERM = Wording(
        "hạn chuẩn bị phải từ ngày {first} đến hết ngày {last} là ngày hội nghị, buổi tiếp",
        "the day by which to prepare must lie between {first} and {last}, the day of the meeting",
        Instead.SAID,
    )
    ORDERED_BY_ANOTHER_THAN_CHAIR = Wording(
        "chỉ người chủ trì “{chair}” mới giao người khác trả lời tại hội nghị, buổi tiếp",
        "only who chaired the meeting, “{chair}”, has somebody else answer at it",
        Instead.SAID,
    )
    CHAIR_ORDERS_THEMSELVES = Wording(
        "người chủ trì tự trả lời thì không giao cho người khác",
        "who chairs the meeting and answers orders nobody else to",
        _("bỏ tên người giao", "leave out who ordered it"),
    )
    NOBODY_TOOK_IT_UP = Wording(
        "đơn chưa được phân loại, giải quyết thì không thể trả lời bằng văn bản",
        "a petition that nobody has classified and taken up cannot be answered in writing",
        _("phân loại và phân công trước", "classify and assign it first"),
    )
    CANNOT_ANSWER_IN_WRITING = cannot_at_stage("trả lời bằng văn bản", "be answered in writing")
    NOT_THE_ANSWERING_UNIT = Wording(
        "văn bản trả lời phải do đơn vị được giao “{unit}” hoặc người đứng đầu chịu trách nhiệm ban hành",
        "the answer must come from the assigned unit “{unit}” or its head",
        Instead.SAID,
    )
    CANNOT_NOTIFY = cannot_at_stage("thông báo kết quả cho công dân", "be notified as answered")
    TOLD_BEFORE_ANSWER = Wording(
        "không thể thông báo cho công dân trước khi có kết quả giải quyết, ngày {known_on}",
        "the citizen cannot have been told before the answer was given, on {known_on}",
        _("ghi ngày thông báo từ ngày có kết quả trở đi", "record the day of the answer or a later one"),
    )
    CANNOT_PROMISE = cannot_at_stage("ghi nhận lời hứa", "have a promise")
    PROMISED_FOR_PAST_DAY = Wording(
        "ngày hứa thực hiện trước ngày ghi nhận lời hứa",
        "the day by which it is to be kept lies before the promise",
        _("nêu ngày đó hoặc ngày sau đó", "name that day or a later one"),
    )
    NO_SUCH_PROMISE = Wording(
        "đơn không có lời hứa số {number}",
        "this petition has no promise {number}",
        _("ghi nhận lời hứa trước", "record the promise first"),
    )
    NO_PROMISE_MADE = Wording(
        "đơn chưa có lời hứa nào",
        "this petition has no promise",
        _("ghi nhận lời hứa trước", "record the promise first"),
    )
    KEPT_BEFORE_IT_WAS_MADE = Wording(
        "lời hứa số {number} được đưa ra ngày {made_on}; không thể thực hiện trước ngày đó",
        "promise {number} was made on {made_on}; it cannot have been kept before",
        Instead.SAID,
    )
