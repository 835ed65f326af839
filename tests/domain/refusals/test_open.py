"""Tests that a petition is called open to a command exactly when some values of that command are allowed.

So what is called closed is refused with every value that is tried, and nothing that the state alone forbids is called
open. The values are found for the state: a running clock, a waiting alert, a day on which a meeting was held.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace as replace_field
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commands import (
    AcknowledgeAlert,
    AnswerAtMeeting,
    ApproveCorrection,
    ApproveReversal,
    AssignPetition,
    ClassifyPetition,
    DetermineComplexity,
    FilePetition,
    HandleAsInformation,
    LiftDuty,
    LodgeFurtherDenunciation,
    LodgeSecondComplaint,
    OrderResponsibilityCheck,
    PetitionCommand,
    PrepareForMeeting,
    ProposeCorrection,
    ProposeReversal,
    ReassignPetition,
    ReceivePetition,
    RecordCourtRuling,
    RecordMandate,
    RecordPromise,
    RecordProxy,
    RefuseAcceptance,
    RemindUnit,
    ReopenPetition,
    ReportAction,
    RequestExtension,
    RequestSupplement,
    SendSuspensionDecision,
    SetDeadline,
    SupplyDocuments,
    TakeOverSettlement,
    TerminateProcessing,
    UrgeCompetentUnit,
    WithdrawSignatory,
)
from domain.deadlines.clock import Clock
from domain.deadlines.policy import Policies
from domain.deadlines.stages import LegalStage
from domain.decide import decide, why_closed
from domain.decision_context import DecisionContext
from domain.endings.words import Ground
from domain.errors import Refused
from domain.events import Correction, CorrectionProposed, DuplicateLinked
from domain.petition import Petition
from domain.petitioner import Petitioner
from domain.refusals.general import GeneralRefusal
from domain.value import replace
from domain.vocabulary import Channel, CourtOutcome, Criterion, PetitionKind, RulingForce, Stage
from tests.domain import samples
from tests.domain.command_sequences import LIVES, STRANGERS, Life, first_letter
from tests.domain.samples import COMPLAINT, DENUNCIATION, PROPOSAL, answered, for_duty, in_progress, with_changes
from tests.domain.scenario import FIRST_LETTER, HEAD, TODAY, GivenPast, decision_context, national_law, petition_after
from tests.domain.test_stages import at_stage
from tests.examples import examples

ONE_DAY = timedelta(days=1)
NEXT_WEEK = timedelta(days=7)
LONG_AGO = date(2020, 1, 6)
SIGNATORIES = [Petitioner(name=f"Người Mẫu {n}") for n in range(1, 6)]


def context_of(command: PetitionCommand, by: int, today: date, kind: PetitionKind | None = None) -> DecisionContext:
    """Return what a command reads when it names a meeting of today, or one to come, and a letter of long ago."""
    first = first_letter(kind)
    return decision_context(
        STRANGERS[by],
        today=today,
        meeting_on=today if isinstance(command, AnswerAtMeeting) else LONG_AGO,
        planned_for=today + NEXT_WEEK if isinstance(command, PrepareForMeeting) else None,
        other=replace(first, status=replace(first.status, received_on=LONG_AGO)),
    )


def commands_to_try(command: PetitionCommand, petition: Petition, today: date) -> Iterator[PetitionCommand]:
    """Yield the sample command with days and values that the state leaves possible, if it leaves any."""
    later = today + NEXT_WEEK
    for on in {today, petition.received_on}:
        match command:
            case AssignPetition() | SetDeadline() | ReopenPetition():
                yield with_changes(command, occurred_on=on, due_on=later)
            case RequestSupplement() | RemindUnit():
                yield with_changes(command, occurred_on=on, asked_for_on=later)
            case RecordPromise():
                yield with_changes(command, occurred_on=on, promised_for_on=later)
            case ReassignPetition():
                yield with_changes(command, occurred_on=on, lead_unit="so-mau", responsible_officer="ai-do")
                yield with_changes(command, occurred_on=on, lead_unit="so-khac", responsible_officer="ai-khac")
            case ClassifyPetition():
                yield with_changes(command, occurred_on=on, reason="đọc lại nội dung đơn")
            case RequestExtension():
                for clock, present in petition.deadlines.items():
                    until = present.due_on + ONE_DAY
                    yield with_changes(command, occurred_on=on, clock=clock, until=until)
            case DetermineComplexity():
                for count in (1, 2):
                    yield with_changes(command, occurred_on=on, criteria=tuple(Criterion)[:count])
            case LodgeSecondComplaint():
                after_limits = {due_on + ONE_DAY for due_on in petition.status.clocks.values()}
                for day in {on, petition.answered_on or on, *after_limits}:
                    for unit in ("bo-mau", "ubnd-tinh"):
                        yield with_changes(command, occurred_on=day, to_unit=unit)
            case LodgeFurtherDenunciation() | TakeOverSettlement() | OrderResponsibilityCheck():
                for unit in ("bo-mau", "ubnd-tinh"):
                    yield with_changes(command, occurred_on=on, to_unit=unit)
            case LiftDuty() | SendSuspensionDecision() | ReportAction() | SupplyDocuments():
                for duty in petition.duties:
                    yield with_changes(for_duty(command, duty), occurred_on=on)
            case RefuseAcceptance() | FilePetition() | HandleAsInformation() | TerminateProcessing():
                for ground in Ground:
                    yield with_changes(command, occurred_on=on, ground_code=ground)
                if isinstance(command, RefuseAcceptance):
                    yield with_changes(command, occurred_on=on, ground_code=None)
            case RecordMandate() | WithdrawSignatory():
                yield with_changes(command, occurred_on=on)
                for person in petition.standing_persons:
                    names = {"representatives": [person.ref], "signatory": person.ref}
                    changes = {name: value for name, value in names.items() if name in type(command).model_fields}
                    yield with_changes(command, occurred_on=on, persons=(), **changes)
            case RecordProxy():
                yield with_changes(command, occurred_on=on, scope=f"nội dung {len(petition.proxies)}")
            case UrgeCompetentUnit():
                yield with_changes(command, occurred_on=on, reply_by=later)
            case RecordCourtRuling():
                yield with_changes(command, occurred_on=on, ruling_no=f"{petition.version}/2026/HC-ST")
            case AcknowledgeAlert():
                for key in petition.alerts:
                    yield with_changes(
                        command, occurred_on=on, clock=key.clock, due_on=key.due_on, step=key.step, round=key.round
                    )
            case _:
                yield with_changes(command, occurred_on=on)


OF_THE_STATE_ALONE = tuple(
    command
    for command in samples.EVERY_COMMAND
    if not isinstance(command, ProposeCorrection | ApproveCorrection | ProposeReversal | ApproveReversal)
)
"""The commands that read no history. The others are tried at each stage in tests/domain/test_stages.py."""


def is_allowed(command: PetitionCommand, petition: Petition, context: DecisionContext) -> bool:
    try:
        return bool(decide(command, petition, context).facts)
    except Refused:
        return False


def misjudged(
    petition: Petition, command: PetitionCommand, by: int, today: date, tries: Iterable[PetitionCommand]
) -> str | None:
    """Return what is wrong with the answer whether the petition is open to this kind of command; None when right."""
    context = context_of(command, by, today, petition.kind)
    refusal = why_closed(type(command), petition, context._replace(meeting=None, other=None))
    allowed = [one for one in tries if is_allowed(one, petition, context)]
    if (refusal is None) is bool(allowed):
        return None
    return f"{type(command).__name__} at {petition.stage} by {context.by.officer}: {refusal}, yet allowed: {allowed}"


@cache
def rare_states() -> tuple[Petition, ...]:
    """Return petitions whose state forbids what their stage allows: a degree reached, a request used up, a link."""
    more_time = with_changes(samples.ASK_FOR_TIME, clock=Clock.SETTLEMENT, until=date(2026, 8, 20))
    later_receipt = Correction(version=1, form=1, path="occurred_on", becomes='"2026-07-12"')
    first_answer = Correction(version=6, form=1, path="occurred_on", becomes='"2026-07-19"')
    on = date(2026, 8, 25)
    pasts: list[GivenPast] = [
        [*in_progress(DENUNCIATION), with_changes(samples.COMPLEX, criteria=tuple(Criterion)[:2])],
        [*in_progress(DENUNCIATION), samples.COMPLEX],
        [*in_progress(COMPLAINT), samples.COMPLEX],
        [*in_progress(DENUNCIATION), samples.COMPLEX, more_time, samples.EXTEND],
        [*in_progress(DENUNCIATION), samples.COMPLEX, more_time],
        [*in_progress(COMPLAINT), samples.ASK_FOR_TIME, samples.ANSWER, samples.REOPEN],
        [*in_progress(PROPOSAL), CorrectionProposed(occurred_on=on, corrections=(later_receipt,), why="gõ nhầm")],
        [
            *answered(PROPOSAL),
            CorrectionProposed(occurred_on=on, corrections=(first_answer,), why="gõ nhầm"),
            samples.REOPEN,
            with_changes(samples.ANSWER, occurred_on=date(2026, 8, 28)),
        ],
        [*in_progress(COMPLAINT), with_changes(samples.WITHDRAW, signs_of_coercion=True)],
        [*samples.classified_as(PROPOSAL), samples.TRANSFER, samples.DECLINED],
        [*samples.classified_as(COMPLAINT), samples.ACCEPT, samples.SUSPEND],
        [*in_progress(DENUNCIATION), samples.ORDER_CHECK, samples.TAKE_OVER],
        [*answered(COMPLAINT), samples.SUE],
        [*answered(COMPLAINT), samples.SUE, samples.RULING],
        [*answered(COMPLAINT), samples.SUE, with_changes(samples.RULING, outcome=CourtOutcome.UPHELD)],
        [*answered(COMPLAINT), samples.SUE, with_changes(samples.RULING, force=RulingForce.APPEALED)],
        [
            *answered(COMPLAINT),
            samples.SUE,
            samples.RULING,
            with_changes(samples.REOPEN, occurred_on=TODAY, due_on=None),
        ],
        *(samples.from_many(persons, kind) for persons in (2, 5, 30) for kind in PetitionKind),
        samples.from_many(2, COMPLAINT, *SIGNATORIES[:2]),
        samples.from_many(5, DENUNCIATION, *SIGNATORIES),
        [*samples.from_many(5, COMPLAINT), with_changes(samples.MANDATE, signatures=5)],
        [*samples.from_many(5, COMPLAINT), with_changes(samples.MANDATE, signatures=4)],
        [*samples.from_many(2, COMPLAINT), samples.LEAVE],
        [*samples.from_many(5, COMPLAINT), samples.PROXY, samples.LEAVE],
        [*samples.from_many(5, PROPOSAL), samples.ACCEPT],
        samples.of_a_subordinate(PROPOSAL),
        samples.of_a_subordinate(DENUNCIATION),
        [samples.RECEIVE, DuplicateLinked(occurred_on=on, duplicate=FIRST_LETTER, received_on=on)],
        [with_changes(samples.RECEIVE, channel=Channel.POST), with_changes(samples.CLASSIFY, kind=COMPLAINT)],
    ]
    return tuple(petition_after(past) for past in pasts)


@cache
def states_to_try() -> tuple[Petition, ...]:
    """Return the rare states and each stage, with what waits for somebody's consent and without."""
    return (
        *rare_states(),
        *(at_stage(kind, stage) for kind in PetitionKind for stage in Stage),
        *(
            petition_after(samples.commands_to_stages(kind)[stage], other=first_letter(kind))
            for kind in PetitionKind
            for stage in Stage
        ),
    )


