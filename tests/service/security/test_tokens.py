import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from domain.actor import Credentials, Role
from service.security.tokens import AUDIENCE, ISSUER, LEEWAY_SECONDS, InvalidToken, issue_token, verify_token

KEY = bytes(range(32))
OFFICER = Credentials(
    officer="cb-vidu", unit="phong-kinh-te", position="Chuyên viên", roles=frozenset({Role.OFFICER, Role.RECEIVER})
)
PUBLIC = Ed25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def claims(**changes: Any) -> dict[str, Any]:
    """Return the claims of a valid token with changes; None removes a claim."""
    now = int(time.time())
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "cb-vidu",
        "nbf": now,
        "exp": now + 600,
        "unit": "phong-kinh-te",
        "position": "Chuyên viên",
        "roles": ["officer"],
    }
    return {name: value for name, value in (good | changes).items() if value is not None}


def signed(payload: Any, header: dict[str, Any] | None = None, key: bytes = KEY) -> str:
    """Return a token with a valid signature, whatever its payload and header say."""
    head = json.dumps({"alg": "Ed25519", "typ": "at+jwt"} if header is None else header).encode()
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    text = f"{b64(head)}.{b64(body)}"
    return f"{text}.{b64(Ed25519PrivateKey.from_private_bytes(key).sign(text.encode()))}"


def with_header(**changes: Any) -> str:
    return signed(claims(), {"alg": "Ed25519", "typ": "at+jwt", **changes})


def with_hmac(secret: bytes, alg: str = "HS256") -> str:
    text = f"{b64(json.dumps({'alg': alg, 'typ': 'at+jwt'}).encode())}.{b64(json.dumps(claims()).encode())}"
    return f"{text}.{b64(hmac.digest(secret, text.encode(), hashlib.sha256))}"


def unsigned(alg: str) -> str:
    return f"{b64(json.dumps({'alg': alg, 'typ': 'at+jwt'}).encode())}.{b64(json.dumps(claims()).encode())}."


def with_other_payload() -> str:
    head, _, signature = signed(claims()).split(".")
    return f"{head}.{b64(json.dumps(claims(sub='ct-vidu')).encode())}.{signature}"


def with_other_header() -> str:
    _, payload, signature = signed(claims()).split(".")
    return f"{b64(json.dumps({'alg': 'Ed25519', 'typ': 'at+jwt', 'kid': '1'}).encode())}.{payload}.{signature}"


def with_bent_signature() -> str:
    token = signed(claims())
    head, payload, signature = token.split(".")
    return f"{head}.{payload}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def test_what_is_issued_is_verified() -> None:
    assert verify_token(issue_token(OFFICER, KEY, hours=8), KEY) == OFFICER


def test_who_acts_for_another_is_told() -> None:
    deputy = OFFICER.model_copy(update={"acting_for": "ct-vidu"})
    assert verify_token(issue_token(deputy, KEY, hours=1), KEY) == deputy


def test_the_table_of_forgeries_begins_with_a_good_token() -> None:
    assert verify_token(signed(claims()), KEY).officer == "cb-vidu"
    assert verify_token(signed(claims(aud=["another", AUDIENCE])), KEY).officer == "cb-vidu"


