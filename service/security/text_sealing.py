"""Seals the texts of facts under the key of their petition, and opens them.

AES-256-GCM binds each text to its place: the petition, the event in it, and the name of the text. A text that is moved
to another place, or of which a byte was changed, does not open. To erase the texts of a petition is to erase its key.
"""

import hashlib
import hmac
import secrets
from collections.abc import Container, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

from domain.envelope import EventEnvelope
from domain.sealed_text import ERASED_TEXT, NONCE_BYTES, Sealed, Text, has_texts, replace_texts
from domain.value import FactPart

_VERSION_BYTES = 4

T = TypeVar("T", bound=FactPart)


class UnopenableText(Exception):
    """Is raised when a sealed text does not open: it was moved or changed, or its key is lost. The message names it."""


class UnusableTextKey(UnopenableText):
    """Is raised when a key cannot be unwrapped: the vault key is another one, or the row was changed.

    The message names the stream. Its texts are not erased.
    """


class TextKey:
    """Holds a data key of a petition. `number` counts the keys of the petition from 1.

    Its ciphers are made when they are first used, because making one takes longer than sealing a text.
    """

    # By hand: `functools.cached_property` takes a lock, which costs as much as making the cipher.
    __slots__ = ("_cipher", "_column_cipher", "_data_key", "number")

    def __init__(self, number: int, data_key: bytes) -> None:
        self.number = number
        self._data_key = data_key
        self._cipher: AESGCM | None = None
        self._column_cipher: AESSIV | None = None

    @property
    def cipher(self) -> AESGCM:
        """Return the cipher of the texts in the log: each is sealed with a random nonce."""
        if self._cipher is None:
            self._cipher = AESGCM(self._data_key)
        return self._cipher

    @property
    def column_cipher(self) -> AESSIV:
        """Return the cipher of texts in views: it seals the same text alike, so that a rebuild gives equal rows."""
        if self._column_cipher is None:
            self._column_cipher = AESSIV(hmac.digest(self._data_key, b"kiennghi columns of views", hashlib.sha512))
        return self._column_cipher


class BrokenTextKey(TextKey):
    """Stands for a key that does not unwrap: whoever uses it gets the error, and other petitions do not."""

    __slots__ = ("_error",)

    def __init__(self, number: int, error: UnusableTextKey) -> None:
        super().__init__(number, b"")
        self._error = error

    @property
    def cipher(self) -> AESGCM:
        """Raise UnusableTextKey."""
        raise self._error

    @property
    def column_cipher(self) -> AESSIV:
        """Raise UnusableTextKey."""
        raise self._error


TextKeys = Mapping[int, TextKey | None]
"""The keys of one petition, by number; None stands for a key that was erased. A key that is not here is lost."""


class TextPlace(NamedTuple):
    """Says where a text is: in the event `version` of a stream, under a name (see `replace_texts`)."""

    stream: UUID
    version: int
    name: str

    def __str__(self) -> str:
        return f"{self.name} in event {self.version} of {self.stream}"


def seal_text(text: str, place: TextPlace, key: TextKey) -> Sealed:
    """Return the text, sealed for its place. Raise ValueError for a text that has no UTF-8 form."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    ciphertext = key.cipher.encrypt(nonce, text.encode(), _associated_data(place))
    return Sealed(key=key.number, nonce=nonce, ciphertext=ciphertext)


def open_text(text: Text, place: TextPlace, keys: TextKeys) -> str:
    """Return the text as it was typed, or ERASED_TEXT if its key was erased. A plain text is returned as it is.

    Raise UnopenableText.
    """
    if isinstance(text, str):
        return text
    try:
        key = keys[text.key]
    except KeyError:
        raise UnopenableText(f"the key of {place} is lost") from None
    if key is None:
        return ERASED_TEXT
    try:
        return key.cipher.decrypt(text.nonce, text.ciphertext, _associated_data(place)).decode()
    except (InvalidTag, ValueError):
        raise UnopenableText(f"the text {place} does not open") from None


def seal_fact(fact: T, stream: UUID, version: int, key: TextKey) -> T:
    """Return the fact with all texts sealed for the event `version` of a stream.

    Raise ValueError for a fact that is sealed already: facts are opened before they are used.
    """

    place = stream.bytes + version.to_bytes(_VERSION_BYTES)

    def seal(text: Text, name: str) -> Text:
        if not isinstance(text, str):
            raise ValueError(f"the text {name} is sealed already")
        nonce = secrets.token_bytes(NONCE_BYTES)  # as `seal_text` does, with what all texts of a fact have in common
        ciphertext = key.cipher.encrypt(nonce, text.encode(), place + name.encode())
        return Sealed(key=key.number, nonce=nonce, ciphertext=ciphertext)

    return replace_texts(fact, seal)


def open_fact(fact: T, stream: UUID, version: int, keys: TextKeys) -> T:
    """Return the fact of the event `version` with all texts opened; those whose key was erased read ERASED_TEXT.

    Raise UnopenableText.
    """
    return replace_texts(fact, lambda text, name: open_text(text, TextPlace(stream, version, name), keys))


def open_events(
    events: Iterable[EventEnvelope[Any]], keys: TextKeys, kinds: Container[type] | None = None
) -> list[EventEnvelope[Any]]:
    """Return the events of one petition with their texts opened, only those of `kinds` if they are given.

    Raise UnopenableText.
    """
    return [
        envelope._replace(fact=open_fact(envelope.fact, envelope.originator_id, envelope.originator_version, keys))
        if has_texts(kind := type(envelope.fact)) and (kinds is None or kind in kinds)
        else envelope
        for envelope in events
    ]


def _associated_data(place: TextPlace) -> bytes:
    return place.stream.bytes + place.version.to_bytes(_VERSION_BYTES) + place.name.encode()
