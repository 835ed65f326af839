"""Holds, written by hand, what may end each kind of petition at each stage, and petitions at all stages.

Nothing here is read from the table of the program. The petitions are folded from histories.
"""

from datetime import date, timedelta
from functools import cache

from domain import commands as c
from domain.commands import PetitionCommand
from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.endings.words import Ground, PetitionEnding
from domain.errors import Refused
from domain.events import (
    AcceptanceRefused,
    AnsweredAtMeeting,
    AnsweredInWriting,
    CitizenGuided,
    CitizenNotified,
    CompetentUnitUrged,
    Fact,
    FurtherDenunciationLodged,
    LawsuitFiled,
    PetitionArchived,
    PetitionAssigned,
    PetitionClosed,
    PetitionEvent,
    PetitionHandledAsInformation,
    PetitionMarkedDuplicate,
    PetitionReceived,
    PetitionReturned,
    PetitionSplit,
    PetitionTransferred,
    ProcessingSuspended,
    ProcessingTerminated,
    RegistrationCancelled,
    SecondComplaintLodged,
    SettlementTakenOver,
    WithdrawalAccepted,
    WithdrawalOverridden,
    WithdrawalRequested,
    official,
)
from domain.petition import Petition
from domain.vocabulary import ANSWERED_STAGES, MeetingId, PetitionKind, Stage, UnitId, WithdrawalForm, WithdrawalScope
from tests.domain import samples as s
from tests.domain.command_sequences import first_letter
from tests.domain.samples import COMPLAINT, DENUNCIATION, PROPOSAL, with_changes
from tests.domain.scenario import (
    MEETING,
    MONDAY,
    GivenPast,
    decision_context,
    petition_after,
    usual_officer,
)

ON = date(2026, 10, 20)
KINDS = {"u": None, "p": PROPOSAL, "c": COMPLAINT, "d": DENUNCIATION}

# u: a petition that nobody has classified, p: a proposal or feedback, c: a complaint, d: a denunciation; a dot: none.
# The petition is overdue where a clock runs, a withdrawal waits (forced, for who goes on in spite of it), and the
# citizen knows the answer. `answered` stands for each of three stages, `gone` for every stage without a column.
EXPECTED = """
                        received classified accepted assigned in_progress suspended answered     closed   gone
answer_at_meeting       p        p          p        p        .           .         .            .        .
answer_in_writing       .        .          .        upcd     upcd        .         .            .        .
refusal_of_acceptance   .        pcd        .        .        .           .         .            .        .
transfer                .        pcd        .        .        .           .         .            .        .
urging_below            .        pcd        .        .        .           .         .            .        .
return                  .        pcd        .        .        .           .         .            .        .
guidance                .        pcd        .        .        .           .         .            .        .
filing                  .        pcd        .        .        .           .         .            .        .
use_as_information      .        d          .        .        .           .         .            .        .
withdrawal              upcd     pcd        pcd      upcd     upcd        upcd      .            .        .
override_of_withdrawal  upcd     pcd        pcd      upcd     upcd        upcd      .            .        .
suspension              .        .          pcd      pcd      pcd         .         .            .        .
termination             .        .          pcd      pcd      pcd         pcd       .            .        .
link_as_duplicate       upcd     pcd        .        .        .           .         .            .        .
split                   upcd     pcd        .        .        .           .         .            .        .
cancellation            upcd     .          .        .        .           .         .            .        .
second_complaint        c        c          c        c        c           .         c            c        .
further_denunciation    d        d          d        d        d           .         d            d        .
lawsuit                 c        c          c        c        c           .         c            c        .
take_over               d        d          d        d        d           .         .            .        .
close                   .        .          .        .        .           .         upcd         .        .
"""

