"""Marks of a petitioner: the same for the same person, and nobody's name without the vault key.

A digest without a key would not do: names and numbers of identity cards can be guessed.
"""

import hashlib
import hmac
from functools import lru_cache

from domain.duplicates.normal_form import name_of, number_of
from domain.petitioner import Petitioner

_BYTES = 16


def name_mark(petitioner: Petitioner, vault_key: bytes) -> bytes | None:
    """None for a name without a letter or number."""
    return _mark(vault_key, b"name", name_of(petitioner.name))


def identity_no_mark(petitioner: Petitioner, vault_key: bytes) -> bytes | None:
    """None where no number is known."""
    return _mark(vault_key, b"identity number", number_of(petitioner.identity_no))


def _mark(vault_key: bytes, what: bytes, text: str) -> bytes | None:
    if not text:
        return None
    return hmac.digest(_mark_key(vault_key), what + b"\n" + text.encode(), hashlib.sha256)[:_BYTES]


@lru_cache(maxsize=8)
def _mark_key(vault_key: bytes) -> bytes:
    return hmac.digest(vault_key, b"kiennghi petitioner marks", hashlib.sha256)
