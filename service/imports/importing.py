"""Imports the cases of a file into the log.

Each case has a command id of its own, so that an import that is run again records nothing twice.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TextIO

import msgspec

from domain.actor import Credentials, Role
from domain.errors import Refused
from domain.imported_history import ImportedCase, find_import_flags
from domain.permissions import require_role
from domain.units.commands import OpenUnit
from domain.vocabulary import NO_UNIT, UnitId
from service.commands.imported_cases import CaseSlot, find_case_slots
from service.commands.office import ApplicationService
from service.event_store.context import Door, entering_through
from service.event_store.errors import KeyReused
from service.event_store.ids import command_id_of, time_ordered_id
from service.imports.file_profile import FileProfile
from service.imports.mapping import ImportMapping, SourceSection
from service.imports.readings import CaseReading, LeftOutRows, ReadCase, UnreadableRows
from service.imports.results import CaseOutcome, CaseResult, ImportSummary
from service.imports.spool import SpooledFile, spool_file
from service.imports.taking_over import CASE_CHANGED, Comparison, TakingOver
from service.security.request_digest import digest_of_request
from service.security.text_vault import TextVault

CASES_AT_ONCE = 256
"""Cases that are imported at the same time: enough for the committer to write many in one commit."""


async def import_file(
    office: ApplicationService,
    path: Path,
    mapping: ImportMapping,
    credentials: Credentials,
    *,
    dry_run: bool = False,
    force: bool = False,
    take_over: frozenset[str] = frozenset(),
    report: TextIO | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ImportSummary:
    """Record every case of the file that the log does not have; a dry run writes nothing.

    With `force` a file is taken whose text does not look like Vietnamese. Of the cases with a key in `take_over` what
    the source tells more since, such as the answer, is added as facts recorded late.

    An interrupted import continues when it is run again. `report` receives one JSON line for each case, `progress` the
    number of cases done and of all cases. Raise UnreadableFile and UnusableMapping before anything is written,
    NotAllowed without the role of an importer, and the errors of the committer when the database fails; the report
    then holds the cases done so far.
    """
    require_role(Role.IMPORTER, credentials.roles)
    with ExitStack() as stack, entering_through(Door.IMPORT, run=str(time_ordered_id())):
        known_units: set[str] = set((await office.queries.units()).by_id)
        spooled_file = spool_file(
            path, mapping, office.settings.zone, office.law, office.today, known_units, force=force
        )
        file = await asyncio.to_thread(stack.enter_context, spooled_file)
        taking_over = TakingOver(office, credentials, mapping, take_over, dry_run=dry_run)
        run = _ImportRun(office, file, mapping.source, credentials, taking_over, dry_run, known_units)
        readings = iter(file)
        batch = await asyncio.to_thread(_take_batch, readings)
        done = 0
        while batch:
            next_reading = asyncio.create_task(asyncio.to_thread(_take_batch, readings))
            try:
                await run.import_batch(batch, report)
            finally:
                next_batch = await next_reading
            done += len(batch)
            if progress is not None:
                progress(done, file.case_count)
            batch = next_batch
    return run.summary


def case_digest(vault: TextVault, case: ImportedCase) -> bytes:
    """Return the keyed digest of the fields of the case that differ from their defaults.

    Neither the order of the fields in the class nor a field added later changes it. A limit that the mapping names
    counts by its due date, so that a new version of a calendar that moves no due date changes no digest.
    """
    values = case.model_dump(exclude_defaults=True, exclude={"deadline"})
    return digest_of_request(vault, "import", msgspec.json.encode(values, order="sorted"))


def _take_batch(readings: Iterator[CaseReading]) -> list[CaseReading]:
    return list(islice(readings, CASES_AT_ONCE))


class _ImportRun:
    """Records the cases of one import, batch by batch, and counts them in `summary`."""

    def __init__(
        self,
        office: ApplicationService,
        file: SpooledFile,
        source: SourceSection,
        credentials: Credentials,
        taking_over: TakingOver,
        dry_run: bool,
        known_units: set[str],
    ) -> None:
        self._office = office
        self._known_units = known_units
        self._file = file
        self._credentials = credentials
        self._taking_over = taking_over
        self._dry_run = dry_run
        self._by_event = source.rows == "event"
        self.summary = ImportSummary(
            source.name,
            dry_run,
            FileProfile(office.today),
            rows=file.row_count,
            columns_left_out=file.columns_left_out,
            remarks=file.remarks,
        )

    async def import_batch(self, batch: Sequence[CaseReading], report: TextIO | None) -> None:
        """Import the cases of one batch, and report each that was decided, also when another one fails."""
        for found in batch:
            if isinstance(found, ReadCase):
                self.summary.profile.add(found.case, 0 if self._by_event else len(found.rows) - 1)
        slots = await self._find_slots(batch)
        await self._open_units(
            found
            for found in batch
            if isinstance(found, ReadCase)
            and (slots[found.key].known is None or self._taking_over.is_asked_for(found.key))
        )
        results = await asyncio.gather(*(self._import_case(found, slots) for found in batch), return_exceptions=True)
        for result in results:
            if isinstance(result, CaseResult):
                self.summary.add(result)
                if report is not None:
                    report.write(result.as_json_line() + "\n")
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _find_slots(self, batch: Sequence[CaseReading]) -> dict[str, CaseSlot]:
        """Return by key which cases of the batch the log has, and by which command the others are recorded."""
        async with self._office.pool.connection() as connection:
            keys = {found.key for found in batch if isinstance(found, ReadCase)}
            return await find_case_slots(connection, self.summary.source, keys)

    async def _open_units(self, found: Iterable[ReadCase]) -> None:
        for read in found:
            named = {read.case.unit, *(step.unit for step in read.case.steps)} - {NO_UNIT}
            for unit in sorted(named - self._known_units):
                await self._open_unit(unit, self._file.first_days_of_units.get(unit, read.case.received_on))

    async def _open_unit(self, unit: str, first_day: date) -> None:
        if not self._dry_run:
            command = OpenUnit(unit=unit, name=unit, occurred_on=first_day)
            request = f"import {self.summary.source}: {command.model_dump_json()}"
            try:
                await self._office.units.perform(
                    command,
                    self._credentials,
                    command_id=command_id_of(self._credentials.officer, request),
                    digest=digest_of_request(self._office.vault, "import", request.encode()),
                )
            except Refused:
                if UnitId(unit) not in await self._office.queries.units():  # else another import opened it first
                    raise
        self._known_units.add(unit)
        self.summary.units_opened.append(unit)

    async def _import_case(self, found: CaseReading, slots: Mapping[str, CaseSlot]) -> CaseResult:
        if isinstance(found, LeftOutRows):
            return CaseResult(found.rows, "", CaseOutcome.LEFT_OUT, reason=found.reason)
        if isinstance(found, UnreadableRows):
            return CaseResult(found.rows, found.key, CaseOutcome.UNREADABLE, reason=found.reason)
        slot, digest = slots[found.key], case_digest(self._office.vault, found.case)
        reference: str | None = None
        comparison = Comparison(CaseOutcome.ALREADY_THERE)
        if slot.known is not None:
            reference = slot.known.reference
            if digest != slot.known.digest:
                comparison = await self._taking_over.compare(found, slot.known.petition_id, slot.command_id, digest)
            outcome = comparison.outcome
        elif self._dry_run:
            outcome = CaseOutcome.WOULD_IMPORT
        else:
            try:
                done = await self._office.petitions.import_case(
                    found.case, self._credentials, command_id=slot.command_id, digest=digest
                )
                reference = done.reference
                outcome = CaseOutcome.ALREADY_THERE if done.replayed else CaseOutcome.IMPORTED
            except KeyReused:  # another import recorded it first, with other values
                outcome, comparison = CaseOutcome.CHANGED, Comparison(CaseOutcome.CHANGED, reason=str(CASE_CHANGED))
        return CaseResult(
            found.rows,
            found.key,
            outcome,
            reference,
            tuple(find_import_flags(found.case, self._office.today)),
            found.notes,
            comparison.reason,
            comparison.changes,
        )
