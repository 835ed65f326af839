"""Cases of another system, told as facts: kept as they are, with a flag where the rules would have refused.

Nothing is put right in silence: a day before the receipt, an answer before the question, a step after the
answer stay as recorded, and `HistoryFlagged` says so in the petition's own history.
"""

from datetime import date, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.deadlines.deadline import Clock, Deadline, given
from domain.events import (
    AnsweredInWriting,
    Fact,
    HistoryFlagged,
    PetitionAssigned,
    PetitionEvent,
    PetitionReceived,
    Source,
    StepTaken,
)
from domain.text import Code, LineOrNothing, ProseOrNothing
from domain.vocabulary import NO_UNIT, Channel, OfficerId, PetitionKind, Result, UnitId


class Past(BaseModel):
    """Days are those of the source's zone; instants, where known, are aware."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PastStep(Past):
    """A step of work that the source recorded."""

    step: LineOrNothing
    on: date
    at: AwareDatetime | None = None
    unit: LineOrNothing = ""
    officer: LineOrNothing = ""


class PastCase(Past):
    """What an import knows of one case; what the source does not say is None or empty, never guessed."""

    source: Code
    key: Code
    received_on: date
    received_at: AwareDatetime | None = None
    channel: Channel = Channel.OTHER
    kind: PetitionKind | None = None
    summary: ProseOrNothing = ""
    place: LineOrNothing = ""
    document_no: LineOrNothing = ""
    person_count: int = Field(default=1, ge=1, le=100_000)
    book: str = Field(default="NK", pattern=r"^[A-Z]{1,8}$")
    unit: LineOrNothing = ""
    officer: LineOrNothing = ""
    assigned_on: date | None = None
    due_on: date | None = None
    deadline: Deadline | None = None  # where the import counted `due_on` by a limit
    answered_on: date | None = None
    answered_at: AwareDatetime | None = None
    answer: ProseOrNothing = ""
    answer_no: LineOrNothing = ""
    result: Result = Result.UNKNOWN
    steps: tuple[PastStep, ...] = ()


class Flag(Past):
    flag: str
    detail: str


def flags(case: PastCase, today: date) -> list[Flag]:
    """What is untidy in the case, each said once, in words for the office that imports."""
    found = []
    received, answered = case.received_at or case.received_on, case.answered_at or case.answered_on
    if case.answered_on is not None and _before(case.answered_on, case.answered_at, case.received_on, case.received_at):
        found.append(Flag(flag="answered_before_receipt", detail=f"answered {answered}, received {received}"))
    if case.assigned_on is not None and case.assigned_on < case.received_on:
        found.append(
            Flag(
                flag="assigned_before_receipt",
                detail=f"assigned {case.assigned_on}, received {case.received_on}",
            )
        )
    early = [s for s in case.steps if _before(s.on, s.at, case.received_on, case.received_at)]
    if early:
        found.append(
            Flag(
                flag="step_before_receipt",
                detail=f"{len(early)} of {len(case.steps)} steps, the first on {min(s.on for s in early)}",
            )
        )
    if case.answered_on is not None:
        late = [s for s in case.steps if _before(case.answered_on, case.answered_at, s.on, s.at)]
        if late:
            found.append(
                Flag(
                    flag="step_after_answer",
                    detail=f"{len(late)} of {len(case.steps)} steps, the last on {max(s.on for s in late)}",
                )
            )
    days = (case.received_on, case.assigned_on, case.answered_on, *(step.on for step in case.steps))
    last = max(day for day in days if day is not None)
    if last > today:
        found.append(Flag(flag="in_the_future", detail=f"{last} lies after the day of import, {today}"))
    if case.due_on is not None and case.due_on < case.received_on:
        found.append(Flag(flag="due_before_receipt", detail=f"due {case.due_on}, received {case.received_on}"))
    return found


def retell(case: PastCase, today: date) -> list[PetitionEvent]:
    """The case as a history: the receipt first, then what happened in the order of the source's clock."""
    opening: list[PetitionEvent] = [
        PetitionReceived(
            occurred_on=case.received_on,
            occurred_at=case.received_at,
            channel=case.channel,
            kind=case.kind,
            summary=case.summary,
            place=case.place,
            person_count=case.person_count,
            book=case.book,
            document_no=case.document_no,
            source=Source(name=case.source, key=case.key),
            deadlines=_clocks(case),
        )
    ]
    if case.unit != NO_UNIT:
        opening.append(
            PetitionAssigned(
                occurred_on=case.assigned_on or case.received_on,
                lead_unit=UnitId(case.unit),
                responsible_officer=OfficerId(case.officer) if case.officer else None,
            )
        )
    later: list[tuple[PetitionEvent, datetime | None]] = [
        (
            StepTaken(
                occurred_on=step.on,
                occurred_at=step.at,
                step=step.step,
                unit=UnitId(step.unit),
                officer=OfficerId(step.officer) if step.officer else None,
            ),
            step.at,
        )
        for step in case.steps
    ]
    if case.answered_on is not None:
        answer = AnsweredInWriting(
            occurred_on=case.answered_on,
            occurred_at=case.answered_at,
            document_no=case.answer_no,
            unit=UnitId(case.unit),
            result=case.result,
            answer=case.answer,
        )
        later.append((answer, case.answered_at))
    later.sort(key=lambda told: _moment(told[0], told[1]))
    said = [HistoryFlagged(occurred_on=today, flag=flag.flag, detail=flag.detail) for flag in flags(case, today)]
    return [*opening, *(fact for fact, _ in later), *said]


def _clocks(case: PastCase) -> tuple[Deadline, ...]:
    if case.deadline is not None:
        return (case.deadline,)
    return () if case.due_on is None else (given(Clock.SETTLEMENT, case.received_on, case.due_on),)


def _moment(fact: Fact, at: datetime | None) -> tuple[date, bool, float]:
    """A day without an instant comes after the instants of that day: the answer closes its day."""
    return (fact.occurred_on, at is None, 0.0 if at is None else at.timestamp())


def _before(on: date, at: datetime | None, other_on: date, other_at: datetime | None) -> bool:
    """By the instant where both have one, else by the day."""
    if at is not None and other_at is not None:
        return at < other_at
    return on < other_on
