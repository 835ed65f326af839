"""Makes up how complaints and denunciations are settled: accepted, verified, suspended, decided by who is competent.

The settler accepts, decides and signs. Who verifies reports to the settler, and signs nothing that the citizen gets.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.commands import (
    AcceptPetition,
    AnswerInWriting,
    ClosePetition,
    DetermineComplexity,
    ExtendDeadline,
    NotifyCitizen,
    RecordComplaintDialogue,
    RecordMandate,
    RequestExtension,
    ResumeProcessing,
    StartWork,
    SuspendProcessing,
)
from domain.deadlines.clock import Clock
from domain.endings.table import LAW_136_IN_FORCE_FROM
from domain.rules.representation import MASS_PERSON_COUNT
from domain.vocabulary import Criterion, Party, PetitionKind, Result
from service.demo.assigning import assign_by_notice, hand_over_to, leave_unanswered, remind_lead
from service.demo.duties import (
    BY_POST,
    answer_referrer,
    carry_out_conclusion,
    is_done,
    make_decision_public,
    notify_of_acceptance,
    notify_of_suspension,
    pass_on_conclusion,
    receipt_of_delivery,
)
from service.demo.life import Life
from service.demo.papers import SETTLEMENT_PAPERS, Paper, SettlementPapers, paper_no
from service.demo.province import GOVERNMENT, INSPECTORATE, Bureau, present_bureau

_RESULTS = (Result.RIGHT, Result.PARTLY_RIGHT, Result.WRONG)
_OTHER_BODY_AWAITED = "Chờ kết quả giải quyết của cơ quan khác về nội dung có liên quan"


@dataclass(frozen=True, slots=True)
class Settlement:
    """Holds who settles a petition of this kind and who verifies it, which may be one unit."""

    kind: PetitionKind
    settler: Bureau
    verifier: Bureau
    is_second_complaint: bool = False

    @property
    def papers(self) -> SettlementPapers:
        return SETTLEMENT_PAPERS[self.kind]


def accept_and_assign(life: Life, case: Settlement) -> date:
    """Accept the petition and have it verified; return the settler's date, some days before the limit of the law."""
    _record_mandate(life, case)
    settler, papers = case.settler, case.papers
    life.add_step(
        settler.head, AcceptPetition(occurred_on=life.day, document_no=paper_no(life, papers.acceptance, settler))
    )
    due_on = life.calendar.next_working_day(life.day + timedelta(days=40 if case.is_second_complaint else 25))
    output = papers.output if case.verifier is settler else papers.of_verifier
    assign_by_notice(life, settler, case.verifier, due_on, to_do=papers.to_do, output=output)
    if case.kind is PetitionKind.DENUNCIATION:
        notify_of_acceptance(life, settler, case.verifier)
        answer_referrer(life, settler)
    return due_on


def _record_mandate(life: Life, case: Settlement) -> None:
    """Record who represents many persons; each further letter of theirs has a mandate of its own."""
    persons = life.receipt.person_count or 1
    if persons >= MASS_PERSON_COUNT:
        mandate = RecordMandate(occurred_on=life.day, document_on=life.latest_day, signatures=persons)
        life.add_step(case.settler.desk, mandate)


