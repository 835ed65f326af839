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
from projections.overdue import Overdue
from projections.owed_list import overdue_on
from projections.projection import Projection
from projections.unit_figures import unit_figures_on
from projections.unit_workload import UnitWorkload
from projections.views import VIEWS
from service.commands.office import ApplicationService
from service.event_store.damage import DamageRefusal, LogDamaged
from service.projector import bulk_load, shared_fold
from service.projector import rebuild as rebuilding
from service.projector.rebuild import NewerVersion, rebuild_views
from service.projector.runner import ProjectionRunner
from tests.domain.samples import RECEIVE, commands_to_stages
from tests.examples import seeds
from tests.service.office_fixtures import (
    TEXTS,
    as_projector,
    assert_views_complete,
    open_office,
    perform,
    run_life_cycle,
    run_life_cycles,
)

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[3]


async def rows(office: ApplicationService, query: str) -> list[tuple[Any, ...]]:
    async with office.pool.connection() as connection:
        return await (await connection.execute(query.encode())).fetchall()


async def positions(office: ApplicationService) -> dict[str, tuple[int, int]]:
    found = await rows(office, "SELECT view, version, position FROM kiennghi_views.positions")
    return {view: (version, position) for view, version, position in found}


async def test_a_rebuilt_view_holds_what_the_log_says_whatever_was_in_it(office: ApplicationService) -> None:
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        await run_life_cycles(office, 44)
        assert await views.wait_until_current(20)
    head = await office.histories.last_position()
    async with as_projector(office) as connection:
        await connection.execute("UPDATE overdue SET unit = 'somebody meddled'")
        await connection.execute("DELETE FROM unit_workload")
    heard: list[tuple[int, int]] = []
    folded: list[int] = [
        await rebuild_views(
            office.pool, office.histories, office.vault, view(), progress=lambda done, of: heard.append((done, of))
        )
        for view in VIEWS
    ]
    assert folded == [head] * len(VIEWS)
    assert heard[-1] == (head, head)
    assert await rows(office, "SELECT FROM pg_tables WHERE schemaname = 'kiennghi_rebuild'") == []
    await assert_views_complete(office)


async def test_a_view_that_was_never_followed_can_be_built_so(office: ApplicationService) -> None:
    await run_life_cycles(office, 22)
    await asyncio.gather(*(rebuild_views(office.pool, office.histories, office.vault, view()) for view in VIEWS))
    await assert_views_complete(office)


async def test_an_empty_log_makes_an_empty_view(database: str) -> None:
    async with open_office(database) as office:
        assert await rebuild_views(office.pool, office.histories, office.vault, Overdue()) == 0
        assert await positions(office) == {"overdue": (Overdue.version, 0)}
        assert await rows(office, "SELECT * FROM overdue") == []


