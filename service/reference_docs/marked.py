"""Markdown for the generated pages: headings, tables, and types in words."""

import inspect
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain import text
from domain.commands import Book
from domain.vocabulary import MeetingId, OfficerId, PetitionerRef, PetitionId, UnitId

_IN_WORDS: dict[object, str] = {
    date: "day",
    datetime: "instant",
    UUID: "UUID",
    str: "text",
    int: "whole number",
    bool: "true or false",
    PetitionId: "id of a petition",
    MeetingId: "id of a meeting",
    PetitionerRef: "reference into the vault",
    OfficerId: "code of an officer",
    UnitId: "code of a unit",
}
_TEXTS: Sequence[tuple[Any, str]] = (
    (Book, "1 to 8 capital letters"),
    (text.Code, "code"),
    (text.Line, "line"),
    (text.LineOrNothing, "line"),
    (text.Prose, "prose"),
    (text.ProseOrNothing, "prose"),
)

TEXT_TYPES = """\
A *code* has up to 80 characters, a *line* up to 300 without a line break, *prose* up to 20,000. None is empty unless
its default is. All are stored composed (NFC) and trimmed; control characters, those that turn the direction of
writing included, are refused."""


def page(title: str, *parts: str) -> str:
    """A page, with the note that it is generated."""
    note = "<!-- Made from the code by `make reference`: change the code, not this page. -->"
    return joined(note, f"# {title}", *parts) + "\n"


def joined(*blocks: str) -> str:
    """One below the other, the empty ones left out."""
    return "\n\n".join(block for block in blocks if block)


def prose(described: object) -> str:
    """The docstring."""
    return inspect.cleandoc(described.__doc__ or "")


def sentence(described: object) -> str:
    """The first sentence of the docstring, without its full stop."""
    return re.split(r"\.(?:\s|$)", prose(described), maxsplit=1)[0].replace("\n", " ")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Empty without rows."""
    lines = [_row(row) for row in rows]
    return "\n".join([_row(head), _row(["---"] * len(head)), *lines]) if lines else ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def fields(model: type[BaseModel], *, without: Iterable[str] = ()) -> str:
    """A table of a model's fields."""
    hints = get_type_hints(model, include_extras=True)
    rows = [
        (f"`{name}`", _described(hints[name], field), default(field))
        for name, field in model.model_fields.items()
        if name not in set(without)
    ]
    return table(("field", "holds", "default"), rows)


def _described(hint: object, field: FieldInfo) -> str:
    return in_words(hint) + (f": {field.description}" if field.description else "")


def default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=False)
    match value:
        case None | ():
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case Enum():
            return f"`{value.value}`"
        case str():
            return f'`"{value}"`'
        case _:
            return f"`{value}`"


def in_words(hint: Any) -> str:
    """What a field of this type holds. TypeError for a type that this has no words for."""
    if get_origin(hint) is Annotated:
        return _narrowed(hint)
    if get_origin(hint) in (Union, UnionType):
        return " or ".join(in_words(part) for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is tuple:
        return f"list of {in_words(get_args(hint)[0])}"
    if get_origin(hint) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(hint))
    if hint in _IN_WORDS:
        return _IN_WORDS[hint]
    if isinstance(hint, NewType):
        return in_words(hint.__supertype__)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"[{hint.__name__}](glossary.md#{hint.__name__.lower()})"
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    raise TypeError(f"the reference has no words for {hint!r}")


def _narrowed(hint: Any) -> str:
    bare, *narrowing = get_args(hint)
    for known, words in _TEXTS:
        its_own = get_args(known)[1:]
        if all(mine is its for mine, its in zip(narrowing, its_own, strict=False)) and len(narrowing) >= len(its_own):
            return words
    bounds: dict[type, Any] = {}
    for one in narrowing:
        if isinstance(one, FieldInfo):
            bounds |= {type(bound): bound for bound in one.metadata}
    words = in_words(bare)
    if bare is int and Ge in bounds and Le in bounds:
        words += f" from {bounds[Ge].ge:,} to {bounds[Le].le:,}"
    if MaxLen in bounds:
        words += f", at most {bounds[MaxLen].max_length}"
    return words


def inside(part: type[BaseModel]) -> str:
    """The section of a model that occurs inside others."""
    return joined(f"### {part.__name__}", prose(part), fields(part))


def parts_of(models: Iterable[type[BaseModel]]) -> list[type[BaseModel]]:
    """The models that occur inside the fields of these, each once, in the order they are met."""
    found: dict[type[BaseModel], None] = {}
    waiting = list(models)
    while waiting:
        for hint in get_type_hints(waiting.pop(0), include_extras=True).values():
            for part in _models_in(hint):
                if part not in found:
                    found[part] = None
                    waiting.append(part)
    return list(found)


def _models_in(hint: Any) -> list[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return [hint]
    return [model for part in get_args(hint) for model in _models_in(part)]
