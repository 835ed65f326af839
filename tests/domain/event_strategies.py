"""Generates facts of any content from the fields of their classes, for properties of all recorded histories."""

from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from hypothesis import strategies as st
from pydantic import BaseModel

from domain.alerts.events import AlertLine, OperatorLine
from domain.deadlines.deadline import Deadline, Suspension
from domain.deadlines.limit import DayKind, Limit
from domain.events import Contribution, Correction, Fact, Matter, Recalculation, Source
from domain.meetings.events import ConclusionTask
from domain.meetings.limits import MeetingLimit

M = TypeVar("M", bound=BaseModel)
F = TypeVar("F", bound=Fact)


def _models_of(model: type[M]) -> st.SearchStrategy[M]:
    fields = {name: st.from_type(cast("type[Any]", field.annotation)) for name, field in model.model_fields.items()}
    return st.fixed_dictionaries(fields).map(model.model_validate)


st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(Limit, st.builds(Limit, amount=st.integers(1, 90), unit=st.sampled_from(DayKind)))
for part in (
    Suspension,
    Deadline,
    Matter,
    Source,
    Correction,
    Recalculation,
    Contribution,
    MeetingLimit,
    ConclusionTask,
    AlertLine,
    OperatorLine,
):
    st.register_type_strategy(part, _models_of(part))


def any_fact(kind: type[F]) -> st.SearchStrategy[F]:
    return _models_of(kind)
