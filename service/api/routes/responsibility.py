"""Serves who was responsible for a petition on a day, as known at a moment."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.responses import PlainTextResponse

from domain.commands import CalendarDay
from domain.deadlines.apportioning import Share
from domain.labels import Language
from domain.vocabulary import Stage
from projections.labels.responsibility import RESPONSIBILITY_LABELS
from projections.lateness_acts import LatenessAct
from projections.responsibility import ResponsibleInterval
from projections.responsibility_text import responsibility_text
from service.api.dependencies import ContextDep, PetitionFromPath, authenticate_officer
from service.api.known_at import KnownAtDep, KnownAtShown, refused_moment_as_problem
from service.api.openapi.responses import problem_responses
from service.api.routes.petitions import prefers_plain_text, read_history
from service.api.schemas.petitions import ResponseModel
from service.known_at.moment import find_present
from service.known_at.responsibility import ResponsibilityAsKnown, read_responsibility
from service.transparency.covering_checkpoint import CoveringCheckpoint, read_covering_checkpoint

router = APIRouter(dependencies=[Depends(authenticate_officer)], tags=["petitions"])


class ResponsibleShown(ResponseModel):
    """Who had to act: codes of unit and officer with the names of the register, and the position of the act.

    `accountable_head` is the head whom the assignment names, `head` the head of the unit by the register on those days.
    With `is_intake` no unit was assigned yet: `unit` is the one that received the petition.
    """

    unit: str
    unit_name: str
    officer: str
    position: str
    accountable_head: str
    head: str | None
    head_position: str
    coordinating: tuple[str, ...]
    is_intake: bool


class IntervalShown(ResponseModel):
    """Who was responsible from the first to the last day, both inclusive. `late_days` were past the due date."""

    first_on: date
    last_on: date
    days: int
    late_days: int
    responsible: ResponsibleShown


class ClockHeldShown(ResponseModel):
    """A clock with the days that count for each holder; the day of a change counts for the former one."""

    clock: str
    title: str
    started_on: date
    due_on: date | None
    stopped_on: date | None
    days_late: int | None
    held: tuple[Share, ...]


class LatenessActShown(ResponseModel):
    """An act that moved lateness. `timing` is that of its stated day to the due date before it: before, on, after.

    `timing_recorded` is that of the day on which it was recorded; both are null where no limit ran.
    """

    title: str
    act: LatenessAct


class CheckpointShown(ResponseModel):
    """The signed checkpoint that the answer stands on: its leaves, the last position among them, its root (base64).

    It is the first one that covers the moment; where `covers` is false none does yet, and it is the last one.
    """

    size: int
    position: int
    root: str
    covers: bool


class ResponsibilityShown(ResponseModel):
    """Who was responsible on the day, who on the days before, and what moved lateness.

    `responsible` is null on a day on which nobody owed an answer. `checkpoint` is null while nothing is signed.
    """

    on: date
    responsible: ResponsibleShown | None
    stage: Stage | None
    due_on: date | None
    is_held: bool
    intervals: tuple[IntervalShown, ...]
    clocks: tuple[ClockHeldShown, ...]
    lateness: tuple[LatenessActShown, ...]
    known_at: KnownAtShown
    checkpoint: CheckpointShown | None


@router.get(
    "/petitions/{reference}/responsibility",
    operation_id="read_petition_responsibility",
    response_model=ResponsibilityShown,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **problem_responses(401, 404, 422, 503),
    },
)
async def read_petition_responsibility(
    petition_id: PetitionFromPath,
    context: ContextDep,
    request: Request,
    response: Response,
    on: Annotated[
        CalendarDay | None, Query(description="the day that is asked about; that of the moment if left out")
    ] = None,
    lang: Annotated[Language, Query(description="language of the titles")] = "vi",
    known: KnownAtDep = None,
) -> Any:
    """Tell who was responsible for a petition on a day and before, and what moved its lateness.

    With `known_at`, by what was on record then. With `Accept: text/plain` the answer is a text to read.
    """
    history, petition = await read_history(context, petition_id)
    office = context.office
    async with office.pool.connection() as connection:
        moment = known or await find_present(connection, office.settings.zone)
        checkpoint = await read_covering_checkpoint(connection, moment.position)
    day = on or (office.today if known is None else None)
    with refused_moment_as_problem():
        found = await read_responsibility(office, history, day, moment, lang)
    headers = {"Vary": "Accept", "Content-Language": lang}
    if prefers_plain_text(request):
        name = petition.reference or str(petition_id)
        return PlainTextResponse(answer_text(name, found, checkpoint, lang), headers=headers)
    response.headers.update(headers)
    return answer_shown(found, checkpoint)


def answer_shown(found: ResponsibilityAsKnown, checkpoint: CoveringCheckpoint | None) -> ResponsibilityShown:
    """Return the answer in the form of the API, which the command line prints too."""
    known = KnownAtShown.of(found.known)
    assert known is not None, "a moment was given"
    responsibility = found.responsibility
    current = responsibility.intervals[-1] if responsibility.responsible is not None else None
    return ResponsibilityShown(
        on=responsibility.on,
        responsible=None if current is None else _responsible_shown(current, responsibility.on, found),
        stage=responsibility.stage,
        due_on=responsibility.due_on,
        is_held=responsibility.is_held,
        intervals=tuple(
            IntervalShown(
                first_on=one.first_on,
                last_on=one.last_on,
                days=one.days,
                late_days=one.late_days,
                responsible=_responsible_shown(one, one.first_on, found),
            )
            for one in responsibility.intervals
        ),
        clocks=tuple(
            ClockHeldShown(
                clock=one.clock,
                title=one.title,
                started_on=one.started_on,
                due_on=one.due_on,
                stopped_on=one.stopped_on,
                days_late=one.days_late,
                held=one.held,
            )
            for one in found.clocks
        ),
        lateness=tuple(LatenessActShown(title=found.titles[act.version], act=act) for act in found.acts),
        known_at=known,
        checkpoint=None if checkpoint is None else CheckpointShown(**checkpoint._asdict()),
    )


def _responsible_shown(one: ResponsibleInterval, on: date, found: ResponsibilityAsKnown) -> ResponsibleShown:
    who = one.responsible
    return ResponsibleShown(unit_name=found.units.name_of(who.unit, on) if who.unit else "", **who._asdict())


def answer_text(
    reference: str, found: ResponsibilityAsKnown, checkpoint: CoveringCheckpoint | None, lang: Language
) -> str:
    """Return the answer as text, with the position and the checkpoint that it stands on."""
    label = {key: words[lang] for key, words in RESPONSIBILITY_LABELS.items()}
    lines = [label["known"].format(position=found.known.position)]
    if checkpoint is not None:
        lines.append(label["checkpoint"].format(**checkpoint._asdict()))
    if checkpoint is None or not checkpoint.covers:
        lines.append(label["not_covered"])
    text = responsibility_text(reference, found.responsibility, found.acts, found.titles, found.units, lang)
    return text + "\n" + "\n".join(lines) + "\n"
