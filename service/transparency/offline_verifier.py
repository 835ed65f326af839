#!/usr/bin/env python3
"""Verifies a proof of kiennghi on a machine without kiennghi. It needs Python 3.11 and the package `cryptography`.

    python3 offline_verifier.py PROOF.json --key LOG_KEY [--witness KEY] [--quorum N] [--against CHECKPOINT.txt]

It checks that every event in the file is in the log that was signed, in its order and without a gap, that nothing in
it was changed, and that the checkpoint is the one that was kept (--against). It does not check that what an officer
wrote is true. Exit code 0: verified; 1: not; 2: it cannot be read.

Hashes are those of RFC 6962, checkpoints those of C2SP (tlog-checkpoint, signed-note, tlog-cosignature).
"""

import argparse
import base64
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HASH_BYTES = 32
NO_EVENT_BEFORE = bytes(HASH_BYTES)
"""Stands in the leaf of the first event of a stream for the leaf of the event before."""

HEADS_TAG, HEAD_TAG = b"kiennghi/heads/1\n", b"kiennghi/head/1\n"
_EVENT = b"\x00kiennghi/event/1\n%d:%d,%d:%d,16:%b,%d:%d,%b16:%b,%b%b%b32:%b,32:%b,"
"""The byte 0 of a leaf, its kind and form, and the fields of an event."""
PROOF_FORMAT = "kiennghi-proof/1"
ED25519, COSIGNATURE = 1, 4
"""Kinds of signatures: of a log, and of a witness, which also says when it has seen the checkpoint."""

LARGEST_FILE = 512 << 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NotVerified(Exception):
    """Is raised when something is not as it was signed; has the sentence in Vietnamese and in English."""

    def __init__(self, vietnamese: str, english: str) -> None:
        super().__init__(f"{vietnamese} / {english}")
        self.vietnamese, self.english = vietnamese, english


# -- hashes


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 of a byte 0 and the data."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees: SHA-256 of a byte 1 and both hashes."""
    return sha256(b"\x01" + left + right).digest()


def tree_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root of the tree over these hashes, in order; of no hashes it is SHA-256 of nothing."""
    row = list(hashes)
    if not row:
        return sha256(b"").digest()
    while len(row) > 1:
        last = [row.pop()] if len(row) % 2 else []  # stands alone, and goes up as it is
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)] + last
    return row[0]


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that the path leads to from a leaf, or None if it cannot be a path of this leaf and size."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for one in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_hash(one, found)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            found = node_hash(found, one)
        place >>= 1
        last >>= 1
    return found if last == 0 else None


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether the path proves that the tree of `new` leaves begins with the tree of `old` leaves."""
    if old == new:
        return old_root == new_root and not path
    if not 0 < old < new or not path:
        return False
    first, *others = path if old & (old - 1) else (old_root, *path)
    place, last = old - 1, new - 1
    while place & 1:
        place >>= 1
        last >>= 1
    found_old = found_new = first
    for one in others:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found_new = node_hash(one, found_old), node_hash(one, found_new)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            found_new = node_hash(found_new, one)
        place >>= 1
        last >>= 1
    return last == 0 and found_old == old_root and found_new == new_root


# -- leaves


def netstring(value: bytes | None) -> bytes:
    """Return a field of a leaf: its length, a colon, the bytes, a comma; a hyphen and a comma where there is none."""
    return b"-," if value is None else b"%d:%b," % (len(value), value)


def event_leaf(
    position: int,
    recorded_at: int,
    stream: bytes,
    version: int,
    words: bytes,
    command_id: bytes,
    request_digest: bytes | None,
    context: bytes | None,
    reference: bytes | None,
    state_digest: bytes,
    leaf_before: bytes,
) -> bytes:
    """Return the leaf of an event: the hash of every column of its row, and of the leaf before it in its stream.

    `recorded_at` counts microseconds since 1970 in UTC, `words` are those of `words_of_row`, `stream` and `command_id`
    the 16 bytes of the ids.
    """
    # Written as one format, because a log has millions: each field is a netstring, each number its digits.
    return sha256(
        _EVENT
        % (
            len(str(position)),
            position,
            len(str(recorded_at)),
            recorded_at,
            stream,
            len(str(version)),
            version,
            words,
            command_id,
            netstring(request_digest),
            b"-," if context is None else _context_digest(context),
            netstring(reference),
            state_digest,
            leaf_before,
        )
    ).digest()


@lru_cache(maxsize=1024)  # most commands come in by few ways
def _context_digest(context: bytes) -> bytes:
    return netstring(sha256(context).digest())


