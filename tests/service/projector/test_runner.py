import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import psycopg
import pytest

from domain.envelope import EventEnvelope
from domain.status import DueState
from domain.vocabulary import PetitionKind, Stage
from projections.meetings import Meetings
from projections.owed_list import overdue_on
from projections.projection import CounterDelta, Table, TableRow
from projections.unit_figures import unit_figures_on
from projections.views import VIEWS
from service.commands.office import ApplicationService
from service.event_store.damage import decode_rows_apart
from service.event_store.log_rows import LogRow
from service.projector import folds, pace, runner, serving_tables, shared_fold
from service.projector.runner import ProjectionRunner
from tests.domain.samples import RECEIVE, commands_to_stages
from tests.service.office_fixtures import (
    TEXTS,
    assert_views_complete,
    open_office,
    perform,
    run_life_cycle,
    run_life_cycles,
)

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]
NOT_OF_MEETINGS = [view for view in VIEWS if view is not Meetings]


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def test_views_follow_what_is_written(office: ApplicationService) -> None:
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        await run_life_cycles(office, 40)
        assert await views.wait_until_current(20)
        head = await office.histories.last_position()
        assert views.status() == {
            view.name: {"position": head, "events": head, "lag": 0, "broken": None} for view in VIEWS
        }
    await assert_views_complete(office)


