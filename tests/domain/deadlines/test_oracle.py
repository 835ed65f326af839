"""Compares the product with the oracle on more than a hundred thousand random lives of a clock."""

from datetime import date
from functools import cache
from random import Random

import pytest

from domain.deadlines.calendar import Calendar
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline, extend_due_date, resume_deadline, start_clock
from domain.deadlines.explanation import explain_days_forward
from domain.deadlines.extension import latest_extension
from domain.deadlines.limit import DayKind, Limit
from domain.deadlines.policy_row import PolicyRow
from domain.value import said
from tests.domain.deadlines import oracle

CALENDARS = 60
CASES_OF_EACH = 1_700
FIRST, LAST = date(2018, 1, 1), date(2025, 12, 31)
LATEST_START = date(2022, 12, 31).toordinal()

SETTLEMENT = PolicyRow.model_validate(
    {
        "id": "any",
        "version": 1,
        "kind": "complaint",
        "stage": "settlement",
        "in_force_from": "2018-01-01",
        "trigger": "acceptance",
        "legal_source": "made up",
        "verified": False,
    }
)


@pytest.mark.parametrize("seed", range(CALENDARS))
def test_the_product_agrees_with_the_oracle_on_random_calendars_and_lives(seed: int) -> None:
    random = Random(seed)
    calendar, days = some_calendar(random)
    agreed = 0
    for _ in range(CASES_OF_EACH):
        agreed += one_life(random, calendar, days)
    assert agreed == CASES_OF_EACH


def test_more_than_a_hundred_thousand_lives_are_compared() -> None:
    assert CALENDARS * CASES_OF_EACH > 100_000


def some_calendar(random: Random) -> tuple[Calendar, oracle.Days]:
    """Return eight years with holidays alone and in blocks, some on weekends, and some rest days worked."""
    first, last = FIRST.toordinal(), LAST.toordinal()
    off: set[int] = set()
    for _ in range(random.randrange(0, 90)):
        begun = random.randrange(first, last)
        off.update(range(begun, min(begun + random.choice((1, 1, 1, 2, 3, 7)), last + 1)))
    rests = [day for day in range(first, last + 1) if day % 7 in (6, 0) and day not in off]
    worked = set(random.sample(rests, random.randrange(0, 40)))
    calendar = Calendar(
        "random",
        FIRST,
        LAST,
        {date.fromordinal(day): "off" for day in off},
        {date.fromordinal(day): "worked" for day in worked},
    )
    return calendar, oracle.Days(frozenset(off), frozenset(worked))


def one_life(random: Random, calendar: Calendar, days: oracle.Days) -> bool:
    """Compare every date of a clock with a random rule, its suspensions and extensions; return True."""
    begun = random.randrange(FIRST.toordinal() + 1, LATEST_START)
    working, first_counts = random.random() < 0.5, random.random() < 0.2
    amount = random.choice((1, 2, 3, 5, 7, 7, 10, 10, 20, 30, 30, 45, random.randint(1, 120)))
    unit = DayKind.WORKING if working else DayKind.CALENDAR
    rule = rule_of(amount, unit, first_counts)
    clock = start_clock(Clock.SETTLEMENT, date.fromordinal(begun), rule, calendar)

    def by_oracle(amount: int, pauses: list[oracle.Pause]) -> int:
        return oracle.end(begun, amount, working=working, first_counts=first_counts, pauses=pauses, days=days)

    original = by_oracle(amount, [])
    same(clock, original, original)
    if random.random() < 0.6:  # suspended up to four times, recorded in any order, apart or overlapping
        pauses = [some_pause(random, begun - 20, begun + 90) for _ in range(random.randrange(0, 5))]
        for first, last in pauses:
            clock = resume_deadline(clock, date.fromordinal(first), date.fromordinal(last), calendar)
        same(clock, by_oracle(amount, pauses), original)
        if random.random() < 0.05:  # walking is slow, and has properties of its own
            assert rule.limit is not None
            walked = list(explain_days_forward(clock.started_on, rule.limit, calendar, said(clock.suspensions, ())))
            assert walked[-1].day == clock.due_on
        return True

    # one after the other: perhaps suspended, extended within the rule's bound, perhaps suspended again, and once more
    now = begun
    known: list[oracle.Pause] = []
    if random.random() < 0.5:
        known.append(some_pause(random, now, now + 30))
        clock = resume_deadline(clock, date.fromordinal(known[0][0]), date.fromordinal(known[0][1]), calendar)
        now = known[0][1]
    due = by_oracle(amount, known)
    same(clock, due, original)
    more = random.randint(1, 45)
    bound = min(
        by_oracle(amount + more, known),
        oracle.end(due, more, working=working, first_counts=False, pauses=[], days=days),
    )
    assert latest_extension(clock, rule_of(more, unit, False), calendar).toordinal() == bound
    for _ in range(random.randint(1, 2)):
        due += random.randint(1, 40)
        clock = extend_due_date(clock, date.fromordinal(due))
        same(clock, due, original)
        later: list[oracle.Pause] = []
        decided = due
        for _ in range(random.randrange(0, 3)):
            pause = some_pause(random, now + 1, now + 60)
            later.append(pause)
            now = pause[1] + 1
            clock = resume_deadline(clock, date.fromordinal(pause[0]), date.fromordinal(pause[1]), calendar)
        due = oracle.end_after_decision(decided, later, days)
        same(clock, due, original)
    return True


@cache
def rule_of(amount: int, unit: DayKind, first_counts: bool) -> PolicyRow:
    """Return the rule of a settlement, or of an extension of it; a row takes longer to make than to apply."""
    limit = Limit(amount=amount, unit=unit, counts_start_day=first_counts)
    return SETTLEMENT.model_copy(update={"limit": limit, "times": 1})


def some_pause(random: Random, earliest: int, latest: int) -> oracle.Pause:
    begun = random.randint(earliest, latest)
    return begun, begun + random.choice((0, 1, 2, 5, random.randint(0, 60)))


def same(clock: Deadline, due: int, original: int) -> None:
    assert clock.due_on.toordinal() == due, clock
    assert clock.original_due_on.toordinal() == original, clock
