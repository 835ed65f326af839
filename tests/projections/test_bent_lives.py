"""Holds the gallery of docs/explanation/figures.md: lives that made the figures say what was not so."""

from collections import Counter
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path

from domain.commands import ApproveCorrection, PetitionCommand, ProposeCorrection
from domain.deadlines.calendar import ONE_DAY
from domain.events import AnsweredInWriting, PetitionAssigned, PetitionReceived, ResponsibilitySucceeded, Source
from domain.status import DueState
from domain.units.events import Level
from domain.units.unit import Unit, UnitRegister
from domain.vocabulary import Channel, PetitionKind, UnitId
from projections.late_entries import LateEntryFigure, LateEntryFilter, list_late_entries
from projections.owed_list import overdue_on
from projections.projection import Connection
from projections.unit_figures import UnitFigures, unit_figures_on
from projections.units_by_successor import figures_by_successor
from tests.domain.samples import (
    ANSWER,
    ASSIGN,
    CLASSIFY,
    REASSIGN,
    RECEIVE,
    RECLASSIFY,
    REOPEN,
    RESUME,
    START,
    SUSPEND,
    TERMINATE,
    august,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import TODAY, national_law
from tests.projections.history_builder import Register, build_register, id_of, query_views
from tests.service.office_fixtures import TEXTS

TAKEN_UP: list[PetitionCommand] = [RECEIVE, CLASSIFY, ASSIGN, START]
"""A proposal that so-mau must answer by 31 July."""


def figures(dsn: str, register: Register, on: date = TODAY) -> dict[str, UnitFigures]:
    return {line.unit: line for line in query_views(dsn, register, lambda connection: unit_figures_on(connection, on))}


def test_what_ends_late_without_an_answer_is_late(module_database: str) -> None:
    register = build_register([*TAKEN_UP, ANSWER])
    for number in (2, 3, 4):
        life = in_progress(PetitionKind.PROPOSAL_FEEDBACK)
        build_register([*life, with_changes(TERMINATE, occurred_on=TODAY)], number, register)
    line = figures(module_database, register)["so-mau"]
    assert (line.settled_otherwise, line.settled_otherwise_late, line.ended_late) == (3, 3, 3)
    assert (line.answered_on_time, line.on_time_rate) == (1, 0.25)


def test_what_had_no_limit_is_not_on_time(module_database: str) -> None:
    life = [*TAKEN_UP, with_changes(ANSWER, occurred_on=TODAY), with_changes(REOPEN, occurred_on=TODAY, due_on=None)]
    register = build_register([*life, with_changes(ANSWER, occurred_on=TODAY)])
    line = figures(module_database, register)["so-mau"]
    assert (line.answered, line.answered_late, line.answered_without_limit) == (2, 1, 1)
    assert (line.answered_on_time, line.on_time_rate) == (0, 0.0)


def test_what_is_entered_after_the_due_date_is_on_time_only_by_the_day_stated(module_database: str) -> None:
    register = build_register([*TAKEN_UP, ANSWER])
    register.log[-1] = register.log[-1]._replace(recorded_at=datetime(2026, 12, 1, 2, tzinfo=UTC))
    line = figures(module_database, register)["so-mau"]
    assert (line.answered_on_time, line.known_late) == (1, 1)
    assert (line.on_time_rate, line.on_time_rate_known) == (1.0, 0.0)


def test_an_answer_before_its_assignment_proves_nothing(module_database: str) -> None:
    register = Register()
    receipt = PetitionReceived(occurred_on=july(1), channel=Channel.POST, book="TD", identity_protected=False)
    register.append_event(id_of(1), receipt)
    register.append_event(id_of(1), PetitionAssigned(occurred_on=july(8), lead_unit=UnitId("so-mau")))
    register.append_event(id_of(1), AnsweredInWriting(occurred_on=july(7)))
    line = figures(module_database, register)["so-mau"]
    assert (line.answered, line.answered_unproven, line.answered_on_time) == (1, 1, 0)
    assert (line.on_time_rate, line.median_days) == (None, None)


def test_whoever_gets_it_late_does_not_clear_whoever_had_it(module_database: str) -> None:
    handed_over = with_changes(REASSIGN, occurred_on=august(10), new_head_due_on=None)
    register = build_register([*TAKEN_UP, handed_over])
    register.append_event(id_of(1), AnsweredInWriting(occurred_on=august(12), unit=UnitId("so-khac")))
    table = figures(module_database, register)
    first, second = table["so-mau"], table["so-khac"]
    assert (first.ran_out, first.left_late, first.charged_endings, first.on_time_rate) == (1, 1, 1, 0.0)
    assert (second.came_late, second.ended_late, second.ended_late_inherited, second.on_time_rate) == (1, 1, 1, None)
    assert (first.days_late, second.days_late) == (9, 3)  # 12 days late: 1 to 9 August, and 10 to 12 August


def test_a_suspension_does_not_hide_lateness(module_database: str) -> None:
    line = figures(module_database, build_register([*TAKEN_UP, with_changes(SUSPEND, occurred_on=august(10))]))
    assert (line["so-mau"].overdue, line["so-mau"].suspended, line["so-mau"].on_time_rate) == (1, 0, 0.0)


def test_what_two_officers_date_back_over_a_due_date_is_a_finding_of_its_own(module_database: str) -> None:
    """An answer of October becomes one of July, before the date of 31 July, by a correction that another approves."""
    field = {"version": 5, "path": "occurred_on", "becomes": july(20).isoformat()}
    propose = ProposeCorrection.model_validate({"occurred_on": TODAY, "fields": [field], "why": "sổ ghi 20/07"})
    approve = ApproveCorrection(occurred_on=TODAY)
    register = build_register([*TAKEN_UP, with_changes(ANSWER, occurred_on=TODAY), propose, approve])
    register.log = [one._replace(recorded_at=noon(one.fact.occurred_on)) for one in register.log]
    line = figures(module_database, register)["so-mau"]
    assert (line.answered_on_time, line.known_late, line.on_time_rate_known) == (1, 1, 0.0)
    wanted = LateEntryFilter(last=TODAY, figure=LateEntryFigure.PASSED_DUE_DATE)
    calendar = national_law().calendar
    page = query_views(module_database, register, lambda one: list_late_entries(one, calendar, wanted))
    assert [(one.act, one.stated_on, one.due_on) for one in page.items] == [("AnsweredInWriting", july(20), july(31))]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 5, tzinfo=UTC)


