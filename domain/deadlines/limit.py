"""Defines a time limit: a number of working days or of calendar days.

Rules and clocks both hold limits.
"""

import re
from enum import StrEnum
from typing import Annotated, Self

import msgspec

from domain.value import FactPart

MAX_LIMIT_DAYS = 3660
"""Largest number of days of a limit: about ten years of calendar days."""

_SHORT_FORM = re.compile(r"([1-9][0-9]{0,3})(wd|cd)")


class DayKind(StrEnum):
    """Names the days that are counted: working days (ngày làm việc), or calendar days if the law only says "ngày"."""

    WORKING = "working_days"
    CALENDAR = "calendar_days"


_SUFFIXES = {"wd": DayKind.WORKING, "cd": DayKind.CALENDAR}
_SUFFIX_OF = {unit: suffix for suffix, unit in _SUFFIXES.items()}


class Limit(FactPart):
    """Holds a time limit (thời hạn): a number of days of one kind.

    `counts_start_day` is true for rules that count the day of the action that starts the limit. The Civil Code (Art
    147.2) does not count that day.
    """

    amount: Annotated[int, msgspec.Meta(ge=1, le=MAX_LIMIT_DAYS)]
    unit: DayKind
    counts_start_day: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the short form of policy files: `10wd` or `30cd`. Raise ValueError on anything else."""
        found = _SHORT_FORM.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a limit: write '10wd' for working days, '30cd' for calendar days")
        amount = int(found[1])
        if amount > MAX_LIMIT_DAYS:
            raise ValueError(
                f"{text!r} is too long: the days of a limit must be less than or equal to {MAX_LIMIT_DAYS}"
            )
        return cls(amount=amount, unit=_SUFFIXES[found[2]], counts_start_day=False)

    def __str__(self) -> str:
        return f"{self.amount}{_SUFFIX_OF[self.unit]}"
