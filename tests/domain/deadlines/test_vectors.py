"""Lists due dates that were worked out by hand, each with its source: the table with which offices compare."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from domain.deadlines.clock import Clock
from domain.deadlines.counting import due_date
from domain.deadlines.deadline import Deadline, recalculate_deadline, resume_deadline, start_clock
from domain.deadlines.limit import Limit
from domain.deadlines.policy import Law
from service.imports.days import moment_reader
from tests.domain.samples import ASK_FOR_TIME, EXTEND, PROPOSAL, august, in_progress, with_changes
from tests.domain.scenario import petition_after

Due = Callable[[Law], date]

FIRST_DAY = "Civil Code Art 147.2: the day of the act is not counted"
ROLLS = "Civil Code Art 148.5: an end on a rest day moves to the next working day"
TET = "Labour Code Art 112; the Tết of 2026: 16 to 20 February"
SWAP = "Labour Code Art 111-112 and the yearly notices: a rest day worked in exchange is a working day"
PAUSED = "Law on complaints Art 11a: time under suspension does not count"
NO_SILENT_CHANGE = "a date on record is moved by a recorded recalculation and by nothing else"


def counted(on: str, limit: str) -> Due:
    return lambda law: due_date(date.fromisoformat(on), Limit.parse(limit), law.calendar)


def running(law: Law, on: str, limit: str) -> Deadline:
    row = law.policies.row_for("complaint", Clock.SETTLEMENT, date.fromisoformat(on))
    assert row is not None
    rule = row.model_copy(update={"limit": Limit.parse(limit)})
    return start_clock(Clock.SETTLEMENT, date.fromisoformat(on), rule, law.calendar)


def suspended(on: str, limit: str, *pauses: tuple[str, str]) -> Due:
    def due(law: Law) -> date:
        clock = running(law, on, limit)
        for begun, ended in pauses:
            clock = resume_deadline(clock, date.fromisoformat(begun), date.fromisoformat(ended), law.calendar)
        return clock.due_on

    return due


def declared(on: str, limit: str, holiday: str, *, recalculate: bool) -> Due:
    """Return the due date after a holiday is declared that was not known when it was counted."""

    def due(law: Law) -> date:
        clock = running(law, on, limit)
        off = {**law.calendar.days_off, date.fromisoformat(holiday): "declared later"}
        later = replace(law.calendar, version="T-2", days_off=off)
        return recalculate_deadline(clock, later).due_on if recalculate else clock.due_on

    return due


def extended_after_expiry(law: Law) -> date:
    """Return the extended date of a petition that is assigned until 31 July.

    More time is asked for before that day and decided on 3 August.
    """
    petition = petition_after([*in_progress(PROPOSAL), ASK_FOR_TIME, with_changes(EXTEND, occurred_on=august(3))])
    return petition.deadlines[Clock.HEAD].due_on


def received_at(instant: str, limit: str) -> Due:
    on = moment_reader(("iso",), ZoneInfo("Asia/Ho_Chi_Minh"))(instant).on
    return lambda law: due_date(on, Limit.parse(limit), law.calendar)


VECTORS: list[tuple[str, Due, str, str]] = [
    ("10 wd over Tết 2026", counted("2026-02-13", "10wd"), "2026-03-06", TET),
    ("7 wd over Tết 2026", counted("2026-02-13", "7wd"), "2026-03-03", TET),
    ("10 cd over Tết 2026", counted("2026-02-13", "10cd"), "2026-02-23", TET),
    ("7 wd, plain week", counted("2026-07-06", "7wd"), "2026-07-15", FIRST_DAY),
    ("denunciation intake over 30/4, 1/5", counted("2026-04-22", "7wd"), "2026-05-06", "Law 25/2018 Art 24.1"),
    ("the same, extended", counted("2026-04-22", "10wd"), "2026-05-11", "Law 25/2018 Art 24.1"),
    ("transfer over 2/9, 31 August swapped", counted("2026-08-28", "5wd"), "2026-09-09", "Law 25/2018 Art 24.2"),
    ("Saturday 22 August 2026 is worked", counted("2026-08-20", "3wd"), "2026-08-24", SWAP),
    ("Saturday 10 January 2026 too, 2 January not", counted("2025-12-30", "7wd"), "2026-01-10", SWAP),
    ("first settlement", counted("2026-07-15", "30cd"), "2026-08-14", "Law 02/2011 Art 28"),
    ("end on National Day", counted("2026-08-03", "30cd"), "2026-09-03", ROLLS),
    ("end inside Tết", counted("2026-01-19", "30cd"), "2026-02-23", ROLLS),
    ("end on 24 November, provisional", counted("2026-10-10", "45cd"), "2026-11-25", ROLLS),
    ("result of a conference, end on a swapped day", counted("2026-08-21", "10cd"), "2026-09-03", "Law 72/2025 Art 43"),
    ("the line of discipline", counted("2026-07-01", "45cd"), "2026-08-17", "Decree 154/2026 Art 41.3(b)"),
    (
        "30 cd from 15 July, suspended on 3 August with 11 left, resumed on 7 September",
        suspended("2026-07-15", "30cd", ("2026-08-03", "2026-09-07")),
        "2026-09-18",
        PAUSED,
    ),
    # near misses
    ("received on a Saturday", counted("2026-07-11", "1wd"), "2026-07-13", FIRST_DAY),
    ("received on a Sunday, in calendar days", counted("2026-07-12", "5cd"), "2026-07-17", FIRST_DAY),
    ("received on a holiday", counted("2026-09-02", "1wd"), "2026-09-03", FIRST_DAY),
    ("received on a worked Saturday", counted("2026-08-22", "1wd"), "2026-08-24", FIRST_DAY),
    (
        "a holiday declared after the count moves nothing by itself",
        declared("2026-07-15", "30cd", "2026-08-14", recalculate=False),
        "2026-08-14",
        NO_SILENT_CHANGE,
    ),
    (
        "a holiday declared after the count, recalculated",
        declared("2026-07-15", "30cd", "2026-08-14", recalculate=True),
        "2026-08-17",
        NO_SILENT_CHANGE,
    ),
    (
        "two suspensions that overlap: 16 days, no day twice",
        suspended("2026-07-15", "30cd", ("2026-07-20", "2026-07-30"), ("2026-07-25", "2026-08-05")),
        "2026-09-03",
        PAUSED,
    ),
    (
        "suspended and resumed on one day",
        suspended("2026-07-15", "30cd", ("2026-08-03", "2026-08-03")),
        "2026-08-14",
        PAUSED,
    ),
    ("suspended after it ran out", suspended("2026-07-15", "30cd", ("2026-08-17", "2026-09-07")), "2026-08-14", PAUSED),
    ("extension decided after expiry: still late", extended_after_expiry, "2026-07-31", "the lateness was real"),
    ("29 February 2024 counts", counted("2024-02-28", "1cd"), "2024-02-29", "Civil Code Art 148"),
    ("no 29 February in 2023", counted("2023-01-31", "30cd"), "2023-03-02", "Civil Code Art 148"),
    ("23:59 in Việt Nam", received_at("2026-07-06T16:59:00Z", "10wd"), "2026-07-20", "days of the authority's zone"),
    ("midnight in Việt Nam", received_at("2026-07-06T17:00:00Z", "10wd"), "2026-07-21", "days of the authority's zone"),
    ("the turn of the year, 2027 provisional", counted("2026-12-31", "1wd"), "2027-01-04", "Labour Code Art 112"),
    ("Saturday 5 January 2019 is worked for 31 December", counted("2018-12-28", "3wd"), "2019-01-04", SWAP),
]


@pytest.mark.parametrize(("case", "due", "expected", "source"), VECTORS, ids=[case for case, *_ in VECTORS])
def test_the_due_date_is_the_one_worked_out_by_hand(case: str, due: Due, expected: str, source: str, law: Law) -> None:
    assert due(law) == date.fromisoformat(expected), source
