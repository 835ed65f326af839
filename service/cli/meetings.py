"""Shows meetings with the people, and what followed: meetings, meeting, duties, conclusions, hot-spots."""

from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from domain.errors import Refused
from domain.labels import Language
from domain.meetings.words import Audience, HeadOf, MeetingKind, ReceptionType
from domain.reporting_periods import REPORTING_PERIOD_NAMES, ReportingWindow, require_period
from domain.units.events import Level
from domain.vocabulary import MeetingId
from projections import hot_spots as hot
from projections import meeting_counts, meeting_file
from projections import meeting_follow_up as followed
from projections import meeting_lists as listed
from projections.labels.events import PROTECTED_TEXT
from projections.labels.meetings import MEETING_FINDING_LABELS
from projections.meeting_counts import DAY_FIGURES, MEETING_GROUPS, PETITION_FIGURES, MeetingFigures
from projections.meeting_lists import MeetingPage, PetitionPage
from projections.projection import Connection
from service.approvals.law_changes import refresh_law_changes
from service.bootstrap import NO_VAULT_KEY, reachable_database, require_migrated, run_coroutine
from service.cli.context import From, On, To, read_from_views, unusable_period_as_usage_error
from service.cli.output import AsJson, show_json, show_table
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.config.duty_files import duties_of
from service.config.settings import Settings, read_settings

MOST_MEETINGS_SHOWN = 100_000
NOT_SAID = "(not said)"

Reporting = Annotated[
    str | None, typer.Option("--period", help=f"In place of two days, a reporting period: {REPORTING_PERIOD_NAMES}.")
]
MeetingLanguage = Annotated[Language, typer.Option(help="Language of the sentences.")]
if TYPE_CHECKING:
    DayFigure = str
    PetitionFigure = str
    Group = str
else:  # one word each, so that a wrong one is named and --help lists the right ones
    DayFigure, PetitionFigure = Literal[tuple(DAY_FIGURES)], Literal[tuple(PETITION_FIGURES)]
    Group = Literal[tuple(MEETING_GROUPS)]


def _window_of_meetings(first: date | None, last: date | None, name: str | None) -> ReportingWindow:
    with unusable_period_as_usage_error():
        return require_period(first, last, name)


def list_meetings_command(
    first: From = None,
    last: To = None,
    reporting: Reporting = None,
    on: On = None,
    by: Annotated[Group | None, typer.Option(help="Figures, one line a value of it, in place of the list.")] = None,
    figure: Annotated[DayFigure, typer.Option(help="Which of them the list shows.")] = "held",
    petitions: Annotated[
        PetitionFigure | None, typer.Option(help="List petitions of list_meetings_command instead.")
    ] = None,
    level: Annotated[Level | None, typer.Option()] = None,
    head_of: Annotated[HeadOf | None, typer.Option()] = None,
    organiser: Annotated[str | None, typer.Option(help="Code of the unit.")] = None,
    audience: Annotated[Audience | None, typer.Option()] = None,
    kind: Annotated[MeetingKind | None, typer.Option()] = None,
    reception: Annotated[ReceptionType | None, typer.Option()] = None,
    topic: Annotated[str | None, typer.Option()] = None,
    as_json: AsJson = False,
) -> None:
    """List the meetings of a period, their figures, or the petitions that a figure counts."""
    begins, ends = _window_of_meetings(first, last, reporting)
    which = meeting_counts.MeetingFilter(begins, ends, level, head_of, organiser, audience, kind, reception, topic)
    if petitions is not None:
        _show_petitions(which, petitions, on, as_json)
    elif by is not None:
        _show_figures(which, by, on, as_json)
    else:
        _show_meetings(which, figure, on, as_json)


def _show_meetings(which: meeting_counts.MeetingFilter, figure: str, on: date | None, as_json: bool) -> None:
    async def reading(office: ApplicationService, connection: Connection) -> tuple[dict[str, int], MeetingPage]:
        day = on or office.today
        lines = await meeting_counts.meeting_figures(connection, which, on=day)
        page = await listed.meeting_days(connection, which, on=day, figure=figure, limit=MOST_MEETINGS_SHOWN)
        return {line.name: line.days[figure] for line in lines if line.days[figure]}, page

    by_level, page = read_from_views(reading)
    by_kind = Counter(meeting.kind for meeting in page.items)
    if as_json:
        heading = {"from": which.first, "to": which.last, "total": page.total, "by_level": by_level, "by_kind": by_kind}
        show_json({**heading, "figure": figure, "meetings": [asdict(meeting) for meeting in page.items]})
        return
    show_table(
        ("day", "fate", "level", "organiser", "title", "raised", "answered there", "outstanding", "findings"),
        (
            (
                *(m.day, m.fate, m.level, m.organiser, m.title, m.raised, m.answered_there, m.outstanding),
                ", ".join(MEETING_FINDING_LABELS[finding]["en"] for finding in m.findings),
            )
            for m in page.items
        ),
    )
    print(f"{which.first} to {which.last}: {page.total} in all. {_counts_as_sentence(by_level)}")


def _show_figures(which: meeting_counts.MeetingFilter, by: str, on: date | None, as_json: bool) -> None:
    async def reading(office: ApplicationService, connection: Connection) -> tuple[date, list[MeetingFigures]]:
        day = on or office.today
        return day, await meeting_counts.meeting_figures(connection, which, on=day, by=by)

    day, lines = read_from_views(reading)
    total = meeting_counts.sum_meeting_figures(lines)
    if as_json:
        heading: dict[str, Any] = {"from": which.first, "to": which.last, "on": day, "by": by}
        show_json({**heading, "lines": [asdict(line) for line in lines], "total": asdict(total)})
        return
    days = [figure for figure in DAY_FIGURES if total.days[figure]]
    of_petitions = [figure for figure in PETITION_FIGURES if total.petitions[figure]]
    show_table(
        (by, *(name.replace("_", " ") for name in (*days, *of_petitions))),
        (
            (
                "(all)" if line is total else line.name or NOT_SAID,
                *(line.days[name] for name in days),
                *(line.petitions[name] for name in of_petitions),
            )
            for line in [*lines, total]
        ),
    )


