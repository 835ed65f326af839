"""Tests a change of law from the dry run to the last petition."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from domain.actor import Credentials, Role
from domain.deadlines.clock import Clock
from domain.deadlines.clock_run import Move
from domain.deadlines.ledger import fold_ledger
from domain.errors import NotAllowed, Refused
from domain.events import DeadlineRecalculated
from domain.law_changes.commands import ApproveLawChange, ProposeLawChange
from domain.law_changes.events import Subject
from domain.value import UNSET
from domain.vocabulary import LawChangeId, PetitionId
from projections.projection import Connection
from service.approvals import chunked_application, law_changes
from service.approvals.law_changes import LAW_CHANGES, following_law_changes, refresh_law_changes
from service.approvals.law_review import dry_run_law_change
from service.bootstrap import running_office
from service.commands.office import ApplicationService
from service.config.settings import Settings
from service.event_store.errors import KeyReused
from service.projector.runner import ProjectionRunner
from tests.domain.law_changes.files import ANSWERS, HOLIDAY, SATURDAY, SHORTER
from tests.domain.samples import (
    ACCEPT,
    COMPLAINT,
    PROPOSAL,
    RECEIVE,
    START,
    SUSPEND,
    answered,
    assigned,
    august,
    classified_as,
    in_progress,
    july,
)
from tests.domain.scenario import TODAY
from tests.service.office_fixtures import (
    CLERK,
    VAULT_KEY,
    open_office,
    open_units,
    perform,
    run_life_cycle,
    run_life_cycles,
)

pytestmark = pytest.mark.anyio

ADMINISTRATOR = Credentials(
    officer="quan-tri", unit="van-phong", position="Quản trị", roles=frozenset({Role.ADMINISTRATOR})
)
APPROVER = Credentials(officer="chu-tich", unit="ubnd-tinh", position="Chủ tịch", roles=frozenset({Role.HEAD}))
HOLIDAYS = ProposeLawChange(occurred_on=TODAY, subject=Subject.CALENDAR, text=HOLIDAY, instrument="15/TB-UBND")


@asynccontextmanager
async def views(office: ApplicationService) -> AsyncIterator[Connection]:
    """Open the views at one moment, after they have processed the whole log."""
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as follower:
        assert await follower.wait_until_current()
    async with office.pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        await connection.execute("SET LOCAL search_path = kiennghi_views")
        yield connection


async def proposed(office: ApplicationService, command: ProposeLawChange = HOLIDAYS, **more: Any) -> LawChangeId:
    async with views(office) as connection:
        found = await LAW_CHANGES.record_proposal(
            office, connection, command, ADMINISTRATOR, command_id=uuid4(), digest=b"", **more
        )
    return LawChangeId(found.change_id)


async def approved(office: ApplicationService, change_id: LawChangeId, by: Credentials = APPROVER) -> None:
    command = ApproveLawChange(occurred_on=TODAY, change_id=change_id)
    await LAW_CHANGES.record_approval(office, command, by, command_id=uuid4(), digest=b"")


async def applied(office: ApplicationService, change_id: LawChangeId) -> int:
    async with views(office) as connection:
        return await apply_law_change(office, connection, change_id)


async def apply_law_change(office: ApplicationService, connection: Connection, change_id: UUID, **more: Any) -> int:
    """Apply the change to the petitions that one snapshot shows."""
    return (await LAW_CHANGES.apply(office, lambda: nullcontext(connection), change_id, APPROVER, **more)).petitions


async def recalculations(office: ApplicationService, petition_id: PetitionId) -> list[DeadlineRecalculated]:
    return [one.fact for one in await office.queries.history(petition_id) if isinstance(one.fact, DeadlineRecalculated)]


async def test_a_dry_run_lists_what_would_move_and_writes_nothing(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        open_one = await run_life_cycle(office, [RECEIVE])
        await run_life_cycle(office, in_progress(PROPOSAL))
        await run_life_cycle(office, answered(COMPLAINT))
        before = await office.histories.last_position()
        async with views(office) as connection:
            found = await dry_run_law_change(connection, office.vault, office.law, Subject.CALENDAR, HOLIDAY, july(20))
        assert found.open_petitions == 2
        (moved,) = found.petitions
        assert (moved.petition_id, moved.due_on, moved.new_due_on) == (open_one, july(20), july(21))
        assert (moved.was_overdue, moved.is_overdue) == (False, False)
        async with views(office) as connection:
            on_the_21st = await dry_run_law_change(
                connection, office.vault, office.law, Subject.CALENDAR, HOLIDAY, july(21)
            )
            saturday = await dry_run_law_change(
                connection, office.vault, office.law, Subject.CALENDAR, SATURDAY, july(20)
            )
        assert (on_the_21st.would_stop_being_overdue, on_the_21st.would_become_overdue) == (1, 0)
        assert (saturday.would_stop_being_overdue, saturday.would_become_overdue) == (0, 1)
        assert await office.histories.last_position() == before


async def test_what_two_officers_agreed_on_moves_each_petition_once(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        first, second = await run_life_cycle(office, [RECEIVE]), await run_life_cycle(office, in_progress(COMPLAINT))
        change_id = await proposed(office)
        await approved(office, change_id)
        assert office.law.calendar.version == "VN-2026.1+VD-2026.2"
        assert await applied(office, change_id) == 2
        assert await applied(office, change_id) == 2
        for petition_id in (first, second):
            (fact,) = await recalculations(office, petition_id)
            assert (fact.change_id, fact.proposed_by, fact.approved_by) == (change_id, "quan-tri", "chu-tich")
        ledger = fold_ledger(await office.queries.history(first))
        assert ledger.due_on == july(21)
        assert ledger.clocks[0].segments[-1].move is Move.RECALCULATE
        assert (await refresh_law_changes(office)).by_id[change_id].petitions == 2


async def test_an_interrupted_application_goes_on_where_it_stopped(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunked_application, "AFFECTED_PETITIONS_AT_ONCE", 1)
    async with open_office(database) as office:
        await open_units(office)
        petitions = [await run_life_cycle(office, [RECEIVE]) for _ in range(3)]
        change_id = await proposed(office)
        await approved(office, change_id)

        def power_cut(done: int, _of: int) -> None:
            if done == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            async with views(office) as connection:
                await apply_law_change(office, connection, change_id, progress=power_cut)
        assert sum([len(await recalculations(office, one)) for one in petitions]) == 2
        with pytest.raises(Refused, match="is approved and not yet applied"):
            await proposed(office, HOLIDAYS.model_copy(update={"text": SATURDAY}))
    async with open_office(database) as another:
        assert await applied(another, change_id) == 3
        assert [len(await recalculations(another, one)) for one in petitions] == [1, 1, 1]


async def test_a_petition_that_changed_meanwhile_is_recalculated_on_its_fresh_history(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        held = await run_life_cycle(office, assigned(COMPLAINT))
        accepted = await run_life_cycle(office, classified_as(COMPLAINT))
        gone = await run_life_cycle(office, classified_as(PROPOSAL))
        change_id = await proposed(office)
        await approved(office, change_id)
        async with views(office) as connection:
            await perform(office, START, held)
            await perform(office, ACCEPT, accepted)
            for command in answered(PROPOSAL)[2:]:
                await perform(office, command, gone)
            assert await apply_law_change(office, connection, change_id) == 1
        (fact,) = await recalculations(office, held)
        assert [one.clock for one in fact.recalculated] == [Clock.SETTLEMENT]
        for one in (accepted, gone):
            assert await recalculations(office, one) == []
        petition = await office.queries.petition(accepted)
        assert petition is not None
        assert petition.status.due_on == august(11)  # accepted by the new calendar, and needs no change


async def test_two_that_apply_at_once_move_no_petition_twice(database: str) -> None:
    async with open_office(database) as office, open_office(database) as another:
        await open_units(office)
        petitions = [await run_life_cycle(office, [RECEIVE]) for _ in range(20)]
        change_id = await proposed(office)
        await approved(office, change_id)
        ended = await asyncio.gather(applied(office, change_id), applied(another, change_id), return_exceptions=True)
        assert 20 in ended
        assert all(one == 20 or isinstance(one, Refused) for one in ended)
        assert [len(await recalculations(office, one)) for one in petitions] == [1] * 20


async def test_a_suspended_petition_is_moved_again_by_what_was_suspended(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        petition_id = await run_life_cycle(office, [*in_progress(COMPLAINT), SUSPEND])
        change_id = await proposed(office)
        await approved(office, change_id)
        assert await applied(office, change_id) == 1
        petition = await office.queries.petition(petition_id)
        assert petition is not None
        assert petition.status.is_suspended


async def test_a_new_rule_moves_no_clock_that_was_started_before_it(database: str) -> None:
    rules = ProposeLawChange(occurred_on=TODAY, subject=Subject.POLICY, text=SHORTER, instrument="Luật ví dụ")
    async with open_office(database) as office:
        await open_units(office)
        petition_id = await run_life_cycle(office, in_progress(COMPLAINT))
        change_id = await proposed(office, rules)
        await approved(office, change_id)
        assert await applied(office, change_id) == 0
        assert await recalculations(office, petition_id) == []
        assert office.law.policies.find_row("complaint-settlement@2") is not None


async def test_that_the_law_cannot_be_followed_is_logged_when_it_happens(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(law_changes, "LAW_FRESH_SECONDS", 0.01)
    with capture_logs() as lines:
        async with open_office(database) as office, following_law_changes(office):
            await office.pool.close()
            while not lines:
                await asyncio.sleep(0.01)
    assert lines[0] == {"event": "law_waits_for_database", "error": "PoolClosed", "log_level": "warning"}


async def test_who_may_and_what_is_refused(database: str) -> None:
    everything = ADMINISTRATOR.model_copy(update={"roles": frozenset(Role)})
    async with open_office(database) as office:
        await open_units(office)
        change_id = await proposed(office)
        with pytest.raises(NotAllowed):
            await approved(office, change_id, ADMINISTRATOR)
        with pytest.raises(Refused, match="of their own"):
            await approved(office, change_id, everything)
        with pytest.raises(Refused, match="this change of law is not approved yet"):
            await applied(office, change_id)
        await approved(office, change_id)
        with pytest.raises(Refused, match="approved already"):
            await approved(office, change_id)
        async with views(office) as connection:
            with pytest.raises(NotAllowed):
                await LAW_CHANGES.record_proposal(
                    office,
                    connection,
                    HOLIDAYS,
                    CLERK.model_copy(update={"roles": frozenset({Role.OFFICER})}),
                    command_id=uuid4(),
                    digest=b"",
                )


async def test_a_proposal_that_is_sent_again_is_the_same(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        command_id = uuid4()
        async with views(office) as connection:
            first = await LAW_CHANGES.record_proposal(
                office, connection, HOLIDAYS, ADMINISTRATOR, command_id=command_id, digest=b""
            )
            again = await LAW_CHANGES.record_proposal(
                office, connection, HOLIDAYS, ADMINISTRATOR, command_id=command_id, digest=b""
            )
            assert (first.change_id, first.result.position) == (again.change_id, again.result.position)
            assert (first.result.replayed, again.result.replayed) == (False, True)
            with pytest.raises(KeyReused):
                await LAW_CHANGES.record_proposal(
                    office, connection, HOLIDAYS, ADMINISTRATOR, command_id=command_id, digest=b"other"
                )
        assert len((await refresh_law_changes(office)).by_id) == 1


async def test_an_approval_that_is_sent_again_is_the_same(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        change_id, command_id = await proposed(office), uuid4()
        command = ApproveLawChange(occurred_on=TODAY, change_id=change_id)
        first = await LAW_CHANGES.record_approval(office, command, APPROVER, command_id=command_id, digest=b"")
        again = await LAW_CHANGES.record_approval(office, command, APPROVER, command_id=command_id, digest=b"")
        assert (first.position, again.replayed) == (again.position, True)


async def test_where_nothing_was_recorded_yet_a_review_finds_nothing(database: str) -> None:
    async with open_office(database) as office, views(office) as connection:
        found = await dry_run_law_change(connection, office.vault, office.law, Subject.CALENDAR, HOLIDAY, TODAY)
    assert (found.open_petitions, found.petitions) == (0, ())


async def test_a_limit_that_a_province_sets_is_set_for_the_open_answers_that_it_binds(database: str) -> None:
    rules = ProposeLawChange(occurred_on=TODAY, subject=Subject.POLICY, text=ANSWERS, instrument="Quyết định ví dụ")
    async with open_office(database) as office:
        await open_units(office)
        open_one, done = (
            await run_life_cycle(office, in_progress(PROPOSAL)),
            await run_life_cycle(office, answered(PROPOSAL)),
        )
        await run_life_cycle(office, in_progress(COMPLAINT))
        async with views(office) as connection:
            (found,) = (
                await dry_run_law_change(connection, office.vault, office.law, rules.subject, rules.text, TODAY)
            ).petitions
        assert (found.petition_id, found.due_on, found.new_due_on) == (open_one, july(31), july(31))
        assert [(one.before, one.after.due_on) for one in found.clocks] == [(None, august(7))]
        change_id = await proposed(office, rules)
        await approved(office, change_id)
        assert await applied(office, change_id) == 1
        (fact,) = await recalculations(office, open_one)
        assert [(one.clock, one.old_due_on, one.new_due_on) for one in fact.recalculated] == [
            (Clock.SETTLEMENT, UNSET, august(7))
        ]
        assert await recalculations(office, done) == []


async def test_a_process_at_work_decides_by_what_another_one_approved(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(law_changes, "LAW_FRESH_SECONDS", 0.01)
    async with open_office(database) as office:
        await open_units(office)
        change_id = await proposed(office)
        async with running_office(database, Settings(), vault_key=VAULT_KEY) as (working, _):
            assert working.law == office.law_on_file
            await approved(office, change_id)
            async with asyncio.timeout(20):
                while working.law != office.law:
                    await asyncio.sleep(0.01)
            received = await perform(working, RECEIVE)
        petition = await office.queries.petition(PetitionId(received.petition_id))
        assert petition is not None
        assert petition.deadlines[Clock.TRIAGE].due_on == july(21)
        assert petition.deadlines[Clock.TRIAGE].calendar == "VN-2026.1+VD-2026.2"


async def test_views_and_histories_agree_after_a_change(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        await run_life_cycles(office, 30)
        change_id = await proposed(office)
        await approved(office, change_id)
        await applied(office, change_id)
        async with views(office) as connection:
            again = await dry_run_law_change(
                connection, office.vault, office.law_on_file, Subject.CALENDAR, HOLIDAY, TODAY
            )
            cursor = await connection.execute("SELECT petition_id, due_on FROM overdue WHERE stage IS NOT NULL")
            for petition_id, due_on in await cursor.fetchall():
                petition = await office.queries.petition(petition_id)
                assert petition is not None
                if petition.status.due_on is not None:
                    assert petition.status.due_on == due_on
        assert again.petitions == ()