ARTICLES = {
    (PetitionEnding.ANSWER_AT_MEETING, PROPOSAL): ["Điều 25 Nghị định số 154/2026/NĐ-CP"],
    (PetitionEnding.ANSWER_IN_WRITING, COMPLAINT): ["Điều 31", "Luật Khiếu nại"],
    (PetitionEnding.ANSWER_IN_WRITING, DENUNCIATION): ["Điều 35 Luật Tố cáo"],
    (PetitionEnding.REFUSAL_OF_ACCEPTANCE, PROPOSAL): ["Điều 28 Luật Tiếp công dân"],
    (PetitionEnding.REFUSAL_OF_ACCEPTANCE, COMPLAINT): ["Điều 11 Luật Khiếu nại"],
    (PetitionEnding.REFUSAL_OF_ACCEPTANCE, DENUNCIATION): ["Điều 24", "Điều 29 Luật Tố cáo"],
    (PetitionEnding.TRANSFER, DENUNCIATION): ["khoản 2 Điều 24 Luật Tố cáo", "Điều 14 Thông tư số 05/2021"],
    (PetitionEnding.USE_AS_INFORMATION, DENUNCIATION): ["Điều 25 Luật Tố cáo"],
    (PetitionEnding.WITHDRAWAL, COMPLAINT): ["Điều 10 Luật Khiếu nại"],
    (PetitionEnding.WITHDRAWAL, DENUNCIATION): ["Điều 33", "điểm a khoản 3 Điều 34 Luật Tố cáo"],
    (PetitionEnding.OVERRIDE_OF_WITHDRAWAL, COMPLAINT): ["Điều 10 Luật Khiếu nại", "136/2025"],
    (PetitionEnding.OVERRIDE_OF_WITHDRAWAL, DENUNCIATION): ["khoản 3 Điều 33 Luật Tố cáo"],
    (PetitionEnding.SUSPENSION, COMPLAINT): ["Điều 11a Luật Khiếu nại", "Điều 12 Nghị định số 155/2026"],
    (PetitionEnding.SUSPENSION, DENUNCIATION): ["khoản 1 Điều 34 Luật Tố cáo"],
    (PetitionEnding.TERMINATION, COMPLAINT): ["Điều 11a Luật Khiếu nại", "Điều 12 Nghị định số 155/2026"],
    (PetitionEnding.TERMINATION, DENUNCIATION): ["khoản 3 Điều 34 Luật Tố cáo"],
    (PetitionEnding.SECOND_COMPLAINT, COMPLAINT): ["Điều 33 Luật Khiếu nại"],
    (PetitionEnding.FURTHER_DENUNCIATION, DENUNCIATION): ["Điều 37", "Điều 38 Luật Tố cáo"],
    (PetitionEnding.LAWSUIT, COMPLAINT): ["Điều 42 Luật Khiếu nại"],
    (PetitionEnding.TAKE_OVER, DENUNCIATION): ["khoản 5 Điều 38 Luật Tố cáo"],
}

FILED = {"ineligible", "finally_settled", "referred_already"}
SENDER_IS_NO_MORE = {"died_without_heir", "dissolved_without_successor"}
GROUNDS: dict[tuple[PetitionEnding, PetitionKind], set[str]] = {
    (PetitionEnding.REFUSAL_OF_ACCEPTANCE, PROPOSAL): set(),
    (PetitionEnding.REFUSAL_OF_ACCEPTANCE, COMPLAINT): {
        *("internal_or_normative_decision", "no_direct_effect", "incapable_without_representative"),
        *("unlawful_representative", "unsigned", "time_bar_passed", "decided_second_time"),
        *("terminated_and_not_continued", "taken_by_court"),
    },
    (PetitionEnding.REFUSAL_OF_ACCEPTANCE, DENUNCIATION): {
        *("not_lodged_as_prescribed", "incapable_without_representative", "outside_competence"),
        *("no_basis_for_a_breach", "complaint_turned_without_evidence"),
    },
    (PetitionEnding.FILING, PROPOSAL): FILED,
    (PetitionEnding.FILING, COMPLAINT): FILED,
    (PetitionEnding.FILING, DENUNCIATION): FILED | {"sent_to_competent_body_too", "anonymous_without_evidence"},
    (PetitionEnding.USE_AS_INFORMATION, DENUNCIATION): {
        *("sender_unknown", "sender_not_identified", "name_of_another", "not_in_prescribed_form"),
    },
    (PetitionEnding.TERMINATION, PROPOSAL): SENDER_IS_NO_MORE | {"matter_ceased"},
    (PetitionEnding.TERMINATION, COMPLAINT): SENDER_IS_NO_MORE,
    (PetitionEnding.TERMINATION, DENUNCIATION): {"denounced_person_died", "decided_with_legal_force"},
}