async def test_while_views_are_rebuilt_they_are_followed_written_to_and_read_whole(
    office: ApplicationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reads never fail, never see half of a view, and never see less than an earlier read did."""
    monkeypatch.setattr(bulk_load, "EVENTS_A_RANGE", 40)
    monkeypatch.setattr(shared_fold, "EVENTS_A_PAGE", 40)
    monkeypatch.setattr(rebuilding, "SWAP_BELOW_EVENTS", 5)
    await run_life_cycles(office, 44)
    rebuilt = asyncio.Event()

    async def read() -> list[tuple[int, int]]:
        seen = []
        while not rebuilt.is_set():
            # as requests do: a snapshot for each statement, taken when the tables can be read
            async with office.pool.connection() as connection:
                page = await overdue_on(connection, TEXTS, office.today, soon_until=office.today, states=list(DueState))
                lines = await unit_figures_on(connection, office.today)
            seen.append((page.total, sum(line.letters for line in lines)))
        return seen

    async def write() -> int:
        written = 0
        while not rebuilt.is_set():
            await run_life_cycle(office, commands_to_stages(PetitionKind.PROPOSAL_FEEDBACK)[Stage.IN_PROGRESS])
            await views.wait_until_current(20)  # writing as fast as it can be done would only starve the builders
            written += 1
        return written

    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        assert await views.wait_until_current(20)
        readers = [asyncio.create_task(read()) for _ in range(2)]
        writer = asyncio.create_task(write())
        for _ in seeds(2):
            await asyncio.gather(
                *(rebuild_views(office.pool, office.histories, office.vault, view()) for view in VIEWS)
            )
        rebuilt.set()
        assert await writer > 2
        assert await views.wait_until_current(20)
        for seen in await asyncio.gather(*readers):
            assert len(seen) > 5
            for figure in zip(*seen, strict=True):
                assert list(figure) == sorted(figure)
                assert figure[0] > 0
    await assert_views_complete(office)


REBUILDING = """
import asyncio, sys
from projections.unit_workload import UnitWorkload
from service.projector import bulk_load as loading
from service.projector import rebuild as rebuilding
from tests.service.office_fixtures import open_office

loading.EVENTS_A_RANGE = loading.EVENTS_A_READ = 20

async def build(dsn):
    async with open_office(dsn) as office:
        def progress(done, of):
            print(done, flush=True)
        await rebuilding.rebuild_views(office.pool, office.histories, office.vault, UnitWorkload(), progress=progress)

asyncio.run(build(sys.argv[1]))
"""


async def test_a_builder_that_is_killed_on_the_way_is_followed_by_one_that_goes_on(
    office: ApplicationService, database: str
) -> None:
    await run_life_cycles(office, 100)
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        assert await views.wait_until_current(20)
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
    assert await rebuild_views(office.pool, office.histories, office.vault, UnitWorkload()) == head - half_way
    await assert_views_complete(office)


class LaterOverdue(Overdue):
    version: ClassVar = Overdue.version + 1


class LaterMeetings(Meetings):
    version: ClassVar = Meetings.version + 1


async def test_half_built_tables_of_another_version_are_begun_anew(office: ApplicationService) -> None:
    await perform(office, RECEIVE)
    head = await office.histories.last_position()
    async with as_projector(office) as connection:
        await connection.execute("CREATE TABLE kiennghi_rebuild.overdue (of_another_make integer)")
        await connection.execute(
            "CREATE TABLE kiennghi_views.positions (view text PRIMARY KEY, version integer, position bigint)"
        )
        await connection.execute(
            "INSERT INTO kiennghi_views.positions VALUES ('overdue (rebuild)', %s, 3)", [Overdue.version + 1]
        )
    assert await rebuild_views(office.pool, office.histories, office.vault, Overdue()) == head
    assert await positions(office) == {"overdue": (Overdue.version, head)}


async def test_a_view_of_a_new_version_is_built_beside_the_old_one_by_itself(office: ApplicationService) -> None:
    await run_life_cycles(office, 22)
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        assert await views.wait_until_current(20)
    later: list[type[Projection]] = [LaterOverdue, LaterMeetings]
    later += [view for view in VIEWS if view not in (Overdue, Meetings)]
    async with ProjectionRunner.open(office.pool, office.histories, office.vault, later) as views:
        await perform(office, RECEIVE)
        assert await views.wait_until_current(20)
    head = await office.histories.last_position()
    assert await positions(office) == {view.name: (view.version, head) for view in later}
    await assert_views_complete(office)


async def test_a_program_of_before_leaves_the_views_of_a_newer_one_alone(office: ApplicationService) -> None:
    await rebuild_views(office.pool, office.histories, office.vault, LaterOverdue())
    with pytest.raises(
        NewerVersion, match=f"overdue is kept in version {LaterOverdue.version}; this program knows {Overdue.version}"
    ):
        await rebuild_views(office.pool, office.histories, office.vault, Overdue())
    async with ProjectionRunner.open(office.pool, office.histories, office.vault, [Overdue, Meetings]) as views:
        done = await perform(office, RECEIVE)
        assert await views.wait_for(done.position, "meetings", 20)
        async with asyncio.timeout(10):
            while views.status()["overdue"]["broken"] != "NewerVersion after position 0":
                await asyncio.sleep(0.01)
    assert (await positions(office))["overdue"] == (LaterOverdue.version, done.position - 1)


async def test_a_follower_whose_view_was_replaced_by_a_newer_one_no_longer_writes_to_it(
    office: ApplicationService,
) -> None:
    async with ProjectionRunner.open(office.pool, office.histories, office.vault, [Overdue]) as views:
        assert await views.wait_until_current(20)
        await rebuild_views(office.pool, office.histories, office.vault, LaterOverdue())
        await perform(office, RECEIVE)
        async with asyncio.timeout(10):
            while views.status()["overdue"]["broken"] is None:
                await asyncio.sleep(0.01)
    assert await rows(office, "SELECT * FROM overdue") == []


async def test_two_builders_of_one_view_take_turns(office: ApplicationService, database: str) -> None:
    await run_life_cycles(office, 22)
    async with open_office(database) as other:
        head = await office.histories.last_position()
        first, second = await asyncio.gather(
            rebuild_views(office.pool, office.histories, office.vault, Overdue()),
            rebuild_views(other.pool, other.histories, other.vault, Overdue()),
        )
    assert (first, second) == (head, head)
    assert (await positions(office))["overdue"] == (Overdue.version, head)


async def test_a_long_reader_delays_the_change_and_not_the_other_readers(office: ApplicationService) -> None:
    await run_life_cycle(office, commands_to_stages(PetitionKind.COMPLAINT)[Stage.IN_PROGRESS])
    await rebuild_views(office.pool, office.histories, office.vault, Overdue())
    async with office.pool.connection() as reader, reader.transaction():
        await reader.execute("SELECT FROM overdue")
        building = asyncio.create_task(rebuild_views(office.pool, office.histories, office.vault, Overdue()))
        for _ in range(5):
            await asyncio.sleep(0.1)
            async with asyncio.timeout(1):
                assert len(await rows(office, "SELECT petition_id FROM overdue")) == 1
        assert not building.done()
    assert await building == await office.histories.last_position()
    assert isinstance((await rows(office, "SELECT petition_id FROM overdue"))[0][0], UUID)


async def test_ranges_of_petitions_make_the_same_view_as_pages_of_the_log(
    office: ApplicationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same holds if a single petition has more events than one read returns."""
    monkeypatch.setattr(bulk_load, "EVENTS_A_RANGE", 30)
    monkeypatch.setattr(bulk_load, "EVENTS_A_READ", 3)
    await run_life_cycles(office, 66)
    assert await rebuild_views(office.pool, office.histories, office.vault, *(view() for view in VIEWS)) == (
        await office.histories.last_position()
    )
    await assert_views_complete(office)


async def test_another_process_loads_too_where_there_is_much_to_load(
    office: ApplicationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_load, "EVENTS_A_RANGE", 30)
    monkeypatch.setattr(bulk_load, "EVENTS_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(bulk_load, "usable_processors", lambda: 3)
    await run_life_cycles(office, 66)
    views = [view() for view in VIEWS]  # three loads at once, each with two processes more
    loads = (views[:1], views[1:2], views[2:])
    await asyncio.gather(*(rebuild_views(office.pool, office.histories, office.vault, *load) for load in loads))
    await assert_views_complete(office)


async def test_an_event_that_was_passed_over_is_found_by_counting(office: ApplicationService) -> None:
    await run_life_cycles(office, 5)
    head = await office.histories.last_position()
    await rebuild_views(office.pool, office.histories, office.vault, Meetings())
    async with as_projector(office) as connection:
        await connection.execute("UPDATE kiennghi_views.positions SET events = events - 1")
    async with ProjectionRunner.open(office.pool, office.histories, office.vault, [Meetings]) as views:
        async with asyncio.timeout(10):
            while views.status()["meetings"]["broken"] is None:
                await asyncio.sleep(0.01)
        assert views.status()["meetings"]["broken"] == "RuntimeError after position 0"
    await rebuild_views(office.pool, office.histories, office.vault, Meetings())
    async with ProjectionRunner.open(office.pool, office.histories, office.vault, [Meetings]) as views:
        assert await views.wait_until_current(20)
        assert views.status()["meetings"]["events"] == head


async def test_a_log_with_a_hole_is_not_loaded(office: ApplicationService, database: str) -> None:
    await run_life_cycles(office, 5)
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("ALTER TABLE kiennghi.log DISABLE TRIGGER append_only")
        owner.execute("DELETE FROM kiennghi.log WHERE position = 12")
    with pytest.raises(LogDamaged, match="position 12 is missing"):
        await rebuild_views(office.pool, office.histories, office.vault, Meetings())


async def test_tables_of_an_earlier_form_go_with_it(office: ApplicationService) -> None:
    async with as_projector(office) as connection:
        await connection.execute("CREATE TABLE kiennghi_views.unit_workload_petitions (petition_id uuid)")
        await connection.execute(
            "CREATE TABLE kiennghi_views.positions (view text PRIMARY KEY, version integer, position bigint)"
        )
        await connection.execute("INSERT INTO kiennghi_views.positions VALUES ('unit_workload', 1, 9)")
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        assert await views.wait_until_current(20)
    assert await rows(office, "SELECT FROM pg_tables WHERE tablename = 'unit_workload_petitions'") == []
    await assert_views_complete(office)


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("DELETE FROM kiennghi.log WHERE position = 5", DamageRefusal.POSITION_MISSING),
        ("DELETE FROM kiennghi.log WHERE position = 1", DamageRefusal.POSITION_MISSING),
        (
            "INSERT INTO kiennghi.topics SELECT max(number) + 1, 1, 'PetitionBlessed' FROM kiennghi.topics;"
            " UPDATE kiennghi.log SET topic = (SELECT max(number) FROM kiennghi.topics) WHERE position = 5",
            DamageRefusal.EVENT_UNKNOWN,
        ),
    ],
    ids=["hole", "beginning", "unknown"],
)
async def test_a_damaged_log_is_told_with_its_position_and_is_no_fault_of_the_program(
    office: ApplicationService, database: str, damage: str, code: DamageRefusal
) -> None:
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("ALTER TABLE kiennghi.log DISABLE TRIGGER append_only")
        owner.execute(damage.encode())
    with pytest.raises(LogDamaged) as damaged:
        await rebuild_views(office.pool, office.histories, office.vault, Overdue())
    assert damaged.value.code is code
    assert damaged.value.values["position"] == (1 if "= 1" in damage else 5)
    assert damaged.value.sentence("vi") != damaged.value.sentence("en")  # the command line prints both
