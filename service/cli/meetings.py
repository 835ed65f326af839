"""Shows meetings with the people: meetings, meeting."""

from collections import Counter
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import typer

from domain.errors import Refused
from domain.labels import BilingualText, Language
from domain.meetings.words import Audience, HeadOf, MeetingKind, ReceptionType
from domain.reporting_periods import REPORTING_PERIOD_NAMES, ReportingWindow, require_period
from domain.units.events import Level
from domain.units.unit import UnitRegister
from domain.vocabulary import MeetingId
from projections import meeting_counts, meeting_file
from projections import meeting_lists as listed
from projections.labels.events import PROTECTED_TEXT
from projections.labels.meetings import MEETING_FINDING_LABELS
from projections.meeting_counts import DAY_FIGURES, MEETING_GROUPS, PETITION_FIGURES, MeetingFigures
from projections.meeting_lists import MeetingPage, PetitionPage
from projections.projection import Connection
from projections.topic_filters import with_known_topics
from service.approvals.law_changes import refresh_law_changes
from service.bootstrap import NO_VAULT_KEY, reachable_database, require_migrated, run_coroutine
from service.cli.context import From, On, To, read_from_views, unusable_period_as_usage_error
from service.cli.lists import (
    ALL,
    LIST_HEADINGS,
    NOT_NAMED,
    TOTAL_OF_PERIOD,
    ListLanguage,
    NamesOn,
    counts_in_words,
    show_list,
    show_zero_figures,
    word_or_code,
    written_cell,
)
from service.cli.output import AsJson, show_json, show_line
from service.cli.register_filters import OrganiserFilterOption, read_unit_filter
from service.cli.tables import shortened
from service.commands.office import ApplicationService
from service.commands.refusals import ServiceRefusal
from service.config.settings import Settings, read_settings

MOST_MEETINGS_SHOWN = 100_000

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


def window_of_meetings(first: date | None, last: date | None, name: str | None) -> ReportingWindow:
    """Return the days of a period by its name, or by its first and last day."""
    with unusable_period_as_usage_error():
        return require_period(first, last, name)