def verify_and_decide(life: Life, case: Settlement, due_on: date) -> Settlement | None:
    """Verify and decide, mostly in time. Return the case as it is then, or None where nobody has decided."""
    life.advance_days(1, 4)
    case = _case_on_this_day(life, case)
    life.add_step(case.verifier.specialist, StartWork(occurred_on=life.day))
    draw = life.chance.random() * 100
    if draw < 5 and may_be_suspended(life.day, case):
        case, due_on = _suspend_and_resume(life, case, due_on)
    elif 5 <= draw < 10 and may_be_suspended(life.day, case):
        case, due_on = _determine_complexity(life, case, due_on)
    if draw > 98:
        leave_unanswered(life, case.settler, case.verifier, due_on)
        if case.verifier.last_day is not None:
            life.advance_to(case.verifier.last_day + timedelta(days=1))
            _case_on_this_day(life, case)
        return None
    if draw > 88:
        life.advance_to(due_on + timedelta(days=life.chance.randint(1, 3)))
        case = _case_on_this_day(life, case)
        remind_lead(life, case.settler, case.verifier)
        life.advance_days(3, 25)
    else:
        left = max((due_on - life.day).days, 1)
        life.advance_to(life.day + timedelta(days=life.chance.randint(left // 2, left)))
    case = _case_on_this_day(life, case)
    if case.kind is PetitionKind.COMPLAINT and (case.is_second_complaint or life.happens(50)):
        _meet_parties(life, case)
    _decide(life, case)
    return case


def _case_on_this_day(life: Life, case: Settlement) -> Settlement:
    """Return the case with who is competent on the present day, after a handover where a unit has ended."""
    settler, verifier = present_bureau(case.settler, life.day), present_bureau(case.verifier, life.day)
    if verifier is case.verifier:
        return case
    hand_over_to(life, verifier, case.verifier)
    return replace(case, settler=settler, verifier=verifier)


def may_be_suspended(day: date, case: Settlement) -> bool:
    """Return True on a day on which the law knows suspended, terminated and complex cases of this kind.

    It does so for denunciations since 2019, and for complaints since Law 136/2025 and Decree 155/2026.
    """
    return case.kind is PetitionKind.DENUNCIATION or day >= LAW_136_IN_FORCE_FROM


def suspend(life: Life, case: Settlement) -> None:
    """Suspend the settlement by a decision of the settler."""
    decision_no = paper_no(life, Paper.DECISION, case.settler)
    life.add_step(
        case.settler.head,
        SuspendProcessing(occurred_on=life.day, ground=_OTHER_BODY_AWAITED, decision_no=decision_no),
    )
    notify_of_suspension(life, case.settler, case.verifier, decision_no)


def _suspend_and_resume(life: Life, case: Settlement, due_on: date) -> tuple[Settlement, date]:
    life.advance_days(2, 6)
    case = _case_on_this_day(life, case)
    suspended_on = life.day
    suspend(life, case)
    life.advance_days(15, 40)
    case = _case_on_this_day(life, case)
    decision_no = paper_no(life, Paper.DECISION, case.settler)
    life.add_step(case.settler.head, ResumeProcessing(occurred_on=life.day, document_no=decision_no))
    due_on += life.day - suspended_on
    notify_of_suspension(life, case.settler, case.verifier, decision_no)
    return case, due_on


def _determine_complexity(life: Life, case: Settlement, due_on: date) -> tuple[Settlement, date]:
    """Determine that the case is complex: a denunciation is then extended, a complaint has a longer limit."""
    life.advance_days(2, 8)
    case = _case_on_this_day(life, case)
    settler = case.settler
    life.add_step(
        settler.head,
        DetermineComplexity(
            occurred_on=life.day,
            criteria=(Criterion.SEVERAL_PLACES,),
            document_no=paper_no(life, Paper.NOTICE, settler),
        ),
    )
    is_denunciation = case.kind is PetitionKind.DENUNCIATION
    until = due_on + timedelta(days=25 if is_denunciation else 12)
    for clock in (Clock.SETTLEMENT, Clock.HEAD) if is_denunciation else (Clock.HEAD,):
        reason = "Phải xác minh tại nhiều địa điểm"
        life.add_step(
            case.verifier.specialist,
            RequestExtension(occurred_on=life.day, clock=clock, until=until, reason=reason),
        )
        decision_no = paper_no(life, Paper.DECISION, settler)
        life.add_step(settler.head, ExtendDeadline(occurred_on=life.day, decision_no=decision_no))
    return case, until


def _meet_parties(life: Life, case: Settlement) -> None:
    """Hold the dialogue of the settlement, which the second one must have (Law 02/2011 Arts 30, 39)."""
    settler = case.settler
    life.add_step(
        settler.specialist,
        RecordComplaintDialogue(
            occurred_on=life.day,
            minutes_no=paper_no(life, Paper.MINUTES, settler),
            present=(Party.COMPLAINANT, Party.COMPLAINED_AGAINST),
            invited_on=life.calendar.add_working_days(life.day - timedelta(days=6), -1),
        ),
    )


def _decide(life: Life, case: Settlement) -> None:
    settler, papers = case.settler, case.papers
    result = life.chance.choice(_RESULTS)
    life.add_step(
        settler.specialist,
        AnswerInWriting(
            occurred_on=life.day,
            document_no=paper_no(life, papers.settlement, settler),
            signed_by=settler.head.officer,
            signer_position=settler.head.position,
            answer=papers.answer,
            result=result,
        ),
    )


def tell_and_close(life: Life, case: Settlement) -> date | None:
    """Send what was decided, do what else it made due, and close.

    Return the day on which the citizen received it; None for the few whom nobody has told, whose file stays open.
    """
    is_told = is_done(life, 3, case.verifier)
    settler = present_bureau(case.settler, life.day)
    told_on = life.day if is_told else None
    if is_told:
        notify = NotifyCitizen(occurred_on=life.day, how=BY_POST, evidence=receipt_of_delivery(life))
        life.add_step(settler.desk, notify)
    if case.kind is PetitionKind.DENUNCIATION:
        pass_on_conclusion(life, settler)
        carry_out_conclusion(life, settler, case.verifier)
    answer_referrer(life, settler)
    if case.is_second_complaint:
        make_decision_public(life, settler, case.verifier)
    if is_told:
        life.advance_days(2, 8)
        settler = present_bureau(case.settler, life.day)
        life.add_step(settler.desk, ClosePetition(occurred_on=life.day, reason=case.papers.closed_because))
    return told_on


def superior_settlement(case: Settlement, above: Bureau) -> Settlement:
    """Return who settles what was lodged above: the chair of the province has the inspectorate verify."""
    return Settlement(
        case.kind,
        above,
        INSPECTORATE if above is GOVERNMENT else above,
        is_second_complaint=case.kind is PetitionKind.COMPLAINT,
    )
