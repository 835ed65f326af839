"""Makes and reads signing keys, and signs checkpoints as a log or as a witness (C2SP signed-note, tlog-cosignature).

A signing key is one line, `PRIVATE+KEY+NAME+ID+KEY`. It belongs to whoever seals and to nobody who serves.
"""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service.transparency.offline_verifier import COSIGNATURE, ED25519, PublicKey, cosigned_message

_PRIVATE = "PRIVATE+KEY+"
_SEED_BYTES = 32


class UnusableSigningKey(Exception):
    """Is raised for a text that is no signing key; the message never repeats it."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Holds a key that signs, under the name of a log or of a witness."""

    name: str
    kind: int
    seed: bytes = field(repr=False)

    @classmethod
    def make(cls, name: str, *, is_witness: bool = False) -> "SigningKey":
        """Return a new key. Raise UnusableSigningKey for a name that a checkpoint cannot bear."""
        if not name or len(name) > 200 or any(one in "+" or one.isspace() or not one.isprintable() for one in name):
            raise UnusableSigningKey(
                "a name of a log or witness has no spaces and no plus, such as tinh-a.example/kiennghi"
            )
        return cls(name, COSIGNATURE if is_witness else ED25519, secrets.token_bytes(_SEED_BYTES))

    @classmethod
    def parse(cls, line: str) -> "SigningKey":
        """Return the key of a line. Raise UnusableSigningKey."""
        name, _, rest = line.strip().removeprefix(_PRIVATE).partition("+")
        number, _, text = rest.partition("+")
        try:
            raw = base64.b64decode(text, validate=True)
        except ValueError:
            raw = b""
        if not line.startswith(_PRIVATE) or len(raw) != 1 + _SEED_BYTES or raw[0] not in (ED25519, COSIGNATURE):
            raise UnusableSigningKey(f"wants a line {_PRIVATE}NAME+ID+KEY, as `kiennghi checkpoint new-key` makes it")
        key = cls(name, raw[0], raw[1:])
        if key.public.key_id.hex() != number:
            raise UnusableSigningKey("the signing key was copied wrongly: its id does not belong to it")
        return key

    def line(self) -> str:
        """Return the line that holds the key, secret."""
        raw = base64.b64encode(bytes([self.kind]) + self.seed).decode()
        return f"{_PRIVATE}{self.name}+{self.public.key_id.hex()}+{raw}"

    @property
    def public(self) -> PublicKey:
        """Return the key that verifies what this one signs."""
        raw = self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return PublicKey(self.name, self.kind, raw)

    def signature_line(self, text: str, now: datetime) -> str:
        """Return the line by which this key signs a checkpoint's text; a witness's says when it was signed."""
        if self.kind == COSIGNATURE:
            second = int(now.timestamp())
            blob = second.to_bytes(8) + self._private.sign(cosigned_message(text, second))
        else:
            blob = self._private.sign(text.encode())
        return f"— {self.name} {base64.b64encode(self.public.key_id + blob).decode()}\n"

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def checkpoint_text(origin: str, size: int, root: bytes, lines: Sequence[str] = ()) -> str:
    """Return the text of a checkpoint: origin, number of leaves, root, and further lines."""
    return "".join(f"{line}\n" for line in (origin, size, base64.b64encode(root).decode(), *lines))


def sign_checkpoint(key: SigningKey, size: int, root: bytes, position: int, log_id: str, now: datetime) -> str:
    """Return the signed note of a checkpoint. It also says the last position, the log's id, and the time in UTC."""
    lines = (f"position {position}", f"log {log_id}", f"at {now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    text = checkpoint_text(key.name, size, root, lines)
    return f"{text}\n{key.signature_line(text, now)}"


def text_of_note(note: str) -> str:
    """Return the text that the signatures of a note are of."""
    return note.rpartition("\n\n")[0] + "\n"


def size_of_note(note: str) -> int:
    """Return the number of leaves that the note of a checkpoint is of."""
    return int(note.split("\n")[1])
