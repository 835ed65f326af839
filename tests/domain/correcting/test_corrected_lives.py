"""Tests that what was typed can be put right in any life: the state is that of the right record, and both are seen."""

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from enum import StrEnum
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commands import ApproveCorrection, PetitionCommand, ProposeCorrection
from domain.correcting.fields import field_paths, field_type, json_of_value, read_field
from domain.correcting.history import corrected_history
from domain.correcting.table import MADE_BY_PROGRAM, NOT_CORRECTED, SETS_DATES, why_not_correctable
from domain.deadlines.ledger import fold_ledger
from domain.deadlines.policy import Policies
from domain.decide import decide
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import CorrectionProposed, Fact, PetitionEvent, RecordCorrected, ReversalProposed
from domain.evolve import fold
from domain.petition import Petition
from domain.value import UNSET, FactPart, replace
from projections.case_file import case_file_lines
from projections.state import fold_view_state
from service.event_store.codec import decode_fact, encode_fact
from service.projector.history_fold import fold_history
from tests.domain.command_sequences import LIVES, Life, history_of_life
from tests.domain.scenario import CLERK, HEAD, PETITION, TODAY, decision_context
from tests.examples import examples

History = Sequence[EventEnvelope[PetitionEvent]]


def decided(history: History, command: PetitionCommand, by: Any) -> list[EventEnvelope[PetitionEvent]]:
    """Return the history with the facts of the command, as the log gives them back."""
    facts = decide(command, fold(history), decision_context(by)._replace(history=history)).facts
    stored = [decode_fact(type(fact).__name__, encode_fact(fact)) for fact in facts]
    return [*history, *(EventEnvelope(PETITION, len(history) + n, fact, by) for n, fact in enumerate(stored, start=1))]  # type: ignore[list-item]


def corrected(history: History, version: int, path: str, becomes: object) -> History:
    field = {"version": version, "path": path, "becomes": json_of_value(becomes)}
    proposal = ProposeCorrection.model_validate({"occurred_on": TODAY, "fields": [field], "why": "gõ nhầm"})
    return decided(decided(history, proposal, CLERK), ApproveCorrection(occurred_on=TODAY), HEAD)


def another_value(value: Any, kind: Any, what: int) -> Any:
    """Return another value of the type of a field."""
    if value is UNSET or isinstance(value, tuple):
        return None
    if isinstance(value, bool):
        return not value
    if isinstance(value, StrEnum):
        return list(type(value))[what % len(type(value))]
    if isinstance(value, date):
        return value + timedelta(days=what % 9 - 4)
    if isinstance(value, int):
        return value + 1 + what % 3
    if isinstance(value, str):
        is_unit = value in ("so-mau", "so-khac", "bo-mau", "ubnd-tinh")
        return ("so-mau", "so-khac", "bo-mau")[what % 3] if is_unit else f"{value} {what % 7}"
    return None


def without_its_place(petition: Petition | None) -> Petition:
    assert petition is not None
    days = {act: day for act, day in petition.act_days.items() if act not in (CorrectionProposed, ReversalProposed)}
    return replace(petition, version=0, last_action_version=0, act_days=days)


