"""Makes the empty sheet of a meeting and loads the filled one."""

import asyncio
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from domain.command import DoubtCode
from domain.commands import PetitionCommand
from domain.vocabulary import MeetingId
from service.api.dependencies import ContextDep, OfficerCredentials, authenticate_officer
from service.api.metrics import outcome_label
from service.api.openapi.responses import problem_responses
from service.api.problem_details import Problem, problem_or_raise
from service.api.schemas.petitions import ResponseModel
from service.commands.results import CommandError, CommandResult
from service.files.cells import UnreadableFile
from service.sheets.loading import RowOutcome, load_sheet
from service.sheets.parse import read_sheet
from service.sheets.sheet_id import MOST_SHEET_ROWS
from service.sheets.template import PREPARED_ROWS, make_blank_sheet, render_csv_sheet
from service.sheets.template_xlsx import render_xlsx_sheet

XLSX_MEDIA_TYPE, CSV_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"
_MEDIA_TYPES = {"xlsx": XLSX_MEDIA_TYPE, "csv": CSV_MEDIA_TYPE}
_BINARY_SCHEMA = {"type": "string", "format": "binary"}
_SHEET_CONTENT = {XLSX_MEDIA_TYPE: {"schema": _BINARY_SCHEMA}, CSV_MEDIA_TYPE: {"schema": _BINARY_SCHEMA}}

router = APIRouter(dependencies=[Depends(authenticate_officer)], tags=["meetings and units"])

SheetMeeting = Annotated[UUID, Path(description="id of the meeting")]


class SheetRow(ResponseModel):
    """The result of one row. `row` is its number in the spreadsheet program; `reason` says in an officer's words why a
    row was not entered.
    """

    row: int
    key: str
    outcome: RowOutcome
    reference: str | None = Field(examples=["TD-2026-000123"])
    reason: str


class SheetLoaded(ResponseModel):
    """The result of each row that was filled in.

    The sheet was entered `days_after` days after the meeting; the records keep showing this delay.
    """

    meeting_id: UUID
    sheet: str
    dry_run: bool
    held_on: date
    entered_on: date
    days_after: int
    outcomes: dict[RowOutcome, int]
    complete: bool = Field(description="true when the log has all that the sheet says")
    rows: list[SheetRow]


@router.get(
    "/meetings/{meeting_id}/sheet",
    operation_id="make_sheet",
    response_class=Response,
    responses={200: {"description": "The file", "content": _SHEET_CONTENT}, **problem_responses(401, 409, 422, 503)},
)
async def make_sheet(
    meeting_id: SheetMeeting,
    context: ContextDep,
    form: Annotated[Literal["xlsx", "csv"], Query(alias="format")] = "xlsx",
    rows: Annotated[
        int, Query(ge=1, le=MOST_SHEET_ROWS, description="number of petitions that the sheet has room for")
    ] = PREPARED_ROWS,
) -> Response:
    """Make an empty sheet for a meeting, which can be filled in without a network. Each sheet has its own row keys."""
    blank = await make_blank_sheet(context.office, MeetingId(meeting_id), rows)
    async with context.batch_limit.slot():
        content = await asyncio.to_thread(render_xlsx_sheet if form == "xlsx" else render_csv_sheet, blank)
    name = f"kien-nghi-{blank.day}-{blank.sheet_id.code}.{form}"
    return Response(
        content,
        media_type=_MEDIA_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _require_sheet(request: Request) -> None:
    """Raise Problem not-a-sheet for a body that is neither XLSX nor CSV."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _SHEET_CONTENT:
        raise Problem("not-a-sheet", f"send the file as Content-Type: {XLSX_MEDIA_TYPE} or {CSV_MEDIA_TYPE}")


@router.post(
    "/meetings/{meeting_id}/sheet",
    operation_id="load_sheet",
    dependencies=[Depends(_require_sheet)],
    openapi_extra={"requestBody": {"required": True, "content": _SHEET_CONTENT}},
    responses=problem_responses(400, 401, 409, 413, 415, 422, 503),
)
async def load_filled_sheet(
    meeting_id: SheetMeeting,
    credentials: OfficerCredentials,
    context: ContextDep,
    request: Request,
    dry_run: Annotated[bool, Query(description="decide on every row and write nothing")] = False,
    confirm: Annotated[
        list[DoubtCode] | None,
        Query(max_length=20, description="codes of doubts that are meant, in all rows that have them"),
    ] = None,
) -> SheetLoaded:
    """Enter the petitions of a filled sheet, each row as a whole or not at all.

    An error in a row is in the result of that row; the request is refused only if the file is not a sheet of this
    meeting. Loading a sheet again adds nothing: each row is recognised by its key, and a row that was changed since is
    reported but not entered again. Roles: those of the commands that a row needs.
    """
    content = await request.body()

    def noticed(command: PetitionCommand, answer: CommandResult | CommandError) -> None:
        outcome = outcome_label(answer) if isinstance(answer, CommandResult) else problem_or_raise(answer).name
        context.metrics.count_command(type(command).__name__, outcome)

    async with context.batch_limit.slot():
        try:
            sheet = await asyncio.to_thread(read_sheet, content)
        except UnreadableFile as unreadable:
            raise Problem("sheet-unreadable", str(unreadable)) from None
        loaded = await load_sheet(
            context.office,
            sheet,
            credentials,
            meeting_id=MeetingId(meeting_id),
            dry_run=dry_run,
            confirm=frozenset(confirm or ()),
            on_result=noticed,
        )
    return SheetLoaded.model_validate(loaded.as_json())