def list_meetings_command(
    first: From = None,
    last: To = None,
    reporting: Reporting = None,
    on: On = None,
    by: Annotated[Group | None, typer.Option(help="Figures, one line a value of it, in place of the list.")] = None,
    figure: Annotated[DayFigure, typer.Option(help="Which of them the list shows.")] = "held",
    petitions: Annotated[PetitionFigure | None, typer.Option(help="List petitions of the meetings instead.")] = None,
    level: Annotated[Level | None, typer.Option()] = None,
    head_of: Annotated[HeadOf | None, typer.Option()] = None,
    organiser: OrganiserFilterOption = None,
    audience: Annotated[Audience | None, typer.Option()] = None,
    kind: Annotated[MeetingKind | None, typer.Option()] = None,
    reception: Annotated[ReceptionType | None, typer.Option()] = None,
    topic: Annotated[str | None, typer.Option()] = None,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """List the meetings of a period, their figures, or the petitions that a figure counts."""
    begins, ends = window_of_meetings(first, last, reporting)
    which = meeting_counts.MeetingFilter(begins, ends, level, head_of, organiser, audience, kind, reception, topic)
    if petitions is not None:
        _show_petitions(which, petitions, on, as_json, lang)
    elif by is not None:
        _show_figures(which, by, on, as_json, lang)
    else:
        _show_meetings(which, figure, on, as_json, lang)


async def _of_register(
    office: ApplicationService, connection: Connection, which: meeting_counts.MeetingFilter
) -> meeting_counts.MeetingFilter:
    """Return the filter with the code of the organiser that was named, and every spelling of the topic."""
    of_unit = replace(which, organiser=await read_unit_filter(office, which.organiser))
    return await with_known_topics(connection, of_unit)


def _show_meetings(
    which: meeting_counts.MeetingFilter, figure: str, on: date | None, as_json: bool, lang: Language
) -> None:
    async def reading(
        office: ApplicationService, connection: Connection
    ) -> tuple[dict[str, int], MeetingPage, UnitRegister]:
        day, selected = on or office.today, await _of_register(office, connection, which)
        lines = await meeting_counts.meeting_figures(connection, selected, on=day)
        page = await listed.meeting_days(connection, selected, on=day, figure=figure, limit=MOST_MEETINGS_SHOWN)
        by_level = {line.name: line.days[figure] for line in lines if line.days[figure]}
        return by_level, page, await office.queries.units()

    by_level, page, units = read_from_views(reading)
    by_kind = Counter(meeting.kind for meeting in page.items)
    if as_json:
        heading = {"from": which.first, "to": which.last, "total": page.total, "by_level": by_level, "by_kind": by_kind}
        show_json({**heading, "figure": figure, "meetings": [asdict(meeting) for meeting in page.items]})
        return
    show_list(
        ("day", "fate", "level", "organiser", "title", "raised", "answered_there", "outstanding", "findings"),
        (
            (
                *(m.day, LIST_HEADINGS[m.fate][lang], word_or_code("Level", m.level, lang), m.organiser, m.title),
                *(m.raised, m.answered_there, m.outstanding),
                ", ".join(MEETING_FINDING_LABELS[finding][lang] for finding in m.findings),
            )
            for m in page.items
        ),
        lang,
        NamesOn(units, which.last),
    )
    show_line(f"{total_in_words(TOTAL_OF_PERIOD, which, page.total, lang)} {counts_in_words(by_level, lang, 'Level')}")


def _show_figures(which: meeting_counts.MeetingFilter, by: str, on: date | None, as_json: bool, lang: Language) -> None:
    async def reading(office: ApplicationService, connection: Connection) -> tuple[date, list[MeetingFigures]]:
        day, selected = on or office.today, await _of_register(office, connection, which)
        return day, await meeting_counts.meeting_figures(connection, selected, on=day, by=by)

    day, lines = read_from_views(reading)
    total = meeting_counts.sum_meeting_figures(lines)
    if as_json:
        heading: dict[str, Any] = {"from": which.first, "to": which.last, "on": day, "by": by}
        show_json({**heading, "lines": [asdict(line) for line in lines], "total": asdict(total)})
        return
    days = [figure for figure in DAY_FIGURES if total.days[figure]]
    of_petitions = [figure for figure in PETITION_FIGURES if total.petitions[figure]]
    show_list(
        (by, *days, *of_petitions),
        (
            (
                ALL[lang] if line is total else _group_in_words(by, line.name, lang),
                *(line.days[name] for name in days),
                *(line.petitions[name] for name in of_petitions),
            )
            for line in [*lines, total]
        ),
        lang,
    )
    show_zero_figures(
        (figure for figure in (*DAY_FIGURES, *PETITION_FIGURES) if figure not in (*days, *of_petitions)), lang
    )


def _show_petitions(
    which: meeting_counts.MeetingFilter, figure: str, on: date | None, as_json: bool, lang: Language
) -> None:
    async def reading(office: ApplicationService, connection: Connection) -> tuple[PetitionPage, UnitRegister]:
        selected = await _of_register(office, connection, which)
        found = await listed.petitions_of_meetings(
            connection, office.texts, selected, on=on or office.today, figure=figure, limit=MOST_MEETINGS_SHOWN
        )
        return found, await office.queries.units()

    page, units = read_from_views(reading)
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
    show_list(
        ("meeting_day", "reference", "received_on", "outcome", "unit", "due_on", "notice_no", "summary"),
        (
            (
                *(one["meeting_day"], one["reference"], one["received_on"], LIST_HEADINGS[one["outcome"]][lang]),
                *(one["unit"], one["due_on"], one["notice_no"], shortened(one["summary"])),
            )
            for one in shown
        ),
        lang,
        NamesOn(units, which.last),
    )
    show_line(total_in_words(TOTAL_OF_PERIOD, which, page.total, lang))


def show_meeting(
    meeting_id: Annotated[UUID, typer.Argument(help="Id of the meeting.")],
    lang: MeetingLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """Show everything that happened to a meeting, in order."""
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        lines, units = run_coroutine(_read_meeting_file(dsn, settings, MeetingId(meeting_id), lang))
    if not lines:
        raise Refused(ServiceRefusal.NO_MEETING_WITH_ID)
    if as_json:
        show_json({"meeting_id": meeting_id, "events": [asdict(line) for line in lines]})
    else:
        title = str(next((line.details["title"] for line in lines if "title" in line.details), meeting_id))
        print(meeting_file.meeting_file_text(title, lines, lang, settings.zone, units), end="")


async def _read_meeting_file(
    dsn: str, settings: Settings, meeting_id: MeetingId, lang: Language
) -> tuple[list[meeting_file.MeetingLine], UnitRegister]:
    async with ApplicationService.open(dsn, settings, vault_key=NO_VAULT_KEY) as office:
        await refresh_law_changes(office)
        history = await office.queries.meeting_history(meeting_id)
        lines = meeting_file.meeting_file_lines(history, office.law.policies, lang, settings.zone)
        return lines, await office.queries.units()


_ENUMERATION_OF_GROUP = {
    "level": "Level",
    "head_of": "HeadOf",
    "audience": "Audience",
    "kind": "MeetingKind",
    "reception": "ReceptionType",
}


def _group_in_words(by: str, name: str, lang: Language) -> str:
    """Return the value that a line of figures is for: in words, or the code or month as it is."""
    if by in _ENUMERATION_OF_GROUP:
        name = word_or_code(_ENUMERATION_OF_GROUP[by], name, lang)
    return name or NOT_NAMED[lang]


def total_in_words(
    sentence: BilingualText, window: ReportingWindow | meeting_counts.MeetingFilter, total: int, lang: Language
) -> str:
    """Return the sentence on a total of the days of a period."""
    first, last = written_cell(window.first, lang), written_cell(window.last, lang)
    return sentence[lang].format(first=first, last=last, total=written_cell(total, lang))
