"""Tries over HTTP what the how-to pages add. Runs in a process that has imported a product with the addition."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.actor import Role
from service.config.settings import Settings
from service.postgres.migrate import migrate_database
from tests.service.api.interface import UNIT, Interface, bearer, open_interface


@asynccontextmanager
async def _interface(dsn: str) -> AsyncIterator[Interface]:
    migrate_database(dsn)  # it names new topics
    with TemporaryDirectory() as home:
        async with open_interface(dsn, Settings(home=Path(home))) as interface:
            unit = {"unit": UNIT, "name": "Phòng Kinh tế (ví dụ)", "occurred_on": "2020-01-01"}
            assert (await interface.ask("/units", unit)).status_code == 201
            yield interface


async def send_new_command(dsn: str) -> None:
    """Send the command of add-an-event.md: it is described, kept for its roles, recorded once and told in words."""
    async with _interface(dsn) as interface:
        path = "/petitions/{reference}/record-discussion"
        operation = interface.app.openapi()["paths"][path]["post"]
        assert operation["description"].endswith("Roles: head, officer.")
        body = operation["requestBody"]["content"]["application/json"]["examples"]["example"]["value"]

        reference = (await interface.receive())["reference"]
        address, headers = path.format(reference=reference), {"If-Match": '"1"', "Idempotency-Key": "giao-ban-52"}
        assert (await interface.ask(address, body, {**headers, **bearer(Role.RECEIVER)})).status_code == 403
        for is_replayed in ("false", "true"):
            answer = await interface.ask(address, body, {**headers, **bearer(Role.OFFICER)})
            assert (answer.status_code, answer.headers.get("etag")) == (200, '"2"'), answer.text
            assert answer.headers.get("Idempotency-Replayed", "false") == is_replayed

        told = (await interface.read(f"/petitions/{reference}/history")).text
        assert "Đưa ra họp giao ban" in told
        assert "52/BB-GB" in told
        assert (await interface.read(f"/petitions/{reference}")).json()["stage"] == "received"


async def ask_new_view(dsn: str) -> None:
    """Ask the view of add-a-view.md, at the position of the last letter."""
    async with _interface(dsn) as interface:
        received = [await interface.receive(channel=channel) for channel in ("post", "online", "post")]
        answer = await interface.read(f"/channels?after={received[-1]['position']}")
        assert (answer.status_code, answer.json()) == (200, {"online": 1, "post": 2}), answer.text
