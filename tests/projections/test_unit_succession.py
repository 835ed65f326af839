"""Tests what units inherited. `test_every_day` tests that the totals agree on every day."""

from datetime import date
from uuid import UUID

from domain.commands import PetitionCommand
from domain.events import AnsweredInWriting, ResponsibilitySucceeded
from domain.units.unit import UnitRegister
from domain.vocabulary import ReorganisationId, Result, UnitId
from projections.unit_figures import UnitFigures, unit_figures_between, unit_figures_on
from projections.unit_succession import InheritedFigures, inherited_figures_on, inherited_petitions
from projections.units_by_successor import figures_by_successor
from tests.domain.samples import (
    ANSWER,
    ASSIGN,
    CLASSIFY,
    RECEIVE,
    REOPEN,
    RESUME,
    START,
    SUSPEND,
    august,
    july,
    with_changes,
)
from tests.domain.test_units import succeeded
from tests.domain.units import open_unit, register_of
from tests.domain.units import register_after as and_then
from tests.projections.history_builder import Register, build_register, id_of, query_views

REORGANISATION = ReorganisationId(UUID(int=5))
TAKEN_UP: list[PetitionCommand] = [RECEIVE, CLASSIFY, ASSIGN, START]
"""A proposal that so-mau must answer by 31 July."""


def succeeds(of: str, to: str, on: date) -> ResponsibilitySucceeded:
    return ResponsibilitySucceeded(
        occurred_on=on,
        from_unit=UnitId(of),
        to_unit=UnitId(to),
        coordinating_units=(),
        instrument="01/NQ-HĐND",
        reorganisation_id=REORGANISATION,
    )


def answer_of(unit: str, on: date) -> AnsweredInWriting:
    return AnsweredInWriting(
        occurred_on=on, document_no="55/TL", unit=UnitId(unit), result=Result.RIGHT, answer="đã sửa xong"
    )


def inherited(dsn: str, register: Register, on: date) -> list[InheritedFigures]:
    return query_views(dsn, register, lambda connection: inherited_figures_on(connection, on))


def units(dsn: str, register: Register, on: date) -> dict[str, UnitFigures]:
    return {line.unit: line for line in query_views(dsn, register, lambda connection: unit_figures_on(connection, on))}


def test_what_ran_out_before_is_the_lateness_of_the_old_unit(module_database: str) -> None:
    log = build_register(TAKEN_UP)
    log.append_event(id_of(1), succeeds("so-mau", "so-moi", august(3)))
    assert inherited(module_database, log, august(2)) == []
    assert inherited(module_database, log, august(3)) == [InheritedFigures("so-mau", "so-moi", 1, 1, 0, 1, 1, 0)]
    (one,) = query_views(module_database, log, lambda c: inherited_petitions(c, "so-moi", august(3)))
    assert (one.was_due_on, one.days_late_before, one.reorganisation_id) == (july(31), 3, REORGANISATION)


def test_what_ran_out_on_the_last_day_of_the_old_unit_is_its_own_and_on_the_first_of_the_new_one_is_not(
    module_database: str,
) -> None:
    for first_day, late_before in ((august(1), 1), (july(31), 0)):
        log = build_register(TAKEN_UP)
        log.append_event(id_of(1), succeeds("so-mau", "so-moi", first_day))
        (line,) = inherited(module_database, log, august(5))
        assert (line.late_before, line.overdue_before, line.overdue_since) == (
            late_before,
            late_before,
            1 - late_before,
        )


def test_what_happened_between_its_day_and_its_entry_stays(module_database: str) -> None:
    """A reorganisation of 14 July is entered in August; meanwhile the petition was suspended for a week."""
    log = build_register([*TAKEN_UP, SUSPEND, RESUME])
    before = {day: units(module_database, log, july(day)) for day in range(10, 25)}
    log.append_event(id_of(1), succeeds("so-mau", "so-moi", july(14)))
    for day in range(10, 25):
        now = units(module_database, log, july(day))
        owner = "so-moi" if day >= 14 else "so-mau"
        was = before[day]["so-mau"]
        assert (now[owner].open, now[owner].suspended) == (was.open, was.suspended)
        assert sum(line.open for line in now.values()) == 1


def test_an_answered_one_is_settled_and_counts_for_who_answered(module_database: str) -> None:
    log = build_register(TAKEN_UP)
    log.append_event(id_of(1), succeeds("so-mau", "so-moi", july(15)))
    log.append_event(id_of(1), answer_of("so-moi", july(20)))
    assert inherited(module_database, log, july(19)) == [InheritedFigures("so-mau", "so-moi", 1, 0, 0, 1, 0, 0)]
    assert inherited(module_database, log, july(20)) == [InheritedFigures("so-mau", "so-moi", 1, 0, 1, 0, 0, 0)]
    table = units(module_database, log, july(20))
    assert (table["so-mau"].received, table["so-mau"].answered, table["so-moi"].answered) == (1, 0, 1)
    assert {line.reassigned_in + line.reassigned_out for line in table.values()} == {0}


def test_a_petition_may_be_inherited_twice_and_twice_on_one_day_is_once(module_database: str) -> None:
    log = build_register(TAKEN_UP)
    log.append_event(id_of(1), succeeds("so-mau", "so-moi", july(15)))
    log.append_event(id_of(1), succeeds("so-moi", "so-lon", august(3)))
    assert inherited(module_database, log, august(3)) == [
        InheritedFigures("so-mau", "so-moi", 1, 0, 0, 1, 0, 1),
        InheritedFigures("so-moi", "so-lon", 1, 1, 0, 1, 1, 0),
    ]
    log.append_event(id_of(1), succeeds("so-lon", "bo-mau", august(3)))
    assert [(line.from_unit, line.to_unit) for line in inherited(module_database, log, august(3))] == [
        ("so-mau", "so-moi"),
        ("so-moi", "bo-mau"),
    ]


def test_under_present_successors_figures_are_added_and_medians_found_anew(module_database: str) -> None:
    log = build_register([*TAKEN_UP, ANSWER])
    build_register([*TAKEN_UP, ANSWER, with_changes(REOPEN, due_on=august(31))], 2, log)
    build_register(TAKEN_UP, 3, log)
    log.append_event(id_of(3), succeeds("so-mau", "so-khac", july(15)))
    log.append_event(id_of(3), answer_of("so-khac", august(5)))
    known = and_then(
        register_of(open_unit("so-mau"), open_unit("so-khac"), open_unit("ubnd-tinh")),
        succeeded("so-mau", "so-khac", on=july(15)),
    )
    on = august(5)
    table = units(module_database, log, on)
    (line,) = query_views(module_database, log, lambda c: figures_by_successor(c, known, None, on, today=on))
    assert line.unit == "so-khac"
    for name in ("received", "answered", "answered_late", "open", "reopened", "letters"):
        assert getattr(line, name) == getattr(table["so-mau"], name) + getattr(table["so-khac"], name)
    assert (table["so-mau"].median_days, table["so-khac"].median_days, line.median_days) == (14, 30, 14)
    assert line.on_time_rate == round(2 / 3, 4)
    (of_august,) = query_views(module_database, log, lambda c: figures_by_successor(c, known, august(1), on, today=on))
    assert (of_august.answered, of_august.median_days) == (1, 30)
    alone = query_views(
        module_database, log, lambda c: figures_by_successor(c, UnitRegister(), august(1), on, today=on)
    )
    assert alone == query_views(module_database, log, lambda c: unit_figures_between(c, august(1), on))
