"""A petitioner's name, address and numbers are in the vault and appear nowhere else."""

import base64
import io
import logging
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
import structlog
from psycopg import sql

from domain.actor import Role
from domain.text import fold_diacritics
from tests.service.api.interface import Interface, bearer, fresh_key

pytestmark = pytest.mark.anyio

CANARY = {
    "name": "Hoàng Yến Kiểm Thử",
    "address": "Ngõ Chim Hoàng Yến 7",
    "identity_no": "099887766554",
    "phone": "0998877665",
}
RECEIPT = {"occurred_on": "2026-07-06", "channel": "post", "summary": "Sửa đường"}


def encoded_forms(text: str) -> set[bytes]:
    """Return the forms in which a text could be stored: composed, decomposed, without tones, in JSON, base64, hex."""
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    plain = {composed, decomposed, fold_diacritics(text), composed.lower(), composed.upper()}
    escaped = {text.encode("ascii", "backslashreplace").decode() for text in plain}
    raw = {text.encode() for text in plain | escaped} | {composed.encode("utf-16-le")}
    return raw | {base64.b64encode(form)[:-4] for form in raw} | {form.hex().encode() for form in raw}


CANARIES = {form for text in CANARY.values() for form in encoded_forms(text)}


def canaries_in(text: bytes) -> list[bytes]:
    return [canary for canary in CANARIES if canary in text]


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Yield a buffer with all that structlog and logging write at the finest level."""
    written = io.StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    level = root.level
    with structlog.testing.capture_logs() as lines:
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        try:
            yield written
        finally:
            root.removeHandler(handler)
            root.setLevel(level)
            written.write(repr(lines))


def stored_outside_the_vault(dsn: str) -> Iterator[tuple[str, bytes]]:
    """Yield every row of every table, without the encrypted columns of the vault, as text and with its bytes."""
    with psycopg.connect(dsn) as connection:
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema IN ('kiennghi', 'kiennghi_views', 'kiennghi_vault') AND table_type = 'BASE TABLE'"
        ).fetchall()
        for schema, table in tables:
            for row in connection.execute(sql.SQL("SELECT * FROM {}.{}").format(*map(sql.Identifier, (schema, table)))):
                values = [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row]
                yield f"{schema}.{table}", b"\n".join(values)


@pytest.fixture(scope="module")
async def entered_receipt(interface: Interface) -> dict[str, Any]:
    return await interface.receive(petitioners=[CANARY], kind="denunciation")


async def test_the_canaries_would_be_found(entered_receipt: dict[str, Any], interface: Interface) -> None:
    shown = await interface.read(
        f"/petitions/{entered_receipt['reference']}/petitioners?purpose=x", bearer(Role.CUSTODIAN)
    )
    assert canaries_in(shown.content)
    assert canaries_in(b"hoang yen kiem thu")


async def test_a_matter_of_a_letter_has_the_petitioners_of_the_letter(interface: Interface) -> None:
    letter = (await interface.receive(petitioners=[CANARY]))["reference"]
    body = {"occurred_on": "2026-07-07", "matters": [{"summary": "Con đường"}, {"summary": "Con mương"}]}
    answer = await interface.ask(f"/petitions/{letter}/split-petition", body, {"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    shown = await interface.read(f"/petitions/{letter}.2/petitioners?purpose=x", bearer(Role.CUSTODIAN))
    assert [petitioner["name"] for petitioner in shown.json()] == [CANARY["name"]]


async def test_a_corrected_identity_is_in_the_vault_alone_and_the_matters_of_the_letter_show_it(
    interface: Interface,
) -> None:
    letter = (await interface.receive(petitioners=[{"name": "Tên Gõ Nhầm"}]))["reference"]
    matters = {"occurred_on": "2026-07-07", "matters": [{"summary": "Con đường"}, {"summary": "Con mương"}]}
    await interface.ask(f"/petitions/{letter}/split-petition", matters, {"If-Match": '"1"'})
    propose = {"occurred_on": "2026-07-08", "why": "gõ nhầm", "persons": [{"number": 1, **CANARY}]}
    acts = (("propose-correction", propose, "mot"), ("approve-correction", {"occurred_on": "2026-07-08"}, "hai"))
    with everything_logged() as written:
        for version, (act, body, officer) in enumerate(acts, start=2):
            headers = {**bearer(officer=officer), "If-Match": f'"{version}"'}
            answer = await interface.ask(f"/petitions/{letter}/{act}", body, headers)
            assert (answer.status_code, canaries_in(answer.content)) == (200, []), answer.text
        of_matter = await interface.ask(f"/petitions/{letter}.1/propose-correction", propose, {"If-Match": '"1"'})
        assert of_matter.json()["code"] == "identity_came_from_another"
    assert not canaries_in(written.getvalue().encode())
    assert await interface.runner.wait_until_current(5)
    assert not [table for table, row in stored_outside_the_vault(interface.dsn) if canaries_in(row)]
    for reference in (letter, f"{letter}.2"):
        shown = await interface.read(f"/petitions/{reference}/petitioners?purpose=x", bearer(Role.CUSTODIAN))
        assert [petitioner["name"] for petitioner in shown.json()] == [CANARY["name"]]


async def test_nobody_reads_an_identity_without_saying_what_for(
    interface: Interface, entered_receipt: dict[str, Any]
) -> None:
    accesses = "SELECT count(*) FROM kiennghi_vault.identity_accesses"
    with psycopg.connect(interface.dsn) as owner:
        before = owner.execute(accesses).fetchone()
        for purpose in ("", "?purpose=", "?purpose=%20%09", "?purpose=%C2%A0", "?purpose=%E2%80%8B", "?purpose=%00"):
            path = f"/petitions/{entered_receipt['reference']}/petitioners{purpose}"
            answer = await interface.read(path, bearer(Role.CUSTODIAN))
            assert (answer.status_code, canaries_in(answer.content)) == (422, []), purpose
        assert owner.execute(accesses).fetchone() == before


async def test_identities_lie_nowhere_in_the_database_in_the_clear(
    interface: Interface, entered_receipt: dict[str, Any]
) -> None:
    assert await interface.runner.wait_until_current(5)
    tables = set()
    for table, row in stored_outside_the_vault(interface.dsn):
        tables.add(table)
        assert not canaries_in(row), table
    assert {"kiennghi.log", "kiennghi.officers", "kiennghi_views.overdue", "kiennghi_vault.identities"} <= tables


async def test_identities_are_in_no_answer_but_the_custodians(
    interface: Interface, entered_receipt: dict[str, Any]
) -> None:
    reference = entered_receipt["reference"]
    for path in (
        f"/petitions/{reference}",
        f"/petitions/{reference}/history",
        f"/petitions/{reference}/history?lang=en",
        "/overdue?state=not_yet_due&state=overdue&limit=200",
        "/units",
        "/meetings?from=2026-01-01&to=2026-12-31",
        f"/petitions/{reference}/petitioners?purpose=x",
    ):
        for accept in ("application/json", "text/plain"):
            assert not canaries_in((await interface.read(path, {"Accept": accept})).content), path


MISPLACED: list[dict[str, Any]] = [
    {"petitioners": [{**CANARY, "email": CANARY["name"]}]},
    {"petitioners": [{**CANARY, "name": CANARY["name"] + "\0"}]},
    {"petitioners": [{**CANARY, "is_representative": CANARY["name"]}]},
    {"petitioners": CANARY},
    {"petitioners": [CANARY["name"]]},
    {"petitioners": [[CANARY]]},
    {"channel": CANARY["name"], "petitioners": [CANARY]},
    {"meeting_id": CANARY["name"]},
    {"person_count": CANARY["identity_no"]},
    {"occurred_on": CANARY["name"]},
    {"book": CANARY["name"]},
    {CANARY["name"]: 1},
    {"petitioners": [CANARY] * 60},
    {"occurred_on": "2027-01-01", "petitioners": [CANARY]},
    {"petitioners": [{**CANARY, "is_representative": True}] * 9},
]


@pytest.mark.parametrize("fields", MISPLACED)
async def test_a_receipt_that_is_refused_repeats_no_identity(interface: Interface, fields: dict[str, Any]) -> None:
    with everything_logged() as written:
        answer = await interface.ask("/petitions", {**RECEIPT, **fields})
    assert 400 <= answer.status_code < 500
    assert not canaries_in(answer.content)
    assert not canaries_in(str(answer.headers).encode())
    assert "request" in written.getvalue()
    assert not canaries_in(written.getvalue().encode())


async def test_identities_are_in_no_log_line(interface: Interface) -> None:
    again = fresh_key()
    name = CANARY["name"]
    with everything_logged() as written:
        answer = await interface.ask("/petitions", {**RECEIPT, "petitioners": [CANARY]}, again)
        assert answer.status_code == 201
        other = await interface.ask("/petitions", {**RECEIPT, "petitioners": [CANARY, CANARY]}, again)
        assert other.status_code == 422
        for path in (
            f"/petitions/{name}",
            f"/overdue?unit={name}",
            f"/overdue?state={name}",
            f"/{name}",
            f"/petitions/{answer.json()['reference']}/petitioners?purpose={name}",
        ):
            await interface.read(path, bearer(Role.CUSTODIAN))
        headers = {"If-Match": name.encode(), "Idempotency-Key": name.encode(), "X-Request-Id": name.encode()}
        refused = await interface.client.post(
            f"/petitions/{answer.json()['reference']}/cancel-registration",
            json={"occurred_on": "2026-07-06", "reason": "x"},
            headers=[(n.encode(), v) for n, v in {**{k: v.encode() for k, v in bearer().items()}, **headers}.items()],
        )
        assert refused.status_code == 400
        assert not canaries_in(refused.content + str(refused.headers).encode())
    assert not canaries_in(written.getvalue().encode())


async def test_a_vault_that_does_not_open_is_a_fault_that_names_nobody(
    interface: Interface, entered_receipt: dict[str, Any]
) -> None:
    right_key, interface.office.vault_key = interface.office.vault_key, b"x" * 32
    try:
        with everything_logged() as written:
            answer = await interface.read(
                f"/petitions/{entered_receipt['reference']}/petitioners?purpose=x", bearer(Role.CUSTODIAN)
            )
    finally:
        interface.office.vault_key = right_key
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:kiennghi:problem:fault")
    assert "UndecryptableIdentity" in written.getvalue()
    assert not canaries_in(written.getvalue().encode() + answer.content)
