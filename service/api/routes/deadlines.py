"""Explains the time limits of a petition and shows their ledger."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import PlainTextResponse

from domain.commands import CalendarDay
from domain.deadlines.both_languages import BothLanguages
from domain.deadlines.clock import Clock
from domain.deadlines.explained_run import ExplainedRun, explained_runs
from domain.deadlines.explained_run_text import explained_run_text
from domain.deadlines.explanation import ExplainedDay
from domain.labels import Language
from domain.vocabulary import PetitionKind
from projections import case_file_clocks
from projections.act_titles import act_titles
from projections.clocks_text import clocks_text
from service.api.dependencies import ContextDep, PetitionFromPath, authenticate_officer
from service.api.known_at import KnownAtDep, law_of_moment, today_of
from service.api.openapi.responses import problem_responses
from service.api.routes.petitions import prefers_plain_text, read_history
from service.api.schemas.petitions import ResponseModel

router = APIRouter(dependencies=[Depends(authenticate_officer)], tags=["petitions"])


class ClockMoved(ResponseModel):
    """An event that started the clock or gave it another date."""

    event: str
    occurred_on: date
    due_on: date


class OtherReadingOfCalendar(ResponseModel):
    """The last day, if a notice makes of provisional days what `says` tells in both languages."""

    due_on: date
    says: BothLanguages
    source: str


class ExplainedWait(ResponseModel):
    """A time in which the citizen's supplement was waited for. `until_on` is null while it lasts. It moves no clock."""

    since_on: date
    until_on: date | None
    asked_for_on: date | None


class ExplainedClock(ResponseModel):
    """A clock, running or stopped, and the reason for its last day. `n` of a day is the number of days counted by then.

    `subject` names the unit or decision that a duty is about, `owed_by` the unit that owes it; both are null for a
    clock of the petition itself. `rule`, `source` and `verified` are null for a date that an officer set. `possible_on`
    is the earliest last day among the kinds that an unclassified letter may be; it is no due date. `text` says the same
    in sentences.
    """

    clock: Clock
    subject: str | None
    owed_by: str | None
    started_on: date
    original_due_on: date
    due_on: date
    is_running: bool
    stopped_on: date | None
    stopped_by: str | None
    rule: str | None
    source: str | None
    verified: bool | None
    calendar: str | None
    moves: tuple[ClockMoved, ...]
    waits: tuple[ExplainedWait, ...]
    possible_on: date | None
    possible_kinds: tuple[PetitionKind, ...]
    days: tuple[ExplainedDay, ...]
    other_dates: tuple[OtherReadingOfCalendar, ...]
    text: str

    @classmethod
    def of(cls, clock: ExplainedRun, language: Language, titles: Mapping[int, str], *, day_by_day: bool) -> Self:
        return cls.model_validate(
            {
                **clock.as_json(),
                "days": clock.explanation.days if day_by_day else (),
                "text": explained_run_text(clock, language, titles),
            }
        )


@router.get(
    "/petitions/{reference}/deadlines",
    operation_id="read_petition_deadlines",
    responses=problem_responses(401, 404, 422, 503),
)
async def read_petition_deadlines(
    petition_id: PetitionFromPath,
    context: ContextDep,
    response: Response,
    lang: Annotated[Language, Query(description="language of the sentences")] = "vi",
    days: Annotated[bool, Query(description="list every day, with the reason why it counts or not")] = False,
    known: KnownAtDep = None,
) -> list[ExplainedClock]:
    """Explain every time limit of a petition from its start to the last day, with its rule, legal source and
    calendar. With `known_at`, by what was on record then, and by the law as it was known then.
    """
    history, _ = await read_history(context, petition_id, known)
    law = await law_of_moment(context, known)
    response.headers["Content-Language"] = lang
    titles = act_titles(history, lang)
    return [ExplainedClock.of(clock, lang, titles, day_by_day=days) for clock in explained_runs(history, law)]


@router.get(
    "/petitions/{reference}/ledger",
    operation_id="read_petition_ledger",
    response_model=list[case_file_clocks.ClockLine],
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **problem_responses(401, 404, 422, 503),
    },
)
async def read_petition_ledger(
    petition_id: PetitionFromPath,
    context: ContextDep,
    request: Request,
    response: Response,
    on: Annotated[
        CalendarDay | None, Query(description="the day until which a running clock is counted; today if left out")
    ] = None,
    lang: Annotated[Language, Query(description="language of the sentences")] = "vi",
    known: KnownAtDep = None,
) -> Any:
    """List every clock of a petition: the events that moved it, its days late, and its days by unit.

    With `Accept: text/plain` the answer is a text to read. With `known_at`, by what was on record then.
    """
    history, _ = await read_history(context, petition_id, known)
    law = await law_of_moment(context, known)
    lines = case_file_clocks.clock_lines(history, on or today_of(context, known), law, lang)
    headers = {"Vary": "Accept", "Content-Language": lang}
    if prefers_plain_text(request):
        return PlainTextResponse(clocks_text(lines, lang, await context.office.queries.units()), headers=headers)
    response.headers.update(headers)
    return lines
