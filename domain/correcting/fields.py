"""Addresses one field of a recorded fact by its path, reads it, and puts another value in its place.

A path is the names of a field and of what it leads through, with dots: `occurred_on`, `responsible.officer`,
`contributions.0.due_on`. A place in a tuple is counted from 0. A field, a part or a tuple can be addressed as a whole
where it holds no texts; a text is always addressed alone, because it is sealed alone. The module knows no kind of
stream: petitions and meetings are corrected by the same functions.
"""

from collections.abc import Iterator
from functools import cache
from types import UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec

from domain.events.fact import Fact
from domain.events.records import Correction
from domain.sealed_text import EACH, Sealed, Text, has_texts
from domain.value import UNSET, FactPart, UnsetType, replace

_PartT = TypeVar("_PartT", bound=FactPart)
_FactT = TypeVar("_FactT", bound=Fact)

NOT_SAID: Any = UNSET
"""The value of a field that was left out, and of one that is taken back."""


class UnknownField(ValueError):
    """Is raised for a path that leads to no field of the fact, or to one that cannot be addressed as a whole."""


class WrongValue(ValueError):
    """Is raised for a value that is not of the type of its field, or that the part around it does not allow."""


class FieldType(NamedTuple):
    """Holds what a path leads to: the type of the value, and whether the fact may leave the field out.

    `type` is the type without `UnsetType`; of a text it is `Text`.
    """

    type: Any
    is_text: bool
    is_optional: bool


def field_type(kind: type[FactPart], path: str) -> FieldType:
    """Return what the path leads to in facts of that class. Raise UnknownField."""
    found = _type_at(kind, tuple(path.split(".")))
    if found is None or (_holds_texts(found.type) and not found.is_text):
        raise UnknownField(f"{kind.__name__} has no field {path}")
    return found


def field_patterns(kind: type[FactPart]) -> Iterator[str]:
    """Yield the pattern of every field of a class that can be addressed, with EACH for a place in a tuple.

    Wholes come before what they hold: `contributions`, `contributions.*.due_on`.
    """
    for name in kind.__struct_fields__:
        yield from _patterns_in(name, _without_unset(_hints(kind)[name]))


def pattern_of(path: str) -> str:
    """Return the pattern of a path: EACH stands for each place in a tuple."""
    return ".".join(EACH if _is_place(part) else part for part in path.split("."))


def field_paths(fact: Fact) -> Iterator[str]:
    """Yield the path of every field of this fact that can be addressed, also of those that it does not say."""
    for pattern in field_patterns(type(fact)):
        yield from _paths_of(fact, (), tuple(pattern.split(".")))


def typed_paths(fact: Fact) -> Iterator[str]:
    """Yield the path of every single value of this fact, also of those that it does not say: no part as a whole."""
    for path in field_paths(fact):
        kind = field_type(type(fact), path).type
        item = _item_of(kind)
        if _part_of(kind) is None and (item is None or _part_of(item) is None):
            yield path


def read_field(fact: FactPart, path: str) -> Any:
    """Return the value of the field, NOT_SAID where the fact or a part on the way does not say it.

    Raise UnknownField, also for a place that the fact does not have.
    """
    field_type(type(fact), path)
    value: Any = fact
    for part in path.split("."):
        if _is_place(part):
            if value is UNSET or int(part) >= len(value):
                raise UnknownField(f"{type(fact).__name__} has nothing at {path}")
            value = value[int(part)]
        elif value is UNSET:
            return NOT_SAID
        else:
            value = getattr(value, part)
    return value


def put_field(fact: _PartT, path: str, value: Any) -> _PartT:
    """Return the fact with another value of the field, or without it for NOT_SAID.

    Raise UnknownField as `read_field`, WrongValue when the field must be said or the part around it allows no such
    value.
    """
    field = field_type(type(fact), path)
    if value is UNSET and not field.is_optional:
        raise WrongValue(f"{type(fact).__name__} must say {path}")
    read_field(fact, path)
    try:
        return cast("_PartT", _put(fact, tuple(path.split(".")), value))
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        raise WrongValue(f"{type(fact).__name__} allows no such {path}: {error}") from None


def value_of_json(kind: type[FactPart], path: str, value: Any) -> Any:
    """Return a value that came as JSON (text, number, list, mapping, None for NOT_SAID) in the type of its field.

    Raise UnknownField and WrongValue. No text is shown in the error.
    """
    field = field_type(kind, path)
    if value is None:
        return NOT_SAID
    if field.is_text:
        if not isinstance(value, str) or not value:
            raise WrongValue(f"{path} of {kind.__name__} is a text")
        return value
    try:
        return msgspec.convert(value, field.type)
    except (msgspec.ValidationError, ValueError):
        raise WrongValue(f"{path} of {kind.__name__} takes another kind of value") from None


def json_of_value(value: Any) -> Any:
    """Return a value of a field as JSON has it, None for NOT_SAID."""
    return None if value is UNSET else msgspec.to_builtins(value, builtin_types=())


def make_correction(fact: Fact, version: int, path: str, becomes: Any) -> Correction:
    """Return the correction of a field of the fact, which is the event `version`, with the value that it says now.

    Raise UnknownField and WrongValue when the fact could not be so.
    """
    put_field(fact, path, becomes)
    was, form = read_field(fact, path), type(fact).class_version
    if field_type(type(fact), path).is_text:
        return Correction(version=version, form=form, path=path, text_was=was, text_becomes=becomes)
    return Correction(version=version, form=form, path=path, was=_json_text(was), becomes=_json_text(becomes))


