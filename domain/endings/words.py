"""Defines the words of endings and of the grounds that the law lists for them, in Vietnamese and English."""

from collections.abc import Mapping
from enum import StrEnum

from domain.labels import BilingualText
from domain.labels import bilingual_text as _


class PetitionEnding(StrEnum):
    """Names how a petition ends, and the two acts that put an end off: a suspension, and going on after a withdrawal.

    The words are not stored: each ending is an event of its own.
    """

    ANSWER_AT_MEETING = "answer_at_meeting"
    ANSWER_IN_WRITING = "answer_in_writing"
    REFUSAL_OF_ACCEPTANCE = "refusal_of_acceptance"
    TRANSFER = "transfer"
    URGING_BELOW = "urging_below"
    RETURN = "return"
    GUIDANCE = "guidance"
    FILING = "filing"
    USE_AS_INFORMATION = "use_as_information"
    WITHDRAWAL = "withdrawal"
    OVERRIDE_OF_WITHDRAWAL = "override_of_withdrawal"
    SUSPENSION = "suspension"
    TERMINATION = "termination"
    LINK_AS_DUPLICATE = "link_as_duplicate"
    SPLIT = "split"
    CANCELLATION = "cancellation"
    SECOND_COMPLAINT = "second_complaint"
    FURTHER_DENUNCIATION = "further_denunciation"
    LAWSUIT = "lawsuit"
    TAKE_OVER = "take_over"
    CLOSE = "close"


class Ground(StrEnum):
    """Names a ground that the law lists for an ending. Events store its word, which is never renamed."""

    # not accepted: Law on complaints Art 11
    INTERNAL_OR_NORMATIVE_DECISION = "internal_or_normative_decision"
    NO_DIRECT_EFFECT = "no_direct_effect"
    INCAPABLE_WITHOUT_REPRESENTATIVE = "incapable_without_representative"
    UNLAWFUL_REPRESENTATIVE = "unlawful_representative"
    UNSIGNED = "unsigned"
    TIME_BAR_PASSED = "time_bar_passed"
    DECIDED_SECOND_TIME = "decided_second_time"
    TERMINATED_AND_NOT_CONTINUED = "terminated_and_not_continued"
    TAKEN_BY_COURT = "taken_by_court"
    # not accepted: Law on denunciations Art 29.1
    NOT_LODGED_AS_PRESCRIBED = "not_lodged_as_prescribed"
    OUTSIDE_COMPETENCE = "outside_competence"
    NO_BASIS_FOR_A_BREACH = "no_basis_for_a_breach"
    COMPLAINT_TURNED_WITHOUT_EVIDENCE = "complaint_turned_without_evidence"
    # a further denunciation is not settled again: Law on denunciations Art 37
    NO_GROUND_TO_SETTLE_AGAIN = "no_ground_to_settle_again"
    # filed
    INELIGIBLE = "ineligible"
    FINALLY_SETTLED = "finally_settled"
    REFERRED_ALREADY = "referred_already"
    SENT_TO_COMPETENT_BODY_TOO = "sent_to_competent_body_too"
    ANONYMOUS_WITHOUT_EVIDENCE = "anonymous_without_evidence"
    # used as information: Law on denunciations Art 25.1
    SENDER_UNKNOWN = "sender_unknown"
    SENDER_NOT_IDENTIFIED = "sender_not_identified"
    NAME_OF_ANOTHER = "name_of_another"
    NOT_IN_PRESCRIBED_FORM = "not_in_prescribed_form"
    # terminated; a withdrawal is an ending of its own and no ground here
    DIED_WITHOUT_HEIR = "died_without_heir"
    DISSOLVED_WITHOUT_SUCCESSOR = "dissolved_without_successor"
    DENOUNCED_PERSON_DIED = "denounced_person_died"
    DECIDED_WITH_LEGAL_FORCE = "decided_with_legal_force"
    MATTER_CEASED = "matter_ceased"


