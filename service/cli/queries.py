"""Commands that read: overdue, units, history."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import partial
from typing import Annotated, Any

import typer

from domain.deadlines.calendar import CalendarRunsOut
from domain.deadlines.ledger import ledger_of
from domain.evolve import fold
from domain.labels import Language
from domain.status import DueState
from projections import case_file, unit_workload
from projections import overdue as overdue_view
from projections.case_file_clocks import ClockLine, clock_lines
from projections.labels.events import PROTECTED
from projections.overdue import OverdueItem
from projections.projection import Connection
from projections.unit_workload import UnitFigures
from service.alerts.deliveries import tellings_of
from service.approvals.law_changes import changes_of_law
from service.bootstrap import NO_KEY, reachable_database, require_migrated, run_to_end
from service.cli.context import From, On, To, period, read
from service.cli.output import AsJson, show_json, show_table
from service.commands.office import Office, UnknownPetition
from service.config.settings import Settings, read_settings
from service.security.visibility import is_protected


class State(StrEnum):
    """How an open petition stands, or any way."""

    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    DUE_SOON = "due_soon"
    NOT_YET_DUE = "not_yet_due"
    SUSPENDED = "suspended"
    NO_LIMIT_SET = "no_limit_set"
    ALL = "all"


def overdue(
    on: On = None,
    unit: Annotated[str | None, typer.Option(help='The lead unit; "" where none is named. All if left out.')] = None,
    state: Annotated[list[State] | None, typer.Option(help="May be repeated; overdue if left out.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Open petitions that stand so against a day, the longest due first."""
    wanted = _states(state or [])

    async def reading(office: Office, connection: Connection) -> tuple[overdue_view.OverduePage, dict[str, int]]:
        day = on or office.today
        soon = _soon_until(office, day)
        asked = partial(
            overdue_view.overdue_on, connection, day, soon_until=soon, unit=unit, today=office.today, law=office.law
        )
        page = await asked(states=wanted, limit=limit)
        counts = {one.value: (await asked(states={one}, limit=1)).total for one in DueState}
        return page, counts

    page, counts = read(reading)
    items = [_shown(item) for item in page.items]
    if as_json:
        show_json({"on": page.on, "total": page.total, "counts": counts, "items": [asdict(item) for item in items]})
        return
    show_table(
        ("reference", "unit", "due on", "days late", "sent again", "state", "kind", "stage", "summary"),
        (
            (i.reference, i.unit, i.due_on, i.days_late, i.duplicates, _state(i), i.kind, i.stage, i.summary[:60])
            for i in items
        ),
    )
    print(f"{page.on}: {page.total} in all, {len(items)} shown. " + _told(counts))


def units(on: On = None, first: From = None, last: To = None, as_json: AsJson = False) -> None:
    """How each unit stands: up to a day (--on), or for a period (--from and --to)."""
    first, last = day_or_period(on, first, last)

    async def reading(office: Office, connection: Connection) -> tuple[date, list[UnitFigures]]:
        if first is not None and last is not None:
            return last, await unit_workload.units_between(connection, first, last)
        day = last or office.today
        return day, await unit_workload.units_on(connection, day, today=office.today)

    show_units(first, *read(reading, in_one_statement=True), as_json)


def day_or_period(on: date | None, first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """The first and the last day of a period; of a day, or of today, no first one."""
    if first is None and last is None:
        return None, on
    if on is not None:
        raise typer.BadParameter("ask for a day or for a period, not for both")
    return period(first, last)


def show_units(first: date | None, last: date, figures: list[UnitFigures], as_json: bool) -> None:
    """Without a first day they are those up to the last."""
    asked = {"on": last} if first is None else {"from": first, "to": last}
    if as_json:
        show_json({**asked, "units": [asdict(line) for line in figures]})
        return
    columns = (
        "received", "answered", "answered_late", "settled_otherwise", "open", "overdue", "due_today", "not_yet_due",
        "suspended", "no_limit_set", "median_days", "on_time_rate",
    )  # fmt: skip
    show_table(
        ("unit", *(column.replace("_", " ") for column in columns)),
        ((line.unit or "(none named)", *(getattr(line, column) for column in columns)) for line in figures),
    )


def history(
    reference: Annotated[str, typer.Argument(help="Register number, source:key of an imported case, or id.")],
    lang: Annotated[Language, typer.Option(help="Of the sentences.")] = "vi",
    as_json: AsJson = False,
) -> None:
    """All that happened to a petition, in order."""
    settings = read_settings()
    with reachable_database(settings) as dsn:
        require_migrated(dsn)
        name, petition_id, lines, clocks = run_to_end(_history(dsn, settings, reference, lang))
    if as_json:
        events: list[dict[str, Any]] = [case_file.as_json(line) for line in lines]
        show_json({"reference": name, "petition_id": petition_id, "events": events})
    else:
        print(case_file.text(name, lines, lang, settings.zone, clocks), end="")


async def _history(
    dsn: str, settings: Settings, reference: str, lang: Language
) -> tuple[str, str, list[case_file.Line], list[ClockLine]]:
    async with Office.open(dsn, settings, vault_key=NO_KEY) as office:
        petition_id = await office.petition_id_of(reference)
        told = [] if petition_id is None else await office.history(petition_id)
        petition = fold(told)
        if petition is None:
            raise UnknownPetition
        await changes_of_law(office)
        hidden = is_protected(told, petition)  # who sits at this terminal is not known
        lines = case_file.lines(
            told, lang, settings.zone, is_protected=hidden, tellings=await tellings_of(office, told)
        )
        clocks = clock_lines(ledger_of(told), office.today, office.law, lang)
        return petition.reference or str(petition_id), str(petition_id), lines, clocks


def _state(item: OverdueItem) -> str:
    """With the earlier day by which another reading of the law would have it done."""
    if item.due_on is None or item.advisory_on is None or item.advisory_on >= item.due_on:
        return item.state
    return f"{item.state}; {item.advisory_on} by another reading"


def _soon_until(office: Office, on: date) -> date:
    days = office.settings.due_soon_working_days
    try:
        return office.law.calendar.add_working_days(on, days)
    except CalendarRunsOut:  # a year without a calendar has a list all the same
        return on + timedelta(days=days)


def _states(asked: list[State]) -> frozenset[DueState]:
    if State.ALL in asked:
        return frozenset(DueState)
    return frozenset(DueState(state.value) for state in asked) or frozenset({DueState.OVERDUE})


def _shown(item: OverdueItem) -> OverdueItem:
    if not item.identity_protected:
        return item
    return replace(item, summary=PROTECTED, place=PROTECTED)


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
