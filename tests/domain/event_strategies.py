"""Generates facts of any content from the fields of their classes, for properties of all recorded histories."""

import json
from datetime import UTC, datetime
from types import UnionType
from typing import Annotated, Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

from domain.deadlines.limit import DayKind, Limit
from domain.events import (
    Correction,
    Fact,
    Official,
)
from domain.sealed_text import Sealed
from domain.value import UNSET, FactPart, UnsetType

_MADE_OTHERWISE = (Limit, Official, Correction)
"""Parts whose fields need each other, or that are more useful with values that a petition has."""

M = TypeVar("M", bound=FactPart)
F = TypeVar("F", bound=Fact)


def _models_of(model: type[M]) -> st.SearchStrategy[M]:
    """Return values of a class: every required field, and any of those that may be left unsaid."""
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    hints = get_type_hints(model, include_extras=True)
    for field in msgspec.structs.fields(model):
        said = _values_of(hints[field.name])
        if field.required:
            required[field.name] = said
        else:
            optional[field.name] = said
    return st.fixed_dictionaries(required, optional=optional).map(lambda fields: model(**fields))


def _values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Return values of a type within the bounds that the stored form has for it, but never UNSET."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        bounds = {"min_value": kind.__metadata__[0].ge, "min_size": kind.__metadata__[0].min_length}
        said = {name: bound for name, bound in bounds.items() if bound is not None}
        plain: Any = inner[0].__supertype__ if isinstance(inner[0], NewType) else inner[0]
        if plain is int:
            return st.integers(**said)
        return st.text(**said) if plain is str else st.from_type(plain)
    if origin in (Union, UnionType):
        return st.one_of([_values_of(one) for one in inner if one not in (UnsetType, Sealed)])
    if origin is tuple:
        return st.lists(_values_of(inner[0])).map(tuple)
    if origin is dict:
        return st.dictionaries(*map(_values_of, inner))
    if isinstance(kind, type) and issubclass(kind, FactPart) and kind not in _MADE_OTHERWISE:
        return _models_of(kind)
    return st.from_type(kind)


st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(
    Limit, st.builds(Limit, amount=st.integers(1, 90), unit=st.sampled_from(DayKind), counts_start_day=st.booleans())
)
_SOME_TEXT = st.text(min_size=1)
st.register_type_strategy(
    Official,
    st.builds(Official, officer=_SOME_TEXT, position=st.just(UNSET) | _SOME_TEXT)
    | st.builds(Official, name=_SOME_TEXT, position=st.just(UNSET) | _SOME_TEXT),
)
st.register_type_strategy(
    Correction,
    st.builds(
        Correction,
        version=st.integers(1, 8),
        form=st.integers(1, 3),
        path=st.sampled_from(["occurred_on", "summary", "place", "person_count", "remedies.0.text"]) | _SOME_TEXT,
        was=st.just(UNSET) | _SOME_TEXT,
        becomes=st.just(UNSET)
        | _SOME_TEXT
        | st.one_of(st.dates().map(str), st.text(), st.integers(1, 90), st.none(), st.booleans()).map(json.dumps),
        text_was=st.just(UNSET) | _SOME_TEXT,
        text_becomes=st.just(UNSET) | _SOME_TEXT,
    ),
)


def any_fact(kind: type[F]) -> st.SearchStrategy[F]:
    return _models_of(kind)
