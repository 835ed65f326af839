"""How fast due dates are counted, against counting day by day: a million of them in one process."""

import time
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from domain.deadlines.calendar import Calendar
from domain.deadlines.clock import Clock
from domain.deadlines.counting import due_date
from domain.deadlines.limit import Limit
from service.config.law_files import national_law
from tests.benchmarks.environment import Ground
from tests.benchmarks.results import Figure, Outcome, first_of_each, in_turn

DATES = 1_000_000
LIMIT = Limit.parse("30wd")
DAY_BY_DAY = "the same 30 working days, stepped day by day"


async def measure(ground: Ground) -> list[Outcome]:
    law = national_law()
    random = Random(1)
    days = [date(2020, 1, 1) + timedelta(days=random.randrange(2_000)) for _ in range(DATES)]

    async def counted() -> Sequence[float]:
        began = time.perf_counter()
        for day in days:
            due_date(day, LIMIT, law.calendar)
        return [DATES / (time.perf_counter() - began)]

    async def by_the_law() -> Sequence[float]:
        began = time.perf_counter()
        for day in days:
            law.deadline("complaint", Clock.ACCEPTANCE, day)
        return [DATES / (time.perf_counter() - began)]

    async def stepped() -> Sequence[float]:
        some = days[: DATES // 400]
        began = time.perf_counter()
        for day in some:
            _stepped(day, 30, law.calendar)
        return [len(some) / (time.perf_counter() - began)]

    assert all(due_date(day, LIMIT, law.calendar) == _stepped(day, 30, law.calendar) for day in days[:200])
    counting, choosing, stepping = await in_turn(ground.rounds(5), counted, by_the_law, stepped)
    baseline = first_of_each(stepping)
    return [
        Figure("due dates of 30 working days", "dates/s", first_of_each(counting), DAY_BY_DAY, baseline),
        Figure("deadlines with the rule chosen by law", "dates/s", first_of_each(choosing), DAY_BY_DAY, baseline),
    ]


def _stepped(day: date, working_days: int, calendar: Calendar) -> date:
    while working_days:
        day += timedelta(days=1)
        working_days -= calendar.is_working_day(day)
    return day
