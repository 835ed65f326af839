"""How an event stands in the log: `{"by": {...}, "fact": {...}}` as JSON under the name of the fact's class.

Defaults are left out, and `"v": n` is there where the class has grown past its first form; older forms are lifted by
`upcast_vN_vM`, the convention of the event-sourcing library. Nothing of Python's layout is in the log.
"""

from functools import lru_cache
from typing import get_args

import msgspec

from domain.actor import Officer
from domain.events import Fact, PetitionEvent
from domain.meetings.events import MeetingEvent
from domain.units.events import UnitEvent


class UnknownTopic(ValueError):
    """The log holds an event, or a form of it, that this version of the program does not know."""


class _Stored(msgspec.Struct):
    """The stored form, its parts not yet read."""

    by: msgspec.Raw
    fact: msgspec.Raw
    v: int = 1


FACTS: dict[str, type[Fact]] = {
    fact.__name__: fact for fact in (*get_args(PetitionEvent), *get_args(UnitEvent), MeetingEvent)
}
_stored = msgspec.json.Decoder(_Stored)


def encoded(fact: Fact, by: Officer) -> bytes:
    grown = f'"v":{fact.class_version},' if fact.class_version > 1 else ""
    return f'{{{grown}"by":{_officer_json(by)},"fact":{fact.model_dump_json(exclude_defaults=True)}}}'.encode()


def decoded(topic: str, state: bytes) -> tuple[Fact, Officer]:
    """Raises UnknownTopic, and ValueError for what no version of the program has written."""
    kind = FACTS.get(topic)
    if kind is None:
        raise UnknownTopic(f"the log holds {topic!r}, which this version does not know")
    stored = _stored.decode(state)
    return _fact(kind, stored), _officer(bytes(stored.by))


@lru_cache(maxsize=4096)
def _officer_json(by: Officer) -> str:
    return by.model_dump_json(exclude_defaults=True)


@lru_cache(maxsize=4096)
def _officer(state: bytes) -> Officer:
    return Officer.model_validate_json(state)


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