SINCE_JULY_2026 = {
    (PetitionEnding.SUSPENSION, COMPLAINT),
    (PetitionEnding.TERMINATION, COMPLAINT),
    (PetitionEnding.OVERRIDE_OF_WITHDRAWAL, COMPLAINT),
}

COMMANDS: dict[PetitionEnding, PetitionCommand] = {
    PetitionEnding.ANSWER_AT_MEETING: s.ANSWER_AT_MEETING,
    PetitionEnding.ANSWER_IN_WRITING: s.ANSWER,
    PetitionEnding.REFUSAL_OF_ACCEPTANCE: s.REFUSE,
    PetitionEnding.TRANSFER: s.TRANSFER,
    PetitionEnding.URGING_BELOW: with_changes(s.URGE_BELOW, reply_by=ON + timedelta(days=14)),
    PetitionEnding.RETURN: s.GIVE_BACK,
    PetitionEnding.GUIDANCE: s.GUIDE,
    PetitionEnding.FILING: s.FILE,
    PetitionEnding.USE_AS_INFORMATION: s.INFORMATION,
    PetitionEnding.WITHDRAWAL: s.AGREE_TO_WITHDRAWAL,
    PetitionEnding.OVERRIDE_OF_WITHDRAWAL: s.OVERRIDE,
    PetitionEnding.SUSPENSION: s.SUSPEND,
    PetitionEnding.TERMINATION: s.TERMINATE,
    PetitionEnding.LINK_AS_DUPLICATE: s.DUPLICATE,
    PetitionEnding.SPLIT: s.SPLIT,
    PetitionEnding.CANCELLATION: s.CANCEL,
    PetitionEnding.SECOND_COMPLAINT: s.COMPLAIN_AGAIN,
    PetitionEnding.FURTHER_DENUNCIATION: s.DENOUNCE_FURTHER,
    PetitionEnding.LAWSUIT: s.SUE,
    PetitionEnding.TAKE_OVER: s.TAKE_OVER,
    PetitionEnding.CLOSE: s.CLOSE,
}

ENDING_OF_EVENT: dict[type[Fact], PetitionEnding] = {
    AnsweredAtMeeting: PetitionEnding.ANSWER_AT_MEETING,
    AnsweredInWriting: PetitionEnding.ANSWER_IN_WRITING,
    AcceptanceRefused: PetitionEnding.REFUSAL_OF_ACCEPTANCE,
    PetitionTransferred: PetitionEnding.TRANSFER,
    CompetentUnitUrged: PetitionEnding.URGING_BELOW,
    PetitionReturned: PetitionEnding.RETURN,
    CitizenGuided: PetitionEnding.GUIDANCE,
    PetitionArchived: PetitionEnding.FILING,
    PetitionHandledAsInformation: PetitionEnding.USE_AS_INFORMATION,
    WithdrawalAccepted: PetitionEnding.WITHDRAWAL,
    WithdrawalOverridden: PetitionEnding.OVERRIDE_OF_WITHDRAWAL,
    ProcessingSuspended: PetitionEnding.SUSPENSION,
    ProcessingTerminated: PetitionEnding.TERMINATION,
    PetitionMarkedDuplicate: PetitionEnding.LINK_AS_DUPLICATE,
    PetitionSplit: PetitionEnding.SPLIT,
    RegistrationCancelled: PetitionEnding.CANCELLATION,
    SecondComplaintLodged: PetitionEnding.SECOND_COMPLAINT,
    FurtherDenunciationLodged: PetitionEnding.FURTHER_DENUNCIATION,
    LawsuitFiled: PetitionEnding.LAWSUIT,
    SettlementTakenOver: PetitionEnding.TAKE_OVER,
    PetitionClosed: PetitionEnding.CLOSE,
}


def expected() -> dict[PetitionEnding, dict[Stage, str]]:
    head, *rows = EXPECTED.strip("\n").splitlines()
    columns = head.split()
    named = {Stage(column) for column in columns if column not in {"answered", "gone"}}
    groups = {"answered": ANSWERED_STAGES, "gone": set(Stage) - named - ANSWERED_STAGES}
    return {
        PetitionEnding(ending): {
            stage: cell.strip(".")
            for column, cell in zip(columns, cells, strict=True)
            for stage in groups.get(column, {Stage(column)} if column in set(Stage) else ())
        }
        for ending, *cells in map(str.split, rows)
    }


