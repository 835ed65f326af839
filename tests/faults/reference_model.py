"""What the log says of every day, told the slow way: one day after the other, one petition after the other.

Written from what the views and the events say they mean, without the code that decides how a petition stands or that
keeps the views. Each fact says how things are from its day on; what is told last of a day is what holds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from domain.envelope import EventEnvelope

A_DAY = timedelta(days=1)
FIRST, LAST = date(2026, 4, 1), date(2027, 2, 28)
EVERY_DAY = [date.fromordinal(n) for n in range(FIRST.toordinal(), LAST.toordinal() + 1)]

# After these nobody owes an answer any more.
ENDINGS = frozenset(
    {
        *("AnsweredAtMeeting", "AnsweredInWriting", "AcceptanceRefused", "PetitionTransferred", "PetitionReturned"),
        *("CitizenGuided", "PetitionFiled", "PetitionMarkedDuplicate", "PetitionHandledAsInformation"),
        *("PetitionSplit", "RegistrationCancelled", "WithdrawalAccepted", "ProcessingTerminated", "PetitionEscalated"),
    }
)
NO_CASE = frozenset({"PetitionSplit", "PetitionMarkedDuplicate", "RegistrationCancelled"})
INTAKE = ("triage", "acceptance")


class Stood(NamedTuple):
    """On one day, while somebody owed an answer."""

    stage: str
    unit: str
    officer: str | None
    coordinating: tuple[str, ...]
    due_on: date | None
    clock: str | None

    def state(self, on: date, soon_until: date) -> str:
        if self.stage == "suspended":
            return "suspended"
        if self.due_on is None:
            return "no_limit_set"
        if on > self.due_on:
            return "overdue"
        if on == self.due_on:
            return "due_today"
        return "due_soon" if self.due_on <= soon_until else "not_yet_due"


class Answer(NamedTuple):
    figure: str
    unit: str
    on: date
    due_on: date | None


@dataclass
class Case:
    """One petition, as far as it has been told."""

    received_on: date
    unit: str
    kind: str | None
    is_letter: bool
    stage: str = "received"
    officer: str | None = None
    coordinating: tuple[str, ...] = ()
    clocks: dict[str, date] = field(default_factory=dict)
    suspended_on: date | None = None
    stage_before: str = ""
    ended_on: date | None = None
    due_at_end: date | None = None
    round: int = 1
    is_case: bool = True
    first_unit: str = ""
    answers: dict[int, Answer] = field(default_factory=dict)
    happened: Counter[tuple[str, str, date]] = field(default_factory=Counter)
    days: dict[date, Stood] = field(default_factory=dict)
    days_if_not_ended: dict[date, Stood] = field(default_factory=dict)

    def stands(self) -> Stood:
        clock = min(self.clocks, key=self.clocks.__getitem__, default=None)
        due_on = None if clock is None else self.clocks[clock]
        return Stood(self.stage, self.unit, self.officer, self.coordinating, due_on, clock)

    def figures(self) -> Counter[tuple[str, str, date]]:
        """What the petition counts for once and for all, by figure, unit and day."""
        found = Counter(self.happened)
        found["received", self.first_unit, self.received_on] += self.is_case
        found["letters", self.first_unit, self.received_on] += self.is_letter
        for answer in self.answers.values():
            found[answer.figure, answer.unit, answer.on] += 1
            is_late = answer.due_on is not None and answer.on > answer.due_on
            found["answered_late", answer.unit, answer.on] += is_late
        return found


def told(log: Iterable[EventEnvelope[Any]]) -> dict[UUID, Case]:
    """The petitions of a log, in any order of petitions but in that of each one's events."""
    cases: dict[UUID, Case] = {}
    for recorded in log:
        fact, name = recorded.fact, type(recorded.fact).__name__
        if name == "PetitionReceived":
            cases[recorded.originator_id] = _begun(fact)
        elif recorded.originator_id in cases:
            _follow(cases[recorded.originator_id], fact, name)
    return cases


