"""Publishes many answers of one meeting together. Each petition is decided separately."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from domain import permissions
from domain.actor import Credentials
from domain.commands import AnswerAtMeeting
from domain.errors import Refused
from domain.meetings.commands import AnswerToPublish, PublishAnswers
from domain.vocabulary import MeetingId
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.commands.results import CommandError, CommandRequest, CommandResult, UnknownPetition


@dataclass(frozen=True, slots=True)
class PublishedAnswer:
    """Holds the outcome of one answer. `petition` is the reference that the request gave."""

    petition: str
    outcome: CommandResult | CommandError


async def publish_answers(
    office: ApplicationService,
    command: PublishAnswers,
    meeting_id: MeetingId,
    credentials: Credentials,
    *,
    command_id: UUID,
    digest: bytes,
) -> list[PublishedAnswer]:
    """Publish the answers and return one outcome for each answer, in their order.

    An error of one answer does not affect the others. If the request is sent again with the same `command_id`, each
    answer has the outcome of the first time. Raise NotAllowed.
    """
    permissions.require_permission(command, credentials.roles)
    requests_or_errors: list[CommandRequest | CommandError] = []
    petition_ids: set[UUID | None] = set()
    for one in command.answers:
        request = await _request_for_answer(office, command, one, meeting_id, command_id, digest)
        if isinstance(request, CommandRequest):
            if request.petition_id in petition_ids:  # same command id as the first line: it would look like a replay
                request = Refused(ServiceRefusal.ANSWERED_BY_ANOTHER_LINE)
            else:
                petition_ids.add(request.petition_id)
        requests_or_errors.append(request)
    results = iter(
        await office.petitions.perform_all(
            [one for one in requests_or_errors if isinstance(one, CommandRequest)], credentials
        )
    )
    outcomes: Sequence[CommandResult | CommandError] = [
        next(results) if isinstance(one, CommandRequest) else one for one in requests_or_errors
    ]
    return [PublishedAnswer(one.petition, outcome) for one, outcome in zip(command.answers, outcomes, strict=True)]


async def _request_for_answer(
    office: ApplicationService,
    command: PublishAnswers,
    item: AnswerToPublish,
    meeting_id: MeetingId,
    command_id: UUID,
    digest: bytes,
) -> CommandRequest | CommandError:
    """Return the command for one answer, or the error that prevents it.

    If an answer has no text, the prepared answer is used.
    """
    petition_id = await office.queries.petition_id_of(item.petition)
    if petition_id is None:
        return UnknownPetition()
    text = item.answer
    if text is None:
        petition = await office.queries.fresh_petition(petition_id)  # somebody may just have prepared it elsewhere
        if petition is None:
            return UnknownPetition()
        text = petition.prepared_answers.get(meeting_id)
    if not text:
        return Refused(ServiceRefusal.NO_ANSWER_GIVEN)
    return CommandRequest(
        AnswerAtMeeting(
            occurred_on=command.occurred_on,
            confirm=command.confirm,
            meeting_id=meeting_id,
            answered_by=item.answered_by,
            answered_by_position=item.answered_by_position,
            answer=text,
            minutes_page=item.minutes_page,
            citizen_present=item.citizen_present,
            citizen_agreed=item.citizen_agreed,
            ordered_by=item.ordered_by,
        ),
        uuid5(command_id, str(petition_id)),
        digest,
        petition_id,
        None,
    )
