"""Makes the empty sheet of a meeting, and renders it as a CSV file."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.errors import Refused
from domain.labels import bilingual_text
from domain.meetings.meeting import Meeting, require_on_record
from domain.meetings.words import MeetingStage
from domain.printed_text import printed_cell
from domain.units.unit import Unit
from domain.vocabulary import MeetingId
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.files.formula_escape import escape_formula
from service.sheets.columns import SHEET_COLUMNS
from service.sheets.sheet_id import MOST_SHEET_ROWS, SheetId

PREPARED_ROWS = 200
"""Rows of a new sheet, unless the caller asks for another number."""
KEY_COLUMN_HEADING = bilingual_text("Mã dòng (không sửa)", "Row key (leave it)")


@dataclass(frozen=True, slots=True)
class BlankSheet:
    """Holds the content of an empty sheet, for either format.

    `day` is the day of the meeting. `units` are those that a petition can be assigned to now, sorted by code.
    """

    sheet_id: SheetId
    day: date
    meeting_title: str
    organiser: str
    units: Sequence[Unit]
    row_count: int

    @property
    def title(self) -> str:
        """Return the title. It begins with a fixed letter, so that no program runs it as a formula."""
        organiser = "" if self.organiser.casefold() in self.meeting_title.casefold() else f" ({self.organiser})"
        return f"Phiếu ghi ý kiến: {self.meeting_title}{organiser}, ngày {self.day:%d/%m/%Y}"


async def require_held_meeting(office: ApplicationService, meeting_id: MeetingId) -> Meeting:
    """Return the meeting. Raise Refused while it is not on record as held."""
    meeting = require_on_record(await office.queries.meeting(meeting_id))
    if meeting.held_on is None:
        raise Refused(ServiceRefusal.MEETING_NOT_HELD_YET)
    return meeting


async def make_blank_sheet(office: ApplicationService, meeting_id: MeetingId, rows: int = PREPARED_ROWS) -> BlankSheet:
    """Make a new sheet, with an id of its own, for a meeting that is planned or was held.

    Raise Refused for a meeting that was cancelled or is not on record, and for a number of rows that a sheet cannot
    have.
    """
    if not 1 <= rows <= MOST_SHEET_ROWS:
        raise Refused(ServiceRefusal.SHEET_HAS_TOO_MANY_ROWS, most=MOST_SHEET_ROWS)
    meeting = require_on_record(await office.queries.meeting(meeting_id))
    if meeting.stage is MeetingStage.CANCELLED:
        raise Refused(ServiceRefusal.MEETING_WAS_CANCELLED_BEFORE_SHEET)
    units, day = await office.queries.units(), meeting.day
    return BlankSheet(
        SheetId.new(meeting_id),
        day,
        meeting.title,
        units.name_of(meeting.organiser, day),
        sorted((unit for unit in units.by_id.values() if unit.is_in_being(office.today)), key=lambda unit: unit.unit),
        rows,
    )


def render_csv_sheet(blank: BlankSheet) -> bytes:
    """Render the sheet as CSV in UTF-8 with a byte order mark and semicolons.

    Spreadsheet programs that are set to Vietnamese open this as a table.
    """
    written = io.StringIO(newline="")
    table = csv.writer(written, delimiter=";")
    table.writerow([str(blank.sheet_id), *(column.key for column in SHEET_COLUMNS)])
    heading = f"{KEY_COLUMN_HEADING['vi']}. {printed_cell(blank.title)}"
    table.writerow([escape_formula(heading), *(escape_formula(column.heading["vi"]) for column in SHEET_COLUMNS)])
    for number in range(1, blank.row_count + 1):
        table.writerow([blank.sheet_id.row_key(number), *([""] * len(SHEET_COLUMNS))])
    return written.getvalue().encode("utf-8-sig")
