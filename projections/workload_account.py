"""The bookkeeping of `unit_workload`: which figure changes by how much on which day when a fact comes.

An open petition says of all days to come that its unit has one open, overdue from the day after its due date. When a
fact makes it stand otherwise from some day on, what was said of those days is taken back and the new spell speaks. So
every figure of every day is kept without a nightly job.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile, zip_longest
from typing import Literal, NamedTuple

from domain.deadlines.deadline import days_late
from domain.events import (
    AnsweredAtMeeting,
    AnsweredInWriting,
    PetitionEscalated,
    PetitionEvent,
    PetitionMarkedDuplicate,
    PetitionReceived,
    PetitionReopened,
    PetitionSplit,
    RegistrationCancelled,
)
from domain.standing import Standing
from domain.vocabulary import NO_UNIT, Stage, UnitId
from projections import course as courses
from projections.course import Course, Spell

Figure = Literal[
    "letters",
    "received",
    "answered_at_meeting",
    "answered_in_writing",
    "answered_late",
    "settled_otherwise",
    "escalated",
    "escalated_late",
    "reassigned_in",
    "reassigned_out",
    "reopened",
    "open",
    "overdue",
    "due_today",
    "suspended",
    "no_limit_set",
    "coordinating",
]
A_DAY = timedelta(days=1)


class Change(NamedTuple):
    """From `on` on, the figure of the unit is higher by `by`."""

    unit: UnitId
    on: date
    figure: Figure
    by: int


class Answer(NamedTuple):
    """The latest answer; when the petition is reopened it stays until there is another one."""

    figure: Literal["answered_at_meeting", "answered_in_writing"]
    round: int
    unit: UnitId
    on: date
    was_due_on: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """What the view remembers of one petition.

    `is_case` is false for a letter that was split, a duplicate and a cancelled number; `is_letter` for a matter of a
    letter, the stage above an escalation and a cancelled number.
    """

    course: Course
    first_unit: UnitId
    is_case: bool = True
    is_letter: bool = True
    answer: Answer | None = None

    @property
    def standing(self) -> Standing:
        return self.course.standing

    @property
    def days_taken(self) -> int | None:
        """Calendar days from receipt to the latest answer; negative where an untidy history says so."""
        return None if self.answer is None else (self.answer.on - self.standing.received_on).days


def opened(fact: PetitionReceived) -> tuple[Account, list[Change]]:
    account = Account(
        course=courses.begun(fact),
        first_unit=fact.unit,
        is_letter=fact.split_from is None and fact.escalated_from is None,
    )
    return account, [*_counted(account, 1), *_stood(account.course.spells, 1)]


def followed(account: Account, fact: PetitionEvent) -> tuple[Account, list[Change]]:
    """The account after the fact, and the changes that lead from the one to the other."""
    course = courses.followed(account.course, fact)
    if course is account.course:
        return account, list(_happened(account.standing, account, fact))
    renewed = _renewed(account, course, fact)
    changes = list(_happened(account.standing, renewed, fact))
    # a new round takes nothing back: the answers of the rounds before keep their figures
    if renewed.standing.round == account.standing.round:
        changes += _counted(account, -1)
        changes += _counted(renewed, 1)
    before, now = account.course.spells, course.spells
    if before != now:
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, now, strict=False)))
        first = max(same - 1, 0)  # the last common spell may end on another day
        changes += _stood(before[first:], -1)
        changes += _stood(now[first:], 1)
    return renewed, changes


def _renewed(account: Account, course: Course, fact: PetitionEvent) -> Account:
    standing = course.standing
    stays = not isinstance(fact, PetitionSplit | PetitionMarkedDuplicate | RegistrationCancelled)
    return Account(
        course=course,
        first_unit=standing.unit if account.first_unit == NO_UNIT else account.first_unit,
        is_case=account.is_case and stays,
        is_letter=account.is_letter and not isinstance(fact, RegistrationCancelled),
        answer=_latest_answer(account, standing, fact),
    )


def _latest_answer(account: Account, standing: Standing, fact: PetitionEvent) -> Answer | None:
    answer, settled_on = account.answer, standing.settled_on
    if settled_on is None:
        return answer
    if account.standing.settled_on is None and isinstance(fact, AnsweredAtMeeting | AnsweredInWriting):
        at_meeting = isinstance(fact, AnsweredAtMeeting)
        return Answer(
            figure="answered_at_meeting" if at_meeting else "answered_in_writing",
            round=standing.round,
            unit=standing.unit,
            on=settled_on,
            was_due_on=standing.due_when_settled,
        )
    if answer is not None and answer.round == standing.round:
        return answer._replace(on=settled_on, was_due_on=standing.due_when_settled)
    return answer


def _counted(account: Account, by: int) -> Iterator[Change]:
    """What the petition counts for as it is now known: moved whole when a later fact says otherwise."""
    received_on, answer = account.standing.received_on, account.answer
    if account.is_letter:
        yield Change(account.first_unit, received_on, "letters", by)
    if account.is_case:
        yield Change(account.first_unit, received_on, "received", by)
    if answer is not None and answer.round == account.standing.round:
        yield Change(answer.unit, answer.on, answer.figure, by)
        if answer.was_due_on is not None and days_late(answer.was_due_on, answer.on):
            yield Change(answer.unit, answer.on, "answered_late", by)


def _stood(spells: Sequence[Spell], by: int) -> Iterator[Change]:
    """What the spells say of the days that they last; the last one says it of all days to come."""
    for spell, following in zip_longest(spells, spells[1:]):
        if spell.is_open:
            yield from _lasted(spell, None if following is None else following.since_on, by)


def _lasted(spell: Spell, until: date | None, by: int) -> Iterator[Change]:
    start, due_on = spell.since_on, spell.due_on
    yield from _between(spell.unit, "open", start, until, by)
    for unit in spell.coordinating:
        yield from _between(unit, "coordinating", start, until, by)
    if spell.stage is Stage.SUSPENDED:
        yield from _between(spell.unit, "suspended", start, until, by)
    elif due_on is None:
        yield from _between(spell.unit, "no_limit_set", start, until, by)
    else:
        after_due = due_on + A_DAY
        yield from _between(spell.unit, "due_today", max(start, due_on), _earlier(until, after_due), by)
        yield from _between(spell.unit, "overdue", max(start, after_due), until, by)


def _between(unit: UnitId, figure: Figure, start: date, until: date | None, by: int) -> Iterator[Change]:
    if until is not None and until <= start:
        return
    yield Change(unit, start, figure, by)
    if until is not None:
        yield Change(unit, until, figure, -by)


def _earlier(until: date | None, other: date) -> date:
    return other if until is None else min(until, other)


def _happened(before: Standing, renewed: Account, fact: PetitionEvent) -> Iterator[Change]:
    """What happened on the day, and stays counted whatever comes later."""
    now = renewed.standing
    on = max(fact.occurred_on, now.received_on)
    if before.unit not in (NO_UNIT, now.unit):
        yield Change(before.unit, on, "reassigned_out", 1)
        yield Change(now.unit, on, "reassigned_in", 1)
    if isinstance(fact, PetitionEscalated):
        yield Change(before.unit, on, "escalated", 1)
        if fact.days_late:
            yield Change(before.unit, on, "escalated_late", 1)
    elif isinstance(fact, PetitionReopened):
        yield Change(before.unit, on, "reopened", 1)
    elif (
        before.settled_on is None
        and now.settled_on is not None
        and renewed.is_case
        and not isinstance(fact, AnsweredAtMeeting | AnsweredInWriting)
    ):
        yield Change(before.unit, on, "settled_otherwise", 1)
