"""Issues and verifies access tokens, which say who an officer is and which roles they have.

They are signed with Ed25519, so that a verifier cannot issue a token. An outside issuer would only need one more public
key here. The algorithm, the key, the issuer and the audience are fixed here; nothing in a token's header chooses any of
them.
"""

import hashlib
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
LEEWAY_SECONDS = 30
"""Seconds by which the clocks of issuer and verifier may differ."""
VERIFIED_TOKENS_KEPT = 1024
"""Number of verified tokens in the cache: the check of a signature takes longer than many requests."""

_ALGORITHM = "Ed25519"
_TOKEN_HEADER = {"alg": _ALGORITHM, "typ": "at+jwt"}  # RFC 9068: an ID token is not an access token
_REGISTRY = JWSRegistry(algorithms=[_ALGORITHM])
_COMPACT_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}\.[A-Za-z0-9_-]{1,8000}\.[A-Za-z0-9_-]{1,200}")
_CLAIMS = jwt.JWTClaimsRegistry(
    now=lambda: int(time.time()),
    leeway=LEEWAY_SECONDS,
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": AUDIENCE},
    exp={"essential": True, "allow_blank": True},  # 0 is a time, long past
    nbf={"essential": True, "allow_blank": True},
    sub={"essential": True},
)


class InvalidToken(Exception):
    """Is raised for a token that is not valid. The message says why and repeats no part of the token."""


def issue_token(credentials: Credentials, key: bytes, *, hours: float) -> str:
    """Return a token that is valid for `hours` from now on. `key` is the 32-byte seed of the signing key.

    Raise ValueError unless `hours` is positive.
    """
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
    return jwt.encode(_TOKEN_HEADER, claims, _key_pair(key), registry=_REGISTRY, default_type=None)


def verify_token(token: str, key: bytes) -> Credentials:
    """Return the credentials that the token carries. `key` is the 32-byte seed of the signing key.

    Raise InvalidToken unless this service signed the token for itself, nobody changed it, and it is in force.
    """
    if not _COMPACT_TOKEN.fullmatch(token):
        raise InvalidToken("this is not an access token")
    # The cache holds no tokens that could be stolen. A hash that takes a key itself is quicker than an HMAC.
    token_hash = hashlib.blake2b(token.encode(), key=key, digest_size=32).digest()
    verified = _verified_tokens.get(token_hash)
    if verified is None or not verified.begins_at <= int(time.time()) < verified.ends_at:
        verified = _verified_tokens[token_hash] = _check_token(token, key)
        if len(_verified_tokens) > VERIFIED_TOKENS_KEPT:
            del _verified_tokens[next(iter(_verified_tokens))]
    return verified.credentials


@dataclass(frozen=True, slots=True)
class _VerifiedToken:
    """Holds the credentials of a verified token, valid from `begins_at` (inclusive) to `ends_at` (exclusive).

    Both are seconds since 1970 and include the leeway. Refused tokens are not cached.
    """

    credentials: Credentials
    begins_at: int
    ends_at: int


_verified_tokens: dict[bytes, _VerifiedToken] = {}


def _check_token(token: str, key: bytes) -> _VerifiedToken:
    try:
        decoded = jwt.decode(token, _key_pair(key), registry=_REGISTRY)
    # The bytes may be valid base64 without JSON, or JSON that is too deep: in any case this service did not sign them.
    except (JoseError, ValueError, RecursionError, TypeError, AttributeError, KeyError):
        raise InvalidToken("the token was not signed by this service") from None
    if decoded.header != _TOKEN_HEADER:
        raise InvalidToken("the token is of another kind")
    try:
        _CLAIMS.validate(decoded.claims)
    except ExpiredTokenError:
        raise InvalidToken("the token has expired") from None
    except MissingClaimError as error:
        raise InvalidToken(f"the token does not say: {error.description or 'all it must'}") from None
    except JoseError:
        raise InvalidToken("the token is not yet in force, or not for this service") from None
    claims = decoded.claims
    return _VerifiedToken(
        _credentials_from_claims(claims), claims["nbf"] - LEEWAY_SECONDS, claims["exp"] + LEEWAY_SECONDS
    )


def _credentials_from_claims(claims: dict[str, Any]) -> Credentials:
    optional = {name: claims.get(name) for name in ("unit", "position", "acting_for")}
    try:
        return Credentials.model_validate({**optional, "officer": claims["sub"], "roles": claims.get("roles", [])})
    except ValidationError:
        raise InvalidToken("the token names no officer of a unit with known roles") from None


@lru_cache(maxsize=4)
def _key_pair(seed: bytes) -> OKPKey:
    return OKPKey.import_key(Ed25519PrivateKey.from_private_bytes(seed))
