"""Makes the context of each decision: the day, the law and the units as they are now."""

from datetime import date

from domain.actor import Officer
from domain.deadlines.policy import Law
from domain.decision_context import DecisionContext
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.vocabulary import PetitionId
from service.commands.business_day import BusinessDay
from service.commands.unit_cache import UnitCache


class DecisionContexts:
    """Knows what is the same for all decisions of a moment. `law` is replaced when another one comes into force."""

    def __init__(self, business_day: BusinessDay, law: Law, units: UnitCache) -> None:
        self._business_day = business_day
        self._units = units
        self.law = law

    @property
    def today(self) -> date:
        """Return the present day in the authority's time zone."""
        return self._business_day()

    async def make(
        self,
        by: Officer,
        *,
        petition_id: PetitionId | None = None,
        meeting: Meeting | None = None,
        other: Petition | None = None,
    ) -> DecisionContext:
        """Return the context of a decision of the officer `by`, with what the command names."""
        units = self._units.fresh or await self._units.load()
        return DecisionContext(self.today, by, self.law, units, petition_id, meeting, other)