async def test_what_this_process_appends_is_hardly_read_from_the_log_again(
    office: ApplicationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read that is under way while an event is committed may find it first."""
    read: list[int] = []
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        await run_life_cycles(office, 1)  # what follows on an event of this process needs no read
        assert await views.wait_until_current(20)
        before, decode = await office.histories.last_position(), decode_rows_apart

        def decode_and_count(rows: Sequence[LogRow]) -> list[EventEnvelope[Any]]:
            read.append(len(rows))
            return decode(rows)

        monkeypatch.setattr(shared_fold, "decode_rows_apart", decode_and_count)
        await run_life_cycles(office, 20)
        assert await views.wait_until_current(20)
        assert sum(read) < (await office.histories.last_position() - before) / 2
    await assert_views_complete(office)


async def test_connections_see_the_views_by_their_bare_names(office: ApplicationService) -> None:
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        await run_life_cycle(office, commands_to_stages(PetitionKind.COMPLAINT)[Stage.IN_PROGRESS])
        assert await views.wait_until_current(20)
    async with office.pool.connection() as connection:
        page = await overdue_on(connection, TEXTS, office.today, soon_until=office.today, states=list(DueState))
        assert [item.unit for item in page.items] == ["so-mau"]
        assert [(line.unit, line.open) for line in await unit_figures_on(connection, office.today) if line.open] == [
            ("so-mau", 1)
        ]


async def test_a_log_that_grew_while_nobody_followed_is_caught_up_in_pages(
    office: ApplicationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run_life_cycles(office, 60)
    monkeypatch.setattr(shared_fold, "EVENTS_A_PAGE", 7)
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        assert await views.wait_until_current(20)
    await assert_views_complete(office)


async def test_who_waits_for_a_position_is_told_when_the_view_has_passed_it(office: ApplicationService) -> None:
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        result = await perform(office, RECEIVE)
        views.notice_append(result.position)
        assert await views.wait_for(result.position, "overdue", 10)
        assert not await views.wait_for(result.position + 1, "overdue", 0.05)


async def test_what_another_process_writes_is_noticed_without_being_told(
    office: ApplicationService, database: str
) -> None:
    async with (
        ProjectionRunner.open(office.pool, office.histories, office.vault) as views,
        open_office(database) as other,
    ):
        result = await perform(other, RECEIVE)
        assert await views.wait_for(result.position, "unit_workload", 10)


async def test_two_followers_share_the_work_and_neither_doubles_it(office: ApplicationService, database: str) -> None:
    async with open_office(database) as other:
        writing = asyncio.create_task(run_life_cycles(office, 60))
        async with (
            ProjectionRunner.open(office.pool, office.histories, office.vault) as one,
            ProjectionRunner.open(other.pool, other.histories, other.vault) as another,
        ):
            await writing
            assert await one.wait_until_current(20)
            assert await another.wait_until_current(20)
    await assert_views_complete(office)


async def test_what_a_crash_takes_back_is_applied_again_though_nothing_is_appended(
    office: ApplicationService, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that did not wait for the disk is undone; the crash ends every connection."""
    monkeypatch.setattr(runner, "FIRST_RETRY_SECONDS", 0.02)
    await run_life_cycles(office, 20)
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        assert await views.wait_until_current(20)
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
    """Fails at the first petition, until it is mended."""

    is_mended: ClassVar[bool] = False

    def counter_deltas(self, state: object) -> Iterable[CounterDelta]:
        if not self.is_mended:
            raise ZeroDivisionError("a fault of the view")
        return super().counter_deltas(state)


async def test_a_view_that_breaks_stops_alone_says_so_and_goes_on_once_it_is_mended(
    office: ApplicationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "FIRST_RETRY_SECONDS", 0.02)
    await run_life_cycles(office, 20)
    async with ProjectionRunner.open(
        office.pool, office.histories, office.vault, [*NOT_OF_MEETINGS, Overcautious]
    ) as views:
        head = await office.histories.last_position()
        assert await views.wait_for(head, "overdue", 20)
        assert await views.wait_for(head, "unit_workload", 20)
        await until(lambda: views.status()["meetings"]["broken"] is not None)
        assert views.status()["meetings"] == {
            "position": 0,
            "events": 0,
            "lag": head,
            "broken": "ZeroDivisionError after position 0",
        }
        assert views.status()["overdue"]["broken"] is None
        monkeypatch.setattr(Overcautious, "is_mended", True)
        assert await views.wait_for(head, "meetings", 20)
        await until(lambda: views.status()["meetings"]["broken"] is None)
    await assert_views_complete(office)


class Poisoned(Meetings):
    """Makes no row of a state, but fails."""

    def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
        raise ZeroDivisionError(state)


class Slow(Meetings):
    """Needs more time for each page than the other views wait."""

    def counter_deltas(self, state: object) -> Iterable[CounterDelta]:
        time.sleep(0.001)
        return super().counter_deltas(state)


async def test_a_view_that_cannot_take_an_event_holds_no_other(office: ApplicationService) -> None:
    await run_life_cycles(office, 20)
    async with ProjectionRunner.open(
        office.pool, office.histories, office.vault, [*NOT_OF_MEETINGS, Poisoned]
    ) as views:
        head = await office.histories.last_position()
        assert await views.wait_for(head, "overdue", 20)
        assert await views.wait_for(head, "unit_workload", 20)
        await until(lambda: views.status()["meetings"]["broken"] == "ZeroDivisionError after position 0")


async def test_a_view_far_behind_is_not_waited_for_and_still_comes(
    office: ApplicationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps it needs are no longer kept, so it reads the log by itself until it has caught up."""
    monkeypatch.setattr(shared_fold, "EVENTS_A_PAGE", 5)
    monkeypatch.setattr(shared_fold, "MAX_STEPS_KEPT", 10)
    monkeypatch.setattr(pace, "MAX_STEPS_KEPT", 10)
    monkeypatch.setattr(folds, "MAX_STEPS_KEPT", 10)
    monkeypatch.setattr(pace, "STALLED_AFTER_SECONDS", 0.0)
    await run_life_cycles(office, 44)
    async with ProjectionRunner.open(office.pool, office.histories, office.vault, [*NOT_OF_MEETINGS, Slow]) as views:
        assert await views.wait_until_current(20)
        await run_life_cycles(office, 22)
        assert await views.wait_until_current(20)
    await assert_views_complete(office)


async def test_what_is_no_longer_in_memory_is_folded_again_from_the_log(
    office: ApplicationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_fold, "MAX_STATES_KEPT", 1)
    monkeypatch.setattr(shared_fold, "EVENTS_A_PAGE", 3)
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        await run_life_cycles(office, 44)
        assert await views.wait_until_current(20)
    await assert_views_complete(office)


async def test_views_that_there_never_were_are_loaded_where_the_log_is_long(
    office: ApplicationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving_tables, "EVENTS_WORTH_LOADING", 1)
    await run_life_cycles(office, 44)
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        await run_life_cycles(office, 22)
        assert await views.wait_until_current(20)
    await assert_views_complete(office)


async def test_a_view_that_stays_broken_is_tried_less_and_less_often(
    office: ApplicationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[float] = []

    class Hopeless(Meetings):
        def rows(self, state: object) -> Iterable[tuple[Table, TableRow]]:
            tries.append(asyncio.get_running_loop().time())
            raise ZeroDivisionError(state)

    monkeypatch.setattr(runner, "FIRST_RETRY_SECONDS", 0.05)
    await perform(office, RECEIVE)
    async with ProjectionRunner.open(office.pool, office.histories, office.vault, [Hopeless]):
        await until(lambda: len(tries) == 5)
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses[0] >= 0.05
    assert pauses[3] >= 0.4


async def test_followers_go_on_after_the_database_ended_all_their_connections(
    office: ApplicationService, database: str, server: str
) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        assert await views.wait_until_current(20)
        for _ in range(2):
            with psycopg.connect(server, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            async with open_office(database) as writer:
                await run_life_cycles(writer, 22)
                head = await writer.histories.last_position()
            for view in VIEWS:
                assert await views.wait_for(head, view.name, 30)
        await until(lambda: {view["broken"] for view in views.status().values()} == {None})
    async with open_office(database) as reader:
        await assert_views_complete(reader)


FOLLOWING = """
import asyncio, sys
from service.projector import runner as following
from service.projector import shared_fold as folding
from service.projector.runner import ProjectionRunner
from tests.service.office_fixtures import open_office

folding.EVENTS_A_PAGE = 5

async def follow(dsn):
    async with (
        open_office(dsn) as office,
        ProjectionRunner.open(office.pool, office.histories, office.vault) as follower,
    ):
        while True:
            print(*(view["position"] for view in follower.status().values()), flush=True)
            await asyncio.sleep(0)

asyncio.run(follow(sys.argv[1]))
"""


async def test_a_follower_that_is_killed_on_the_way_leaves_nothing_half_or_double(
    office: ApplicationService, database: str
) -> None:
    await run_life_cycles(office, 150)
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
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        assert await views.wait_until_current(20)
    await assert_views_complete(office)


async def test_a_hole_in_the_log_stops_the_views_instead_of_being_passed_over(
    office: ApplicationService, database: str
) -> None:
    result = await perform(office, RECEIVE)
    await perform(office, RECEIVE)
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("ALTER TABLE kiennghi.log DISABLE TRIGGER append_only")
        owner.execute("DELETE FROM kiennghi.log WHERE position = %s", [result.position])
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        await until(lambda: all(view["broken"] for view in views.status().values()))
        assert {view["position"] for view in views.status().values()} == {0}
        told = {view["broken"] for view in views.status().values()}
        assert told == {
            f"nhật ký bị khuyết: thiếu sự kiện ở vị trí {result.position}"
            f" / the log has a hole: the event at position {result.position} is missing"
        }
