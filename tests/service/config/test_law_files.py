"""Tests the law as the service reads it: the project's files, the site's own, and what must be put on file next."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.deadlines.calendar_file import parse_calendar
from domain.deadlines.clock import Clock
from service.alerts.ladder import load_ladder
from service.config.calendar_seed import render_calendar_file
from service.config.duty_files import duties_of
from service.config.law_files import calendar_shortcomings, law_of, national_law
from service.config.settings import Settings, UnusableSettings
from tests.domain.deadlines.test_local_calendar import CLOSED
from tests.domain.deadlines.test_local_policies import ANSWER

KNOWN_TO_DIFFER: dict[date, str] = {}
"""Days on which the calendar on file differs from what the package computes today, each with the reason.

A new release of the package that moves a day fails the test below: add the day here if the file is right, or raise the
version of the file if the package is right. In both cases no due date changes by itself.
"""


def test_the_package_of_holidays_says_what_the_file_says_or_the_difference_is_known() -> None:
    on_file = national_law().calendar
    computed = parse_calendar(render_calendar_file(), "as computed by the package today")
    days = [date.fromordinal(n) for n in range(on_file.first.toordinal(), on_file.last.toordinal() + 1)]
    differing = {
        day: f"{'worked' if on_file.is_working_day(day) else 'off'} on file, the package: {computed.name_of(day)!r}"
        for day in days
        if on_file.is_working_day(day) != computed.is_working_day(day)
    }
    assert {day: difference for day, difference in differing.items() if day not in KNOWN_TO_DIFFER} == {}
    assert KNOWN_TO_DIFFER.keys() <= differing.keys()


def test_without_files_of_its_own_a_site_has_the_national_law(tmp_path: Path) -> None:
    assert law_of(Settings(home=tmp_path)) == national_law()


def test_a_site_adds_rules_and_days_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(ANSWER, encoding="utf-8")
    (tmp_path / "days.toml").write_text(CLOSED, encoding="utf-8")
    law = law_of(Settings(home=tmp_path, policy_file=tmp_path / "rules.toml", calendar_file=tmp_path / "days.toml"))
    answer = law.deadline("proposal_or_feedback", Clock.SETTLEMENT, date(2026, 9, 1))
    assert answer is not None
    assert (answer.policy, answer.calendar) == ("vi-du-proposal-settlement@1", "VN-2026.1+VD-1")
    triage = law.deadline("any", Clock.TRIAGE, date(2026, 7, 6))
    assert triage is not None
    assert triage.due_on == date(2026, 7, 20)


@pytest.mark.parametrize(
    ("variable", "text", "fault"),
    [
        ("policy_file", ANSWER.replace("20wd", "soon"), "KIENNGHI_POLICY_FILE: .*site.toml, row 1 .line 1.*'soon'"),
        ("calendar_file", CLOSED + '2026-07-08 = "x"\n', "KIENNGHI_CALENDAR_FILE: .*site.toml, lines 5 and 8"),
        ("policy_file", None, "KIENNGHI_POLICY_FILE: .*site.toml: No such file"),
    ],
)
def test_an_unusable_file_of_the_site_is_named_with_its_variable_and_line(
    variable: str, text: str | None, fault: str, tmp_path: Path
) -> None:
    path = tmp_path / "site.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    settings = Settings(home=tmp_path).model_copy(update={variable: path})
    with pytest.raises(UnusableSettings, match=fault):
        law_of(settings)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnusableSettings, match="save the file in UTF-8"):
        law_of(Settings(home=tmp_path, policy_file=tmp_path / "site.toml"))


def test_a_file_without_end_is_refused_and_not_read_to_it() -> None:
    settings = Settings(policy_file=Path("/dev/zero"), duties_file=Path("/dev/zero"), ladder_file=Path("/dev/zero"))
    for read, variable in ((law_of, "POLICY_FILE"), (duties_of, "DUTIES_FILE"), (load_ladder, "LADDER_FILE")):
        fault = f"KIENNGHI_{variable}: /dev/zero: a file of the site has at most 2,000,000 characters"
        with pytest.raises(UnusableSettings, match=fault):
            read(settings)


def test_a_calendar_that_is_about_to_end_is_warned_of_while_every_limit_can_still_be_counted() -> None:
    law = national_law()
    # The longest limit, 180 days, ends before 21 November.
    assert calendar_shortcomings(law, date(2026, 1, 5)) == []
    assert len(calendar_shortcomings(law, date(2026, 7, 6))) == 1
    assert "provisional from 21/11/2026 on, 7 days within 180" in calendar_shortcomings(law, date(2026, 7, 2))[0]
    late = calendar_shortcomings(law, date(2027, 8, 1))
    assert "ends on 31/12/2027: a limit of 180 days that starts today cannot be counted; put 2028 on file" in late[0]
    confirmed = replace(law.calendar, provisional=frozenset())
    assert calendar_shortcomings(replace(law, calendar=confirmed), date(2027, 6, 1)) == []
