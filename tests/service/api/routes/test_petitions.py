import psycopg
import pytest

from domain.actor import Role
from tests.service.api.interface import UNIT, Interface, bearer

pytestmark = pytest.mark.anyio

PERSON = {"name": "Nguyễn Thị Ví Dụ", "address": "Thôn Mẫu", "identity_no": "001000000000", "phone": "0900000000"}
ASSIGN = {
    "occurred_on": "2026-07-07",
    "lead_unit": UNIT,
    "responsible_officer": "cb-vidu",
    "responsible_position": "Chuyên viên",
    "task_summary": "Kiểm tra, trả lời",
    "due_on": "2026-07-31",
    "expected_output": "Văn bản",
    "accountable_head": "tp-vidu",
    "notice_no": "40/TB",
    "notice_on": "2026-07-07",
}


async def test_a_petition_is_read_as_it_stands(interface: Interface) -> None:
    reference = (await interface.receive(petitioners=[PERSON], place="Thôn Mẫu"))["reference"]
    answer = await interface.read(f"/petitions/{reference}")
    state = answer.json()
    assert (state["stage"], state["is_open"], state["due_on"]) == ("received", True, "2026-07-20")
    assert (state["place"], state["person_count"]) == ("Thôn Mẫu", 1)
    assert [clock["clock"] for clock in state["clocks"]] == ["triage"]
    assert answer.headers["etag"] == '"1"'
    assert "Ví Dụ" not in answer.text


async def test_the_etag_of_what_was_read_lets_the_next_command_through(interface: Interface) -> None:
    reference = (await interface.receive())["reference"]
    etag = (await interface.read(f"/petitions/{reference}")).headers["etag"]
    body = {"occurred_on": "2026-07-06", "kind": "complaint"}
    answer = await interface.ask(f"/petitions/{reference}/classify-petition", body, {"If-Match": etag})
    assert answer.status_code == 200
    assert (await interface.read(f"/petitions/{reference}")).headers["etag"] == answer.headers["etag"] == '"2"'


@pytest.mark.parametrize(
    ("named", "status"), [('"1"', 304), ('W/"1"', 304), ('"7", "1"', 304), ("*", 304), ('"2"', 200), ("1", 200)]
)
async def test_what_is_known_already_is_not_sent_again(interface: Interface, named: str, status: int) -> None:
    reference = (await interface.receive())["reference"]
    answer = await interface.read(f"/petitions/{reference}", {"If-None-Match": named})
    assert (answer.status_code, answer.headers["etag"]) == (status, '"1"')
    assert bool(answer.content) == (status == 200)


@pytest.mark.parametrize("what", ["", "/history", "/petitioners?purpose=x"])
async def test_a_petition_that_is_not_there_is_not_read(interface: Interface, what: str) -> None:
    for named in ("TD-2026-999999", "01980a6e-0000-7000-8000-000000000000"):
        answer = await interface.read(f"/petitions/{named}{what}", bearer(Role.CUSTODIAN))
        assert answer.status_code == 404


async def test_the_history_has_a_line_an_event_in_the_language_asked_for(interface: Interface) -> None:
    reference = (await interface.receive())["reference"]
    vietnamese = await interface.read(f"/petitions/{reference}/history")
    english = await interface.read(f"/petitions/{reference}/history?lang=en")
    assert [line["title"] for line in vietnamese.json()] == ["Tiếp nhận đơn"]
    assert [line["title"] for line in english.json()] == ["Petition received"]
    assert (english.headers["content-language"], english.headers["vary"]) == ("en", "Accept, Authorization")
    assert (await interface.read(f"/petitions/{reference}/history?lang=fr")).status_code == 422


async def test_the_history_is_given_to_read_to_those_who_ask_for_text(interface: Interface) -> None:
    reference = (await interface.receive())["reference"]
    answer = await interface.read(f"/petitions/{reference}/history", {"Accept": "text/plain"})
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert reference in answer.text
    assert "Tiếp nhận đơn" in answer.text


