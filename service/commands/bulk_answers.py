"""Answers of a meeting that are published together: each petition is decided on its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from domain import permissions
from domain.actor import Credentials
from domain.commands import AnswerAtMeeting
from domain.errors import Refused
from domain.meetings.commands import AnswerToPublish, PublishAnswers
from domain.vocabulary import MeetingId
from service.commands.office import Asked, Done, NotDone, Office, UnknownPetition


@dataclass(frozen=True, slots=True)
class Published:
    """What became of one answer: the petition as it was named, and what it came to."""

    petition: str
    outcome: Done | NotDone


async def publish_answers(
    office: Office,
    command: PublishAnswers,
    meeting_id: MeetingId,
    credentials: Credentials,
    *,
    command_id: UUID,
    digest: bytes,
) -> list[Published]:
    """One outcome for each answer, in their order: what is wrong with one fails no other.

    Sent again, with the same `command_id`, each answer is the one that was recorded. Raises NotAllowed.
    """
    permissions.require(command, credentials.roles)
    taken: list[Asked | NotDone] = []
    named: set[UUID | None] = set()
    for one in command.answers:
        asked = await _asked(office, command, one, meeting_id, command_id, digest)
        if isinstance(asked, Asked):
            if asked.petition_id in named:  # its id would be that of the first, which would seem to be this one
                asked = Refused("this petition is answered by another line already")
            else:
                named.add(asked.petition_id)
        taken.append(asked)
    done = iter(await office.perform_all([one for one in taken if isinstance(one, Asked)], credentials))
    outcomes: Sequence[Done | NotDone] = [next(done) if isinstance(one, Asked) else one for one in taken]
    return [Published(one.petition, outcome) for one, outcome in zip(command.answers, outcomes, strict=True)]


async def _asked(
    office: Office,
    command: PublishAnswers,
    one: AnswerToPublish,
    meeting_id: MeetingId,
    command_id: UUID,
    digest: bytes,
) -> Asked | NotDone:
    petition_id = await office.petition_id_of(one.petition)
    if petition_id is None:
        return UnknownPetition()
    answer = one.answer
    if answer is None:
        petition = await office.fresh_petition(petition_id)  # somebody may just have prepared it elsewhere
        if petition is None:
            return UnknownPetition()
        answer = petition.prepared_answers.get(meeting_id)
    if not answer:
        return Refused("no answer is given, and none was prepared for this meeting")
    return Asked(
        AnswerAtMeeting(
            occurred_on=command.occurred_on,
            meeting_id=meeting_id,
            answered_by=one.answered_by,
            answered_by_position=one.answered_by_position,
            answer=answer,
            minutes_page=one.minutes_page,
            citizen_present=one.citizen_present,
            citizen_agreed=one.citizen_agreed,
            ordered_by=one.ordered_by,
        ),
        uuid5(command_id, str(petition_id)),
        digest,
        petition_id,
        None,
    )
