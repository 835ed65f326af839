"""Tests the table of units. `test_every_day` compares it with a count of random histories."""

import statistics
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commands import PetitionCommand
from domain.events import AnsweredInWriting, PetitionReceived
from domain.vocabulary import Channel, PetitionKind, Stage, UnitId
from projections.projection import Connection
from projections.unit_figures import UnitFigures, unit_figures_between, unit_figures_on
from tests.domain.samples import (
    ANSWER,
    ANSWER_AT_MEETING,
    APPROVE,
    ASSIGN,
    CANCEL,
    CLASSIFY,
    DUPLICATE,
    ORDER_CHECK,
    PROPOSE,
    REASSIGN,
    RECEIVE,
    REOPEN,
    SPLIT,
    START,
    SUSPEND,
    TAKE_OVER,
    TERMINATE,
    UNLINK,
    august,
    commands_to_stages,
    in_progress,
    july,
    with_changes,
)
from tests.examples import examples
from tests.projections.history_builder import Register, build_register, id_of, query_views

PROPOSAL, COMPLAINT = PetitionKind.PROPOSAL_FEEDBACK, PetitionKind.COMPLAINT
TAKEN_UP: list[PetitionCommand] = [RECEIVE, CLASSIFY, ASSIGN, START]
"""A proposal that so-mau must answer by 31 July."""

AUTUMN = date(2026, 10, 30)


def on(dsn: str, register: Register, day: date) -> dict[str, UnitFigures]:
    return {line.unit: line for line in query_views(dsn, register, lambda c: unit_figures_on(c, day))}


def between(dsn: str, register: Register, first: date, last: date) -> dict[str, UnitFigures]:
    return {line.unit: line for line in query_views(dsn, register, lambda c: unit_figures_between(c, first, last))}


def test_a_petition_counts_as_received_by_the_first_unit_on_its_day_of_receipt(module_database: str) -> None:
    register = build_register([RECEIVE])
    assert on(module_database, register, july(6))[""].received == 1
    build_register([CLASSIFY, ASSIGN, REASSIGN], 1, register)
    assert on(module_database, register, july(5)) == {}
    line = on(module_database, register, july(6))["so-mau"]
    assert (line.received, line.letters, line.open) == (1, 1, 0)
    assert on(module_database, register, july(6))[""].open == 1


@pytest.mark.parametrize(
    ("day", "state"),
    [(july(30), "not_yet_due"), (july(31), "due_today"), (august(1), "overdue"), (date(2030, 1, 1), "overdue")],
)
def test_an_open_petition_is_in_one_state_on_each_day(module_database: str, day: date, state: str) -> None:
    line = on(module_database, build_register(TAKEN_UP), day)["so-mau"]
    states = ("overdue", "due_today", "not_yet_due", "suspended", "no_limit_set")
    assert {name: getattr(line, name) for name in states} == {name: int(name == state) for name in states}
    assert line.open == 1


@pytest.mark.parametrize(("day", "late"), [(july(31), 0), (august(1), 1)])
def test_an_answer_counts_for_the_unit_that_gave_it_in_time_or_late(module_database: str, day: date, late: int) -> None:
    register = build_register([*TAKEN_UP, with_changes(ANSWER, occurred_on=day)])
    line = on(module_database, register, day)["so-mau"]
    assert (line.answered, line.answered_in_writing, line.answered_at_meeting) == (1, 1, 0)
    assert (line.answered_late, line.answered_on_time, line.open) == (late, 1 - late, 0)
    assert line.on_time_rate == 1 - late
    assert line.median_days == (day - july(6)).days


def test_an_answer_at_a_meeting_before_anybody_was_assigned_counts_for_the_organiser(module_database: str) -> None:
    line = on(module_database, build_register([RECEIVE, ANSWER_AT_MEETING]), july(6))["ubnd-tinh"]
    assert (line.answered_at_meeting, line.answered, line.received, line.open) == (1, 1, 1, 0)


def test_the_on_time_rate_counts_what_is_overdue_and_still_open(module_database: str) -> None:
    register = build_register([*TAKEN_UP, ANSWER])
    for n in (2, 3):
        build_register(TAKEN_UP, n, register)
    assert on(module_database, register, july(31))["so-mau"].on_time_rate == 1
    assert on(module_database, register, august(1))["so-mau"].on_time_rate == round(1 / 3, 4)
    assert on(module_database, build_register([RECEIVE]), july(6))[""].on_time_rate is None


def test_days_to_the_answer_are_told_by_their_median(module_database: str) -> None:
    register = Register()
    for n, day in enumerate((16, 17, 20, 31)):
        build_register([*TAKEN_UP, with_changes(ANSWER, occurred_on=july(day))], n, register)
    assert on(module_database, register, AUTUMN)["so-mau"].median_days == (11 + 14) / 2
    assert on(module_database, register, july(20))["so-mau"].median_days == 11  # of those answered by then
    assert between(module_database, register, july(17), july(20))["so-mau"].median_days == (11 + 14) / 2
    assert between(module_database, register, august(1), AUTUMN) == {}
    assert on(module_database, register, july(15))["so-mau"].median_days is None


