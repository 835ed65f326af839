"""Makes up complaints: who settles them, how they end otherwise, and how the citizen goes on against a decision."""

from datetime import date, timedelta

from domain.commands import (
    AcceptWithdrawal,
    FileLawsuit,
    GuideCitizen,
    LodgeSecondComplaint,
    OverrideWithdrawal,
    RecordCourtRuling,
    RefuseAcceptance,
    RequestWithdrawal,
    TerminateProcessing,
)
from domain.endings.table import LAW_136_IN_FORCE_FROM
from domain.endings.words import Ground
from domain.vocabulary import (
    Channel,
    Competence,
    CourtOutcome,
    PetitionKind,
    RulingForce,
    WithdrawalForm,
    WithdrawalScope,
)
from service.demo.duties import notify_of_suspension
from service.demo.life import Life
from service.demo.matters import COMPLAINTS_OF_COMMUNE, COMPLAINTS_OF_PROVINCE, Accusation
from service.demo.papers import Paper, paper_no
from service.demo.province import (
    BUREAUS,
    DISTRICTS_ENDED_ON,
    GOVERNMENT,
    RECEPTION,
    Bureau,
    present_bureau,
    superior_on,
)
from service.demo.receiving import channel_of, classify_letter, receive_letter
from service.demo.settlement import (
    Settlement,
    accept_and_assign,
    may_be_suspended,
    superior_settlement,
    tell_and_close,
    verify_and_decide,
)

_NOT_OURS = Accusation("Khiếu nại quyết định của Chấp hành viên trong thi hành án dân sự", "lĩnh vực tư pháp")
_LIMIT_PASSED = "Hết thời hạn giải quyết lần đầu mà khiếu nại không được giải quyết"
_NOT_AGREED = "Không đồng ý với quyết định giải quyết khiếu nại lần đầu"


def handle_complaint(life: Life, at: Bureau) -> None:
    """Handle one complaint of a decision of the chair of the commune, or of the province."""
    draw = life.chance.random() * 100
    if draw < 6:
        _guide_to_competent_body(life, at)
        return
    of_province = at is RECEPTION
    what = life.chance.choice(COMPLAINTS_OF_PROVINCE if of_province else COMPLAINTS_OF_COMMUNE)
    receive_letter(life, at, PetitionKind.COMPLAINT, what.summary, channel_of(life, PetitionKind.COMPLAINT))
    classify_letter(life, at, PetitionKind.COMPLAINT, what.field)
    life.advance_days(1, 5)
    verifier = present_bureau(BUREAUS["so-tnmt"], life.day) if of_province else at
    case = Settlement(PetitionKind.COMPLAINT, GOVERNMENT if of_province else at, verifier)
    if draw < 14:
        _refuse_complaint(life, case)
        return
    due_on = accept_and_assign(life, case)
    if draw < 20:
        _withdraw_complaint(life, case)
    elif draw < 23 and life.day >= LAW_136_IN_FORCE_FROM:
        _terminate_complaint(life, case)
    elif draw > 94 and not of_province:
        _complain_of_lateness(life, case)
    else:
        _settle_and_go_on(life, case, due_on)


def _guide_to_competent_body(life: Life, at: Bureau) -> None:
    receive_letter(life, at, PetitionKind.COMPLAINT, _NOT_OURS.summary, Channel.POST)
    classify_letter(life, at, PetitionKind.COMPLAINT, _NOT_OURS.field, Competence.OTHER_BODY)
    life.advance_days(1, 4)
    guide = GuideCitizen(
        occurred_on=life.day,
        competent_body="Cơ quan thi hành án dân sự tỉnh Ví Dụ",
        document_no=paper_no(life, Paper.LETTER, at),
    )
    life.add_step(at.head, guide)


def _refuse_complaint(life: Life, case: Settlement) -> None:
    life.add_step(
        case.settler.head,
        RefuseAcceptance(
            occurred_on=life.day,
            document_no=paper_no(life, Paper.NOTICE, case.settler),
            ground_code=Ground.NO_DIRECT_EFFECT,
            ground="Quyết định bị khiếu nại không liên quan trực tiếp đến người khiếu nại",
        ),
    )


def _withdraw_complaint(life: Life, case: Settlement) -> None:
    """Withdraw the complaint. What was withdrawn under force is taken up again, since the law of 2025 allows that."""
    life.advance_days(4, 12)
    by_new_law = life.day >= LAW_136_IN_FORCE_FROM
    is_forced = by_new_law and life.happens(25)
    form = WithdrawalForm.MINUTES if by_new_law and life.happens(40) else WithdrawalForm.LETTER
    ask_for_withdrawal(life, case, form, is_forced)
    life.advance_days(1, 2)
    settler = case.settler
    if not is_forced:
        terminate_for_withdrawal(life, case)
        return
    ground = "Người khiếu nại bị ép buộc rút khiếu nại"
    life.add_step(settler.head, OverrideWithdrawal(occurred_on=life.day, ground=ground))
    _settle_and_go_on(life, case, life.calendar.next_working_day(life.day + timedelta(days=12)))


