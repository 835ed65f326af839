"""Defines the field types that several commands share."""

from typing import Annotated

from pydantic import Field

from domain.strict_types import CalendarDay as CalendarDay
from domain.text import Code

Book = Annotated[str, Field(pattern=r"^[A-Z]{1,8}$", examples=["TD"])]
UnitCodes = Annotated[tuple[Code, ...], Field(max_length=20)]
