"""What was looked at, what was found, and whether that is well."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    WELL = "well"
    BEWARE = "beware"  # nothing is missing, and somebody should know
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """`found` is for a person; it names no petitioner and no secret."""

    what: str
    found: str
    verdict: Verdict = Verdict.WELL

    @property
    def is_well(self) -> bool:
        return self.verdict is not Verdict.WRONG


def judged(what: str, found: str, *, is_well: bool, otherwise: Verdict = Verdict.WRONG) -> Finding:
    return Finding(what, found, Verdict.WELL if is_well else otherwise)
