"""Makes the context of each decision: the day, the law and the units as they are now, and what the command names."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import cast, get_args

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
from domain.vocabulary import MeetingId, PetitionId
from service.commands.business_day import BusinessDay
from service.commands.queries import Queries
from service.commands.results import CommandResult, TooContended
from service.commands.shared_facts import SharedFactsCache
from service.commands.state_cache import StateCache
from service.event_store.errors import SharedFactsMoved
from service.event_store.ids import time_ordered_id

DECISION_ATTEMPTS = 10
"""Number of attempts to decide on one petition. After the last conflict `TooContended` is raised."""

_MayNameMeeting = ReceivePetition | AnswerAtMeeting | PrepareForMeeting | AssignPetition
# Sets of classes: `isinstance` of a class of pydantic runs Python, and all commands come here.
_MAY_NAME_MEETING: frozenset[type[PetitionCommand]] = frozenset(get_args(_MayNameMeeting))
_PUTS_RIGHT: frozenset[type[PetitionCommand]] = frozenset(
    {ProposeCorrection, ApproveCorrection, ProposeReversal, ApproveReversal}
)
_NAMES_ANOTHER_PETITION: frozenset[type[PetitionCommand]] = frozenset({MarkDuplicate, UnmarkDuplicate})


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

    def without_reading(
        self, command: PetitionCommand, by: Officer, petition: Petition | None
    ) -> DecisionContext | None:
        """Return the context that `for_petition` returns, or None where something must be read for it first.

        That is nothing for most commands: what all decisions share is in memory.
        """
        fresh, today = self.shared_facts.fresh, self.today
        if (
            fresh is None
            or type(command) in _NAMES_ANOTHER_PETITION
            or _meeting_named(command) is not None
            or (petition is not None and _reads_history(command, today))
        ):
            return None
        return DecisionContext(today, by, fresh.law, fresh.units, _subject(petition), None, None, fresh.position)

    async def for_petition(self, command: PetitionCommand, by: Officer, petition: Petition | None) -> DecisionContext:
        """Return the context of a decision on a petition, with the meeting and the other petition that are named.

        A receipt gets the id of the petition that it opens.
        """
        today = self.today
        meeting, other = await self._load_named(command, petition)
        law, units, position = self.shared_facts.fresh or await self.shared_facts.load()
        history = await self._history(petition) if petition and _reads_history(command, today) else ()
        return DecisionContext(today, by, law, units, _subject(petition), meeting, other, position, history)

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
        meeting_id = _meeting_named(command)
        return None if meeting_id is None else await self._queries.meeting(meeting_id), None


def _subject(petition: Petition | None) -> PetitionId:
    """Return the id of the petition, or of the one that a receipt opens."""
    return PetitionId(time_ordered_id()) if petition is None else petition.petition_id


def _meeting_named(command: PetitionCommand) -> MeetingId | None:
    """Return the meeting that the command names, if it names one."""
    return cast("_MayNameMeeting", command).meeting_id if type(command) in _MAY_NAME_MEETING else None


def _reads_history(command: PetitionCommand, today: date) -> bool:
    """Return True for what puts the record right, and for an answer at a meeting that is entered on a later day."""
    kind = type(command)
    return kind in _PUTS_RIGHT or (kind is AnswerAtMeeting and command.occurred_on < today)
