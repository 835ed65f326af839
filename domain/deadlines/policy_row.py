"""Defines one rule of the law, as a row of a policy file.

The checks here refuse a row that contradicts itself.
"""

from datetime import date
from typing import Annotated, Literal, Self

import msgspec
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, model_validator

from domain.deadlines.both_languages import BothLanguages
from domain.deadlines.limit import Limit
from domain.deadlines.stages import LegalStage

PolicyKind = Literal[
    "complaint",
    "disciplinary_complaint",
    "denunciation",
    "party_denunciation",
    "proposal_or_feedback",
    "feedback_on_rules",
    "hotline_feedback",
    "reception",
    "dialogue",
    "any",
]
PolicyRegion = Literal["normal", "remote", "any"]
PolicyComplexity = Literal["normal", "complex", "specially_complex", "any"]
KnownFrom = Literal["text", "scan", "press", "memory"]

OCCASION_KINDS = frozenset({"reception", "dialogue"})
"""Kinds that are no petitions. A rule for the kind "any" does not apply to them."""

EXTENSION_STAGES = frozenset({LegalStage.ACCEPTANCE_EXTENSION, LegalStage.SETTLEMENT_EXTENSION})
"""Stages whose rules bound an extension and say how often it may be granted."""


def _limit_from_text(value: object) -> Limit:
    """Return a limit as it is, and anything else as `Limit.parse` reads its text. Raise ValueError for no limit."""
    return value if isinstance(value, Limit) else Limit.parse(str(value))


WrittenLimit = Annotated[
    Limit, PlainValidator(_limit_from_text, json_schema_input_type=str), PlainSerializer(msgspec.to_builtins)
]
"""A limit as a key of a file, written in its short form."""


class PolicyRow(BaseModel):
    """Holds one rule.

    A row that was applied is never edited: a change gets a new `version`, in force from its own day on. `limit` is None
    for a slot: there is no national rule, and each province must set its own. Until it does, the petition has no limit,
    and the program shows that as a defect. `in_force_to` is the last day in force. `trigger` names the action whose day
    starts the clock. `counts_back` is true for something that must be done at least so many days before that day.
    `verified` says that the number was found in a text of the law (or a scan of it) and that no doubt is recorded.
    `advisory` is the limit by a second reading of the law, shown next to `limit`. `times` says how often an extension
    may be granted. `reference_only` is the reason why no part of the program runs the rule: it is on file to be read.
    `without_successor` is true for a rule that ended and that no other rule follows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(min_length=1, pattern=r"^[a-z0-9-]+$")
    version: int = Field(ge=1)
    kind: PolicyKind
    stage: LegalStage
    limit: WrittenLimit | None = None
    counts_back: bool = False
    times: int | None = Field(default=None, ge=1, le=10)
    advisory: WrittenLimit | None = None
    region: PolicyRegion = "any"
    complexity: PolicyComplexity = "any"
    in_force_from: date
    in_force_to: date | None = None
    trigger: str = Field(min_length=1)
    legal_source: str = Field(min_length=1)
    known_from: KnownFrom = "text"
    verified: bool
    note: str = ""
    reference_only: BothLanguages | None = None
    without_successor: bool = False

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        """Raise ValueError if two keys contradict each other."""
        if self.in_force_to is not None and self.in_force_to < self.in_force_from:
            raise ValueError(f"in_force_to {self.in_force_to} is before in_force_from {self.in_force_from}")
        if self.without_successor and self.in_force_to is None:
            raise ValueError("without_successor stands beside in_force_to")
        if self.counts_back and (self.limit is None or self.limit.counts_start_day):
            raise ValueError("counts_back stands beside a limit, and not beside counts_start_day")
        if (self.times is not None) != (self.stage in EXTENSION_STAGES):
            raise ValueError(f"times belongs to an extension, and to it always: {', '.join(sorted(EXTENSION_STAGES))}")
        if self.verified and self.known_from == "memory":
            raise ValueError("what is known from memory is not verified")
        return self

    @property
    def reference(self) -> str:
        """Return the name ("id@version") by which a deadline keeps the row."""
        return f"{self.id}@{self.version}"

    @property
    def specificity(self) -> int:
        """Return how many of kind, region and complexity the row names.

        Of two rows, the one that names more applies.
        """
        return sum(condition != "any" for condition in (self.kind, self.region, self.complexity))

    def is_in_force(self, on: date) -> bool:
        """Return True if the rule is in force on the day, `in_force_from` and `in_force_to` included."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)

    def is_for(self, kind: str, region: str, complexity: str) -> bool:
        """Return True if the rule is for petitions of this kind, region and complexity."""
        return (
            (self.kind == kind or (self.kind == "any" and kind not in OCCASION_KINDS))
            and self.region in (region, "any")
            and self.complexity in (complexity, "any")
        )

    def competes_with(self, other: "PolicyRow") -> bool:
        """Return True if both rows could apply to one petition on one day, and neither row is more specific."""
        return (
            self.stage is other.stage
            and self.specificity == other.specificity
            and all(
                mine == theirs or "any" in (mine, theirs)
                for mine, theirs in (
                    (self.kind, other.kind),
                    (self.region, other.region),
                    (self.complexity, other.complexity),
                )
            )
            and (self.in_force_to is None or other.in_force_from <= self.in_force_to)
            and (other.in_force_to is None or self.in_force_from <= other.in_force_to)
        )
