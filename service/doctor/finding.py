"""Defines a finding: what was examined, what was found, and how serious that is."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Says how serious a finding is."""

    WELL = "well"
    BEWARE = "beware"  # nothing is lost or broken, but the operator should know
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """Holds one finding. `found` is a text for operators, without names of petitioners or secrets."""

    what: str
    found: str
    verdict: Verdict = Verdict.WELL

    @property
    def is_well(self) -> bool:
        """Return True unless something is wrong; BEWARE counts as well."""
        return self.verdict is not Verdict.WRONG


def finding_of(what: str, found: str, *, is_well: bool, otherwise: Verdict = Verdict.WRONG) -> Finding:
    """Return a finding with the verdict WELL if `is_well`, and `otherwise` if not."""
    return Finding(what, found, Verdict.WELL if is_well else otherwise)