def _begun(fact: Any) -> Case:
    is_letter = fact.split_from is None and fact.escalated_from is None
    case = Case(received_on=fact.occurred_on, unit=fact.unit, kind=fact.kind, is_letter=is_letter, first_unit=fact.unit)
    case.clocks = {deadline.clock: deadline.due_on for deadline in fact.deadlines}
    case.days = {day: case.stands() for day in EVERY_DAY if day >= case.received_on}
    return case


def _follow(case: Case, fact: Any, name: str) -> None:
    before, was_ended, unit_before = case.stands(), case.ended_on is not None, case.unit
    received_before = case.received_on
    _say(case, fact, name)
    if not case.first_unit:
        case.first_unit = case.unit
    on = max(fact.occurred_on, case.received_on)
    if case.received_on != received_before:
        for days in (case.days, case.days_if_not_ended):
            _receive_on(days, received_before, case.received_on)
    if case.ended_on is not None:
        if not was_ended:
            case.days_if_not_ended = dict(case.days)
        _end(case)
    elif was_ended or case.stands() != before:
        case.days |= {day: case.stands() for day in EVERY_DAY if day >= on}
    _count(case, fact, name, on, unit_before, was_ended=was_ended)


def _say(case: Case, fact: Any, name: str) -> None:
    """What the fact says of how the petition stands from now on."""
    for deadline in fact.deadlines:
        case.clocks[deadline.clock] = deadline.due_on
    match name:
        case "PetitionClassified":
            if case.kind is not None and case.kind != fact.kind and fact.kind == "proposal_or_feedback":
                # only triage and the head's date are limits of a proposal; what had run out before stays late
                for clock, due_on in list(case.clocks.items()):
                    if clock not in ("triage", "head") and due_on >= fact.occurred_on:
                        del case.clocks[clock]
            case.kind = fact.kind
            case.stage = "classified" if case.stage == "received" else case.stage
        case "PetitionAccepted":
            case.stage = "accepted"
            _stop(case, *INTAKE)
        case "PetitionAssigned":
            case.unit, case.officer, case.coordinating = (
                fact.lead_unit,
                fact.responsible_officer,
                fact.coordinating_units,
            )
            case.stage = "assigned" if case.ended_on is None else case.stage
            _stop(case, *INTAKE)
        case "PetitionReassigned":
            case.unit, case.officer, case.coordinating = (
                fact.lead_unit,
                fact.responsible_officer,
                fact.coordinating_units,
            )
            if case.stage == "suspended":
                case.stage_before = "assigned"
            else:
                case.stage = "assigned"
        case "WorkStarted":
            case.stage = "in_progress"
        case "ProcessingSuspended":
            case.stage_before, case.stage, case.suspended_on = case.stage, "suspended", fact.occurred_on
        case "ProcessingResumed":
            case.stage, case.stage_before, case.suspended_on = case.stage_before, "", None
        case "TransferReplyReceived" if not fact.is_accepted:
            case.stage, case.ended_on, case.due_at_end, case.round = "classified", None, None, case.round + 1
        case "PetitionReopened":
            case.stage, case.ended_on, case.due_at_end, case.round = "in_progress", None, None, fact.round
        case "RecordCorrected":
            case.received_on = fact.correction.received_on or case.received_on
            if case.ended_on is not None and fact.correction.answered_on is not None:
                case.ended_on = fact.correction.answered_on
        case _ if name in ENDINGS and not _goes_on(fact, name):
            _settle(case, fact.occurred_on)
            if name == "AnsweredAtMeeting":
                case.unit = case.unit or fact.unit


def _goes_on(fact: Any, name: str) -> bool:
    """A check of who is responsible leaves the petition where it is; a part withdrawn leaves the rest."""
    return (name == "PetitionEscalated" and fact.kind == "responsibility_check") or (
        name == "WithdrawalAccepted" and fact.scope == "part"
    )


def _stop(case: Case, *clocks: str) -> None:
    for clock in clocks:
        case.clocks.pop(clock, None)


def _settle(case: Case, on: date) -> None:
    """The first settlement says what was due: a second answer hides no lateness. Suspended time does not count."""
    if case.ended_on is not None:
        return
    due_on = case.stands().due_on
    if due_on is not None and case.suspended_on is not None and due_on >= case.suspended_on:
        due_on += max(on - case.suspended_on, timedelta())
    case.ended_on, case.due_at_end = on, due_on
    case.clocks, case.suspended_on, case.stage_before = {}, None, ""
    case.stage = "ended"


