"""Decides the sending and publishing that an earlier act made due: notices, replies, decisions, conclusions."""

from domain.commands import (
    PublishConclusion,
    PublishDecision,
    ReplyToReferrer,
    SendAcceptanceNotice,
    SendConclusion,
    SendDecision,
    SendPartyHeadNotice,
    SendSuspensionDecision,
)
from domain.deadlines.clock import ClockSubject, SubjectKind
from domain.decision_context import DecisionContext
from domain.events import PetitionEvent
from domain.petition import Petition
from domain.rules.performing import perform, while_owed
from domain.rules.petition_rule import open_when
from domain.vocabulary import DutyAct


@open_when(while_owed(DutyAct.PARTY_HEAD_NOTICE_SENT))
def send_party_head_notice(command: SendPartyHeadNotice, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record the notice of the head of the Party committee."""
    return perform(
        petition,
        DutyAct.PARTY_HEAD_NOTICE_SENT,
        command.occurred_on,
        document_no=command.document_no,
        how=command.how,
        evidence=command.evidence,
    )


@open_when(while_owed(DutyAct.REFERRER_ANSWERED))
def reply_to_referrer(command: ReplyToReferrer, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record the reply to who passed the petition on. It fulfils all that is owed to them on that day."""
    return perform(
        petition,
        DutyAct.REFERRER_ANSWERED,
        command.occurred_on,
        document_no=command.document_no,
        how=command.how,
        evidence=command.evidence,
    )


@open_when(while_owed(DutyAct.ACCEPTANCE_NOTICE_SENT))
def send_acceptance_notice(
    command: SendAcceptanceNotice, petition: Petition, _: DecisionContext
) -> list[PetitionEvent]:
    """Record to whom the notice of acceptance went."""
    return perform(
        petition,
        DutyAct.ACCEPTANCE_NOTICE_SENT,
        command.occurred_on,
        document_no=command.document_no,
        sent_to=command.sent_to,
        how=command.how,
        evidence=command.evidence,
    )


@open_when(while_owed(DutyAct.SUSPENSION_DECISION_SENT))
def send_suspension_decision(
    command: SendSuspensionDecision, petition: Petition, _: DecisionContext
) -> list[PetitionEvent]:
    """Record to whom a decision to suspend, terminate or resume went."""
    number = command.decision_no
    return perform(
        petition,
        DutyAct.SUSPENSION_DECISION_SENT,
        command.occurred_on,
        subject=ClockSubject(kind=SubjectKind.DECISION, reference=number) if number else None,
        sent_to=command.sent_to,
        how=command.how,
        evidence=command.evidence,
    )


@open_when(while_owed(DutyAct.DECISION_SENT))
def send_decision(command: SendDecision, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record to whom the decision on the complaint went."""
    return perform(
        petition,
        DutyAct.DECISION_SENT,
        command.occurred_on,
        document_no=command.document_no,
        sent_to=command.sent_to,
        how=command.how,
        evidence=command.evidence,
    )


@open_when(while_owed(DutyAct.DECISION_PUBLISHED))
def publish_decision(command: PublishDecision, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record that the decision on the complaint was published."""
    act = DutyAct.DECISION_PUBLISHED
    return perform(petition, act, command.occurred_on, how=command.how, evidence=command.evidence)


@open_when(while_owed(DutyAct.CONCLUSION_SENT))
def send_conclusion(command: SendConclusion, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record to whom the conclusion on the denunciation went."""
    return perform(
        petition,
        DutyAct.CONCLUSION_SENT,
        command.occurred_on,
        document_no=command.document_no,
        sent_to=command.sent_to,
        how=command.how,
        evidence=command.evidence,
    )


@open_when(while_owed(DutyAct.CONCLUSION_PUBLISHED))
def publish_conclusion(command: PublishConclusion, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record that the conclusion on the denunciation was published."""
    act = DutyAct.CONCLUSION_PUBLISHED
    return perform(petition, act, command.occurred_on, how=command.how, evidence=command.evidence)
