"""Checks what a ladder file may say, and how its faults are reported."""

from datetime import date, datetime, time

import pytest

from domain.alerts.ladder import ClockDueDate, Ladder, LadderError
from domain.alerts.ladder_file import parse_ladder
from domain.alerts.step import StepOffset
from domain.alerts.vocabulary import AlertRole, Does, WatchedClock
from domain.deadlines.limit import DayKind
from domain.vocabulary import PetitionKind, UnitId
from tests.domain.alerts.ladders import ladder_row, parse_national_ladder, parse_site_ladder
from tests.domain.scenario import national_law

CALENDAR = national_law().calendar
FRIDAY = ClockDueDate(WatchedClock.SETTLEMENT, 1, date(2026, 8, 14))
END = date(2026, 12, 31)


def days_of_rungs(ladder: Ladder, kind: PetitionKind | None = None, unit: str = "so-mau") -> dict[str, date]:
    return {step.row.rung: step.fell_due_on for step in ladder.steps_due(FRIDAY, kind, unit, END, CALENDAR)}


def test_the_national_ladder_has_the_steps_of_the_law_and_of_practice() -> None:
    assert days_of_rungs(parse_national_ladder()) == {
        "five-days-before": date(2026, 8, 7),
        "two-days-before": date(2026, 8, 12),
        "due-day": date(2026, 8, 14),
        "day-after": date(2026, 8, 17),
    }
    assert "complaint-may-go-up" in days_of_rungs(parse_national_ladder(), PetitionKind.COMPLAINT)
    assert {"report-demanded", "superior-settles"} <= days_of_rungs(
        parse_national_ladder(), PetitionKind.DENUNCIATION
    ).keys()
    reminder = ClockDueDate(WatchedClock.STEP, 1, date(2026, 8, 24))
    (unheeded,) = parse_national_ladder().steps_due(reminder, None, "so-mau", END, CALENDAR)
    assert (unheeded.fell_due_on, unheeded.row.does) == (date(2026, 8, 25), Does.PROPOSE)
    assert AlertRole.CHAIR in unheeded.row.to


def test_every_national_step_names_its_source_and_speaks_both_languages() -> None:
    for step in parse_national_ladder().rows:
        assert step.legal_source
        assert step.says.vi != step.says.en


def test_a_site_adds_a_step() -> None:
    assert days_of_rungs(parse_site_ladder(ladder_row()))["tinh-mot-ngay"] == date(2026, 8, 13)


def test_of_several_rows_for_a_rung_the_most_specific_one_holds() -> None:
    ladder = parse_site_ladder(
        ladder_row(id='"tinh-t5"', step='"five-days-before"', at='"-7wd"')
        + ladder_row(id='"tinh-t5-kn"', step='"five-days-before"', kind='"complaint"', at='"-6wd"')
        + ladder_row(id='"tinh-t5-so"', step='"five-days-before"', kind='"complaint"', unit='"so-khac"', at='"-4wd"')
    )
    assert days_of_rungs(ladder)["five-days-before"] == date(2026, 8, 5)
    assert days_of_rungs(ladder, PetitionKind.COMPLAINT)["five-days-before"] == date(2026, 8, 6)
    assert days_of_rungs(ladder, PetitionKind.COMPLAINT, "so-khac")["five-days-before"] == date(2026, 8, 10)


def test_a_row_that_is_off_keeps_its_rung_silent_for_what_it_is_for() -> None:
    ladder = parse_site_ladder(
        ladder_row(id='"tinh-im"', step='"due-day"', unit='"so-khac"', at='"0"', to="", off="true")
    )
    assert "due-day" not in days_of_rungs(ladder, unit="so-khac")
    assert "due-day" in days_of_rungs(ladder)


def test_a_step_that_fell_due_before_its_row_was_in_force_is_no_step() -> None:
    assert "tinh-mot-ngay" not in days_of_rungs(parse_site_ladder(ladder_row(in_force_from="2026-08-14")))
    assert "tinh-mot-ngay" in days_of_rungs(parse_site_ladder(ladder_row(in_force_from="2026-08-13")))
    assert "tinh-mot-ngay" not in days_of_rungs(parse_site_ladder(ladder_row(in_force_to="2026-08-12")))


