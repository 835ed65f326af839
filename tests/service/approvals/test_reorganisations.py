"""Tests how a district with 320 open petitions ends on 30 June 2025, from the dry run to the last petition."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from domain.actor import Credentials, Officer, Role
from domain.commands import PetitionCommand
from domain.errors import NotAllowed, Refused
from domain.events import CoordinatorSucceeded, ResponsibilitySucceeded
from domain.reorganisations.commands import ApproveReorganisation, ProposeReorganisation
from domain.reorganisations.handing_over import ChosenBy
from domain.reorganisations.reorganisation import REORGANISATIONS_STREAM
from domain.units.commands import CloseUnit, OpenUnit
from domain.vocabulary import OfficerId, PetitionId, ReorganisationId, UnitId
from projections.owed_list import overdue_on
from projections.projection import Connection
from projections.unit_figures import UnitFigures, unit_figures_between, unit_figures_on
from projections.unit_succession import InheritedFigures, inherited_figures_on, inherited_petitions
from projections.units_by_successor import figures_by_successor
from service.approvals import chunked_application
from service.approvals.reorganisation_review import dry_run_reorganisation, reorganisation_candidates
from service.approvals.reorganisations import REORGANISATIONS
from service.approvals.reviewed_change import ApplicationRun
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest
from service.config.settings import Settings
from service.doctor.finding import Verdict
from service.doctor.units import examine_owners
from service.event_store.errors import KeyReused
from service.projector.runner import ProjectionRunner
from tests.domain.reorganisations.files import TWO_LEVELS
from tests.domain.samples import ANSWER, ASSIGN, CLASSIFY, RECEIVE, START, with_changes
from tests.domain.units import FIRST_DAY
from tests.service.office_fixtures import CLERK, TEXTS, VAULT_KEY, assert_views_complete, credentials_of

pytestmark = pytest.mark.anyio

ADMINISTRATOR = Credentials(officer="quan-tri", unit="tinh", position="Quản trị", roles=frozenset({Role.ADMINISTRATOR}))
APPROVER = Credentials(officer="chu-tich", unit="tinh", position="Chủ tịch", roles=frozenset({Role.HEAD}))
HUYEN = Officer(officer=OfficerId("chu-tich-huyen"), unit=UnitId("huyen"), position="Chủ tịch")

BEFORE, ON = date(2025, 6, 30), date(2025, 7, 1)
LATE, IN_TIME = date(2025, 6, 20), date(2025, 7, 18)
UNITS = {
    "tinh": None,
    "huyen": "tinh",
    "xa-mau-1": "huyen",
    "xa-mau-2": "huyen",
    "phong-huyen": "huyen",
    "phong-xa": None,
}
PETITIONS = 320
"""More than are handed over in one chunk."""


class Clock:
    """Returns noon in Vietnam on the day that the test sets."""

    def __init__(self) -> None:
        self.day = BEFORE

    def __call__(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 5, tzinfo=UTC)


@asynccontextmanager
async def opened(database: str, clock: Clock) -> AsyncIterator[ApplicationService]:
    async with ApplicationService.open(database, Settings(), vault_key=VAULT_KEY, clock=clock) as office:
        yield office


@asynccontextmanager
async def views(office: ApplicationService) -> AsyncIterator[Connection]:
    """Open the views at one moment, after they have processed the whole log."""
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as follower:
        assert await follower.wait_until_current()
    async with office.pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection


async def open_units(office: ApplicationService) -> None:
    for unit, parent in UNITS.items():
        opening = OpenUnit(unit=unit, name=unit, parent=parent, occurred_on=FIRST_DAY)
        await office.units.perform(opening, CLERK, command_id=uuid4(), digest=b"")


async def does(
    office: ApplicationService, by: Officer, command: PetitionCommand, petition_id: PetitionId | None
) -> PetitionId:
    """Perform a command that was entered on its day."""
    on = command.occurred_on
    done = await office.petitions.perform(
        CommandRequest(command, command_id=uuid4(), digest=b"", petition_id=petition_id, entered_on=on),
        credentials_of(by),
    )
    return PetitionId(done.petition_id)


async def given(office: ApplicationService, n: int, unit: str = "huyen") -> PetitionId:
    """Enter petition `n` of the district: every third is late, every second of commune 2, every fifth in progress."""
    place = ("Thôn Một, xã Mẫu Một", "Thôn Hai, xã Mẫu Hai")[n % 2]
    petition_id = await does(office, HUYEN, with_changes(RECEIVE, occurred_on=date(2025, 5, 5), place=place), None)
    await does(office, HUYEN, with_changes(CLASSIFY, occurred_on=date(2025, 5, 6)), petition_id)
    assign = with_changes(
        ASSIGN,
        occurred_on=date(2025, 5, 7),
        lead_unit=unit,
        due_on=LATE if n % 3 == 0 else IN_TIME,
        notice_on=date(2025, 5, 7),
    )
    await does(office, HUYEN, assign, petition_id)
    if n % 5 == 0:
        await does(office, HUYEN, with_changes(START, occurred_on=date(2025, 5, 8)), petition_id)
    return petition_id


async def given_all(office: ApplicationService, petitions: int = PETITIONS) -> list[PetitionId]:
    return list(await asyncio.gather(*(given(office, n) for n in range(petitions))))


async def agreed(office: ApplicationService, text: str = TWO_LEVELS) -> ReorganisationId:
    async with views(office) as connection:
        command = ProposeReorganisation(occurred_on=office.today, text=text)
        found = await REORGANISATIONS.record_proposal(
            office, connection, command, ADMINISTRATOR, command_id=uuid4(), digest=b""
        )
        reorganisation_id = ReorganisationId(found.change_id)
    await REORGANISATIONS.record_approval(
        office,
        ApproveReorganisation(occurred_on=office.today, reorganisation_id=reorganisation_id),
        APPROVER,
        command_id=uuid4(),
        digest=b"",
    )
    return reorganisation_id


async def applied(
    office: ApplicationService, reorganisation_id: ReorganisationId, at_most: int | None = None
) -> ApplicationRun:
    return await REORGANISATIONS.apply(office, lambda: views(office), reorganisation_id, APPROVER, at_most=at_most)


async def successions(office: ApplicationService, petition_id: PetitionId) -> list[ResponsibilitySucceeded]:
    return [
        one.fact for one in await office.queries.history(petition_id) if isinstance(one.fact, ResponsibilitySucceeded)
    ]


def by_unit(lines: list[UnitFigures]) -> dict[str, UnitFigures]:
    return {line.unit: line for line in lines}


async def test_of_a_district_that_ends_every_petition_has_an_owner_and_the_lateness_stays_where_it_arose(
    database: str,
) -> None:
    clock = Clock()
    async with opened(database, clock) as office:
        await open_units(office)
        petitions = await given_all(office)
        late = len([n for n in range(PETITIONS) if n % 3 == 0])
        reorganisation_id = await agreed(office)
        clock.day = ON
        assert await applied(office, reorganisation_id) == ApplicationRun(PETITIONS, is_done=True)

        # every one has a present owner, and no date restarted
        units = await office.queries.units()
        owners: Counter[str] = Counter()
        for petition_id in petitions:
            petition = await office.queries.fresh_petition(petition_id)
            assert petition is not None
            owners[petition.status.unit] += 1
            units.require(petition.status.unit, ON)
            assert petition.status.due_on in (LATE, IN_TIME)
            (fact,) = await successions(office, petition_id)
            assert (fact.from_unit, fact.reorganisation_id, fact.occurred_on) == ("huyen", reorganisation_id, ON)
            assert fact.instrument == "Luật 72/2025/QH15; 01/NQ-HĐND"
        assert owners == {"xa-mau-1": 160, "xa-mau-2": 160}
        assert not units.is_in_being(UnitId("huyen"), ON)

        async with views(office) as connection:
            # the district's lateness stays the district's
            then, now = (
                by_unit(await unit_figures_on(connection, BEFORE)),
                by_unit(await unit_figures_on(connection, ON)),
            )
            assert (then["huyen"].open, then["huyen"].overdue, set(then)) == (PETITIONS, late, {"huyen"})
            assert (now["huyen"].received, now["huyen"].open, now["huyen"].overdue) == (PETITIONS, 0, 0)
            assert now["huyen"].reassigned_out == now["xa-mau-1"].reassigned_in == 0
            page = await overdue_on(connection, TEXTS, BEFORE, soon_until=BEFORE, unit="huyen")
            assert page.total == late

            # the communes' view shows their inheritance
            assert now["xa-mau-1"].overdue + now["xa-mau-2"].overdue == late
            inherited = await inherited_figures_on(connection, ON)
            assert inherited == [
                InheritedFigures("huyen", "xa-mau-1", 160, 54, 0, 160, 54, 0),
                InheritedFigures("huyen", "xa-mau-2", 160, 53, 0, 160, 53, 0),
            ]
            lines = await inherited_petitions(connection, "xa-mau-1", ON, limit=1000)
            assert Counter(line.days_late_before for line in lines) == {0: 106, 11: 54}
            assert await inherited_figures_on(connection, BEFORE) == []

            # by present successor
            together = by_unit(await figures_by_successor(connection, units, None, ON, today=ON))
            assert set(together) == {"xa-mau-1", "xa-mau-2"}
            assert (together["xa-mau-1"].received, together["xa-mau-1"].open) == (160, 160)
            past = by_unit(await figures_by_successor(connection, units, None, BEFORE, today=ON))
            assert sum(line.open for line in past.values()) == PETITIONS
            assert sum(line.overdue for line in past.values()) == late
        async with ProjectionRunner.open(office.pool, office.histories, office.vault) as follower:
            assert await follower.wait_until_current()
        await assert_views_complete(office)


async def test_what_runs_out_with_the_new_unit_is_its_own_lateness(database: str) -> None:
    clock = Clock()
    async with opened(database, clock) as office:
        await open_units(office)
        first, second, *_ = await given_all(office, 6)
        reorganisation_id = await agreed(office)
        clock.day = ON
        await applied(office, reorganisation_id)
        clock.day = date(2025, 7, 21)
        new = Officer(officer=OfficerId("moi"), unit=UnitId("xa-mau-1"), position="Chủ tịch")
        await does(office, new, with_changes(ANSWER, occurred_on=clock.day), first)
        assert (await successions(office, second))[0].to_unit == "xa-mau-2"
        async with views(office) as connection:
            mau_1, mau_2 = await inherited_figures_on(connection, clock.day)
            assert mau_1 == InheritedFigures("huyen", "xa-mau-1", 3, 1, 1, 2, 0, 2)
            assert mau_2 == InheritedFigures("huyen", "xa-mau-2", 3, 1, 0, 3, 1, 2)
            (as_it_was, _) = await inherited_figures_on(connection, ON)
            assert as_it_was == InheritedFigures("huyen", "xa-mau-1", 3, 1, 0, 3, 1, 0)
            assert await inherited_figures_on(connection, clock.day, "xa-mau-2") == [mau_2]
            assert await inherited_figures_on(connection, clock.day, "huyen") == [mau_1, mau_2]
            july = by_unit(await unit_figures_between(connection, ON, clock.day))
            shared = by_unit(
                await figures_by_successor(connection, await office.queries.units(), ON, clock.day, today=clock.day)
            )
            assert (july["xa-mau-1"].answered_late, shared["xa-mau-1"].answered_late) == (1, 1)
            assert shared["xa-mau-1"].median_days == july["xa-mau-1"].median_days == 77


async def test_applying_that_is_killed_half_way_goes_on_and_hands_each_over_once(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunked_application, "AFFECTED_PETITIONS_AT_ONCE", 10)
    clock, count = Clock(), 100
    async with opened(database, clock) as office:
        await open_units(office)
        petitions = await given_all(office, count)
        reorganisation_id = await agreed(office)
        clock.day = ON

        def power_cut(done: int, _of: int) -> None:
            if done == count // 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await REORGANISATIONS.apply(office, lambda: views(office), reorganisation_id, APPROVER, progress=power_cut)
        assert sum([len(await successions(office, one)) for one in petitions]) == count // 2
        other = await propose_another(office)
        with pytest.raises(Refused, match="is approved and not yet applied"):
            await REORGANISATIONS.record_approval(
                office,
                ApproveReorganisation(occurred_on=ON, reorganisation_id=other),
                APPROVER,
                command_id=uuid4(),
                digest=b"",
            )
    async with opened(database, clock) as another:
        # the units are entered already: nothing is entered twice, by whomever it is run and however often
        assert await applied(another, reorganisation_id) == ApplicationRun(count, is_done=True)
        head = await another.histories.last_position()
        assert await applied(another, reorganisation_id) == ApplicationRun(count, is_done=True)
        assert await another.histories.last_position() == head
        assert {len(await successions(another, one)) for one in petitions} == {1}
        assert (await REORGANISATIONS.load(another)).by_id[reorganisation_id].petitions == count


async def propose_another(office: ApplicationService) -> ReorganisationId:
    text = 'title = "x"\ninstrument = "x"\non = 2025-07-01\n[[move]]\nfrom = "phong-xa"\nto = ["tinh"]\n'
    async with views(office) as connection:
        command = ProposeReorganisation(occurred_on=office.today, text=text)
        found = await REORGANISATIONS.record_proposal(
            office, connection, command, ADMINISTRATOR, command_id=uuid4(), digest=b""
        )
    return ReorganisationId(found.change_id)


async def test_two_who_apply_at_once_hand_each_over_once(database: str) -> None:
    clock = Clock()
    async with opened(database, clock) as office, opened(database, clock) as other:
        await open_units(office)
        petitions = await given_all(office, 60)
        reorganisation_id = await agreed(office)
        clock.day = ON
        ended = await asyncio.gather(
            applied(office, reorganisation_id), applied(other, reorganisation_id), return_exceptions=True
        )
        assert ApplicationRun(60, is_done=True) in ended
        for error in ended:
            assert isinstance(error, ApplicationRun | Refused), error
        assert {len(await successions(office, one)) for one in petitions} == {1}


async def test_a_run_may_be_bounded_and_ends_when_none_is_left(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunked_application, "AFFECTED_PETITIONS_AT_ONCE", 4)
    clock = Clock()
    async with opened(database, clock) as office:
        await open_units(office)
        await given_all(office, 10)
        reorganisation_id = await agreed(office)
        clock.day = ON
        assert await applied(office, reorganisation_id, at_most=4) == ApplicationRun(4, is_done=False)
        assert await applied(office, reorganisation_id, at_most=4) == ApplicationRun(8, is_done=False)
        assert await applied(office, reorganisation_id, at_most=4) == ApplicationRun(10, is_done=True)


async def test_a_dry_run_lists_every_petition_with_its_future_owner_and_writes_nothing(database: str) -> None:
    async with opened(database, Clock()) as office:
        await open_units(office)
        first, second = await given_all(office, 2)
        await given(office, 1, "phong-huyen")
        await given(office, 1, "phong-xa")
        unassigned = await does(office, HUYEN, with_changes(RECEIVE, occurred_on=date(2025, 6, 5)), None)
        before = await office.histories.last_position()
        async with views(office) as connection:
            found = await dry_run_reorganisation(
                connection, office.vault, await office.queries.units(), TWO_LEVELS, BEFORE
            )
        assert await office.histories.last_position() == before
        assert (found.open_petitions, len(found.petitions), found.overdue) == (5, 4, 2)
        listed = {one.petition_id: one for one in found.petitions}
        assert (listed[first].to_unit, listed[first].chosen_by, listed[first].is_overdue) == (
            "xa-mau-1",
            ChosenBy.MAIN,
            True,
        )
        assert (listed[second].to_unit, listed[second].chosen_by) == ("xa-mau-2", ChosenBy.PLACE)
        assert (listed[unassigned].from_unit, listed[unassigned].to_unit) == ("huyen", "xa-mau-1")
        assert [one.to_unit for one in found.petitions if one.from_unit == "phong-huyen"] == ["phong-xa"]


async def test_a_petition_that_comes_late_is_handed_over_by_another_run(database: str) -> None:
    """A late petition comes, for example, by an import or by a process that does not know the end of the unit yet."""
    clock = Clock()
    async with opened(database, clock) as office:
        await open_units(office)
        await given_all(office, 3)
        reorganisation_id = await agreed(office)
        clock.day = ON
        assert (await applied(office, reorganisation_id)).petitions == 3
        late = await does(office, HUYEN, with_changes(RECEIVE, occurred_on=ON), None)
        await given(office, 1)  # on a day when the unit was there
        assert (await applied(office, reorganisation_id)).petitions == 5
        (fact,) = await successions(office, late)
        assert fact.to_unit == "xa-mau-1"


async def test_nobody_approves_their_own_and_nothing_is_applied_before_its_day(database: str) -> None:
    clock = Clock()
    async with opened(database, clock) as office:
        await open_units(office)
        async with views(office) as connection:
            command = ProposeReorganisation(occurred_on=BEFORE, text=TWO_LEVELS)
            own = with_roles(ADMINISTRATOR, Role.HEAD)
            found = await REORGANISATIONS.record_proposal(
                office, connection, command, own, command_id=uuid4(), digest=b""
            )
            proposed = ReorganisationId(found.change_id)
            with pytest.raises(NotAllowed):
                await REORGANISATIONS.record_proposal(
                    office, connection, command, CORRECTOR, command_id=uuid4(), digest=b""
                )
        approval = ApproveReorganisation(occurred_on=BEFORE, reorganisation_id=proposed)
        with pytest.raises(Refused, match="cannot approve a reorganisation of their own"):
            await REORGANISATIONS.record_approval(office, approval, own, command_id=uuid4(), digest=b"")
        with pytest.raises(Refused, match="is not approved yet"):
            await applied(office, proposed)
        await REORGANISATIONS.record_approval(office, approval, APPROVER, command_id=uuid4(), digest=b"")
        with pytest.raises(Refused, match="is approved already"):
            await REORGANISATIONS.record_approval(office, approval, APPROVER, command_id=uuid4(), digest=b"")
        with pytest.raises(Refused, match="takes effect on 2025-07-01: apply it then"):
            await applied(office, proposed)
        with pytest.raises(NotAllowed):
            await REORGANISATIONS.apply(office, lambda: views(office), proposed, CORRECTOR)
        with pytest.raises(Refused, match="there is no such reorganisation"):
            await applied(office, ReorganisationId(uuid4()))


async def test_a_request_sent_again_is_the_same_one_and_its_key_serves_no_other(database: str) -> None:
    """Otherwise an officer could look at the review of one file and approve another."""
    async with opened(database, Clock()) as office:
        await open_units(office)
        command = ProposeReorganisation(occurred_on=BEFORE, text=TWO_LEVELS)
        other = ProposeReorganisation(occurred_on=BEFORE, text=TWO_LEVELS + "\n# once more\n")
        key, approving = uuid4(), uuid4()
        async with views(office) as connection:
            first = await REORGANISATIONS.record_proposal(
                office, connection, command, ADMINISTRATOR, command_id=key, digest=b"one"
            )
            again = await REORGANISATIONS.record_proposal(
                office, connection, command, ADMINISTRATOR, command_id=key, digest=b"one"
            )
            with pytest.raises(KeyReused):
                await REORGANISATIONS.record_proposal(
                    office, connection, other, ADMINISTRATOR, command_id=key, digest=b"other"
                )
        assert again.change_id == first.change_id
        assert (first.result.replayed, again.result) == (False, first.result._replace(replayed=True))
        approval = ApproveReorganisation(occurred_on=BEFORE, reorganisation_id=ReorganisationId(first.change_id))
        done = await REORGANISATIONS.record_approval(office, approval, APPROVER, command_id=approving, digest=b"")
        again_done = await REORGANISATIONS.record_approval(office, approval, APPROVER, command_id=approving, digest=b"")
        assert (done.replayed, again_done) == (False, done._replace(replayed=True))
        assert len(await office.histories.history(REORGANISATIONS_STREAM)) == 2


CORRECTOR = Credentials(officer="dc", unit="tinh", position="Cán bộ", roles=frozenset({Role.CORRECTOR}))


def with_roles(credentials: Credentials, *roles: Role) -> Credentials:
    return credentials.model_copy(update={"roles": frozenset(roles)})


async def test_a_plan_that_the_register_no_longer_allows_is_not_approved(database: str) -> None:
    async with opened(database, Clock()) as office:
        await open_units(office)
        async with views(office) as connection:
            command = ProposeReorganisation(occurred_on=BEFORE, text=TWO_LEVELS)
            found = await REORGANISATIONS.record_proposal(
                office, connection, command, ADMINISTRATOR, command_id=uuid4(), digest=b""
            )
            proposed = ReorganisationId(found.change_id)
        closing = CloseUnit(unit="xa-mau-2", instrument="x", occurred_on=BEFORE - timedelta(days=9))
        await office.units.perform(closing, CLERK, command_id=uuid4(), digest=b"")
        with pytest.raises(Refused, match="the unit “xa-mau-2” is not in being on 2025-07-01"):
            await REORGANISATIONS.record_approval(
                office,
                ApproveReorganisation(occurred_on=BEFORE, reorganisation_id=proposed),
                APPROVER,
                command_id=uuid4(),
                digest=b"",
            )


async def test_petitions_of_a_unit_that_ended_without_a_reorganisation_are_warned_of(unfollowed_database: str) -> None:
    async with opened(unfollowed_database, Clock()) as office:
        async with office.pool.connection() as connection:
            none_yet = await examine_owners(connection, await office.queries.units(), BEFORE)
        assert none_yet.verdict is Verdict.BEWARE
        await open_units(office)
        await given_all(office, 2)
        closing = CloseUnit(unit="huyen", instrument="x", occurred_on=date(2025, 6, 1))
        await office.units.perform(closing, CLERK, command_id=uuid4(), digest=b"")
        async with views(office) as connection:
            found = await examine_owners(connection, await office.queries.units(), BEFORE)
            before = await examine_owners(connection, await office.queries.units(), date(2025, 6, 1))
        assert (found.verdict, before.verdict) == (Verdict.BEWARE, Verdict.WELL)
        assert "2 with units that are not in being (huyen 2)" in found.found


async def test_a_coordinator_that_an_earlier_reorganisation_brought_is_found_by_the_next(database: str) -> None:
    async with opened(database, Clock()) as office:
        await open_units(office)
        petition_id = await given(office, 1, "tinh")
        petition = await office.queries.fresh_petition(petition_id)
        assert petition is not None
        succeeded = CoordinatorSucceeded(
            occurred_on=date(2025, 6, 1), from_unit=UnitId("huyen"), to_unit=UnitId("phong-xa"), instrument="12/NQ"
        )
        await office.writer.append_facts(
            petition_id, [succeeded], CLERK, after=petition.version, command_id=uuid4(), digest=b""
        )
        async with views(office) as connection:
            assert await reorganisation_candidates(connection, [UnitId("phong-xa")]) == [petition_id]
