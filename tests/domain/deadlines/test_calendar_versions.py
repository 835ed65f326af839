"""Tests that older versions of the calendar stay on file: they explain the due dates that were counted by them.

`calendar_versions.txt` holds a line of each version that the project ever shipped, with the digest of its days. Lines
are only added: a change of a day is a new version, and the file of the former one is kept.
"""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.deadlines.calendar import Calendar
from domain.deadlines.calendar_versions import CalendarVersions
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline
from domain.deadlines.explanation import explain_deadline
from domain.deadlines.explanation_text import explanation_text
from domain.deadlines.policy import Law
from domain.law_changes.events import Subject
from domain.law_changes.new_law import law_with_change
from service.config.law_files import law_of, national_law
from service.config.settings import Settings, UnusableSettings
from tests.domain.law_changes.files import HOLIDAY, SATURDAY

SHIPPED = Path(__file__).with_name("calendar_versions.txt")
MONDAY = date(2026, 7, 6)


def digest_of_calendar(calendar: Calendar) -> str:
    days = [f"{calendar.first} {calendar.last}", *map(str, sorted(calendar.days_off)), "worked"]
    return hashlib.sha256("\n".join([*days, *map(str, sorted(calendar.days_worked))]).encode()).hexdigest()


def triage(law: Law) -> Deadline:
    deadline = law.deadline("any", Clock.TRIAGE, MONDAY)
    assert deadline is not None
    return deadline


def upgraded_law(law: Law) -> Law:
    """Return the law of a later release: 13 July is a day off, and the former version is kept."""
    days_off = {**law.calendar.days_off, date(2026, 7, 13): "Nghỉ bù (ví dụ)"}
    later = replace(law.calendar, version="VN-2026.2", days_off=days_off)
    kept = {law.calendar.version: law.calendar, later.version: later}
    return replace(law, calendar=later, versions=CalendarVersions(kept))


def test_every_version_that_was_shipped_is_on_file_with_the_days_that_it_had() -> None:
    shipped = dict(line.split() for line in SHIPPED.read_text("utf-8").splitlines())
    law = national_law()
    assert law.calendar.version in shipped
    for version, days in shipped.items():
        calendar = law.find_calendar(version)
        assert calendar is not None, version
        assert digest_of_calendar(calendar) == days, version


def test_an_upgrade_moves_no_due_date_and_explains_the_old_one_by_the_calendar_of_then() -> None:
    deadline, later = triage(national_law()), upgraded_law(national_law())
    found = explain_deadline(deadline, later)
    assert (found.due_on, found.calendar) == (date(2026, 7, 20), "VN-2026.1")
    assert found.days[-1].day == found.due_on
    assert next(day for day in found.days if day.day == date(2026, 7, 13)).counted
    text = explanation_text(found, "en")
    assert "By today's calendar VN-2026.2 it would be Tue 21/07/2026; the date on record holds." in text
    assert "not on file any more" not in text
    assert triage(later).due_on == date(2026, 7, 21)


def test_a_calendar_that_nobody_kept_is_told_to_be_lost() -> None:
    deadline = triage(national_law())
    later = upgraded_law(national_law())
    found = explain_deadline(deadline, replace(later, versions=CalendarVersions()))
    assert (found.due_on, found.days[-1].day, found.is_calendar_lost) == (date(2026, 7, 20), date(2026, 7, 21), True)
    assert "The calendar VN-2026.1 is not on file any more: the days are told by VN-2026.2." in explanation_text(
        found, "en"
    )
    assert "không còn được lưu" in explanation_text(found, "vi")


def test_each_calendar_that_a_change_of_law_brought_is_put_together_from_its_name() -> None:
    first = law_with_change(national_law(), Subject.CALENDAR, HOLIDAY)
    second = law_with_change(first, Subject.CALENDAR, SATURDAY)
    for law in (national_law(), first, second):
        deadline = triage(law)
        found = explain_deadline(deadline, second)
        assert (found.calendar, found.days[-1].day) == (law.calendar.version, deadline.due_on)
    assert second.find_calendar("VN-2026.1+VD-2026.2") == first.calendar
    assert second.find_calendar("VN-2026.1+VD-2026.9") is None
    assert second.find_calendar("VN-2019.1") is None


def test_a_change_goes_on_being_known_when_the_release_below_it_changes() -> None:
    before = law_with_change(national_law(), Subject.CALENDAR, SATURDAY)
    later = law_with_change(upgraded_law(national_law()), Subject.CALENDAR, SATURDAY)
    assert later.calendar.version == "VN-2026.2+VD-2026.3"
    assert later.find_calendar("VN-2026.1+VD-2026.3") == before.calendar


def test_parts_that_were_never_in_force_together_are_no_calendar() -> None:
    later = upgraded_law(national_law())
    law = replace(later, versions=later.versions.with_file("VD-2026.2", HOLIDAY))
    assert law.find_calendar("VN-2026.2+VD-2026.2") is None  # 13 July is a day off already
    assert law.find_calendar("VN-2026.1+VD-2026.2") is not None


def test_a_site_keeps_its_earlier_files_in_a_folder(tmp_path: Path) -> None:
    kept, now = tmp_path / "earlier", tmp_path / "days.toml"
    kept.mkdir()
    (kept / "2026-2.toml").write_text(HOLIDAY, encoding="utf-8")
    now.write_text(SATURDAY, encoding="utf-8")
    settings = Settings(home=tmp_path, calendar_file=now, older_calendars=kept)
    deadline = triage(law_with_change(national_law(), Subject.CALENDAR, HOLIDAY))
    found = explain_deadline(deadline, law_of(settings))
    assert (found.calendar, found.days[-1].day) == ("VN-2026.1+VD-2026.2", deadline.due_on)
    assert explain_deadline(deadline, law_of(Settings(home=tmp_path, calendar_file=now))).is_calendar_lost
    (kept / "broken.toml").write_text("year = 1", encoding="utf-8")
    with pytest.raises(UnusableSettings, match=r"KIENNGHI_OLDER_CALENDARS: .*broken.toml"):
        law_of(settings)
    with pytest.raises(UnusableSettings, match="is no folder"):
        law_of(Settings(home=tmp_path, older_calendars=now))
