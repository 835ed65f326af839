"""Tests that an import is withdrawn by two officers as if it had not been, and that the log keeps both."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.actor import Credentials, Role
from domain.alerts.vocabulary import AlertRole, Does, WatchedClock
from domain.commands import StartWork
from domain.errors import NotAllowed, Refused
from domain.events import AlertRaised, AnsweredInWriting, ImportWithdrawn
from domain.import_withdrawals.commands import ApproveImportWithdrawal, ProposeImportWithdrawal
from domain.import_withdrawals.words import WithdrawalMode
from domain.status import DueState
from domain.vocabulary import PetitionId, Stage
from projections.owed_list import overdue_on
from service.approvals import chunked_application
from service.approvals.import_withdrawals import IMPORT_WITHDRAWALS, dry_run_import_withdrawal
from service.approvals.imported_petitions import read_import_runs
from service.approvals.reviewed_change import ApplicationRun
from service.commands.office import ApplicationService
from service.event_store.context import Door, entering_through
from service.imports.importing import import_file
from service.imports.mapping import parse_mapping
from service.imports.results import CaseOutcome, ImportSummary
from service.known_at.past_views import past_list, past_snapshot
from tests.domain.samples import START
from tests.service.approvals.test_law_changes import views
from tests.service.office_fixtures import (
    CLERK,
    NOON,
    TEXTS,
    assert_views_complete,
    open_office,
    open_units,
    perform,
    run_life_cycles,
    view_rows,
)

pytestmark = pytest.mark.anyio

MAPPING = parse_mapping(
    '[source]\nname = "so-2026"\nrows = "case"\n[case]\nkey = "no"\nreceived = "in"\nanswered = "out"\ndue = "due"\n'
    'unit = "unit"\nsummary = "what"\n'
)
HEADER = "no,in,out,due,unit,what\n"
WRONG = HEADER + "".join(
    f"{n},2026-0{n}-05,{f'2026-0{n}-25' if n % 2 else ''},2026-0{n}-20,so-mau,Đèn đường thôn {n} không sáng\n"
    for n in range(1, 7)
)
RIGHT = WRONG.replace("-05,", "-06,")
TODAY = NOON.date()
PROPOSER = Credentials(officer="nhap-lieu", unit="tinh", position="Văn thư", roles=frozenset({Role.IMPORTER}))
APPROVER = Credentials(officer="chu-tich", unit="tinh", position="Chủ tịch", roles=frozenset({Role.HEAD}))
PROPOSAL = ProposeImportWithdrawal(occurred_on=TODAY, source="so-2026", why="Cột ngày bị lệch")
UNTOUCHED = PROPOSAL.model_copy(update={"mode": WithdrawalMode.UNTOUCHED})


async def import_text(
    office: ApplicationService, folder: Path, text: str, take_over: Sequence[str] = ()
) -> ImportSummary:
    path = folder / "source.csv"
    path.write_text(text, encoding="utf-8")
    return await import_file(office, path, MAPPING, CLERK, take_over=frozenset(take_over))


async def proposed(office: ApplicationService, command: ProposeImportWithdrawal = PROPOSAL) -> UUID:
    async with views(office) as connection:
        found = await IMPORT_WITHDRAWALS.record_proposal(
            office, connection, command, PROPOSER, command_id=uuid4(), digest=b"one"
        )
    return found.change_id


async def approve(office: ApplicationService, change_id: UUID, by: Credentials = APPROVER) -> None:
    command = ApproveImportWithdrawal.model_validate({"occurred_on": TODAY, "withdrawal_id": change_id})
    await IMPORT_WITHDRAWALS.record_approval(office, command, by, command_id=uuid4(), digest=b"two")


async def apply(office: ApplicationService, change_id: UUID, at_most: int | None = None) -> ApplicationRun:
    return await IMPORT_WITHDRAWALS.apply(office, lambda: views(office), change_id, APPROVER, at_most=at_most)


async def withdrawn(office: ApplicationService, command: ProposeImportWithdrawal = PROPOSAL) -> int:
    change_id = await proposed(office, command)
    await approve(office, change_id)
    return (await apply(office, change_id)).petitions


async def petition_of(office: ApplicationService, key: int) -> PetitionId:
    found = await office.queries.petition_id_of(f"so-2026:{key}")
    assert found is not None
    return found


async def topics(office: ApplicationService, petition_id: PetitionId) -> list[str]:
    return [type(event.fact).__name__ for event in await office.queries.history(petition_id)]


async def raise_alert(office: ApplicationService, petition_id: PetitionId) -> None:
    """Raise an alert as the worker does."""
    petition = await office.queries.fresh_petition(petition_id)
    assert petition is not None
    due = petition.deadlines[next(iter(petition.status.clocks))]
    fact = AlertRaised(
        occurred_on=due.due_on + timedelta(days=1), clock=WatchedClock(due.clock), due_on=due.due_on, round=1,
        step="day-after",
        to=(AlertRole.HEAD,), by=(), does=Does.TELL, rule="mẫu@1", calendar=due.calendar or "mẫu",
    )  # fmt: skip
    with entering_through(Door.ALERTS):
        await office.writer.append_facts(
            petition_id, [fact], CLERK, after=petition.version, command_id=uuid4(), digest=b"a" * 32
        )


async def test_the_views_are_as_if_an_import_that_was_withdrawn_had_not_been_and_the_log_has_both(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunked_application, "AFFECTED_PETITIONS_AT_ONCE", 2)
    async with open_office(database) as office:
        await open_units(office)
        await run_life_cycles(office, 6)
        async with views(office) as connection:
            without = await view_rows(connection)
        assert (await import_text(office, tmp_path, WRONG)).outcomes == {CaseOutcome.IMPORTED: 6}
        later = WRONG.replace("2026-02-05,,", "2026-02-05,2026-02-25,")
        assert (await import_text(office, tmp_path, later, ["2"])).outcomes[CaseOutcome.TAKEN_OVER] == 1
        first = [await petition_of(office, n) for n in range(1, 7)]
        await raise_alert(office, first[3])
        before = await office.histories.last_position()

        async with views(office) as connection:
            assert await view_rows(connection) != without
            review = await dry_run_import_withdrawal(office, connection, "so-2026", None)
            assert (review.cases, review.touched, review.petitions[0].key) == (6, 0, "1")
            (run,) = await read_import_runs(connection)
            assert (run.source, run.cases, run.withdrawn) == ("so-2026", 6, 0)
            assert run.run is not None
        change_id = await proposed(office, PROPOSAL.model_copy(update={"run": UUID(run.run)}))
        with pytest.raises(Refused, match="an officer cannot approve"):
            await approve(office, change_id, PROPOSER.model_copy(update={"roles": frozenset(Role)}))
        with pytest.raises(NotAllowed):
            await approve(office, change_id, PROPOSER)
        await approve(office, change_id)
        assert not (await apply(office, change_id, at_most=2)).is_done
        assert await apply(office, change_id) == ApplicationRun(6, is_done=True)
        assert await apply(office, change_id) == ApplicationRun(6, is_done=True)

        async with views(office) as connection:
            assert await view_rows(connection) == without
            assert [run.withdrawn for run in await read_import_runs(connection)] == [6]
        await assert_views_complete(office)
        assert (await topics(office, first[0]))[-1] == "ImportWithdrawn"
        (last,) = (await office.queries.history(first[0]))[-1:]
        assert isinstance(last.fact, ImportWithdrawn)
        assert (last.fact.why, last.fact.proposed_by, last.by.officer) == ("Cột ngày bị lệch", "nhap-lieu", "chu-tich")
        with pytest.raises(Refused, match="cancelled"):
            await perform(office, START.model_copy(update={"occurred_on": TODAY}), first[5])

        async with past_snapshot(office.pool) as connection:
            known = await past_list(connection, before)
            there = await overdue_on(
                connection,
                TEXTS,
                TODAY,
                soon_until=TODAY,
                unit="so-mau",
                states=[DueState.OVERDUE],
                limit=50,
                past=known,
            )
            assert {first[3], first[5]} <= {item.petition_id for item in there.items}

        again = await import_text(office, tmp_path, RIGHT)
        assert again.outcomes == {CaseOutcome.IMPORTED: 6}, "the keys are free again"
        assert (await import_text(office, tmp_path, RIGHT)).outcomes == {CaseOutcome.ALREADY_THERE: 6}
        second = [await petition_of(office, n) for n in range(1, 7)]
        assert not set(first) & set(second)
        references = [(await office.queries.history(one))[0].reference for one in (*first, *second)]
        assert len(set(references)) == 12, "no register number is given twice"
        assert await withdrawn(office) == 6, "the second time as well"
        async with views(office) as connection:
            assert await view_rows(connection) == without
        assert (await import_text(office, tmp_path, later)).outcomes == {CaseOutcome.IMPORTED: 6}


async def test_a_case_that_somebody_worked_on_stays_or_refuses_the_whole(database: str, tmp_path: Path) -> None:
    async with open_office(database) as office:
        await open_units(office)
        await import_text(office, tmp_path, WRONG)
        touched = await petition_of(office, 4)
        pending = await proposed(office)
        work = StartWork(occurred_on=TODAY)
        await perform(office, work, touched)
        with pytest.raises(Refused, match="somebody has worked on 1 petitions of this import since: NK-2026-000004"):
            await proposed(office)
        with pytest.raises(Refused, match="somebody has worked on 1 petitions"):
            await approve(office, pending)
        with pytest.raises(Refused, match="nothing that was imported from so-cu is left"):
            await proposed(office, PROPOSAL.model_copy(update={"source": "so-cu"}))
        change_id = await proposed(office, UNTOUCHED)
        await approve(office, change_id)
        late = await petition_of(office, 6)
        await perform(office, work, late)  # between the approval and the application
        assert await apply(office, change_id) == ApplicationRun(4, is_done=True)
        for key, stage in ((1, Stage.CANCELLED), (4, Stage.IN_PROGRESS), (6, Stage.IN_PROGRESS)):
            petition = await office.queries.fresh_petition(await petition_of(office, key))
            assert petition is not None
            assert petition.stage is stage
        with pytest.raises(Refused, match="somebody has worked on all 2 petitions"):
            await proposed(office, UNTOUCHED)
        again = await import_text(office, tmp_path, WRONG)
        assert again.outcomes == {CaseOutcome.IMPORTED: 4, CaseOutcome.ALREADY_THERE: 2}


async def test_what_is_imported_after_the_review_is_not_withdrawn(database: str, tmp_path: Path) -> None:
    async with open_office(database) as office:
        await open_units(office)
        await import_text(office, tmp_path, WRONG)
        change_id = await proposed(office)
        await import_text(office, tmp_path, WRONG + "7,2026-07-05,,2026-07-20,so-mau,Mương thoát nước bị lấp\n")
        await approve(office, change_id)
        assert (await apply(office, change_id, at_most=256)).petitions == 6
        await import_text(office, tmp_path, RIGHT)
        assert await apply(office, change_id) == ApplicationRun(6, is_done=True)
        history = await office.queries.history(await petition_of(office, 7))
        assert not any(isinstance(event.fact, AnsweredInWriting | ImportWithdrawn) for event in history)
        assert history[0].fact.occurred_on == date(2026, 7, 5)