def test_a_period_has_the_flows_of_its_days_and_the_states_of_its_last(module_database: str) -> None:
    register = build_register([*TAKEN_UP, ANSWER])
    build_register(TAKEN_UP, 2, register)
    build_register([with_changes(RECEIVE, occurred_on=july(21))], 3, register)
    line = between(module_database, register, july(7), july(20))["so-mau"]
    assert (line.received, line.answered, line.open, line.overdue) == (0, 1, 1, 0)
    line = between(module_database, register, july(6), july(19))["so-mau"]
    assert (line.received, line.answered, line.open) == (2, 0, 2)
    assert between(module_database, register, july(21), july(21))[""].received == 1
    with pytest.raises(ValueError, match="before it begins"):
        between(module_database, register, july(7), july(6))


def test_the_first_and_last_days_of_months_and_years_fall_into_their_period(module_database: str) -> None:
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28)]
    register = Register()
    for n, day in enumerate(days):
        build_register([with_changes(RECEIVE, occurred_on=day)], n, register)
    for n, day in enumerate(days, 1):
        assert on(module_database, register, day)[""].received == n
        assert between(module_database, register, day, day)[""].received == 1
    assert between(module_database, register, date(2026, 1, 1), date(2026, 1, 31))[""].received == 2


def test_a_reassigned_petition_leaves_one_unit_and_comes_to_the_other(module_database: str) -> None:
    table = on(module_database, build_register([*TAKEN_UP, REASSIGN]), july(14))
    assert (table["so-mau"].reassigned_out, table["so-mau"].open, table["so-mau"].received) == (1, 0, 1)
    assert (table["so-khac"].reassigned_in, table["so-khac"].open, table["so-khac"].received) == (1, 1, 0)


def test_another_officer_of_the_same_unit_is_no_reassignment_of_the_unit(module_database: str) -> None:
    table = on(module_database, build_register([*TAKEN_UP, with_changes(REASSIGN, lead_unit="so-mau")]), july(14))
    assert (table["so-mau"].reassigned_out, table["so-mau"].reassigned_in, table["so-mau"].open) == (0, 0, 1)


def test_coordinators_are_counted_beside_the_lead_while_the_petition_is_open(module_database: str) -> None:
    life: list[PetitionCommand] = [
        RECEIVE,
        CLASSIFY,
        with_changes(ASSIGN, coordinating_units=["so-khac", "bo-mau"]),
        START,
        ANSWER,
    ]
    register = build_register(life)
    table = on(module_database, register, july(19))
    assert {unit: (line.open, line.coordinating) for unit, line in table.items() if unit} == {
        "so-mau": (1, 0),
        "so-khac": (0, 1),
        "bo-mau": (0, 1),
    }
    assert set(on(module_database, register, july(20))) == {"so-mau"}


def test_a_stage_that_was_taken_over_keeps_its_lateness_and_the_one_above_begins_anew(module_database: str) -> None:
    table = on(module_database, build_register([*in_progress(PetitionKind.DENUNCIATION), TAKE_OVER]), date(2026, 10, 1))
    below, above = table["so-mau"], table["bo-mau"]
    assert (below.went_up, below.went_up_late, below.open, below.overdue) == (1, 1, 0, 0)
    assert (below.received, below.letters, below.settled_otherwise) == (1, 1, 0)
    assert (above.received, above.letters, above.open, above.went_up) == (1, 0, 1, 0)


def test_a_responsibility_check_is_counted_and_leaves_the_petition_where_it_is(module_database: str) -> None:
    line = on(module_database, build_register([*in_progress(COMPLAINT), ORDER_CHECK]), date(2026, 10, 1))["so-mau"]
    assert (line.went_up, line.went_up_late, line.open, line.overdue) == (1, 1, 1, 1)


def test_a_split_letter_counts_by_its_matters(module_database: str) -> None:
    line = on(module_database, build_register([RECEIVE, SPLIT]), july(7))[""]
    assert (line.letters, line.received, line.open, line.settled_otherwise) == (1, 2, 2, 0)


def test_a_duplicate_is_a_letter_but_no_case(module_database: str) -> None:
    register = build_register([RECEIVE])
    build_register([RECEIVE], 2, register)
    register.perform(id_of(2), with_changes(DUPLICATE, duplicate_of=id_of(1)), duplicate_of=id_of(1))
    line = on(module_database, register, july(8))[""]
    assert (line.letters, line.received, line.open, line.settled_otherwise) == (2, 1, 1, 0)


def test_a_letter_that_is_no_duplicate_after_all_is_a_case_from_its_receipt_and_open_from_then_on(
    module_database: str,
) -> None:
    register = build_register([RECEIVE])
    build_register([RECEIVE], 2, register)
    register.perform(id_of(2), with_changes(DUPLICATE, duplicate_of=id_of(1)), duplicate_of=id_of(1))
    register.perform(id_of(2), with_changes(UNLINK, occurred_on=july(21)), duplicate_of=id_of(1))
    line = on(module_database, register, july(20))[""]
    assert (line.letters, line.received, line.open) == (2, 2, 1)
    line = on(module_database, register, july(21))[""]
    assert (line.letters, line.received, line.open, line.overdue) == (2, 2, 2, 2)


