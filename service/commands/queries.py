"""Reads petitions, meetings and units as the log has them; the views are asked elsewhere."""

from domain.envelope import EventEnvelope
from domain.events import PetitionEvent
from domain.meetings import meeting as meetings
from domain.meetings.events import MeetingEvent, MeetingHeld, MeetingPlanned
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.units.unit import UnitRegister
from domain.vocabulary import MeetingId, PetitionId
from service.commands.reference_lookup import ReferenceLookup
from service.commands.shared_facts import SharedFactsCache
from service.commands.state_cache import StateCache, petition_history
from service.event_store.recorder import Histories


class Queries:
    """Reads states and histories of petitions, meetings and units."""

    def __init__(
        self, histories: Histories, states: StateCache, shared_facts: SharedFactsCache, references: ReferenceLookup
    ) -> None:
        self._histories = histories
        self._states = states
        self._shared_facts = shared_facts
        self._references = references

    def forget(self) -> None:
        """Forget references."""
        self._references.clear()

    async def history(self, petition_id: PetitionId) -> list[EventEnvelope[PetitionEvent]]:
        """Return every event of a petition in order, with its texts; an empty list when there is no such petition.

        Raise UnopenableText and UnusableTextKey.
        """
        return petition_history(await self._states.load_history(petition_id))

    async def petition(self, petition_id: PetitionId) -> Petition | None:
        """Return the state of a petition, from the cache if possible; None when there is no such petition.

        A cached state may be older than the log. The version check at the append detects that.
        """
        return self._states.get(petition_id) or await self._states.load(petition_id)

    async def fresh_petition(self, petition_id: PetitionId) -> Petition | None:
        """Return the state of a petition, read from the log; None when there is no such petition."""
        return await self._states.load(petition_id)

    async def petition_id_of(self, reference: str) -> PetitionId | None:
        """Return the id of the petition with this register number ("TD-2026-000123"), id or import "source:key".

        Return None when no petition has such a number or import key. An id is returned unchecked.
        """
        return await self._references.find_petition_id(reference)

    async def meeting(self, meeting_id: MeetingId) -> Meeting | None:
        """Return the state of a meeting, read from the log; None when there is none."""
        return meetings.fold_meeting(await self.meeting_history(meeting_id))

    async def meeting_history(self, meeting_id: MeetingId) -> list[EventEnvelope[MeetingEvent]]:
        """Return every event of a meeting in order; an empty list when there is no such meeting."""
        history = await self._histories.history(meeting_id)
        return history if history and isinstance(history[0].fact, MeetingPlanned | MeetingHeld) else []

    async def units(self) -> UnitRegister:
        """Return all units, including former ones. Changes by other processes are seen after at most two seconds."""
        return (await self._shared_facts.load()).units
