"""Generates facts of any content from the fields of their classes, for properties of all recorded histories."""

import json
from datetime import UTC, datetime
from typing import Any, TypeVar, cast, get_args, get_type_hints

import msgspec
from hypothesis import strategies as st

from domain.alerts.events import AlertLine, OperatorLine
from domain.deadlines.deadline import Deadline, Suspension
from domain.deadlines.limit import DayKind, Limit
from domain.events import (
    Contribution,
    Correction,
    EarlierDecision,
    Fact,
    Official,
    Person,
    Recalculation,
    Remedy,
    Source,
)
from domain.meetings.events import ConclusionTask
from domain.meetings.limits import MeetingLimit
from domain.sealed_text import Sealed
from domain.value import UNSET, FactPart, UnsetType

M = TypeVar("M", bound=FactPart)
F = TypeVar("F", bound=Fact)


def _models_of(model: type[M]) -> st.SearchStrategy[M]:
    """Return values of a class: every required field, and any of those that may be left unsaid."""
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    hints = get_type_hints(model)
    for field in msgspec.structs.fields(model):
        if field.required:
            required[field.name] = st.from_type(cast("type[Any]", hints[field.name]))
        else:
            said = tuple(kind for kind in get_args(hints[field.name]) if kind is not UnsetType)
            optional[field.name] = st.one_of([st.from_type(kind) for kind in said])
    return st.fixed_dictionaries(required, optional=optional).map(lambda fields: model(**fields))


st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(Sealed, st.text())  # facts are made with plain texts; tests of sealing seal them
st.register_type_strategy(
    Limit, st.builds(Limit, amount=st.integers(1, 90), unit=st.sampled_from(DayKind), counts_start_day=st.booleans())
)
for part in (
    Suspension,
    Deadline,
    EarlierDecision,
    Source,
    Official,
    Person,
    Remedy,
    Recalculation,
    Contribution,
    MeetingLimit,
    ConclusionTask,
    AlertLine,
    OperatorLine,
):
    st.register_type_strategy(part, _models_of(part))
st.register_type_strategy(
    Correction,
    st.builds(
        Correction,
        version=st.integers(1, 8),
        form=st.integers(1, 3),
        path=st.sampled_from(["occurred_on", "summary", "place", "person_count", "remedies.0.text"]) | st.text(),
        was=st.just(UNSET) | st.text(),
        becomes=st.just(UNSET)
        | st.text()
        | st.one_of(st.dates().map(str), st.text(), st.integers(1, 90), st.none(), st.booleans()).map(json.dumps),
        text_was=st.just(UNSET) | st.text(),
        text_becomes=st.just(UNSET) | st.text(),
    ),
)


def any_fact(kind: type[F]) -> st.SearchStrategy[F]:
    return _models_of(kind)