@examples(60)
@given(LIVES, st.lists(st.integers(0, 10_000), min_size=6, max_size=6))
def test_a_field_corrected_and_corrected_back_leaves_everything_as_it_was(life: Life, picks: list[int]) -> None:
    history = corrected_free(history_of_life(life))
    before, view = without_its_place(fold(history)), fold_history(fold_view_state, history)
    for pick in picks:
        version = pick % len(history) + 1
        fact = history[version - 1].fact
        paths = [path for path in field_paths(fact) if why_not_correctable(type(fact), path) is None]
        if not paths:
            continue
        path = paths[pick // 7 % len(paths)]
        was = read_field(fact, path)
        if isinstance(was, FactPart):
            continue  # it is said again by its fields
        becomes = another_value(was, field_type(type(fact), path).type, pick)
        try:
            once = corrected(history, version, path, becomes)
        except Refused:
            continue
        right = corrected_history(once)[version - 1].fact
        assert json_of_value(read_field(right, path)) == json_of_value(becomes)
        assert fold_ledger(once).due_on == fold(once).status.due_on  # type: ignore[union-attr]
        back = corrected(once, version, path, was)
        assert without_its_place(fold(back)) == before
        assert fold_history(fold_view_state, back) == view
        lines = case_file_lines(back, Policies(()), "vi", UTC)
        told = [line.details["corrections"][0] for line in lines if line.event == RecordCorrected.__name__]
        assert [(one["path"], one["version"]) for one in told] == [(path, version)] * 2
        assert told[0].get("becomes", told[0].get("text_becomes")) == told[1].get("was", told[1].get("text_was"))


def corrected_free(history: History) -> list[EventEnvelope[PetitionEvent]]:
    """Return the history without its own corrections, and with places that follow one another."""
    kept = [event.fact for event in history if type(event.fact) not in MADE_BY_PROGRAM]
    return [EventEnvelope(PETITION, n, fact, HEAD, reference="TD-2026-000001") for n, fact in enumerate(kept, start=1)]


TYPED_FIELDS = """
PetitionReceived: channel document_no earlier_decision has_original_papers occurred_on person_count place
    summary to_party_head
MatterOpened: channel earlier_decision mandate person_count place proxies received_at received_on summary
StageOpened: channel document_no earlier_decision mandate occurred_on person_count place proxies summary
RegistrationCancelled: ground_code occurred_on reason
PetitionClassified: earlier_decision failed_conditions is_eligible is_level_skipping occurred_on reason topic
ReceiptAcknowledged: document_no how occurred_on
SupplementRequested: asked_for_on occurred_on wanted
SupplementReceived: occurred_on summary
PetitionAccepted: document_no occurred_on
AcceptanceRefused: document_no ground ground_code occurred_on
PetitionTransferred: document_no ground_code occurred_on to_body
TransferReplyReceived: citizen_asked occurred_on result
PetitionReturned: document_no ground_code occurred_on to_body
CitizenGuided: competent_body document_no ground_code occurred_on
PetitionArchived: ground_code occurred_on reason
PetitionMarkedDuplicate: occurred_on
PetitionUnmarkedDuplicate: occurred_on reason
PetitionHandledAsInformation: ground_code occurred_on reason
PetitionAssigned: accountable_head contributions coordinating_units expected_output lead_unit notice_no
    notice_on notice_signed_by occurred_on responsible task_summary
PetitionReassigned: coordinating_units lead_unit notice_no occurred_on reason responsible
WorkStarted: occurred_on
ComplaintDialogueHeld: absent_with_reason absent_without_reason invited_on minutes_no occurred_on present
ExternalStepRecorded: occurred_on officer step unit
ContributionDelivered: contribution document_no occurred_on
PetitionPreparedForMeeting: occurred_on prepared_by_unit proposed_answer
AnsweredAtMeeting: answer answered_by citizen_agreed citizen_present minutes_page occurred_on ordered_by
AnsweredInWriting: answer document_no occurred_on remedies result signed_by
CitizenNotified: document_no evidence how occurred_on
PromiseMade: occurred_on promised promised_for_on
PromiseReported: occurred_on result state
DutyPerformed: content document_no evidence how occurred_on sent_to
DutyLifted: occurred_on reason
DocumentsRequested: document_no from_unit occurred_on wanted
ActionResultRecorded: occurred_on result unit
ReminderIssued: asked_for_on document_no occurred_on
ProcessingSuspended: decision_no ground ground_code occurred_on
ProcessingResumed: document_no occurred_on
ExtensionRequested: occurred_on reason until
DeadlineExtended: decision_no occurred_on reason until
DeadlineSet: occurred_on reason
ComplexityDetermined: document_no occurred_on
SecondComplaintLodged: channel document_no occurred_on summary to_body to_unit
FurtherDenunciationLodged: channel document_no occurred_on summary to_body to_unit
LawsuitFiled: court document_no occurred_on summary
SettlementTakenOver: document_no ground ground_code occurred_on to_body to_unit
ResponsibilityCheckOrdered: document_no occurred_on reason to_body to_unit
WithdrawalRequested: coercion_checked form occurred_on part signs_of_coercion
WithdrawalAccepted: decision_no ground_code occurred_on
WithdrawalOverridden: ground ground_code occurred_on
ProcessingTerminated: decision_no ground ground_code occurred_on
PetitionClosed: ground_code occurred_on reason
PetitionReopened: occurred_on reason
CourtRulingRecorded: court force occurred_on outcome ruling_no summary
CompetentUnitUrged: document_no limit_ended_on occurred_on reply_by to_body to_unit
MandateRecorded: mandate occurred_on
ProxyRecorded: occurred_on proxy
SignatoryWithdrew: coercion_checked document_no form occurred_on
"""
"""The fields of each event that somebody types, also in parts. A new field is written here or gets a reason."""

TYPED = {
    name: set(fields.split())
    for name, _, fields in (entry.partition(":") for entry in TYPED_FIELDS.replace("\n    ", " ").strip().splitlines())
}


@pytest.mark.parametrize("kind", get_args(PetitionEvent), ids=lambda kind: kind.__name__)
def test_every_field_of_every_event_is_typed_or_has_a_reason_why_it_is_not_corrected(kind: type[Fact]) -> None:
    assert (kind in MADE_BY_PROGRAM) is (kind not in NOT_CORRECTED)
    if kind in MADE_BY_PROGRAM:
        return
    fields = {name for name in kind.__struct_fields__ if name not in ("occurred_at", "deadlines")}
    not_corrected, typed = set(NOT_CORRECTED[kind]), TYPED[kind.__name__]
    assert not_corrected.isdisjoint(typed)
    assert not_corrected | typed == fields
    assert all(why_not_correctable(kind, name) is None for name in typed)
    assert all(why_not_correctable(kind, name) is not None for name in (*not_corrected, "occurred_at", "deadlines"))
    assert (why_not_correctable(kind, "deadlines.0.decided_due_on") is None) is (kind in SETS_DATES)
    assert why_not_correctable(kind, "deadlines.0.due_on") is not None
