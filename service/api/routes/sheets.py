"""The sheet of a meeting: an empty one to take along, a filled one to be loaded."""

import asyncio
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from domain.commands import PetitionCommand
from domain.vocabulary import MeetingId
from service.api.dependencies import Asking, AtDesk, officer
from service.api.metrics import outcome_of
from service.api.openapi.responses import problems
from service.api.problem_details import Problem, told
from service.api.schemas.petitions import Answer
from service.commands.office import Done, NotDone
from service.files.cells import UnreadableFile
from service.sheets.loading import Outcome, load_sheet
from service.sheets.parse import read_sheet
from service.sheets.sheet_id import MOST_ROWS
from service.sheets.template import ROWS, blank_sheet, csv_file
from service.sheets.template_xlsx import xlsx_file

XLSX, CSV = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv"
_MEDIA_TYPES = {"xlsx": XLSX, "csv": CSV}
_FILE = {"type": "string", "format": "binary"}
_FILES = {XLSX: {"schema": _FILE}, CSV: {"schema": _FILE}}

router = APIRouter(dependencies=[Depends(officer)], tags=["meetings and units"])

Meeting = Annotated[UUID, Path(description="the id under which the meeting was entered")]


class SheetRow(Answer):
    """`row` as the spreadsheet program numbers it; `reason` of a row that was not taken, in an officer's words."""

    row: int
    key: str
    outcome: Outcome
    reference: str | None = Field(examples=["TD-2026-000123"])
    reason: str


class SheetLoaded(Answer):
    """What became of each row that was filled in. `days_after` the meeting it was entered, which stays to be seen."""

    meeting_id: UUID
    sheet: str
    dry_run: bool
    held_on: date
    entered_on: date
    days_after: int
    outcomes: dict[Outcome, int]
    complete: bool = Field(description="whether the log tells all that the sheet says")
    rows: list[SheetRow]


@router.get(
    "/meetings/{meeting_id}/sheet",
    operation_id="make_sheet",
    response_class=Response,
    responses={200: {"description": "The file", "content": _FILES}, **problems(401, 409, 422, 503)},
)
async def make_sheet(
    meeting_id: Meeting,
    desk: AtDesk,
    form: Annotated[Literal["xlsx", "csv"], Query(alias="format")] = "xlsx",
    rows: Annotated[int, Query(ge=1, le=MOST_ROWS, description="petitions that it has room for")] = ROWS,
) -> Response:
    """An empty sheet for a meeting, to be filled in without a network. No two are alike: each has keys of its own."""
    blank = await blank_sheet(desk.office, MeetingId(meeting_id), rows)
    async with desk.piles.place():
        content = await asyncio.to_thread(xlsx_file if form == "xlsx" else csv_file, blank)
    name = f"kien-nghi-{blank.day}-{blank.mark.sheet}.{form}"
    return Response(
        content,
        media_type=_MEDIA_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _is_sheet(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FILES:
        raise Problem("not-a-sheet", f"send the file as Content-Type: {XLSX} or {CSV}")


@router.post(
    "/meetings/{meeting_id}/sheet",
    operation_id="load_sheet",
    dependencies=[Depends(_is_sheet)],
    openapi_extra={"requestBody": {"required": True, "content": _FILES}},
    responses=problems(400, 401, 409, 413, 415, 422, 503),
)
async def load_filled_sheet(
    meeting_id: Meeting,
    credentials: Asking,
    desk: AtDesk,
    request: Request,
    dry_run: Annotated[bool, Query(description="decide on every row and write nothing")] = False,
) -> SheetLoaded:
    """Enter the petitions of a filled sheet, each row as a whole or not at all.

    What is wrong with a row is in its own result; the request is refused only when the file as a whole is no sheet of
    this meeting. Loaded again, it adds nothing: a row is known by its key, and one that was changed since is reported
    and left as it was entered. Roles: those of the commands that a row comes to.
    """
    content = await request.body()

    def noticed(command: PetitionCommand, answer: Done | NotDone) -> None:
        outcome = outcome_of(answer) if isinstance(answer, Done) else told(answer).name
        desk.metrics.command(type(command).__name__, outcome)

    async with desk.piles.place():
        try:
            sheet = await asyncio.to_thread(read_sheet, content)
        except UnreadableFile as unreadable:
            raise Problem("sheet-unreadable", str(unreadable)) from None
        loaded = await load_sheet(
            desk.office, sheet, credentials, meeting_id=MeetingId(meeting_id), dry_run=dry_run, noticed=noticed
        )
    return SheetLoaded.model_validate(loaded.as_json())
