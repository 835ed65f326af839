"""Holds the refusals of how a petition ends, is opened again, or goes up."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording, cannot_at_stage

_DAY_OF_ANSWER_OR_LATER = _("ghi ngày có kết quả hoặc ngày sau đó", "name the day of the answer or a later one")


class EndingRefusal(RefusalCode):
    """Refuses withdrawal, termination, close, reopening and what goes up."""

    ENDING_NEEDS_A_KIND = Wording(
        "đơn chưa phân loại: không thể {ending}",
        "a petition of no kind yet has no ending by {ending}",
        _("phân loại trước", "classify it first"),
    )
    ENDING_IS_FOR_ANOTHER_KIND = Wording(
        "đối với {kind}, pháp luật không cho phép {ending}",
        "a {kind} has no ending by {ending}",
        _("ở giai đoạn này có thể: {endings}", "at this stage it may have: {endings}"),
    )
    ENDING_LAWFUL_SINCE = Wording(
        "{ending} chỉ được pháp luật quy định từ ngày {since}",
        "{ending} is lawful only since {since}",
        _("ghi ngày đó hoặc ngày sau đó, nếu đúng", "name that day or a later one, if it is so"),
    )
    NEEDS_A_GROUND_OF_THE_LAW = Wording(
        "{ending}: phải theo một trong các căn cứ của pháp luật",
        "{ending} needs one of the grounds of the law",
        _("nêu mã của một căn cứ: {grounds}", "say one of: {grounds}"),
    )
    LAW_LISTS_NO_GROUND = Wording(
        "{ending}: pháp luật không liệt kê căn cứ đối với loại đơn này",
        "the law lists no grounds of {ending} for this kind",
        _("bỏ mã căn cứ, nêu lý do bằng lời", "leave the code out and say the reason in words"),
    )
    LINKED_LETTERS_UNANSWERED = Wording(
        "đơn có {links} đơn trùng liên kết đến chưa được trả lời: không thể {ending}",
        "letters are linked to this petition as duplicates ({links}) and would end by its {ending} without an answer",
        _("hủy xác định đơn trùng của các đơn đó trước", "undo the links of those letters first"),
    )
    CANNOT_WITHDRAW = cannot_at_stage("rút đơn", "be withdrawn")
    COERCION_NOT_ASKED = Wording(
        "trước hết phải xem xét người rút đơn có bị đe dọa, ép buộc, mua chuộc hay không, và ghi lại",
        "ask first whether the citizen was forced or threatened, and record the answer",
        Instead.SAID,
    )
    PART_NOT_SAID = Wording("phải nêu rút phần nào", "say which part is withdrawn", Instead.SAID)
    NOBODY_WITHDREW = Wording(
        "công dân chưa đề nghị rút đơn",
        "the citizen has not asked to withdraw",
        _("ghi nhận đơn rút hoặc biên bản trước", "record the citizen's letter or the minutes first"),
    )
    WITHDRAWAL_MAY_BE_FORCED = Wording(
        "có dấu hiệu bị đe dọa, ép buộc, mua chuộc: phải tiếp tục giải quyết",
        "there are signs of coercion: the settlement must go on",
        Instead.SAID,
    )
    NO_SIGNS_OF_FORCE = Wording(
        "không ghi nhận dấu hiệu người khiếu nại bị đe dọa, ép buộc: khiếu nại đã rút thì không tiếp tục giải quyết",
        "no signs of coercion are on record: a complaint that was withdrawn does not go on",
        _("chấp nhận rút đơn", "accept the withdrawal"),
    )
    CANNOT_OVERRIDE_WITHDRAWAL = cannot_at_stage(
        "tiếp tục giải quyết sau khi rút đơn", "have its withdrawal overridden"
    )
    CANNOT_TERMINATE = cannot_at_stage("đình chỉ giải quyết", "be terminated")
    CANNOT_CLOSE = Wording(
        "đơn đang ở giai đoạn “{stage}”, không có kết quả giải quyết nên không thể kết thúc hồ sơ",
        "a petition that is {stage} cannot be closed: it has no answer",
        _(
            "chỉ có thể kết thúc hồ sơ khi đơn ở một trong các giai đoạn: {stages}",
            "possible while the petition is one of: {stages}",
        ),
    )
    CITIZEN_NOT_TOLD = Wording(
        "chưa thông báo kết quả giải quyết cho công dân",
        "the citizen has not been told of the answer yet",
        _("thông báo kết quả cho công dân trước", "tell the citizen first"),
    )
    SIGNER_CANNOT_CLOSE = Wording(
        "người ký văn bản giải quyết không được kết thúc hồ sơ",
        "who signed the answer cannot close the petition",
        _("người khác kết thúc hồ sơ", "another officer closes it"),
    )
    CLOSED_BEFORE_ANSWER = Wording(
        "không thể kết thúc hồ sơ trước ngày có kết quả giải quyết {answered_on}",
        "a petition cannot be closed before its answer of {answered_on}",
        _DAY_OF_ANSWER_OR_LATER,
    )
    CANNOT_REOPEN = cannot_at_stage("giải quyết lại", "be reopened")
    REOPENED_BEFORE_ANSWER = Wording(
        "không thể giải quyết lại trước ngày có kết quả giải quyết {answered_on}",
        "a petition cannot be reopened before its answer of {answered_on}",
        _DAY_OF_ANSWER_OR_LATER,
    )
    DUE_BEFORE_REOPENING = Wording(
        "thời hạn kết thúc trước ngày giải quyết lại",
        "the due date lies before the reopening",
        _("chọn ngày đó hoặc ngày sau đó", "name that day or a later one"),
    )
    WAY_IS_FOR_ANOTHER_KIND = Wording(
        "{way} chỉ dành cho {wanted}, còn đơn này là {kind}",
        "{way} is for a {wanted}, and this is a {kind}",
        Instead.NOTHING,
    )
    WAY_NEEDS_A_KIND = Wording(
        "{way} chỉ dành cho {wanted}, còn đơn này chưa phân loại",
        "{way} is for a {wanted}, and this is a petition of no kind yet",
        _("phân loại trước", "classify it first"),
    )
    GONE_UP_ALREADY = Wording("đơn này đã có {way}", "this petition has gone up by {way} already", Instead.NOTHING)
    WAY_NEEDS_OVERDUE = Wording(
        "{way} chỉ khi đơn đã quá hạn vào ngày {on}", "{way} needs a petition that is overdue on {on}", Instead.SAID
    )
    NEITHER_ANSWERED_NOR_OVERDUE = Wording(
        "đơn đang ở giai đoạn “{stage}”, chưa quá hạn: chưa có căn cứ để khiếu nại lần hai, tố cáo tiếp, khởi kiện"
        " hoặc để cấp trên trực tiếp giải quyết",
        "a petition that is {stage} and not overdue does not go up",
        _("khi đã có kết quả giải quyết hoặc đã quá hạn", "once it is answered, or overdue"),
    )
    GONE_UP_BEFORE_ANSWER = Wording(
        "trước ngày có kết quả giải quyết {answered_on}, đơn chưa quá hạn: chưa thể đưa lên cấp trên hoặc Tòa án",
        "before its answer on {answered_on} the petition was not overdue: it did not go up",
        _("ghi ngày có kết quả giải quyết hoặc ngày sau đó", "name the day of the answer or a later one"),
    )
    NO_THIRD_COMPLAINT = Wording(
        "đơn này đã là khiếu nại lần hai: pháp luật không có khiếu nại lần ba",
        "this is a second complaint already: the law knows no third",
        _(
            "người khiếu nại có quyền khởi kiện vụ án hành chính tại Tòa án (Luật Khiếu nại, Điều 7, Điều 42)",
            "the complainant may go to court (Law on complaints Arts 7, 42)",
        ),
    )
    SECOND_COMPLAINT_TOO_LATE = Wording(
        "thời hạn khiếu nại lần hai tính từ ngày {from_day} đã hết vào ngày {last_day} ({source})",
        "the time for a second complaint, counted from {from_day}, ended on {last_day} ({source})",
        _(
            "vào sổ đơn này là đơn mới, ghi giải quyết lần hai, để người có thẩm quyền thụ lý hoặc không thụ lý;"
            " người khiếu nại có thể khởi kiện tại Tòa án",
            "enter the letter as a new petition of the second instance, which the head accepts or refuses; the"
            " complainant may go to court",
        ),
    )
    CHECK_REQUESTED_ALREADY = Wording(
        "đã đề nghị kiểm tra trách nhiệm đối với đơn này",
        "a responsibility check was asked for already",
        Instead.NOTHING,
    )
    UNIT_OR_BODY_ABOVE = Wording(
        "nêu đơn vị nhận trong danh mục đơn vị, hoặc tên cơ quan ngoài danh mục: chỉ một trong hai",
        "say the unit of the register that it goes to, or the body outside the register: one of the two",
        Instead.SAID,
    )
    GOES_UP_TO_ITSELF = Wording(
        "nơi nhận phải là đơn vị khác với đơn vị đang giải quyết",
        "a petition goes up to another unit than the one that has it",
        Instead.SAID,
    )
