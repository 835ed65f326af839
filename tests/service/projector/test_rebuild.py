import asyncio
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import psycopg
import pytest

from domain.status import DueState
from domain.vocabulary import PetitionKind, Stage
from projections.meetings import Meetings
from projections.overdue import Overdue, overdue_on
from projections.projection import Projection
from projections.unit_workload import UnitWorkload, units_on
from projections.views import VIEWS
from service.commands.office import Office
from service.projector import bulk_load, shared_fold
from service.projector import rebuild as rebuilding
from service.projector.rebuild import NewerVersion, rebuild
from service.projector.runner import Follower
from tests.domain.samples import RECEIVE, ways
from tests.service.office_fixtures import assert_whole, live, open_office, perform, work

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]


async def rows(office: Office, query: str) -> list[tuple[Any, ...]]:
    async with office.pool.connection() as connection:
        return await (await connection.execute(query.encode())).fetchall()


async def positions(office: Office) -> dict[str, tuple[int, int]]:
    found = await rows(office, "SELECT view, version, position FROM kiennghi_views.positions")
    return {view: (version, position) for view, version, position in found}


async def test_a_rebuilt_view_holds_what_the_log_says_whatever_was_in_it(office: Office) -> None:
    async with Follower.open(office.pool, office.histories) as follower:
        await work(office, 44)
        assert await follower.caught_up(20)
    head = await office.histories.last_position()
    async with office.pool.connection() as connection:
        await connection.execute("UPDATE overdue SET unit = 'somebody meddled'")
        await connection.execute("DELETE FROM unit_workload")
    heard: list[tuple[int, int]] = []
    folded: list[int] = [
        await rebuild(office.pool, office.histories, view(), progress=lambda done, of: heard.append((done, of)))
        for view in VIEWS
    ]
    assert folded == [head] * len(VIEWS)
    assert heard[-1] == (head, head)
    assert await rows(office, "SELECT FROM pg_tables WHERE schemaname = 'kiennghi_rebuild'") == []
    await assert_whole(office)


async def test_a_view_that_was_never_followed_can_be_built_so(office: Office) -> None:
    await work(office, 22)
    await asyncio.gather(*(rebuild(office.pool, office.histories, view()) for view in VIEWS))
    await assert_whole(office)


async def test_an_empty_log_makes_an_empty_view(database: str) -> None:
    async with open_office(database) as office:
        assert await rebuild(office.pool, office.histories, Overdue()) == 0
        assert await positions(office) == {"overdue": (Overdue.version, 0)}
        assert await rows(office, "SELECT * FROM overdue") == []