def unclassified_at(stage: Stage) -> GivenPast | None:
    """Return a past without a kind: a receipt, or the case of a register without kinds; None where there is none."""
    imported: list[PetitionEvent] = [
        PetitionReceived(occurred_on=MONDAY, book="NK"),
        PetitionAssigned(occurred_on=MONDAY, lead_unit=UnitId("so-mau")),
    ]
    pasts: dict[Stage, GivenPast] = {
        Stage.RECEIVED: [s.RECEIVE_UNCLASSIFIED],
        Stage.ASSIGNED: imported,
        Stage.IN_PROGRESS: [*imported, s.START],
        Stage.SUSPENDED: [
            *imported,
            s.START,
            ProcessingSuspended(occurred_on=s.july(20), ground="chờ kết quả", decision_no="1/QĐ"),
        ],
        Stage.ANSWERED_IN_WRITING: [*imported, s.START, s.ANSWER, s.NOTIFY],
        Stage.IMPLEMENTED: [*imported, s.START, s.ANSWER, s.NOTIFY, s.PROMISE, s.KEEP],
    }
    return pasts.get(stage)


def past_at(kind: PetitionKind | None, stage: Stage) -> GivenPast | None:
    if kind is None:
        return unclassified_at(stage)
    if stage is Stage.ANSWERED_AT_MEETING:  # earlier programs recorded it for every kind
        answered = AnsweredAtMeeting(
            occurred_on=MONDAY,
            meeting_id=MeetingId(MEETING),
            answered_by=official("giam-doc"),
            answer="đã giải thích",
            minutes_page="4",
        )
        return [with_changes(s.RECEIVE, kind=kind), answered, CitizenNotified(occurred_on=MONDAY, how="trực tiếp")]
    if stage is Stage.CLASSIFIED:  # within the competence of a lower body, which can be urged
        return s.of_a_subordinate(kind)
    return s.commands_to_stages(kind)[stage]


@cache
def petition_at(kind: PetitionKind | None, stage: Stage, *, forced: bool = False) -> Petition | None:
    """Return a petition of that kind at that stage, with a withdrawal that waits; None where there is none."""
    past = past_at(kind, stage)
    if past is None:
        return None
    asked = WithdrawalRequested(
        occurred_on=ON, scope=WithdrawalScope.WHOLE, form=WithdrawalForm.LETTER, signs_of_coercion=forced
    )
    petition = petition_after([*past, asked], other=first_letter(kind))
    assert petition.stage is stage
    return petition


def context_on(
    command: PetitionCommand, petition: Petition, on: date = ON, today: date | None = None
) -> DecisionContext:
    """Return the context of a command that is entered on its own day, or on the day `today`."""
    entered_on = today or command.occurred_on
    return decision_context(usual_officer(command), today=entered_on, meeting_on=on, other=first_letter(petition.kind))


def day_of(ending: PetitionEnding, petition: Petition) -> date:
    """Return a day on which the ending is in its window.

    A second complaint comes after it was told, a number is cancelled before it is overdue; all others have no window.
    """
    if ending is PetitionEnding.CANCELLATION:
        return min(petition.status.clocks.values(), default=ON)
    if ending is not PetitionEnding.SECOND_COMPLAINT:
        return ON
    return (petition.told_on or petition.status.due_on or ON) + timedelta(days=1)


def commands_by(ending: PetitionEnding, on: date = ON) -> list[PetitionCommand]:
    """Return the command that ends so, with each ground that there is and with none."""
    command = with_changes(COMMANDS[ending], occurred_on=on)
    if "ground_code" not in type(command).model_fields:
        return [command]
    optional = [None] if isinstance(command, c.RefuseAcceptance) else []
    return [with_changes(command, ground_code=ground) for ground in [*optional, *Ground]]


def is_allowed(command: PetitionCommand, petition: Petition, context: DecisionContext) -> bool:
    try:
        return bool(decide(command, petition, context).facts)
    except Refused:
        return False
