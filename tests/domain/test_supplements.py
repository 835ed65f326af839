"""Tests how long the citizen was waited for: the same in whatever order the acts were entered, and no clock moves."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commands import PetitionCommand
from domain.supplements import SupplementAct, SupplementStep, citizen_waits
from domain.vocabulary import PetitionKind
from tests.domain import samples
from tests.domain.samples import ASK_FOR_MORE, COMPLAINT, PROPOSAL, SUPPLEMENT, classified_as, july, with_changes
from tests.domain.scenario import petition_after
from tests.examples import examples

ASKED_AGAIN = with_changes(ASK_FOR_MORE, occurred_on=july(10), asked_for_on=july(24))


def waits_after(commands: Sequence[PetitionCommand]) -> list[tuple[date, date | None]]:
    return [(wait.since_on, wait.until_on) for wait in petition_after(commands).status.citizen_waits]


@pytest.mark.parametrize(
    ("commands", "waits"),
    [
        ([], []),
        ([SUPPLEMENT], []),  # the citizen wrote unasked
        ([ASK_FOR_MORE], [(july(8), None)]),
        ([ASK_FOR_MORE, SUPPLEMENT], [(july(8), july(9))]),
        ([ASK_FOR_MORE, ASKED_AGAIN], [(july(8), None)]),
        ([ASK_FOR_MORE, SUPPLEMENT, ASKED_AGAIN], [(july(8), july(9)), (july(10), None)]),
        ([SUPPLEMENT, ASK_FOR_MORE], [(july(8), july(9))]),  # the request was entered late
        ([ASK_FOR_MORE, with_changes(SUPPLEMENT, occurred_on=july(7))], [(july(8), None)]),  # came before it
        ([ASK_FOR_MORE, samples.ACCEPT], [(july(8), july(9))]),
        ([ASK_FOR_MORE, samples.REFUSE], [(july(8), july(9))]),
        ([ASK_FOR_MORE, samples.TRANSFER, samples.DECLINED], [(july(8), july(9))]),
        ([ASKED_AGAIN, samples.ACCEPT], [(july(10), july(10))]),  # asked after the acceptance of the 9th was dated
        ([ASK_FOR_MORE, samples.ACCEPT, with_changes(SUPPLEMENT, occurred_on=july(20))], [(july(8), july(9))]),
    ],
)
def test_the_citizen_is_waited_for_from_the_request_until_it_came_or_the_office_went_on(
    commands: list[PetitionCommand], waits: list[tuple[date, date | None]]
) -> None:
    assert waits_after([*classified_as(COMPLAINT), *commands]) == waits


@pytest.mark.parametrize("kind", PetitionKind)
def test_no_clock_stands_still_while_the_citizen_is_waited_for(kind: PetitionKind) -> None:
    asked = petition_after([*classified_as(kind), ASK_FOR_MORE, with_changes(SUPPLEMENT, occurred_on=july(14))])
    assert asked.deadlines == petition_after(classified_as(kind)).deadlines


def test_the_latest_day_that_was_named_is_kept() -> None:
    (wait,) = petition_after([*classified_as(PROPOSAL), ASK_FOR_MORE, ASKED_AGAIN]).status.citizen_waits
    assert (wait.asked_for_on, wait.days(july(20))) == (july(24), 12)


STEPS = st.lists(
    st.builds(SupplementStep, act=st.sampled_from(SupplementAct), on=st.dates(july(1), july(1) + timedelta(days=30))),
    max_size=5,
    unique_by=lambda step: step.on,
)


@examples(200)
@given(STEPS)
def test_waits_follow_one_another_whatever_the_order_of_entry(steps: list[SupplementStep]) -> None:
    waits = citizen_waits(steps)
    assert all(citizen_waits(order) == waits for order in permutations(steps))
    ends = [(wait.since_on, wait.until_on or date.max) for wait in waits]
    assert ends == sorted(ends)
    assert all(until_on <= following for (_, until_on), (following, _) in pairwise(ends))
    assert all(wait.until_on is not None for wait in waits[:-1])
