"""Computes the blind index of a petitioner: equal for the same person, and useless without the vault key.

A digest without a key would not protect anybody, because names and identity card numbers can be guessed.
"""

import hashlib
import hmac
from functools import lru_cache

from domain.duplicates.normal_form import normal_name, normal_number
from domain.petitioner import Petitioner

_BLIND_INDEX_BYTES = 16


def name_blind_index(petitioner: Petitioner, vault_key: bytes) -> bytes | None:
    """Return the blind index of the name (16 bytes), or None for a name without a letter or digit."""
    return _blind_index(vault_key, b"name", normal_name(petitioner.name))


def identity_no_blind_index(petitioner: Petitioner, vault_key: bytes) -> bytes | None:
    """Return the blind index of the identity card number (16 bytes), or None where no number is known."""
    return _blind_index(vault_key, b"identity number", normal_number(petitioner.identity_no))


def _blind_index(vault_key: bytes, kind: bytes, text: str) -> bytes | None:
    if not text:
        return None
    return hmac.digest(_blind_index_key(vault_key), kind + b"\n" + text.encode(), hashlib.sha256)[:_BLIND_INDEX_BYTES]


@lru_cache(maxsize=8)
def _blind_index_key(vault_key: bytes) -> bytes:
    return hmac.digest(vault_key, b"kiennghi petitioner marks", hashlib.sha256)
