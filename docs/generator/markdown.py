"""Renders Markdown for the generated pages: headings, tables, and types in words."""

import inspect
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from annotated_types import Ge, Le, MaxLen
from pydantic import BaseModel, JsonValue
from pydantic.fields import FieldInfo

from domain import text
from domain.commands import Book
from domain.sealed_text import Sealed
from domain.value import UnsetType, Value
from domain.vocabulary import MeetingId, OfficerId, PetitionerRef, PetitionId, RemedyKind, UnitId

Model = type[BaseModel] | type[Value]
"""A class whose fields the pages show: a command, or a fact or a part of it."""

_TYPE_WORDS: dict[object, str] = {
    JsonValue: "JSON value of the field's own type",
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
    RemedyKind: "code of a kind of remedy",
}
_TEXT_TYPE_WORDS: Sequence[tuple[Any, str]] = (
    (Book, "1 to 8 capital letters"),
    (text.Code, "code"),
    (text.SingleLine, "line"),
    (text.SingleLineOrEmpty, "line"),
    (text.Prose, "prose"),
    (text.ProseOrEmpty, "prose"),
)

TEXT_TYPES_NOTE = """\
A *code* has up to 80 characters, a *line* up to 300 without a line break, *prose* up to 20,000. None is empty unless
its default is. All are stored composed (NFC) and trimmed; control characters, those that turn the direction of
writing included, are refused."""


def render_page(title: str, *parts: str) -> str:
    """Return a page, with the note that it is generated."""
    note = "<!-- Made from the code by `make reference`: change the code, not this page. -->"
    return join_blocks(note, f"# {title}", *parts) + "\n"


def join_blocks(*blocks: str) -> str:
    """Return the blocks one below the other, without the empty ones."""
    return "\n\n".join(block for block in blocks if block)


def docstring_of(described: object) -> str:
    """Return the docstring without its indentation; empty when there is none."""
    return inspect.cleandoc(described.__doc__ or "")


def first_sentence(described: object) -> str:
    """Return the first sentence of the docstring, without its full stop."""
    return re.split(r"\.(?:\s|$)", docstring_of(described), maxsplit=1)[0].replace("\n", " ")


def render_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; empty when there are no rows."""
    lines = [_table_row(row) for row in rows]
    return "\n".join([_table_row(head), _table_row(["---"] * len(head)), *lines]) if lines else ""


def _table_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def render_fields(model: Model, *, without: Iterable[str] = ()) -> str:
    """Return a table of a model's fields, without those named in `without`."""
    hints = get_type_hints(model, include_extras=True)
    if issubclass(model, Value):
        return render_table(
            ("field", "holds", "always"),
            [
                (f"`{field.name}`", type_in_words(hints[field.name]), "yes" if field.required else "no")
                for field in msgspec.structs.fields(model)
                if field.name not in set(without)
            ],
        )
    rows = [
        (f"`{name}`", _field_meaning(hints[name], field), default_in_words(field))
        for name, field in model.model_fields.items()
        if name not in set(without)
    ]
    return render_table(("field", "holds", "default"), rows)


def _field_meaning(hint: object, field: FieldInfo) -> str:
    return type_in_words(hint) + (f": {field.description}" if field.description else "")


def default_in_words(field: FieldInfo) -> str:
    """Return the default of a field as the page shows it; "required" when it has none."""
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


def type_in_words(hint: Any) -> str:
    """Return the words for what a field of this type holds. Raise TypeError for a type without words."""
    if get_origin(hint) is Annotated:
        return _annotated_in_words(hint)
    if get_origin(hint) in (Union, UnionType):
        return " or ".join(type_in_words(part) for part in get_args(hint) if part not in (NoneType, UnsetType, Sealed))
    if get_origin(hint) is tuple:
        return f"list of {type_in_words(get_args(hint)[0])}"
    if get_origin(hint) is dict:
        key, value = get_args(hint)
        return f"map of {type_in_words(key)} to {type_in_words(value)}"
    if get_origin(hint) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(hint))
    if hint in _TYPE_WORDS:
        return _TYPE_WORDS[hint]
    if isinstance(hint, NewType):
        return type_in_words(hint.__supertype__)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"[{hint.__name__}](glossary.md#{hint.__name__.lower()})"
    if isinstance(hint, type) and issubclass(hint, BaseModel | Value):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    raise TypeError(f"the reference has no words for {hint!r}")


def _annotated_in_words(hint: Any) -> str:
    bare, *metadata = get_args(hint)
    for known, words in _TEXT_TYPE_WORDS:
        constraints = get_args(known)[1:]
        if all(given is expected for given, expected in zip(metadata, constraints, strict=False)) and len(
            metadata
        ) >= len(constraints):
            return words
    bounds: dict[type, Any] = {}
    for one in metadata:
        if isinstance(one, FieldInfo):
            bounds |= {type(bound): bound for bound in one.metadata}
        if isinstance(one, msgspec.Meta):
            bounds |= {} if one.ge is None else {Ge: Ge(one.ge)}
            bounds |= {} if one.le is None else {Le: Le(one.le)}
    words = type_in_words(bare)
    if bare is int and Ge in bounds and Le in bounds:
        words += f" from {bounds[Ge].ge:,} to {bounds[Le].le:,}"
    elif bare is int and Ge in bounds:
        words += f" from {bounds[Ge].ge:,}"
    if MaxLen in bounds:
        words += f", at most {bounds[MaxLen].max_length}"
    return words


def nested_model_section(part: Model) -> str:
    """Return the section of a model that occurs inside others."""
    return join_blocks(f"### {part.__name__}", docstring_of(part), render_fields(part))


def nested_models(models: Iterable[Model]) -> list[Model]:
    """Return the models that occur inside the fields of these, each once, in the order in which they are found."""
    found: dict[Model, None] = {}
    waiting = list(models)
    while waiting:
        for hint in get_type_hints(waiting.pop(0), include_extras=True).values():
            for part in _models_in_hint(hint):
                if part not in found:
                    found[part] = None
                    waiting.append(part)
    return list(found)


def _models_in_hint(hint: Any) -> list[Model]:
    if isinstance(hint, type) and issubclass(hint, BaseModel | Value):
        return [] if hint is Sealed else [hint]  # a text that may be sealed is shown as a text
    return [model for part in get_args(hint) for model in _models_in_hint(part)]
