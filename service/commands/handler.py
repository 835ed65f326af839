"""Deciding on a command: on the petition as it is remembered, and again on its history when that was not enough."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import cast

from domain import permissions
from domain.actor import Credentials
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
from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.follow_on_events import opened_by, told_by
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.rules.intake import petitioner_references
from domain.vocabulary import MeetingId, PetitionId
from service.commands.keyed_lock import KeyedLock
from service.commands.persistence import Recording
from service.commands.results import NOT_DONE, Asked, Done, NotDone, TooContended, UnknownPetition, VersionMismatch
from service.commands.state_cache import Petitions
from service.commands.unit_cache import UnitRegister
from service.commands.unit_of_work import Draft
from service.event_store.append import Identity, VersionConflict
from service.event_store.ids import time_ordered_id
from service.observability.append_observer import Watch
from service.security.identity_vault import seal

ATTEMPTS = 10
"""Decisions on a fresh history before a petition that everybody writes to at once is given up on."""

AT_ONCE = 256
"""Commands of one `perform_all` that are under way together: many in a commit, and room in the queue for others."""

_NAMES_A_MEETING = ReceivePetition | AnswerAtMeeting | PrepareForMeeting | AssignPetition
_NAMES_ANOTHER = _NAMES_A_MEETING | MarkDuplicate | UnmarkDuplicate


class Deciding:
    def __init__(
        self,
        recording: Recording,
        petitions: Petitions,
        units: UnitRegister,
        meeting: Callable[[MeetingId], Awaitable[Meeting | None]],
        today: Callable[[], date],
        law: Callable[[], Law],
        vault_key: bytes,
        watch: Watch,
    ) -> None:
        self._recording = recording
        self._petitions = petitions
        self._units = units
        self._meeting = meeting
        self._today = today
        self._law = law
        self._vault_key = vault_key
        self._watch = watch
        self._turns = KeyedLock()

    async def perform(self, asked: Asked, credentials: Credentials) -> Done:
        permissions.require(asked.command, credentials.roles)
        if asked.petition_id is None:
            return await self._decide(asked, credentials)
        if isinstance(asked.command, MarkDuplicate):  # it writes to the first letter too, which others may at once
            return await self._in_turn(
                sorted({asked.petition_id.int, asked.command.duplicate_of.int}), asked, credentials
            )
        return await self._in_turn([asked.petition_id.int], asked, credentials)

    async def perform_all(self, asked: Sequence[Asked], credentials: Credentials) -> list[Done | NotDone]:
        answers: list[Done | NotDone | None] = [None] * len(asked)
        remaining = iter(enumerate(asked))

        async def one_after_another() -> None:
            for place, one in remaining:
                try:
                    answers[place] = await self.perform(one, credentials)
                except NOT_DONE as no:
                    answers[place] = no

        ended = await asyncio.gather(
            *(one_after_another() for _ in range(min(AT_ONCE, len(asked)))), return_exceptions=True
        )
        for error in ended:
            if error is not None:
                raise error
        return cast("list[Done | NotDone]", answers)

    async def _in_turn(self, of: Sequence[int], asked: Asked, credentials: Credentials) -> Done:
        """Within this process the commands on one petition take turns, so that only other processes can come between.

        Of two petitions the turns are taken in the order of their ids, or two commands would wait for each other.
        """
        first, *others = of
        await self._turns.take(first)
        try:
            return await (self._in_turn(others, asked, credentials) if others else self._decide(asked, credentials))
        finally:
            self._turns.pass_on(first)

    async def _decide(self, asked: Asked, credentials: Credentials) -> Done:
        """Once more, on the fresh history, as often as somebody else was quicker."""
        petition = None if asked.petition_id is None else self._petitions.known(asked.petition_id)
        remembered = petition is not None
        for _ in range(ATTEMPTS):
            try:
                if petition is None and asked.petition_id is not None:
                    petition = await self._petitions.read(asked.petition_id)
                    if petition is None:
                        raise UnknownPetition
                if petition and asked.expected_version is not None and not petition.is_known_by(asked.expected_version):
                    raise VersionMismatch(petition.version)
                draft, identities = await self._draft(asked.command, credentials, petition)
            except (Refused, UnknownPetition, VersionMismatch) as no:
                # A repeated request finds a petition that its first sending has changed already.
                if not remembered:
                    return await self._recording.done_before(no, asked.command_id, asked.digest)
                if (done := await self._recording.found(asked.command_id, asked.digest)) is not None:
                    return done
            else:
                try:
                    return await self._recording.record(draft, petition, identities, asked.command_id, asked.digest)
                except VersionConflict:
                    self._watch.conflicted()
                    self._petitions.forget(asked.petition_id)
            petition, remembered = None, False
        raise TooContended("this petition is being written to by too many at once")

    async def _draft(
        self, command: PetitionCommand, credentials: Credentials, petition: Petition | None
    ) -> tuple[Draft, tuple[Identity, ...]]:
        """What the domain decides, and the identities that go with it."""
        meeting, other = await self._named(command, petition) if isinstance(command, _NAMES_ANOTHER) else (None, None)
        by, subject = credentials.who, petition.petition_id if petition else PetitionId(time_ordered_id())
        circumstances = DecisionContext(
            today=self._today(),
            by=by,
            law=self._law(),
            units=self._units.fresh or await self._units.read(),
            petition_id=subject,
            meeting=meeting,
            other=other,
        )
        draft = Draft(by, subject, petition.version if petition else 0)
        for fact in decide(command, petition, circumstances):
            draft.then(fact)
            for opened in opened_by(petition, fact, circumstances) if petition else ():
                number = None if opened.suffix is None or petition is None else f"{petition.reference}.{opened.suffix}"
                draft.open(opened.petition_id, opened.facts, number)
            for told in told_by(petition, fact, circumstances) if petition and other else ():
                draft.tell(told.of.petition_id, told.of.version, told.fact)
        if isinstance(command, ReceivePetition) and command.petitioners:
            references = petitioner_references(subject, len(command.petitioners))
            return draft, seal(subject, references, command.petitioners, self._vault_key)
        return draft, ()

    async def _named(
        self, command: PetitionCommand, petition: Petition | None
    ) -> tuple[Meeting | None, Petition | None]:
        """The meeting, and the other petition, that the command names."""
        if isinstance(command, MarkDuplicate | UnmarkDuplicate):
            first = command.duplicate_of if isinstance(command, MarkDuplicate) else petition and petition.duplicate_of
            # It is written to as well: what is remembered of it may be old, and nobody would forget it at a conflict.
            return None, await self._petitions.read(first) if first else None
        if isinstance(command, _NAMES_A_MEETING) and command.meeting_id is not None:
            return await self._meeting(command.meeting_id), None
        return None, None
