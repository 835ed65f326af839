"""Names each act as the law of the petition's kind names it: one procedure of events is three in law.

Kinds without a row have the words of `PETITION_EVENT_LABELS`. A variant is the instance of a settlement or the part of
a withdrawal. The sources are Law 02/2011 on complaints (LKN), Law 25/2018 on denunciations (LTC), and the decrees under
them (NĐ 124/2020 as NĐ 155/2026 changes it, NĐ 31/2019 as NĐ 156/2026 changes it, NĐ 154/2026).
"""

from collections.abc import Mapping
from typing import NamedTuple

from domain.labels import BilingualText
from domain.labels import bilingual_text as _
from domain.vocabulary import Instance, PetitionKind, WithdrawalScope
from projections.labels.events import PETITION_EVENT_LABELS, PETITION_FIELD_LABELS

COMPLAINT, DENUNCIATION, PROPOSAL = (
    PetitionKind.COMPLAINT,
    PetitionKind.DENUNCIATION,
    PetitionKind.PROPOSAL_FEEDBACK,
)
ActVariant = Instance | WithdrawalScope | None

DECISION_NUMBER = _("số quyết định", "decision no.")
DOCUMENT_NUMBER = PETITION_FIELD_LABELS["document_no"]


class ActWords(NamedTuple):
    """Holds the title of an act, the label of the number of its document, and the law that names it so."""

    title: BilingualText
    number: BilingualText = DOCUMENT_NUMBER
    source: str = ""


