"""How long a rule allows: a number of working days or of calendar days."""

import re
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field

_SHORT_FORM = re.compile(r"([1-9][0-9]{0,3})(wd|cd)")


class DayKind(StrEnum):
    """What is counted: ngày làm việc, or ngày where the text does not say "làm việc"."""

    WORKING = "working_days"
    CALENDAR = "calendar_days"


_SUFFIXES = {"wd": DayKind.WORKING, "cd": DayKind.CALENDAR}
_SUFFIX_OF = {unit: suffix for suffix, unit in _SUFFIXES.items()}


class Limit(BaseModel, frozen=True):
    """Thời hạn.

    `counts_start_day` is for rules that count the day of the act itself; the Civil Code (Art 147.2) does not.
    """

    amount: int = Field(ge=1, le=3660)
    unit: DayKind
    counts_start_day: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the short form of policy files: `10wd` or `30cd`; raises ValueError on anything else."""
        found = _SHORT_FORM.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a limit: write '10wd' for working days, '30cd' for calendar days")
        return cls(amount=int(found[1]), unit=_SUFFIXES[found[2]])

    def __str__(self) -> str:
        return f"{self.amount}{_SUFFIX_OF[self.unit]}"
