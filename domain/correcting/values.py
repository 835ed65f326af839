"""Checks a value that a person typed for a field of a recorded event, with the bounds of every other door."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, get_args

from pydantic import Field, TypeAdapter, ValidationError

from domain.correcting.fields import UnknownField, WrongValue, field_type, pattern_of, value_of_json
from domain.correcting.table import why_not_correctable
from domain.errors import Refused
from domain.events import Fact
from domain.refusals.records import RecordRefusal
from domain.strict_types import CalendarDay, WholeNumber, YesOrNo, read_written_number
from domain.text import Code, Prose, SingleLine
from domain.value import UNSET

_LINES = frozenset({"place", "how", "evidence", "expected_output", "*"})
"""Texts of one line. Every other text may have several."""

_YES_OR_NO = {"true": True, "có": True, "false": False, "không": False}
_PERSONS = Annotated[WholeNumber, Field(ge=1, le=100_000)]
_LIST_OF_CODES = Annotated[tuple[Code, ...], Field(max_length=20)]


def right_value_for(kind: type[Fact], version: int, path: str, becomes: object) -> Any:
    """Return the right value of a field in its type; None takes the value back. Raise Refused.

    A field that is not corrected is refused with the reason of `domain.correcting.table`; a value that the command by
    which the field is entered would not take is refused here, and what contradicts the history later.
    """
    event = kind.__name__
    try:
        field = field_type(kind, path)
        if (code := why_not_correctable(kind, path)) is not None:
            raise Refused(code, version=version, event=event, path=path)
        value = value_of_json(kind, path, _cleaned(field.type, field.is_text, path, becomes))
        if value is UNSET and not field.is_optional:
            raise WrongValue(path)
    except UnknownField:
        raise Refused(RecordRefusal.NO_SUCH_FIELD, version=version, event=event, path=path) from None
    except (WrongValue, ValidationError):
        raise Refused(RecordRefusal.WRONG_VALUE, version=version, event=event, path=path) from None
    return value


def json_value_of_words(kind: type[Fact], path: str, words: str) -> object:
    """Return what was typed for a field as JSON has it; an empty text takes the value back. Raise Refused.

    A number is typed in digits, yes or no as true or false (or có, không), a list with semicolons. What the field does
    not take is refused later, as from every other door.
    """
    if not words.strip():
        return None
    try:
        field = field_type(kind, path)
    except UnknownField:
        return words
    bare = get_args(field.type)[0] if hasattr(field.type, "__metadata__") else field.type
    if bare is bool:
        return _YES_OR_NO.get(words.strip().lower(), words)
    if bare is int:
        try:
            return read_written_number(words.strip())
        except ValueError:
            return words
    if get_args(bare)[1:] == (Ellipsis,):
        return [word.strip() for word in words.split(";") if word.strip()]
    return words


def _cleaned(kind: Any, is_text: bool, path: str, becomes: object) -> object:
    """Return the value with the bounds of the commands. Raise ValidationError and WrongValue."""
    if becomes is None:
        return None
    if is_text:
        name = pattern_of(path).rpartition(".")[2]
        return _adapter(SingleLine if name in _LINES else Prose).validate_python(becomes)
    bare = get_args(kind)[0] if hasattr(kind, "__metadata__") else kind
    bare = getattr(bare, "__supertype__", bare)
    if bare is date:
        return _adapter(CalendarDay).validate_python(becomes).isoformat()
    if bare is bool:
        return _adapter(YesOrNo).validate_python(becomes)
    if bare is int:
        return _adapter(_PERSONS).validate_python(becomes)
    if bare is str:
        return _adapter(SingleLine).validate_python(becomes)
    if isinstance(becomes, tuple | list):
        return list(_adapter(_LIST_OF_CODES).validate_python(becomes))
    if isinstance(becomes, Mapping) or not isinstance(becomes, str):
        raise WrongValue(path)  # a part is corrected field by field
    return becomes


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
