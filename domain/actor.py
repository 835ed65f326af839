"""Who acts: an officer in a position of a unit, on that day."""

from enum import StrEnum
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from domain.text import Code, Line
from domain.vocabulary import NO_UNIT, OfficerId, UnitId


class Role(StrEnum):
    """What an officer may do; separated so that nobody checks their own work."""

    RECEIVER = "receiver"
    CLASSIFIER = "classifier"
    HEAD = "head"
    OFFICER = "officer"
    FOLLOW_UP = "follow_up"
    CORRECTOR = "corrector"
    APPROVER = "approver"
    INSPECTOR = "inspector"
    CUSTODIAN = "custodian"
    IMPORTER = "importer"
    ADMINISTRATOR = "administrator"


class Officer(BaseModel):
    """As verified from the token and stored with every event; never from a request's body.

    `position` is the title held on the day of the act: later appointments do not change history.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    officer: OfficerId
    unit: UnitId
    position: str
    acting_for: OfficerId | None = None

    @property
    def parties(self) -> frozenset[OfficerId]:
        """Who acts, and for whom: separation of duties looks at both."""
        return frozenset({self.officer} if self.acting_for is None else {self.officer, self.acting_for})


class Credentials(BaseModel):
    """An officer and the roles that the token grants."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    officer: Code
    unit: Code
    position: Line
    acting_for: Code | None = None
    roles: frozenset[Role] = frozenset()

    @property
    def who(self) -> Officer:
        return _officer(self.officer, self.unit, self.position, self.acting_for)


THE_SERVICE = Credentials.model_construct(
    officer="kiennghi", unit=NO_UNIT, position="Tự động theo thang cảnh báo", acting_for=None, roles=frozenset()
)
"""Who records what follows from the law and the days alone. No token can say it: whoever bears one is of a unit."""


@lru_cache(maxsize=4096)  # few officers ask often, and each request brings their credentials anew
def _officer(officer: str, unit: str, position: str, acting_for: str | None) -> Officer:
    return Officer(
        officer=OfficerId(officer),
        unit=UnitId(unit),
        position=position,
        acting_for=None if acting_for is None else OfficerId(acting_for),
    )
