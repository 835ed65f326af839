"""Makes the context of each decision: the day, the law and the units as they are now, and what the command names."""

from datetime import date

from domain.actor import Officer
from domain.commands import (
    AnswerAtMeeting,
    AssignPetition,
    MarkDuplicate,
    PetitionCommand,
    PrepareForMeeting,
    ReceivePetition,
    UnmarkDuplicate,
)
from domain.deadlines.policy import Law
from domain.decision_context import DecisionContext
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.vocabulary import PetitionId
from service.commands.business_day import BusinessDay
from service.commands.queries import Queries
from service.commands.state_cache import StateCache
from service.commands.unit_cache import UnitCache
from service.event_store.ids import time_ordered_id

_NAMES_A_MEETING = ReceivePetition | AnswerAtMeeting | PrepareForMeeting | AssignPetition
_NAMES_ANOTHER = _NAMES_A_MEETING | MarkDuplicate | UnmarkDuplicate


class DecisionContexts:
    """Knows what is the same for all decisions of a moment. `law` is replaced when another one comes into force."""

    def __init__(
        self, business_day: BusinessDay, law: Law, units: UnitCache, states: StateCache, queries: Queries
    ) -> None:
        self._business_day = business_day
        self._units = units
        self._states = states
        self._queries = queries
        self.law = law

    @property
    def today(self) -> date:
        """Return the present day in the authority's time zone."""
        return self._business_day()

    async def for_officer(self, by: Officer) -> DecisionContext:
        """Return the context of a decision that reads no petition."""
        return DecisionContext(self.today, by, self.law, self._units.fresh or await self._units.load())

    async def for_petition(self, command: PetitionCommand, by: Officer, petition: Petition | None) -> DecisionContext:
        """Return the context of a decision on a petition, with the meeting and the other petition that are named.

        A receipt gets the id of the petition that it opens.
        """
        today = self.today
        meeting, other = (
            await self._load_named(command, petition) if isinstance(command, _NAMES_ANOTHER) else (None, None)
        )
        subject = petition.petition_id if petition else PetitionId(time_ordered_id())
        units = self._units.fresh or await self._units.load()
        return DecisionContext(today, by, self.law, units, subject, meeting, other)

    async def _load_named(
        self, command: PetitionCommand, petition: Petition | None
    ) -> tuple[Meeting | None, Petition | None]:
        """Load the meeting and the other petition that the command names.

        Each is None if the command does not name it.
        """
        if isinstance(command, MarkDuplicate | UnmarkDuplicate):
            first_id = (
                command.duplicate_of if isinstance(command, MarkDuplicate) else petition and petition.duplicate_of
            )
            # The first petition is written to as well. Its cached state may be old, and a conflict would not evict it.
            return None, await self._states.load(first_id) if first_id else None
        if isinstance(command, _NAMES_A_MEETING) and command.meeting_id is not None:
            return await self._queries.meeting(command.meeting_id), None
        return None, None
