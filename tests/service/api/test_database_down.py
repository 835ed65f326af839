"""The database goes away under the open service."""

import asyncio
from contextlib import ExitStack
from pathlib import Path

import pytest

from service.config.settings import Settings
from service.postgres.embedded.server import embedded_postgres
from service.postgres.migrate import migrate_database
from tests.service.api.interface import fresh_key, impatient, open_interface

pytestmark = pytest.mark.anyio


async def test_without_a_database_officers_are_told_to_come_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    for folder in (home, *home.parents[:2]):
        folder.chmod(0o711)  # started by root the server runs as another account, which must get in
    with ExitStack() as server:
        dsn = server.enter_context(embedded_postgres(Path(home, "postgres"), fsync=False))
        migrate_database(dsn)
        async with open_interface(dsn, Settings(home=home), reconnect_for=2) as interface:
            again = fresh_key()
            entered = await interface.receive()
            await asyncio.to_thread(server.close)

            asked = [
                interface.receive_answer(),
                interface.ask("/petitions", {"occurred_on": "2026-07-06", "channel": "post", "summary": "x"}, again),
                interface.read(f"/petitions/{entered['petition_id']}"),
                interface.read(f"/petitions/{entered['reference']}/history"),
                interface.read("/overdue"),
                interface.read("/units"),
            ]
            with impatient(interface.office.pool):
                for answer in await asyncio.gather(*asked):
                    assert answer.status_code == 503, answer.text
                    # what was under way when the database left may have been recorded or not
                    assert answer.json()["type"].split(":")[-1] in {"storage-unavailable", "outcome-unknown"}
                    assert int(answer.headers["retry-after"]) > 0
                assert (await interface.client.get("/readyz")).status_code == 503
                assert (await interface.client.get("/livez")).status_code == 200