def words_of_row(
    category: str | None,
    topic: str | None,
    officer: str | None,
    unit: str | None,
    position: str | None,
    acting_for: str | None,
) -> bytes:
    """Return the part of a leaf that says in words what happened, and who recorded it."""
    words = (category, topic, officer, unit, position, acting_for)
    return b"".join(netstring(None if word is None else word.encode()) for word in words)


def head_leaf(stream: bytes, version: int, leaf: bytes) -> bytes:
    """Return the hash of an entry of a list of heads: the last version of a stream, and its leaf."""
    return leaf_hash(HEAD_TAG + netstring(stream) + netstring(b"%d" % version) + netstring(leaf))


def heads_data(day: str, position: int, streams: int, root: bytes) -> bytes:
    """Return the data of the leaf with the heads: how many streams there were, and the root of their last events.

    It was made on `day` and stands for the log up to `position`; the list is in the order of the streams' ids.
    """
    fields = (day.encode(), b"%d" % position, b"%d" % streams, root)
    return HEADS_TAG + b"".join(map(netstring, fields))


# -- signed checkpoints


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Holds a key that verifies signatures, as one line names it: NAME+ID+KEY."""

    name: str
    kind: int
    key: bytes

    @classmethod
    def parse(cls, line: str) -> "PublicKey":
        """Return the key of a line. Raise NotVerified if it is none."""
        name, _, rest = line.strip().partition("+")
        number, _, text = rest.partition("+")
        raw = _base64(text) or b""
        if not name or len(raw) != 1 + HASH_BYTES or raw[0] not in (ED25519, COSIGNATURE):
            raise NotVerified("không phải khóa công khai", "this is no public key")
        found = cls(name, raw[0], raw[1:])
        if found.key_id.hex() != number:
            raise NotVerified("khóa công khai bị chép sai", "the public key was copied wrongly")
        return found

    @property
    def key_id(self) -> bytes:
        """Return the four bytes by which a signature names this key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.key).decode()}"


class SignedTree(NamedTuple):
    """Holds what was signed: the log's name, how many leaves it had, their root, and further lines.

    `signed_by` are the known keys that signed it, a witness with the second since 1970 at which it did.
    """

    origin: str
    size: int
    root: bytes
    lines: tuple[str, ...]
    signed_by: Mapping[PublicKey, int]

    def line(self, word: str) -> str | None:
        """Return what the further line says that begins with this word, or None."""
        return next((line.removeprefix(f"{word} ") for line in self.lines if line.startswith(f"{word} ")), None)


def cosigned_message(text: str, second: int) -> bytes:
    """Return what a witness signs: that it has seen this checkpoint, and when."""
    return f"cosignature/v1\ntime {second}\n{text}".encode()


def open_checkpoint(note: str, keys: Iterable[PublicKey]) -> SignedTree:
    """Return a checkpoint that one of the keys signed. Raise NotVerified for anything else.

    Signatures by other keys are passed over; a wrong one by a known key is not.
    """
    text, separator, signatures = note.rpartition("\n\n")
    text += "\n"
    if not separator or not signatures.endswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f\x7f\r]", note):
        raise NotVerified("không phải điểm kiểm tra đã ký", "this is no signed checkpoint")
    known = {(key.name, key.key_id): key for key in keys}
    signed_by: dict[PublicKey, int] = {}
    for line in signatures[:-1].split("\n"):
        dash, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        blob = _base64(encoded) or b""
        if dash != "—" or len(blob) < 5:
            raise NotVerified("dòng chữ ký không đúng dạng", "a line with a signature is malformed")
        if (key := known.get((name, blob[:4]))) is not None:
            signed_by[key] = _verified_signature(key, text, blob[4:])
    if not signed_by:
        raise NotVerified("không có chữ ký của khóa đã biết", "no known key has signed this checkpoint")
    origin, size, root, *lines = [*text[:-1].split("\n"), "", ""]
    decoded = _base64(root) or b""
    if not origin or not re.fullmatch(r"0|[1-9][0-9]{0,17}", size) or len(decoded) != HASH_BYTES:
        raise NotVerified("nội dung điểm kiểm tra không đúng dạng", "the checkpoint is malformed")
    return SignedTree(origin, int(size), decoded, tuple(filter(None, lines)), signed_by)


def _verified_signature(key: PublicKey, text: str, blob: bytes) -> int:
    """Return the second at which a witness signed, 0 for a log. Raise NotVerified for a wrong signature."""
    second, message, signature = 0, text.encode(), blob
    if key.kind == COSIGNATURE:
        second, signature = int.from_bytes(blob[:8]), blob[8:]
        message = cosigned_message(text, second)
    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(signature, message)
    except InvalidSignature:
        raise NotVerified(
            f"chữ ký của {key.name} không đúng", f"the signature of {key.name} does not belong to this text"
        ) from None
    return second


# -- a proof


