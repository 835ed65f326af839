"""Turns the cases of another system into facts, and flags what the rules would have refused.

Nothing is corrected silently: an assignment before the receipt, an answer before the receipt or the assignment, or a
step after the answer stays as it was recorded, and `ImportFlagged` says so in the petition's own history.
"""

from datetime import date, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, InstanceOf

from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline, start_clock_with_date
from domain.doubts import lies_far_from
from domain.events import (
    AnsweredInWriting,
    ExternalStepRecorded,
    Fact,
    ImportFlagged,
    PetitionAssigned,
    PetitionEvent,
    PetitionReceived,
    Source,
    official_outside,
)
from domain.strict_types import CalendarDay, WholeNumber
from domain.text import Code, ProseOrEmpty, SingleLineOrEmpty
from domain.value import as_said
from domain.vocabulary import NO_UNIT, Channel, PetitionKind, Result, UnitId


class ImportedRecord(BaseModel):
    """Is the base of imported records. Days are in the source's zone; instants, where known, carry their zone."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ImportedStep(ImportedRecord):
    """Holds a step of work that the source recorded."""

    step: SingleLineOrEmpty
    on: CalendarDay
    at: AwareDatetime | None = None
    unit: SingleLineOrEmpty = ""
    officer: SingleLineOrEmpty = ""


class ImportedCase(ImportedRecord):
    """Holds what an import knows of one case. What the source does not say is None or empty, never guessed.

    `officer` is the source's word for an official. It is no code of the register, and is recorded as a name.
    """

    source: Code
    key: Code
    received_on: CalendarDay
    received_at: AwareDatetime | None = None
    channel: Channel | None = None
    kind: PetitionKind | None = None
    summary: ProseOrEmpty = ""
    place: SingleLineOrEmpty = ""
    document_no: SingleLineOrEmpty = ""
    person_count: WholeNumber | None = Field(default=None, ge=1, le=100_000)
    book: str = Field(default="NK", pattern=r"^[A-Z]{1,8}$")
    unit: SingleLineOrEmpty = ""
    officer: SingleLineOrEmpty = ""
    assigned_on: CalendarDay | None = None
    due_on: CalendarDay | None = None
    deadline: InstanceOf[Deadline] | None = None  # where the import counted `due_on` by a limit
    answered_on: CalendarDay | None = None
    answered_at: AwareDatetime | None = None
    answer: ProseOrEmpty = ""
    answer_no: SingleLineOrEmpty = ""
    result: Result | None = None
    steps: tuple[ImportedStep, ...] = ()


class ImportFlag(ImportedRecord):
    """Names one thing in a case that the rules would have refused, with its detail."""

    flag: str
    detail: str


def find_import_flags(case: ImportedCase, today: date) -> list[ImportFlag]:
    """Return what the rules would have refused in the case, each once, in words for the office that imports."""
    found = []
    received, answered = case.received_at or case.received_on, case.answered_at or case.answered_on
    if case.answered_on is not None and _is_before(
        case.answered_on, case.answered_at, case.received_on, case.received_at
    ):
        found.append(ImportFlag(flag="answered_before_receipt", detail=f"answered {answered}, received {received}"))
    if case.assigned_on is not None and case.assigned_on < case.received_on:
        found.append(
            ImportFlag(
                flag="assigned_before_receipt",
                detail=f"assigned {case.assigned_on}, received {case.received_on}",
            )
        )
    if case.answered_on is not None and case.assigned_on is not None and case.answered_on < case.assigned_on:
        found.append(
            ImportFlag(
                flag="answered_before_assignment",
                detail=f"answered {case.answered_on}, assigned {case.assigned_on}",
            )
        )
    early = [s for s in case.steps if _is_before(s.on, s.at, case.received_on, case.received_at)]
    if early:
        found.append(
            ImportFlag(
                flag="step_before_receipt",
                detail=f"{len(early)} of {len(case.steps)} steps, the first on {min(s.on for s in early)}",
            )
        )
    if case.answered_on is not None:
        late = [s for s in case.steps if _is_before(case.answered_on, case.answered_at, s.on, s.at)]
        if late:
            found.append(
                ImportFlag(
                    flag="step_after_answer",
                    detail=f"{len(late)} of {len(case.steps)} steps, the last on {max(s.on for s in late)}",
                )
            )
    days = (case.received_on, case.assigned_on, case.answered_on, *(step.on for step in case.steps))
    last_day = max(day for day in days if day is not None)
    if last_day > today:
        found.append(ImportFlag(flag="in_the_future", detail=f"{last_day} lies after the day of import, {today}"))
    if case.due_on is not None and lies_far_from(case.due_on, case.received_on):
        found.append(ImportFlag(flag="far_day", detail=f"due {case.due_on}, received {case.received_on}"))
    if case.due_on is not None and case.due_on < case.received_on:
        found.append(ImportFlag(flag="due_before_receipt", detail=f"due {case.due_on}, received {case.received_on}"))
    return found


def facts_of_imported_case(case: ImportedCase, today: date) -> list[PetitionEvent]:
    """Return the case as facts: receipt, assignment, steps and answer in the order of the source's clock, flags."""
    opening: list[PetitionEvent] = [
        PetitionReceived(
            occurred_on=case.received_on,
            occurred_at=as_said(case.received_at),
            channel=as_said(case.channel),
            kind=as_said(case.kind),
            summary=as_said(case.summary),
            place=as_said(case.place),
            person_count=as_said(case.person_count),
            book=case.book,
            document_no=as_said(case.document_no),
            source=as_said(Source(name=case.source, key=case.key)),
            deadlines=as_said(_deadlines_of_case(case)),
        )
    ]
    if case.unit != NO_UNIT:
        opening.append(
            PetitionAssigned(
                occurred_on=case.assigned_on or case.received_on,
                lead_unit=UnitId(case.unit),
                responsible=official_outside(case.officer),
            )
        )
    later: list[tuple[PetitionEvent, datetime | None]] = [
        (
            ExternalStepRecorded(
                occurred_on=step.on,
                occurred_at=as_said(step.at),
                step=as_said(step.step),
                unit=as_said(UnitId(step.unit)),
                officer=official_outside(step.officer),
            ),
            step.at,
        )
        for step in case.steps
    ]
    if case.answered_on is not None:
        answer = AnsweredInWriting(
            occurred_on=case.answered_on,
            occurred_at=as_said(case.answered_at),
            document_no=as_said(case.answer_no),
            unit=as_said(UnitId(case.unit)),
            result=as_said(case.result),
            answer=as_said(case.answer),
        )
        later.append((answer, case.answered_at))
    later.sort(key=lambda item: _order_of_facts(item[0], item[1]))
    flagged = [
        ImportFlagged(occurred_on=today, flag=flag.flag, detail=flag.detail) for flag in find_import_flags(case, today)
    ]
    return [*opening, *(fact for fact, _ in later), *flagged]


def _deadlines_of_case(case: ImportedCase) -> tuple[Deadline, ...]:
    if case.deadline is not None:
        return (case.deadline,)
    return () if case.due_on is None else (start_clock_with_date(Clock.SETTLEMENT, case.received_on, case.due_on),)


def _order_of_facts(fact: Fact, at: datetime | None) -> tuple[date, bool, float]:
    """Return the sort key of a fact. A day without an instant comes after the instants of that day."""
    return (fact.occurred_on, at is None, 0.0 if at is None else at.timestamp())


def _is_before(on: date, at: datetime | None, other_on: date, other_at: datetime | None) -> bool:
    """Compare by the instant where both sides have one, else by the day."""
    if at is not None and other_at is not None:
        return at < other_at
    return on < other_on