def test_a_cancelled_number_counts_for_nothing(module_database: str) -> None:
    assert on(module_database, build_register([RECEIVE, CANCEL]), AUTUMN) == {}


def test_what_ends_without_an_answer_is_settled_otherwise(module_database: str) -> None:
    line = on(module_database, build_register([*TAKEN_UP, TERMINATE]), july(23))["so-mau"]
    assert (line.settled_otherwise, line.answered, line.open) == (1, 0, 0)


def test_a_suspended_petition_is_open_and_never_overdue(module_database: str) -> None:
    register = build_register([*TAKEN_UP, SUSPEND])
    line = on(module_database, register, AUTUMN)["so-mau"]
    assert (line.open, line.suspended, line.overdue) == (1, 1, 0)
    assert on(module_database, register, july(14))["so-mau"].suspended == 0


def test_a_reopened_petition_keeps_the_answer_of_its_first_round(module_database: str) -> None:
    register = build_register(
        [*commands_to_stages(PROPOSAL)[Stage.ANSWERED_IN_WRITING], with_changes(REOPEN, due_on=None)]
    )
    line = on(module_database, register, august(3))["so-mau"]
    assert (line.answered, line.reopened, line.open, line.no_limit_set, line.received) == (1, 1, 1, 1, 1)
    assert line.median_days == 14
    build_register([with_changes(ANSWER, occurred_on=august(5))], 1, register)
    line = on(module_database, register, august(5))["so-mau"]
    assert (line.answered, line.open) == (2, 0)
    assert line.median_days == 30  # a petition counts by its latest answer


def test_a_correction_moves_the_figures_to_the_day_that_was_right(module_database: str) -> None:
    register = build_register([*TAKEN_UP, with_changes(ANSWER, occurred_on=august(3))])
    assert on(module_database, register, august(3))["so-mau"].answered_late == 1
    build_register([with_changes(PROPOSE, occurred_on=august(4), answered_on=july(30), place=None)], 1, register)
    build_register([with_changes(APPROVE, occurred_on=august(5))], 1, register)
    line = on(module_database, register, july(30))["so-mau"]
    assert (line.answered, line.answered_late, line.open, line.median_days) == (1, 0, 0, 24)
    assert on(module_database, register, AUTUMN)["so-mau"].answered_late == 0
    build_register([with_changes(PROPOSE, occurred_on=august(6), received_on=july(1), place=None)], 1, register)
    build_register([with_changes(APPROVE, occurred_on=august(6))], 1, register)
    early = on(module_database, register, july(1))
    assert early["so-mau"].received == 1
    assert early[""].open == 1
    assert on(module_database, register, july(30))["so-mau"].median_days == 29


def test_a_unit_whose_only_answer_was_corrected_away_has_no_median_left(module_database: str) -> None:
    """The answer of the second round, by another unit, is the latest one and replaces the first one."""
    register = build_register(
        [*commands_to_stages(PROPOSAL)[Stage.ANSWERED_IN_WRITING], with_changes(REOPEN, due_on=None)]
    )
    build_register([with_changes(REASSIGN, occurred_on=august(4))], 1, register)
    answer = AnsweredInWriting(occurred_on=august(5), unit=UnitId("so-khac"))
    register.append_event(id_of(1), answer)
    for page in (1, 3, 1000):
        table = query_views(
            module_database, register, lambda c: unit_figures_on(c, august(5), today=august(5)), page=page
        )
        assert {line.unit: line.median_days for line in table} == {"so-mau": None, "so-khac": 30}


@given(
    answered=st.lists(st.dates(date(2024, 11, 1), date(2026, 10, 29)), min_size=1, max_size=40),
    ends=st.tuples(st.dates(date(2024, 10, 1), AUTUMN), st.dates(date(2024, 10, 1), AUTUMN)).map(sorted),
)
@examples(25)
def test_the_median_of_any_time_is_that_of_the_answers_in_it(
    module_database: str, answered: list[date], ends: list[date]
) -> None:
    first, last = ends
    received_on = date(2024, 10, 1)
    register = Register()
    for n, day in enumerate(answered):
        receipt = PetitionReceived(occurred_on=received_on, channel=Channel.POST, book="TD", identity_protected=False)
        register.append_event(id_of(n), receipt)
        register.append_event(id_of(n), AnsweredInWriting(occurred_on=day))

    async def ask(connection: Connection) -> list[float | None]:
        tables = [
            await unit_figures_between(connection, first, last),
            await unit_figures_on(connection, last),
            await unit_figures_on(connection, AUTUMN, today=AUTUMN),
        ]
        return [table[0].median_days if table else None for table in tables]

    def median(days: list[date]) -> float | None:
        return statistics.median((day - received_on).days for day in days) if days else None

    assert query_views(module_database, register, ask, page=7) == [
        median([day for day in answered if first <= day <= last]),
        median([day for day in answered if day <= last]),
        median(answered),
    ]
