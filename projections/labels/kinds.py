"""Names stages, results and fields as the law of the petition's kind names them.

Where the kind is not known, or no word of its own is in the law, the words of `domain.stored_words` are said.
"""

from collections.abc import Mapping

from domain.labels import BilingualText
from domain.labels import bilingual_text as _
from domain.stored_words.table import STORED_WORDS
from domain.vocabulary import PetitionKind, Result, Stage
from projections.labels.acts import COMPLAINT, DENUNCIATION, PROPOSAL, act_words
from projections.labels.events import PETITION_FIELD_LABELS

_STAGES: Mapping[tuple[Stage, PetitionKind], BilingualText] = {
    (Stage.ASSIGNED, COMPLAINT): _("đã giao xác minh nội dung khiếu nại", "verification assigned"),
    (Stage.ASSIGNED, DENUNCIATION): _("đã giao xác minh nội dung tố cáo", "verification assigned"),
    (Stage.ASSIGNED, PROPOSAL): _("đã giao giải quyết", "assigned"),
    (Stage.ANSWERED_IN_WRITING, COMPLAINT): _("đã có quyết định giải quyết", "decided"),  # LKN Arts 31, 40
    (Stage.ANSWERED_IN_WRITING, DENUNCIATION): _("đã có kết luận nội dung tố cáo", "concluded"),  # LTC Art 35
    (Stage.ANSWERED_IN_WRITING, PROPOSAL): _("đã trả lời bằng văn bản", "answered in writing"),
    (Stage.IMPLEMENTED, COMPLAINT): _("đã thi hành quyết định giải quyết", "decision carried out"),  # LKN Art 46
    (Stage.IMPLEMENTED, DENUNCIATION): _("đã thực hiện kết luận nội dung tố cáo", "conclusion carried out"),
    (Stage.SUSPENDED, PROPOSAL): _("đang tạm dừng", "held back"),
    (Stage.TERMINATED, PROPOSAL): _("đã kết thúc không giải quyết", "ended without settlement"),
    (Stage.WITHDRAWN, COMPLAINT): _("đã đình chỉ do rút khiếu nại", "terminated: withdrawn"),  # LKN Art 10
    (Stage.WITHDRAWN, DENUNCIATION): _("đã đình chỉ do rút tố cáo", "terminated: withdrawn"),  # LTC Art 34.3
}

_RESULTS: Mapping[tuple[Result, PetitionKind], BilingualText] = {
    (Result.RIGHT, COMPLAINT): _("khiếu nại đúng", "complaint right"),  # LKN Art 40.2
    (Result.PARTLY_RIGHT, COMPLAINT): _("khiếu nại đúng một phần", "complaint partly right"),
    (Result.WRONG, COMPLAINT): _("khiếu nại sai", "complaint wrong"),
    (Result.RIGHT, DENUNCIATION): _("tố cáo đúng", "denunciation right"),  # LTC Art 35.2
    (Result.PARTLY_RIGHT, DENUNCIATION): _("tố cáo đúng một phần", "denunciation partly right"),
    (Result.WRONG, DENUNCIATION): _("tố cáo sai sự thật", "denunciation false"),
    (Result.RIGHT, PROPOSAL): _("có cơ sở", "founded"),  # no text says how a proposal is judged
    (Result.PARTLY_RIGHT, PROPOSAL): _("có cơ sở một phần", "partly founded"),
    (Result.WRONG, PROPOSAL): _("không có cơ sở", "unfounded"),
}

_FIELDS: Mapping[tuple[str, PetitionKind], BilingualText] = {
    ("persons", COMPLAINT): _("người khiếu nại", "complainants"),
    ("persons", DENUNCIATION): _("người tố cáo", "denouncers"),
    ("persons", PROPOSAL): _("người kiến nghị, phản ánh", "petitioners"),
    ("result", DENUNCIATION): _("kết luận nội dung", "conclusion"),
    ("result", COMPLAINT): _("kết luận nội dung", "conclusion"),
    ("decision_no", PROPOSAL): PETITION_FIELD_LABELS["document_no"],  # a proposal knows no decision
}


def stage_words(stage: Stage, kind: PetitionKind | None) -> BilingualText:
    """Return the words of a stage for a petition of that kind."""
    known = None if kind is None else _STAGES.get((stage, kind))
    return known or STORED_WORDS["Stage"][stage]


def result_words(result: Result, kind: PetitionKind | None) -> BilingualText:
    """Return the words of a result for a petition of that kind."""
    known = None if kind is None else _RESULTS.get((result, kind))
    return known or STORED_WORDS["Result"][result]


def field_words(field: str, event: str, kind: PetitionKind | None) -> BilingualText:
    """Return the label of a field of an event. The number of a document is labelled as the act names the document."""
    if field == "document_no":
        return act_words(event, kind).number
    known = None if kind is None else _FIELDS.get((field, kind))
    return known or PETITION_FIELD_LABELS[field]
