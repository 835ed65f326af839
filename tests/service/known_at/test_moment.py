"""Tests what a moment may be, and which position of the log it names."""

from datetime import UTC, date, datetime, timedelta, timezone

import psycopg
import pytest

from domain.errors import Refused
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.known_at.moment import KnownAt, KnownMoment, find_known_at, parse_moment
from tests.domain.samples import RECEIVE
from tests.service.office_fixtures import perform

pytestmark = pytest.mark.anyio

VIETNAM = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("0", 0),
        ("1234", 1234),
        ("#1234", 1234),
        (" 7 ", 7),
        ("2026-07-31", date(2026, 7, 31)),
        ("2026-07-31T17:00Z", datetime(2026, 7, 31, 17, tzinfo=UTC)),
        ("2026-07-31 17:00:00+07:00", datetime(2026, 7, 31, 17, tzinfo=VIETNAM)),
        ("2026-07-31T17:00:00.123+07:00", datetime(2026, 7, 31, 17, 0, 0, 123_000, tzinfo=VIETNAM)),
    ],
)
def test_a_moment_is_a_position_a_day_or_an_instant(typed: str, moment: KnownMoment) -> None:
    assert parse_moment(typed) == moment


@pytest.mark.parametrize(
    "typed",
    [
        *("", "#", "-1", "1.5", "٣", "##1", "9" * 19, "1" * 50, "today", "\x00", "1\n2"),
        *("2026-02-30", "2026-13-01", "2026-W01-1", "2026-07"),
        *("2026-07-31T17", "2026-07-31T17:00", "2026-07-31T17:00:00 07:00", "2026-07-31T25:00Z"),
        *("2026-07-31T17:00+7", "2026-07-31T17:00:00+99:00"),
    ],
)
def test_anything_else_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_moment(typed)
    assert refused.value.code is ServiceRefusal.NOT_A_MOMENT


async def find(office: ApplicationService, moment: KnownMoment) -> KnownAt:
    async with office.pool.connection() as connection:
        return await find_known_at(connection, moment, office.settings.zone)


async def test_a_moment_names_the_last_event_recorded_by_then(office: ApplicationService) -> None:
    before = await office.histories.last_position()
    told = []
    for _ in range(5):
        told.append(await perform(office, RECEIVE))
    recorded = [one.recorded_at for one in told]
    for n, at in enumerate(recorded):
        last = before + n + 1
        assert (await find(office, at)).position == last
        assert (await find(office, at.astimezone(VIETNAM))).position == last
        assert (await find(office, at - timedelta(microseconds=1))).position == last - 1
        assert await find(office, last) == KnownAt(last, at, at.astimezone(office.settings.zone).date())
    assert (await find(office, datetime(2001, 1, 1, tzinfo=UTC))) == KnownAt(0, None, date(2001, 1, 1))
    assert (await find(office, datetime(1, 1, 1, tzinfo=VIETNAM))).position == 0
    assert (await find(office, date(1, 1, 1))).position == 0
    yesterday = datetime.now(office.settings.zone).date() - timedelta(days=1)
    assert await find(office, yesterday) == KnownAt(0, None, yesterday)


async def test_an_instant_never_cuts_a_command(office: ApplicationService, database: str) -> None:
    await perform(office, RECEIVE)
    with psycopg.connect(database) as connection:
        rows = connection.execute("SELECT command_id, recorded_at, position FROM kiennghi.log ORDER BY 3").fetchall()
    last_of = {command: position for command, _, position in rows}
    for command, recorded_at, _ in rows:
        assert (await find(office, recorded_at)).position >= last_of[command]


async def test_a_moment_that_has_not_come_is_refused(office: ApplicationService) -> None:
    head = await office.histories.last_position()
    today = datetime.now(office.settings.zone).date()
    for moment in (
        head + 1,
        10**17,
        today,
        today + timedelta(days=1),
        date.max,
        datetime.now(UTC) + timedelta(hours=1),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
    ):
        with pytest.raises(Refused) as refused:
            await find(office, moment)
        assert refused.value.code is ServiceRefusal.MOMENT_NOT_REACHED
        assert refused.value.plain_values() == {"head": head}
