"""Defines who acts: an officer in a position of a unit, on the day of the act."""

from enum import StrEnum
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from domain.text import Code, SingleLine
from domain.vocabulary import NO_UNIT, OfficerId, UnitId


class Role(StrEnum):
    """Names a set of permitted acts. Roles are separated so that nobody checks their own work."""

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
    """Identifies the officer who acts. It comes from the verified token, never from a request's body.

    Every event stores it. `position` is the title held on the day of the act: later appointments do not change history.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    officer: OfficerId
    unit: UnitId
    position: str
    acting_for: OfficerId | None = None

    @property
    def parties(self) -> frozenset[OfficerId]:
        """Return who acts and for whom. Separation of duties looks at both."""
        return frozenset({self.officer} if self.acting_for is None else {self.officer, self.acting_for})


class Credentials(BaseModel):
    """Holds an officer and the roles that the token grants."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    officer: Code
    unit: Code
    position: SingleLine
    acting_for: Code | None = None
    roles: frozenset[Role] = frozenset()

    @property
    def acting_officer(self) -> Officer:
        """Return the officer in the form that events store: without roles."""
        return _cached_officer(self.officer, self.unit, self.position, self.acting_for)


SERVICE_CREDENTIALS = Credentials.model_construct(
    officer="kiennghi", unit=NO_UNIT, position="Hệ thống nhắc việc", acting_for=None, roles=frozenset()
)
"""The actor of events that follow from law and calendar alone. No token can carry it: every bearer has a unit."""


@lru_cache(maxsize=4096)  # few officers send many requests, and each request carries their credentials again
def _cached_officer(officer: str, unit: str, position: str, acting_for: str | None) -> Officer:
    return Officer(
        officer=OfficerId(officer),
        unit=UnitId(unit),
        position=position,
        acting_for=None if acting_for is None else OfficerId(acting_for),
    )