ENDING_LABELS: Mapping[PetitionEnding, BilingualText] = {
    PetitionEnding.ANSWER_AT_MEETING: _("trả lời tại hội nghị, buổi tiếp công dân", "answer at a meeting"),
    PetitionEnding.ANSWER_IN_WRITING: _("trả lời bằng văn bản", "answer in writing"),
    PetitionEnding.REFUSAL_OF_ACCEPTANCE: _("không thụ lý", "refusal of acceptance"),
    PetitionEnding.TRANSFER: _("chuyển đơn", "transfer"),
    PetitionEnding.URGING_BELOW: _("đôn đốc cơ quan cấp dưới giải quyết", "urging of the competent lower body"),
    PetitionEnding.RETURN: _("trả lại đơn", "return"),
    PetitionEnding.GUIDANCE: _("hướng dẫn công dân", "guidance"),
    PetitionEnding.FILING: _("lưu đơn", "filing"),
    PetitionEnding.USE_AS_INFORMATION: _("xử lý như thông tin có nội dung tố cáo", "use as information"),
    PetitionEnding.WITHDRAWAL: _("chấp nhận rút đơn", "withdrawal"),
    PetitionEnding.OVERRIDE_OF_WITHDRAWAL: _("tiếp tục giải quyết sau khi rút đơn", "override of a withdrawal"),
    PetitionEnding.SUSPENSION: _("tạm đình chỉ giải quyết", "suspension"),
    PetitionEnding.TERMINATION: _("đình chỉ giải quyết", "termination"),
    PetitionEnding.LINK_AS_DUPLICATE: _("xác định là đơn trùng", "link as a duplicate"),
    PetitionEnding.SPLIT: _("tách riêng từng nội dung", "split"),
    PetitionEnding.CANCELLATION: _("hủy số đăng ký", "cancellation of the registration"),
    PetitionEnding.SECOND_COMPLAINT: _("khiếu nại lần hai", "second complaint"),
    PetitionEnding.FURTHER_DENUNCIATION: _("tố cáo tiếp", "further denunciation"),
    PetitionEnding.LAWSUIT: _("khởi kiện vụ án hành chính tại Tòa án", "lawsuit"),
    PetitionEnding.TAKE_OVER: _("cấp trên trực tiếp giải quyết", "settlement by the superior"),
    PetitionEnding.CLOSE: _("kết thúc hồ sơ", "close"),
}