ACTS: Mapping[tuple[str, PetitionKind, ActVariant], ActWords] = {
    ("StageOpened", COMPLAINT, None): ActWords(
        _("Mở hồ sơ giải quyết khiếu nại lần hai", "File of the second complaint opened"), source="Điều 33 LKN"
    ),
    ("StageOpened", DENUNCIATION, None): ActWords(
        _("Mở hồ sơ ở cấp trên trực tiếp giải quyết tố cáo", "File of the denunciation opened at the superior"),
        source="Điều 37, khoản 5 Điều 38 LTC",
    ),
    ("StageOpened", DENUNCIATION, Instance.FURTHER): ActWords(
        _("Mở hồ sơ giải quyết tố cáo tiếp", "File of the further denunciation opened"), source="Điều 37 LTC"
    ),
    ("PetitionAccepted", COMPLAINT, None): ActWords(
        _("Thông báo thụ lý giải quyết khiếu nại", "Acceptance of the complaint notified"),
        source="Điều 27 LKN; mẫu số 03 NĐ 124/2020",
    ),
    ("PetitionAccepted", DENUNCIATION, None): ActWords(
        _("Quyết định thụ lý tố cáo", "Denunciation accepted by decision"),
        DECISION_NUMBER,
        "Điều 29 LTC; mẫu số 04 NĐ 31/2019",
    ),
    ("AcceptanceRefused", COMPLAINT, None): ActWords(
        _("Thông báo không thụ lý giải quyết khiếu nại", "Complaint not accepted: notice"),
        source="Điều 27 LKN; mẫu số 04 NĐ 124/2020",
    ),
    ("AcceptanceRefused", DENUNCIATION, None): ActWords(
        _("Thông báo không thụ lý tố cáo", "Denunciation not accepted: notice"), source="khoản 1 Điều 24 LTC"
    ),
    # Another body only verifies: who settles keeps the settlement
    ("PetitionAssigned", COMPLAINT, None): ActWords(
        _("Giao xác minh nội dung khiếu nại", "Verification of the complaint assigned"),
        source="điểm b khoản 1 Điều 29 LKN",
    ),
    ("PetitionAssigned", DENUNCIATION, None): ActWords(
        _("Giao xác minh nội dung tố cáo", "Verification of the denunciation assigned"),
        source="khoản 2 Điều 10 NĐ 31/2019",
    ),
    ("PetitionAssigned", PROPOSAL, None): ActWords(_("Giao giải quyết", "Settlement of the proposal assigned")),
    ("PetitionReassigned", COMPLAINT, None): ActWords(
        _("Giao lại việc xác minh nội dung khiếu nại", "Verification of the complaint reassigned"),
        source="điểm b khoản 1 Điều 29 LKN",
    ),
    ("PetitionReassigned", DENUNCIATION, None): ActWords(
        _("Giao lại việc xác minh nội dung tố cáo", "Verification of the denunciation reassigned"),
        source="khoản 2 Điều 10 NĐ 31/2019",
    ),
    ("PetitionReassigned", PROPOSAL, None): ActWords(_("Giao lại việc giải quyết", "Settlement reassigned")),
    ("AnsweredInWriting", COMPLAINT, None): ActWords(
        _("Ban hành quyết định giải quyết khiếu nại lần đầu", "First decision on the complaint issued"),
        DECISION_NUMBER,
        "Điều 31 LKN",
    ),
    ("AnsweredInWriting", COMPLAINT, Instance.SECOND): ActWords(
        _("Ban hành quyết định giải quyết khiếu nại lần hai", "Second decision on the complaint issued"),
        DECISION_NUMBER,
        "Điều 40 LKN",
    ),
    ("AnsweredInWriting", DENUNCIATION, None): ActWords(
        _("Ban hành kết luận nội dung tố cáo", "Conclusion on the denunciation issued"),
        source="Điều 35 LTC; mẫu số 12 NĐ 31/2019",
    ),
    ("CitizenNotified", COMPLAINT, None): ActWords(
        _("Gửi quyết định giải quyết khiếu nại", "Decision sent to the complainant"), source="Điều 32, Điều 41 LKN"
    ),
    ("CitizenNotified", DENUNCIATION, None): ActWords(
        _("Thông báo về kết luận nội dung tố cáo cho người tố cáo", "Denouncer told of the conclusion"),
        source="khoản 3 Điều 35 LTC",
    ),
    ("CitizenNotified", PROPOSAL, None): ActWords(
        _("Gửi kết quả giải quyết cho công dân", "Result sent to the citizen"), source="khoản 2 Điều 25 NĐ 154/2026"
    ),
    ("ProcessingSuspended", COMPLAINT, None): ActWords(
        _("Tạm đình chỉ giải quyết khiếu nại", "Settlement of the complaint suspended"),
        DECISION_NUMBER,
        "Điều 12 NĐ 155/2026; mẫu số 14a NĐ 124/2020",
    ),
    ("ProcessingSuspended", DENUNCIATION, None): ActWords(
        _("Tạm đình chỉ việc giải quyết tố cáo", "Settlement of the denunciation suspended"),
        DECISION_NUMBER,
        "khoản 1 Điều 34 LTC",
    ),
    # The law has no suspension and no termination of a proposal
    ("ProcessingSuspended", PROPOSAL, None): ActWords(_("Tạm dừng", "Proposal held back")),
    ("ProcessingResumed", COMPLAINT, None): ActWords(
        _("Quyết định tiếp tục giải quyết khiếu nại", "Settlement of the complaint resumed"),
        DECISION_NUMBER,
        "Điều 12 NĐ 155/2026; mẫu số 14b NĐ 124/2020",
    ),
    ("ProcessingResumed", DENUNCIATION, None): ActWords(
        _("Quyết định tiếp tục giải quyết tố cáo", "Settlement of the denunciation resumed"),
        DECISION_NUMBER,
        "khoản 2 Điều 34 LTC",
    ),
    ("ProcessingResumed", PROPOSAL, None): ActWords(_("Tiếp tục giải quyết", "Proposal taken up again")),
    ("ProcessingTerminated", COMPLAINT, None): ActWords(
        _("Đình chỉ giải quyết khiếu nại", "Settlement of the complaint terminated"),
        DECISION_NUMBER,
        "Điều 10 LKN; Điều 12 NĐ 155/2026",
    ),
    ("ProcessingTerminated", DENUNCIATION, None): ActWords(
        _("Đình chỉ việc giải quyết tố cáo", "Settlement of the denunciation terminated"),
        DECISION_NUMBER,
        "khoản 3 Điều 34 LTC",
    ),
    ("ProcessingTerminated", PROPOSAL, None): ActWords(
        _("Kết thúc không giải quyết", "Proposal ended without settlement")
    ),
    ("DeadlineExtended", DENUNCIATION, None): ActWords(
        _("Gia hạn giải quyết tố cáo", "Time for the denunciation extended"),
        DECISION_NUMBER,
        "Điều 30 LTC; mẫu số 01 NĐ 31/2019",
    ),
    ("WithdrawalRequested", COMPLAINT, None): ActWords(
        _("Người khiếu nại rút khiếu nại", "Complaint withdrawn by the complainant"), source="Điều 10 LKN"
    ),
    ("WithdrawalRequested", COMPLAINT, WithdrawalScope.PART): ActWords(
        _("Người khiếu nại rút một phần nội dung khiếu nại", "Part of the complaint withdrawn by the complainant"),
        source="Điều 10 LKN, Luật số 136/2025/QH15 (theo báo chí)",
    ),
    ("WithdrawalRequested", DENUNCIATION, None): ActWords(
        _("Người tố cáo rút tố cáo", "Denunciation withdrawn by the denouncer"), source="Điều 33 LTC"
    ),
    ("WithdrawalRequested", DENUNCIATION, WithdrawalScope.PART): ActWords(
        _("Người tố cáo rút một phần nội dung tố cáo", "Part of the denunciation withdrawn by the denouncer"),
        source="khoản 1 Điều 33 LTC",
    ),
    ("WithdrawalAccepted", COMPLAINT, None): ActWords(
        _("Đình chỉ giải quyết do rút khiếu nại", "Complaint terminated: withdrawn"),
        DECISION_NUMBER,
        "Điều 10 LKN; mẫu số 14a NĐ 124/2020",
    ),
    ("WithdrawalAccepted", COMPLAINT, WithdrawalScope.PART): ActWords(
        _("Ghi nhận rút một phần nội dung khiếu nại", "Withdrawal of a part of the complaint noted"),
        source="Điều 10 LKN, Luật số 136/2025/QH15 (theo báo chí)",
    ),
    ("WithdrawalAccepted", DENUNCIATION, None): ActWords(
        _("Đình chỉ giải quyết do rút tố cáo", "Denunciation terminated: withdrawn"),
        DECISION_NUMBER,
        "điểm a khoản 3 Điều 34 LTC",
    ),
    ("WithdrawalAccepted", DENUNCIATION, WithdrawalScope.PART): ActWords(
        _("Ghi nhận rút một phần nội dung tố cáo", "Withdrawal of a part of the denunciation noted"),
        source="khoản 2 Điều 33 LTC",
    ),
    ("WithdrawalAccepted", PROPOSAL, WithdrawalScope.PART): ActWords(
        _("Ghi nhận rút một phần nội dung đơn", "Withdrawal of a part of the letter noted")
    ),
    ("WithdrawalOverridden", COMPLAINT, None): ActWords(
        _("Xem xét, giải quyết lại nội dung khiếu nại đã rút", "Withdrawn complaint taken up again"),
        source="Điều 10 LKN, Luật số 136/2025/QH15 (theo báo chí)",
    ),
    ("WithdrawalOverridden", DENUNCIATION, None): ActWords(
        _("Tiếp tục giải quyết tố cáo sau khi rút tố cáo", "Withdrawn denunciation settled all the same"),
        source="khoản 3 Điều 33 LTC; Điều 1 NĐ 156/2026",
    ),
    ("PetitionReopened", COMPLAINT, None): ActWords(
        _("Xem xét lại việc giải quyết khiếu nại", "Settlement of the complaint reviewed"),
        source="Điều 14 NĐ 155/2026",
    ),
    ("PetitionReopened", DENUNCIATION, None): ActWords(
        _("Giải quyết lại vụ việc tố cáo", "Denunciation settled again"), source="khoản 3 Điều 37 LTC"
    ),
    ("PetitionReopened", PROPOSAL, None): ActWords(
        _("Mở lại để tiếp tục giải quyết", "Proposal reopened to be settled further")
    ),
}


AUTOMATIC_REMINDER = _("Nhắc việc tự động", "Automatic reminder")
"""The title of a reminder that no person issued: it is no document and has no number (Decree 30/2020 Art 8.2c)."""


def act_words(event: str, kind: PetitionKind | None, variant: ActVariant = None) -> ActWords:
    """Return the words of an act: of the variant where the law names it, of the kind, or of every petition."""
    if kind is not None:
        found = ACTS.get((event, kind, variant)) or ACTS.get((event, kind, None))
        if found is not None:
            return found
    return ActWords(PETITION_EVENT_LABELS[event])
