"""Tests the list of open petitions. `test_every_day` compares it with a count of random histories."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commands import PetitionCommand
from domain.status import DueState
from domain.vocabulary import PetitionKind, Stage
from projections.owed_list import OverdueCursor, OverdueItem, OverduePage, overdue_on
from projections.owed_sql import Owed
from projections.standing_intervals import NEVER
from tests.domain.samples import (
    ACCEPT,
    ANSWER,
    APPROVE,
    ASK_FOR_MORE,
    ASK_FOR_TIME,
    ASSIGN,
    CLASSIFY,
    DUPLICATE,
    EXTEND,
    PROPOSE,
    REASSIGN,
    RECEIVE,
    REOPEN,
    RESUME,
    SUPPLEMENT,
    SUSPEND,
    UNLINK,
    assigned,
    august,
    commands_to_stages,
    complaint_of,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import national_law
from tests.examples import examples
from tests.projections.history_builder import Register, build_register, id_of, query_views
from tests.service.office_fixtures import TEXTS

PROPOSAL, COMPLAINT = PetitionKind.PROPOSAL_FEEDBACK, PetitionKind.COMPLAINT
EVERY_STATE = tuple(DueState)
TAKEN_UP: list[PetitionCommand] = [RECEIVE, CLASSIFY, ASSIGN]
"""A proposal that so-mau must answer by 31 July, a Friday."""


def listed(
    dsn: str, register: Register, on: date, states: Sequence[DueState] = EVERY_STATE, **more: object
) -> OverduePage:
    """Return the page of answers that are owed; duties have tests of their own."""
    soon_until = on + timedelta(days=5)
    more = {"owed": Owed.ANSWER, **more}
    return query_views(dsn, register, lambda c: overdue_on(c, TEXTS, on, soon_until=soon_until, states=states, **more))  # type: ignore[arg-type]


def the_one(page: OverduePage) -> OverdueItem:
    assert page.total == 1
    (item,) = page.items
    return item


def test_the_list_shows_that_the_sender_asked_again(module_database: str) -> None:
    register = build_register(TAKEN_UP)
    for number in (2, 3):
        build_register([RECEIVE], number, register)
        register.perform(id_of(number), with_changes(DUPLICATE, duplicate_of=id_of(1)), duplicate_of=id_of(1))
    assert the_one(listed(module_database, register, august(3), [DueState.OVERDUE])).duplicates == 2
    register.perform(id_of(3), UNLINK, duplicate_of=id_of(1))
    found = listed(module_database, register, august(3), [DueState.OVERDUE])
    assert {item.petition_id: item.duplicates for item in found.items} == {id_of(1): 1, id_of(3): 0}


@pytest.mark.parametrize(
    ("on", "state", "days_late"),
    [
        (july(25), DueState.NOT_YET_DUE, 0),
        (july(26), DueState.DUE_SOON, 0),
        (july(30), DueState.DUE_SOON, 0),
        (july(31), DueState.DUE_TODAY, 0),
        (august(1), DueState.OVERDUE, 1),
        (date(2027, 7, 31), DueState.OVERDUE, 365),
    ],
)
def test_a_petition_is_in_one_state_against_each_day(
    module_database: str, on: date, state: DueState, days_late: int
) -> None:
    register = build_register(TAKEN_UP)
    item = the_one(listed(module_database, register, on))
    assert (item.state, item.days_late, item.due_on) == (state, days_late, july(31))
    for other in DueState:
        assert listed(module_database, register, on, [other]).total == (other is state)


def test_a_line_says_who_must_answer_what_and_by_which_clock(module_database: str) -> None:
    item = the_one(listed(module_database, build_register([*TAKEN_UP]), july(20)))
    assert (item.petition_id, item.reference) == (id_of(1), "TD-2026-000001")
    assert (item.unit, item.officer, item.stage, item.clock) == ("so-mau", "chuyen-vien", "assigned", "head")
    assert (item.kind, item.received_on, item.channel) == (PROPOSAL, july(6), "referred_by_leader")
    assert item.summary == RECEIVE.summary


def test_a_petition_is_listed_from_its_receipt_until_the_day_before_its_answer(module_database: str) -> None:
    register = build_register(commands_to_stages(PROPOSAL)[Stage.CLOSED])
    found = {day: listed(module_database, register, day).total for day in (july(5), july(6), july(19), july(20))}
    assert found == {july(5): 0, july(6): 1, july(19): 1, july(20): 0}


@pytest.mark.parametrize(
    ("received_on", "on", "is_amber", "advisory_on"),
    [
        (july(6), july(9), False, july(16)),  # the due date, 15 July, is the earlier
        (july(6), july(10), True, july(16)),
        (date(2027, 1, 29), date(2027, 2, 5), False, date(2027, 2, 11)),
        (date(2027, 1, 29), date(2027, 2, 6), True, date(2027, 2, 11)),  # due on the 16th
        (date(2027, 1, 29), date(2027, 2, 16), True, date(2027, 2, 11)),
        (date(2027, 1, 29), date(2027, 2, 17), False, date(2027, 2, 11)),  # red by now
        (date(2026, 6, 29), july(6), True, july(13)),  # in June the Circular said ten working days; due on the 9th
    ],
)
def test_what_the_law_may_want_earlier_is_amber_by_the_earlier_day(
    module_database: str, received_on: date, on: date, is_amber: bool, advisory_on: date | None
) -> None:
    register = Register()
    register.append_event(id_of(1), complaint_of(received_on))
    item = the_one(listed(module_database, register, on, law=national_law()))
    assert (item.clock, item.is_amber, item.advisory_on) == ("acceptance", is_amber, advisory_on)
    without = the_one(listed(module_database, register, on))
    assert without.advisory_on is None


def test_a_past_day_is_answered_as_it_was(module_database: str) -> None:
    """The intake was late on that day; a later assignment with a date of its own does not change that."""
    late: list[PetitionCommand] = [
        RECEIVE,
        with_changes(CLASSIFY, occurred_on=july(23)),
        with_changes(ASSIGN, occurred_on=july(24)),
    ]
    register = build_register(late)
    then, now = [the_one(listed(module_database, register, day)) for day in (july(22), july(24))]
    assert (then.unit, then.stage, then.clock, then.due_on) == ("", "received", "triage", july(20))
    assert (then.state, then.days_late) == (DueState.OVERDUE, 2)
    assert (now.unit, now.stage, now.clock, now.due_on) == ("so-mau", "assigned", "head", july(31))


def test_a_suspended_petition_is_not_overdue_and_its_date_moves_when_it_is_resumed(module_database: str) -> None:
    register = build_register([*in_progress(COMPLAINT), SUSPEND])
    assert the_one(listed(module_database, register, date(2027, 1, 1))).state is DueState.SUSPENDED
    register.perform(id_of(1), with_changes(RESUME, occurred_on=august(10)))
    then, now = [the_one(listed(module_database, register, day)) for day in (august(9), august(10))]
    assert then.state is DueState.SUSPENDED
    assert now.state is DueState.NOT_YET_DUE
    assert now.due_on is not None
    assert now.due_on > july(31)


def test_a_reassigned_petition_is_listed_under_who_has_it_on_the_day(module_database: str) -> None:
    register = build_register([*TAKEN_UP, REASSIGN])
    assert the_one(listed(module_database, register, july(13), unit="so-mau")).unit == "so-mau"
    assert listed(module_database, register, july(13), unit="so-khac").total == 0
    assert the_one(listed(module_database, register, july(14), unit="so-khac")).unit == "so-khac"
    assert listed(module_database, register, july(14), unit="so-mau").total == 0


def test_an_extension_counts_from_the_day_it_was_granted(module_database: str) -> None:
    register = build_register([*TAKEN_UP, ASK_FOR_TIME, EXTEND])
    assert the_one(listed(module_database, register, july(26))).due_on == july(31)
    assert the_one(listed(module_database, register, july(27))).due_on == august(14)


def test_petitions_that_no_unit_is_named_for_are_asked_for_by_the_empty_name(module_database: str) -> None:
    register = build_register([RECEIVE])
    build_register(TAKEN_UP, 2, register)
    assert the_one(listed(module_database, register, july(20), unit="")).petition_id == id_of(1)
    assert the_one(listed(module_database, register, july(20), unit="so-mau")).petition_id == id_of(2)


def test_a_petition_without_a_limit_is_listed_as_a_defect_and_comes_last(module_database: str) -> None:
    register = build_register(
        [*commands_to_stages(PROPOSAL)[Stage.ANSWERED_IN_WRITING], with_changes(REOPEN, due_on=None)]
    )
    build_register(TAKEN_UP, 2, register)
    page = listed(module_database, register, date(2026, 10, 1))
    assert [(item.petition_id, item.state, item.due_on, item.days_late) for item in page.items] == [
        (id_of(2), DueState.OVERDUE, july(31), 62),
        (id_of(1), DueState.NO_LIMIT_SET, None, 0),
    ]


def test_what_was_answered_too_early_on_paper_is_open_until_the_corrected_day(module_database: str) -> None:
    register = build_register([*TAKEN_UP, with_changes(ANSWER, occurred_on=july(20))])
    assert listed(module_database, register, july(22)).total == 0
    build_register([with_changes(PROPOSE, answered_on=july(23), place=None), APPROVE], 1, register)
    assert listed(module_database, register, july(22)).total == 1
    assert listed(module_database, register, july(23)).total == 0


def test_a_corrected_text_is_the_one_that_is_shown(module_database: str) -> None:
    register = build_register([*TAKEN_UP, with_changes(PROPOSE, summary="cầu hỏng", place="xã Mẫu"), APPROVE])
    item = the_one(listed(module_database, register, july(29)))
    assert (item.summary, item.place) == ("cầu hỏng", "xã Mẫu")


def test_a_denunciation_is_protected_also_when_it_turns_out_to_be_one(module_database: str) -> None:
    assert not the_one(listed(module_database, build_register([RECEIVE]), july(10))).identity_protected
    classified = build_register([RECEIVE, with_changes(CLASSIFY, kind=PetitionKind.DENUNCIATION)])
    assert the_one(listed(module_database, classified, july(10))).identity_protected


def test_a_long_summary_is_cut(module_database: str) -> None:
    item = the_one(listed(module_database, build_register([with_changes(RECEIVE, summary="đ" * 5000)]), july(10)))
    assert item.summary == "đ" * 200


def test_no_state_is_no_question(module_database: str) -> None:
    with pytest.raises(ValueError, match="no state"):
        listed(module_database, build_register([RECEIVE]), july(10), [])


@pytest.fixture(scope="module")
def many() -> Register:
    """Return a register of many petitions with one due date, some with none, and some open only in the past."""
    register = Register()
    for n in range(60):
        match n % 4:
            case 0:
                build_register([*assigned(PROPOSAL)], n, register)
            case 1:
                build_register(
                    [*commands_to_stages(PROPOSAL)[Stage.ANSWERED_IN_WRITING], with_changes(REOPEN, due_on=None)],
                    n,
                    register,
                )
            case 2:
                build_register([*TAKEN_UP[:2], with_changes(ASSIGN, due_on=july(15 + n // 4))], n, register)
            case _:
                build_register(commands_to_stages(COMPLAINT)[Stage.CLOSED], n, register)
    return register


@given(
    limit=st.integers(1, 25),
    on=st.sampled_from([july(7), july(16), july(25), august(20)]),
    states=st.sets(st.sampled_from(EVERY_STATE), min_size=1),
    unit=st.sampled_from([None, "", "so-mau"]),
)
@examples(15)
def test_pages_follow_one_another_without_loss_or_repetition(
    module_database: str, many: Register, limit: int, on: date, states: set[DueState], unit: str | None
) -> None:
    async def leaf(connection: object) -> tuple[list[OverdueItem], list[OverduePage]]:
        question = {"soon_until": on + timedelta(days=3), "states": states, "unit": unit}
        whole = await overdue_on(connection, TEXTS, on, limit=200, **question)  # type: ignore[arg-type]
        pages = [await overdue_on(connection, TEXTS, on, limit=limit, **question)]  # type: ignore[arg-type]
        while pages[-1].next is not None:
            pages.append(await overdue_on(connection, TEXTS, on, limit=limit, after=pages[-1].next, **question))  # type: ignore[arg-type]
        return whole.items, pages

    whole, pages = query_views(module_database, many, leaf)
    assert [item for page in pages for item in page.items] == whole
    assert {page.total for page in pages} == {len(whole)}
    assert all(len(page.items) == limit for page in pages[:-1])
    assert {item.state for item in whole} <= states
    assert whole == sorted(whole, key=lambda item: (item.due_on or NEVER, item.petition_id, item.owed))


def test_the_cursor_of_the_last_page_is_none(module_database: str) -> None:
    page = listed(module_database, build_register(TAKEN_UP), july(20), limit=1)
    assert page.next is None
    beyond = listed(module_database, build_register(TAKEN_UP), july(20), after=OverdueCursor(july(31), id_of(1)))
    assert (beyond.items, beyond.total) == ([], 1)


def test_a_letter_not_classified_is_amber_by_the_strictest_kind_that_it_may_be(module_database: str) -> None:
    register = build_register([RECEIVE])  # of 6 July: triage ends on the 20th, acceptance of a denunciation on the 15th
    for on, is_amber in ((july(9), False), (july(10), True), (july(16), True)):
        item = the_one(listed(module_database, register, on, law=national_law()))
        assert (item.due_on, item.possible_on, item.is_amber) == (july(20), july(15), is_amber)
        assert item.possible_kinds == (COMPLAINT, PetitionKind.DENUNCIATION)
    assert listed(module_database, register, july(16), [DueState.OVERDUE]).total == 0, "no figure counts it"
    register.perform(id_of(1), with_changes(CLASSIFY, occurred_on=july(18), kind=PetitionKind.DENUNCIATION))
    classified = the_one(listed(module_database, register, july(18), law=national_law()))
    assert (classified.state, classified.days_late, classified.possible_on) == (DueState.OVERDUE, 3, None)
    before = the_one(listed(module_database, register, july(17), law=national_law()))
    assert (before.state, before.possible_on) == (DueState.DUE_SOON, july(15)), "that day it was not classified"


def test_the_list_marks_and_filters_letters_for_which_the_citizen_is_waited_for(module_database: str) -> None:
    register = build_register([RECEIVE, CLASSIFY, ASK_FOR_MORE, with_changes(SUPPLEMENT, occurred_on=july(13))])
    build_register([RECEIVE], 2, register)
    for on, waiting in ((july(7), 0), (july(8), 1), (july(12), 1), (july(13), 0)):
        found = listed(module_database, register, on, waiting=True)
        assert (found.total, [item.waiting_since for item in found.items]) == (waiting, [july(8)] * waiting)
        assert listed(module_database, register, on, waiting=False).total == 2 - waiting
        assert listed(module_database, register, on).total == 2
    register.perform(id_of(1), with_changes(ASK_FOR_MORE, occurred_on=july(14)))
    register.perform(id_of(1), with_changes(ACCEPT, occurred_on=july(15)))
    assert [listed(module_database, register, on, waiting=True).total for on in (july(14), july(15))] == [1, 0]
