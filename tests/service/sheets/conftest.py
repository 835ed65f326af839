"""An office with units and a meeting that was held on Monday 6 July 2026; today is 30 October."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID, uuid4

import pytest

from domain.actor import Credentials, Role
from domain.units.commands import CloseUnit
from domain.vocabulary import MeetingId
from service.commands.office import Office
from service.sheets.sheet_id import Mark
from service.sheets.template import Blank, blank_sheet
from tests.domain.scenario import MEETING, MONDAY, UNITS
from tests.service.office_fixtures import CLERK as ADMINISTRATOR
from tests.service.office_fixtures import open_office, open_units

CLERK = Credentials(
    officer="van-thu-xa",
    unit="ubnd-tinh",
    position="Văn thư",
    roles=frozenset({Role.RECEIVER, Role.CLASSIFIER, Role.HEAD}),
)


@pytest.fixture
async def office(database: str) -> AsyncIterator[Office]:
    async with open_office(database) as opened:
        await open_units(opened)
        ending = CloseUnit(unit="huyen-cu", instrument="1/NQ", occurred_on=date(2025, 6, 30))
        await opened.change_unit(ending, ADMINISTRATOR, command_id=uuid4(), digest=b"")
        yield opened


@pytest.fixture
async def blank(office: Office) -> Blank:
    """With room for five."""
    return await blank_sheet(office, MEETING, 5)


@pytest.fixture
def paper() -> Blank:
    """As `blank`, of no office: for what is only written and read."""
    mark = Mark.new(MeetingId(UUID(int=7)))
    return Blank(mark, MONDAY, "Đối thoại với nhân dân", "UBND tỉnh Ví Dụ", list(UNITS.by_id.values())[:3], 5)
