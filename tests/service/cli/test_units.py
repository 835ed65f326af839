"""Units and their reorganisation, as officers run them; killed half-way too."""

import asyncio
import base64
import os
import re
import signal
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from domain.actor import Credentials, Role
from domain.units.commands import OpenUnit, TakeOffice
from domain.units.events import Office as OfficeOfUnit
from domain.vocabulary import PetitionId
from service.bootstrap import run_coroutine
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest
from service.config.settings import Settings
from service.security.tokens import issue_token
from tests.domain.samples import ASSIGN, CLASSIFY, RECEIVE, with_changes
from tests.service.cli.conftest import EXAMPLES, KEY, Terminal
from tests.service.office_fixtures import CLERK, VAULT_KEY

PETITIONS = 320
"""More than are handed over in one chunk."""
TODAY = datetime.now(UTC).date()
BEFORE = TODAY - timedelta(days=40)
ON = TODAY - timedelta(days=10)
UNITS = {
    "ubnd-tinh": None,
    "huyen-mau-99": "ubnd-tinh",
    "phong-tnmt-huyen-mau-99": "huyen-mau-99",
    "xa-vi-du-cu": "huyen-mau-99",
}
PLACES = ("Thôn 1, xã Ví Dụ Cũ", "Thôn 2")


def token(officer: str, role: Role) -> str:
    credentials = Credentials(officer=officer, unit="ubnd-tinh", position="Cán bộ", roles=frozenset({role}))
    return issue_token(credentials, base64.urlsafe_b64decode(KEY + "="), hours=1)


PROPOSER, APPROVER = token("quan-tri", Role.ADMINISTRATOR), token("chu-tich", Role.HEAD)


async def given(office: ApplicationService, place: str, turns: asyncio.Semaphore) -> None:
    async with turns:
        receipt = with_changes(RECEIVE, occurred_on=BEFORE, place=place)
        petition_id = PetitionId(
            (await office.petitions.perform(CommandRequest(receipt, command_id=uuid4(), digest=b""), CLERK)).petition_id
        )
        due_on = ON - timedelta(days=5)
        assign = with_changes(ASSIGN, occurred_on=BEFORE, lead_unit="huyen-mau-99", due_on=due_on, notice_on=BEFORE)
        for more in (with_changes(CLASSIFY, occurred_on=BEFORE), assign):
            await office.petitions.perform(
                CommandRequest(more, command_id=uuid4(), digest=b"", petition_id=petition_id, entered_on=BEFORE), CLERK
            )


