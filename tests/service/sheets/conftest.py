"""Provides an office with units and a meeting that was held on Monday 6 July 2026; today is Thursday 9 July."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from domain.actor import Credentials, Role
from domain.units.commands import CloseUnit
from domain.vocabulary import MeetingId
from service.commands.office import ApplicationService
from service.sheets.sheet_id import SheetId
from service.sheets.template import BlankSheet, make_blank_sheet
from tests.domain.scenario import MEETING, MONDAY, UNITS
from tests.service.office_fixtures import CLERK as ADMINISTRATOR
from tests.service.office_fixtures import open_office, open_units

LOADED_AT = datetime(2026, 7, 9, 5, tzinfo=UTC)
"""Noon of the day on which sheets are loaded: no limit of what was raised at the meeting has run out."""

CLERK = Credentials(
    officer="van-thu-xa",
    unit="ubnd-tinh",
    position="Văn thư",
    roles=frozenset({Role.RECEIVER, Role.CLASSIFIER, Role.HEAD}),
)


@pytest.fixture
async def office(database: str) -> AsyncIterator[ApplicationService]:
    async with open_office(database, now=LOADED_AT) as opened:
        await open_units(opened)
        ending = CloseUnit(unit="huyen-cu", instrument="1/NQ", occurred_on=date(2025, 6, 30))
        await opened.units.perform(ending, ADMINISTRATOR, command_id=uuid4(), digest=b"")
        yield opened


@pytest.fixture
async def blank(office: ApplicationService) -> BlankSheet:
    """Return an empty sheet of the meeting, with five rows."""
    return await make_blank_sheet(office, MEETING, 5)


@pytest.fixture
def paper() -> BlankSheet:
    """Return an empty sheet of five rows without an office, for tests that only write and read files."""
    sheet_id = SheetId.new(MeetingId(UUID(int=7)))
    return BlankSheet(sheet_id, MONDAY, "Đối thoại với nhân dân", "UBND tỉnh Ví Dụ", list(UNITS.by_id.values())[:3], 5)
