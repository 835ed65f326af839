"""Defines the base class of all commands."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Command(BaseModel):
    """Asks for a change. The token says which officer asks; the database says when the change is recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    occurred_on: Annotated[
        date,
        Field(
            ge=date(1945, 9, 2),
            le=date(9998, 12, 31),
            description="the day it happened, in the authority's time zone",
            examples=["2026-07-06"],
        ),
    ]
