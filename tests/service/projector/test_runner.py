import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import psycopg
import pytest

from domain.envelope import EventEnvelope
from domain.status import DueState
from domain.vocabulary import PetitionKind, Stage
from projections.meetings import Meetings
from projections.overdue import overdue_on
from projections.projection import Count, Row, Table
from projections.state import Known
from projections.unit_workload import units_on
from projections.views import VIEWS
from service.commands.office import Office
from service.projector import runner, shared_fold
from service.projector.runner import Follower
from tests.domain.samples import RECEIVE, ways
from tests.service.office_fixtures import assert_whole, live, open_office, perform, work

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]
NOT_OF_MEETINGS = [view for view in VIEWS if view is not Meetings]


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def test_views_follow_what_is_written(office: Office) -> None:
    async with Follower.open(office.pool, office.histories) as follower:
        await work(office, 40)
        assert await follower.caught_up(20)
        head = await office.histories.last_position()
        assert follower.status() == {
            view.name: {"position": head, "events": head, "lag": 0, "broken": None} for view in VIEWS
        }
    await assert_whole(office)


async def test_connections_see_the_views_by_their_bare_names(office: Office) -> None:
    async with Follower.open(office.pool, office.histories) as follower:
        await live(office, ways(PetitionKind.COMPLAINT)[Stage.IN_PROGRESS])
        assert await follower.caught_up(20)
    async with office.pool.connection() as connection:
        page = await overdue_on(connection, office.today, soon_until=office.today, states=list(DueState))
        assert [item.unit for item in page.items] == ["so-mau"]
        assert [(line.unit, line.open) for line in await units_on(connection, office.today) if line.open] == [
            ("so-mau", 1)
        ]


