"""Defines the one kind of value that is stored or folded: frozen, lean, strict when it is read.

A value checks nothing when it is made: who makes it has checked, and the codec checks what it stores, with the bounds
of `domain.stored_values`. Only a part whose fields need each other checks itself (`domain.events.official`).
"""

from typing import Any, ClassVar, TypeVar, dataclass_transform

import msgspec
from msgspec import UNSET as UNSET
from msgspec import UnsetType as UnsetType
from msgspec.structs import replace as replace

T = TypeVar("T")


class _ValueMeta(msgspec.StructMeta):
    """Makes every field of a value a keyword, also those of subclasses."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any) -> Any:
        options.setdefault("kw_only", True)
        return super().__new__(mcs, name, bases, body, **options)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(msgspec.field,))
class Value(msgspec.Struct, metaclass=_ValueMeta, frozen=True, forbid_unknown_fields=True, gc=False):
    """Holds fields that never change. `replace` makes a copy with other values."""


class FactPart(Value):
    """Is a value inside a fact.

    From form 2 on a class declares `v: Literal[2]`, without a default: else a part of form 1 would be read as form 2
    in silence.
    """

    class_version: ClassVar[int] = 1


def said(value: T | UnsetType, otherwise: T) -> T:
    """Return the value, or `otherwise` where nothing was said."""
    return otherwise if value is UNSET else value


def known(value: T | UnsetType) -> T | None:
    """Return the value, or None where nothing was said."""
    return None if value is UNSET else value


def as_said(value: T | None) -> T | UnsetType:
    """Return what a command says for an optional field of a fact: None, an empty text and an empty list say nothing.

    False and 0 are said.
    """
    return value if value or not (value is None or value == "" or value == ()) else UNSET