@cache
def tries_in_states(command: PetitionCommand) -> list[tuple[Petition, list[PetitionCommand]]]:
    """Return each state with the commands that are tried in it; they are the same whoever sends them."""
    return [(petition, list(commands_to_try(command, petition, TODAY))) for petition in states_to_try()]


@pytest.mark.parametrize("by", range(len(STRANGERS)))
@pytest.mark.parametrize("command", OF_THE_STATE_ALONE, ids=lambda command: type(command).__name__)
def test_a_petition_is_open_to_what_some_values_allow_at_each_stage(command: PetitionCommand, by: int) -> None:
    judged = [misjudged(petition, command, by, TODAY, tries) for petition, tries in tries_in_states(command)]
    assert [found for found in judged if found] == []


@examples(40)
@given(LIVES, st.integers(0, len(STRANGERS) - 1))
def test_a_petition_is_open_to_what_some_values_allow_whatever_its_life(life: Life, by: int) -> None:
    today = max(TODAY, *(step.envelope.fact.occurred_on for step in life.steps), life.receipt.occurred_on)
    for petition in life.petitions:
        found = [
            misjudged(petition, command, by, today, commands_to_try(command, petition, today))
            for command in OF_THE_STATE_ALONE
        ]
        assert [one for one in found if one] == []


