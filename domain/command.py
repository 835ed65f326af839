"""What every command has."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Command(BaseModel):
    """What an officer asks for. Who asks comes from the token; when it is recorded, from the database."""

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
