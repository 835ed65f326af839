"""One rule of the law, as a row of a policy file."""

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from domain.deadlines.limit import Limit
from domain.deadlines.stages import LegalStage

Kind = Literal[
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
Region = Literal["normal", "remote", "any"]
Complexity = Literal["normal", "complex", "specially_complex", "any"]
KnownFrom = Literal["text", "scan", "press", "memory"]

OCCASIONS = frozenset({"reception", "dialogue"})
"""No petitions: a rule for "any" kind is not for them."""

EXTENSIONS = frozenset({LegalStage.ACCEPTANCE_EXTENSION, LegalStage.SETTLEMENT_EXTENSION})


class PolicyRow(BaseModel):
    """One rule. A row that was applied is never edited: a change is a new `version`, from its own day on.

    `limit` is None for a slot: no national rule, to be filled by a province; until then the petition has no
    limit, which is a defect to show. `in_force_to` is the last day in force. `trigger` names the act whose day
    starts the clock; `counts_back` is for what must be done at least so long before that day. `verified` says
    that the number was found in a text of the law (or a scan of it) and that no doubt is on record. `advisory` is a
    second reading of the law, shown beside the limit. `times` is how often an extension may be granted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(min_length=1, pattern=r"^[a-z0-9-]+$")
    version: int = Field(ge=1)
    kind: Kind
    stage: LegalStage
    limit: Limit | None = None
    counts_back: bool = False
    times: int | None = Field(default=None, ge=1, le=10)
    advisory: Limit | None = None
    region: Region = "any"
    complexity: Complexity = "any"
    in_force_from: date
    in_force_to: date | None = None
    trigger: str = Field(min_length=1)
    legal_source: str = Field(min_length=1)
    known_from: KnownFrom = "text"
    verified: bool
    note: str = ""

    @field_validator("limit", "advisory", mode="before")
    @classmethod
    def _limit_in_short_form(cls, value: object) -> object:
        return value if value is None or isinstance(value, Limit) else Limit.parse(str(value))

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if self.in_force_to is not None and self.in_force_to < self.in_force_from:
            raise ValueError(f"in_force_to {self.in_force_to} is before in_force_from {self.in_force_from}")
        if self.counts_back and (self.limit is None or self.limit.counts_start_day):
            raise ValueError("counts_back stands beside a limit, and not beside counts_start_day")
        if (self.times is not None) != (self.stage in EXTENSIONS):
            raise ValueError(f"times belongs to an extension, and to it always: {', '.join(sorted(EXTENSIONS))}")
        if self.verified and self.known_from == "memory":
            raise ValueError("what is known from memory is not verified")
        return self

    @property
    def reference(self) -> str:
        """What a deadline keeps of the row it was counted by."""
        return f"{self.id}@{self.version}"

    @property
    def specificity(self) -> int:
        """How many of kind, region and complexity the row names; the row that names more goes first."""
        return sum(condition != "any" for condition in (self.kind, self.region, self.complexity))

    def is_in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)

    def is_for(self, kind: str, region: str, complexity: str) -> bool:
        return (
            (self.kind == kind or (self.kind == "any" and kind not in OCCASIONS))
            and self.region in (region, "any")
            and self.complexity in (complexity, "any")
        )

    def competes_with(self, other: "PolicyRow") -> bool:
        """Whether some petition on some day would have both rows, and nothing to choose by."""
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
