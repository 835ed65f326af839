"""The empty sheet of a meeting: what the office knows of it, and the CSV file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.errors import Refused
from domain.labels import words
from domain.meetings.meeting import Meeting, on_record
from domain.meetings.words import MeetingStage
from domain.units.unit import Unit
from domain.vocabulary import MeetingId
from service.commands.office import Office
from service.sheets.columns import COLUMNS
from service.sheets.formula_escape import shown
from service.sheets.sheet_id import MOST_ROWS, Mark

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


async def held_meeting(office: Office, meeting_id: MeetingId) -> Meeting:
    """Refused while it is not on record as held."""
    meeting = on_record(await office.meeting(meeting_id))
    if meeting.held_on is None:
        raise Refused("this meeting is not on record as held yet")
    return meeting


async def blank_sheet(office: Office, meeting_id: MeetingId, rows: int = ROWS) -> Blank:
    """A new sheet at each call, of a meeting that is planned or was held: it may be taken where there is no network.

    Refused for a meeting that was cancelled or is not on record, and for more rows than a sheet takes.
    """
    if not 1 <= rows <= MOST_ROWS:
        raise Refused(f"a sheet has 1 to {MOST_ROWS:,} rows")
    meeting = on_record(await office.meeting(meeting_id))
    if meeting.stage is MeetingStage.CANCELLED:
        raise Refused("this meeting was cancelled")
    units, day = await office.units(), meeting.day
    return Blank(
        Mark.new(meeting_id),
        day,
        meeting.title,
        units.name_of(meeting.organiser, day),
        sorted((unit for unit in units.by_id.values() if unit.is_in_being(office.today)), key=lambda unit: unit.unit),
        rows,
    )


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
