"""Decides the demands and reports that an earlier act made due: on a conclusion, on documents, on lateness."""

from domain.commands import (
    ActOnConclusion,
    DemandOverdueReport,
    RecordActionResult,
    ReportAction,
    ReportOverdue,
    RequestDocuments,
    SupplyDocuments,
)
from domain.deadlines.clock import Clock, ClockSubject
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import ActionResultRecorded, DocumentsRequested, PetitionEvent
from domain.petition import Petition
from domain.refusals.duties import DutyRefusal
from domain.rules.clocks import STAGES_TAKEN_UP
from domain.rules.performing import perform, unit_subject, while_owed
from domain.rules.petition_rule import at_stages, open_when
from domain.vocabulary import ANSWERED_STAGES, DutyAct, PetitionKind, Stage, UnitId


@open_when(while_owed(DutyAct.CONCLUSION_ACTED_ON))
def act_on_conclusion(command: ActOnConclusion, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record what was done on the conclusion."""
    act, number = DutyAct.CONCLUSION_ACTED_ON, command.document_no
    return perform(petition, act, command.occurred_on, document_no=number, content=command.content)


def _require_conclusion(petition: Petition, _: DecisionContext) -> None:
    """Raise Refused unless the petition is a denunciation on which there is a conclusion."""
    has_answer = petition.stage in ANSWERED_STAGES | {Stage.CLOSED} and bool(petition.answers)
    if petition.kind is not PetitionKind.DENUNCIATION or not has_answer:
        raise Refused(DutyRefusal.NO_CONCLUSION)


@open_when(_require_conclusion)
def record_action_result(
    command: RecordActionResult, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Record that a unit has the result of what the conclusion asked of it."""
    context.units.require(UnitId(command.unit), command.occurred_on)
    if command.occurred_on < petition.answers[-1]:
        raise Refused(DutyRefusal.BEFORE_THE_CONCLUSION, on=petition.answers[-1])
    return [ActionResultRecorded(occurred_on=command.occurred_on, unit=UnitId(command.unit), result=command.result)]


@open_when(while_owed(DutyAct.ACTION_REPORTED))
def report_action(command: ReportAction, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record the report of a unit on what it did."""
    return perform(
        petition,
        DutyAct.ACTION_REPORTED,
        command.occurred_on,
        subject=unit_subject(command.unit),
        document_no=command.document_no,
        content=command.content,
    )


# -- documents of a complaint, and a denunciation that nobody settled in time


def _require_complaint(petition: Petition, _: DecisionContext) -> None:
    if petition.kind is not PetitionKind.COMPLAINT:
        raise Refused(DutyRefusal.ONLY_ON_A_COMPLAINT)


@open_when(_require_complaint, at_stages(STAGES_TAKEN_UP, DutyRefusal.CANNOT_REQUEST_DOCUMENTS))
def request_documents(command: RequestDocuments, _: Petition, context: DecisionContext) -> list[PetitionEvent]:
    """Ask a unit for information and documents."""
    context.units.require(UnitId(command.from_unit), command.occurred_on)
    return [
        DocumentsRequested(
            occurred_on=command.occurred_on,
            from_unit=UnitId(command.from_unit),
            wanted=command.wanted,
            document_no=command.document_no,
        )
    ]


@open_when(while_owed(DutyAct.DOCUMENTS_SUPPLIED))
def supply_documents(command: SupplyDocuments, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record what a unit supplied."""
    return perform(
        petition,
        DutyAct.DOCUMENTS_SUPPLIED,
        command.occurred_on,
        subject=unit_subject(command.from_unit),
        document_no=command.document_no,
        content=command.content,
    )


def _demanding_unit(petition: Petition) -> ClockSubject | None:
    """Return the superior that owes the demand for a report; None where none does."""
    return next((key.subject for key in petition.duties if key.clock is Clock.OVERDUE_DEMAND), None)


@open_when(while_owed(DutyAct.OVERDUE_REPORT_DEMANDED))
def demand_overdue_report(command: DemandOverdueReport, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record the demand of the superior. The report of who was to settle is due from then on."""
    return perform(
        petition,
        DutyAct.OVERDUE_REPORT_DEMANDED,
        command.occurred_on,
        subject=_demanding_unit(petition),
        document_no=command.document_no,
    )


@open_when(while_owed(DutyAct.OVERDUE_REPORTED))
def report_overdue(command: ReportOverdue, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record the report of who was to settle."""
    act, number = DutyAct.OVERDUE_REPORTED, command.document_no
    return perform(petition, act, command.occurred_on, document_no=number, content=command.content)
