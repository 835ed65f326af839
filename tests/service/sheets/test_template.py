"""Tests the empty sheet: the lists that it offers, and that no program runs anything in it."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from domain.errors import Refused
from domain.meetings.commands import CancelMeeting, PlanMeeting
from domain.units.events import Level
from domain.units.unit import Unit
from domain.vocabulary import MeetingId, UnitId
from service.commands.office import ApplicationService
from service.files.csv_table import CsvTable
from service.files.formula_escape import escape_formula, unescape_formula
from service.sheets.columns import SHEET_COLUMNS, RowPart
from service.sheets.commands import RowStep
from service.sheets.parse import read_sheet
from service.sheets.sheet_id import SheetId
from service.sheets.template import BlankSheet, make_blank_sheet, render_csv_sheet, require_held_meeting
from service.sheets.template_xlsx import HOW_TO_TITLE, LISTS_TITLE, TABLE_TITLE, render_xlsx_sheet
from tests.domain.samples import july
from tests.domain.scenario import MEETING
from tests.service.office_fixtures import CLERK

HOSTILE = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("x")',
)


def cells(workbook: Workbook) -> Iterator[tuple[str, str]]:
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield cell.data_type, str(cell.value)


def sheets(blank: BlankSheet) -> tuple[Worksheet, Worksheet, Worksheet]:
    workbook = load_workbook(io.BytesIO(render_xlsx_sheet(blank)))
    table, lists, how_to = (workbook[name] for name in (TABLE_TITLE, LISTS_TITLE, HOW_TO_TITLE))
    assert isinstance(table, Worksheet)
    assert isinstance(lists, Worksheet)
    assert isinstance(how_to, Worksheet)
    return table, lists, how_to


def test_it_names_the_meeting_and_has_a_key_for_every_row(paper: BlankSheet) -> None:
    table, _, how_to = sheets(paper)
    title = "Phiếu ghi ý kiến: Đối thoại với nhân dân (UBND tỉnh Ví Dụ), ngày 06/07/2026"
    assert how_to["A1"].value == title
    assert SheetId.parse(str(table["A1"].value)) == paper.sheet_id
    assert [table.cell(line, 1).value for line in range(3, 9)] == [*map(paper.sheet_id.row_key, range(1, 6)), None]
    lines = render_csv_sheet(paper).decode("utf-8-sig").splitlines()
    assert title in lines[1]
    assert len(lines) == 2 + 5


def test_the_keys_of_the_columns_are_hidden_and_their_names_are_not(paper: BlankSheet) -> None:
    table, _, _ = sheets(paper)
    assert table.row_dimensions[1].hidden
    assert [cell.value for cell in table[1]][1:] == [column.key for column in SHEET_COLUMNS]
    assert [cell.value for cell in table[2]][1:] == [column.heading["vi"] for column in SHEET_COLUMNS]
    assert table.freeze_panes == "B3"


def test_it_offers_lists_for_what_can_be_chosen(paper: BlankSheet) -> None:
    table, lists, _ = sheets(paper)
    offered = {str(one.sqref).partition(":")[0]: one for one in table.data_validations.dataValidation}
    headings = {str(table.cell(2, place + 1).value): f"{letter}3" for place, letter in enumerate("ABCDEFGHIJKLMNOPQ")}
    kinds, units = offered[headings["Loại đơn"]], offered[headings["Cơ quan, đơn vị chủ trì"]]
    assert (kinds.type, kinds.formula1) == ("list", f"'{LISTS_TITLE}'!$A$2:$A$4")
    assert [lists.cell(line, 4).value for line in range(2, 6)] == ["ubnd-tinh", "so-mau", "so-khac", None]
    assert (units.formula1, units.showErrorMessage) == (f"'{LISTS_TITLE}'!$D$2:$D$4", True)
    assert not offered[headings["Lĩnh vực"]].showErrorMessage  # proposed, not required
    assert offered[headings["Công dân có mặt"]].formula1 == f"'{LISTS_TITLE}'!$B$2:$B$3"


def test_keys_and_headings_are_locked_and_the_rest_is_open(paper: BlankSheet) -> None:
    table, _, _ = sheets(paper)
    assert table.protection.sheet
    assert table.protection.password is None
    assert table["A3"].protection.locked
    assert not table.column_dimensions["B"].protection.locked


def test_what_is_typed_stays_as_it_was_typed(paper: BlankSheet) -> None:
    table, _, _ = sheets(paper)
    formats = {
        str(table.cell(1, place).value): table.column_dimensions[get_column_letter(place)].number_format
        for place in range(2, len(SHEET_COLUMNS) + 2)
    }
    assert {key for key, form in formats.items() if form == "dd/mm/yyyy"} == {"due_on", "notice_on"}
    assert {key for key, form in formats.items() if form == "0"} == {"person_count"}
    assert {formats[key] for key in ("petitioner_identity_no", "petitioner_phone", "minutes_page")} == {"@"}


def test_two_sheets_of_a_meeting_have_no_key_in_common(paper: BlankSheet) -> None:
    other = SheetId.new(paper.sheet_id.meeting_id)
    assert not other.owns(paper.sheet_id.row_key(1))
    assert paper.sheet_id.owns(paper.sheet_id.row_key(1))


@pytest.mark.anyio
async def test_units_that_no_petition_can_be_given_to_are_not_offered(office: ApplicationService) -> None:
    blank = await make_blank_sheet(office, MEETING)
    codes = [unit.unit for unit in blank.units]
    assert "huyen-cu" not in codes
    assert "so-mau" in codes
    assert codes == sorted(codes)


@pytest.mark.anyio
async def test_a_sheet_is_taken_to_a_meeting_that_is_only_planned_and_not_to_a_cancelled_one(
    office: ApplicationService,
) -> None:
    meeting_id = MeetingId(uuid4())
    planned = PlanMeeting(
        occurred_on=july(1),
        meeting_id=meeting_id,
        planned_for=july(20),
        level=Level.PROVINCE,
        organiser="ubnd-tinh",
        chair="chu-tich",
        chair_position="Chủ tịch",
        title="Đối thoại với nhân dân",
    )
    await office.meetings.perform(planned, meeting_id, CLERK, command_id=uuid4(), digest=b"")
    blank = await make_blank_sheet(office, meeting_id)
    assert (blank.day, blank.meeting_title) == (july(20), "Đối thoại với nhân dân")
    with pytest.raises(Refused, match="not on record as held yet"):
        await require_held_meeting(office, meeting_id)

    called_off = CancelMeeting(occurred_on=july(2), reason="bão")
    await office.meetings.perform(called_off, meeting_id, CLERK, command_id=uuid4(), digest=b"")
    with pytest.raises(Refused, match="was cancelled"):
        await make_blank_sheet(office, meeting_id)


def test_nothing_that_an_office_calls_itself_runs(paper: BlankSheet) -> None:
    """Render ten thousand codes and names, each of which a program would take for a formula."""
    names = [f"{HOSTILE[n % len(HOSTILE)]}{n}".replace("\r", "\n") for n in range(5_000)]
    units = [Unit(unit=UnitId(name), name=name, level=Level.COMMUNE, opened_on=date(2020, 1, 1)) for name in names]
    blank = replace(paper, meeting_title="=1+1", organiser="@x", units=units)
    found = list(cells(load_workbook(io.BytesIO(render_xlsx_sheet(blank)))))
    assert {kind for kind, _ in found} == {"s"}
    assert {text for _, text in found} >= set(names)
    for row in CsvTable(io.StringIO(render_csv_sheet(blank).decode("utf-8-sig"), newline=""), ";"):
        assert not any(cell.startswith(tuple("=+-@\t\r＝＋－＠")) for cell in row.cells)


@given(st.text(min_size=1) | st.sampled_from(HOSTILE))
def test_what_is_written_so_that_it_does_not_run_is_read_as_it_was(text: str) -> None:
    assert not escape_formula(text).startswith(tuple("=+-@\t\r\n＝＋－＠"))
    assert unescape_formula(escape_formula(text)) == text or text.startswith("'")


@pytest.mark.parametrize("made", [render_xlsx_sheet, render_csv_sheet])
def test_an_empty_sheet_is_read_as_one(paper: BlankSheet, made: object) -> None:
    assert callable(made)
    assert read_sheet(made(paper)).sheet_id == paper.sheet_id


def test_every_column_says_something_of_a_command_once() -> None:
    assert len({column.key for column in SHEET_COLUMNS}) == len(SHEET_COLUMNS)
    assert len({(column.part, column.field) for column in SHEET_COLUMNS}) == len(SHEET_COLUMNS)
    assert {column.part for column in SHEET_COLUMNS} == set(RowPart)
    assert [step.value for step in RowStep] == ["receive", "classify", "answer", "assign"]  # in ids that are stored
