"""Defines the field types that several commands share."""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.text import Code

CalendarDay = Annotated[date, Field(ge=date(1945, 9, 2), le=date(9998, 12, 31))]
Book = Annotated[str, Field(pattern=r"^[A-Z]{1,8}$", examples=["TD"])]
UnitCodes = Annotated[tuple[Code, ...], Field(max_length=20)]
