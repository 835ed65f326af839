"""Performs random commands that are allowed, as officers in two processes do who work on the same petitions.

`python -m tests.faults.commands.officers DSN` reads a seed and a number from each line, tries so many acts, and prints
how many commands were done.
"""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid4

from domain.commands import ReceivePetition
from domain.errors import Refused
from domain.meetings.commands import RecordMeeting
from domain.petitioner import Petitioner
from domain.units.events import Level
from domain.vocabulary import Channel, MeetingId, PetitionId, PetitionKind
from service.commands.office import ApplicationService
from service.commands.results import TooContended
from service.event_store.ids import time_ordered_id
from service.projector.runner import ProjectionRunner
from tests.domain.samples import ANSWER_AT_MEETING, DUPLICATE, july, with_changes
from tests.domain.scenario import TODAY
from tests.projections.test_every_day import what_may_come_next
from tests.service.office_fixtures import CLERK, open_office, perform

NEWEST_PETITIONS = 4
"""The number of petitions that all work on: so few that two processes often meet, and that much happens to each."""

MAX_TRIES = 12
"""The most things that are tried in one act until one is allowed: a refusal costs two queries."""


async def try_acts(office: ApplicationService, random: Random, acts: int, new_id: Callable[[], UUID]) -> int:
    """Try `acts` things, each the first that is allowed of some; return how many commands were done.

    `new_id` makes the commands' ids, which show whose commands they were.
    """
    done = 0
    for _ in range(acts):
        petitions = await _newest_petitions(office)
        if len(petitions) < NEWEST_PETITIONS or random.random() < 0.15:
            done += await _receive_petition(office, random, new_id)
        else:
            done += await _continue_petition(office, random, random.choice(petitions), petitions, new_id)
    return done


async def _newest_petitions(office: ApplicationService) -> list[PetitionId]:
    async with office.pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT stream FROM kiennghi.readable_log WHERE topic = 'PetitionReceived' ORDER BY position DESC LIMIT %s",
            [NEWEST_PETITIONS],
        )
        return [PetitionId(petition) for (petition,) in await cursor.fetchall()]


async def _receive_petition(office: ApplicationService, random: Random, new_id: Callable[[], UUID]) -> int:
    day = july(1) + timedelta(days=random.randint(-20, 60))
    at_meeting = await _hold_meeting(office, random, day) if random.random() < 0.4 else None
    command = ReceivePetition(
        occurred_on=day,
        channel=Channel.POST if at_meeting is None else Channel.RECEPTION_DAY,
        kind=random.choice([None, *PetitionKind]),
        summary="Đề nghị sửa đoạn đường liên thôn",
        petitioners=(Petitioner(name="Nguyễn Văn Ví Dụ"),),
        meeting_id=at_meeting,
        is_remote_area=random.random() < 0.2,
    )
    await perform(office, command, command_id=new_id())
    return 1


async def _hold_meeting(office: ApplicationService, random: Random, day: date) -> MeetingId:
    held = RecordMeeting(
        occurred_on=day,
        meeting_id=MeetingId(uuid4()),
        level=random.choice(list(Level)),
        organiser=random.choice(["ubnd-tinh", "so-mau"]),
        chair=f"ct-{random.randrange(10**9)}",
        chair_position="Chủ tịch",
        title="Tiếp công dân định kỳ",
        attendance=random.randint(0, 200),
    )
    await office.meetings.perform(held, held.meeting_id, CLERK, command_id=uuid4(), digest=b"")
    return held.meeting_id


async def _continue_petition(
    office: ApplicationService,
    random: Random,
    petition_id: PetitionId,
    others: list[PetitionId],
    new_id: Callable[[], UUID],
) -> int:
    """Do the first thing that is allowed; one that is refused, or lost to the other process, leaves no trace."""
    history = await office.queries.history(petition_id)
    day = min(history[-1].fact.occurred_on + timedelta(days=random.randint(-4, 14)), TODAY)
    acts = what_may_come_next(random, day)
    if random.random() < 0.3:
        acts.append([with_changes(ANSWER_AT_MEETING, meeting_id=await _hold_meeting(office, random, day))])
    random.shuffle(acts)
    done = 0
    for commands in acts[:MAX_TRIES]:
        with suppress(Refused, TooContended):
            for command in commands:
                on_its_day = with_changes(command, occurred_on=day)
                if isinstance(command, type(DUPLICATE)):
                    on_its_day = with_changes(on_its_day, duplicate_of=random.choice(others))
                await perform(office, on_its_day, petition_id, command_id=new_id())
                done += 1
            return done
    return done


async def main(dsn: str) -> None:
    async with open_office(dsn) as office, ProjectionRunner.open(office.pool, office.histories, office.vault):
        while line := await asyncio.to_thread(sys.stdin.readline):
            seed, acts = line.split()
            print(await try_acts(office, Random(f"other {seed}"), int(acts), time_ordered_id), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
