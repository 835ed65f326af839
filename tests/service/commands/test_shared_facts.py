"""Tests that each decision is made on the law and the units as of its position in the log, with two processes."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest

from domain.commands import AssignPetition
from domain.deadlines.clock import Clock
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import Fact, PetitionAssigned
from domain.meetings.commands import PlanMeeting
from domain.petition import Petition
from domain.units.commands import CloseUnit, OpenUnit, PlaceUnit, TakeOffice, UnitCommand
from domain.units.events import Office, UnitClosed
from domain.vocabulary import MeetingId, PetitionId, PetitionKind, Stage
from service.approvals.former_law import count_clocks_by_former_law
from service.approvals.law_changes import LAW_CHANGES
from service.commands import shared_facts
from service.commands.office import ApplicationService
from service.doctor.clocks import examine_clocks
from service.doctor.finding import Verdict
from service.event_store.errors import SharedFactsMoved
from tests.domain.samples import ASSIGN, RECEIVE, commands_to_stages, july, with_changes
from tests.service.approvals.test_law_changes import APPROVER, HOLIDAYS, applied, approved, proposed, views
from tests.service.office_fixtures import CLERK, open_office, open_units, perform, run_life_cycle

pytestmark = pytest.mark.anyio

ANOTHER_HOLIDAY = """
version = "VD-2026.4"
[[change]]
source = "Thông báo 17/TB-UBND"
[change.days_off]
2026-08-11 = "Nghỉ bù (ví dụ)"
"""
CLASSIFIED = commands_to_stages(PetitionKind.PROPOSAL_FEEDBACK)[Stage.CLASSIFIED]


@pytest.fixture(autouse=True)
def only_the_append_notices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no process look at the law and the units by itself, however long it takes."""
    monkeypatch.setattr(shared_facts, "FACTS_FRESH_SECONDS", 3600)


async def change_unit(office: ApplicationService, command: UnitCommand) -> None:
    await office.units.perform(command, CLERK, command_id=uuid4(), digest=b"")


def opening(unit: str) -> OpenUnit:
    return OpenUnit(unit=unit, name=unit, occurred_on=date(2020, 1, 1))


def closing(unit: str) -> CloseUnit:
    """Return the end of a unit on the day before ASSIGN: what happened while it was there can still be entered."""
    return CloseUnit(unit=unit, instrument="12/NQ", occurred_on=ASSIGN.occurred_on - timedelta(days=1))


def placing(unit: str, parent: str) -> PlaceUnit:
    return PlaceUnit(unit=unit, parent=parent, occurred_on=date(2026, 10, 1))


async def petition_of(office: ApplicationService, petition_id: PetitionId) -> Petition:
    petition = await office.queries.fresh_petition(petition_id)
    assert petition is not None
    return petition


async def test_a_receipt_right_after_an_approval_elsewhere_counts_by_the_new_law(database: str) -> None:
    async with open_office(database) as serving, open_office(database) as approving:
        await open_units(serving)
        before = await run_life_cycle(serving, [RECEIVE])
        change_id = await proposed(approving)
        await approved(approving, change_id)
        after = await run_life_cycle(serving, [RECEIVE])
        assert (await petition_of(serving, before)).deadlines[Clock.TRIAGE].due_on == july(20)
        assert (await petition_of(serving, after)).deadlines[Clock.TRIAGE].due_on == july(21)
        assert await applied(approving, change_id) == 1
        assert (await petition_of(serving, before)).deadlines[Clock.TRIAGE].due_on == july(21)


async def test_of_many_receipts_around_an_approval_each_is_counted_by_the_law_at_its_position(database: str) -> None:
    async with open_office(database) as serving, open_office(database) as approving:
        await open_units(serving)
        await perform(serving, RECEIVE)
        change_id = await proposed(approving)
        results, _ = await asyncio.gather(
            asyncio.gather(*(perform(serving, RECEIVE) for _ in range(120))), approved(approving, change_id)
        )
        (_, approval) = await approving.histories.history(LAW_CHANGES.changes.stream)
        for result in results:
            due_on = (await petition_of(serving, PetitionId(result.petition_id))).deadlines[Clock.TRIAGE].due_on
            assert due_on == (july(21) if result.position > (approval.position or 0) else july(20))


