"""Encodes events for the log and decodes them: `{"by": {...}, "fact": {...}}` as JSON, with the class name as topic.

Defaults are left out. `"v": n` is present when the class has a later form than its first. Older forms are converted by
`upcast_vN_vM`, the convention of the event-sourcing library. The log holds nothing of Python's module layout.
"""

from functools import lru_cache
from typing import get_args

import msgspec
from pydantic import ValidationError

from domain.actor import Officer
from domain.alerts.events import AlertEvent
from domain.events import Fact, PetitionEvent
from domain.law_changes.events import LawChangeEvent
from domain.meetings.events import MeetingEvent
from domain.reorganisations.events import ReorganisationEvent
from domain.units.events import UnitEvent
from domain.vocabulary import OfficerId, UnitId


class UnknownTopic(ValueError):
    """Is raised when the log holds an event, or a form of it, that this version of the program does not know."""


FACT_CLASSES: dict[str, type[Fact]] = {
    fact.__name__: fact
    for fact in (
        *get_args(PetitionEvent),
        *get_args(UnitEvent),
        *get_args(LawChangeEvent),
        *get_args(ReorganisationEvent),
        *get_args(MeetingEvent),
        *get_args(AlertEvent),
    )
}


class _EventHead(msgspec.Struct):
    """Holds the part of a stored state that comes before the fact; the officer is not decoded yet."""

    by: msgspec.Raw
    v: int = 1


class _StoredState(_EventHead, kw_only=True):
    """Holds a stored state whose fact is not decoded yet, in any order of its keys."""

    fact: msgspec.Raw


_head_decoder = msgspec.json.Decoder(_EventHead)
_state_decoder = msgspec.json.Decoder(_StoredState)

# `model_dump_json` and `model_validate_json` of pydantic take 0.6 to 1.8 us an event to pass on their arguments. So the
# serializer and the validator behind them are called here, and officers, of whom there are few, are cached.


def encode_event(fact: Fact, by: Officer) -> bytes:
    """Return the state that the log stores for a fact and the officer who recorded it."""
    return b'{%b"by":%b,"fact":%b}' % (
        b'"v":%d,' % fact.class_version if fact.class_version > 1 else b"",
        _encode_officer(by.officer, by.unit, by.position, by.acting_for),
        fact.__pydantic_serializer__.to_json(fact, exclude_defaults=True),
    )


def decode_event(topic: str, state: bytes) -> tuple[Fact, Officer]:
    """Return the fact and the officer of a stored event.

    Raise UnknownTopic, or the errors of pydantic and msgspec for a state that no version of the program has written.
    """
    kind = FACT_CLASSES.get(topic)
    if kind is None:
        raise UnknownTopic(f"the log holds {topic!r}, which this version does not know")
    head, _, fact = state.partition(b',"fact":')
    try:
        version, by = _decode_head(head)
        if version == kind.class_version and fact.endswith(b"}"):
            return kind.__pydantic_validator__.validate_json(fact[:-1]), by
    except (msgspec.DecodeError, ValidationError):
        pass  # it may still be valid JSON of an event, in another order than ours
    stored = _state_decoder.decode(state)
    return _decode_fact(kind, stored), Officer.model_validate_json(bytes(stored.by))


@lru_cache(maxsize=4096)
def _encode_officer(officer: OfficerId, unit: UnitId, position: str, acting_for: OfficerId | None) -> bytes:
    by = Officer(officer=officer, unit=unit, position=position, acting_for=acting_for)
    return by.model_dump_json(exclude_defaults=True).encode()


@lru_cache(maxsize=4096)
def _decode_head(head: bytes) -> tuple[int, Officer]:
    """Return the form and the officer of an event that is stored in our order, with the fact last."""
    decoded = _head_decoder.decode(head + b"}")
    return decoded.v, Officer.model_validate_json(bytes(decoded.by))


def _decode_fact(kind: type[Fact], stored: _StoredState) -> Fact:
    """Return the fact of a stored state, converted from an older form of its class if necessary."""
    if stored.v == kind.class_version:
        return kind.model_validate_json(bytes(stored.fact))
    if stored.v > kind.class_version:
        raise UnknownTopic(
            f"the log holds {kind.__name__!r} in form {stored.v}; this version knows {kind.class_version}"
        )
    state = msgspec.json.decode(stored.fact)
    for version in range(stored.v, kind.class_version):
        getattr(kind, f"upcast_v{version}_v{version + 1}")(state)
    return kind.model_validate_json(msgspec.json.encode(state))
