"""Tests that a further kind of reviewed change is one file, and is proposed, approved, applied and counted as any."""

import base64
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.actor import Credentials, Role
from domain.errors import NotAllowed, Refused
from domain.events import ReminderIssued
from domain.vocabulary import PetitionId, PetitionKind
from projections.projection import Connection
from service.approvals.reviewed_change import ApplicationRun
from service.commands.office import ApplicationService
from service.config.settings import Settings
from service.postgres.migrate import migrate_database
from service.security.tokens import issue_token
from tests.domain.samples import RECEIVE, with_changes
from tests.domain.scenario import TODAY
from tests.service.api.interface import bearer, open_interface
from tests.service.approvals import scratch_change
from tests.service.approvals.scratch_change import (
    APPROVER,
    CHUNK,
    JOINT_REMINDERS,
    PROPOSER,
    ApproveJointReminder,
    ProposeJointReminder,
    entered_into_the_tables,
)
from tests.service.approvals.test_law_changes import views
from tests.service.cli.conftest import KEY, ROOT, Terminal
from tests.service.office_fixtures import open_office, open_units, run_life_cycle

pytestmark = pytest.mark.anyio

PETITIONS = 3 * CHUNK
COMPLAINT = with_changes(RECEIVE, kind=PetitionKind.COMPLAINT)
LETTER = ProposeJointReminder(occurred_on=TODAY, kind=PetitionKind.COMPLAINT, document_no="42/UBND")


@pytest.fixture(autouse=True)
def entered(database: str) -> Iterator[None]:
    with entered_into_the_tables():
        migrate_database(database)  # it names the new topics
        yield


async def proposed(office: ApplicationService, by: Credentials = PROPOSER) -> UUID:
    async with views(office) as connection:
        found = await JOINT_REMINDERS.record_proposal(office, connection, LETTER, by, command_id=uuid4(), digest=b"one")
    assert found.review.would_remind == len(found.review.petitions)
    return found.change_id


async def approve(office: ApplicationService, change_id: UUID, by: Credentials = APPROVER) -> None:
    command = ApproveJointReminder(occurred_on=TODAY, change_id=change_id)
    await JOINT_REMINDERS.record_approval(office, command, by, command_id=uuid4(), digest=b"two")


async def apply(office: ApplicationService, change_id: UUID, by: Credentials = APPROVER) -> ApplicationRun:
    return await JOINT_REMINDERS.apply(office, lambda: views(office), change_id, by)


async def reminders(office: ApplicationService, petitions: list[PetitionId]) -> list[int]:
    """Return the number of reminders of each petition."""
    histories = [await office.queries.history(one) for one in petitions]
    return [sum(isinstance(event.fact, ReminderIssued) for event in history) for history in histories]