async def test_what_is_decided_on_a_unit_that_another_process_ended_is_decided_again(database: str) -> None:
    async with open_office(database) as serving, open_office(database) as other:
        await open_units(serving)
        await change_unit(other, opening("so-thu"))
        petition_id = await run_life_cycle(serving, CLASSIFIED)
        assign = with_changes(ASSIGN, lead_unit="so-thu")
        await perform(serving, assign, petition_id)  # refused by the cached units, which are read again
        await change_unit(other, closing("so-thu"))
        second = await run_life_cycle(serving, CLASSIFIED)
        await change_unit(other, opening("so-nua"))  # moves on, though nothing of it concerns the command
        with pytest.raises(Refused, match="not in being"):
            await perform(serving, assign, second)
        await perform(serving, with_changes(ASSIGN, lead_unit="so-nua"), second)
        meeting = PlanMeeting(
            **PlanMeeting.example
            | {"occurred_on": july(1), "planned_for": date(2026, 12, 1), "organiser": "so-thu", "meeting_id": uuid4()}
        )
        with pytest.raises(Refused, match="not in being"):
            await serving.meetings.perform(
                meeting, MeetingId(meeting.meeting_id), CLERK, command_id=uuid4(), digest=b""
            )


async def test_nothing_is_assigned_to_a_unit_after_its_end_in_the_log(database: str) -> None:
    async with open_office(database) as serving:
        await open_units(serving)
        await change_unit(serving, opening("so-thu"))
        petitions = [await run_life_cycle(serving, CLASSIFIED) for _ in range(20)]
        assign: AssignPetition = with_changes(ASSIGN, lead_unit="so-thu")
        await asyncio.gather(
            *(perform(serving, assign, one) for one in petitions[:10]),
            change_unit(serving, closing("so-thu")),
            *(perform(serving, assign, one) for one in petitions[10:]),
            return_exceptions=True,
        )
        log: list[EventEnvelope[Fact]] = await serving.histories.page(0, 1000)
        (end,) = [event.position for event in log if isinstance(event.fact, UnitClosed)]
        assigned = [event.position for event in log if isinstance(event.fact, PetitionAssigned)]
        assert all((position or 0) < (end or 0) for position in assigned)


async def test_two_units_are_never_placed_under_each_other(database: str) -> None:
    async with open_office(database) as one, open_office(database) as other:
        for unit in ("so-a", "so-b"):
            await change_unit(one, opening(unit))
        await other.queries.units()
        placed = await asyncio.gather(
            change_unit(one, placing("so-a", "so-b")),
            change_unit(other, placing("so-b", "so-a")),
            return_exceptions=True,
        )
        assert [type(one) for one in placed if isinstance(one, BaseException)] == [Refused]


async def test_a_change_of_office_moves_the_facts_and_an_append_on_older_ones_is_refused(database: str) -> None:
    async with open_office(database) as office, open_office(database) as other:
        await open_units(office)
        known = (await office.shared_facts.load()).position
        petition = await petition_of(office, await run_life_cycle(office, [RECEIVE]))
        await change_unit(
            other, TakeOffice(unit="so-mau", office=Office.HEAD, officer="gd-moi", position="GĐ", occurred_on=july(1))
        )
        facts = [event.fact for event in await office.queries.history(petition.petition_id)]
        for facts_known, refused in ((known, True), (None, False)):
            writing = office.writer.append_facts(
                uuid4(), facts, CLERK, after=0, command_id=uuid4(), digest=b"", facts_known=facts_known
            )
            if refused:
                with pytest.raises(SharedFactsMoved):
                    await writing
            else:
                await writing


async def test_clocks_by_a_former_law_are_counted_and_healed_by_applying_the_change_again(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        await run_life_cycle(office, [RECEIVE])
        received = [event.fact for event in await office.queries.history(await run_life_cycle(office, [RECEIVE]))]
        change_id = await proposed(office)
        await approved(office, change_id)
        assert await applied(office, change_id) == 2
        # What a version did that did not look again: decided on the former law, recorded after the application.
        await office.writer.append_facts(uuid4(), received, CLERK, after=0, command_id=uuid4(), digest=b"")
        later = await proposed(office, HOLIDAYS.model_copy(update={"text": ANOTHER_HOLIDAY}))
        await approved(office, later, APPROVER)
        await applied(office, later)
        async with views(office) as connection:
            counted = await count_clocks_by_former_law(office, connection)
        assert sum(counted.values()) == 1
        finding = examine_clocks(counted)
        assert finding.verdict is Verdict.WRONG
        for change in counted:
            assert f"kiennghi law apply {change}" in finding.found
            await applied(office, change)  # type: ignore[arg-type]
        async with views(office) as connection:
            assert await count_clocks_by_former_law(office, connection) == {}
        assert examine_clocks({}).verdict is Verdict.WELL
