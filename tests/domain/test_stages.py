"""Tests every command at every stage of a petition's life against a written table of what is allowed."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

import pytest

from domain.alerts.vocabulary import AlertChannel, AlertRole, Does
from domain.commands import (
    CancelRegistration,
    ClassifyPetition,
    FilePetition,
    LodgeSecondComplaint,
    PetitionCommand,
    PrepareForMeeting,
    ProposeReversal,
    RefuseAcceptance,
    RequestExtension,
    TerminateProcessing,
)
from domain.correcting.reversal import is_ending
from domain.deadlines.clock import Clock
from domain.decide import decide
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import (
    AlertRaised,
    Correction,
    CorrectionProposed,
    ExtensionRequested,
    PetitionEvent,
    ReversalProposed,
    WithdrawalRequested,
)
from domain.evolve import fold
from domain.petition import Petition
from domain.vocabulary import PetitionKind, Stage, WithdrawalForm, WithdrawalScope
from tests.domain import samples
from tests.domain.command_sequences import first_letter
from tests.domain.samples import COMPLAINT, DENUNCIATION, PROPOSAL, for_duty, with_changes
from tests.domain.scenario import CLERK, PETITION, decision_context, history_of, usual_officer

# c: a complaint may, d: a denunciation, p: a proposal or feedback; x: all three; a dot: none.
# The petition is overdue where a clock runs, its answer reached the citizen, and a correction, an extension and a
# withdrawal wait for somebody's consent, an alert for whoever takes note of it; `gone` stands for every stage that has
# no column of its own.
ALLOWED = """
                       received classified accepted assigned in_progress suspended  at_meeting in_writing implemented closed  transferred duplicate gone
