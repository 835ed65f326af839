"""Makes the context of each decision: the day, the law and the units as they are now, and what the command names."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from domain.actor import Officer
from domain.commands import (
    AnswerAtMeeting,
    ApproveCorrection,
    ApproveReversal,
    AssignPetition,
    MarkDuplicate,
    PetitionCommand,
    PrepareForMeeting,
    ProposeCorrection,
    ProposeReversal,
    ReceivePetition,
    UnmarkDuplicate,
)
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import PetitionEvent
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.vocabulary import PetitionId
from service.commands.business_day import BusinessDay
from service.commands.queries import Queries
from service.commands.results import CommandResult, TooContended
from service.commands.shared_facts import SharedFactsCache
from service.commands.state_cache import StateCache
from service.event_store.errors import SharedFactsMoved
from service.event_store.ids import time_ordered_id

DECISION_ATTEMPTS = 10
"""Number of attempts to decide on one petition. After the last conflict `TooContended` is raised."""

_NAMES_A_MEETING = ReceivePetition | AnswerAtMeeting | PrepareForMeeting | AssignPetition
_PUTS_RIGHT = ProposeCorrection | ApproveCorrection | ProposeReversal | ApproveReversal
_NAMES_ANOTHER = _NAMES_A_MEETING | MarkDuplicate | UnmarkDuplicate


class DecisionContexts:
    """Knows what is the same for all decisions of a moment."""

    def __init__(
        self, business_day: BusinessDay, shared_facts: SharedFactsCache, states: StateCache, queries: Queries
    ) -> None:
        self._business_day = business_day
        self.shared_facts = shared_facts
        self._states = states
        self._queries = queries

    @property
    def today(self) -> date:
        """Return the present day in the authority's time zone."""
        return self._business_day()

    async def for_officer(self, by: Officer) -> DecisionContext:
        """Return the context of a decision that reads no petition."""
        law, units, position = self.shared_facts.fresh or await self.shared_facts.load()
        return DecisionContext(self.today, by, law, units, facts_known=position)

    async def for_petition(self, command: PetitionCommand, by: Officer, petition: Petition | None) -> DecisionContext:
        """Return the context of a decision on a petition, with the meeting and the other petition that are named.

        A receipt gets the id of the petition that it opens.
        """
        today = self.today
        meeting, other = (
            await self._load_named(command, petition) if isinstance(command, _NAMES_ANOTHER) else (None, None)
        )
        subject = petition.petition_id if petition else PetitionId(time_ordered_id())
        law, units, position = self.shared_facts.fresh or await self.shared_facts.load()
        history = await self._history(petition) if petition and _reads_history(command, today) else ()
        return DecisionContext(today, by, law, units, subject, meeting, other, position, history)

    async def _history(self, petition: Petition) -> Sequence[EventEnvelope[PetitionEvent]]:
        """Return the history of a petition as far as its state goes: what came since is a conflict later."""
        return (await self._states.load_history(petition.petition_id))[: petition.version]

    async def decide_on_present_facts(
        self, by: Officer, attempt: Callable[[DecisionContext], Awaitable[CommandResult]]
    ) -> CommandResult:
        """Decide and write by `attempt`, and again as long as the law or the units have moved in the meantime.

        Raise the Refused of an attempt on facts that have not moved, and TooContended.
        """
        for _ in range(DECISION_ATTEMPTS):
            context = await self.for_officer(by)
            try:
                return await attempt(context)
            except SharedFactsMoved:
                self.shared_facts.invalidate()
            except Refused:
                if not await self.shared_facts.have_moved_since(context.facts_known):
                    raise
        raise TooContended("the law and the units are being changed by too many at once")

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


def _reads_history(command: PetitionCommand, today: date) -> bool:
    """Return True for what puts the record right, and for an answer at a meeting that is entered on a later day."""
    return isinstance(command, _PUTS_RIGHT) or (isinstance(command, AnswerAtMeeting) and command.occurred_on < today)
