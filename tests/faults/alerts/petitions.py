"""Makes the petitions that workers alert of: for each officer one that falls due on each working day."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from domain.alerts.ladder import Ladder, WorkingHours
from domain.alerts.vocabulary import AlertChannel
from domain.deadlines.clock import Clock
from domain.deadlines.deadline import Deadline
from domain.deadlines.policy import Law
from domain.events import Fact, Official, PetitionAssigned, PetitionReceived
from domain.units.commands import OpenUnit, TakeOffice
from domain.units.events import Level, Office
from domain.vocabulary import Channel, OfficerId, PetitionKind, UnitId
from service.alerts.contacts import Contact, save_contacts
from service.alerts.ladder import national_ladder
from service.alerts.raise_due import preview_due_alerts
from service.commands.office import ApplicationService as TheOffice
from service.config.settings import Settings
from tests.service.office_fixtures import CLERK, VAULT_KEY

FIRST_DAY = date(2026, 8, 3)
OFFICERS = tuple(OfficerId(f"can-bo-{n}") for n in range(8))
UNITS = tuple(UnitId(f"so-{n}") for n in range(2))
HEADS = tuple(OfficerId(f"giam-doc-{n}") for n in range(2))
FOLLOW_UP, CHAIR = OfficerId("ban-tcd"), OfficerId("chu-tich")
EVERYBODY = (*OFFICERS, *HEADS, FOLLOW_UP, CHAIR)


def sleepless_ladder() -> Ladder:
    """Return the national ladder, by both channels, for people who never sleep."""
    rows = tuple(row.model_copy(update={"by": tuple(AlertChannel)}) for row in national_ladder().rows)
    return replace(national_ladder(), rows=rows, hours=(WorkingHours(begins=time(0), ends=time(23, 59)),))


async def enter_petitions(dsn: str, law: Law, http_port: int, days: int) -> None:
    """Enter the units, their officers with their contacts, and petitions that fall due on `days` working days."""
    async with TheOffice.open(
        dsn, Settings(), vault_key=VAULT_KEY, law=law, clock=lambda: datetime.fromisoformat("2026-08-03T03:00:00Z")
    ) as office:
        await _open_units(office)
        due = [law.calendar.add_working_days(FIRST_DAY, n) for n in range(1, days + 1)]
        await asyncio.gather(*(_receive_petition(office, n, due_on) for n in range(len(OFFICERS)) for due_on in due))
        async with office.pool.connection() as connection:
            webhooks = (
                Contact("officer", one, AlertChannel.WEBHOOK, f"http://127.0.0.1:{http_port}/{one}")
                for one in EVERYBODY
            )
            mail = (Contact("officer", one, AlertChannel.EMAIL, f"{one}@tinh.example") for one in EVERYBODY)
            await save_contacts(connection, [*webhooks, *mail])


async def _open_units(office: TheOffice) -> None:
    on = date(2020, 1, 1)
    holders = [
        ("ubnd-tinh", None, {Office.FOLLOW_UP: FOLLOW_UP, Office.CHAIR: CHAIR}),
        *((unit, "ubnd-tinh", {Office.HEAD: head}) for unit, head in zip(UNITS, HEADS, strict=True)),
    ]
    for unit, parent, offices in holders:
        opening = OpenUnit(unit=unit, name=unit, level=Level.PROVINCE, parent=parent, occurred_on=on)
        await office.units.perform(opening, CLERK, command_id=uuid4(), digest=b"")
        for held, officer in offices.items():
            taking = TakeOffice(unit=unit, office=held, officer=officer, position="Thủ trưởng", occurred_on=on)
            await office.units.perform(taking, CLERK, command_id=uuid4(), digest=b"")


async def _receive_petition(office: TheOffice, officer: int, due_on: date) -> UUID:
    on = due_on - timedelta(days=30)
    deadline = Deadline(clock=Clock.SETTLEMENT, started_on=on, due_on=due_on, original_due_on=due_on)
    facts: list[Fact] = [
        PetitionReceived(
            occurred_on=on,
            channel=Channel.POST,
            kind=PetitionKind.PROPOSAL_FEEDBACK,
            summary="Sửa đường",
            book="TD",
            identity_protected=False,
        ),
        PetitionAssigned(
            occurred_on=on,
            lead_unit=UNITS[officer % len(UNITS)],
            responsible=Official(officer=OFFICERS[officer]),
            deadlines=(deadline,),
        ),
    ]
    petition = uuid4()
    await office.writer.append_facts(petition, facts, CLERK, after=0, command_id=uuid4(), digest=b"")
    return petition


async def count_petitions_not_alerted(dsn: str, law: Law, ladder: Ladder, today: date) -> int:
    """Return how many petitions have a step of the ladder that has fallen due and that nobody has raised."""
    async with TheOffice.open(dsn, Settings(), vault_key=VAULT_KEY, law=law) as office:
        return len([petition async for petition, _ in preview_due_alerts(office, ladder, today)])