def _show_petitions(which: meeting_counts.MeetingFilter, figure: str, on: date | None, as_json: bool) -> None:
    async def reading(office: ApplicationService, connection: Connection) -> PetitionPage:
        return await listed.petitions_of_meetings(
            connection, office.texts, which, on=on or office.today, figure=figure, limit=MOST_MEETINGS_SHOWN
        )

    page = read_from_views(reading)
    shown = [
        {**asdict(one), **dict.fromkeys(("summary", "place", "topic"), PROTECTED_TEXT)}
        if one.identity_protected
        else asdict(one)
        for one in page.items
    ]
    if as_json:
        heading = {"from": which.first, "to": which.last, "figure": figure, "total": page.total}
        show_json({**heading, "petitions": shown})
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


def show_meeting(
    meeting_id: Annotated[UUID, typer.Argument(help="Id of the meeting.")],
    lang: MeetingLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """Show everything that happened to a meeting, in order."""
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        lines = run_coroutine(_read_meeting_file(dsn, settings, MeetingId(meeting_id), lang))
    if not lines:
        raise Refused(ServiceRefusal.NO_MEETING_WITH_ID)
    if as_json:
        show_json({"meeting_id": meeting_id, "events": [asdict(line) for line in lines]})
    else:
        title = str(next((line.details["title"] for line in lines if "title" in line.details), meeting_id))
        print(meeting_file.meeting_file_text(title, lines, lang, settings.zone), end="")


async def _read_meeting_file(
    dsn: str, settings: Settings, meeting_id: MeetingId, lang: Language
) -> list[meeting_file.MeetingLine]:
    async with ApplicationService.open(dsn, settings, vault_key=NO_VAULT_KEY) as office:
        await refresh_law_changes(office)
        history = await office.queries.meeting_history(meeting_id)
        return meeting_file.meeting_file_lines(history, office.law.policies, lang, settings.zone)


def show_duties(
    first: From = None,
    last: To = None,
    reporting: Reporting = None,
    unit: Annotated[str | None, typer.Option(help="Of one unit alone.")] = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only where list_meetings_command are missing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show how often each head had to meet the people and did; heads who never did are listed too."""
    begins, ends = _window_of_meetings(first, last, reporting)

    async def reading(office: ApplicationService, connection: Connection) -> list[followed.DutyLine]:
        units = [one for one in (await office.queries.units()).by_id.values() if unit in (None, one.unit)]
        required = duties_of(office.settings).required_meetings(units, begins, min(ends, office.today))
        return await followed.heads_duties(connection, required)

    lines = [line for line in read_from_views(reading) if line.missing or not missing]
    if as_json:
        show_json({"from": begins, "to": ends, "duties": [asdict(line) for line in lines]})
        return
    show_table(
        ("unit", "duty", "required", "held", "delegated", "missing"),
        ((line.unit, line.duty, line.required, line.held, line.delegated, line.missing) for line in lines),
    )
    print(f"{begins} to {ends}: {sum(line.missing for line in lines)} missing in all.")


def show_conclusions(
    first: From = None,
    last: To = None,
    reporting: Reporting = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Show which units issue notices after meetings, and which units carry out the tasks they were given."""
    begins, ends = _window_of_meetings(first, last, reporting)

    async def reading(office: ApplicationService, connection: Connection) -> list[followed.UnitFollowing]:
        return await followed.read_unit_follow_up(connection, begins, ends, on=on or office.today)

    units = [asdict(unit) for unit in read_from_views(reading)]
    if as_json:
        show_json({"from": begins, "to": ends, "units": units})
        return
    columns = [name for name in (units[0] if units else {"unit": ""}) if any(unit[name] for unit in units)]
    show_table([name.replace("_", " ") for name in columns], ([unit[name] for name in columns] for unit in units))


def show_hot_spots(
    first: From = None,
    last: To = None,
    reporting: Reporting = None,
    on: On = None,
    long_running_days: Annotated[int, typer.Option(min=1, max=36_500)] = hot.LONG_RUNNING_DAYS,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Show where mass, level-skipping, repeated and long-running petitions gather, by place and topic."""
    begins, ends = _window_of_meetings(first, last, reporting)

    async def reading(office: ApplicationService, connection: Connection) -> list[hot.HotSpot]:
        return await hot.read_hot_spots(
            connection,
            office.texts,
            begins,
            ends,
            on=on or office.today,
            long_running_days=long_running_days,
            limit=limit,
        )

    spots = read_from_views(reading)
    if as_json:
        show_json({"from": begins, "to": ends, "places": [asdict(spot) for spot in spots]})
        return
    show_table(
        (
            *("place", "topic", "petitions", "mass", "level skipping", "repeated", "long running"),
            *("dialogue planned", "held", "received after it"),
        ),
        (
            (
                *(
                    s.place or "(none known)",
                    s.topic,
                    s.petitions,
                    s.mass,
                    s.level_skipping,
                    s.repeated,
                    s.long_running,
                ),
                *(s.planned_for, s.held_on, s.received_after),
            )
            for s in spots
        ),
    )


def _counts_as_sentence(counts: dict[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ') or NOT_SAID} {count}" for name, count in counts.items())
