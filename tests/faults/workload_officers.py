"""Officers who do whatever is allowed: the one half of them in a process of its own.

`python -m tests.faults.workload_officers DSN` reads a seed and a number a line, does so many acts,
and says how many were done.
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
from service.commands.office import Office, TooContended
from service.event_store.ids import time_ordered_id
from service.projector.runner import Follower
from tests.domain.samples import ANSWER_AT_MEETING, DUPLICATE, but, july
from tests.domain.scenario import TODAY
from tests.projections.test_every_day import what_may_come_next
from tests.service.office_fixtures import CLERK, open_office, perform

NEWEST = 4
"""Petitions that everybody is at: so many that two often meet, so few that all see much."""

TRIES = 12
"""Of the things that may come next, before somebody gives up: a refusal costs two questions to the database."""


async def act(office: Office, random: Random, acts: int, new_id: Callable[[], UUID]) -> int:
    """So many things are tried, each the first that is allowed of some; returns how many commands were done.

    `new_id` makes the commands' ids, by which one can tell whose they were.
    """
    done = 0
    for _ in range(acts):
        petitions = await _newest(office)
        if len(petitions) < NEWEST or random.random() < 0.15:
            done += await _receive(office, random, new_id)
        else:
            done += await _go_on(office, random, random.choice(petitions), petitions, new_id)
    return done


async def _newest(office: Office) -> list[PetitionId]:
    async with office.pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT originator_id FROM kiennghi.log WHERE topic = 'PetitionReceived'"
            " ORDER BY notification_id DESC LIMIT %s",
            [NEWEST],
        )
        return [PetitionId(petition) for (petition,) in await cursor.fetchall()]


async def _receive(office: Office, random: Random, new_id: Callable[[], UUID]) -> int:
    day = july(1) + timedelta(days=random.randint(-20, 60))
    at_meeting = await _meeting(office, random, day) if random.random() < 0.4 else None
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


async def _meeting(office: Office, random: Random, day: date) -> MeetingId:
    held = RecordMeeting(
        occurred_on=day,
        meeting_id=MeetingId(uuid4()),
        level=random.choice(list(Level)),
        organiser=random.choice(["ubnd-tinh", "so-mau"]),
        chair="chu-tich",
        chair_position="Chủ tịch",
        title="Tiếp công dân định kỳ",
        attendance=random.randint(0, 200),
    )
    await office.record_meeting(held, CLERK, command_id=uuid4(), digest=b"")
    return held.meeting_id


async def _go_on(
    office: Office, random: Random, petition_id: PetitionId, others: list[PetitionId], new_id: Callable[[], UUID]
) -> int:
    """The first that is allowed; what is refused, or taken by the other process meanwhile, leaves no trace."""
    history = await office.history(petition_id)
    day = min(history[-1].fact.occurred_on + timedelta(days=random.randint(-4, 14)), TODAY)
    acts = what_may_come_next(random, day)
    if random.random() < 0.3:
        acts.append([but(ANSWER_AT_MEETING, meeting_id=await _meeting(office, random, day))])
    random.shuffle(acts)
    done = 0
    for commands in acts[:TRIES]:
        with suppress(Refused, TooContended):
            for command in commands:
                on_its_day = but(command, occurred_on=day)
                if isinstance(command, type(DUPLICATE)):
                    on_its_day = but(on_its_day, duplicate_of=random.choice(others))
                await perform(office, on_its_day, petition_id, command_id=new_id())
                done += 1
            return done
    return done


async def main(dsn: str) -> None:
    async with open_office(dsn) as office, Follower.open(office.pool, office.histories):
        while line := await asyncio.to_thread(sys.stdin.readline):
            seed, acts = line.split()
            print(await act(office, Random(f"other {seed}"), int(acts), time_ordered_id), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
