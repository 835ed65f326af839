"""Holds the refusals of mandates, proxies and signatories, and of an acceptance that lacks a mandate."""

from domain.labels import bilingual_text as _
from domain.refusals.code import Instead, RefusalCode, Wording, cannot_at_stage

_SUPPLEMENT_OR_SEPARATE = _(
    "yêu cầu bổ sung, hoặc hướng dẫn từng người gửi đơn riêng và tiếp nhận các đơn đó",
    "ask for it as a supplement, or guide each person to a letter of their own and receive those",
)
_CORRECT_COUNT = _("đính chính số người trước, nếu ghi sai", "correct the number of persons first, if it is wrong")


class MandateRefusal(RefusalCode):
    """Refuses mandates, proxies and withdrawals of signatories, and what needs a mandate."""

    COMPLAINT_NEEDS_MANDATE = Wording(
        "{persons} người cùng khiếu nại về một nội dung: chưa có văn bản cử người đại diện thì chưa thụ lý",
        "{persons} persons complain of one matter: without the mandate of a representative it is not accepted",
        _SUPPLEMENT_OR_SEPARATE,
    )
    SIGNATURES_ARE_MISSING = Wording(
        "mới có {signatures} trên {persons} người khiếu nại ký: chưa thụ lý",
        "{signatures} of the {persons} complainants have signed: it is not accepted yet",
        _(
            "yêu cầu bổ sung chữ ký và ghi nhận lại văn bản cử người đại diện, hoặc ghi nhận những người rút khiếu nại",
            "ask for the missing signatures and record the mandate again, or enter who has withdrawn",
        ),
    )
    MANY_PERSONS_NEED_REPRESENTATIVE = Wording(
        "{persons} người cùng đứng đơn: chưa có người đại diện thì chưa thụ lý",
        "{persons} persons stand behind it: without a representative it is not accepted",
        _SUPPLEMENT_OR_SEPARATE,
    )
    CANNOT_RECORD_MANDATE = cannot_at_stage("ghi nhận văn bản cử người đại diện", "have a mandate recorded")
    ONE_PERSON_NEEDS_NO_MANDATE = Wording(
        "đơn chỉ có một người, không cần cử người đại diện",
        "one person stands behind it, who needs no representative",
        _(
            "ghi nhận người được ủy quyền; nếu ghi sai số người thì đính chính trước",
            "record a proxy, or correct the number of persons first",
        ),
    )
    NO_REPRESENTATIVE_NAMED = Wording("phải nêu ai là người đại diện", "say who the representatives are", Instead.SAID)
    REPRESENTATIVE_TWICE = Wording(
        "một người đại diện được nêu hai lần",
        "a representative is named twice",
        _("nêu mỗi người một lần", "name each once"),
    )
    NO_SUCH_PERSON = Wording(
        "người được nêu không đứng tên trong đơn này",
        "the person named does not stand behind this petition",
        _("nêu một người có tên trong đơn, hoặc ghi danh tính", "name a person on file, or give the identity"),
    )
    PERSON_HAS_WITHDRAWN = Wording(
        "người được nêu đã rút khỏi đơn", "the person named has withdrawn from it", Instead.NOTHING
    )
    MORE_NAMED_THAN_PERSONS = Wording(
        "có {named} người được nêu tên, nhiều hơn số người của đơn là {persons}",
        "{named} persons are named, more than the {persons} of the petition",
        _CORRECT_COUNT,
    )
    MORE_SIGNATURES_THAN_PERSONS = Wording(
        "có {signatures} chữ ký, nhiều hơn số người còn đứng đơn là {persons}",
        "{signatures} signatures are more than the {persons} persons who stand behind it",
        _CORRECT_COUNT,
    )
    DOCUMENT_OF_A_LATER_DAY = Wording(
        "văn bản có ngày {document_on}, sau ngày ghi nhận",
        "the document is of {document_on}, after the day on which it is recorded",
        _("kiểm tra lại ngày của văn bản", "check the day of the document"),
    )
    CANNOT_RECORD_PROXY = cannot_at_stage("ghi nhận người được ủy quyền", "have a proxy recorded")
    PROXY_IS_FOR_A_COMPLAINT = Wording(
        "chỉ người khiếu nại được ủy quyền cho người khác, còn đơn này là {kind}",
        "only a complainant acts by a proxy, and this is a {kind}",
        _("nếu loại đơn ghi sai thì phân loại lại", "if the kind is wrong, classify it again"),
    )
    PROXY_FOR_THE_SAME_CONTENT = Wording(
        "nội dung này đã được ủy quyền cho người khác",
        "the same content was given to another proxy",
        _("nêu nội dung ủy quyền khác", "say another content"),
    )
    CANNOT_WITHDRAW_SIGNATORY = cannot_at_stage("ghi nhận một người rút khỏi đơn", "be left by one of its persons")
    LAST_PERSON_WITHDRAWS = Wording(
        "đơn chỉ còn một người",
        "one person is left behind it",
        _("ghi nhận việc rút toàn bộ đơn", "enter the withdrawal of the whole petition"),
    )
    ONE_SIGNATORY = Wording(
        "nêu người rút theo mã, hoặc ghi danh tính của người đó: chỉ một trong hai",
        "name the person who withdraws by the reference, or give the identity: one of the two",
        Instead.SAID,
    )
    ALL_PERSONS_ARE_NAMED = Wording(
        "mọi người của đơn đã có tên trong hồ sơ",
        "all persons of the petition are on file",
        _("nêu người rút theo mã", "name the person by the reference"),
    )