async def test_while_views_are_rebuilt_they_are_followed_written_to_and_read_whole(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading never fails, never sees half, and never goes back behind what was seen before."""
    monkeypatch.setattr(bulk_load, "RANGE", 40)
    monkeypatch.setattr(shared_fold, "PAGE", 40)
    monkeypatch.setattr(rebuilding, "NEARLY_THERE", 5)
    await work(office, 60)
    rebuilt = asyncio.Event()

    async def read() -> list[tuple[int, int]]:
        seen = []
        while not rebuilt.is_set():
            # as requests do: a moment for each statement, taken when the tables are there to be read
            async with office.pool.connection() as connection:
                page = await overdue_on(connection, office.today, soon_until=office.today, states=list(DueState))
                lines = await units_on(connection, office.today)
            seen.append((page.total, sum(line.letters for line in lines)))
        return seen

    async def write() -> None:
        while not rebuilt.is_set():
            await live(office, ways(PetitionKind.PROPOSAL_FEEDBACK)[Stage.IN_PROGRESS])

    async with Follower.open(office.pool, office.histories) as follower:
        assert await follower.caught_up(20)
        readers = [asyncio.create_task(read()) for _ in range(2)]
        writer = asyncio.create_task(write())
        for _ in range(3):
            await asyncio.gather(*(rebuild(office.pool, office.histories, view()) for view in VIEWS))
        rebuilt.set()
        await writer
        assert await follower.caught_up(20)
        for seen in await asyncio.gather(*readers):
            assert len(seen) > 5
            for figure in zip(*seen, strict=True):
                assert list(figure) == sorted(figure)
                assert figure[0] > 0
    await assert_whole(office)


REBUILDING = """
import asyncio, sys
from projections.unit_workload import UnitWorkload
from service.projector import bulk_load as loading
from service.projector import rebuild as rebuilding
from tests.service.office_fixtures import open_office

loading.RANGE = loading.READ_AT_ONCE = 20

async def build(dsn):
    async with open_office(dsn) as office:
        def progress(done, of):
            print(done, flush=True)
        await rebuilding.rebuild(office.pool, office.histories, UnitWorkload(), progress=progress)

asyncio.run(build(sys.argv[1]))
"""


async def test_a_builder_that_is_killed_on_the_way_is_followed_by_one_that_goes_on(
    office: Office, database: str
) -> None:
    await work(office, 100)
    async with Follower.open(office.pool, office.histories) as follower:
        assert await follower.caught_up(20)
    head = await office.histories.last_position()
    with subprocess.Popen(
        [sys.executable, "-c", REBUILDING, database], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if int(line) > head / 3)
        process.send_signal(signal.SIGKILL)
    ((half_way,),) = await rows(office, "SELECT sum(events)::int FROM kiennghi_views.ranges")
    assert head / 3 < half_way < head
    assert (await positions(office))["unit_workload"] == (UnitWorkload.version, head)
    assert await rebuild(office.pool, office.histories, UnitWorkload()) == head - half_way
    await assert_whole(office)


class LaterOverdue(Overdue):
    version: ClassVar = 9


class LaterMeetings(Meetings):
    version: ClassVar = 9


async def test_half_built_tables_of_another_version_are_begun_anew(office: Office) -> None:
    await perform(office, RECEIVE)
    head = await office.histories.last_position()
    async with office.pool.connection() as connection:
        await connection.execute("CREATE TABLE kiennghi_rebuild.overdue (of_another_make integer)")
        await connection.execute(
            "CREATE TABLE kiennghi_views.positions (view text PRIMARY KEY, version integer, position bigint)"
        )
        await connection.execute("INSERT INTO kiennghi_views.positions VALUES ('overdue (rebuild)', 8, 3)")
    assert await rebuild(office.pool, office.histories, Overdue()) == head
    assert await positions(office) == {"overdue": (Overdue.version, head)}


async def test_a_view_of_a_new_version_is_built_beside_the_old_one_by_itself(office: Office) -> None:
    await work(office, 22)
    async with Follower.open(office.pool, office.histories) as follower:
        assert await follower.caught_up(20)
    later: list[type[Projection]] = [LaterOverdue, LaterMeetings]
    later += [view for view in VIEWS if view not in (Overdue, Meetings)]
    async with Follower.open(office.pool, office.histories, later) as follower:
        await perform(office, RECEIVE)
        assert await follower.caught_up(20)
    head = await office.histories.last_position()
    assert await positions(office) == {view.name: (view.version, head) for view in later}
    await assert_whole(office)


async def test_a_program_of_before_leaves_the_views_of_a_newer_one_alone(office: Office) -> None:
    await rebuild(office.pool, office.histories, LaterOverdue())
    with pytest.raises(NewerVersion, match=f"overdue is kept in version 9; this program knows {Overdue.version}"):
        await rebuild(office.pool, office.histories, Overdue())
    async with Follower.open(office.pool, office.histories, [Overdue, Meetings]) as follower:
        done = await perform(office, RECEIVE)
        assert await follower.wait_for(done.position, "meetings", 20)
        async with asyncio.timeout(10):
            while follower.status()["overdue"]["broken"] != "NewerVersion after position 0":
                await asyncio.sleep(0.01)
    assert (await positions(office))["overdue"] == (LaterOverdue.version, done.position - 1)


async def test_a_follower_whose_view_was_replaced_by_a_newer_one_no_longer_writes_to_it(office: Office) -> None:
    async with Follower.open(office.pool, office.histories, [Overdue]) as follower:
        assert await follower.caught_up(20)
        await rebuild(office.pool, office.histories, LaterOverdue())
        await perform(office, RECEIVE)
        async with asyncio.timeout(10):
            while follower.status()["overdue"]["broken"] is None:
                await asyncio.sleep(0.01)
    assert await rows(office, "SELECT * FROM overdue") == []


async def test_two_builders_of_one_view_take_turns(office: Office, database: str) -> None:
    await work(office, 22)
    async with open_office(database) as other:
        head = await office.histories.last_position()
        first, second = await asyncio.gather(
            rebuild(office.pool, office.histories, Overdue()), rebuild(other.pool, other.histories, Overdue())
        )
    assert (first, second) == (head, head)
    assert (await positions(office))["overdue"] == (Overdue.version, head)


async def test_a_long_reader_delays_the_change_and_not_the_other_readers(office: Office) -> None:
    await live(office, ways(PetitionKind.COMPLAINT)[Stage.IN_PROGRESS])
    await rebuild(office.pool, office.histories, Overdue())
    async with office.pool.connection() as reader, reader.transaction():
        await reader.execute("SELECT FROM overdue")
        building = asyncio.create_task(rebuild(office.pool, office.histories, Overdue()))
        for _ in range(5):
            await asyncio.sleep(0.1)
            async with asyncio.timeout(1):
                assert len(await rows(office, "SELECT petition_id FROM overdue")) == 1
        assert not building.done()
    assert await building == await office.histories.last_position()
    assert isinstance((await rows(office, "SELECT petition_id FROM overdue"))[0][0], UUID)


async def test_ranges_of_petitions_make_the_same_view_as_pages_of_the_log(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a single petition has more events than are read at once."""
    monkeypatch.setattr(bulk_load, "RANGE", 30)
    monkeypatch.setattr(bulk_load, "READ_AT_ONCE", 3)
    await work(office, 66)
    assert await rebuild(office.pool, office.histories, *(view() for view in VIEWS)) == (
        await office.histories.last_position()
    )
    await assert_whole(office)


async def test_another_process_loads_too_where_there_is_much_to_load(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_load, "RANGE", 30)
    monkeypatch.setattr(bulk_load, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(bulk_load, "processors", lambda: 3)
    await work(office, 66)
    await asyncio.gather(*(rebuild(office.pool, office.histories, view()) for view in VIEWS))
    await assert_whole(office)


async def test_an_event_that_was_passed_over_is_found_by_counting(office: Office) -> None:
    await work(office, 5)
    head = await office.histories.last_position()
    await rebuild(office.pool, office.histories, Meetings())
    async with office.pool.connection() as connection:
        await connection.execute("UPDATE kiennghi_views.positions SET events = events - 1")
    async with Follower.open(office.pool, office.histories, [Meetings]) as follower:
        async with asyncio.timeout(10):
            while follower.status()["meetings"]["broken"] is None:
                await asyncio.sleep(0.01)
        assert follower.status()["meetings"]["broken"] == "RuntimeError after position 0"
    await rebuild(office.pool, office.histories, Meetings())
    async with Follower.open(office.pool, office.histories, [Meetings]) as follower:
        assert await follower.caught_up(20)
        assert follower.status()["meetings"]["events"] == head


async def test_a_log_with_a_hole_is_not_loaded(office: Office, database: str) -> None:
    await work(office, 5)
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("ALTER TABLE kiennghi.log DISABLE TRIGGER append_only")
        owner.execute("DELETE FROM kiennghi.log WHERE notification_id = 12")
    with pytest.raises(RuntimeError, match="events went into meetings"):
        await rebuild(office.pool, office.histories, Meetings())


async def test_tables_of_an_earlier_form_go_with_it(office: Office) -> None:
    async with office.pool.connection() as connection:
        await connection.execute("CREATE TABLE kiennghi_views.unit_workload_petitions (petition_id uuid)")
        await connection.execute(
            "CREATE TABLE kiennghi_views.positions (view text PRIMARY KEY, version integer, position bigint)"
        )
        await connection.execute("INSERT INTO kiennghi_views.positions VALUES ('unit_workload', 1, 9)")
    async with Follower.open(office.pool, office.histories) as follower:
        assert await follower.caught_up(20)
    assert await rows(office, "SELECT FROM pg_tables WHERE tablename = 'unit_workload_petitions'") == []
    await assert_whole(office)
