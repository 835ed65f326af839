"""Computes what views must say of every day, in the slow way: one petition after the other, day after day.

The model is written from what views and events say they mean, without the code of the program. Each fact says how
things are from its day on; the last one that speaks of a day holds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

from domain.correcting.history import corrected_history
from domain.envelope import EventEnvelope
from domain.value import UNSET, known, said

A_DAY = timedelta(days=1)
FIRST, LAST = date(2026, 4, 1), date(2027, 2, 28)
EVERY_DAY = [date.fromordinal(n) for n in range(FIRST.toordinal(), LAST.toordinal() + 1)]

# After these nobody owes an answer any more.
ENDINGS = frozenset(
    {
        *("AnsweredAtMeeting", "AnsweredInWriting", "AcceptanceRefused", "PetitionTransferred", "PetitionReturned"),
        *("CitizenGuided", "PetitionArchived", "PetitionMarkedDuplicate", "PetitionHandledAsInformation"),
        *("PetitionSplit", "RegistrationCancelled", "WithdrawalAccepted", "ProcessingTerminated"),
        *("SecondComplaintLodged", "FurtherDenunciationLodged", "LawsuitFiled", "SettlementTakenOver"),
        "CompetentUnitUrged",
    }
)
GONE_UP = frozenset(
    {
        *("SecondComplaintLodged", "FurtherDenunciationLodged", "LawsuitFiled", "SettlementTakenOver"),
        "ResponsibilityCheckOrdered",
    }
)
NO_CASE = frozenset({"PetitionSplit", "PetitionMarkedDuplicate", "RegistrationCancelled"})
INTAKE = ("triage", "acceptance")


class DayStatus(NamedTuple):
    """Is how a petition is on one day on which somebody owes an answer."""

    stage: str
    unit: str
    officer: str | None
    coordinating: tuple[str, ...]
    due_on: date | None
    clock: str | None
    is_held: bool  # by a suspension that began before the date had passed

    def state(self, on: date, soon_until: date) -> str:
        if self.is_held:
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
    needs: date  # the latest day of the acts before it

    def is_in_order(self, received_on: date) -> bool:
        """Return True if it is not dated before what it needs, nor was due before the receipt."""
        return max(self.needs, received_on) <= self.on and (self.due_on is None or received_on <= self.due_on)


@dataclass
class Case:
    """Holds one petition, as far as the log has been read."""

    received_on: date
    unit: str
    kind: str | None
    is_letter: bool
    needs: date
    stage: str = "received"
    officer: str | None = None
    coordinating: tuple[str, ...] = ()
    clocks: dict[str, date] = field(default_factory=dict)
    suspended_on: date | None = None
    stage_before: str = ""
    ended_on: date | None = None
    due_at_end: date | None = None
    round: int = 1
    answer_version: int | None = None
    is_case: bool = True
    first_unit: str = ""
    answers: dict[int, Answer] = field(default_factory=dict)
    happened: Counter[tuple[str, str, date]] = field(default_factory=Counter)
    days: dict[date, DayStatus] = field(default_factory=dict)
    days_if_not_ended: dict[date, DayStatus] = field(default_factory=dict)

    def status(self) -> DayStatus:
        clock = min(self.clocks, key=self.clocks.__getitem__, default=None)
        due_on = None if clock is None else self.clocks[clock]
        is_held = self.suspended_on is not None and (due_on is None or due_on >= self.suspended_on)
        return DayStatus(self.stage, self.unit, self.officer, self.coordinating, due_on, clock, is_held)

    def figures(self) -> Counter[tuple[str, str, date]]:
        """Return what the petition counts for, whatever happens later, by figure, unit and day."""
        found = Counter(self.happened)
        found["received", self.first_unit, self.received_on] += self.is_case
        found["letters", self.first_unit, self.received_on] += self.is_letter
        for answer in self.answers.values():
            found[answer.figure, answer.unit, answer.on] += 1
            late = answer.due_on is not None and answer.on > answer.due_on
            found["answered_late", answer.unit, answer.on] += late and answer.is_in_order(self.received_on)
        return found


def read_cases(log: Iterable[EventEnvelope[Any]]) -> dict[UUID, Case]:
    """Return the petitions of a log; the events of each must be in their order. What was put right counts alone."""
    cases: dict[UUID, Case] = {}
    histories: dict[UUID, list[EventEnvelope[Any]]] = {}
    for recorded in log:
        histories.setdefault(recorded.originator_id, []).append(recorded)
    for recorded in chain.from_iterable(map(corrected_history, histories.values())):
        fact, name = recorded.fact, type(recorded.fact).__name__
        if name in ("PetitionReceived", "MatterOpened", "StageOpened"):
            cases[recorded.originator_id] = _open_case(fact, is_letter=name == "PetitionReceived")
        elif recorded.originator_id in cases:
            _apply_event(cases[recorded.originator_id], fact, name, recorded.originator_version)
    return cases


OF_THE_PETITION = {"triage", "acceptance", "further_review", "settlement", "head", "transfer_reply"}
"""The clocks that move the date of a petition. All others are duties beside the answer, which this model leaves out."""


def _open_case(fact: Any, *, is_letter: bool) -> Case:
    unit = "" if is_letter else said(fact.unit, "")
    received_on = getattr(fact, "received_on", fact.occurred_on)  # a matter was received with its letter
    kind = known(fact.kind)
    case = Case(received_on=received_on, unit=unit, kind=kind, is_letter=is_letter, needs=received_on, first_unit=unit)
    case.clocks = {one.clock: one.due_on for one in said(fact.deadlines, ()) if one.clock in OF_THE_PETITION}
    case.days = {day: case.status() for day in EVERY_DAY if day >= case.received_on}
    return case


def _apply_event(case: Case, fact: Any, name: str, version: int) -> None:
    before, was_ended, unit_before = case.status(), case.ended_on is not None, case.unit
    stage_before = case.stage
    was_late = _is_late(case, fact.occurred_on)
    _apply_fact(case, fact, name)
    if name in ("AnsweredAtMeeting", "AnsweredInWriting"):
        case.answer_version = version
    if not case.first_unit:
        case.first_unit = case.unit
    on = max(fact.occurred_on, case.received_on)
    if case.ended_on is not None:
        if not was_ended:
            case.days_if_not_ended = dict(case.days)
        _cut_days(case)
    elif was_ended or case.status() != before:
        case.days |= {day: case.status() for day in EVERY_DAY if day >= on}
    _count_flows(case, fact, name, on, unit_before, was_ended=was_ended, was_late=was_late)
    is_moved = (case.stage, case.unit) != (stage_before, unit_before)
    if is_moved and name not in ("PetitionClassified", "ResponsibilitySucceeded", "CoordinatorSucceeded"):
        case.needs = max(case.needs, fact.occurred_on)


def _is_late(case: Case, on: date) -> bool:
    """Return True if the petition is late on the day, or was late when it ended. What a suspension holds is not."""
    if case.ended_on is not None:
        return case.due_at_end is not None and case.due_at_end < case.ended_on
    status = case.status()
    return not status.is_held and status.due_on is not None and status.due_on < on


def _apply_fact(case: Case, fact: Any, name: str) -> None:
    """Enter what the fact says of the petition from now on."""
    for deadline in said(fact.deadlines, ()):
        if deadline.clock in OF_THE_PETITION:
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
            _stop_clocks(case, *INTAKE)
        case "PetitionAssigned":
            _assign_case(case, fact)
            case.stage = "assigned" if case.ended_on is None else case.stage
            _stop_clocks(case, *INTAKE)
        case "PetitionReassigned":
            _assign_case(case, fact)
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
        case _ if name in ENDINGS and not _leaves_open(fact, name):
            _settle_case(case, fact.occurred_on)
            if name == "AnsweredAtMeeting":
                case.unit = case.unit or said(fact.unit, "")


def _assign_case(case: Case, fact: Any) -> None:
    case.unit, case.officer = fact.lead_unit, None if fact.responsible is UNSET else known(fact.responsible.officer)
    case.coordinating = said(fact.coordinating_units, ())


def _leaves_open(fact: Any, name: str) -> bool:
    """Return True for the withdrawal of a part: the petition is not settled."""
    return bool(name == "WithdrawalAccepted" and fact.scope == "part")


def _stop_clocks(case: Case, *clocks: str) -> None:
    for clock in clocks:
        case.clocks.pop(clock, None)


def _settle_case(case: Case, on: date) -> None:
    """Settle the case, once: a second answer hides no lateness. Suspended time does not count."""
    if case.ended_on is not None:
        return
    due_on = case.status().due_on
    if due_on is not None and case.suspended_on is not None and due_on >= case.suspended_on:
        due_on += max(on - case.suspended_on, timedelta())
    case.ended_on, case.due_at_end = on, due_on
    case.clocks, case.suspended_on, case.stage_before = {}, None, ""
    case.stage = "ended"


def _cut_days(case: Case) -> None:
    """Leave the days before the settlement, whose day may have been corrected to an earlier or a later one."""
    assert case.ended_on is not None
    ended_on = max(case.ended_on, case.received_on)
    known = case.days_if_not_ended
    case.days = {day: stood for day, stood in known.items() if day < ended_on}
    last = known.get(ended_on)
    case.days_if_not_ended = case.days | ({day: last for day in EVERY_DAY if day >= ended_on} if last else {})


def _count_flows(
    case: Case, fact: Any, name: str, on: date, unit_before: str, *, was_ended: bool, was_late: bool
) -> None:
    if name in NO_CASE:
        case.is_case = False
        case.is_letter = case.is_letter and name != "RegistrationCancelled"
    ends = not was_ended and case.ended_on is not None
    if ends and name in ("AnsweredAtMeeting", "AnsweredInWriting"):
        figure = "answered_at_meeting" if name == "AnsweredAtMeeting" else "answered_in_writing"
        case.answers[case.round] = Answer(figure, case.unit, case.received_on, None, case.needs)
    elif ends and case.is_case and name not in GONE_UP:
        case.happened["settled_otherwise", unit_before, on] += 1
    if case.round in case.answers and case.ended_on is not None:
        case.answers[case.round] = case.answers[case.round]._replace(on=case.ended_on, due_on=case.due_at_end)
    if name in GONE_UP:
        ended_on = fact.occurred_on if case.ended_on is None else case.ended_on
        due_on = case.status().due_on if case.ended_on is None else case.due_at_end
        case.happened["went_up", unit_before, on] += 1
        case.happened["went_up_late", unit_before, on] += due_on is not None and due_on < ended_on
    if name == "PetitionReopened":
        case.happened["reopened", unit_before, on] += 1
    if unit_before and unit_before != case.unit:
        case.happened["reassigned_out", unit_before, on] += 1
        case.happened["reassigned_in", case.unit, on] += 1


FLOWS = (
    *("letters", "received", "answered_at_meeting", "answered_in_writing", "answered_late", "settled_otherwise"),
    *("went_up", "went_up_late", "reassigned_in", "reassigned_out", "reopened"),
)
STATES = ("overdue", "due_today", "not_yet_due", "suspended", "no_limit_set")


class UnitLine(NamedTuple):
    """Is a line of the table of units; figures that are 0 are left out."""

    figures: dict[str, int]
    median_days: float | None


def unit_table(cases: Iterable[Case], first: date, last: date) -> dict[str, UnitLine]:
    """Return flows of the days from first to last, both included, and states at the end of the last one."""
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
            if first <= latest.on <= last and latest.is_in_order(case.received_on):
                days_taken[latest.unit].append((latest.on - case.received_on).days)
    return {unit: _unit_line(+counted, days_taken[unit]) for unit, counted in table.items() if +counted}


def _unit_line(counted: Counter[str], days_taken: list[int]) -> UnitLine:
    return UnitLine(dict(counted), float(median(days_taken)) if days_taken else None)
