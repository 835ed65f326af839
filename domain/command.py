"""Defines the base class of all commands, and what the tables of decisions say of each."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from domain.actor import Role
from domain.refusals.doubts import Doubt
from domain.strict_types import CalendarDay

RuleT = TypeVar("RuleT")

if TYPE_CHECKING:
    DoubtCode = str
else:  # one word each, so that a wrong one is named and the interface lists the right ones
    DoubtCode = Literal[tuple(doubt.code for doubt in Doubt)]


class Command(BaseModel):
    """Asks for a change. The token says which officer asks; the database says when the change is recorded."""

    example: ClassVar[Mapping[str, Any]]
    """Body of a made-up request, without its day, for the description of the interface. All persons are made up."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    occurred_on: Annotated[
        CalendarDay,
        Field(
            description="the day it happened, in the authority's time zone",
            examples=["2026-07-06"],
        ),
    ]
    confirm: Annotated[
        tuple[DoubtCode, ...],
        Field(max_length=len(Doubt), description="codes of the doubts that are meant as they stand, and no others"),
    ] = ()


DecidedT = TypeVar("DecidedT", bound=Command)


class CommandRow(NamedTuple, Generic[RuleT]):
    """Says of one command which rule decides it, and which roles may send it."""

    rule: RuleT
    roles: frozenset[Role]
