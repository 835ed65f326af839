"""The metrics that Prometheus reads."""

import asyncio
import re
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families

from domain.actor import Credentials, Role
from domain.commands import AcknowledgeReceipt
from domain.vocabulary import PetitionId
from service.api.routes.batch_commands import NO_COMMAND
from service.api.server.app import create_app
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest
from tests.service.api.interface import NOW, ROLES, TOKEN_KEY, UNIT, VAULT_KEY, Interface, bearer

pytestmark = pytest.mark.anyio

WATCHING_GUIDE = Path(__file__).parents[3] / "docs/how-to/watch-the-service.md"
Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]

OFFICER = Credentials(officer="cb-mau", unit=UNIT, position="Chuyên viên", roles=ROLES)
CLASSIFY = {"occurred_on": "2026-07-06", "kind": "proposal_or_feedback"}


async def read_metric_values(interface: Interface) -> Figures:
    answer = await interface.client.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/plain")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def increase(before: Figures, after: Figures, name: str, **labels: str) -> float:
    key = name, frozenset(labels.items())
    return after[key] - before.get(key, 0)


async def test_commands_are_counted_by_what_became_of_them(interface: Interface) -> None:
    number = (await interface.receive())["reference"]
    before = await read_metric_values(interface)
    again = {"Idempotency-Key": "counted"}
    body = {"occurred_on": "2026-07-06", "channel": "post", "summary": "Sửa đường"}
    for _ in range(3):
        await interface.ask("/petitions", body, again)
    await interface.ask("/petitions", {**body, "summary": "Khác"}, again)
    await interface.ask("/petitions", {**body, "occurred_on": "2026-07-09"})
    accept = {"occurred_on": "2026-07-06", "document_no": "1/QĐ"}
    await interface.ask(f"/petitions/{number}/accept-petition", accept, {"If-Match": '"1"', **bearer(Role.RECEIVER)})
    await interface.ask(f"/petitions/{number}/classify-petition", CLASSIFY, {"If-Match": '"7"'})
    batch = [{"command": "receive-petition", "key": "counted-2", "body": body}, {"command": "make-tea"}]
    await interface.client.post("/commands", json={"commands": batch}, headers=bearer())
    after = await read_metric_values(interface)
    expected = {
        ("ReceivePetition", "recorded"): 2,
        ("ReceivePetition", "replayed"): 2,
        ("ReceivePetition", "idempotency-key-reused"): 1,
        ("ReceivePetition", "refused"): 1,
        ("AcceptPetition", "not-allowed"): 1,
        ("ClassifyPetition", "version-mismatch"): 1,
        (NO_COMMAND, "invalid"): 1,
    }
    for (command, outcome), count in expected.items():
        found = increase(before, after, "kiennghi_commands_total", command=command, outcome=outcome)
        assert found == count, (command, outcome)


async def test_requests_are_counted_by_the_template_of_their_route(interface: Interface) -> None:
    number = (await interface.receive())["reference"]
    before = await read_metric_values(interface)
    for path in (f"/petitions/{number}", "/petitions/TD-2026-999999", "/petitions/x/y/z", "/nix"):
        await interface.read(path)
    await interface.client.request("BREW", f"/petitions/{number}")
    after = await read_metric_values(interface)
    name = "kiennghi_http_answers_total"
    assert increase(before, after, name, method="GET", route="/petitions/{reference}", status="200") == 1
    assert increase(before, after, name, method="GET", route="/petitions/{reference}", status="404") == 1
    assert increase(before, after, name, method="GET", route="(none)", status="404") == 2
    assert increase(before, after, name, method="other", route="/petitions/{reference}", status="405") == 1
    count = increase(before, after, "kiennghi_http_request_seconds_count", method="GET", route="/petitions/{reference}")
    assert count == 2


async def test_appends_are_counted_with_their_commits(interface: Interface) -> None:
    before = await read_metric_values(interface)
    await asyncio.gather(*(interface.receive() for _ in range(20)))
    after = await read_metric_values(interface)
    assert increase(before, after, "kiennghi_events_appended_total") == 20
    assert increase(before, after, "kiennghi_append_seconds_count") == 20
    assert increase(before, after, "kiennghi_commit_appends_sum") == 20
    assert 1 <= increase(before, after, "kiennghi_commit_appends_count") <= 20
    assert after["kiennghi_appends_waiting", frozenset()] == 0


async def test_a_decision_that_another_process_came_before_is_counted(interface: Interface) -> None:
    petition = await interface.receive()
    petition_id = PetitionId(UUID(petition["petition_id"]))
    command = AcknowledgeReceipt(occurred_on=date(2026, 7, 6), document_no="12/TB")
    settings = interface.office.settings
    async with ApplicationService.open(interface.dsn, settings, vault_key=VAULT_KEY, clock=lambda: NOW) as another:
        await another.petitions.perform(
            CommandRequest(command, command_id=uuid4(), digest=b"", petition_id=petition_id), OFFICER
        )
    before = await read_metric_values(interface)
    path = f"/petitions/{petition['reference']}/classify-petition"
    assert (await interface.ask(path, CLASSIFY, {"If-Match": '"1"'})).status_code == 412
    assert increase(before, await read_metric_values(interface), "kiennghi_conflicts_total") == 1


async def test_each_view_is_there_with_its_position_and_lag(interface: Interface) -> None:
    position = (await interface.receive())["position"]
    for view in interface.runner.progress:
        assert await interface.runner.wait_for(position, view, 20)
    found = await read_metric_values(interface)
    assert found["kiennghi_log_position", frozenset()] >= position
    for view in ("overdue", "unit_workload", "meetings"):
        labels = frozenset({("view", view)})
        assert found["kiennghi_view_position", labels] >= position
        assert found["kiennghi_view_lag_events", labels] == 0
        assert found["kiennghi_view_broken", labels] == 0


async def test_labels_are_names_of_the_code_alone(interface: Interface) -> None:
    await interface.receive(petitioners=[{"name": "Nguyễn Thị Ví Dụ", "address": "Thôn Mẫu"}])
    await interface.ask("/petitions/" + "Nguyễn Thị Ví Dụ" + "/classify-petition", CLASSIFY, {"If-Match": '"1"'})
    text = (await interface.client.get("/metrics")).text
    for personal in ("Ví Dụ", "Nguy", "TD-2026", "cb-vidu", "phong-kinh-te"):
        assert personal not in text
    values = {value for name, value in re.findall(r'([a-z]+)="([^"]*)"', text) if name != "le"}
    assert all(re.fullmatch(r"[A-Za-z0-9_/{}()-]+", value) for value in values), values


async def test_the_page_for_those_who_watch_names_what_there_is(interface: Interface) -> None:
    await interface.receive()
    named = set(re.findall(r"kiennghi_[a-z_]+", WATCHING_GUIDE.read_text(encoding="utf-8")))
    text = (await interface.client.get("/metrics")).text
    there = set(re.findall(r"^# TYPE (kiennghi_[a-z_]+) ", text, re.MULTILINE))
    assert named == {name for name in there if not name.endswith("_created")}


async def test_each_application_counts_for_itself(interface: Interface) -> None:
    other = create_app(interface.office, interface.runner, token_key=TOKEN_KEY)
    assert other.state.context.metrics.registry is not interface.app.state.context.metrics.registry
    assert "ReceivePetition" not in other.state.context.metrics.render().decode()
