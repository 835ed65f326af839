"""A filled sheet told to the log: each row as a whole and once, however often it is loaded."""

import asyncio
import hashlib
import hmac
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
from service.commands.office import Asked, Done, NotDone, Office
from service.event_store.group_commit import KeyReused
from service.event_store.ids import sheet_command_id, time_ordered_id
from service.sheets.commands import Incomplete, Step, commands_of
from service.sheets.dry_run import try_all
from service.sheets.parse import FilledRow, FilledSheet
from service.sheets.template import held_meeting

_KNOWN = """
    SELECT commands.command_id, request_digest, originator_id, reference
    FROM kiennghi.commands JOIN kiennghi.log USING (originator_id)
    WHERE commands.command_id = ANY(%s) AND originator_version = 1
"""
AT_ONCE = 100
"""Rows told together. They share commits, and deciding on so many holds everybody else up for some ten milliseconds."""

_CHANGED = "written otherwise than when it was entered; the log keeps the first: correct the petition itself"
_INTERRUPTED = "the database did not take this row, or not all of it: load the same file again"


class Outcome(StrEnum):
    """What became of a row."""

    ACCEPTED = "accepted"
    WOULD_BE_ACCEPTED = "would_be_accepted"  # in a dry run
    ALREADY_THERE = "already_there"
    CHANGED = "changed"
    REFUSED = "refused"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class RowResult:
    """`row` as the spreadsheet program numbers it; `reference` is the petition's number in the register.

    A row that is refused or interrupted has one too if it was entered, or entered in part, before.
    """

    row: int
    key: str
    outcome: Outcome
    reference: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LoadedSheet:
    """The days say how late the entry is: what was raised on `held_on` was recorded on `entered_on`."""

    meeting_id: MeetingId
    sheet: str
    dry_run: bool
    held_on: date
    entered_on: date
    rows: Sequence[RowResult]

    @property
    def outcomes(self) -> Counter[Outcome]:
        return Counter(row.outcome for row in self.rows)

    @property
    def days_after(self) -> int:
        return (self.entered_on - self.held_on).days

    @property
    def complete(self) -> bool:
        """Whether the log tells, or would tell, all that the sheet says."""
        return not {Outcome.REFUSED, Outcome.CHANGED, Outcome.INTERRUPTED} & set(self.outcomes)

    def as_json(self) -> dict[str, Any]:
        """Counts, then a line for each row that was filled in."""
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
    office: Office,
    sheet: FilledSheet,
    credentials: Credentials,
    *,
    meeting_id: MeetingId | None = None,
    dry_run: bool = False,
    noticed: Callable[[PetitionCommand, Done | NotDone], None] | None = None,
) -> LoadedSheet:
    """Tells the office every row that it was not told before; a dry run decides and writes nothing.

    Refused for a sheet of another meeting than `meeting_id`, and for a meeting that is not on record as held. What is
    wrong with a row is in its result. `noticed` hears of every command. Raises psycopg.Error when nothing can be read.
    """
    mark = sheet.mark
    if meeting_id is not None and mark.meeting_id != meeting_id:
        raise Refused("this sheet is of another meeting")
    meeting = await held_meeting(office, mark.meeting_id)
    key = hmac.digest(office.vault_key, b"kiennghi sheet digest", hashlib.sha256)
    rows = await asyncio.to_thread(lambda: [_Row.of(row, meeting, key) for row in sheet.rows])
    loading = _Loading(office, credentials, noticed)
    await loading.find(rows)
    await loading.try_each(rows, meeting)
    for first in range(0, 0 if dry_run else len(rows), AT_ONCE):
        await loading.tell(rows[first : first + AT_ONCE])
    results = [row.result(Outcome.WOULD_BE_ACCEPTED) for row in rows]
    return LoadedSheet(mark.meeting_id, mark.sheet, dry_run, meeting.day, office.today, results)


def _digest(key: bytes, row: FilledRow) -> bytes:
    """Of what the row says, whoever loads it, in either format. Keyed, for it is kept and a name can be guessed."""
    return hmac.digest(key, msgspec.json.encode(dict(row.said), order="sorted"), hashlib.sha256)


