"""Tests that no letter ends unanswered with the first letter that it is linked to."""

from datetime import date

import pytest

from domain.decide import why_closed
from domain.endings.words import PetitionEnding
from domain.errors import Refused
from domain.events import (
    DuplicateLinked,
)
from domain.value import replace
from domain.vocabulary import ANSWERED_STAGES, Stage
from tests.domain import samples as s
from tests.domain.command_sequences import first_letter
from tests.domain.expected_endings import (
    KINDS,
    ON,
    commands_by,
    context_on,
    is_allowed,
    petition_at,
)
from tests.domain.samples import COMPLAINT, PROPOSAL, with_changes
from tests.domain.scenario import (
    FIRST_LETTER,
    MONDAY,
    GivenPast,
    outcome,
    petition_after,
)

each_ending = pytest.mark.parametrize("ending", list(PetitionEnding))
LINKED = DuplicateLinked(occurred_on=date(2026, 7, 8), duplicate=FIRST_LETTER, received_on=MONDAY)


@each_ending
def test_only_an_answer_ends_a_petition_to_which_letters_are_linked(ending: PetitionEnding) -> None:
    acts = {PetitionEnding.OVERRIDE_OF_WITHDRAWAL, PetitionEnding.SUSPENSION}  # they end nothing
    for stage in (stage for stage in Stage if stage.is_open):
        for kind in KINDS.values():
            petition = petition_at(kind, stage, forced=ending is PetitionEnding.OVERRIDE_OF_WITHDRAWAL)
            if petition is None:
                continue
            linked = replace(petition, duplicates=frozenset({FIRST_LETTER}))
            for command in commands_by(ending):
                context = context_on(command, petition)
                without, with_link = is_allowed(command, petition, context), is_allowed(command, linked, context)
                answers = ending in {PetitionEnding.ANSWER_AT_MEETING, PetitionEnding.ANSWER_IN_WRITING}
                assert with_link is (without and (answers or ending in acts))
                closed = why_closed(type(command), linked, context)
                assert closed is not None or answers or ending in acts


def test_a_first_letter_keeps_the_letters_that_repeat_it_until_their_links_are_undone() -> None:
    given: GivenPast = [s.RECEIVE, LINKED, s.WITHDRAW]
    with pytest.raises(Refused, match=r"linked to this petition as duplicates \(1\)") as refused:
        outcome(given=given, when=s.AGREE_TO_WITHDRAWAL)
    assert refused.value.instead("vi") == "hủy xác định đơn trùng của các đơn đó trước"


def test_a_part_that_is_withdrawn_ends_no_letter_that_is_linked() -> None:
    part = with_changes(s.WITHDRAW, scope="part", part="nội dung thứ hai")
    assert outcome(given=[s.RECEIVE, LINKED, part], when=s.AGREE_TO_WITHDRAWAL)


def test_what_was_answered_goes_up_though_letters_are_linked() -> None:
    answered = [with_changes(s.RECEIVE, kind=COMPLAINT), LINKED, *s.answered(COMPLAINT)[1:]]
    assert outcome(given=answered, when=s.COMPLAIN_AGAIN)
    overdue = [with_changes(s.RECEIVE, kind=COMPLAINT), LINKED, *s.in_progress(COMPLAINT)[1:]]
    with pytest.raises(Refused, match="would end by its second complaint without an answer"):
        outcome(given=overdue, when=s.COMPLAIN_AGAIN)


@pytest.mark.parametrize("stage", list(Stage))
def test_a_letter_is_linked_only_to_one_that_is_or_will_be_answered(stage: Stage) -> None:
    first = petition_at(PROPOSAL, stage)
    assert first is not None
    first = replace(first, status=replace(first.status, kind=PROPOSAL))
    command = with_changes(s.DUPLICATE, occurred_on=ON)
    petition = petition_after([s.RECEIVE])
    linkable = stage.is_open or stage in ANSWERED_STAGES or stage is Stage.CLOSED
    assert is_allowed(command, petition, context_on(command, petition)._replace(other=first)) is linkable


@pytest.mark.parametrize("first", list(KINDS))
@pytest.mark.parametrize("again", list(KINDS))
def test_letters_of_two_kinds_do_not_end_together(again: str, first: str) -> None:
    petition = petition_after([with_changes(s.RECEIVE, kind=KINDS[again])])
    context = context_on(s.DUPLICATE, petition)._replace(other=first_letter(KINDS[first]))
    assert is_allowed(s.DUPLICATE, petition, context) is (again in {"u", first})
