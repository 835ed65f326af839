"""Encodes facts for the log and decodes them: JSON of what was said, with the class name as topic.

The codec is strict in both directions. An unknown topic, form or field and a wrong type are refused, so that an old
process stops instead of deciding without what a newer one has recorded. A fact checks nothing when it is made; so what
was encoded is decoded once before it is appended: one event that nobody can read would stop every view.

A class in a later form than its first has a required field `v`. Older forms are lifted by `upcast_v1_v2`, the
convention of the event-sourcing library; parts inside a fact have forms of their own. The log holds nothing of Python's
modules.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
from msgspec.inspect import Field, StructType, Type, multi_type_info

from domain.events import Fact
from domain.topics import FACT_CLASSES
from domain.value import FactPart


class UnknownTopic(ValueError):
    """Is raised when the log holds an event, or a form of it, that this version of the program does not know."""


class UnreadableFact(ValueError):
    """Is raised for a fact or a stored state whose fields are not those of its class, or not of their types."""


_encode = msgspec.json.Encoder().encode


@cache
def _decoder(kind: type[Fact]) -> Callable[[bytes], Fact]:
    return msgspec.json.Decoder(kind).decode


def encode_fact(fact: Fact) -> bytes:
    """Return the stored form of a fact. Raise UnreadableFact where it would not be read back as it is."""
    decode = _decoder(type(fact))
    try:
        state = _encode(fact)
        is_same = decode(state) == fact
    except (msgspec.MsgspecError, TypeError, ValueError) as error:
        raise UnreadableFact(f"a {type(fact).__name__} cannot be stored: {error}") from None
    if not is_same:
        raise UnreadableFact(f"a {type(fact).__name__} would not be read back as it is")
    return state


def decode_fact(topic: str, state: bytes) -> Fact:
    """Return the fact of a stored event, lifted to the present forms of its class and of its parts.

    Raise UnknownTopic for a class or form that this version does not know, UnreadableFact for unknown fields and wrong
    types.
    """
    kind = FACT_CLASSES.get(topic)
    if kind is None:
        raise UnknownTopic(f"the log holds {topic!r}, which this version does not know")
    decode = _decoder(kind)
    try:
        return decode(state)
    except msgspec.MsgspecError as error:
        try:
            return decode(_lift_state(kind, state))
        except UnknownTopic:
            raise
        except (msgspec.MsgspecError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            raise UnreadableFact(f"a stored {topic} cannot be read: {error}") from None


def _lift_state(kind: type[FactPart], state: bytes) -> bytes:
    """Return the state with the fact and its parts in their present forms."""
    try:
        fields = msgspec.json.decode(state)
    except msgspec.MsgspecError:
        return state
    return _encode(lift(kind, fields))


def lift(kind: type[FactPart], fields: Any) -> Any:
    """Return the fields of a fact or part, and of all parts inside, in their present forms.

    Raise UnknownTopic for a form that is newer than this version of the program.
    """
    if not isinstance(fields, dict):
        return fields
    form = fields.get("v", 1)
    if not isinstance(form, int) or form > kind.class_version:
        raise UnknownTopic(f"the log holds {kind.__name__!r} in form {form}; this version knows {kind.class_version}")
    for older in range(form, kind.class_version):
        getattr(kind, f"upcast_v{older}_v{older + 1}")(fields)
        fields["v"] = older + 1
    for name, part in _parts_of(kind).items():
        value = fields.get(name)
        if isinstance(value, list):
            fields[name] = [lift(part, one) for one in value]
        elif isinstance(value, dict):
            fields[name] = lift(part, value)
    return fields


@cache
def _parts_of(kind: type[FactPart]) -> dict[str, type[FactPart]]:
    """Return the fields that hold parts, or lists of parts, with the class of the part."""
    (info,) = multi_type_info([kind])
    assert isinstance(info, StructType)
    found: dict[str, type[FactPart]] = {}
    for field in info.fields:
        for part in _structs_in(field):
            if issubclass(part, FactPart):
                found[field.encode_name] = part
    return found


def _structs_in(info: Field | Type) -> list[type]:
    """Return the classes of the structs that a field may hold, directly or in a collection."""
    match info:
        case Field():
            return _structs_in(info.type)
        case StructType():
            return [info.cls]
        case _:
            inner = [getattr(info, name) for name in ("item_type", "value_type") if hasattr(info, name)]
            return [found for one in (*inner, *getattr(info, "types", ())) for found in _structs_in(one)]
