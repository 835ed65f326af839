"""Computes the digest of a request, which is stored for ever with its command.

By it a repeated request is told from another one. It has a key that follows from the vault key, because a digest
without one would confirm a guess of a name or of a text, also after both were erased.
"""

import hashlib
import hmac

from service.security.text_vault import TextVault

_PURPOSE = b"kiennghi request digest"


def digest_of_request(vault: TextVault, door: str, request: bytes) -> bytes:
    """Return the digest of a request, 32 bytes. `door` names the way in: equal bytes of two ways differ."""
    return hmac.digest(vault.derive_key(_PURPOSE), door.encode() + b"\n" + request, hashlib.sha256)
