"""Access tokens: who an officer is and which roles they have, signed by this service.

Ed25519, so that what verifies a token cannot issue one: an outside issuer is one more public key. The algorithm, the
key, the issuer and the audience are fixed here; nothing in a token's header chooses any of them.
"""

import hashlib
import hmac
import re
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError, MissingClaimError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry
from pydantic import ValidationError

from domain.actor import Credentials

ISSUER = "kiennghi"
AUDIENCE = "kiennghi-api"
LEEWAY = 30
"""Seconds by which clocks may differ."""
TOKENS_KEPT = 1024
"""Of those that were verified: to check a signature takes longer than many a request."""

_ALGORITHM = "Ed25519"
_HEADER = {"alg": _ALGORITHM, "typ": "at+jwt"}  # RFC 9068: an ID token is not an access token
_REGISTRY = JWSRegistry(algorithms=[_ALGORITHM])
_COMPACT = re.compile(r"[A-Za-z0-9_-]{1,200}\.[A-Za-z0-9_-]{1,8000}\.[A-Za-z0-9_-]{1,200}")
_CLAIMS = jwt.JWTClaimsRegistry(
    now=lambda: int(time.time()),
    leeway=LEEWAY,
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": AUDIENCE},
    exp={"essential": True, "allow_blank": True},  # 0 is a time, long past
    nbf={"essential": True, "allow_blank": True},
    sub={"essential": True},
)


class InvalidToken(Exception):
    """The token proves nothing; the message says why and repeats nothing of it."""


def issue(credentials: Credentials, key: bytes, *, hours: float) -> str:
    """A token that is valid from now on for so many hours. `key` is the 32-byte seed of the signing key."""
    if hours <= 0:
        raise ValueError(f"a token must be valid for some time, not {hours} hours")
    now = int(time.time())
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": credentials.officer,
        "nbf": now,
        "exp": now + round(hours * 3600),
        "jti": str(uuid4()),
        "unit": credentials.unit,
        "position": credentials.position,
        "roles": sorted(credentials.roles),
    }
    if credentials.acting_for is not None:
        claims["acting_for"] = credentials.acting_for
    return jwt.encode(_HEADER, claims, _key_pair(key), registry=_REGISTRY, default_type=None)


def verify(token: str, key: bytes) -> Credentials:
    """Whom the token names. InvalidToken unless it is ours, unaltered, for us and in force."""
    if not _COMPACT.fullmatch(token):
        raise InvalidToken("this is not an access token")
    seen = hmac.digest(key, token.encode(), hashlib.sha256)  # in place of the token: memory is no store of tokens
    verified = _verified.get(seen)
    if verified is None or not verified.begins_at <= int(time.time()) < verified.ends_at:
        verified = _verified[seen] = _verify(token, key)
        if len(_verified) > TOKENS_KEPT:
            del _verified[next(iter(_verified))]
    return verified.credentials


@dataclass(frozen=True, slots=True)
class _Verified:
    """Stays true from one second until before the other. What is refused is not kept."""

    credentials: Credentials
    begins_at: int
    ends_at: int


_verified: dict[bytes, _Verified] = {}


def _verify(token: str, key: bytes) -> _Verified:
    try:
        opened = jwt.decode(token, _key_pair(key), registry=_REGISTRY)
    # Bytes that pass for base64 and are no JSON, or JSON too deep: whatever it is, it was not signed here.
    except (JoseError, ValueError, RecursionError, TypeError, AttributeError, KeyError):
        raise InvalidToken("the token was not signed by this service") from None
    if opened.header != _HEADER:
        raise InvalidToken("the token is of another kind")
    try:
        _CLAIMS.validate(opened.claims)
    except ExpiredTokenError:
        raise InvalidToken("the token has expired") from None
    except MissingClaimError as error:
        raise InvalidToken(f"the token does not say: {error.description or 'all it must'}") from None
    except JoseError:
        raise InvalidToken("the token is not yet in force, or not for this service") from None
    claims = opened.claims
    return _Verified(_credentials(claims), claims["nbf"] - LEEWAY, claims["exp"] + LEEWAY)


def _credentials(claims: dict[str, Any]) -> Credentials:
    said = {name: claims.get(name) for name in ("unit", "position", "acting_for")}
    try:
        return Credentials.model_validate({**said, "officer": claims["sub"], "roles": claims.get("roles", [])})
    except ValidationError:
        raise InvalidToken("the token names no officer of a unit with known roles") from None


@lru_cache(maxsize=4)
def _key_pair(seed: bytes) -> OKPKey:
    return OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(seed))
