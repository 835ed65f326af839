"""Loads the made-up province by the commands of its officers; a second load adds nothing."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID, uuid5

from domain.actor import Credentials
from domain.events import FurtherDenunciationLodged, PetitionSplit, SecondComplaintLodged
from domain.meetings.commands import MeetingCommand
from domain.units.commands import CloseUnit, OpenUnit, SucceedUnit, TakeOffice, UnitCommand
from domain.units.events import Level
from domain.units.events import Office as OfficeOfUnit
from domain.vocabulary import MeetingId, PetitionId
from service.commands.office import ApplicationService
from service.commands.results import CommandRequest, CommandResult
from service.demo.dialogues import meant_when_repeated
from service.demo.life import Life
from service.demo.planned import PlannedConference
from service.demo.province import (
    BUREAUS,
    COMMUNE_BUREAUS,
    DEMO_REGISTRAR,
    DISTRICT_BUREAUS,
    ENDED_BUREAUS,
    GOVERNMENT,
    INSTRUMENTS_OF_END,
    OFFICE_HOLDERS,
    Bureau,
    successors_of,
)
from service.demo.story import ProvinceStory, write_province_story
from service.event_store.context import Door, entering_through
from service.event_store.ids import ID_NAMESPACE

DEMO_SEED = 2022
PETITIONS_AT_ONCE = 64
"""Petitions that are loaded at the same time: enough for the committer to write many in one commit."""

CALENDAR_DAYS_KEPT_AHEAD = timedelta(days=92)
"""Time that the calendar must reach beyond the last day of the story, because due dates lie ahead."""
_ENDINGS = ("succession", "end")
"""Name prefixes of the two commands that end a unit."""

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class LoadedProvince:
    """Counts what the province has.

    `as_of` is the last day of its story: the day of the first load, also for later loads. `was_there` is True if the
    load added nothing.
    """

    as_of: date
    units: int
    meetings: int
    petitions: int
    commands: int
    was_there: bool


async def load_province(
    office: ApplicationService, *, seed: int = DEMO_SEED, progress: Callable[[int, int], None] | None = None
) -> LoadedProvince:
    """Load the commands that the log does not have. `progress` receives the number of petitions loaded and of all.

    Every entry is recorded now about an earlier day, and the files of the petitions show both. Each is decided as if it
    had been entered on its day.
    """
    with entering_through(Door.DEMO):
        return await _ProvinceLoad(office, seed, progress).load()


async def is_province_begun(office: ApplicationService, *, seed: int = DEMO_SEED) -> bool:
    """Return True if the log has the province or a part of it."""
    return await _is_recorded(office, _demo_command_id(seed, f"unit/{GOVERNMENT.unit}"))


async def is_province_complete(office: ApplicationService, *, seed: int = DEMO_SEED) -> bool:
    """Return True if a load of the demonstration province has run to its end."""
    return await _is_recorded(office, _demo_command_id(seed, f"end/{DISTRICT_BUREAUS[-1].unit}"))


class _ProvinceLoad:
    """Performs the commands of one load, and remembers the petitions that they opened."""

    def __init__(self, office: ApplicationService, seed: int, progress: Callable[[int, int], None] | None) -> None:
        self._office = office
        self._seed = seed
        self._progress = progress
        self._recorded_ids: frozenset[UUID] = frozenset()
        self._petitions: dict[str, PetitionId] = {}
        self._petitions_done = 0

    def _command_id(self, name: str) -> UUID:
        return _demo_command_id(self._seed, name)

    async def load(self) -> LoadedProvince:
        """Load what is missing, and return the counts of the whole province."""
        as_of = await self._open_first_unit()
        story = write_province_story(self._seed, self._office.law.calendar, as_of)
        ended = [bureau for bureau in ENDED_BUREAUS if bureau.has_ended(as_of)]
        names = [*self._command_names(story), *(f"{end}/{bureau.unit}" for bureau in ended for end in _ENDINGS)]
        self._recorded_ids = await _recorded_commands(self._office, map(self._command_id, names))
        was_there = len(self._recorded_ids) == len(names)
        if not was_there:
            await self._load_story(story, ended)
        meetings = len(story.meetings) + len(story.conferences)
        return LoadedProvince(as_of, len(BUREAUS), meetings, len(story.lives), len(names), was_there)

    async def _open_first_unit(self) -> date:
        """Open the first unit, and return the last day of the story.

        For a later load the unit is already open, and its record gives the day of the first load.
        """
        done = await self._open_unit(GOVERNMENT)
        began_on = done.recorded_at.astimezone(self._office.settings.zone).date()
        return min(began_on, self._office.today, self._office.law.calendar.last - CALENDAR_DAYS_KEPT_AHEAD)

    def _command_names(self, story: ProvinceStory) -> Iterator[str]:
        yield from (f"unit/{unit}" for unit in BUREAUS)
        yield from (f"{office}/{unit}" for unit, office in OFFICE_HOLDERS)
        yield from (f"meeting/{meeting.command.meeting_id}" for meeting in story.meetings)
        for conference in story.conferences:
            yield from conference.step_names()
        for life in story.lives:
            yield from life.step_names()

    async def _load_story(self, story: ProvinceStory, ended: list[Bureau]) -> None:
        above = [bureau for bureau in BUREAUS.values() if bureau.level is not Level.COMMUNE]
        for bureau in (*above, *COMMUNE_BUREAUS):
            await self._open_unit(bureau)
        for unit, office in OFFICE_HOLDERS:
            await self._appoint_officer(unit, office)
        for meeting in meant_when_repeated(story.meetings):
            held = meeting.command
            await self._perform_meeting_step(f"meeting/{held.meeting_id}", meeting.by, held, held.meeting_id)
        await _do_for_each(story.conferences, self._perform_conference, at_once=8)
        count = len(story.lives)
        repeated = {life.repeats for life in story.lives}

        async def perform(life: Life) -> None:
            # A life that is recorded is not looked at again, unless another one needs to know its petition.
            if life.name in repeated or not self._recorded_ids.issuperset(map(self._command_id, life.step_names())):
                await self._perform_life(life)
            self._petitions_done += 1
            if self._progress is not None:
                self._progress(self._petitions_done, count)

        await _do_for_each([life for life in story.lives if life.repeats is None], perform, at_once=PETITIONS_AT_ONCE)
        await _do_for_each(
            [life for life in story.lives if life.repeats is not None], perform, at_once=PETITIONS_AT_ONCE
        )
        for bureau in ended:  # in order: when the last district is closed, the load is complete
            await self._close_unit(bureau)

    async def _open_unit(self, bureau: Bureau) -> CommandResult:
        opening = OpenUnit(
            unit=bureau.unit,
            name=bureau.name,
            level=bureau.level,
            branch=bureau.branch,
            parent=bureau.parent,
            occurred_on=bureau.first_day,
        )
        return await self._change_unit(f"unit/{bureau.unit}", opening)

    async def _appoint_officer(self, unit: str, office: OfficeOfUnit) -> CommandResult:
        who = OFFICE_HOLDERS[unit, office]
        taking = TakeOffice(
            unit=unit, office=office, officer=who.officer, position=who.position, occurred_on=BUREAUS[unit].first_day
        )
        return await self._change_unit(f"{office}/{unit}", taking)

    async def _close_unit(self, bureau: Bureau) -> None:
        """Close the unit; its successors do its work from the next day on."""
        assert bureau.last_day is not None
        instrument = INSTRUMENTS_OF_END[bureau.level]
        succeeding = SucceedUnit(
            unit=bureau.unit,
            successors=tuple(successor.unit for successor in successors_of(bureau)),
            instrument=instrument,
            occurred_on=bureau.last_day + timedelta(days=1),
        )
        await self._change_unit(f"succession/{bureau.unit}", succeeding)
        closing = CloseUnit(unit=bureau.unit, instrument=instrument, occurred_on=bureau.last_day)
        await self._change_unit(f"end/{bureau.unit}", closing)

    async def _change_unit(self, name: str, command: UnitCommand) -> CommandResult:
        command_id = self._command_id(name)
        return await self._office.units.perform(
            command, DEMO_REGISTRAR, command_id=command_id, digest=_demo_digest(command_id)
        )

    async def _perform_conference(self, conference: PlannedConference) -> None:
        for name, (by, command) in zip(conference.step_names(), conference.steps, strict=True):
            await self._perform_meeting_step(name, by, command, conference.meeting_id)

    async def _perform_meeting_step(
        self, name: str, by: Credentials, command: MeetingCommand, meeting_id: MeetingId
    ) -> None:
        command_id = self._command_id(name)
        if command_id not in self._recorded_ids:
            await self._office.meetings.perform(
                command,
                meeting_id,
                by,
                command_id=command_id,
                digest=_demo_digest(command_id),
                entered_on=command.occurred_on,
            )

    async def _perform_life(self, life: Life) -> None:
        petition_id: PetitionId | None = None
        opened: list[PetitionId] = []
        for name, step in zip(life.step_names(), life.steps, strict=True):
            command = step.command
            if callable(command):
                assert life.repeats is not None
                command = command(self._petitions[life.repeats])
            command_id = self._command_id(name)
            done = await self._office.petitions.perform(
                CommandRequest(
                    command,
                    command_id=command_id,
                    digest=_demo_digest(command_id),
                    petition_id=petition_id if step.opened_index is None else opened[step.opened_index],
                    entered_on=command.occurred_on,
                ),
                step.by,
            )
            if petition_id is None:
                petition_id = PetitionId(done.petition_id)
                self._petitions[life.name] = petition_id
            if done.replayed:
                opened = opened or await self._petitions_opened_by(petition_id)
            else:
                opened += [PetitionId(other) for other in done.opened]

    async def _petitions_opened_by(self, petition_id: PetitionId) -> list[PetitionId]:
        """Read from the log which petitions this one opened before an interruption."""
        opened: list[PetitionId] = []
        for recorded in await self._office.queries.history(petition_id):
            match recorded.fact:
                case PetitionSplit(matters=matters):
                    opened += matters
                case (
                    SecondComplaintLodged(continued_as=UUID() as above)
                    | FurtherDenunciationLodged(continued_as=UUID() as above)
                ):
                    opened.append(PetitionId(above))
        return opened


def _demo_command_id(seed: int, name: str) -> UUID:
    return uuid5(ID_NAMESPACE, f"demonstration\n{seed}\n{name}")


def _demo_digest(command_id: UUID) -> bytes:
    return hashlib.sha256(command_id.bytes).digest()


async def _recorded_commands(office: ApplicationService, command_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return the ids of those commands that the log has."""
    async with office.pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT command_id FROM kiennghi.log WHERE command_id = ANY(%s) AND request_digest IS NOT NULL",
            [list(command_ids)],
        )
        return frozenset(row[0] for row in await cursor.fetchall())


async def _is_recorded(office: ApplicationService, command_id: UUID) -> bool:
    return bool(await _recorded_commands(office, [command_id]))


async def _do_for_each(items: Iterable[_Item], do: Callable[[_Item], Awaitable[object]], *, at_once: int) -> None:
    """Call `do` for each item, `at_once` at the same time, begun in order; the first failure cancels the others."""
    remaining = iter(items)

    async def one_after_the_other() -> None:
        for item in remaining:
            await do(item)

    tasks = [asyncio.create_task(one_after_the_other()) for _ in range(at_once)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