@pytest.fixture(scope="module")
def district(kiennghi: Terminal, module_database: str) -> None:
    """With open petitions, half of them of a place that the example names."""

    async def live() -> None:
        async with ApplicationService.open(module_database, Settings(), vault_key=VAULT_KEY) as office:
            for unit, parent in UNITS.items():
                command = OpenUnit(unit=unit, name=f"Tên {unit}", parent=parent, occurred_on=date(2020, 1, 1))
                await office.units.perform(command, CLERK, command_id=uuid4(), digest=b"")
            head = TakeOffice(
                unit="ubnd-tinh",
                office=OfficeOfUnit.HEAD,
                officer="chu-tich",
                position="Chủ tịch",
                occurred_on=date(2021, 7, 1),
            )
            await office.units.perform(head, CLERK, command_id=uuid4(), digest=b"")
            turns = asyncio.Semaphore(50)
            await asyncio.gather(*(given(office, PLACES[n % 2], turns) for n in range(PETITIONS)))

    run_coroutine(live())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The example of the pages, on a day of this month."""
    text = (
        (EXAMPLES / "reorganisations" / "two-level-government.toml")
        .read_text("utf-8")
        .replace("2025-07-01", ON.isoformat())
    )
    path = tmp_path / "two-level-government.toml"
    path.write_text(text, "utf-8")
    return path


def handed_over(database: str) -> int:
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "SELECT count(*), count(DISTINCT stream) FROM kiennghi.readable_log WHERE topic = 'ResponsibilitySucceeded'"
        ).fetchone()
    assert found is not None
    assert found[0] == found[1], "none is handed over twice"
    return int(found[0])


@pytest.mark.usefixtures("district")
def test_a_reorganisation_goes_from_the_dry_run_over_a_kill_to_the_last_petition(
    kiennghi: Terminal, module_database: str, file: Path
) -> None:
    reviewed = kiennghi("units", "reorganise", "review", str(file), "--json").json
    assert (reviewed["would_move"], reviewed["overdue"], reviewed["takes_effect_on"]) == (PETITIONS, PETITIONS, str(ON))
    assert {(one["to_unit"], one["chosen_by"]) for one in reviewed["petitions"]} == {
        ("xa-vi-du-moi", "main"),
        ("xa-vi-du-cu", "place"),
    }
    printed = kiennghi("units", "reorganise", "review", str(file)).out
    assert re.search(r"huyen-mau-99 +xa-vi-du-cu +160", printed)

    proposing = ("units", "reorganise", "propose", str(file), "--json")
    proposed = kiennghi(*proposing, KIENNGHI_TOKEN=PROPOSER).json
    assert kiennghi(*proposing, KIENNGHI_TOKEN=PROPOSER).json["reorganisation"] == proposed["reorganisation"]
    own = kiennghi(
        "units", "reorganise", "approve", proposed["reorganisation"], KIENNGHI_TOKEN=token("quan-tri", Role.HEAD)
    )
    assert (own.code, own.err) == (
        1,
        "kiennghi: không ai tự phê duyệt phương án sắp xếp tổ chức do mình đề nghị; người khác phê duyệt\n"
        "kiennghi: an officer cannot approve a reorganisation of their own; another officer approves it\n",
    )
    early = kiennghi("units", "reorganise", "apply", proposed["reorganisation"], KIENNGHI_TOKEN=APPROVER)
    assert (early.code, early.err) == (
        1,
        "kiennghi: phương án sắp xếp tổ chức này chưa được phê duyệt; người khác phê duyệt trước\n"
        "kiennghi: this reorganisation is not approved yet; another officer approves it first\n",
    )

    terminal = Terminal({**kiennghi.settings, "KIENNGHI_TOKEN": APPROVER})
    with terminal.started("units", "reorganise", "approve", proposed["reorganisation"]) as process:
        while handed_over(module_database) == 0 and process.poll() is None:
            time.sleep(0.001)
        os.killpg(process.pid, signal.SIGKILL)
    assert 0 < handed_over(module_database) <= PETITIONS

    done = kiennghi("units", "reorganise", "apply", proposed["reorganisation"], "--json", KIENNGHI_TOKEN=APPROVER).json
    assert done["handed_over"] == handed_over(module_database) == PETITIONS
    again = kiennghi("units", "reorganise", "approve", proposed["reorganisation"], "--json", KIENNGHI_TOKEN=APPROVER)
    assert again.json == done, "sent again, it is the same approval"
    other = token("pho-chu-tich", Role.HEAD)
    twice = kiennghi("units", "reorganise", "approve", proposed["reorganisation"], KIENNGHI_TOKEN=other)
    assert (twice.code, twice.err) == (
        1,
        "kiennghi: phương án sắp xếp tổ chức này đã được phê duyệt; áp dụng nếu chưa áp dụng\n"
        "kiennghi: this reorganisation is approved already; apply it if that is not done yet\n",
    )
    (one,) = kiennghi("units", "reorganise", "list", "--json").json["reorganisations"]
    assert (one["proposed_by"], one["approved_by"], one["handed_over"]) == ("quan-tri", "chu-tich", PETITIONS)
    assert "quan-tri" in kiennghi("units", "reorganise", "list").out

    tree = {line["unit"]: line for line in kiennghi("units", "tree", "--json").json["units"]}
    assert (tree["xa-vi-du-moi"]["parent"], tree["xa-vi-du-cu"]["parent"]) == ("ubnd-tinh", "ubnd-tinh")
    assert tree["xa-vi-du-cu"]["predecessors"] == ["huyen-mau-99"]
    assert (tree["ubnd-tinh"]["head"], "huyen-mau-99" in tree) == ("chu-tich", False)
    assert "  huyen-mau-99" in kiennghi("units", "tree", "--on", str(BEFORE)).out

    inherited = kiennghi("units", "inherited", "--unit", "xa-vi-du-moi", "--json").json["inherited"]
    assert [(line["petitions"], line["late_before"], line["overdue_since"]) for line in inherited] == [(160, 160, 0)]
    assert "đang quá hạn từ trước" in kiennghi("units", "inherited").out

    then = {
        line["unit"]: line for line in kiennghi("units", "--on", str(ON - timedelta(days=1)), "--json").json["units"]
    }
    now = {line["unit"]: line for line in kiennghi("units", "--json").json["units"]}
    assert (then["huyen-mau-99"]["overdue"], now["huyen-mau-99"]["overdue"]) == (PETITIONS, 0)
    successors = kiennghi("units", "--by", "successor", "--json").json["units"]
    assert [(line["unit"], line["received"], line["open"]) for line in successors] == [
        ("xa-vi-du-cu", 160, 160),  # each petition counts where it went
        ("xa-vi-du-moi", 160, 160),
    ]


def test_what_cannot_be_reviewed_is_refused_in_a_sentence(kiennghi: Terminal, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('title = "x"\n', "utf-8")
    refused = kiennghi("units", "reorganise", "review", str(wrong))
    assert (refused.code, refused.err) == (
        1,
        "kiennghi: tệp có lỗi: instrument is missing; on is missing; move is missing; sửa tệp rồi gửi lại\n"
        "kiennghi: the file: instrument is missing; on is missing; move is missing; correct the file, then"
        " send it again\n",
    )
    without = kiennghi("units", "reorganise", "propose", str(wrong))
    assert (without.code, "KIENNGHI_TOKEN" in without.err) == (1, True)
    wrong.write_bytes("title = é".encode("latin-1"))
    assert "save the file in UTF-8" in kiennghi("units", "reorganise", "review", str(wrong)).err
    assert kiennghi("units", "reorganise", "review", str(tmp_path / "none.toml")).code == 1
    assert kiennghi("units", "--by", "name").code == 2
