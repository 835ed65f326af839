"""The time limits of a petition, explained."""

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Query, Response

from domain.deadlines.deadline import Clock
from domain.deadlines.explained_run import ExplainedRun, explained_runs
from domain.deadlines.explanation import ExplainedDay
from domain.deadlines.ledger import ledger_of
from domain.deadlines.told import run_told
from domain.words import Language
from projections.words import EVENTS
from service.api.answers import Answer
from service.api.description import problems
from service.api.desk import AtDesk, PetitionNamed, officer
from service.application import UnknownPetition

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
