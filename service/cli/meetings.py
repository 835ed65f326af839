"""Commands on meetings with the people: meetings, meeting, duties, conclusions, hot-spots."""

from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from domain.errors import Refused
from domain.labels import Language
from domain.meetings.words import Audience, HeadOf, MeetingKind, ReceptionType
from domain.reporting_periods import NAMES, named
from domain.units.events import Level
from domain.vocabulary import MeetingId
from projections import hot_spots as hot
from projections import meeting_counts as asked
from projections import meeting_file
from projections import meeting_follow_up as followed
from projections import meeting_lists as listed
from projections.labels.events import PROTECTED
from projections.labels.meetings import FINDINGS
from projections.meeting_counts import DAY_FIGURES, GROUPS, PETITION_FIGURES, MeetingFigures
from projections.meeting_lists import MeetingPage, PetitionPage
from projections.projection import Connection
from service.bootstrap import NO_KEY, reachable_database, require_migrated, run_to_end
from service.cli.context import From, On, To, period, read
from service.cli.output import AsJson, show_json, show_table
from service.commands.office import Office
from service.config.duty_files import duties_of
from service.config.settings import Settings, read_settings

MOST_SHOWN = 100_000

Reporting = Annotated[str | None, typer.Option("--period", help=f"In place of two days, a reporting period: {NAMES}.")]
Lang = Annotated[Language, typer.Option(help="Language of the sentences.")]
if TYPE_CHECKING:
    DayFigure = str
    PetitionFigure = str
    Group = str
else:  # one word each, so that a wrong one is told and --help lists the right ones
    DayFigure, PetitionFigure = Literal[tuple(DAY_FIGURES)], Literal[tuple(PETITION_FIGURES)]
    Group = Literal[tuple(GROUPS)]


def _window(first: date | None, last: date | None, name: str | None) -> tuple[date, date]:
    if name is None:
        return period(first, last)
    if first is not None or last is not None:
        raise typer.BadParameter("ask for two days or for a reporting period, not for both")
    try:
        return named(name)
    except Refused as no:
        raise typer.BadParameter(str(no)) from None


def meetings(
    first: From = None,
    last: To = None,
    reporting: Reporting = None,
    on: On = None,
    by: Annotated[Group | None, typer.Option(help="Figures, one line a value of it, in place of the list.")] = None,
    figure: Annotated[DayFigure, typer.Option(help="Which of them the list shows.")] = "held",
    petitions: Annotated[PetitionFigure | None, typer.Option(help="List petitions of meetings instead.")] = None,
    level: Annotated[Level | None, typer.Option()] = None,
    head_of: Annotated[HeadOf | None, typer.Option()] = None,
    organiser: Annotated[str | None, typer.Option(help="Code of the unit.")] = None,
    audience: Annotated[Audience | None, typer.Option()] = None,
    kind: Annotated[MeetingKind | None, typer.Option()] = None,
    reception: Annotated[ReceptionType | None, typer.Option()] = None,
    topic: Annotated[str | None, typer.Option()] = None,
    as_json: AsJson = False,
) -> None:
    """Meetings in a period: those held, or any other of their figures; the figures; the petitions behind them."""
    begins, ends = _window(first, last, reporting)
    which = asked.Which(begins, ends, level, head_of, organiser, audience, kind, reception, topic)
    if petitions is not None:
        _show_petitions(which, petitions, on, as_json)
    elif by is not None:
        _show_figures(which, by, on, as_json)
    else:
        _show_meetings(which, figure, on, as_json)


def _show_meetings(which: asked.Which, figure: str, on: date | None, as_json: bool) -> None:
    async def reading(office: Office, connection: Connection) -> tuple[dict[str, int], MeetingPage]:
        day = on or office.today
        lines = await asked.meeting_figures(connection, which, on=day)
        page = await listed.meeting_days(connection, which, on=day, figure=figure, limit=MOST_SHOWN)
        return {line.name: line.days[figure] for line in lines if line.days[figure]}, page

    by_level, page = read(reading)
    by_kind = Counter(meeting.kind for meeting in page.items)
    if as_json:
        told = {"from": which.first, "to": which.last, "total": page.total, "by_level": by_level, "by_kind": by_kind}
        show_json({**told, "figure": figure, "meetings": [asdict(meeting) for meeting in page.items]})
        return
    show_table(
        ("day", "fate", "level", "organiser", "title", "raised", "answered there", "outstanding", "findings"),
        (
            (
                *(m.day, m.fate, m.level, m.organiser, m.title, m.raised, m.answered_there, m.outstanding),
                ", ".join(FINDINGS[finding]["en"] for finding in m.findings),
            )
            for m in page.items
        ),
    )
    print(f"{which.first} to {which.last}: {page.total} in all. {_told(by_level)}")


def _show_figures(which: asked.Which, by: str, on: date | None, as_json: bool) -> None:
    async def reading(office: Office, connection: Connection) -> tuple[date, list[MeetingFigures]]:
        day = on or office.today
        return day, await asked.meeting_figures(connection, which, on=day, by=by)

    day, lines = read(reading)
    total = asked.summed(lines)
    if as_json:
        told: dict[str, Any] = {"from": which.first, "to": which.last, "on": day, "by": by}
        show_json({**told, "lines": [asdict(line) for line in lines], "total": asdict(total)})
        return
    days = [figure for figure in DAY_FIGURES if total.days[figure]]
    of_petitions = [figure for figure in PETITION_FIGURES if total.petitions[figure]]
    show_table(
        (by, *(name.replace("_", " ") for name in (*days, *of_petitions))),
        (
            (
                line.name or "(all)",
                *(line.days[name] for name in days),
                *(line.petitions[name] for name in of_petitions),
            )
            for line in [*lines, total]
        ),
    )


