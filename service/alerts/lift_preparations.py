"""Lifts the preparation for meetings that were cancelled: a meeting has a history of its own, which no petition reads.

The view only gives the candidates, as for alerts; what the log says of the meeting and of the petition decides. So a
petition that was put on the list at the moment of the cancellation is found by a later round.
"""

from collections.abc import Callable
from uuid import UUID

from domain.deadlines.clock import ClockSubject
from domain.events import PetitionEvent
from domain.meetings.meeting import Meeting
from domain.petition import Petition
from domain.rules.performing import lift_preparation
from domain.vocabulary import MeetingId
from projections.pending_notifications import read_preparations
from service.alerts.recording import record_for_petition
from service.commands.chunked_read import fold_petitions, read_histories_in_chunks
from service.commands.office import ApplicationService
from service.commands.shared_facts import SharedFacts

PETITIONS_A_CHUNK = 256
"""The number of petitions whose histories are in memory at the same time."""


async def lift_preparations(office: ApplicationService) -> int:
    """Lift what is owed for each meeting that was cancelled, and return the number of duties.

    Raise TooContended, psycopg.Error, and the committer's errors. The next round finds the rest.
    """
    lifted = 0
    async with office.pool.connection() as connection:
        for subject, petitions in (await read_preparations(connection)).items():
            meeting = await office.queries.meeting(_meeting_of(subject))
            if meeting is None or meeting.cancelled_on is None:
                continue
            lift = _lifting(meeting)
            async for chunk in read_histories_in_chunks(connection, office.vault, petitions, PETITIONS_A_CHUNK):
                for petition in fold_petitions(chunk, skip_unopenable=True):
                    lifted += len(await record_for_petition(office, petition, lift))
    return lifted


def _meeting_of(subject: str) -> MeetingId:
    """Return the meeting that the subject of a preparation names."""
    named = ClockSubject.parse(subject)
    assert named is not None, "an answer is prepared for a meeting"
    return MeetingId(UUID(named.reference))


def _lifting(meeting: Meeting) -> Callable[[Petition, SharedFacts], list[PetitionEvent]]:
    return lambda petition, _: lift_preparation(petition, meeting)
