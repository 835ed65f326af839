"""An officer sees the letters that came before, and links and unlinks them."""

from typing import Any

import psycopg
import pytest

from domain.actor import Role
from tests.domain.duplicates.letters import MATTERS
from tests.service.api.interface import Interface, bearer, fresh_key

pytestmark = pytest.mark.anyio

SOMEBODY = {"name": "Nguyễn Thị Ví Dụ", "identity_no": "001000000001"}


def own_matter(topic: str) -> str:
    """Return a matter of the test alone, because all tests share a register."""
    return ", ".join(MATTERS[topic])


async def receive_letter(interface: Interface, summary: str, **more: Any) -> dict[str, Any]:
    return await interface.receive(summary=summary, petitioners=[SOMEBODY], **more)


async def test_who_asks_is_told_of_the_letter_that_came_before(interface: Interface) -> None:
    first = await receive_letter(interface, own_matter("giao thông"))
    again = await receive_letter(interface, own_matter("giao thông").upper())
    assert await interface.runner.wait_until_current()
    answer = await interface.read(f"/petitions/{again['reference']}/duplicates?after={again['position']}")
    assert answer.status_code == 200
    (found,) = answer.json()
    assert (found["reference"], found["score"], found["same_sender"]) == (first["reference"], 100, True)
    assert (found["stage"], found["is_linked"], found["due_on"], found["days_late"]) == (
        "received",
        False,
        "2026-07-20",
        0,
    )
    assert "summary" not in found


async def test_a_receipt_answers_with_them_when_it_is_asked_to(interface: Interface) -> None:
    first = await receive_letter(interface, own_matter("đất đai"))
    assert "duplicates" not in first
    assert await interface.runner.wait_until_current()
    body = {"occurred_on": "2026-07-06", "channel": "post", "summary": own_matter("đất đai"), "petitioners": [SOMEBODY]}
    answer = await interface.ask("/petitions?duplicates=true", body)
    assert answer.status_code == 201
    assert [one["petition_id"] for one in answer.json()["duplicates"]] == [first["petition_id"]]
    assert answer.headers["etag"] == '"1"'


async def test_a_receipt_is_answered_though_the_search_cannot_be_made(interface: Interface) -> None:
    with psycopg.connect(interface.dsn, autocommit=True) as owner:
        # Nobody builds the table anew while the test looks.
        owner.execute("SELECT pg_advisory_lock(hashtext('kiennghi duplicates (rebuild)'))")
        owner.execute("DROP TABLE kiennghi_views.duplicates")
        answer = await interface.ask(
            "/petitions?duplicates=true",
            {"occurred_on": "2026-07-06", "channel": "post", "summary": own_matter("điện nước")},
        )
        assert (answer.status_code, answer.json()["duplicates"]) == (201, None)
        reference = answer.json()["reference"]
        answer = await interface.read(f"/petitions/{reference}/duplicates")
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:kiennghi:problem:view-behind")
    assert await interface.runner.wait_until_current(60)  # a table that is gone is built again
    answer = await interface.read(f"/petitions/{reference}/duplicates")
    assert answer.status_code == 200


async def test_a_denunciation_is_shown_to_those_who_may_read_it(interface: Interface) -> None:
    denunciation = await receive_letter(interface, own_matter("môi trường"), kind="denunciation")
    letter = await receive_letter(interface, own_matter("môi trường"))
    assert await interface.runner.wait_until_current()
    path = f"/petitions/{letter['reference']}/duplicates"
    assert (await interface.read(path, bearer(Role.RECEIVER))).json() == []
    assert (await interface.read(path, bearer(Role.OFFICER, unit="phong-khac"))).json() == []
    (found,) = (await interface.read(path, bearer(Role.CLASSIFIER))).json()
    assert found["reference"] == denunciation["reference"]
    path = f"/petitions/{denunciation['reference']}/duplicates"
    (found,) = (await interface.read(path, bearer(Role.RECEIVER))).json()
    assert found["same_sender"] is None


async def test_a_link_is_shown_by_both_and_can_be_undone(interface: Interface) -> None:
    first, again = [await receive_letter(interface, own_matter("chính sách")) for _ in range(2)]
    path = f"/petitions/{again['reference']}"
    body = {"occurred_on": "2026-07-07", "duplicate_of": first["petition_id"]}
    answer = await interface.ask(f"{path}/mark-duplicate", body, {"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["opened"], answer.headers["etag"]) == (200, [], '"2"')
    linked = (await interface.read(path)).json()
    assert (linked["stage"], linked["duplicate_of"], linked["clocks"]) == ("duplicate", first["petition_id"], [])
    repeated = (await interface.read(f"/petitions/{first['reference']}")).json()
    assert (repeated["duplicates"], repeated["version"]) == ([again["petition_id"]], 2)
    line = (await interface.read(f"/petitions/{first['reference']}/history?lang=en")).json()[-1]
    assert line["title"] == "Repeated: the same content was sent again"
    assert line["details"]["reference"] == again["reference"]
    body = {"occurred_on": "2026-07-08", "reason": "hai đoạn đường khác nhau"}
    answer = await interface.ask(f"{path}/unmark-duplicate", body, {"If-Match": '"2"', **fresh_key()})
    assert answer.status_code == 200
    undone = (await interface.read(path)).json()
    assert (undone["stage"], undone["duplicate_of"], undone["due_on"]) == ("received", None, "2026-07-20")
    assert (await interface.read(f"/petitions/{first['reference']}")).json()["duplicates"] == []


async def test_a_petition_that_is_not_there_repeats_nothing(interface: Interface) -> None:
    assert (await interface.read("/petitions/TD-1999-000001/duplicates")).status_code == 404


async def test_no_more_than_twenty_are_asked_for(interface: Interface) -> None:
    letter = await receive_letter(interface, "Đề nghị sửa đường")
    assert (await interface.read(f"/petitions/{letter['reference']}/duplicates?limit=21")).status_code == 422
