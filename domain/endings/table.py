"""Holds the one table of endings: at which stages each is possible, for which kinds, and by which article of the law.

A kind that an ending does not list has no such ending. `None` stands for a petition that nobody has classified yet.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from domain.endings.words import ENDING_LABELS, Ground, PetitionEnding
from domain.labels import BilingualText
from domain.labels import bilingual_text as _
from domain.vocabulary import ANSWERED_STAGES, STAGES_WITH_UNIT, PetitionKind, Stage

LAW_136_IN_FORCE_FROM = date(2026, 7, 1)
"""Law 136/2025/QH15 and Decree 155/2026. They hold for each act from this day on, also in complaints accepted before
(Decree 155/2026 Art 22.1).
"""


class Basis(NamedTuple):
    """Holds what an ending rests on for one kind of petition.

    `source` is empty where no article is known: the ending is a rule of this program. `verified` says that the article
    was found in a text of the law and that no doubt is recorded. `since` is the first day on which it is lawful.
    `grounds` are all that the law lists: where it lists some, one of them must be said. `name` is what the ending is
    called for this kind, where that is not its usual name.
    """

    source: str = ""
    verified: bool = False
    since: date = date.min
    grounds: tuple[Ground, ...] = ()
    name: BilingualText | None = None


class EndingRule(NamedTuple):
    """Holds the stages at which an ending is possible, and its basis by kind.

    `answers` says that it answers every sender: the letters that are linked to the petition end with it.
    """

    stages: frozenset[Stage]
    by_kind: Mapping[PetitionKind | None, Basis]
    answers: bool = False


_C, _D, _P = PetitionKind.COMPLAINT, PetitionKind.DENUNCIATION, PetitionKind.PROPOSAL_FEEDBACK
_LKN, _LTC = "Luật Khiếu nại số 02/2011/QH13", "Luật Tố cáo số 25/2018/QH14"
_LTCD = "Luật Tiếp công dân số 42/2013/QH13"
_ND_154, _ND_155 = "Nghị định số 154/2026/NĐ-CP", "Nghị định số 155/2026/NĐ-CP"
_ND_31 = "Nghị định số 31/2019/NĐ-CP"
_TT_07, _TT_05 = "Thông tư số 07/2014/TT-TTCP", "Thông tư số 05/2021/TT-TTCP"
_ART_11A = f"Điều 11a {_LKN} (bổ sung bởi Luật số 136/2025/QH15); Điều 12 {_ND_155}"

_NO_ARTICLE = Basis()
_EVERY_KIND: Mapping[PetitionKind | None, Basis] = dict.fromkeys((None, _P, _C, _D), _NO_ARTICLE)

_OPEN = frozenset(stage for stage in Stage if stage.is_open)
_INTAKE = frozenset({Stage.RECEIVED, Stage.CLASSIFIED})
_CLASSIFIED = frozenset({Stage.CLASSIFIED})
_AT_WORK = STAGES_WITH_UNIT | {Stage.ACCEPTED}
_ANSWERED_OR_LATE = _OPEN | ANSWERED_STAGES | {Stage.CLOSED}
"""A closed petition stays open to the citizen's own ways, within their windows, and a suspended one that was late."""

_FILED = (Ground.INELIGIBLE, Ground.FINALLY_SETTLED, Ground.REFERRED_ALREADY)
_SENDER_IS_NO_MORE = (Ground.DIED_WITHOUT_HEIR, Ground.DISSOLVED_WITHOUT_SUCCESSOR)

