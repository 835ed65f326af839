"""The time limits of a petition: explained, and as their ledger has them."""

from datetime import date
from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import PlainTextResponse

from domain.commands import Day
from domain.deadlines.deadline import Clock
from domain.deadlines.explained_run import ExplainedRun, explained_runs
from domain.deadlines.explanation import ExplainedDay
from domain.deadlines.explanation_text import run_told
from domain.deadlines.ledger import ledger_of
from domain.labels import Language
from projections import case_file_clocks
from projections.labels.events import EVENTS
from service.api.dependencies import AtDesk, PetitionNamed, officer
from service.api.openapi.responses import problems
from service.api.routes.petitions import wants_text
from service.api.schemas.petitions import Answer
from service.commands.office import UnknownPetition

router = APIRouter(dependencies=[Depends(officer)], tags=["petitions"])


class ClockMoved(Answer):
    """An event that started the clock or gave it another date."""

    event: str
    occurred_on: date
    due_on: date


class ExplainedClock(Answer):
    """A clock, running or stopped, and why its last day is that day. `n` of a day: how many were counted with it.

    `rule`, `source` and `verified` are null for a date that somebody set. `text` says the same in sentences.
    """

    clock: Clock
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
    days: tuple[ExplainedDay, ...]
    text: str

    @classmethod
    def of(cls, clock: ExplainedRun, language: Language, *, day_by_day: bool) -> Self:
        return cls.model_validate(
            {
                **clock.as_json(),
                "days": clock.explanation.days if day_by_day else (),
                "text": run_told(clock, language, EVENTS),
            }
        )


@router.get(
    "/petitions/{reference}/deadlines",
    operation_id="read_petition_deadlines",
    responses=problems(401, 404, 422, 503),
)
async def read_petition_deadlines(
    petition_id: PetitionNamed,
    desk: AtDesk,
    response: Response,
    lang: Annotated[Language, Query(description="language of the sentences")] = "vi",
    days: Annotated[bool, Query(description="with every day, and why it counts or not")] = False,
) -> list[ExplainedClock]:
    """Every time limit of a petition: from the act to the last day, by which rule, source and calendar."""
    history = await desk.office.history(petition_id)
    if not history:
        raise UnknownPetition
    response.headers["Content-Language"] = lang
    return [
        ExplainedClock.of(clock, lang, day_by_day=days) for clock in explained_runs(ledger_of(history), desk.office.law)
    ]


@router.get(
    "/petitions/{reference}/ledger",
    operation_id="read_petition_ledger",
    response_model=list[case_file_clocks.ClockLine],
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **problems(401, 404, 422, 503)},
)
async def read_petition_ledger(
    petition_id: PetitionNamed,
    desk: AtDesk,
    request: Request,
    response: Response,
    on: Annotated[Day | None, Query(description="until which the days of a running clock are counted; today")] = None,
    lang: Annotated[Language, Query(description="language of the sentences")] = "vi",
) -> Any:
    """Every clock of a petition: what moved it, how late it is, and whose days they were.

    `Accept: text/plain` gives it to read.
    """
    history = await desk.office.history(petition_id)
    if not history:
        raise UnknownPetition
    lines = case_file_clocks.clock_lines(ledger_of(history), on or desk.office.today, desk.office.law, lang)
    headers = {"Vary": "Accept", "Content-Language": lang}
    if wants_text(request):
        return PlainTextResponse(case_file_clocks.text(lines, lang), headers=headers)
    response.headers.update(headers)
    return lines