def test_in_a_year_without_a_calendar_steps_come_by_calendar_days() -> None:
    assert StepOffset(-5, DayKind.WORKING).shift(date(2031, 1, 10), CALENDAR) == date(2031, 1, 5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[step]]\nid = ", "site.toml: this is not TOML"),
        ("[steps]\n", "'steps' is not a known key"),
        (
            ladder_row() + ladder_row(id='"hai"', version="0"),
            r"line 9, hai: version is 0; it must be greater than or equal to 1",
        ),
        (ladder_row(to=""), "line 1, tinh-mot-ngay: to is missing: who is told"),
        (ladder_row(to='["chief"]'), r"to.0 is 'chief'; it must be 'officer', 'head'"),
        (ladder_row(at='"5 days"'), r"at: '5 days' is no place of a step: write '-5wd'"),
        (ladder_row(at='"+0wd"'), "is no place of a step"),
        (ladder_row(colour='"red"'), "colour is not a known key"),
        (ladder_row(says='{ vi = "chỉ tiếng Việt" }'), "says.en is missing"),
        (ladder_row(legal_source=""), "legal_source is missing"),
        (ladder_row(by="[]"), "to and by name each role and each channel once"),
        (ladder_row(in_force_to="2026-06-01"), "in_force_to 2026-06-01 is before in_force_from"),
        (ladder_row(way='"lawsuit"'), "way stands beside does"),
        (ladder_row(does='"propose"'), "way stands beside does"),
        (ladder_row(does='"remind"', asks_for="5"), "at must lie after the date"),
        (ladder_row(does='"remind"', at='"+1wd"'), "asks_for stands beside does = 'remind'"),
        (ladder_row(does='"remind"', at='"+1wd"', asks_for="5", clock='"handling"'), "urges a unit about a limit"),
        (
            ladder_row(does='"ask_for_check"', at='"+3wd"', way='"responsibility_check"', to_unit='"bo-mau"'),
            "way stands beside does",
        ),
        (ladder_row(does='"ask_for_check"', at='"+3wd"'), "to_unit stands beside does"),
        (
            ladder_row() + ladder_row(id='"hai"', step='"tinh-mot-ngay"'),
            "lines 1 and 9: tinh-mot-ngay@1 and hai@1 are in force",
        ),
        (ladder_row() + ladder_row(), "lines 1 and 9: tinh-mot-ngay@1 is there twice"),
        (ladder_row(id='"due-day"'), "line 1: due-day@1 is the name of a national step"),
        ("[[hours]]\nbegins = 17:00:00\nends = 08:00:00\n", "line 1, hours: begins and ends are times of one day"),
        (
            "[[hours]]\nbegins = 08:00:00\nends = 17:00:00\n\n[[hours]]\nbegins = 07:00:00\nends = 16:00:00\n",
            "lines 1 and 5: the hours of all other units are there twice",
        ),
        ("[operator]\nofficers = []\n", "line 1, operator: officers is empty"),
        ("step = 3\n", r"write each row as a \[\[step\]\] heading"),
    ],
)
def test_a_file_that_cannot_be_applied_names_the_line_at_fault(text: str, said: str) -> None:
    with pytest.raises(LadderError, match=said):
        parse_site_ladder(text)


def test_a_ladder_without_hours_for_everybody_is_none() -> None:
    with pytest.raises(LadderError, match="the hours of units that have none"):
        parse_ladder(ladder_row(), "ladder.toml")


def test_people_are_at_work_on_working_days_between_their_hours() -> None:
    ladder = parse_site_ladder(
        '[[hours]]\nunit = "so-khac"\nbegins = 09:00:00\nends = 11:00:00\nclosed_on = [2026-08-14]\n'
        '[operator]\nofficers = ["quan-tri"]\n'
    )

    def at_work(unit: str, day: int, hour: int, minute: int = 0) -> bool:
        at = datetime.combine(date(2026, 8, day), time(hour, minute))
        return ladder.is_at_work(UnitId(unit), at.date(), at, CALENDAR)

    assert at_work("so-mau", 14, 7, 30)
    assert not at_work("so-mau", 14, 7, 29)
    assert not at_work("so-mau", 14, 17)
    assert not at_work("so-mau", 15, 9), "a Saturday"
    assert at_work("so-khac", 13, 9)
    assert not at_work("so-khac", 13, 8)
    assert not at_work("so-khac", 14, 9), "closed that day"
    assert ladder.operator is not None
    assert ladder.operator.officer_ids == ("quan-tri",)
