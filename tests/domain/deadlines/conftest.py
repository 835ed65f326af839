"""Gives the tests the law as it is on file."""

from importlib.resources import files

import pytest

from domain.deadlines.calendar import Calendar
from domain.deadlines.calendar_file import parse_calendar
from domain.deadlines.policy import Law, Policies
from domain.deadlines.policy_file import parse_policies

ON_FILE = files("domain.policy")


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return parse_calendar((ON_FILE / "calendar-vn.toml").read_text("utf-8"), "calendar-vn.toml")


@pytest.fixture(scope="session")
def policies() -> Policies:
    return parse_policies((ON_FILE / "deadlines.toml").read_text("utf-8"), "deadlines.toml")


@pytest.fixture(scope="session")
def law(policies: Policies, calendar: Calendar) -> Law:
    return Law(policies, calendar)
