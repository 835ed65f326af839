"""Tests that every option that names a unit takes its code or its name, and refuses what names none."""

import asyncio
from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from typer import Context
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.main import get_group

from domain.units.commands import OpenUnit
from service.cli.app import app
from service.cli.register_filters import UNIT_FILTER
from service.commands.office import ApplicationService
from service.config.settings import Settings
from tests.service.cli.conftest import Terminal
from tests.service.office_fixtures import CLERK, VAULT_KEY

PERIOD = ("--from", "2026-06-01", "--to", "2026-06-30")
FILTERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("overdue", "--unit"): (),
    ("cases", "--unit"): ("received",),
    ("late-entries", "--unit"): (),
    ("alerts", "--unit"): (),
    ("duties", "--unit"): PERIOD,
    ("units inherited", "--unit"): (),
    ("meetings", "--organiser"): PERIOD,
}
"""Each filter with the other arguments of its command."""
WHO_ENTERS = {("token", "--unit"), ("import", "--unit"), ("sheet load", "--unit")}
"""Options that say who enters something: they filter nothing."""
LISTS = [
    *((f"{command} {option}", (*command.split(), *rest), option) for (command, option), rest in FILTERS.items()),
    ("meetings --by", ("meetings", *PERIOD, "--by", "level"), "--organiser"),
    ("meetings --petitions", ("meetings", *PERIOD, "--petitions", "listed"), "--organiser"),
]


@pytest.fixture(scope="module", autouse=True)
def units(module_database: str) -> None:
    async def opened() -> None:
        async with ApplicationService.open(module_database, Settings(), vault_key=VAULT_KEY) as office:
            for code, name in (("so-xd", "Sở Xây dựng"), ("phong-1", "Phòng Mẫu"), ("phong-2", "Phòng Mẫu")):
                command = OpenUnit(unit=code, name=name, occurred_on=date(2020, 1, 1))
                await office.units.perform(command, CLERK, command_id=uuid4(), digest=b"")

    asyncio.run(opened())


def options_of(command: TyperCommand | TyperGroup, name: str) -> Iterator[tuple[str, TyperOption]]:
    yield from ((name, option) for option in command.params if isinstance(option, TyperOption))
    if isinstance(command, TyperGroup):
        context = Context(command)
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            assert isinstance(found, TyperCommand | TyperGroup)
            yield from options_of(found, f"{name} {sub}".strip())


def test_every_option_that_names_a_unit_is_in_the_table() -> None:
    options = list(options_of(get_group(app), ""))
    named = {(name, option.opts[0]) for name, option in options if option.name in {"unit", "organiser"}}
    looked_up = {(name, option.opts[0]) for name, option in options if option.metavar == UNIT_FILTER}
    assert looked_up == FILTERS.keys()
    assert named - looked_up == WHO_ENTERS


@pytest.mark.parametrize(("arguments", "option"), [one[1:] for one in LISTS], ids=[one[0] for one in LISTS])
def test_a_name_that_names_nothing_is_an_error_with_the_nearest_names(
    kiennghi: Terminal, arguments: tuple[str, ...], option: str
) -> None:
    for wanted in ("so xay dung", "SO-XD"):
        assert kiennghi(*arguments, option, wanted, "--json").code == 0
    missed = kiennghi(*arguments, option, "Sở Xây dựn", "--json")
    assert (missed.code, missed.out) == (1, "")
    assert "không có đơn vị “Sở Xây dựn”; gần nhất là: so-xd (Sở Xây dựng)" in missed.err
    several = kiennghi(*arguments, option, "phòng mẫu", "--json")
    assert several.code == 1
    assert "phong-1 (Phòng Mẫu), phong-2 (Phòng Mẫu)" in several.err


def test_none_asks_for_what_no_unit_has(kiennghi: Terminal) -> None:
    assert kiennghi("overdue", "--unit", "none", "--json").json["total"] == 0
