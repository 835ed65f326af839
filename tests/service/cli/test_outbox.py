"""Contacts and messages at the terminal."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.actor import Credentials, Role
from domain.alerts.vocabulary import AlertChannel
from service.security.tokens import issue_token
from tests.service.alerts.post import open_post
from tests.service.cli.conftest import Terminal

TOKEN_KEY = b"k" * 32


def token(*roles: Role) -> str:
    who = Credentials(officer="quan-tri", unit="ban-tcd", position="Quản trị", roles=frozenset(roles))
    return issue_token(who, TOKEN_KEY, hours=1)


def test_contacts_come_from_a_file_and_their_secrets_from_the_key(kiennghi: Terminal, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text(
        "party,code,channel,address\nofficer,an,email,an@a.example\nunit,so-khac,webhook,https://b.example/\n"
    )
    assert kiennghi("contacts", "import", str(path)).out == "2 entered, 0 removed\n"
    assert [one["code"] for one in kiennghi("contacts", "list", "--json").json["contacts"]] == ["an", "so-khac"]
    said = kiennghi("contacts", "secret", "so-khac").out
    assert said.startswith("https://b.example/ whsec_")
    assert "kiennghi: “an” has no webhook; " in kiennghi("contacts", "secret", "an").err
    path.write_text("party,code,channel,address\nofficer,an,pigeon,x\n")
    assert kiennghi("contacts", "import", str(path)).code == 1


def test_a_dead_message_is_seen_and_taken_up_by_an_officer_who_may(kiennghi: Terminal) -> None:
    async def given_up() -> str:
        async with open_post(kiennghi.settings["KIENNGHI_DATABASE_URL"]) as post:
            message = await post.compose("nobody", AlertChannel.WEBHOOK)
            pauses = (timedelta(0),)
            assert await post.deliver(pauses) == {"MessageFailed": 1}
            assert await post.deliver(pauses) == {"MessageGivenUp": 1}
            return str(message)

    message = asyncio.run(given_up())
    dead = kiennghi("alerts", "outbox", "--dead", "--json").json
    assert [(one["message_id"], one["reason"]) for one in dead["messages"]] == [(message, "no_address")]
    composed = datetime.fromisoformat(dead["messages"][0]["composed_at"]).astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert f"{composed:%d/%m/%Y %H:%M}" in kiennghi("alerts", "outbox", "--dead").out, "as the authority's clock has it"
    assert "KIENNGHI_TOKEN" in kiennghi("alerts", "retry", message).err
    assert kiennghi("alerts", "retry", message, KIENNGHI_TOKEN=token(Role.OFFICER)).code == 1
    ended = kiennghi("alerts", "retry", message, KIENNGHI_TOKEN=token(Role.ADMINISTRATOR))
    assert ended.out == f"{message}: waiting again, for nobody\n", ended.err
    again = kiennghi("alerts", "retry", message, KIENNGHI_TOKEN=token(Role.ADMINISTRATOR))
    assert "this message is not given up: it is waiting" in again.err
    assert kiennghi("alerts", "outbox", "--waiting", "--json").json["counts"] == {"waiting": 1}