FORGED: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no token at all": lambda: "cb-vidu",
    "two parts": lambda: signed(claims()).rpartition(".")[0],
    "four parts": lambda: signed(claims()) + ".AAAA",
    "five parts, an encrypted one": lambda: "e30.AAAA.AAAA.AAAA.AAAA",
    "letters that are no base64url": lambda: signed(claims()).replace(".", ".+", 1),
    "an end that is cut off": lambda: signed(claims())[:-10],
    "a giant": lambda: f"e30.{'A' * 20_000}.AAAA",
    "a NUL": lambda: signed(claims()) + "\0",
    "a line break at the end": lambda: signed(claims()) + "\n",
    "none": lambda: unsigned("none"),
    "None": lambda: unsigned("None"),
    "our algorithm, no signature": lambda: unsigned("Ed25519"),
    "an HMAC with the public key": lambda: with_hmac(PUBLIC),
    "an HMAC with the private key": lambda: with_hmac(KEY),
    "an HMAC under the name of our algorithm": lambda: with_hmac(PUBLIC, "Ed25519"),
    "the deprecated name of the algorithm": lambda: with_header(alg="EdDSA"),
    "another curve": lambda: with_header(alg="Ed448"),
    "no algorithm": lambda: signed(claims(), {"typ": "at+jwt"}),
    "an algorithm that is no text": lambda: with_header(alg=["Ed25519"]),
    "another key": lambda: signed(claims(), key=b"x" * 32),
    "a payload that was changed": with_other_payload,
    "a header that was changed": with_other_header,
    "a signature that was changed": with_bent_signature,
    "a key in the header": lambda: with_header(jwk={"kty": "OKP", "crv": "Ed25519", "x": b64(PUBLIC)}),
    "the address of keys": lambda: with_header(jku="https://keys.example/jwks.json"),
    "the address of a certificate": lambda: with_header(x5u="https://keys.example/chain.pem"),
    "a key id that is a path": lambda: with_header(kid="../../dev/null"),
    "a critical extension": lambda: with_header(crit=["exp"]),
    "an unencoded payload": lambda: with_header(b64=False, crit=["b64"]),
    "a header of another kind": lambda: with_header(typ="JWT"),
    "a header without a kind": lambda: signed(claims(), {"alg": "Ed25519"}),
    "a payload that is a list": lambda: signed([]),
    "a payload that is no JSON": lambda: signed(b"\xff\xfe"),
    "a payload too deep": lambda: signed(b"[" * 5_000),
    "no issuer": lambda: signed(claims(iss=None)),
    "another issuer": lambda: signed(claims(iss="someone")),
    "no audience": lambda: signed(claims(aud=None)),
    "another audience": lambda: signed(claims(aud="another")),
    "no end": lambda: signed(claims(exp=None)),
    "an end in the past": lambda: signed(claims(exp=int(time.time()) - LEEWAY_SECONDS - 1)),
    "an end at zero": lambda: signed(claims(exp=0)),
    "an end that is a text": lambda: signed(claims(exp="2999-01-01")),
    "an end that is true": lambda: signed(claims(exp=True)),
    "an end that is not a number": lambda: signed(claims(exp=float("nan"))),
    "an end that never comes": lambda: signed(claims(exp=float("inf"))),
    "no beginning": lambda: signed(claims(nbf=None)),
    "a beginning in the future": lambda: signed(claims(nbf=int(time.time()) + LEEWAY_SECONDS + 5)),
    "no officer": lambda: signed(claims(sub=None)),
    "an officer that is empty": lambda: signed(claims(sub="")),
    "an officer that is a number": lambda: signed(claims(sub=7)),
    "an officer with a NUL": lambda: signed(claims(sub="cb\0vidu")),
    "an officer with a line break": lambda: signed(claims(sub="import\nx")),
    "no unit": lambda: signed(claims(unit=None)),
    "no position": lambda: signed(claims(position=None)),
    "a role that there is not": lambda: signed(claims(roles=["officer", "root"])),
    "roles that are a text": lambda: signed(claims(roles="head")),
    "roles that are an object": lambda: signed(claims(roles={"head": True})),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_a_forged_token_is_refused(forged: Callable[[], str]) -> None:
    with pytest.raises(InvalidToken):
        verify_token(forged(), KEY)


@given(st.text())
def test_whatever_is_sent_as_a_token_is_refused_and_breaks_nothing(text: str) -> None:
    with pytest.raises(InvalidToken):
        verify_token(text, KEY)


@given(st.binary(max_size=60), st.binary(max_size=200))
def test_a_strange_header_and_payload_are_refused_and_break_nothing(header: bytes, payload: bytes) -> None:
    with pytest.raises(InvalidToken):
        verify_token(f"{b64(header)}.{b64(payload)}.AAAA", KEY)


def test_a_token_is_valid_for_its_hours_and_the_leeway() -> None:
    with time_machine.travel(1_780_000_000, tick=False) as clock:
        token = issue_token(OFFICER, KEY, hours=1)
        clock.shift(3600 + LEEWAY_SECONDS - 1)
        assert verify_token(token, KEY) == OFFICER
        clock.shift(1)
        with pytest.raises(InvalidToken, match="has expired"):
            verify_token(token, KEY)


def test_a_clock_that_is_a_little_behind_takes_a_new_token() -> None:
    with time_machine.travel(1_780_000_000, tick=False) as clock:
        token = issue_token(OFFICER, KEY, hours=1)
        clock.shift(-LEEWAY_SECONDS)
        assert verify_token(token, KEY) == OFFICER
        clock.shift(-1)
        with pytest.raises(InvalidToken):
            verify_token(token, KEY)


def test_a_token_is_not_issued_for_no_time() -> None:
    with pytest.raises(ValueError, match="0 hours"):
        issue_token(OFFICER, KEY, hours=0)


def test_why_a_token_is_refused_repeats_nothing_of_it() -> None:
    with pytest.raises(InvalidToken) as refusal:
        verify_token(signed(claims(sub="Nguyễn Thị Ví Dụ\0")), KEY)
    assert "Ví Dụ" not in str(refusal.value)
    assert refusal.value.__suppress_context__
