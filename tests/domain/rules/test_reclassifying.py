"""Tests that a change of the classification carries all that lawfully moved a clock.

The due dates are counted here once more, one day after the other, and not by the functions of the product.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commands import ClassifyPetition, PetitionCommand
from domain.deadlines.clock import Clock
from domain.deadlines.ledger import fold_ledger
from domain.deadlines.policy import Law
from domain.deadlines.policy_file import parse_local_policies
from domain.decide import decide
from domain.envelope import EventEnvelope
from domain.evolve import evolve
from domain.petition import Petition
from domain.vocabulary import Criterion, PetitionKind
from tests.domain.samples import (
    ACCEPT,
    ASK_FOR_TIME,
    ASSIGN,
    CLASSIFY,
    COMPLAINT,
    COMPLEX,
    DENUNCIATION,
    EXTEND,
    PROPOSAL,
    RECEIVE,
    RECLASSIFY,
    RESUME,
    SUSPEND,
    august,
    july,
    with_changes,
)
from tests.domain.scenario import (
    PETITION,
    decision_context,
    history_of,
    national_law,
    petition_after,
    usual_officer,
)
from tests.examples import examples

ONE_DAY = timedelta(days=1)
DAYS_OFF = frozenset({date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2)})
SATURDAYS_WORKED = frozenset({date(2026, 8, 22)})
FIRST = july(1)


def counted(start: date, days: int, pauses: Iterable[tuple[date, date]] = ()) -> date:
    """Return the last of so many calendar days that no pause covers, moved on to a day of work."""
    day, pauses = start, tuple(pauses)
    while days or not is_worked(day):
        day += ONE_DAY
        if days and not any(begun < day <= ended for begun, ended in pauses):
            days -= 1
    return day


def is_worked(day: date) -> bool:
    return day in SATURDAYS_WORKED or (day.weekday() < 5 and day not in DAYS_OFF)


def accepted(kind: PetitionKind, *, remote: bool = False) -> list[PetitionCommand]:
    return [
        with_changes(RECEIVE, occurred_on=FIRST, is_remote_area=remote),
        with_changes(CLASSIFY, occurred_on=FIRST, kind=kind),
        with_changes(ACCEPT, occurred_on=FIRST),
    ]


def change(kind: PetitionKind, on: date) -> ClassifyPetition:
    return with_changes(RECLASSIFY, kind=kind, occurred_on=on)


def pause(begun: date, ended: date) -> list[PetitionCommand]:
    return [with_changes(SUSPEND, occurred_on=begun), with_changes(RESUME, occurred_on=ended)]


def settlement_on(past: Iterable[PetitionCommand]) -> date:
    return petition_after(list(past)).status.clocks[Clock.SETTLEMENT]


SUSPENDED = pause(july(6), july(16))


def test_a_new_kind_keeps_the_days_that_stood_still() -> None:
    past = [*accepted(COMPLAINT), *SUSPENDED]
    assert settlement_on(past) == counted(FIRST, 30, [(july(6), july(16))]) == august(10)
    assert settlement_on([*past, change(DENUNCIATION, july(21))]) == august(10)


def test_the_ledger_does_not_say_that_a_date_moved_that_did_not() -> None:
    past = [*accepted(COMPLAINT), *SUSPENDED, change(DENUNCIATION, july(21))]
    (settlement,) = [run for run in fold_ledger(history_of(past)).clocks if run.clock is Clock.SETTLEMENT]
    assert [one.due_after for one in settlement.course] == [july(31), august(10)]
    assert settlement.due_on == august(10)


def test_both_orders_of_a_pause_and_a_new_kind_end_on_the_same_date() -> None:
    begun, ended = SUSPENDED
    for new_kind_on in (july(10), august(5)):  # the second lies after the date that was due when it was suspended
        late_end = with_changes(ended, occurred_on=august(10))
        pauses = [(july(6), august(10))]
        while_suspended = [*accepted(COMPLAINT), begun, change(DENUNCIATION, new_kind_on), late_end]
        after_it = [*accepted(COMPLAINT), begun, late_end, change(DENUNCIATION, new_kind_on)]
        assert settlement_on(while_suspended) == settlement_on(after_it) == counted(FIRST, 30, pauses)


def test_what_was_found_complex_as_a_complaint_is_so_again_when_it_is_one_again() -> None:
    past = [*accepted(COMPLAINT), *SUSPENDED, with_changes(COMPLEX, occurred_on=july(17))]
    assert settlement_on(past) == counted(FIRST, 45, [(july(6), july(16))]) == august(25)
    past.append(change(DENUNCIATION, july(21)))
    assert settlement_on(past) == august(10)
    assert settlement_on([*past, change(COMPLAINT, july(22))]) == august(25)


@pytest.mark.parametrize("between", [DENUNCIATION, PROPOSAL])
def test_a_classification_that_is_taken_back_makes_nothing_late(between: PetitionKind) -> None:
    """A complaint of a remote area has 45 days, a denunciation 30."""
    past = accepted(COMPLAINT, remote=True)
    due_on = counted(FIRST, 45)
    back = [*past, change(between, july(20)), change(COMPLAINT, august(5))]
    assert settlement_on(past) == settlement_on(back) == due_on > august(5)


def test_a_pause_while_it_was_called_a_proposal_counts_when_it_is_a_complaint_again() -> None:
    past = [*accepted(COMPLAINT), change(PROPOSAL, july(3)), *SUSPENDED, change(COMPLAINT, july(20))]
    assert settlement_on(past) == counted(FIRST, 30, [(july(6), july(16))])


def test_an_accepted_proposal_that_is_a_complaint_is_due_from_its_acceptance() -> None:
    past = [*accepted(PROPOSAL)[:2], with_changes(ACCEPT, occurred_on=july(3)), change(COMPLAINT, july(20))]
    assert settlement_on(past) == counted(july(3), 30)


def test_an_extension_stays_when_the_kind_changes() -> None:
    ask = with_changes(ASK_FOR_TIME, occurred_on=july(20), clock=Clock.SETTLEMENT, until=august(28))
    past = [
        *accepted(DENUNCIATION),
        with_changes(COMPLEX, occurred_on=july(17)),
        ask,
        with_changes(EXTEND, occurred_on=july(21)),
    ]
    assert settlement_on(past) == august(28)
    there = [*past, change(COMPLAINT, july(22))]
    assert settlement_on(there) == august(28)
    back = petition_after([*there, change(DENUNCIATION, july(23))])
    assert back.status.clocks[Clock.SETTLEMENT] == august(28)
    assert back.extensions == {Clock.SETTLEMENT: 1}, "it is no second extension's turn"


def test_before_the_acceptance_the_new_kind_has_its_own_limit_for_it_from_the_receipt() -> None:
    """Received on 26 June 2026, a complaint had 10 days for it (Law Art 27), a denunciation 7 working days."""
    received_on = date(2026, 6, 26)
    past: list[PetitionCommand] = [
        with_changes(RECEIVE, occurred_on=received_on, kind=COMPLAINT),
        with_changes(CLASSIFY, occurred_on=received_on, kind=COMPLAINT),
    ]
    assert petition_after(past).status.clocks[Clock.ACCEPTANCE] == counted(received_on, 10) == july(6)
    there = [*past, change(DENUNCIATION, july(1))]
    acceptance = petition_after(there).deadlines[Clock.ACCEPTANCE]
    assert (acceptance.due_on, acceptance.policy) == (july(7), "denunciation-acceptance@1")
    back = petition_after([*there, change(COMPLAINT, july(2))]).deadlines[Clock.ACCEPTANCE]
    assert (back.due_on, back.policy) == (july(6), "complaint-acceptance@1")


PAUSES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9)), max_size=3)


@examples(150)
@given(
    st.sampled_from([COMPLAINT, DENUNCIATION]),
    st.booleans(),
    PAUSES,
    st.booleans(),
    st.lists(st.sampled_from(list(PetitionKind)), min_size=1, max_size=3),
    st.integers(0, 40),
)
def test_any_change_of_kind_and_back_ends_on_the_date_that_there_was(
    kind: PetitionKind,
    remote: bool,
    pauses: list[tuple[int, int]],
    is_complex: bool,
    between: list[PetitionKind],
    later: int,
) -> None:
    past, day, suspended = accepted(kind, remote=remote), FIRST, []
    if is_complex:
        past.append(with_changes(COMPLEX, occurred_on=day, criteria=(Criterion.MANY_PERSONS,)))
    days = {COMPLAINT: 45 if remote or is_complex else 30, DENUNCIATION: 30}[kind]
    days += 15 if kind is COMPLAINT and remote and is_complex else 0
    for gap, length in pauses:
        begun = day + timedelta(days=gap)
        day = begun + timedelta(days=length)
        past += pause(begun, day)
        suspended.append((begun, day))
    due_on = settlement_on(past)
    if day <= july(31):
        assert due_on == counted(FIRST, days, suspended)
    changed_on = day + timedelta(days=later)
    changes = [change(other, changed_on) for other in (*between, kind)]
    assert settlement_on([*past, *changes]) == due_on


PROPOSALS_HAVE_A_LIMIT = """[[policy]]
id = "vi-du-proposal-settlement"
version = 1
kind = "proposal_or_feedback"
stage = "settlement"
limit = "25cd"
in_force_from = 2026-01-01
trigger = "assignment"
legal_source = "Quyết định 00/2026/QĐ-UBND (ví dụ), Điều 7"
verified = true
"""


def under_local_law(past: Iterable[PetitionCommand]) -> Petition:
    """Return the petition where the province sets a limit for proposals."""
    national = national_law()
    local = Law(parse_local_policies(PROPOSALS_HAVE_A_LIMIT, "site.toml", national.policies), national.calendar)
    petition: Petition | None = None
    for command in past:
        context = decision_context(usual_officer(command), today=command.occurred_on)._replace(law=local)
        for fact in decide(command, petition, context).facts:
            version = 1 if petition is None else petition.version + 1
            petition = evolve(petition, EventEnvelope(PETITION, version, fact, context.by))
    assert petition is not None
    return petition


def test_a_proposal_with_a_limit_of_the_province_has_it_again_when_it_is_one_again() -> None:
    """Nobody accepted it: its limit counts from the assignment, that of a complaint from the receipt."""
    past: list[PetitionCommand] = [*accepted(PROPOSAL)[:2], with_changes(ASSIGN, occurred_on=july(3))]
    assert under_local_law(past).status.clocks[Clock.SETTLEMENT] == counted(july(3), 25)
    past += [*SUSPENDED, change(COMPLAINT, july(20))]
    pauses = [(july(6), july(16))]
    assert under_local_law(past).status.clocks[Clock.SETTLEMENT] == counted(FIRST, 30, pauses)
    back = under_local_law([*past, change(PROPOSAL, july(21))])
    assert back.status.clocks[Clock.SETTLEMENT] == counted(july(3), 25, pauses)


def test_an_accepted_complaint_that_is_a_proposal_has_the_limit_of_the_province_from_the_acceptance() -> None:
    past = [*accepted(COMPLAINT), with_changes(ASSIGN, occurred_on=july(3)), change(PROPOSAL, july(6))]
    assert under_local_law(past).status.clocks[Clock.SETTLEMENT] == counted(FIRST, 25)
    assert Clock.SETTLEMENT not in petition_after(past).status.clocks, "the nation sets none"
