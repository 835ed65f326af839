"""Shows what followed meetings with the people: duties, conclusions, hot-spots."""

from dataclasses import asdict
from typing import Annotated

import typer

from domain.reporting_periods import ReportingWindow
from domain.units.unit import UnitRegister
from projections import hot_spots as hot
from projections import meeting_follow_up as followed
from projections.projection import Connection
from service.cli.context import From, On, To, read_from_views
from service.cli.lists import MISSING_OF_PERIOD, NOT_NAMED, ListLanguage, NamesOn, show_list, show_zero_figures
from service.cli.meetings import Reporting, total_in_words, window_of_meetings
from service.cli.output import AsJson, show_json, show_line
from service.cli.register_filters import UnitFilterOption, read_unit_filter
from service.commands.office import ApplicationService
from service.config.duty_files import duties_of


def show_duties(
    first: From = None,
    last: To = None,
    reporting: Reporting = None,
    unit: UnitFilterOption = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only where meetings are missing.")] = False,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """Show how often each head had to meet the people and did; heads who never did are listed too."""
    begins, ends = window_of_meetings(first, last, reporting)

    async def reading(
        office: ApplicationService, connection: Connection
    ) -> tuple[list[followed.DutyLine], UnitRegister]:
        asked, register = await read_unit_filter(office, unit), await office.queries.units()
        units = [one for one in register.by_id.values() if asked in (None, one.unit)]
        required = duties_of(office.settings).required_meetings(units, begins, min(ends, office.today))
        return await followed.heads_duties(connection, required), register

    duties, register = read_from_views(reading)
    lines = [line for line in duties if line.missing or not missing]
    if as_json:
        show_json({"from": begins, "to": ends, "duties": [asdict(line) for line in lines]})
        return
    show_list(
        ("unit", "duty", "required", "held", "delegated", "missing"),
        ((line.unit, line.duty, line.required, line.held, line.delegated, line.missing) for line in lines),
        lang,
        NamesOn(register, ends),
    )
    show_line(
        total_in_words(MISSING_OF_PERIOD, ReportingWindow(begins, ends), sum(line.missing for line in lines), lang)
    )


def show_conclusions(
    first: From = None,
    last: To = None,
    reporting: Reporting = None,
    on: On = None,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """Show which units issue notices after meetings, and which units carry out the tasks they were given."""
    begins, ends = window_of_meetings(first, last, reporting)

    async def reading(
        office: ApplicationService, connection: Connection
    ) -> tuple[list[followed.UnitFollowing], UnitRegister]:
        found = await followed.read_unit_follow_up(connection, begins, ends, on=on or office.today)
        return found, await office.queries.units()

    found, register = read_from_views(reading)
    units = [asdict(unit) for unit in found]
    if as_json:
        show_json({"from": begins, "to": ends, "units": units})
        return
    columns = [name for name in (units[0] if units else {"unit": ""}) if any(unit[name] for unit in units)]
    show_list(columns, ([unit[name] for name in columns] for unit in units), lang, NamesOn(register, ends))
    show_zero_figures((name for name in (units[0] if units else ()) if name not in columns), lang)


def show_hot_spots(
    first: From = None,
    last: To = None,
    reporting: Reporting = None,
    on: On = None,
    long_running_days: Annotated[int, typer.Option(min=1, max=36_500)] = hot.LONG_RUNNING_DAYS,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    lang: ListLanguage = "vi",
    as_json: AsJson = False,
) -> None:
    """Show where mass, level-skipping, repeated and long-running petitions gather, by place and topic."""
    begins, ends = window_of_meetings(first, last, reporting)

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
    show_list(
        (
            *("place", "topic", "petitions", "mass", "level_skipping", "repeated", "long_running"),
            *("dialogue_planned", "dialogue_held", "received_after"),
        ),
        (
            (
                *(s.place or NOT_NAMED[lang], s.topic, s.petitions, s.mass, s.level_skipping, s.repeated),
                *(s.long_running, s.planned_for, s.held_on, s.received_after),
            )
            for s in spots
        ),
        lang,
    )
