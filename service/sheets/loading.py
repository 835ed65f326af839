"""Loads a filled sheet into the log: each row as a whole, and once however often the sheet is loaded."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from domain.actor import Credentials
from domain.commands import PetitionCommand
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.meetings.meeting import Meeting
from domain.vocabulary import MeetingId, PetitionId
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.commands.results import CommandError, CommandRequest, CommandResult
from service.event_store.context import Door, entering_through
from service.event_store.errors import KeyReused
from service.event_store.ids import sheet_command_id, time_ordered_id
from service.security.request_digest import digest_of_request
from service.security.text_vault import TextVault
from service.sheets.commands import IncompleteRow, RowStep, commands_of_row
from service.sheets.dry_run import try_commands
from service.sheets.parse import FilledRow, FilledSheet
from service.sheets.template import require_held_meeting

_SELECT_KNOWN_COMMANDS = """
    SELECT done.command_id, done.request_digest, done.stream, receipt.reference
    FROM kiennghi.log AS done JOIN kiennghi.log AS receipt ON receipt.stream = done.stream AND receipt.version = 1
    WHERE done.command_id = ANY(%s) AND done.request_digest IS NOT NULL
"""
ROWS_AT_ONCE = 100
"""Rows recorded together. They share commits; to decide on so many delays all others by about ten milliseconds."""

_ROW_CHANGED = "written otherwise than when it was entered; the log keeps the first: correct the petition itself"
_ROW_INTERRUPTED = "the database did not take this row, or not all of it: load the same file again"


class RowOutcome(StrEnum):
    """Says what became of a row."""

    ACCEPTED = "accepted"
    WOULD_BE_ACCEPTED = "would_be_accepted"  # in a dry run
    ALREADY_THERE = "already_there"
    CHANGED = "changed"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class RowResult:
    """Holds the result of one row.

    `row` is the number in the spreadsheet program, `reference` the number of the petition in the register. A refused or
    interrupted row has a reference if it was entered before, as a whole or in part.
    """

    row: int
    key: str
    outcome: RowOutcome
    reference: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LoadedSheet:
    """Holds the result of a load. What was raised on the day `held_on` was recorded on the day `entered_on`."""

    meeting_id: MeetingId
    sheet: str
    dry_run: bool
    held_on: date
    entered_on: date
    rows: Sequence[RowResult]

    @property
    def outcomes(self) -> Counter[RowOutcome]:
        return Counter(row.outcome for row in self.rows)

    @property
    def days_after(self) -> int:
        """Return the calendar days from the meeting to the entry."""
        return (self.entered_on - self.held_on).days

    @property
    def complete(self) -> bool:
        """Return True if the log has every row as the sheet has it; in a dry run, if it would have."""
        return not {RowOutcome.REFUSED, RowOutcome.CHANGED, RowOutcome.INTERRUPTED} & set(self.outcomes)

    def as_json(self) -> dict[str, Any]:
        """Return the result as JSON values: the counts, and one object for each filled row."""
        return {
            "meeting_id": self.meeting_id,
            "sheet": self.sheet,
            "dry_run": self.dry_run,
            "held_on": self.held_on,
            "entered_on": self.entered_on,
            "days_after": self.days_after,
            "outcomes": {outcome.value: count for outcome, count in sorted(self.outcomes.items())},
            "complete": self.complete,
            "rows": [asdict(row) for row in self.rows],
        }


async def load_sheet(
    office: ApplicationService,
    sheet: FilledSheet,
    credentials: Credentials,
    *,
    meeting_id: MeetingId | None = None,
    dry_run: bool = False,
    confirm: frozenset[str] = frozenset(),
    on_result: Callable[[PetitionCommand, CommandResult | CommandError], None] | None = None,
) -> LoadedSheet:
    """Record every row that the log does not have; a dry run decides and writes nothing.

    A mistake in a row is reported in the result of that row. `confirm` are the codes of the doubts that are confirmed
    in every row that has them. `on_result` receives each command with its result. Raise Refused for a sheet of another
    meeting than `meeting_id` and for a meeting that is not on record as held, and psycopg.Error when the database
    cannot be read.
    """
    sheet_id = sheet.sheet_id
    if meeting_id is not None and sheet_id.meeting_id != meeting_id:
        raise Refused(ServiceRefusal.SHEET_OF_ANOTHER_MEETING)
    meeting = await require_held_meeting(office, sheet_id.meeting_id)
    rows = await asyncio.to_thread(lambda: [_RowProgress.start(row, meeting, office.vault) for row in sheet.rows])
    load = _SheetLoad(office, credentials, confirm, on_result)
    await load.find_recorded(rows)
    await load.try_rows(rows, meeting)
    with entering_through(Door.SHEET):
        for first in range(0, 0 if dry_run else len(rows), ROWS_AT_ONCE):
            await load.record_rows(rows[first : first + ROWS_AT_ONCE])
    results = [row.result(RowOutcome.WOULD_BE_ACCEPTED) for row in rows]
    return LoadedSheet(sheet_id.meeting_id, sheet_id.code, dry_run, meeting.day, office.today, results)


def _row_digest(vault: TextVault, row: FilledRow) -> bytes:
    """Return the digest of the values of the row, the same for both formats and every officer."""
    return digest_of_request(vault, "sheet", msgspec.json.encode(dict(row.cell_values), order="sorted"))


@dataclass(slots=True)
class _RowProgress:
    """Holds the progress of one row: `done` are the steps that the log has; `outcome` is None until it is decided."""

    row: FilledRow
    ids: Mapping[RowStep, UUID]
    digest: bytes = b""
    commands: Mapping[RowStep, PetitionCommand] = field(default_factory=dict)
    done: set[RowStep] = field(default_factory=set)
    petition_id: PetitionId | None = None
    reference: str | None = None
    outcome: RowOutcome | None = None
    reason: str = ""

    @classmethod
    def start(cls, row: FilledRow, meeting: Meeting, vault: TextVault) -> "_RowProgress":
        ids = {step: sheet_command_id(meeting.meeting_id, row.key, step) for step in RowStep} if row.key else {}
        progress = cls(row, ids)
        if row.reason:
            progress.finish(RowOutcome.REFUSED, row.reason)
        else:
            try:
                progress.commands, progress.digest = commands_of_row(row, meeting), _row_digest(vault, row)
            except IncompleteRow as incomplete:
                progress.finish(RowOutcome.REFUSED, str(incomplete))
        return progress

    @property
    def remaining(self) -> list[RowStep]:
        return [] if self.outcome else [step for step in RowStep if step in self.commands and step not in self.done]

    def finish(self, outcome: RowOutcome, reason: str = "") -> None:
        """Decide the row: nothing more is recorded for it."""
        self.outcome, self.reason = outcome, reason

    def result(self, otherwise: RowOutcome) -> RowResult:
        return RowResult(self.row.number, self.row.key, self.outcome or otherwise, self.reference, self.reason)


class _SheetLoad:
    """Records the rows of one sheet, step by step."""

    def __init__(
        self,
        office: ApplicationService,
        credentials: Credentials,
        confirm: frozenset[str],
        on_result: Callable[[PetitionCommand, CommandResult | CommandError], None] | None,
    ) -> None:
        self._office = office
        self._confirm = confirm
        self._credentials = credentials
        self._on_result = on_result

    async def find_recorded(self, rows: Sequence[_RowProgress]) -> None:
        """Look up which steps of the rows the log already has, and decide the rows that it has as a whole."""
        by_command_id = {command_id: (row, step) for row in rows for step, command_id in row.ids.items()}
        async with self._office.pool.connection() as connection:
            cursor = await connection.execute(_SELECT_KNOWN_COMMANDS, [list(by_command_id)])
            recorded = await cursor.fetchall()
        for command_id, digest, petition_id, reference in recorded:
            row, step = by_command_id[command_id]
            row.done.add(step)
            row.petition_id, row.reference = PetitionId(petition_id), reference
            if row.outcome is None and bytes(digest) != row.digest:
                row.finish(RowOutcome.CHANGED, _ROW_CHANGED)
        for row in rows:
            if row.outcome is None and not row.remaining:
                row.finish(RowOutcome.ALREADY_THERE)

    async def try_rows(self, rows: Sequence[_RowProgress], meeting: Meeting) -> None:
        """Refuse a row as a whole if one of its commands would be refused."""
        context = DecisionContext(
            today=self._office.today,
            by=self._credentials.acting_officer,
            law=self._office.law,
            units=await self._office.queries.units(),
            meeting=meeting,
        )
        for row in rows:
            if not row.remaining:
                continue
            await asyncio.sleep(0)  # let other tasks run between the rows
            petition_id = row.petition_id or PetitionId(time_ordered_id())
            petition = await self._office.queries.fresh_petition(row.petition_id) if row.petition_id else None
            commands = [row.commands[step] for step in row.remaining]
            try:
                of_row = context._replace(petition_id=petition_id)
                tried = try_commands(commands, petition, of_row, self._credentials, self._confirm)
                row.commands = {**row.commands, **dict(zip(row.remaining, tried, strict=True))}
            except Refused as refused:
                row.finish(RowOutcome.REFUSED, str(refused))

    async def record_rows(self, rows: Sequence[_RowProgress]) -> None:
        """Record the rows step by step, so that all share commits; a row that fails stops there."""
        for step in RowStep:
            ready = [row for row in rows if step in row.remaining]
            requests = [CommandRequest(row.commands[step], row.ids[step], row.digest, row.petition_id) for row in ready]
            for row, answer in zip(
                ready, await self._office.petitions.perform_all(requests, self._credentials), strict=True
            ):
                self._take_result(row, step, answer)
        for row in rows:
            if row.outcome is None:
                row.finish(RowOutcome.ACCEPTED)

    def _take_result(self, row: _RowProgress, step: RowStep, answer: CommandResult | CommandError) -> None:
        if self._on_result is not None:
            self._on_result(row.commands[step], answer)
        match answer:
            case CommandResult():
                row.done.add(step)
                row.petition_id, row.reference = PetitionId(answer.petition_id), answer.reference
            case Refused():
                row.finish(RowOutcome.REFUSED, str(answer))
            case KeyReused():  # another load recorded the row first, with other values
                row.finish(RowOutcome.CHANGED, _ROW_CHANGED)
            case _:
                row.finish(RowOutcome.INTERRUPTED, _ROW_INTERRUPTED)