ReceivePetition        .        .          .        .        .           .          .          .          .           .       .           .         .
CancelRegistration     x        .          .        .        .           .          .          .          .           .       .           .         .
SplitPetition          x        x          .        .        .           .          .          .          .           .       .           .         .
ClassifyPetition       x        x          x        x        x           x          .          .          .           .       .           .         .
AcknowledgeReceipt     x        x          x        x        x           x          .          .          .           .       .           .         .
RequestSupplement      x        x          .        .        .           .          .          .          .           .       .           .         .
RecordSupplement       x        x          x        x        x           x          .          .          .           .       .           .         .
AcceptPetition         .        x          .        .        .           .          .          .          .           .       .           .         .
RefuseAcceptance       .        x          .        .        .           .          .          .          .           .       .           .         .
TransferPetition       .        x          .        .        .           .          .          .          .           .       .           .         .
RecordTransferReply    .        .          .        .        .           .          .          .          .           .       x           .         .
ReturnPetition         .        x          .        .        .           .          .          .          .           .       .           .         .
GuideCitizen           .        x          .        .        .           .          .          .          .           .       .           .         .
FilePetition           .        x          .        .        .           .          .          .          .           .       .           .         .
MarkDuplicate          x        x          .        .        .           .          .          .          .           .       .           .         .
UnmarkDuplicate        .        .          .        .        .           .          .          .          .           .       .           x         .
HandleAsInformation    .        d          .        .        .           .          .          .          .           .       .           .         .
AssignPetition         .        p          x        .        .           .          .          .          .           .       .           .         .
ReassignPetition       .        .          .        x        x           x          .          .          .           .       .           .         .
StartWork              .        .          .        x        .           .          .          .          .           .       .           .         .
DeliverContribution    .        .          .        .        .           .          .          .          .           .       .           .         .
RecordComplaintDialogue .       .          .        c        c           .          .          .          .           .       .           .         .
PrepareForMeeting      p        p          p        p        .           .          .          .          .           .       .           .         .
AnswerAtMeeting        p        p          p        p        .           .          .          .          .           .       .           .         .
AnswerInWriting        .        .          .        x        x           .          .          .          .           .       .           .         .
NotifyCitizen          .        .          .        .        .           .          x          x          x           .       .           .         .
RecordPromise          .        .          .        .        .           .          x          x          x           .       .           .         .
ReportPromise          .        .          .        .        .           .          .          .          x           .       .           .         .
RequestDocuments       .        .          c        c        c           .          .          .          .           .       .           .         .
RecordActionResult     .        .          .        .        .           .          .          d          d           d       .           .         .
RemindUnit             .        .          .        x        x           .          .          .          .           .       .           .         .
SuspendProcessing      .        .          x        x        x           .          .          .          .           .       .           .         .
ResumeProcessing       .        .          .        .        .           x          .          .          .           .       .           .         .
TerminateProcessing    .        .          x        x        x           x          .          .          .           .       .           .         .
SetDeadline            .        .          p        .        .           .          .          .          .           .       .           .         .
RequestExtension       .        .          .        x        x           .          .          .          .           .       .           .         .
ExtendDeadline         .        .          .        x        x           .          .          .          .           .       .           .         .
DetermineComplexity    .        .          cd       cd       cd          .          .          .          .           .       .           .         .
LodgeSecondComplaint   c        c          c        c        c           .          .          c          c           c       .           .         .
LodgeFurtherDenunciation d      d          d        d        d           .          .          d          d           d       .           .         .
FileLawsuit            c        c          c        c        c           .          .          c          c           c       .           .         .
TakeOverSettlement     d        d          d        d        d           .          .          .          .           .       .           .         .
OrderResponsibilityCheck x      x          cd       x        x           .          .          .          .           .       .           .         .
RequestWithdrawal      x        x          x        x        x           x          .          .          .           .       .           .         .
AcceptWithdrawal       x        x          x        x        x           x          .          .          .           .       .           .         .
OverrideWithdrawal     dp       dp         dp       dp       dp          dp         .          .          .           .       .           .         .
ClosePetition          .        .          .        .        .           .          x          x          x           .       .           .         .
ReopenPetition         .        .          .        .        .           .          x          x          x           x       .           .         .
ProposeCorrection      x        x          x        x        x           x          x          x          x           x       x           x         x
ApproveCorrection      x        x          x        x        x           x          x          x          x           x       x           x         x
ProposeReversal        .        .          .        .        .           .          x          x          x           x       x           .         x
ApproveReversal        .        .          .        .        .           .          x          x          x           x       x           .         x
AcknowledgeAlert       x        x          x        x        x           x          x          x          x           x       x           x         x
RecordCourtRuling      .        .          .        .        .           .          .          .          .           .       .           .         .
UrgeCompetentUnit      .        .          .        .        .           .          .          .          .           .       .           .         .
RecordMandate          .        .          .        .        .           .          .          .          .           .       .           .         .
RecordProxy            c        c          c        c        c           c          .          .          .           .       .           .         .
WithdrawSignatory      .        .          .        .        .           .          .          .          .           .       .           .         .
"""  # noqa: E501 - a table

ALLOWED_AFTER_AN_ENDING = {
    ("RecordCourtRuling", Stage.SUED): "cdp",
    ("NotifyCitizen", Stage.URGED_BELOW): "cdp",
    ("RecordTransferReply", Stage.URGED_BELOW): "cdp",
    # what was split off, and a stage above, are petitions of their own
    **{
        (command, stage): ""
        for command in ("ProposeReversal", "ApproveReversal")
        for stage in (Stage.SPLIT, Stage.COMPLAINED_AGAIN, Stage.DENOUNCED_FURTHER, Stage.TAKEN_OVER)
    },
}
"""What is allowed at stages that stand under `gone`, besides the table."""

COLUMNS = {
    "at_meeting": Stage.ANSWERED_AT_MEETING,
    "in_writing": Stage.ANSWERED_IN_WRITING,
    **{stage.value: stage for stage in Stage},
}
KINDS = {"c": COMPLAINT, "d": DENUNCIATION, "p": PROPOSAL}
ON, UNTIL = date(2026, 10, 20), date(2026, 10, 29)


def table() -> dict[str, dict[Stage, str]]:
    head, *rows = ALLOWED.strip("\n").splitlines()
    columns = head.split()
    gone = set(Stage) - {COLUMNS[column] for column in columns if column != "gone"}
    allowed: dict[str, dict[Stage, str]] = {}
    for row in rows:
        command, *cells = row.split()
        allowed[command] = {}
        for column, cell in zip(columns, cells, strict=True):
            kinds = {"x": "cdp", ".": ""}.get(cell, cell)
            allowed[command] |= dict.fromkeys(gone if column == "gone" else {COLUMNS[column]}, kinds)
    for (command, stage), kinds in ALLOWED_AFTER_AN_ENDING.items():
        allowed[command][stage] = kinds
    return allowed


@cache
def at_stage(kind: PetitionKind, stage: Stage) -> Petition:
    petition = fold(history_at_stage(kind, stage))
    assert petition is not None
    return petition


@cache
def history_at_stage(kind: PetitionKind, stage: Stage) -> tuple[EventEnvelope[PetitionEvent], ...]:
    history = history_of(samples.commands_to_stages(kind)[stage], other=first_letter(kind))
    petition = fold(history)
    assert petition is not None
    assert petition.stage is stage
    waiting: list[PetitionEvent] = [
        CorrectionProposed(
            occurred_on=ON,
            corrections=(Correction(version=1, form=1, path="place", becomes='"xã Mẫu"'),),
            why="gõ nhầm",
        ),
        ExtensionRequested(
            occurred_on=ON, clock=petition.status.clock or Clock.HEAD, until=UNTIL, reason="phải đo lại"
        ),
        WithdrawalRequested(occurred_on=ON, scope=WithdrawalScope.WHOLE, form=WithdrawalForm.LETTER),
        AlertRaised(
            occurred_on=ON,
            clock=samples.TAKE_NOTE.clock,
            due_on=UNTIL,
            step=samples.TAKE_NOTE.step,
            to=(AlertRole.HEAD,),
            by=(AlertChannel.EMAIL,),
            round=1,
            does=Does.TELL,
            rule="five-days-before@1",
            calendar="VN-2026.1",
        ),
    ]
    waiting.append(ReversalProposed(occurred_on=ON, version=last_ending(history), why="ghi nhầm"))
    return (*history, *(EventEnvelope(PETITION, len(history) + n, fact, CLERK) for n, fact in enumerate(waiting, 1)))


def last_ending(history: Sequence[EventEnvelope[PetitionEvent]]) -> int:
    """Return the place of the last event that ended the petition, 1 when none did."""
    return max((event.originator_version for event in history if is_ending(event.fact)), default=1)


def on_time(command: PetitionCommand, petition: Petition, kind: PetitionKind) -> PetitionCommand:
    """Return the sample with days and values that only the stage can forbid."""
    changes: dict[str, object] = {"occurred_on": ON}
    changes |= dict.fromkeys({"due_on", "until", "asked_for_on", "promised_for_on"} & command.model_fields_set, UNTIL)
    match command:
        case CancelRegistration():  # what is overdue is not cancelled
            changes["occurred_on"] = min(petition.status.clocks.values(), default=ON)
        case RequestExtension():
            changes["clock"] = petition.status.clock or Clock.HEAD
        case ClassifyPetition():
            changes |= {"kind": kind, "reason": "đọc lại nội dung đơn"}
        case ProposeReversal():
            changes["version"] = last_ending(history_at_stage(kind, petition.stage))
        case LodgeSecondComplaint():
            limits = petition.status.clocks.values()  # a limit that passed, of whatever clock, is not dated back over
            changes["occurred_on"] = (petition.told_on or max(limits, default=ON)) + timedelta(days=1)
        case RefuseAcceptance() | FilePetition() | TerminateProcessing():
            return samples.on_its_ground(with_changes(command, **changes), kind)
        case _:
            pass
    for duty in petition.duties:
        command = for_duty(command, duty)
    return with_changes(command, **changes)


def is_allowed(command: PetitionCommand, kind: PetitionKind, stage: Stage) -> bool:
    petition = at_stage(kind, stage)
    planned_for = UNTIL if isinstance(command, PrepareForMeeting) else None
    command = on_time(command, petition, kind)
    context = decision_context(
        usual_officer(command),
        today=command.occurred_on,
        meeting_on=ON,
        planned_for=planned_for,
        other=first_letter(kind),
    )._replace(history=history_at_stage(kind, stage))
    try:
        return bool(decide(command, petition, context).facts)
    except Refused:
        return False


@pytest.mark.parametrize(
    "command",
    # what an act made due is done at any stage while it is owed: tests/domain/rules/test_performing.py
    [command for command in samples.EVERY_COMMAND if command not in samples.OWED_ACTS],
    ids=lambda command: type(command).__name__,
)
def test_a_command_is_allowed_at_just_these_stages(command: PetitionCommand) -> None:
    found = {
        stage: "".join(letter for letter, kind in KINDS.items() if is_allowed(command, kind, stage)) for stage in Stage
    }
    assert found == table()[type(command).__name__]
