"""The empty sheet of a meeting: what the office knows of it, and the CSV file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.meetings.events import MeetingHeld
from domain.refused import Refused
from domain.units.unit import Unit
from domain.vocabulary import MeetingId
from domain.words import words
from service.application import Office
from service.sheets.columns import COLUMNS
from service.sheets.mark import MOST_ROWS, Mark
from service.sheets.runnable import shown

ROWS = 200
"""Prepared unless somebody asks for more or fewer."""
KEY_HEADING = words("Mã dòng (không sửa)", "Row key (leave it)")


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty sheet, whatever it is written as. `units` are those that a petition can be given to now, by code."""

    mark: Mark
    day: date
    meeting: str
    organiser: str
    units: Sequence[Unit]
    rows: int

    @property
    def title(self) -> str:
        """Begins with a letter of ours, so that it runs nowhere."""
        return f"Cuộc họp ngày {self.day:%d/%m/%Y}: {self.meeting} ({self.organiser})"


async def held_meeting(office: Office, meeting_id: MeetingId) -> MeetingHeld:
    """As it was entered; Refused while it is not on record as held."""
    if await office.meeting(meeting_id) is None:
        raise Refused("there is no such meeting on record")
    for recorded in await office.histories.history(meeting_id):
        if isinstance(recorded.fact, MeetingHeld):
            return recorded.fact
    raise Refused("this meeting is not on record as held yet")


async def blank_sheet(office: Office, meeting_id: MeetingId, rows: int = ROWS) -> Blank:
    """A new sheet at each call. Refused as `held_meeting`, and for more rows than a sheet takes."""
    if not 1 <= rows <= MOST_ROWS:
        raise Refused(f"a sheet has 1 to {MOST_ROWS:,} rows")
    meeting = await held_meeting(office, meeting_id)
    units = await office.units()
    organiser = units.by_id.get(meeting.organiser)
    return Blank(
        Mark.new(meeting_id),
        meeting.occurred_on,
        meeting.title,
        organiser.name if organiser else meeting.organiser,
        sorted((unit for unit in units.by_id.values() if _is_in_being(unit, office.today)), key=lambda unit: unit.unit),
        rows,
    )


def _is_in_being(unit: Unit, day: date) -> bool:
    return unit.opened_on <= day and (unit.closed_on is None or day <= unit.closed_on)


def csv_file(blank: Blank) -> bytes:
    """In UTF-8 with its mark and by semicolon: what spreadsheet programs set to Vietnamese open as a table."""
    written = io.StringIO(newline="")
    table = csv.writer(written, delimiter=";")
    table.writerow([str(blank.mark), *(column.key for column in COLUMNS)])
    heading = f"{KEY_HEADING['vi']}. {blank.title}"
    table.writerow([shown(heading), *(shown(column.heading["vi"]) for column in COLUMNS)])
    for number in range(1, blank.rows + 1):
        table.writerow([blank.mark.row_key(number), *([""] * len(COLUMNS))])
    return written.getvalue().encode("utf-8-sig")
