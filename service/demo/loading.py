"""Tells the made-up province to an office, by the commands of its officers; a second time adds nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID, uuid5

from domain.events import PetitionEscalated, PetitionSplit
from domain.units.commands import CloseUnit, OpenUnit, SucceedUnit, TakeOffice, UnitCommand
from domain.units.events import Level
from domain.units.events import Office as OfficeOfUnit
from domain.vocabulary import PetitionId
from service.commands.office import Done, Office
from service.demo.dialogues import Meeting
from service.demo.life import Life
from service.demo.planned import Conference
from service.demo.province import (
    BUREAUS,
    DISTRICTS_ENDED_ON,
    GOVERNMENT,
    OF_COMMUNES,
    OF_DISTRICTS,
    OFFICES,
    OPENED_ON,
    REGISTRAR,
    Bureau,
)
from service.demo.story import Story, story
from service.event_store.ids import KIENNGHI

SEED = 2022
AT_ONCE = 64
"""Petitions under way together: enough for the committer to write many in one commit."""

DAYS_AHEAD = timedelta(days=92)
_ENDS = ("succession", "end")
"""What is entered of a district on its last day."""

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Loaded:
    """`as_of` is the day up to which things happened: that of the first load, whenever the others are."""

    as_of: date
    units: int
    meetings: int
    petitions: int
    commands: int
    was_there: bool


async def load(office: Office, *, seed: int = SEED, progress: Callable[[int, int], None] | None = None) -> Loaded:
    """Loads what is not there yet. `progress` hears the number of petitions told and of all.

    Every entry is recorded now of what happened then, and the files of the petitions say so.
    """
    return await _Telling(office, seed, progress).tell()


async def is_begun(office: Office, *, seed: int = SEED) -> bool:
    """Whether the province is in the log, or a part of it."""
    return await _is_known(office, _command_id(seed, f"unit/{GOVERNMENT.unit}"))


async def is_complete(office: Office, *, seed: int = SEED) -> bool:
    """Whether a load came to its end."""
    return await _is_known(office, _command_id(seed, f"end/{OF_DISTRICTS[-1].unit}"))


class _Telling:
    def __init__(self, office: Office, seed: int, progress: Callable[[int, int], None] | None) -> None:
        self._office = office
        self._seed = seed
        self._progress = progress
        self._known: frozenset[UUID] = frozenset()
        self._petitions: dict[str, PetitionId] = {}
        self._told = 0

    def _id(self, name: str) -> UUID:
        return _command_id(self._seed, name)

    async def tell(self) -> Loaded:
        as_of = await self._begin()
        told = story(self._seed, self._office.law.calendar, as_of)
        ending = as_of > DISTRICTS_ENDED_ON
        names = [*self._names(told), *(f"{end}/{unit.unit}" for unit in OF_DISTRICTS for end in _ENDS if ending)]
        self._known = await _known(self._office, map(self._id, names))
        was_there = len(self._known) == len(names)
        if not was_there:
            await self._tell(told, ending)
        meetings = len(told.meetings) + len(told.conferences)
        return Loaded(as_of, len(BUREAUS), meetings, len(told.lives), len(names), was_there)

    async def _begin(self) -> date:
        """Opens the first unit, by which a later load knows the day of the first one."""
        done = await self._open(GOVERNMENT)
        began_on = done.recorded_at.astimezone(self._office.settings.zone).date()
        return min(began_on, self._office.today, self._office.law.calendar.last - DAYS_AHEAD)

    def _names(self, told: Story) -> Iterator[str]:
        yield from (f"unit/{unit}" for unit in BUREAUS)
        yield from (f"{office}/{unit}" for unit, office in OFFICES)
        yield from (f"meeting/{meeting.command.meeting_id}" for meeting in told.meetings)
        for conference in told.conferences:
            yield from conference.names()
        for life in told.lives:
            yield from _steps(life)

    async def _tell(self, told: Story, ending: bool) -> None:
        above = [bureau for bureau in BUREAUS.values() if bureau.level is not Level.COMMUNE]
        for bureaus in (above, OF_COMMUNES):
            await _each(bureaus, self._open, at_once=8)
        for unit, office in OFFICES:
            await self._appoint(unit, office)
        await _each(told.meetings, self._hold, at_once=8)
        await _each(told.conferences, self._plan, at_once=8)
        count = len(told.lives)

        async def live(life: Life) -> None:
            await self._live(life)
            self._told += 1
            if self._progress is not None:
                self._progress(self._told, count)

        await _each([life for life in told.lives if life.repeats is None], live, at_once=AT_ONCE)
        await _each([life for life in told.lives if life.repeats is not None], live, at_once=AT_ONCE)
        if ending:
            for district in OF_DISTRICTS:  # in order: that the last one is closed says that all is told
                await self._close(district)

    async def _open(self, bureau: Bureau) -> Done:
        opening = OpenUnit(
            unit=bureau.unit,
            name=bureau.name,
            level=bureau.level,
            branch=bureau.branch,
            parent=bureau.parent,
            occurred_on=OPENED_ON,
        )
        return await self._change(f"unit/{bureau.unit}", opening)

    async def _appoint(self, unit: str, office: OfficeOfUnit) -> Done:
        who = OFFICES[unit, office]
        taking = TakeOffice(unit=unit, office=office, officer=who.officer, position=who.position, occurred_on=OPENED_ON)
        return await self._change(f"{office}/{unit}", taking)

    async def _close(self, district: Bureau) -> Done:
        """Its communes do its work from the next day on."""
        instrument = "Luật Tổ chức chính quyền địa phương 72/2025/QH15"
        succeeding = SucceedUnit(
            unit=district.unit,
            successors=tuple(commune.unit for commune in OF_COMMUNES if commune.parent == district.unit),
            instrument=instrument,
            occurred_on=DISTRICTS_ENDED_ON + timedelta(days=1),
        )
        await self._change(f"succession/{district.unit}", succeeding)
        closing = CloseUnit(unit=district.unit, instrument=instrument, occurred_on=DISTRICTS_ENDED_ON)
        return await self._change(f"end/{district.unit}", closing)

    async def _change(self, name: str, command: UnitCommand) -> Done:
        command_id = self._id(name)
        return await self._office.change_unit(command, REGISTRAR, command_id=command_id, digest=command_id.bytes)

    async def _hold(self, meeting: Meeting) -> None:
        command = meeting.command
        command_id = self._id(f"meeting/{command.meeting_id}")
        if command_id not in self._known:
            await self._office.record_meeting(command, meeting.by, command_id=command_id, digest=command_id.bytes)
        await self._office.meeting(command.meeting_id)  # remembered before all that was raised there asks for it

    async def _plan(self, conference: Conference) -> None:
        for name, (by, command) in zip(conference.names(), conference.steps, strict=True):
            command_id = self._id(name)
            if command_id not in self._known:
                await self._office.change_meeting(
                    command, conference.meeting_id, by, command_id=command_id, digest=command_id.bytes
                )

    async def _live(self, life: Life) -> None:
        petition_id: PetitionId | None = None
        beside: list[PetitionId] = []
        for name, step in zip(_steps(life), life.steps, strict=True):
            command = step.command
            if callable(command):
                assert life.repeats is not None
                command = command(self._petitions[life.repeats])
            command_id = self._id(name)
            done = await self._office.perform(
                command,
                step.by,
                command_id=command_id,
                digest=command_id.bytes,
                petition_id=petition_id if step.beside is None else beside[step.beside],
            )
            if petition_id is None:
                petition_id = PetitionId(done.petition_id)
                self._petitions[life.name] = petition_id
            if done.replayed:
                beside = beside or await self._opened_by(petition_id)
            else:
                beside += [PetitionId(other) for other in done.opened]

    async def _opened_by(self, petition_id: PetitionId) -> list[PetitionId]:
        """After an interruption the log tells which petitions this one opened."""
        opened: list[PetitionId] = []
        for recorded in await self._office.history(petition_id):
            match recorded.fact:
                case PetitionSplit(matters=matters):
                    opened += [matter.petition_id for matter in matters]
                case PetitionEscalated(continued_as=above) if above is not None:
                    opened.append(above)
        return opened


def _command_id(seed: int, name: str) -> UUID:
    return uuid5(KIENNGHI, f"demonstration\n{seed}\n{name}")


async def _known(office: Office, command_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the commands that are in the log."""
    async with office.pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT command_id FROM kiennghi.commands WHERE command_id = ANY(%s)", [list(command_ids)]
        )
        return frozenset(row[0] for row in await cursor.fetchall())


async def _is_known(office: Office, command_id: UUID) -> bool:
    return bool(await _known(office, [command_id]))


async def _each(items: Iterable[_Item], do: Callable[[_Item], Awaitable[object]], *, at_once: int) -> None:
    """Many at once, begun in order; the first that fails ends them all."""
    coming = iter(items)

    async def one_after_the_other() -> None:
        for item in coming:
            await do(item)

    tasks = [asyncio.create_task(one_after_the_other()) for _ in range(at_once)]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _steps(life: Life) -> Iterator[str]:
    """The names that the commands of a life have their ids from."""
    for n, _ in enumerate(life.steps, start=1):
        yield f"{life.name}/{n}"
