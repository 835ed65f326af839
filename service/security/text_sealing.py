"""Seals the texts of facts under the key of their petition, and opens them.

AES-256-GCM binds each text to its petition and to its name: a text that is moved to another petition or field, or of
which a byte was changed, does not open. To erase the texts of a petition is to delete its key.
"""

import secrets
from collections.abc import Mapping
from typing import NamedTuple, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.sealed_text import NONCE_BYTES, ErasedText, Sealed, Text, replace_texts
from domain.value import UNSET, FactPart, UnsetType

T = TypeVar("T", bound=FactPart)


class UnopenableText(Exception):
    """Is raised when a sealed text has its key and does not open: it was moved or changed. The message has its name."""


class TextKey(NamedTuple):
    """Holds a key of a petition, ready for use. `number` counts the keys of the petition from 1."""

    number: int
    cipher: AESGCM


TextKeys = Mapping[int, TextKey]
"""The keys of one petition that are left, by number. A text whose key is missing was erased."""


class TextPlace(NamedTuple):
    """Says where a text is: in the history of a petition, under a name (see `replace_texts`)."""

    petition_id: UUID
    name: str


def seal_text(text: str, place: TextPlace, key: TextKey) -> Sealed:
    """Return the text, sealed for its place. Raise ValueError for a text that has no UTF-8 form."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    ciphertext = key.cipher.encrypt(nonce, text.encode(), _associated_data(place))
    return Sealed(key=key.number, nonce=nonce, ciphertext=ciphertext)


def open_text(text: Text, place: TextPlace, keys: TextKeys) -> Text:
    """Return the text as it was typed, or an ErasedText if its key is gone. A plain text is returned as it is.

    Raise UnopenableText.
    """
    if isinstance(text, str):
        return text
    key = keys.get(text.key)
    if key is None:
        return ErasedText(key=text.key, nonce=text.nonce, ciphertext=text.ciphertext)
    try:
        return key.cipher.decrypt(text.nonce, text.ciphertext, _associated_data(place)).decode()
    except (InvalidTag, ValueError):
        raise UnopenableText(f"the text {place.name} of petition {place.petition_id} does not open") from None


def seal_fact(fact: T, petition_id: UUID, key: TextKey) -> T:
    """Return the fact with all texts sealed for the history of `petition_id`.

    A text that is sealed under this key already was taken over from an earlier event: it must have the same name there,
    else UnopenableText is raised. A text that is sealed under another key, and one that was erased, stays as it is.
    """

    def seal(text: Text, name: str) -> Text:
        place = TextPlace(petition_id, name)
        if isinstance(text, str):
            return seal_text(text, place, key)
        if isinstance(text, ErasedText):
            return Sealed(key=text.key, nonce=text.nonce, ciphertext=text.ciphertext)
        if text.key == key.number:
            open_text(text, place, {key.number: key})
        return text

    return replace_texts(fact, seal)


def open_fact(fact: T, petition_id: UUID, keys: TextKeys) -> T:
    """Return the fact with all texts opened; those whose key is gone are ErasedTexts. Raise UnopenableText."""
    return replace_texts(fact, lambda text, name: open_text(text, TextPlace(petition_id, name), keys))


def reseal_text(
    text: Text, source: TextPlace, keys: TextKeys, target: TextPlace, key: TextKey | None
) -> Text | UnsetType:
    """Return a text of one history for another history, sealed under the key of that one; plain without a key.

    A text that was erased in the first history is not copied: UNSET is returned. Raise UnopenableText.
    """
    opened = open_text(text, source, keys)
    if isinstance(opened, Sealed):
        return UNSET
    return opened if key is None else seal_text(opened, target, key)


def reseal_fact(fact: T, source_id: UUID, keys: TextKeys, target_id: UUID, key: TextKey | None) -> T:
    """Return a fact made from one of the history of `source_id`, for the history of `target_id`, as `reseal_text` does.

    The texts that it took over have the names that they had there; plain texts are sealed too.
    """
    return replace_texts(
        fact,
        lambda text, name: reseal_text(text, TextPlace(source_id, name), keys, TextPlace(target_id, name), key),
    )


def _associated_data(place: TextPlace) -> bytes:
    return place.petition_id.bytes + place.name.encode()