async def test_what_a_protected_petitioner_wrote_is_shown_to_those_who_need_it(interface: Interface) -> None:
    """Law on denunciations 25/2018 Arts 9, 47, 56."""
    summary = "Trưởng thôn Mẫu nhận tiền"
    reference = (await interface.receive(kind="denunciation", summary=summary, place="Ngõ 5"))["reference"]
    steps = {
        "classify-petition": {"occurred_on": "2026-07-06", "kind": "denunciation"},
        "accept-petition": {"occurred_on": "2026-07-07", "document_no": "34/QĐ"},
        "assign-petition": ASSIGN,
    }
    for version, (step, body) in enumerate(steps.items(), start=1):
        answer = await interface.ask(f"/petitions/{reference}/{step}", body, {"If-Match": f'"{version}"'})
        assert answer.status_code == 200, answer.text
    may = [
        bearer(Role.HEAD, unit="khac"),
        bearer(Role.CLASSIFIER, unit="khac"),
        bearer(Role.CUSTODIAN, unit="khac"),
        bearer(Role.OFFICER),
    ]
    may_not = [
        bearer(Role.OFFICER, unit="khac"),
        bearer(Role.RECEIVER),
        bearer(Role.FOLLOW_UP),
        bearer(Role.ADMINISTRATOR, Role.INSPECTOR),
    ]
    paths = [
        f"/petitions/{reference}",
        f"/petitions/{reference}/history",
        f"/overdue?unit={UNIT}&state=not_yet_due",
    ]
    assert await interface.runner.wait_until_current(5)
    for path in paths:
        for headers in may:
            assert summary in (await interface.read(path, headers)).text, path
        for headers in may_not:
            answer = await interface.read(path, headers)
            assert answer.status_code == 200
            assert summary not in answer.text, path
            assert "Ngõ 5" not in answer.text, path
            assert "(thông tin được bảo vệ bí mật)" in answer.text, path
    text = await interface.read(f"/petitions/{reference}/history", {"Accept": "text/plain", **may_not[0]})
    assert summary not in text.text


async def test_a_letter_found_to_be_a_denunciation_is_protected_from_then_on(interface: Interface) -> None:
    reference = (await interface.receive(summary="Trưởng thôn nhận tiền"))["reference"]
    stranger = bearer(Role.RECEIVER)
    assert not (await interface.read(f"/petitions/{reference}", stranger)).json()["identity_protected"]
    for version, kind in ((1, "denunciation"), (2, "complaint")):
        body = {"occurred_on": "2026-07-06", "kind": kind, "reason": "Đọc kỹ nội dung"}
        answer = await interface.ask(f"/petitions/{reference}/classify-petition", body, {"If-Match": f'"{version}"'})
        assert answer.status_code == 200, answer.text
        state = (await interface.read(f"/petitions/{reference}", stranger)).json()
        assert (state["identity_protected"], state["summary"]) == (True, "(thông tin được bảo vệ bí mật)")


async def test_the_custodian_reads_who_petitioned_and_that_is_recorded(interface: Interface) -> None:
    entered = await interface.receive(petitioners=[PERSON, {"name": "Trần Văn Mẫu"}])
    path = f"/petitions/{entered['reference']}/petitioners"
    custodian = bearer(Role.CUSTODIAN, officer="gh-vidu")
    answer = await interface.read(f"{path}?purpose=gửi+văn+bản", custodian)
    shown = {one.pop("petitioner_ref"): one for one in answer.json()}
    history = (await interface.read(f"/petitions/{entered['reference']}/history", bearer(Role.HEAD))).json()
    persons = history[0]["details"]["persons"]
    assert {(one["ref"], one["capacity"]) for one in persons} == {(ref, "petitioner") for ref in shown}
    with psycopg.connect(interface.dsn) as connection:
        digests = connection.execute(
            "SELECT encode(sha256(sealed), 'hex') FROM kiennghi_vault.identities"
            " WHERE petitioner_ref = ANY(%s::uuid[])",
            [list(shown)],
        ).fetchall()
    assert {one["identity_digest"] for one in persons} == {digest for (digest,) in digests}
    assert sorted(one["name"] for one in shown.values()) == ["Nguyễn Thị Ví Dụ", "Trần Văn Mẫu"]
    assert PERSON in [{k: one[k] for k in PERSON} for one in shown.values()]
    with psycopg.connect(interface.dsn) as connection:
        rows = connection.execute(
            "SELECT petitioner_ref::text, read_by, purpose FROM kiennghi_vault.identity_accesses"
            " WHERE petitioner_ref = ANY(%s::uuid[])",
            [list(shown)],
        ).fetchall()
    assert sorted(rows) == sorted((ref, "gh-vidu", "gửi văn bản") for ref in shown)


async def test_who_petitioned_is_for_the_custodian_with_a_purpose(interface: Interface) -> None:
    path = f"/petitions/{(await interface.receive(petitioners=[PERSON]))['reference']}/petitioners"
    refused = await interface.read(f"{path}?purpose=tò+mò")
    assert (refused.status_code, "custodian" in refused.json()["detail"]) == (403, True)
    for useless in ("", "?purpose=", "?purpose=%20", "?purpose=%00"):
        answer = await interface.read(f"{path}{useless}", bearer(Role.CUSTODIAN))
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "purpose")


async def test_nothing_that_was_read_may_be_kept_by_a_browser_or_proxy(interface: Interface) -> None:
    answer = await interface.read(f"/petitions/{(await interface.receive())['reference']}")
    assert answer.headers["cache-control"] == "private, no-store"