ENDING_RULES: Mapping[PetitionEnding, EndingRule] = {
    PetitionEnding.ANSWER_AT_MEETING: EndingRule(
        _INTAKE | {Stage.ACCEPTED, Stage.ASSIGNED}, {_P: Basis(f"khoản 3 Điều 25 {_ND_154}")}, answers=True
    ),
    PetitionEnding.ANSWER_IN_WRITING: EndingRule(
        STAGES_WITH_UNIT,
        {
            None: _NO_ARTICLE,  # a case of another system, whose register had no kinds
            _P: Basis(f"khoản 2 Điều 25 {_ND_154}"),
            _C: Basis(
                f"Điều 31, Điều 40 {_LKN}",
                verified=True,
                name=_("ban hành quyết định giải quyết khiếu nại", "decision that settles the complaint"),
            ),
            _D: Basis(
                f"Điều 35 {_LTC}",
                verified=True,
                name=_("ban hành kết luận nội dung tố cáo", "conclusion on the denunciation"),
            ),
        },
        answers=True,
    ),
    PetitionEnding.REFUSAL_OF_ACCEPTANCE: EndingRule(
        _CLASSIFIED,
        {
            _P: Basis(f"khoản 1 Điều 28 {_LTCD}", verified=True),
            _C: Basis(
                f"Điều 11 {_LKN}",
                verified=True,
                grounds=(
                    Ground.INTERNAL_OR_NORMATIVE_DECISION,
                    Ground.NO_DIRECT_EFFECT,
                    Ground.INCAPABLE_WITHOUT_REPRESENTATIVE,
                    Ground.UNLAWFUL_REPRESENTATIVE,
                    Ground.UNSIGNED,
                    Ground.TIME_BAR_PASSED,
                    Ground.DECIDED_SECOND_TIME,
                    Ground.TERMINATED_AND_NOT_CONTINUED,
                    Ground.TAKEN_BY_COURT,
                ),
            ),
            _D: Basis(
                f"khoản 1 Điều 24, khoản 1 Điều 29 {_LTC}",
                verified=True,
                grounds=(
                    Ground.NOT_LODGED_AS_PRESCRIBED,
                    Ground.INCAPABLE_WITHOUT_REPRESENTATIVE,
                    Ground.OUTSIDE_COMPETENCE,
                    Ground.NO_BASIS_FOR_A_BREACH,
                    Ground.COMPLAINT_TURNED_WITHOUT_EVIDENCE,
                ),
            ),
        },
    ),
    PetitionEnding.TRANSFER: EndingRule(
        _CLASSIFIED,
        {
            _P: Basis(f"khoản 2 Điều 20 {_TT_05}"),
            _C: _NO_ARTICLE,  # only what a body referred to this authority
            _D: Basis(f"khoản 2 Điều 24 {_LTC}; khoản 1 Điều 14 {_TT_05}", verified=True),
        },
    ),
    PetitionEnding.URGING_BELOW: EndingRule(
        _CLASSIFIED,
        {
            _P: _NO_ARTICLE,  # a column of form 04/XLD
            _C: Basis(f"khoản 2 Điều 15 {_ND_154}"),
            _D: Basis(f"khoản 2 Điều 15 {_ND_154}"),
        },
    ),
    PetitionEnding.RETURN: EndingRule(
        _CLASSIFIED, {_P: _NO_ARTICLE, _C: Basis(f"khoản 2 Điều 8 {_TT_07}"), _D: _NO_ARTICLE}
    ),
    PetitionEnding.GUIDANCE: EndingRule(
        _CLASSIFIED,
        {
            _P: _NO_ARTICLE,
            _C: Basis(f"khoản 1 Điều 8 {_TT_07}"),
            _D: Basis(f"khoản 2 Điều 24 {_LTC}", verified=True),
        },
    ),
    PetitionEnding.FILING: EndingRule(
        _CLASSIFIED,
        {
            _P: Basis(f"Điều 28 {_TT_05}", grounds=_FILED),
            _C: Basis(f"Điều 28 {_TT_05}", grounds=_FILED),
            _D: Basis(
                f"khoản 3 Điều 24, khoản 1 Điều 25 {_LTC}; Điều 28 {_TT_05}",
                grounds=(*_FILED, Ground.SENT_TO_COMPETENT_BODY_TOO, Ground.ANONYMOUS_WITHOUT_EVIDENCE),
            ),
        },
    ),
    PetitionEnding.USE_AS_INFORMATION: EndingRule(
        _CLASSIFIED,
        {
            _D: Basis(
                f"Điều 25 {_LTC}",
                verified=True,
                grounds=(
                    Ground.SENDER_UNKNOWN,
                    Ground.SENDER_NOT_IDENTIFIED,
                    Ground.NAME_OF_ANOTHER,
                    Ground.NOT_IN_PRESCRIBED_FORM,
                ),
            )
        },
    ),
    PetitionEnding.WITHDRAWAL: EndingRule(
        _OPEN,
        {
            **_EVERY_KIND,
            _C: Basis(
                f"Điều 10 {_LKN}",
                verified=True,
                name=_("đình chỉ giải quyết do rút khiếu nại", "termination for the withdrawal of a complaint"),
            ),
            _D: Basis(
                f"Điều 33, điểm a khoản 3 Điều 34 {_LTC}",
                verified=True,
                name=_("đình chỉ việc giải quyết do rút tố cáo", "termination for the withdrawal of a denunciation"),
            ),
        },
    ),
    PetitionEnding.OVERRIDE_OF_WITHDRAWAL: EndingRule(
        _OPEN,
        {
            **_EVERY_KIND,
            _C: Basis(
                f"Điều 10 {_LKN} (sửa đổi bởi Luật số 136/2025/QH15)",
                since=LAW_136_IN_FORCE_FROM,
                name=_("tiếp tục giải quyết khiếu nại đã rút", "override of the withdrawal of a complaint"),
            ),
            _D: Basis(f"khoản 3 Điều 33 {_LTC}; Điều 4 {_ND_31}", verified=True),
        },
    ),
    PetitionEnding.SUSPENSION: EndingRule(
        _AT_WORK,
        {
            _P: Basis(name=_("tạm dừng", "pause")),
            _C: Basis(
                f"khoản 1 {_ART_11A}",
                since=LAW_136_IN_FORCE_FROM,
                name=_("tạm đình chỉ giải quyết khiếu nại", "suspension of a complaint"),
            ),
            _D: Basis(
                f"khoản 1 Điều 34 {_LTC}",
                verified=True,
                name=_("tạm đình chỉ việc giải quyết tố cáo", "suspension of a denunciation"),
            ),
        },
    ),
    PetitionEnding.TERMINATION: EndingRule(
        _AT_WORK | {Stage.SUSPENDED},
        {
            _P: Basis(
                name=_("kết thúc không giải quyết", "end without settlement"),
                grounds=(*_SENDER_IS_NO_MORE, Ground.MATTER_CEASED),
            ),
            _C: Basis(
                f"khoản 2 {_ART_11A}",
                since=LAW_136_IN_FORCE_FROM,
                grounds=_SENDER_IS_NO_MORE,
                name=_("đình chỉ giải quyết khiếu nại", "termination of a complaint"),
            ),
            _D: Basis(
                f"điểm b, điểm c khoản 3 Điều 34 {_LTC}",
                verified=True,
                name=_("đình chỉ việc giải quyết tố cáo", "termination of a denunciation"),
                grounds=(Ground.DENOUNCED_PERSON_DIED, Ground.DECIDED_WITH_LEGAL_FORCE),
            ),
        },
    ),
    PetitionEnding.LINK_AS_DUPLICATE: EndingRule(_INTAKE, _EVERY_KIND),
    PetitionEnding.SPLIT: EndingRule(
        _INTAKE,
        dict.fromkeys(_EVERY_KIND, Basis(f"khoản 3 Điều 25 {_LTCD}; khoản 4 Điều 14 {_ND_154}", verified=True)),
    ),
    PetitionEnding.CANCELLATION: EndingRule(frozenset({Stage.RECEIVED}), _EVERY_KIND),
    PetitionEnding.SECOND_COMPLAINT: EndingRule(
        _ANSWERED_OR_LATE, {_C: Basis(f"Điều 7, khoản 1 Điều 33 {_LKN}", verified=True)}
    ),
    PetitionEnding.FURTHER_DENUNCIATION: EndingRule(
        _ANSWERED_OR_LATE, {_D: Basis(f"khoản 1 Điều 37, khoản 1 Điều 38 {_LTC}", verified=True)}
    ),
    PetitionEnding.LAWSUIT: EndingRule(
        _ANSWERED_OR_LATE, {_C: Basis(f"Điều 7, khoản 2 Điều 33, Điều 42 {_LKN}", verified=True)}
    ),
    PetitionEnding.TAKE_OVER: EndingRule(_OPEN, {_D: Basis(f"khoản 5 Điều 38 {_LTC}; Điều 5 {_ND_31}", verified=True)}),
    PetitionEnding.CLOSE: EndingRule(ANSWERED_STAGES, _EVERY_KIND, answers=True),
}


def name_of_ending(ending: PetitionEnding, kind: PetitionKind | None) -> BilingualText:
    """Return what the ending is called for a petition of that kind."""
    basis = ENDING_RULES[ending].by_kind.get(kind, _NO_ARTICLE)
    return basis.name or ENDING_LABELS[ending]


def endings_of(kind: PetitionKind | None, stage: Stage) -> tuple[PetitionEnding, ...]:
    """Return the endings that a petition of that kind may have at that stage, in the order of the table."""
    return tuple(ending for ending, rule in ENDING_RULES.items() if stage in rule.stages and kind in rule.by_kind)
