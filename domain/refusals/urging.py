"""Holds the refusals of urging the competent lower body."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording, cannot_at_stage


class UrgingRefusal(RefusalCode):
    """Refuses to urge a lower body."""

    CANNOT_URGE_BELOW = cannot_at_stage(
        "đôn đốc, yêu cầu cơ quan cấp dưới giải quyết", "be ended by urging a lower body"
    )
    NOT_OF_A_SUBORDINATE = Wording(
        "đơn chưa được phân loại là thuộc thẩm quyền của cơ quan, đơn vị cấp dưới",
        "the petition is not classified as of the competence of a lower body",
        _(
            "phân loại lại thẩm quyền trước; nếu thuộc cơ quan khác thì hướng dẫn hoặc chuyển đơn",
            "classify its competence first; guide or transfer what another body is competent for",
        ),
    )
    UNIT_OR_BODY_BELOW = Wording(
        "nêu đơn vị cấp dưới trong danh mục đơn vị, hoặc tên cơ quan ngoài danh mục: chỉ một trong hai",
        "say the lower unit of the register, or the body outside the register: one of the two",
        Instead.SAID,
    )
    URGES_ITSELF = Wording(
        "đơn vị được đôn đốc là đơn vị đã tiếp nhận đơn",
        "the unit that is urged is the one that received the petition",
        _("nêu cơ quan, đơn vị cấp dưới có thẩm quyền", "name the competent lower body"),
    )
    REPLY_BEFORE_URGING = Wording(
        "ngày phải trả lời trước ngày đôn đốc",
        "the day of the reply lies before the urging",
        _("chọn ngày đó hoặc ngày sau đó", "name that day or a later one"),
    )
    LOWER_BODY_HAS_TIME = Wording(
        "cơ quan cấp dưới còn thời hạn giải quyết đến ngày {limit_ended_on}",
        "the lower body has time until {limit_ended_on}",
        _("hướng dẫn công dân, hoặc chuyển đơn theo thẩm quyền", "guide the citizen, or transfer the petition"),
    )