def _show_petitions(which: asked.Which, figure: str, on: date | None, as_json: bool) -> None:
    async def reading(office: Office, connection: Connection) -> PetitionPage:
        return await listed.petitions_of_meetings(
            connection, which, on=on or office.today, figure=figure, limit=MOST_SHOWN
        )

    page = read(reading)
    shown = [
        {**asdict(one), **dict.fromkeys(("summary", "place", "topic"), PROTECTED)}
        if one.identity_protected
        else asdict(one)
        for one in page.items
    ]
    if as_json:
        told = {"from": which.first, "to": which.last, "figure": figure, "total": page.total}
        show_json({**told, "petitions": shown})
        return
    show_table(
        ("meeting on", "reference", "received on", "outcome", "unit", "due on", "notice", "summary"),
        (
            (
                *(one["meeting_day"], one["reference"], one["received_on"], one["outcome"].replace("_", " ")),
                *(one["unit"], one["due_on"], one["notice_no"], one["summary"][:60]),
            )
            for one in shown
        ),
    )
    print(f"{which.first} to {which.last}: {page.total} in all.")


def meeting(
    meeting_id: Annotated[UUID, typer.Argument(help="Id of the meeting.")],
    lang: Lang = "vi",
    as_json: AsJson = False,
) -> None:
    """All that happened to a meeting, in order."""
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        lines = run_to_end(_lines(dsn, settings, MeetingId(meeting_id), lang))
    if not lines:
        raise Refused("there is no meeting with this id")
    if as_json:
        show_json({"meeting_id": meeting_id, "events": [asdict(line) for line in lines]})
    else:
        title = str(next((line.details["title"] for line in lines if "title" in line.details), meeting_id))
        print(meeting_file.text(title, lines, lang, settings.zone), end="")


async def _lines(dsn: str, settings: Settings, meeting_id: MeetingId, lang: Language) -> list[meeting_file.MeetingLine]:
    async with Office.open(dsn, settings, vault_key=NO_KEY) as office:
        return meeting_file.lines(await office.meeting_history(meeting_id), lang, settings.zone)


def duties(
    first: From = None,
    last: To = None,
    reporting: Reporting = None,
    unit: Annotated[str | None, typer.Option(help="Of one unit alone.")] = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only where meetings are missing.")] = False,
    as_json: AsJson = False,
) -> None:
    """How often each head was to meet the people, and did: those who never did are listed like the others."""
    begins, ends = _window(first, last, reporting)

    async def reading(office: Office, connection: Connection) -> list[followed.DutyLine]:
        units = [one for one in (await office.units()).by_id.values() if unit in (None, one.unit)]
        required = duties_of(office.settings).required(units, begins, min(ends, office.today))
        return await followed.heads_duties(connection, required)

    lines = [line for line in read(reading) if line.missing or not missing]
    if as_json:
        show_json({"from": begins, "to": ends, "duties": [asdict(line) for line in lines]})
        return
    show_table(
        ("unit", "duty", "required", "held", "delegated", "missing"),
        ((line.unit, line.duty, line.required, line.held, line.delegated, line.missing) for line in lines),
    )
    print(f"{begins} to {ends}: {sum(line.missing for line in lines)} missing in all.")


def conclusions(
    first: From = None,
    last: To = None,
    reporting: Reporting = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Which units issue notices after meetings, and which carry out what they were given by them."""
    begins, ends = _window(first, last, reporting)

    async def reading(office: Office, connection: Connection) -> list[followed.UnitFollowing]:
        return await followed.units_following(connection, begins, ends, on=on or office.today)

    units = [asdict(unit) for unit in read(reading)]
    if as_json:
        show_json({"from": begins, "to": ends, "units": units})
        return
    columns = [name for name in (units[0] if units else {"unit": ""}) if any(unit[name] for unit in units)]
    show_table([name.replace("_", " ") for name in columns], ([unit[name] for name in columns] for unit in units))


def hot_spots(
    first: From = None,
    last: To = None,
    reporting: Reporting = None,
    on: On = None,
    long_running_days: Annotated[int, typer.Option(min=1, max=36_500)] = hot.LONG_RUNNING_DAYS,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Mass, level-skipping, repeated and long-running petitions by place and topic."""
    begins, ends = _window(first, last, reporting)

    async def reading(office: Office, connection: Connection) -> list[hot.HotSpot]:
        return await hot.hot_spots(
            connection, begins, ends, on=on or office.today, long_running_days=long_running_days, limit=limit
        )

    spots = read(reading)
    if as_json:
        show_json({"from": begins, "to": ends, "places": [asdict(spot) for spot in spots]})
        return
    show_table(
        ("place", "topic", "petitions", "mass", "level skipping", "repeated", "long running"),
        (
            (s.place or "(none known)", s.topic, s.petitions, s.mass, s.level_skipping, s.repeated, s.long_running)
            for s in spots
        ),
    )


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