@examples(40)
@given(LIVES, st.integers(0, len(STRANGERS) - 1))
def test_a_closed_petition_refuses_with_the_reason_that_was_told(life: Life, by: int) -> None:
    petition = life.end
    today = max(TODAY, petition.received_on, *(step.envelope.fact.occurred_on for step in life.steps))
    for command in samples.EVERY_COMMAND:
        context = context_of(command, by, today)
        refusal = why_closed(type(command), petition, context)
        if refusal is not None:
            with pytest.raises(Refused) as refused:
                decide(with_changes(command, occurred_on=today), petition, context)
            assert (refused.value.code, refused.value.values) == (refusal.code, refusal.values)


@pytest.mark.parametrize(("ended_on", "is_open"), [(None, True), (date(2026, 7, 20), True), (date(2026, 7, 1), False)])
def test_a_rule_that_ended_leaves_open_what_may_have_been_decided_before(
    ended_on: date | None, *, is_open: bool
) -> None:
    """An act is entered with its own day, and the rule of that day counts."""
    law = national_law()
    rows = tuple(
        row.model_copy(update={"in_force_to": ended_on}) if row.stage is LegalStage.SETTLEMENT_EXTENSION else row
        for row in law.policies.rows
    )
    context = decision_context(HEAD)._replace(law=replace_field(law, policies=Policies(rows)))
    petition = petition_after([*samples.classified_as(DENUNCIATION), samples.ACCEPT, samples.COMPLEX])
    refusal = why_closed(RequestExtension, petition, context)
    assert (refusal is None) is is_open
    ask = with_changes(samples.ASK_FOR_TIME, clock=Clock.SETTLEMENT, until=date(2026, 8, 20))
    days = [date(2026, 7, 6), date(2026, 7, 16), TODAY]
    assert any(is_allowed(with_changes(ask, occurred_on=day), petition, context) for day in days) is is_open


def test_what_was_not_received_is_open_to_a_receipt_alone() -> None:
    for command in samples.EVERY_COMMAND:
        refusal = why_closed(type(command), None, decision_context(HEAD))
        is_receipt = isinstance(command, ReceivePetition)
        assert (
            refusal is None if is_receipt else refusal is not None and refusal.code is GeneralRefusal.NO_SUCH_PETITION
        )
