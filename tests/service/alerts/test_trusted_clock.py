"""Checks which day it is for alerts: a clock that leaps ahead stops them, a clock that goes back changes nothing."""

from datetime import UTC, date, datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.alerts.trusted_clock import (
    ClockNotTrusted,
    PreviousReading,
    TrustedClock,
    confirm_database_clock,
    has_clock_leapt,
)
from tests.service.office_fixtures import open_office

pytestmark = pytest.mark.anyio

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 8, 3, 1, tzinfo=UTC)
SEEN = PreviousReading(NOW, 1000.0, None)


@pytest.mark.parametrize(
    ("hours", "says"),
    [(1, False), (-1, False), (47, False), (49, True), (-49, False), (400 * 24, True), (-9600, False)],
)
def test_while_a_process_runs_a_leap_of_more_than_two_days_ahead_is_told_by_its_steady_clock(
    hours: int, says: bool
) -> None:
    assert has_clock_leapt(NOW + timedelta(hours=hours), None, SEEN, NOW, 1000.0) is says


@given(days=st.floats(0, 4000), wrong=st.floats(-47.9, 47.9))
def test_however_long_a_process_sleeps_that_is_no_leap(days: float, wrong: float) -> None:
    later = NOW + timedelta(days=days, hours=wrong)
    assert not has_clock_leapt(later, None, SEEN, NOW, 1000.0 + days * 86400)


@pytest.mark.parametrize(("days", "says"), [(0, False), (1.9, False), (2.1, True), (-2.1, True), (400, True)])
def test_at_the_start_the_hosts_clock_must_agree(days: float, says: bool) -> None:
    """A stop of three days is no leap: both clocks went on."""
    assert has_clock_leapt(NOW + timedelta(days=days), None, None, NOW, 0.0) is says


def test_a_clock_that_somebody_confirmed_is_believed_against_the_hosts() -> None:
    assert not has_clock_leapt(NOW, NOW - timedelta(hours=3), None, NOW - timedelta(days=30), 0.0)
    assert has_clock_leapt(NOW + timedelta(days=9), NOW, None, NOW - timedelta(days=30), 0.0)
    assert not has_clock_leapt(
        NOW + timedelta(days=30), NOW + timedelta(days=30), SEEN, NOW + timedelta(days=30), 1000.0
    )


async def test_the_day_never_lies_before_the_latest_that_was_decided_on(database: str) -> None:
    async with open_office(database) as office:
        clock = TrustedClock(office.pool, HANOI)
        first = await clock.now()
        assert first.today == first.at.astimezone(HANOI).date()
        await clock.mark_decided(first.today + timedelta(days=400))
        await clock.mark_decided(first.today)
        assert (await clock.now()).today == first.today + timedelta(days=400)


async def test_a_leap_stops_every_worker_until_the_clock_is_confirmed(database: str) -> None:
    async with open_office(database) as office:
        one, other = TrustedClock(office.pool, HANOI), TrustedClock(office.pool, HANOI)
        before = await one.now()
        await one.mark_decided(date(2150, 1, 1))
        one._seen = PreviousReading(
            before.at - timedelta(days=400), monotonic(), None
        )  # as if the clock had leapt since
        with pytest.raises(ClockNotTrusted, match="confirm-clock"):
            await one.now()
        with pytest.raises(ClockNotTrusted):
            await other.now()
        await confirm_database_clock(office.pool, HANOI, "quan-tri")
        for clock in (one, other):
            assert (await clock.now()).today == before.today, "days that a wrong clock decided on count no more"
