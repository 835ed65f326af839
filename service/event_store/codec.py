"""How an event stands in the log: `{"by": {...}, "fact": {...}}` as JSON under the name of the fact's class.

Defaults are left out, and `"v": n` is there where the class has grown past its first form; older forms are lifted by
`upcast_vN_vM`, the convention of the event-sourcing library. Nothing of Python's layout is in the log.
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
    """The log holds an event, or a form of it, that this version of the program does not know."""


FACTS: dict[str, type[Fact]] = {
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


class _Head(msgspec.Struct):
    """What stands before the fact, the officer not yet read."""

    by: msgspec.Raw
    v: int = 1


class _Stored(_Head, kw_only=True):
    fact: msgspec.Raw


_head = msgspec.json.Decoder(_Head)
_stored = msgspec.json.Decoder(_Stored)

# Pydantic's own doors, `model_dump_json` and `model_validate_json`, take 0.6 to 1.8 us an event to pass their arguments
# on; here their serializer and validator are called, and officers, of whom there are few, are remembered.


def encoded(fact: Fact, by: Officer) -> bytes:
    """The state of an event."""
    return b'{%b"by":%b,"fact":%b}' % (
        b'"v":%d,' % fact.class_version if fact.class_version > 1 else b"",
        _officer_json(by.officer, by.unit, by.position, by.acting_for),
        fact.__pydantic_serializer__.to_json(fact, exclude_defaults=True),
    )


def decoded(topic: str, state: bytes) -> tuple[Fact, Officer]:
    """Raises UnknownTopic; for what no version of the program has written, what pydantic and msgspec raise."""
    kind = FACTS.get(topic)
    if kind is None:
        raise UnknownTopic(f"the log holds {topic!r}, which this version does not know")
    head, _, fact = state.partition(b',"fact":')
    try:
        version, by = _version_and_officer(head)
        if version == kind.class_version and fact.endswith(b"}"):
            return kind.__pydantic_validator__.validate_json(fact[:-1]), by
    except (msgspec.DecodeError, ValidationError):
        pass  # it may still be right, in another order than ours
    stored = _stored.decode(state)
    return _fact(kind, stored), Officer.model_validate_json(bytes(stored.by))


@lru_cache(maxsize=4096)
def _officer_json(officer: OfficerId, unit: UnitId, position: str, acting_for: OfficerId | None) -> bytes:
    by = Officer(officer=officer, unit=unit, position=position, acting_for=acting_for)
    return by.model_dump_json(exclude_defaults=True).encode()


@lru_cache(maxsize=4096)
def _version_and_officer(head: bytes) -> tuple[int, Officer]:
    """Of an event that is stored in our order, the fact last."""
    read = _head.decode(head + b"}")
    return read.v, Officer.model_validate_json(bytes(read.by))


def _fact(kind: type[Fact], stored: _Stored) -> Fact:
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