class VerifiedProof(NamedTuple):
    """Holds what a proof has shown. `ends_proven_at` is the last position up to which no event can be left out."""

    events: int
    checkpoint: SignedTree
    ends_proven_at: int | None


def verify_proof(
    text: bytes, log_key: PublicKey, witnesses: Sequence[PublicKey] = (), quorum: int = 0
) -> VerifiedProof:
    """Return what a proof shows. Raise NotVerified if anything is not as it was signed, ValueError if malformed."""
    if len(text) > LARGEST_FILE:
        raise ValueError("the file is too large")
    proof = json.loads(text.decode(), object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    _require_fields(proof, format=str, stream=str, checkpoint=str, events=list, heads=(dict, None))
    if proof["format"] != PROOF_FORMAT:
        raise ValueError("this is no proof of kiennghi, or one of a newer form")
    checkpoint = open_checkpoint(proof["checkpoint"], [log_key, *witnesses])
    _require_signed_by(checkpoint, log_key, witnesses, quorum)
    stream, leaves = _uuid_bytes(proof["stream"]), list[bytes]()
    places: list[int] = []
    for number, event in enumerate(proof["events"], 1):
        leaf = _leaf_of_event(event, stream, number, leaves[-1] if leaves else NO_EVENT_BEFORE)
        if root_of_inclusion(leaf, event["leaf"], checkpoint.size, _path(event["path"])) != checkpoint.root:
            raise NotVerified(
                f"sự kiện {number} không có trong nhật ký đã ký, hoặc đã bị sửa",
                f"event {number} is not in the log that was signed, or was changed",
            )
        leaves.append(leaf)
        places.append(event["leaf"])
    if not leaves or any(later <= earlier for earlier, later in pairwise(places)):
        raise ValueError("the events are not in the order of the log")
    ends = (
        None if proof["heads"] is None else _verify_heads(proof["heads"], stream, proof["events"], leaves, checkpoint)
    )
    return VerifiedProof(len(leaves), checkpoint, ends)


def _require_signed_by(checkpoint: SignedTree, log_key: PublicKey, witnesses: Sequence[PublicKey], quorum: int) -> None:
    if log_key not in checkpoint.signed_by or checkpoint.origin != log_key.name:
        raise NotVerified("không phải nhật ký này ký", "it was not signed by this log")
    if sum(key in checkpoint.signed_by for key in witnesses) < quorum:
        raise NotVerified("thiếu chữ ký của người chứng kiến", "too few witnesses have signed")


def _leaf_of_event(event: Any, stream: bytes, number: int, leaf_before: bytes) -> bytes:
    optional = (str, None)
    _require_fields(
        event,
        leaf=int,
        position=int,
        recorded_at=str,
        version=int,
        category=str,
        topic=str,
        officer=str,
        unit=str,
        officer_position=str,
        acting_for=optional,
        command_id=str,
        request_digest=optional,
        context=optional,
        reference=optional,
        state=optional,
        state_digest=str,
        path=list,
    )
    if event["version"] != number:
        raise NotVerified(
            f"thiếu sự kiện {number} của hồ sơ, hoặc sai thứ tự", f"event {number} is missing or out of order"
        )
    state, digest = event["state"], _hex_bytes(event["state_digest"])
    if state is not None and sha256(state.encode()).digest() != digest:
        raise NotVerified(f"nội dung sự kiện {number} đã bị sửa", f"the content of event {number} was changed")
    who = (event["officer"], event["unit"], event["officer_position"], event["acting_for"])
    request, context, reference = event["request_digest"], event["context"], event["reference"]
    return event_leaf(
        event["position"],
        _microseconds(event["recorded_at"]),
        stream,
        event["version"],
        words_of_row(event["category"], event["topic"], *who),
        _uuid_bytes(event["command_id"]),
        None if request is None else _hex_bytes(request),
        None if context is None else context.encode(),
        None if reference is None else reference.encode(),
        digest,
        leaf_before,
    )


def _verify_heads(
    heads: Any, stream: bytes, events: Sequence[Any], leaves: Sequence[bytes], checkpoint: SignedTree
) -> int:
    """Return the position up to which the list of heads shows that no last event of the stream was left out."""
    _require_fields(
        heads, leaf=int, day=str, position=int, streams=int, root=str, path=list, entry=int, entry_path=list
    )
    position: int = heads["position"]
    root = _hex_bytes(heads["root"])
    data = heads_data(heads["day"], position, heads["streams"], root)
    if root_of_inclusion(leaf_hash(data), heads["leaf"], checkpoint.size, _path(heads["path"])) != checkpoint.root:
        raise NotVerified("bảng sự kiện cuối không có trong nhật ký đã ký", "the list of last events was not signed")
    version = sum(event["position"] <= position for event in events)
    entry = head_leaf(stream, version, leaves[version - 1]) if version else b""
    if root_of_inclusion(entry, heads["entry"], heads["streams"], _path(heads["entry_path"])) != root:
        raise NotVerified(
            "sự kiện cuối của hồ sơ đã bị bỏ bớt", "the last events of the petition were left out of the file"
        )
    return position


def _require_fields(value: Any, **kinds: Any) -> None:
    """Raise ValueError unless the value is an object with exactly these fields, of these types."""
    if not isinstance(value, dict) or value.keys() != kinds.keys():
        raise ValueError("a part of the file has other fields than a proof has")
    for name, kind in kinds.items():
        allowed = kind if isinstance(kind, tuple) else (kind,)
        found = value[name]
        if not any(found is None if one is None else type(found) is one for one in allowed):
            raise ValueError(f"{name} is not of the type that a proof has")
        if type(found) is int and not 0 <= found < 1 << 63:
            raise ValueError(f"{name} is not a number that a proof has")


def _path(hashes: Sequence[Any]) -> list[bytes]:
    path = [_base64(one) if isinstance(one, str) else None for one in hashes]
    if len(path) > 64 or any(one is None or len(one) != HASH_BYTES for one in path):
        raise ValueError("a path of hashes is malformed")
    return [one for one in path if one is not None]


def _uuid_bytes(text: str) -> bytes:
    found = UUID(text)
    if str(found) != text:
        raise ValueError("an id is written otherwise than in a proof")
    return found.bytes


def _hex_bytes(text: str) -> bytes:
    raw = bytes.fromhex(text)
    if raw.hex() != text:
        raise ValueError("a digest is written otherwise than in a proof")
    return raw


def _microseconds(text: str) -> int:
    """Return the microseconds since 1970 of a time in UTC, such as 2026-12-01T05:00:00.123456+00:00."""
    found = datetime.fromisoformat(text)
    if found.utcoffset() != timedelta(0) or found.isoformat() != text:
        raise ValueError("a time is written otherwise than in a proof")
    return (found - _EPOCH) // timedelta(microseconds=1)


def _base64(text: str) -> bytes | None:
    """Return the bytes of a text in base64, or None unless it is the one way to write them."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a field stands twice in the file")
    return dict(pairs)


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON")


# -- the command


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the proof that the arguments name, print what was found, Vietnamese first, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("proof", type=Path, help="tệp chứng minh / the file with the proof")
    parser.add_argument("--key", required=True, help="khóa công khai của nhật ký / public key of the log")
    parser.add_argument("--witness", action="append", default=[], help="khóa của người chứng kiến / key of a witness")
    parser.add_argument(
        "--quorum", type=int, default=0, help="số chữ ký chứng kiến cần có / witnesses that must have signed"
    )
    parser.add_argument("--against", type=Path, help="điểm kiểm tra đã giữ / a checkpoint that was kept")
    given = parser.parse_args(arguments)
    try:
        key, witnesses = PublicKey.parse(given.key), [PublicKey.parse(one) for one in given.witness]
        found = verify_proof(given.proof.read_bytes(), key, witnesses, given.quorum)
        if given.against is not None:
            kept = open_checkpoint(given.against.read_bytes().decode(), [key, *witnesses])
            _require_same(kept, found.checkpoint)
    except NotVerified as wrong:
        print(f"KHÔNG ĐÚNG: {wrong.vietnamese}\nNOT VERIFIED: {wrong.english}")
        return 1
    except (OSError, ValueError, RecursionError) as error:
        print(f"KHÔNG ĐỌC ĐƯỢC / CANNOT BE READ: {error}")
        return 2
    end = found.ends_proven_at
    size = found.checkpoint.size
    print(f"ĐÚNG: {found.events} sự kiện có trong nhật ký đã ký ({size} mục), không thiếu ở giữa.")
    print(f"VERIFIED: {found.events} events are in the signed log of {size} leaves, none left out between.")
    if end is None:
        print("Chưa chứng minh được rằng không bỏ bớt sự kiện cuối. / That no last event was left out is not proven.")
    else:
        print(f"Không bỏ bớt sự kiện nào đến vị trí {end}. / No event was left out up to position {end}.")
    return 0


def _require_same(kept: SignedTree, signed: SignedTree) -> None:
    if kept.origin != signed.origin:
        raise NotVerified("điểm kiểm tra của nhật ký khác", "the checkpoint that was kept is of another log")
    if (kept.size, kept.root) != (signed.size, signed.root):
        raise NotVerified(
            f"tệp theo điểm kiểm tra {signed.size}, không phải {kept.size}: hãy xin tệp theo điểm đã giữ",
            f"the file is proven by the checkpoint {signed.size}, not by {kept.size}: ask for one by what you kept",
        )


if __name__ == "__main__":
    sys.exit(main())