def ask_for_withdrawal(life: Life, case: Settlement, form: WithdrawalForm, is_forced: bool) -> None:
    """Enter the withdrawal of the whole petition; the officer asked about force first."""
    life.add_step(
        case.settler.desk,
        RequestWithdrawal(
            occurred_on=life.day,
            scope=WithdrawalScope.WHOLE,
            form=form,
            coercion_checked=True,
            signs_of_coercion=is_forced,
        ),
    )


def terminate_for_withdrawal(life: Life, case: Settlement) -> None:
    """Terminate the settlement by a decision, because the petition was withdrawn."""
    decision_no = paper_no(life, Paper.DECISION, case.settler)
    life.add_step(case.settler.head, AcceptWithdrawal(occurred_on=life.day, decision_no=decision_no))
    if may_be_suspended(life.day, case):  # the law that knows the suspension of a case says who gets such a decision
        notify_of_suspension(life, case.settler, case.verifier, decision_no)


def _terminate_complaint(life: Life, case: Settlement) -> None:
    life.advance_days(5, 15)
    decision_no = paper_no(life, Paper.DECISION, case.settler)
    life.add_step(
        case.settler.head,
        TerminateProcessing(
            occurred_on=life.day,
            ground_code=Ground.DIED_WITHOUT_HEIR,
            ground="Người khiếu nại chết, không có người thừa kế quyền, nghĩa vụ",
            decision_no=decision_no,
        ),
    )
    notify_of_suspension(life, case.settler, case.verifier, decision_no)


def _complain_of_lateness(life: Life, first: Settlement) -> None:
    """Complain a second time of what nobody decided within 30 days, within the 30 days after these."""
    limit = life.calendar.next_working_day(life.day + timedelta(days=30))
    life.advance_to(limit + timedelta(days=life.chance.randint(2, 24)))
    _complain_again(life, first, _LIMIT_PASSED)


def _settle_and_go_on(life: Life, case: Settlement, due_on: date) -> None:
    decided = verify_and_decide(life, case, due_on)
    if decided is None:
        return
    told_on = tell_and_close(life, decided)
    if told_on is None:
        return
    draw = life.chance.random() * 100
    if draw < 12 and decided.settler is not GOVERNMENT and not decided.is_second_complaint:
        life.advance_to(told_on + timedelta(days=life.chance.randint(14, 26)))
        _complain_again(life, decided, _NOT_AGREED)
    elif draw < 18:
        _go_to_court(life, decided)


def _complain_again(life: Life, first: Settlement, summary: str) -> None:
    """Complain a second time: at the superior a petition of its own begins."""
    above = superior_on(first.settler, life.day)
    life.add_step(
        first.settler.desk,
        LodgeSecondComplaint(occurred_on=life.day, to_unit=above.unit, channel=Channel.POST, summary=summary),
    )
    life.opened_index = 0
    classify_letter(life, above, PetitionKind.COMPLAINT, life.topic)
    life.advance_days(1, 4)
    case = superior_settlement(first, present_bureau(above, life.day))
    _settle_and_go_on(life, case, accept_and_assign(life, case))


def _go_to_court(life: Life, case: Settlement) -> None:
    """Sue the decision; some courts have ruled since."""
    life.advance_days(20, 120)
    court = _court_on(life.day)
    number = life.chance.randint(1, 99)
    desk = present_bureau(case.settler, life.day).desk
    life.add_step(desk, FileLawsuit(occurred_on=life.day, court=court, document_no=f"{number}/TB-TLVA"))
    life.advance_days(90, 180)
    outcome = life.chance.choice((CourtOutcome.UPHELD, CourtOutcome.UPHELD, CourtOutcome.ANNULLED_IN_PART))
    life.add_step(
        present_bureau(case.settler, life.day).desk,
        RecordCourtRuling(
            occurred_on=life.day,
            court=court,
            ruling_no=f"{number}/{life.day.year}/HC-ST",
            outcome=outcome,
            force=RulingForce.NOT_IN_FORCE,
        ),
    )


def _court_on(day: date) -> str:
    """Return the court of first instance; regional courts began in the middle of 2025 (not verified)."""
    return "Tòa án nhân dân tỉnh Ví Dụ" if day <= DISTRICTS_ENDED_ON else "Tòa án nhân dân khu vực 1, tỉnh Ví Dụ"