def test_by_successor_a_petition_is_where_it_went(module_database: str) -> None:
    register = build_register(TAKEN_UP)
    for unit in ("xa-2", "xa-2-moi"):
        taken_over = ResponsibilitySucceeded(
            occurred_on=august(1 if unit == "xa-2" else 20),
            from_unit=UnitId("so-mau" if unit == "xa-2" else "xa-2"),
            to_unit=UnitId(unit),
            coordinating_units=(),
        )
        register.append_event(id_of(1), taken_over)
    units = UnitRegister.of([Unit(unit=UnitId("so-mau"), name="x", level=Level.PROVINCE, opened_on=date(2010, 1, 1))])
    (line,) = query_views(module_database, register, lambda c: figures_by_successor(c, units, None, TODAY, today=TODAY))
    assert (line.unit, line.received, line.open, line.overdue) == ("xa-2-moi", 1, 1, 1)


def test_a_day_after_today_counts_from_then_on(module_database: str) -> None:
    """An import may bring what has not happened yet: in the list, the totals and the median it is not there before."""
    register = Register()
    for number, days in ((1, (july(1), TODAY + 400 * ONE_DAY)), (2, (TODAY + ONE_DAY, None))):
        receipt = PetitionReceived(occurred_on=days[0], book="NK", source=Source(name="so-cu", key=str(number)))
        register.append_event(id_of(number), receipt)
        if days[1] is not None:
            register.append_event(id_of(number), AnsweredInWriting(occurred_on=days[1]))

    async def totals(connection: Connection, on: date) -> tuple[int, int, float | None, int]:
        (line,) = await unit_figures_on(connection, on, today=on)
        listed = await overdue_on(connection, TEXTS, on, soon_until=on, states=list(DueState), today=on)
        assert listed.total == len(listed.items)
        return line.open, line.answered, line.median_days, listed.total

    def on_day(on: date) -> tuple[int, int, float | None, int]:
        return query_views(module_database, register, lambda connection: totals(connection, on))

    assert on_day(TODAY) == (1, 0, None, 1)
    assert on_day(TODAY + ONE_DAY) == (2, 0, None, 2)
    assert on_day(TODAY + 400 * ONE_DAY) == (1, 1, float((TODAY + 400 * ONE_DAY - july(1)).days), 1)


def test_a_pause_is_kept_when_the_kind_changes_and_back(module_database: str) -> None:
    life: list[PetitionCommand] = [
        *in_progress(PetitionKind.COMPLAINT),
        with_changes(SUSPEND, occurred_on=july(20)),
        with_changes(RESUME, occurred_on=july(30)),
    ]
    there_and_back = [
        with_changes(RECLASSIFY, occurred_on=july(31), kind=kind)
        for kind in (PetitionKind.DENUNCIATION, PetitionKind.COMPLAINT)
    ]
    was, now = (build_register(one).petitions[id_of(1)].status.due_on for one in (life, [*life, *there_and_back]))
    assert was is not None
    assert now == was
    line = figures(module_database, build_register([*life, *there_and_back]), was)["so-mau"]
    assert (line.due_today, line.overdue) == (1, 0)


def test_a_coordinator_that_delivers_nothing_is_late_with_its_part(module_database: str) -> None:
    part = {"unit": "so-khac", "due_on": july(20)}
    assign = with_changes(ASSIGN, coordinating_units=["so-khac"], contributions=[part])
    table = figures(module_database, build_register([RECEIVE, CLASSIFY, assign, START]), july(30))
    assert (table["so-khac"].coordinating, table["so-khac"].duties_overdue, table["so-khac"].overdue) == (1, 1, 0)
    assert (table["so-mau"].duties_overdue, table["so-mau"].not_yet_due) == (0, 1)


def test_each_figure_is_defined_with_its_formula_and_what_is_not_in_it() -> None:
    text = (Path(__file__).parents[2] / "docs" / "explanation" / "figures.md").read_text("utf-8")
    rows = [line.split("|") for line in text.splitlines() if line.startswith("| `")]
    defined = Counter(row[1].strip(" `") for row in rows if len(row) == 6)
    rates = {"on_time_rate", "on_time_rate_known"}
    assert defined == Counter({field.name for field in fields(UnitFigures)} - {"unit"} - rates)
    assert all(f"\n    {rate.ljust(18)} = " in text for rate in rates)
    assert {row[1].strip(" `") for row in rows} >= set(LateEntryFigure)