async def test_a_log_that_grew_while_nobody_followed_is_caught_up_in_pages(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await work(office, 60)
    monkeypatch.setattr(shared_fold, "PAGE", 7)
    async with Follower.open(office.pool, office.histories) as follower:
        assert await follower.caught_up(20)
    await assert_whole(office)


async def test_who_waits_for_a_position_is_told_when_the_view_has_passed_it(office: Office) -> None:
    async with Follower.open(office.pool, office.histories) as follower:
        done = await perform(office, RECEIVE)
        follower.noticed(done.position)
        assert await follower.wait_for(done.position, "overdue", 10)
        assert not await follower.wait_for(done.position + 1, "overdue", 0.05)


async def test_what_another_process_writes_is_noticed_without_being_told(office: Office, database: str) -> None:
    async with Follower.open(office.pool, office.histories) as follower, open_office(database) as other:
        done = await perform(other, RECEIVE)
        assert await follower.wait_for(done.position, "unit_workload", 10)


async def test_two_followers_share_the_work_and_neither_doubles_it(office: Office, database: str) -> None:
    async with open_office(database) as other:
        writing = asyncio.create_task(work(office, 60))
        async with (
            Follower.open(office.pool, office.histories) as one,
            Follower.open(other.pool, other.histories) as another,
        ):
            await writing
            assert await one.caught_up(20)
            assert await another.caught_up(20)
    await assert_whole(office)


async def test_what_a_crash_takes_back_is_applied_again_though_nothing_is_appended(
    office: Office, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a commit that did not wait for the disk; the crash ends every connection."""
    monkeypatch.setattr(runner, "FIRST_PAUSE", 0.02)
    await work(office, 20)
    async with Follower.open(office.pool, office.histories) as follower:
        assert await follower.caught_up(20)
        with psycopg.connect(database, autocommit=True) as owner:
            taken_back = owner.execute(
                "UPDATE kiennghi_views.positions SET position = position - 1, events = events - 1"
                " WHERE view = 'meetings' RETURNING position"
            ).fetchone()
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            async with asyncio.timeout(20):
                while (
                    owner.execute("SELECT position FROM kiennghi_views.positions WHERE view = 'meetings'").fetchone()
                    == taken_back
                ):
                    await asyncio.sleep(0.02)


class Overcautious(Meetings):
    """Breaks at the first petition, until it is mended."""

    is_mended: ClassVar[bool] = False

    def counts(self, state: object) -> Iterable[Count]:
        if not self.is_mended:
            raise ZeroDivisionError("a fault of the view")
        return super().counts(state)


async def test_a_view_that_breaks_stops_alone_says_so_and_goes_on_once_it_is_mended(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "FIRST_PAUSE", 0.02)
    await work(office, 20)
    async with Follower.open(office.pool, office.histories, [*NOT_OF_MEETINGS, Overcautious]) as follower:
        head = await office.histories.last_position()
        assert await follower.wait_for(head, "overdue", 20)
        assert await follower.wait_for(head, "unit_workload", 20)
        await until(lambda: follower.status()["meetings"]["broken"] is not None)
        assert follower.status()["meetings"] == {
            "position": 0,
            "events": 0,
            "lag": head,
            "broken": "ZeroDivisionError after position 0",
        }
        assert follower.status()["overdue"]["broken"] is None
        monkeypatch.setattr(Overcautious, "is_mended", True)
        assert await follower.wait_for(head, "meetings", 20)
        await until(lambda: follower.status()["meetings"]["broken"] is None)
    await assert_whole(office)


def _poisoned(known: Known | None, recorded: EventEnvelope[Any]) -> Known | None:
    raise ZeroDivisionError(known, recorded.position)


class Poisoned(Meetings):
    """Knows something of its own, and fails at it."""

    fold = staticmethod(_poisoned)


class Slow(Meetings):
    """Each page takes it longer than the others have patience."""

    def counts(self, state: object) -> Iterable[Count]:
        time.sleep(0.001)
        return super().counts(state)


async def test_a_view_that_cannot_take_an_event_holds_no_other(office: Office) -> None:
    await work(office, 20)
    async with Follower.open(office.pool, office.histories, [*NOT_OF_MEETINGS, Poisoned]) as follower:
        head = await office.histories.last_position()
        assert await follower.wait_for(head, "overdue", 20)
        assert await follower.wait_for(head, "unit_workload", 20)
        await until(lambda: follower.status()["meetings"]["broken"] == "ZeroDivisionError after position 0")


async def test_a_view_far_behind_is_not_waited_for_and_still_comes(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it comes to is no longer kept for it: it reads for itself until it is there."""
    monkeypatch.setattr(shared_fold, "PAGE", 5)
    monkeypatch.setattr(shared_fold, "STEPS_KEPT", 10)
    monkeypatch.setattr(runner, "STEPS_KEPT", 10)
    monkeypatch.setattr(runner, "PATIENCE", 0.0)
    await work(office, 44)
    async with Follower.open(office.pool, office.histories, [*NOT_OF_MEETINGS, Slow]) as follower:
        assert await follower.caught_up(20)
        await work(office, 22)
        assert await follower.caught_up(20)
    await assert_whole(office)


async def test_what_is_no_longer_in_memory_is_folded_again_from_the_log(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_fold, "STATES_KEPT", 1)
    monkeypatch.setattr(shared_fold, "PAGE", 3)
    async with Follower.open(office.pool, office.histories) as follower:
        await work(office, 44)
        assert await follower.caught_up(20)
    await assert_whole(office)


async def test_views_that_there_never_were_are_loaded_where_the_log_is_long(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "WORTH_LOADING", 1)
    await work(office, 44)
    async with Follower.open(office.pool, office.histories) as follower:
        await work(office, 22)
        assert await follower.caught_up(20)
    await assert_whole(office)


async def test_a_view_that_stays_broken_is_tried_less_and_less_often(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[float] = []

    class Hopeless(Meetings):
        def rows(self, state: object) -> Iterable[tuple[Table, Row]]:
            tries.append(asyncio.get_running_loop().time())
            raise ZeroDivisionError(state)

    monkeypatch.setattr(runner, "FIRST_PAUSE", 0.05)
    await perform(office, RECEIVE)
    async with Follower.open(office.pool, office.histories, [Hopeless]):
        await until(lambda: len(tries) == 5)
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses[0] >= 0.05
    assert pauses[3] >= 0.4


async def test_followers_go_on_after_the_database_ended_all_their_connections(
    office: Office, database: str, server: str
) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    async with Follower.open(office.pool, office.histories) as follower:
        assert await follower.caught_up(20)
        for _ in range(2):
            with psycopg.connect(server, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            async with open_office(database) as writer:
                await work(writer, 22)
                head = await writer.histories.last_position()
            for view in VIEWS:
                assert await follower.wait_for(head, view.name, 30)
        await until(lambda: {view["broken"] for view in follower.status().values()} == {None})
    async with open_office(database) as reader:
        await assert_whole(reader)


FOLLOWING = """
import asyncio, sys
from service.projector import runner as following
from service.projector import shared_fold as folding
from service.projector.runner import Follower
from tests.service.office_fixtures import open_office

folding.PAGE = 5

async def follow(dsn):
    async with open_office(dsn) as office, Follower.open(office.pool, office.histories) as follower:
        while True:
            print(*(view["position"] for view in follower.status().values()), flush=True)
            await asyncio.sleep(0)

asyncio.run(follow(sys.argv[1]))
"""


async def test_a_follower_that_is_killed_on_the_way_leaves_nothing_half_or_double(
    office: Office, database: str
) -> None:
    await work(office, 150)
    head = await office.histories.last_position()
    for share in (0.1, 0.4, 0.7):
        with subprocess.Popen(
            [sys.executable, "-c", FOLLOWING, database], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:  # one view is on its way, others are ahead of it or behind
                positions = [int(position) for position in line.split()]
                if max(positions) > share * head:
                    process.send_signal(signal.SIGKILL)
                    break
        assert process.wait() == -signal.SIGKILL
    async with office.pool.connection() as connection:
        cursor = await connection.execute("SELECT min(position) FROM kiennghi_views.positions")
        assert (await cursor.fetchone() or (head,))[0] < head
    async with Follower.open(office.pool, office.histories) as follower:
        assert await follower.caught_up(20)
    await assert_whole(office)


async def test_a_hole_in_the_log_stops_the_views_instead_of_being_passed_over(office: Office, database: str) -> None:
    done = await perform(office, RECEIVE)
    await perform(office, RECEIVE)
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("ALTER TABLE kiennghi.log DISABLE TRIGGER append_only")
        owner.execute("DELETE FROM kiennghi.log WHERE notification_id = %s", [done.position])
    async with Follower.open(office.pool, office.histories) as follower:
        await until(lambda: all(view["broken"] for view in follower.status().values()))
        assert {view["position"] for view in follower.status().values()} == {0}
