"""Defines the texts that people typed into facts: as they were typed, or sealed under a key of their petition.

A sealed text can be erased: without its key nobody opens it again, and everything else of the fact stays readable. In
JSON a plain text is a string, and a sealed one is `[key, nonce, ciphertext]`, the last two in base64.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar

from msgspec import Meta
from msgspec.inspect import (
    DictType,
    FrozenSetType,
    ListType,
    SetType,
    StructType,
    TupleType,
    Type,
    UnionType,
    VarTupleType,
    multi_type_info,
)

from domain.value import UNSET, FactPart, Value, replace

NONCE_BYTES = 12
"""Length of a nonce of AES-GCM."""

TAG_BYTES = 16
"""Length of the tag at the end of a ciphertext of AES-GCM. No text is empty, so each ciphertext is longer."""

EACH = "*"
"""Stands in a path for the place in a tuple."""

T = TypeVar("T", bound=FactPart)


class Sealed(Value, array_like=True):
    """Holds a text that was sealed under the key `key` of its petition (counted from 1). The ciphertext has its tag."""

    key: Annotated[int, Meta(ge=1, le=2**15 - 1)]
    nonce: Annotated[bytes, Meta(min_length=NONCE_BYTES, max_length=NONCE_BYTES)]
    ciphertext: Annotated[bytes, Meta(min_length=TAG_BYTES + 1)]


Text = Annotated[str, Meta(min_length=1)] | Sealed
"""A text that somebody typed, never an empty one.

It is sealed in the log and plain in a fact that was opened (`service.security`).
"""

ERASED_TEXT = "(đã xóa / erased)"
"""Is what a text whose key was erased reads as, in both languages. It is a text like any other to every reader."""

ChangeText = Callable[[Text, str], Text]
"""Returns the new value of a text. Its second argument is the name of the text."""


def plain_text(text: Text) -> str:
    """Return the text as it was typed. Raise ValueError for a sealed text: whoever reads texts opens the fact first."""
    if isinstance(text, str):
        return text
    raise ValueError("a sealed text must be opened first")


class _EachOf(NamedTuple):
    """Says that the items of a tuple are or hold texts."""

    item: Any


_TEXT = object()
"""The shape of a text. The shape of a part is a mapping of its fields that are or hold texts."""


def text_paths(kind: type[FactPart]) -> Iterator[tuple[str, ...]]:
    """Yield the path of each text of a class, also in parts and tuples: `("matters", EACH, "summary")`.

    Raise TypeError for a text in any other collection.
    """
    yield from _paths_in(_shape_of(kind))


def has_texts(kind: type[FactPart]) -> bool:
    """Return True if a fact of this class can hold texts."""
    return _shape_of(kind) is not None


def replace_texts(fact: T, change: ChangeText) -> T:
    """Return the fact with `change(text, name)` for each of its texts that was said.

    The name of a text is the class of the fact and the path: `PetitionSplit.matters.0.summary`. A sealed text is bound
    to its name, so the name stays for ever. A class whose field was renamed or moved maps the path to the first name in
    its attribute `text_names`: `{"summary": "OldName.text"}`.
    """
    shape = _shape_of(type(fact))
    if not shape:
        return fact
    kind = type(fact).__name__
    names: Mapping[str, str] | None = getattr(fact, "text_names", None)
    if names is None:
        return _replace_in(fact, shape, kind, change)  # type: ignore[no-any-return]
    return _replace_in(fact, shape, kind, lambda text, name: change(text, _first_name(name, names)))  # type: ignore[no-any-return]


def _first_name(name: str, names: Mapping[str, str]) -> str:
    """Return the name that a text had first. Places in tuples are EACH in the mapping, and stay in their order."""
    _, *path = name.split(".")
    first = names.get(".".join(EACH if part.isdigit() else part for part in path))
    if first is None:
        return name
    places = iter([part for part in path if part.isdigit()])
    return ".".join(next(places) if part == EACH else part for part in first.split("."))


def _replace_in(value: Any, shape: Any, path: str, change: ChangeText) -> Any:
    if shape is _TEXT:
        return change(value, path)
    if isinstance(shape, _EachOf):
        return tuple(_replace_in(one, shape.item, f"{path}.{n}", change) for n, one in enumerate(value))
    changes = {}
    for field, inner in shape.items():
        before = getattr(value, field)
        if before is not UNSET:
            name = f"{path}.{field}"
            changes[field] = change(before, name) if inner is _TEXT else _replace_in(before, inner, name, change)
    return replace(value, **changes) if changes else value


def _paths_in(shape: Any) -> Iterator[tuple[str, ...]]:
    if shape is _TEXT:
        yield ()
    elif isinstance(shape, _EachOf):
        yield from ((EACH, *path) for path in _paths_in(shape.item))
    elif shape is not None:
        yield from ((field, *path) for field, inner in shape.items() for path in _paths_in(inner))


@cache
def _shape_of(kind: type[FactPart]) -> Mapping[str, Any] | None:
    (info,) = multi_type_info([kind])
    return _find_texts(info)  # type: ignore[no-any-return]


def _find_texts(info: Type) -> Any:
    """Return the shape of the texts in a type, or None where it has none."""
    match info:
        case StructType(cls=kind) if issubclass(kind, Sealed):
            return _TEXT
        case StructType(fields=fields):
            return {field.name: shape for field in fields if (shape := _find_texts(field.type)) is not None} or None
        case UnionType(types=types):
            return next((shape for one in types if (shape := _find_texts(one)) is not None), None)
        case VarTupleType(item_type=item):
            shape = _find_texts(item)
            return None if shape is None else _EachOf(shape)
        case TupleType(item_types=items):
            inner = items
        case ListType(item_type=item) | SetType(item_type=item) | FrozenSetType(item_type=item):
            inner = (item,)
        case DictType(key_type=key, value_type=value):
            inner = (key, value)
        case _:
            return None
    if any(_find_texts(one) is not None for one in inner):
        raise TypeError(f"texts are sealed in fields, parts and tuples of any length, not in {type(info).__name__}")
    return None
