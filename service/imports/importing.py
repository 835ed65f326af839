"""An import: the cases of a file told to the log, each once, however often it is run."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TextIO
from uuid import UUID

import msgspec

from domain.actor import Credentials, Role
from domain.errors import Refused
from domain.imported_history import Flag, PastCase, flags
from domain.permissions import require_role
from domain.units.commands import OpenUnit
from domain.vocabulary import NO_UNIT, UnitId
from service.commands.office import Office
from service.event_store.group_commit import KeyReused
from service.event_store.ids import command_id_of, import_command_id
from service.imports.cases import CaseRow, ReadCase, UnreadRows
from service.imports.mapping import Mapping as ImportMapping
from service.imports.spool import SpooledFile, spooled

AT_ONCE = 256
"""Cases under way together: enough for the committer to write many in one commit."""

EARLIEST_DAY = date(1945, 9, 2)
"""On which a unit can have been opened."""

_CHANGED = "told otherwise than when it was imported: the source or the mapping has changed; the log keeps the first"


class Outcome(StrEnum):
    """What became of the rows of a case."""

    IMPORTED = "imported"
    WOULD_IMPORT = "would_import"  # in a dry run
    ALREADY_THERE = "already_there"
    CHANGED = "changed"  # the source, or the mapping, now tells it otherwise; the log keeps what it was told first
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A line of the report. `rows` are numbered as a spreadsheet does, or as the events of an XES log."""

    rows: tuple[int, ...]
    key: str
    outcome: Outcome
    reference: str | None = None
    flags: tuple[Flag, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""

    def line(self) -> str:
        """JSON, without what is empty."""
        told = {
            "rows": self.rows,
            "key": self.key,
            "outcome": self.outcome,
            "reference": self.reference,
            "reason": self.reason,
            "flags": [flag.model_dump() for flag in self.flags],
            "notes": self.notes,
        }
        return msgspec.json.encode({name: value for name, value in told.items() if value}).decode()


@dataclass(slots=True)
class Summary:
    """What an import came to. Cases that are flagged or noted are counted under their outcome too."""

    source: str
    dry_run: bool
    rows: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    flagged: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    noted: int = 0
    units_opened: list[str] = field(default_factory=list)
    """Entered in the register by this import; in a dry run those that would be."""
    columns_left_out: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """Of them the unreadable ones may be rows of which nobody can say to what case they belong."""
        return self.outcomes.total()

    @property
    def complete(self) -> bool:
        """Whether the log tells all that the file tells."""
        return not (self.outcomes[Outcome.UNREADABLE] or self.outcomes[Outcome.CHANGED])

    def add(self, result: CaseResult) -> None:
        self.outcomes[result.outcome] += 1
        self.flagged += bool(result.flags)
        self.flags.update(flag.flag for flag in result.flags)
        self.noted += bool(result.notes)


async def import_file(
    office: Office,
    path: Path,
    mapping: ImportMapping,
    credentials: Credentials,
    *,
    dry_run: bool = False,
    report: TextIO | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Tells the office every case of the file that it was not told before; a dry run writes nothing.

    An interrupted import is run again and goes on. `report` receives one JSON line a case, `progress` the number of
    cases done and of all. Raises UnreadableFile and UnusableMapping before anything is written, NotAllowed without
    the role, and what the committer raises when the database fails; then the report holds the cases done so far.
    """
    require_role(Role.IMPORTER, credentials.roles)
    with ExitStack() as stack:
        laid_down = spooled(path, mapping, office.settings.zone, office.law)
        file = await asyncio.to_thread(stack.enter_context, laid_down)
        known_units: set[str] = set((await office.units()).by_id)
        told = _Telling(office, file, mapping.source.name, credentials, dry_run, known_units)
        found = iter(file)
        batch = await asyncio.to_thread(_take, found)
        done = 0
        while batch:
            coming = asyncio.create_task(asyncio.to_thread(_take, found))
            try:
                await told.tell(batch, report)
            finally:
                next_batch = await coming
            done += len(batch)
            if progress is not None:
                progress(done, file.cases)
            batch = next_batch
    return told.summary


def digest(case: PastCase) -> bytes:
    """Of what the case says, whatever the order in which the class lists it; a field added later changes no digest.

    Of a limit that the mapping names it is the due date: a new version of a calendar that moves none changes nothing.
    """
    said = case.model_dump(exclude_defaults=True, exclude={"deadline"})
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).digest()


def _take(found: Iterator[CaseRow]) -> list[CaseRow]:
    return list(islice(found, AT_ONCE))


class _Telling:
    """One import under way."""

    def __init__(
        self,
        office: Office,
        file: SpooledFile,
        source: str,
        credentials: Credentials,
        dry_run: bool,
        known_units: set[str],
    ) -> None:
        self._office = office
        self._known_units = known_units
        self._file = file
        self._credentials = credentials
        self._dry_run = dry_run
        self.summary = Summary(source, dry_run, rows=file.rows, columns_left_out=file.left_out)

    async def tell(self, batch: Sequence[CaseRow], report: TextIO | None) -> None:
        """Every case that came to an end is reported, also when another one fails."""
        known = await self._known(batch)
        await self._open_units(found for found in batch if self._id(found) not in known)
        results = await asyncio.gather(*(self._one(found, known) for found in batch), return_exceptions=True)
        for result in results:
            if isinstance(result, CaseResult):
                self.summary.add(result)
                if report is not None:
                    report.write(result.line() + "\n")
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _known(self, batch: Sequence[CaseRow]) -> dict[UUID, tuple[bytes, str]]:
        """The cases that were told before, with what was told and the register number."""
        async with self._office.pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT command_id, request_digest, reference FROM kiennghi.commands"
                " JOIN kiennghi.log USING (command_id, originator_id)"
                " WHERE command_id = ANY(%s) AND originator_version = 1",
                [[self._id(found) for found in batch]],
            )
            return {row[0]: (bytes(row[1]), row[2]) for row in await cursor.fetchall()}

    def _id(self, found: CaseRow) -> UUID:
        return import_command_id(self.summary.source, found.key)

    async def _open_units(self, found: Iterable[CaseRow]) -> None:
        for read in found:
            if isinstance(read, ReadCase):
                named = {read.case.unit, *(step.unit for step in read.case.steps)} - {NO_UNIT}
                for unit in sorted(named - self._known_units):
                    await self._open(unit, min(self._file.units.get(unit, read.case.received_on), self._office.today))

    async def _open(self, unit: str, first_day: date) -> None:
        if not self._dry_run:
            command = OpenUnit(unit=unit, name=unit, occurred_on=max(first_day, EARLIEST_DAY))
            request = f"import {self.summary.source}: {command.model_dump_json()}"
            try:
                await self._office.change_unit(
                    command,
                    self._credentials,
                    command_id=command_id_of(self._credentials.officer, request),
                    digest=hashlib.sha256(request.encode()).digest(),
                )
            except Refused:
                if UnitId(unit) not in await self._office.units():  # else somebody was quicker
                    raise
        self._known_units.add(unit)
        self.summary.units_opened.append(unit)

    async def _one(self, found: CaseRow, known: Mapping[UUID, tuple[bytes, str]]) -> CaseResult:
        if isinstance(found, UnreadRows):
            return CaseResult(found.rows, found.key, Outcome.UNREADABLE, reason=found.reason)
        command_id, told = self._id(found), digest(found.case)
        reference: str | None = None
        if command_id in known:
            first_told, reference = known[command_id]
            outcome = Outcome.ALREADY_THERE if told == first_told else Outcome.CHANGED
        elif self._dry_run:
            outcome = Outcome.WOULD_IMPORT
        else:
            try:
                done = await self._office.retell(found.case, self._credentials, command_id=command_id, digest=told)
                reference = done.reference
                outcome = Outcome.ALREADY_THERE if done.replayed else Outcome.IMPORTED
            except KeyReused:  # another import was quicker, and told it otherwise
                outcome = Outcome.CHANGED
        return CaseResult(
            found.rows,
            found.key,
            outcome,
            reference,
            tuple(flags(found.case, self._office.today)),
            found.notes,
            _CHANGED if outcome is Outcome.CHANGED else "",
        )
