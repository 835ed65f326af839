"""Encrypts bytes with AES-256-GCM so that they decrypt only in the place to which they are bound."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


def encrypt_bound(key: bytes, plaintext: bytes, associated_data: bytes) -> bytes:
    """Return the nonce, followed by the ciphertext with its tag. `associated_data` names the place."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, associated_data)


def decrypt_bound(key: bytes, ciphertext: bytes, associated_data: bytes) -> bytes:
    """Return the plaintext. Raise InvalidTag or ValueError under another key or place, or if a byte was changed."""
    return AESGCM(key).decrypt(ciphertext[:_NONCE_BYTES], ciphertext[_NONCE_BYTES:], associated_data)