async def test_what_another_officer_approved_is_applied_once_to_each_petition_although_it_is_killed(
    database: str,
) -> None:
    async with open_office(database) as office:
        await open_units(office)
        petitions = [await run_life_cycle(office, [COMPLAINT]) for _ in range(PETITIONS)]
        change_id = await proposed(office)
        with pytest.raises(Refused, match="this joint reminder is not approved yet"):
            await apply(office, change_id)
        own = PROPOSER.model_copy(update={"roles": frozenset(Role)})
        with pytest.raises(Refused, match="an officer cannot approve a joint reminder of their own"):
            await approve(office, change_id, own)
        with pytest.raises(NotAllowed):
            await approve(office, change_id, PROPOSER)
        await approve(office, change_id)

        command = [sys.executable, "-m", scratch_change.__name__, database, str(change_id)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        assert sorted(await reminders(office, petitions)) == [0] * CHUNK + [1] * 2 * CHUNK
        change = (await JOINT_REMINDERS.load(office)).require(change_id)
        assert (change.state, change.petitions, change.is_under_way) == ("approved", None, True)

    async with open_office(database) as another:
        assert await apply(another, change_id) == ApplicationRun(PETITIONS, is_done=True)
        assert await reminders(another, petitions) == [1] * PETITIONS
        head = await another.histories.last_position()
        assert await apply(another, change_id) == ApplicationRun(PETITIONS, is_done=True)
        assert await another.histories.last_position() == head
        change = (await JOINT_REMINDERS.load(another)).require(change_id)
        assert (change.state, change.proposed_by.officer, change.petitions) == ("applied", "theo-doi", PETITIONS)


async def test_one_change_is_applied_before_the_next_is_approved(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        first, second = await proposed(office), await proposed(office)
        await approve(office, first)
        with pytest.raises(Refused, match=f"the joint reminder {first} is approved and not yet applied"):
            await approve(office, second)
        with pytest.raises(Refused, match="there is no such joint reminder"):
            await apply(office, uuid4())
        assert await apply(office, first) == ApplicationRun(0, is_done=True)
        await approve(office, second)


async def test_what_is_proposed_while_another_change_is_applied_does_not_end_that_in_a_refusal(database: str) -> None:
    async with open_office(database) as office:
        await open_units(office)
        await run_life_cycle(office, [COMPLAINT])
        change_id = await proposed(office)
        await approve(office, change_id)

        @asynccontextmanager
        async def views_after_a_proposal() -> AsyncIterator[Connection]:
            await proposed(office)
            async with views(office) as connection:
                yield connection

        run = await JOINT_REMINDERS.apply(office, views_after_a_proposal, change_id, APPROVER)
        assert run == ApplicationRun(1, is_done=True)
        assert [one.state for one in (await JOINT_REMINDERS.load(office)).by_id.values()] == ["applied", "proposed"]


async def test_it_is_there_over_http(database: str, tmp_path: Path) -> None:
    async with open_interface(database, Settings(home=tmp_path)) as interface:
        units = {"unit": "phong-kinh-te", "name": "Phòng Kinh tế", "occurred_on": "2020-01-01"}
        assert (await interface.ask("/units", units)).status_code == 201
        for _ in range(2):
            await interface.receive(kind="complaint")
        body = {"occurred_on": "2026-07-08", "kind": "complaint", "document_no": "42/UBND"}
        by, other = bearer(Role.FOLLOW_UP, officer="mot"), bearer(Role.HEAD, officer="hai")
        seen = await interface.ask("/joint-reminders/review?limit=1", body, other)
        assert (seen.json()["would_remind"], len(seen.json()["petitions"])) == (2, 1)
        made = await interface.ask("/joint-reminders", body, by)
        assert (made.status_code, made.json()["review"]["would_remind"]) == (201, 2), made.text
        address = made.headers["location"]
        approval = {"occurred_on": "2026-07-08"}
        assert (await interface.ask(f"{address}/approve", approval, by)).status_code == 403
        own = bearer(Role.HEAD, officer="mot")
        assert (await interface.ask(f"{address}/approve", approval, own)).status_code == 409
        assert (await interface.ask(f"{address}/approve", approval, other)).status_code == 200
        assert (await interface.ask(f"{address}/apply", {}, other)).json() == {"petitions": 2, "is_done": True}
        shown = (await interface.read(address)).json()
        assert (shown["state"], shown["approved_by"], shown["petitions"]) == ("applied", "hai", 2)
        assert shown["proposal"]["document_no"] == "42/UBND"
        assert (await interface.read("/joint-reminders")).json()["changes"] == [shown]
        assert (await interface.read(f"/joint-reminders/{uuid4()}")).status_code == 404


async def test_it_is_there_on_the_command_line(database: str, tmp_path: Path) -> None:
    async with open_office(database) as office:
        await open_units(office)
        for _ in range(2):
            await run_life_cycle(office, [COMPLAINT])
    keys = {"KIENNGHI_TOKEN_KEY": KEY, "KIENNGHI_VAULT_KEY": KEY}
    kiennghi = Terminal({"KIENNGHI_DATABASE_URL": database, **keys})
    by, other, own = (
        issue_token(credentials, base64.urlsafe_b64decode(KEY + "="), hours=1)
        for credentials in (PROPOSER, APPROVER, PROPOSER.model_copy(update={"roles": frozenset(Role)}))
    )
    file = tmp_path / "letter.toml"
    file.write_text('kind = "complaint"\ndocument_no = "42/UBND"\n', "utf-8")
    assert kiennghi("remind", "review", str(file), "--json").json["would_remind"] == 2
    made = kiennghi("remind", "propose", str(file), "--json", KIENNGHI_TOKEN=by).json["change"]
    refused = kiennghi("remind", "approve", made, KIENNGHI_TOKEN=own)
    assert (refused.code, refused.err) == (
        1,
        "kiennghi: không ai tự phê duyệt văn bản đôn đốc chung do mình đề nghị; người khác phê duyệt\n"
        "kiennghi: an officer cannot approve a joint reminder of their own; another officer approves it\n",
    )
    done = kiennghi("remind", "approve", made, "--json", KIENNGHI_TOKEN=other).json
    assert done == {"change": made, "changed": 2}
    assert kiennghi("remind", "apply", made, "--json", KIENNGHI_TOKEN=other).json == done
    (listed,) = kiennghi("remind", "list", "--json").json["changes"]
    assert (listed["document_no"], listed["approved_by"], listed["changed"]) == ("42/UBND", "chu-tich", 2)
    assert "42/UBND" in kiennghi("remind", "list").out
    file.write_text('kind = "complaint"\ndocument = "42/UBND"\n', "utf-8")
    wrong = kiennghi("remind", "propose", str(file), KIENNGHI_TOKEN=by)
    assert (wrong.code, "document_no is missing; document is not a known key" in wrong.err) == (1, True)
