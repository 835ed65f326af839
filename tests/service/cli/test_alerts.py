"""The commands on alerts, as a person runs them on a database with one late case."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from domain.units.commands import TakeOffice
from domain.units.events import Office
from service.bootstrap import run_coroutine
from service.cli.identity import TOKEN
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest
from service.config.settings import Settings
from tests.domain.samples import RECEIVE, with_changes
from tests.service.cli.conftest import Terminal
from tests.service.office_fixtures import CLERK, VAULT_KEY, open_units


def test_a_ladder_file_that_cannot_be_applied_keeps_the_service_from_starting(
    kiennghi: Terminal, tmp_path: Path
) -> None:
    path = tmp_path / "ladder.toml"
    path.write_text('[[step]]\nid = "x"\n', encoding="utf-8")
    ended = kiennghi("check", KIENNGHI_LADDER_FILE=str(path))
    assert ended.code == 1
    assert "KIENNGHI_LADDER_FILE" in ended.err
    assert "line 1, x: version is missing" in ended.err
    assert kiennghi("check", KIENNGHI_LADDER_FILE=str(tmp_path / "none.toml")).code == 1


def test_a_dry_run_lists_and_writes_nothing_and_a_day_is_for_dry_runs_alone(kiennghi: Terminal) -> None:
    assert kiennghi("alerts", "run", "--on", "2026-08-03", "--dry-run", "--json").json == {"alerts": []}
    assert "chưa ghi gì" in kiennghi("alerts", "run", "--on", "2026-08-03", "--dry-run").out
    assert kiennghi("alerts", "run", "--on", "2026-08-03").code == 2


def test_one_run_says_what_it_came_to_and_the_list_shows_it(kiennghi: Terminal, module_database: str) -> None:
    async def receive() -> str:
        async with ApplicationService.open(module_database, Settings(), vault_key=VAULT_KEY) as office:
            await open_units(office)
            follows = TakeOffice(
                occurred_on=office.today - timedelta(days=60),
                unit="ban-tcd",
                office=Office.FOLLOW_UP,
                officer="theo-doi",
                position="Trưởng ban",
                name="Lê Thị Ví Dụ",
            )
            await office.units.perform(follows, CLERK, command_id=uuid4(), digest=b"")
            late = with_changes(RECEIVE, occurred_on=office.today - timedelta(days=30))
            return str(
                (await office.petitions.perform(CommandRequest(late, command_id=uuid4(), digest=b""), CLERK)).reference
            )

    reference = run_coroutine(receive())
    previewed = kiennghi("alerts", "run", "--dry-run", "--json").json["alerts"]
    person = {"officer": "theo-doi", "name": "Lê Thị Ví Dụ", "instead_of": None, "has_address": False}
    assert all(person.items() <= told.items() for one in previewed for told in one["persons"])
    assert "Lê Thị Ví Dụ (chưa có địa chỉ)" in kiennghi("alerts", "run", "--dry-run").out
    came_to = kiennghi("alerts", "run", "--json").json
    assert came_to.keys() == {"petitions", "raised", "composed", "sent", "failed", "given_up"}
    assert came_to["petitions"] == 1
    assert came_to["raised"] > 0
    listed = kiennghi("alerts", "--json").json["alerts"]
    assert [one["reference"] for one in listed] == [reference] * came_to["raised"]
    assert reference in kiennghi("alerts").out


def test_nobody_takes_note_of_what_was_not_raised_nor_without_a_token(kiennghi: Terminal) -> None:
    asked = ("alerts", "acknowledge", "TD-1999-000001", "day-after", "--clock", "head", "--due-on", "2026-08-03")
    assert TOKEN in kiennghi(*asked).err
    token = kiennghi("token", "giam-doc", "--unit", "so-mau", "--position", "Giám đốc", "--role", "head").out.strip()
    ended = kiennghi(*asked, KIENNGHI_TOKEN=token)
    assert ended.code == 1
    assert "no petition" in ended.err.lower()


def test_somebody_confirms_the_clock(kiennghi: Terminal) -> None:
    assert kiennghi("alerts", "confirm-clock").out.startswith("confirmed: ")