GROUND_LABELS: Mapping[Ground, BilingualText] = {
    Ground.INTERNAL_OR_NORMATIVE_DECISION: _(
        "quyết định, hành vi hành chính nội bộ, chỉ đạo điều hành, có quy phạm pháp luật hoặc thuộc bí mật nhà nước",
        "an internal, directing, normative or secret decision or act",
    ),
    Ground.NO_DIRECT_EFFECT: _(
        "quyết định, hành vi hành chính không liên quan trực tiếp đến quyền, lợi ích hợp pháp của người khiếu nại",
        "no direct effect on the complainant's rights",
    ),
    Ground.INCAPABLE_WITHOUT_REPRESENTATIVE: _(
        "không có năng lực hành vi dân sự đầy đủ mà không có người đại diện hợp pháp",
        "without full capacity and without a lawful representative",
    ),
    Ground.UNLAWFUL_REPRESENTATIVE: _("người đại diện không hợp pháp", "a representative who is no lawful one"),
    Ground.UNSIGNED: _("đơn không có chữ ký hoặc điểm chỉ", "neither signed nor fingerprinted"),
    Ground.TIME_BAR_PASSED: _(
        "thời hiệu, thời hạn khiếu nại đã hết mà không có lý do chính đáng", "time bar passed without a good reason"
    ),
    Ground.DECIDED_SECOND_TIME: _("đã có quyết định giải quyết khiếu nại lần hai", "decided a second time already"),
    Ground.TERMINATED_AND_NOT_CONTINUED: _(
        "có văn bản thông báo đình chỉ mà sau 30 ngày không tiếp tục khiếu nại",
        "terminated, and not continued within 30 days",
    ),
    Ground.TAKEN_BY_COURT: _(
        "Tòa án đã thụ lý hoặc đã giải quyết bằng bản án, quyết định", "taken up or decided by a court"
    ),
    Ground.NOT_LODGED_AS_PRESCRIBED: _(
        "tố cáo không được thực hiện theo Điều 23 Luật Tố cáo", "not lodged as Art 23 of the law prescribes"
    ),
    Ground.OUTSIDE_COMPETENCE: _("vụ việc không thuộc thẩm quyền giải quyết", "outside the competence"),
    Ground.NO_BASIS_FOR_A_BREACH: _(
        "nội dung không có cơ sở để xác định người vi phạm, hành vi vi phạm pháp luật",
        "no basis to tell who broke the law and how",
    ),
    Ground.COMPLAINT_TURNED_WITHOUT_EVIDENCE: _(
        "chuyển từ khiếu nại đã giải quyết đúng sang tố cáo người giải quyết mà không cung cấp được chứng cứ",
        "a settled complaint turned against its settler without evidence",
    ),
    Ground.NO_GROUND_TO_SETTLE_AGAIN: _(
        "không có căn cứ giải quyết lại vụ việc tố cáo", "no ground to settle the denunciation again"
    ),
    Ground.INELIGIBLE: _("đơn không đủ điều kiện xử lý", "not eligible for handling"),
    Ground.FINALLY_SETTLED: _(
        "đã được giải quyết theo đúng pháp luật, không có tình tiết mới", "settled by the law, with nothing new"
    ),
    Ground.REFERRED_ALREADY: _(
        "đã được hướng dẫn hoặc chuyển đơn một lần, đơn gửi lại có cùng nội dung",
        "guided or transferred once already, and sent again",
    ),
    Ground.SENT_TO_COMPETENT_BODY_TOO: _(
        "được gửi đồng thời cho nhiều nơi, trong đó có cơ quan có thẩm quyền giải quyết",
        "sent to several bodies, the competent one among them",
    ),
    Ground.ANONYMOUS_WITHOUT_EVIDENCE: _(
        "không xác định được người tố cáo, không có tài liệu, chứng cứ cụ thể để thẩm tra, xác minh",
        "from an unknown denouncer, without concrete evidence",
    ),
    Ground.SENDER_UNKNOWN: _("không rõ họ tên, địa chỉ của người tố cáo", "name and address not known"),
    Ground.SENDER_NOT_IDENTIFIED: _(
        "qua kiểm tra, xác minh không xác định được người tố cáo", "denouncer not identified after a check"
    ),
    Ground.NAME_OF_ANOTHER: _("người tố cáo sử dụng họ tên của người khác", "denounced in the name of another"),
    Ground.NOT_IN_PRESCRIBED_FORM: _(
        "thông tin được phản ánh không theo hình thức quy định tại Điều 22 Luật Tố cáo",
        "not in a form that Art 22 of the law prescribes",
    ),
    Ground.DIED_WITHOUT_HEIR: _(
        "người gửi đơn là cá nhân đã chết mà không có người thừa kế quyền, nghĩa vụ",
        "the sender died without an heir to the right",
    ),
    Ground.DISSOLVED_WITHOUT_SUCCESSOR: _(
        "người gửi đơn là tổ chức đã giải thể, phá sản mà không có tổ chức kế thừa",
        "the sending organisation was dissolved without a successor",
    ),
    Ground.DENOUNCED_PERSON_DIED: _(
        "người bị tố cáo là cá nhân chết và nội dung tố cáo chỉ liên quan đến trách nhiệm của người đó",
        "the denounced person died, and nobody else is responsible",
    ),
    Ground.DECIDED_WITH_LEGAL_FORCE: _(
        "đã được giải quyết bằng bản án, quyết định có hiệu lực pháp luật", "decided with legal force already"
    ),
    Ground.MATTER_CEASED: _("sự việc kiến nghị, phản ánh không còn", "the matter does not exist any more"),
}