def says_the_former_value(fact: Fact, correction: Correction) -> bool:
    """Return True when the field still has the value that the correction takes away: nobody corrected it meanwhile.

    A correction that does not say the former value passes: who proposed it did not know it.
    """
    try:
        now = read_field(fact, correction.path)
        if field_type(type(fact), correction.path).is_text:
            return correction.text_was is UNSET or correction.text_was == now
        return correction.was is UNSET or correction.was == _json_text(now)
    except UnknownField:
        return False


def apply_correction(fact: _FactT, correction: Correction) -> _FactT:
    """Return the fact with the right value in place.

    A correction that is no value of the field corrects nothing: no rule applies to recorded events, each of them loads.
    """
    try:
        return put_field(fact, correction.path, right_value(type(fact), correction))
    except (UnknownField, WrongValue):
        return fact


def right_value(kind: type[FactPart], correction: Correction) -> Any:
    """Return the right value in the type of its field, NOT_SAID where the value is taken back.

    Raise UnknownField and WrongValue.
    """
    field = field_type(kind, correction.path)
    if field.is_text and correction.text_becomes is not UNSET:
        return correction.text_becomes
    if correction.becomes is UNSET:
        return NOT_SAID
    try:
        return msgspec.json.decode(correction.becomes, type=field.type)
    except (msgspec.DecodeError, UnicodeEncodeError, ValueError):
        raise WrongValue(f"{correction.path} of {kind.__name__} takes another kind of value") from None


def _is_place(part: str) -> bool:
    return part.isascii() and part.isdecimal()


def _json_text(value: Any) -> str | UnsetType:
    return UNSET if value is UNSET else msgspec.json.encode(value).decode()


@cache
def _hints(kind: type[FactPart]) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _alternatives(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _without_unset(kind: Any) -> Any:
    """Return the type without `UnsetType`. A text is a union itself, and stays one."""
    left = tuple(one for one in _alternatives(kind) if one is not UnsetType)
    return Text if Sealed in left else left[0] if len(left) == 1 else Union[left]  # noqa: UP007 - of a tuple


def _is_text(kind: Any) -> bool:
    return Sealed in _alternatives(kind)


def _part_of(kind: Any) -> type[FactPart] | None:
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    return bare if isinstance(bare, type) and issubclass(bare, FactPart) else None


def _item_of(kind: Any) -> Any:
    """Return the type of the items of a tuple of any length, None for every other type."""
    arguments = get_args(kind)
    return arguments[0] if get_origin(kind) is tuple and arguments[1:] == (Ellipsis,) else None


def _holds_texts(kind: Any) -> bool:
    if _is_text(kind):
        return True
    if (part := _part_of(kind)) is not None:
        return has_texts(part)
    item = _item_of(kind)
    return item is not None and _holds_texts(item)


@cache
def _type_at(kind: type[FactPart], parts: tuple[str, ...]) -> FieldType | None:
    head, rest = parts[0], parts[1:]
    if head not in kind.__struct_fields__:
        return None
    declared = _hints(kind)[head]
    inner, is_optional = _without_unset(declared), UnsetType in _alternatives(declared)
    while rest and (item := _item_of(inner)) is not None:
        if not _is_place(rest[0]):
            return None
        inner, rest, is_optional = item, rest[1:], False
    if not rest:
        return FieldType(inner, _is_text(inner), is_optional)
    part = _part_of(inner)
    return None if part is None else _type_at(part, rest)


def _patterns_in(path: str, kind: Any) -> Iterator[str]:
    if _is_text(kind) or not _holds_texts(kind):
        yield path
    if _is_text(kind):
        return
    if (part := _part_of(kind)) is not None:
        for name in part.__struct_fields__:
            yield from _patterns_in(f"{path}.{name}", _without_unset(_hints(part)[name]))
    elif (item := _item_of(kind)) is not None and (_holds_texts(item) or _part_of(item) is not None):
        yield from _patterns_in(f"{path}.{EACH}", item)


def _paths_of(value: Any, done: tuple[str, ...], left: tuple[str, ...]) -> Iterator[str]:
    if not left:
        yield ".".join(done)
    elif left[0] == EACH:
        for place, item in enumerate(() if value is UNSET else value):
            yield from _paths_of(item, (*done, str(place)), left[1:])
    else:
        inner = UNSET if value is UNSET else getattr(value, left[0])
        yield from _paths_of(inner, (*done, left[0]), left[1:])


def _put(value: Any, parts: tuple[str, ...], new: Any) -> Any:
    head, rest = parts[0], parts[1:]
    if isinstance(value, tuple):
        place = int(head)
        item = _put(value[place], rest, new) if rest else new
        return (*value[:place], item, *value[place + 1 :])
    if not rest:
        return replace(value, **{head: new})
    inner = getattr(value, head)
    if inner is UNSET:
        part = _part_of(_without_unset(_hints(cast("type[FactPart]", type(value)))[head]))
        if part is None or len(rest) > 1:
            raise TypeError("what leads to it is not said")
        made = None if new is UNSET else msgspec.convert({rest[0]: msgspec.to_builtins(new)}, part)
        return value if made is None else replace(value, **{head: made})
    return replace(value, **{head: _put(inner, rest, new)})
