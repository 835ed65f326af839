"""Tests the meetings of a running service: cached once held, decided on by the log, and published together."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from domain.commands import PetitionCommand
from domain.errors import Refused
from domain.events import AnsweredAtMeeting, officer_of
from domain.meetings import commands as c
from domain.meetings.commands import AnswerToPublish, MeetingCommand, PublishAnswers
from domain.units.commands import CloseUnit
from domain.units.events import Level
from domain.vocabulary import MeetingId, PetitionId
from projections.views import VIEWS
from service.commands.bulk_answers import PublishedAnswer, publish_answers
from service.commands.office import ApplicationService
from service.commands.results import CommandResult, UnknownPetition
from service.projector.rebuild import rebuild_views
from service.projector.runner import ProjectionRunner
from tests.domain.samples import ANSWER_AT_MEETING, CLASSIFY, PREPARE, RECEIVE, july, with_changes
from tests.domain.scenario import MEETING
from tests.service.office_fixtures import CLERK, assert_views_complete, open_office, open_units, perform, run_life_cycle

pytestmark = pytest.mark.anyio


def plan(meeting_id: MeetingId, **said: object) -> c.PlanMeeting:
    command = c.PlanMeeting(
        occurred_on=july(1),
        meeting_id=meeting_id,
        planned_for=july(20),
        level=Level.PROVINCE,
        organiser="ubnd-tinh",
        chair="chu-tich",
        chair_position="Chủ tịch",
        title="Đối thoại với nhân dân",
        topics=("giao thông", "đất đai, “sổ đỏ”"),
    )
    return with_changes(command, **said)


async def meet(
    office: ApplicationService, meeting_id: MeetingId, command: MeetingCommand, command_id: UUID | None = None
) -> CommandResult:
    return await office.meetings.perform(command, meeting_id, CLERK, command_id=command_id or uuid4(), digest=b"")


def answers(*petitions: object, **said: object) -> PublishAnswers:
    return PublishAnswers(
        occurred_on=july(20),
        answers=tuple(
            AnswerToPublish.model_validate(
                {
                    "petition": str(petition),
                    "answered_by": "giam-doc",
                    "answered_by_position": "Giám đốc",
                    "minutes_page": "4",
                    **said,
                }
            )
            for petition in petitions
        ),
    )


async def publish(
    office: ApplicationService, meeting_id: MeetingId, command: PublishAnswers, command_id: UUID | None = None
) -> list[PublishedAnswer]:
    return await publish_answers(office, command, meeting_id, CLERK, command_id=command_id or uuid4(), digest=b"")


@pytest.fixture
async def office_on_the_day(database: str) -> AsyncIterator[ApplicationService]:
    """Return an office on Monday 20 July 2026, the last day on which what came on the sixth is in time."""
    async with open_office(database, now=datetime(2026, 7, 20, 5, tzinfo=UTC)) as office:
        await open_units(office)
        yield office


async def test_a_meeting_lives_from_its_plan_to_its_conclusion(office: ApplicationService) -> None:
    meeting_id = MeetingId(uuid4())
    await meet(office, meeting_id, plan(meeting_id))
    await meet(office, meeting_id, c.AnnounceMeeting(occurred_on=july(10), how="đài truyền thanh"))
    await meet(office, meeting_id, c.MoveMeeting(occurred_on=july(14), planned_for=july(21), reason="trùng ngày"))
    done = await meet(office, meeting_id, c.HoldMeeting(occurred_on=july(21)))
    assert done.version == 4
    history = await office.queries.meeting_history(meeting_id)
    assert [type(recorded.fact).__name__ for recorded in history] == [
        "MeetingPlanned",
        "MeetingAnnounced",
        "MeetingMoved",
        "MeetingHeld",
    ]


async def test_a_command_sent_twice_is_done_once(office: ApplicationService) -> None:
    meeting_id, command_id = MeetingId(uuid4()), uuid4()
    first = await meet(office, meeting_id, plan(meeting_id), command_id)
    again = await meet(office, meeting_id, plan(meeting_id), command_id)
    assert (again.position, again.replayed, first.replayed) == (first.position, True, False)
    hold = uuid4()
    await meet(office, meeting_id, c.HoldMeeting(occurred_on=july(20)), hold)
    assert (await meet(office, meeting_id, c.HoldMeeting(occurred_on=july(20)), hold)).replayed


async def test_of_two_who_hold_and_cancel_at_once_one_is_refused(office: ApplicationService) -> None:
    meeting_id = MeetingId(uuid4())
    await meet(office, meeting_id, plan(meeting_id))
    ended = await asyncio.gather(
        meet(office, meeting_id, c.HoldMeeting(occurred_on=july(20))),
        meet(office, meeting_id, c.CancelMeeting(occurred_on=july(19), reason="mưa lũ")),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in ended) == ["CommandResult", "Refused"]


async def test_a_petition_is_not_answered_at_a_meeting_until_that_was_held(office: ApplicationService) -> None:
    meeting_id = MeetingId(uuid4())
    await meet(office, meeting_id, plan(meeting_id))
    petition_id = await run_life_cycle(office, [with_changes(RECEIVE, occurred_on=july(8), meeting_id=meeting_id)])
    answer = with_changes(ANSWER_AT_MEETING, occurred_on=july(20), meeting_id=meeting_id)
    with pytest.raises(Refused, match="is planned for 2026-07-20 and is not on record as held"):
        await perform(office, answer, petition_id)
    await meet(office, meeting_id, c.HoldMeeting(occurred_on=july(20)))
    with pytest.raises(Refused, match="was held on 2026-07-20, not on 2026-07-19"):
        await perform(office, with_changes(answer, occurred_on=july(19)), petition_id)
    await perform(office, answer, petition_id)


async def test_nothing_is_answered_or_raised_at_a_meeting_that_was_cancelled(office: ApplicationService) -> None:
    meeting_id = MeetingId(uuid4())
    await meet(office, meeting_id, plan(meeting_id))
    petition_id = await run_life_cycle(office, [with_changes(RECEIVE, occurred_on=july(8), meeting_id=meeting_id)])
    await meet(office, meeting_id, c.CancelMeeting(occurred_on=july(19), reason="mưa lũ"))
    for command, of in (
        (with_changes(ANSWER_AT_MEETING, occurred_on=july(20), meeting_id=meeting_id), petition_id),
        (with_changes(PREPARE, occurred_on=july(9), meeting_id=meeting_id), petition_id),
        (with_changes(RECEIVE, occurred_on=july(8), meeting_id=meeting_id), None),
    ):
        with pytest.raises(Refused, match="was cancelled on 2026-07-19"):
            await perform(office, command, of)


async def test_a_unit_that_has_ended_since_holds_no_meeting(office: ApplicationService) -> None:
    meeting_id = MeetingId(uuid4())
    await meet(office, meeting_id, plan(meeting_id, organiser="so-khac"))
    closing = CloseUnit(unit="so-khac", instrument="Nghị quyết 1", occurred_on=july(19))
    await office.units.perform(closing, CLERK, command_id=uuid4(), digest=b"")
    with pytest.raises(Refused, match="the unit “so-khac” is not in being on 2026-07-20"):
        await meet(office, meeting_id, c.HoldMeeting(occurred_on=july(20)))


async def test_the_id_of_a_petition_is_no_meeting(office: ApplicationService) -> None:
    petition_id = await run_life_cycle(office, [RECEIVE])
    assert await office.queries.meeting(MeetingId(petition_id)) is None
    assert await office.queries.meeting_history(MeetingId(petition_id)) == []
    with pytest.raises(Refused, match="there is no such meeting on record"):
        await meet(office, MeetingId(petition_id), c.HoldMeeting(occurred_on=july(20)))


# -- many answers together


async def test_answers_are_published_together_and_each_is_decided_on_its_own(
    office_on_the_day: ApplicationService,
) -> None:
    office = office_on_the_day
    meeting_id = MeetingId(uuid4())
    await meet(office, meeting_id, plan(meeting_id))
    prepared = with_changes(PREPARE, occurred_on=july(9), meeting_id=meeting_id, proposed_answer="sửa trong quý III")
    ready = [await run_life_cycle(office, [RECEIVE, prepared]) for _ in range(30)]
    unprepared = await run_life_cycle(office, [RECEIVE])
    settled = await run_life_cycle(office, [RECEIVE, ANSWER_AT_MEETING])
    command = answers(*ready, unprepared, settled, uuid4(), ready[0])
    too_soon = await publish(office, meeting_id, command)
    assert not any(isinstance(one.outcome, CommandResult) for one in too_soon)
    await meet(office, meeting_id, c.HoldMeeting(occurred_on=july(20)))
    command_id = uuid4()
    published = await publish(office, meeting_id, command, command_id)
    assert [one.petition for one in published] == [one.petition for one in command.answers]
    assert all(isinstance(one.outcome, CommandResult) for one in published[:30])
    no_answer, was_settled, unknown, twice = (one.outcome for one in published[30:])
    assert "none was prepared" in str(no_answer)
    assert "none was prepared" in str(was_settled)
    assert isinstance(unknown, UnknownPetition)
    assert "by another line already" in str(twice)
    fact = (await office.queries.history(PetitionId(ready[0])))[-1].fact
    assert isinstance(fact, AnsweredAtMeeting)
    assert (fact.answer, fact.meeting_id, fact.unit) == ("sửa trong quý III", meeting_id, "ubnd-tinh")
    again = await publish(office, meeting_id, command, command_id)
    assert all(isinstance(one.outcome, CommandResult) and one.outcome.replayed for one in again[:30])


async def test_an_answer_that_is_given_stands_before_the_one_that_was_prepared(
    office_on_the_day: ApplicationService,
) -> None:
    office = office_on_the_day
    meeting_id = MeetingId(uuid4())
    await meet(office, meeting_id, plan(meeting_id))
    petition_id = await run_life_cycle(
        office, [RECEIVE, with_changes(PREPARE, occurred_on=july(9), meeting_id=meeting_id)]
    )
    await meet(office, meeting_id, c.HoldMeeting(occurred_on=july(20)))
    (one,) = await publish(office, meeting_id, answers(petition_id, answer="đã sửa xong", ordered_by="chu-tich"))
    assert isinstance(one.outcome, CommandResult)
    fact = (await office.queries.history(petition_id))[-1].fact
    assert isinstance(fact, AnsweredAtMeeting)
    assert (fact.answer, officer_of(fact.ordered_by)) == ("đã sửa xong", "chu-tich")


async def test_only_who_chaired_has_somebody_else_answer(office: ApplicationService) -> None:
    petition_id = await run_life_cycle(office, [RECEIVE])
    for said, reason in (
        ({"ordered_by": "pho-chu-tich"}, "only who chaired the meeting, “chu-tich”"),
        ({"ordered_by": "chu-tich", "answered_by": "chu-tich"}, "orders nobody else"),
    ):
        with pytest.raises(Refused, match=reason):
            await perform(office, with_changes(ANSWER_AT_MEETING, **said), petition_id)
    await perform(office, with_changes(ANSWER_AT_MEETING, ordered_by="chu-tich"), petition_id)


# -- the views


async def test_the_views_that_follow_are_those_that_are_built_anew(office: ApplicationService) -> None:
    meeting_id = MeetingId(uuid4())
    async with ProjectionRunner.open(office.pool, office.histories, office.vault) as views:
        await meet(office, meeting_id, plan(meeting_id))
        prepare = with_changes(PREPARE, occurred_on=july(9), meeting_id=meeting_id)
        classified: list[PetitionCommand] = [RECEIVE, CLASSIFY, prepare]
        petition_id = await run_life_cycle(office, classified)
        assert await views.wait_until_current(20)
        await meet(office, meeting_id, c.HoldMeeting(occurred_on=july(20), attendance=50))
        await publish(office, meeting_id, answers(petition_id))
        conclusion = c.IssueConclusionNotice(
            occurred_on=july(24),
            document_no="60/TB",
            signed_by="chu-tich",
            signer_position="Chủ tịch",
            tasks=(c.TaskOfConclusion(unit="so-mau", task="sửa đường"),),
        )
        await meet(office, meeting_id, conclusion)
        assert await views.wait_until_current(20)
        await assert_views_complete(office)
        await rebuild_views(office.pool, office.histories, office.vault, *(view() for view in VIEWS))
        await assert_views_complete(office)


async def test_the_meeting_that_was_entered_without_a_plan_is_known_as_before(office: ApplicationService) -> None:
    meeting = await office.queries.meeting(MEETING)
    assert meeting is not None
    assert (meeting.held_on, meeting.chair, meeting.plan) == (july(6), "chu-tich", None)