def _receive_on(days: dict[date, Stood], before: date, now: date) -> None:
    """Days before the receipt are none; days that were gained stood as the first one known."""
    first = next((days[day] for day in EVERY_DAY if day in days), None)
    for day in EVERY_DAY:
        if day < now:
            days.pop(day, None)
        elif day < before and first is not None:
            days[day] = first


def _end(case: Case) -> None:
    """Open until the day before the settlement, as it last stood; that day may be corrected to an earlier or later."""
    assert case.ended_on is not None
    ended_on = max(case.ended_on, case.received_on)
    known = case.days_if_not_ended
    case.days = {day: stood for day, stood in known.items() if day < ended_on}
    last = known.get(ended_on)
    case.days_if_not_ended = case.days | ({day: last for day in EVERY_DAY if day >= ended_on} if last else {})


def _count(case: Case, fact: Any, name: str, on: date, unit_before: str, *, was_ended: bool) -> None:
    if name in NO_CASE:
        case.is_case = False
        case.is_letter = case.is_letter and name != "RegistrationCancelled"
    ends = not was_ended and case.ended_on is not None
    if ends and name in ("AnsweredAtMeeting", "AnsweredInWriting"):
        figure = "answered_at_meeting" if name == "AnsweredAtMeeting" else "answered_in_writing"
        case.answers[case.round] = Answer(figure, case.unit, case.received_on, None)
    elif ends and case.is_case and name != "PetitionEscalated":
        case.happened["settled_otherwise", unit_before, on] += 1
    if case.round in case.answers and case.ended_on is not None:
        case.answers[case.round] = case.answers[case.round]._replace(on=case.ended_on, due_on=case.due_at_end)
    if name == "PetitionEscalated":
        case.happened["escalated", unit_before, on] += 1
        case.happened["escalated_late", unit_before, on] += fact.days_late > 0
    if name == "PetitionReopened":
        case.happened["reopened", unit_before, on] += 1
    if unit_before and unit_before != case.unit:
        case.happened["reassigned_out", unit_before, on] += 1
        case.happened["reassigned_in", case.unit, on] += 1


# -- what the views are asked

FLOWS = (
    *("letters", "received", "answered_at_meeting", "answered_in_writing", "answered_late", "settled_otherwise"),
    *("escalated", "escalated_late", "reassigned_in", "reassigned_out", "reopened"),
)
STATES = ("overdue", "due_today", "not_yet_due", "suspended", "no_limit_set")


class Line(NamedTuple):
    """Of a unit; figures that are 0 are left out."""

    figures: dict[str, int]
    median_days: float | None
    on_time_rate: float | None


def unit_table(cases: Iterable[Case], first: date, last: date) -> dict[str, Line]:
    """Flows of the days from first to last, states at the end of the last one."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    days_taken: dict[str, list[int]] = defaultdict(list)
    for case in cases:
        for (figure, unit, day), count in case.figures().items():
            if first <= day <= last:
                table[unit][figure] += count
        stood = case.days.get(last)
        if stood is not None:
            table[stood.unit]["open"] += 1
            state = stood.state(last, last)
            table[stood.unit]["not_yet_due" if state == "due_soon" else state] += 1
            for unit in stood.coordinating:
                table[unit]["coordinating"] += 1
        if case.answers:
            latest = case.answers[max(case.answers)]
            if first <= latest.on <= last:
                days_taken[latest.unit].append((latest.on - case.received_on).days)
    return {unit: _line(+counted, days_taken[unit]) for unit, counted in table.items() if +counted}


def _line(counted: Counter[str], days_taken: list[int]) -> Line:
    answered = counted["answered_at_meeting"] + counted["answered_in_writing"]
    judged = answered + counted["overdue"]
    rate = round((answered - counted["answered_late"]) / judged, 4) if judged else None
    return Line(dict(counted), float(median(days_taken)) if days_taken else None, rate)
