"""Tests the stored form of a clock: logs are read for ever, and the same clock is always written as the same bytes.

`stored_deadlines.jsonl` holds a line for each of the clocks below, in their order; lines are only ever added.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from domain.deadlines.clock import Clock
from domain.deadlines.deadline import (
    Deadline,
    extend_due_date,
    recalculate_deadline,
    resume_deadline,
    start_clock_with_date,
)
from domain.deadlines.policy import Law
from domain.value import UNSET, replace

LINES = (Path(__file__).parent / "stored_deadlines.jsonl").read_text(encoding="utf-8").splitlines()
ACCEPTED = date(2026, 7, 15)


def settlement(law: Law) -> Deadline:
    deadline = law.deadline("complaint", Clock.SETTLEMENT, ACCEPTED)
    assert deadline is not None
    return deadline


def triage(law: Law) -> Deadline:
    deadline = law.deadline("any", Clock.TRIAGE, date(2026, 7, 6))
    assert deadline is not None
    return deadline


def paused(law: Law) -> Deadline:
    return resume_deadline(settlement(law), date(2026, 8, 3), date(2026, 9, 7), law.calendar)


def counting_its_first_day(law: Law) -> Deadline:
    clock = settlement(law)
    assert clock.limit is not UNSET
    limit = replace(clock.limit, counts_start_day=True)
    return recalculate_deadline(replace(clock, limit=limit), law.calendar)


WRITTEN: list[Callable[[Law], Deadline]] = [
    settlement,
    triage,
    paused,
    lambda law: extend_due_date(paused(law), date(2026, 12, 1)),
    lambda _: start_clock_with_date(Clock.HEAD, ACCEPTED, date(2026, 8, 16)),
    lambda law: resume_deadline(
        start_clock_with_date(Clock.HEAD, ACCEPTED, date(2026, 8, 14)), date(2026, 8, 3), date(2026, 8, 4), law.calendar
    ),
    lambda law: recalculate_deadline(paused(law), law.calendar, started_on=date(2026, 7, 16)),
    counting_its_first_day,
]


@pytest.mark.parametrize("line", LINES)
def test_what_was_stored_loads_and_is_stored_the_same_again(line: str) -> None:
    assert msgspec.json.encode(msgspec.json.decode(line, type=Deadline)).decode() == line


def test_the_same_clock_is_written_as_it_always_was(law: Law) -> None:
    assert [msgspec.json.encode(make(law)).decode() for make in WRITTEN] == LINES
