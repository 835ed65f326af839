"""Defines the days, numbers and yes-or-no values that every door takes alike: HTTP, files, sheets and imports.

The validation library would take 0, 1783296000 and "20260706" for days, `true` for 1 and "yes" for true. What was
typed into the wrong place, or by a program that counts seconds, must not become a fact.
"""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, Strict

FIRST_DAY = date(1945, 9, 2)
"""The first day that any fact may have (2 September 1945)."""
LAST_DAY = date(9998, 12, 31)

_WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WRITTEN_NUMBER = re.compile(r"[0-9]{1,9}")


def read_written_day(text: str) -> date:
    """Return the day of a text such as 2026-07-06. Raise ValueError for every other text."""
    if not _WRITTEN_DAY.fullmatch(text):
        raise ValueError("a day is a text such as 2026-07-06")
    return date.fromisoformat(text)


def read_written_number(text: str) -> int:
    """Return the whole number of one to nine digits. Raise ValueError for every other text, also for 1.000 and 1_0."""
    if not _WRITTEN_NUMBER.fullmatch(text):
        raise ValueError("is not a whole number")
    return int(text)


def _require_day(value: object) -> date:
    if isinstance(value, str):
        return read_written_day(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError("a day is a text such as 2026-07-06")


CalendarDay = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY), BeforeValidator(_require_day)]
WholeNumber = Annotated[int, Strict()]
YesOrNo = Annotated[bool, Strict()]