@dataclass(slots=True)
class _Row:
    """One row on its way: `done` are the steps that the log has, `outcome` is None while it may go on."""

    row: FilledRow
    ids: Mapping[Step, UUID]
    digest: bytes = b""
    commands: Mapping[Step, PetitionCommand] = field(default_factory=dict)
    done: set[Step] = field(default_factory=set)
    petition_id: PetitionId | None = None
    reference: str | None = None
    outcome: Outcome | None = None
    reason: str = ""

    @classmethod
    def of(cls, row: FilledRow, meeting: Meeting, key: bytes) -> "_Row":
        one = cls(row, {step: sheet_command_id(meeting.meeting_id, row.key, step) for step in Step} if row.key else {})
        if row.reason:
            one.ends(Outcome.REFUSED, row.reason)
        else:
            try:
                one.commands, one.digest = commands_of(row, meeting), _digest(key, row)
            except Incomplete as incomplete:
                one.ends(Outcome.REFUSED, str(incomplete))
        return one

    @property
    def remaining(self) -> list[Step]:
        return [] if self.outcome else [step for step in Step if step in self.commands and step not in self.done]

    def ends(self, outcome: Outcome, reason: str = "") -> None:
        self.outcome, self.reason = outcome, reason

    def result(self, otherwise: Outcome) -> RowResult:
        return RowResult(self.row.number, self.row.key, self.outcome or otherwise, self.reference, self.reason)


class _Loading:
    def __init__(
        self,
        office: Office,
        credentials: Credentials,
        noticed: Callable[[PetitionCommand, Done | NotDone], None] | None,
    ) -> None:
        self._office = office
        self._credentials = credentials
        self._noticed = noticed

    async def find(self, rows: Sequence[_Row]) -> None:
        """What the log has of them already."""
        of_id = {command_id: (row, step) for row in rows for step, command_id in row.ids.items()}
        async with self._office.pool.connection() as connection:
            cursor = await connection.execute(_KNOWN, [list(of_id)])
            known = await cursor.fetchall()
        for command_id, digest, petition_id, reference in known:
            row, step = of_id[command_id]
            row.done.add(step)
            row.petition_id, row.reference = PetitionId(petition_id), reference
            if row.outcome is None and bytes(digest) != row.digest:
                row.ends(Outcome.CHANGED, _CHANGED)
        for row in rows:
            if row.outcome is None and not row.remaining:
                row.ends(Outcome.ALREADY_THERE)

    async def try_each(self, rows: Sequence[_Row], meeting: Meeting) -> None:
        """Refuses, as a whole, a row of which one command would be refused."""
        circumstances = DecisionContext(
            today=self._office.today,
            by=self._credentials.who,
            law=self._office.law,
            units=await self._office.units(),
            meeting=meeting,
        )
        for row in rows:
            if not row.remaining:
                continue
            await asyncio.sleep(0)  # others come between
            petition_id = row.petition_id or PetitionId(time_ordered_id())
            petition = await self._office.fresh_petition(row.petition_id) if row.petition_id else None
            commands = [row.commands[step] for step in row.remaining]
            try:
                try_all(commands, petition, circumstances._replace(petition_id=petition_id), self._credentials)
            except Refused as no:
                row.ends(Outcome.REFUSED, str(no))

    async def tell(self, rows: Sequence[_Row]) -> None:
        """Step by step, so that all rows share commits; one that fails goes no further."""
        for step in Step:
            going = [row for row in rows if step in row.remaining]
            asked = [Asked(row.commands[step], row.ids[step], row.digest, row.petition_id) for row in going]
            for row, answer in zip(going, await self._office.perform_all(asked, self._credentials), strict=True):
                self._take(row, step, answer)
        for row in rows:
            if row.outcome is None:
                row.ends(Outcome.ACCEPTED)

    def _take(self, row: _Row, step: Step, answer: Done | NotDone) -> None:
        if self._noticed is not None:
            self._noticed(row.commands[step], answer)
        match answer:
            case Done():
                row.done.add(step)
                row.petition_id, row.reference = PetitionId(answer.petition_id), answer.reference
            case Refused():
                row.ends(Outcome.REFUSED, str(answer))
            case KeyReused():  # another load was quicker, of a sheet that was written otherwise
                row.ends(Outcome.CHANGED, _CHANGED)
            case _:
                row.ends(Outcome.INTERRUPTED, _INTERRUPTED)
