"""Tests duplicates: linked, unlinked, and recorded in the history of the first letter."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commands import MarkDuplicate, PetitionCommand, UnmarkDuplicate
from domain.deadlines.clock import Clock
from domain.deadlines.clock_run import Move
from domain.deadlines.ledger import fold_ledger
from domain.decide import decide
from domain.decision_context import DecisionContext
from domain.envelope import EventEnvelope
from domain.errors import Refused
from domain.events import (
    Correction,
    DuplicateLinked,
    DuplicateUnlinked,
    PetitionMarkedDuplicate,
    PetitionReceived,
    PetitionUnmarkedDuplicate,
    RecordCorrected,
)
from domain.evolve import evolve
from domain.follow_on_events import LinkedEvent, linked_events
from domain.petition import Petition
from domain.vocabulary import OfficerId, PetitionId, Stage
from tests.domain.samples import (
    ASSIGN,
    CANCEL,
    CLASSIFY,
    COMPLAINT,
    DUPLICATE,
    GUIDE,
    PROPOSAL,
    RECEIVE,
    UNLINK,
    classified_as,
    july,
    with_changes,
)
from tests.domain.scenario import (
    FIRST_LETTER,
    HEAD,
    MONDAY,
    PETITION,
    GivenPast,
    decision_context,
    history_of,
    only_fact,
    outcome,
    petition_after,
)


def first_letter(*, linked: bool = False) -> Petition:
    link = DuplicateLinked(occurred_on=july(8), duplicate=PETITION, received_on=MONDAY)
    return petition_after([RECEIVE, link] if linked else [RECEIVE])


def test_a_duplicate_is_linked_to_the_first() -> None:
    first = first_letter()
    marked = outcome(given=[RECEIVE], when=DUPLICATE, other=first)
    assert only_fact(PetitionMarkedDuplicate, marked).duplicate_of == FIRST_LETTER


def test_a_petition_does_not_repeat_itself() -> None:
    with pytest.raises(Refused, match="a petition is not a duplicate of itself"):
        outcome(given=[RECEIVE], when=with_changes(DUPLICATE, duplicate_of=PETITION), other=first_letter())


def test_a_duplicate_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="the petition that it would repeat does not exist"):
        outcome(given=[RECEIVE], when=DUPLICATE)


def test_a_duplicate_names_the_first_letter_and_not_another_duplicate() -> None:
    duplicate = petition_after([RECEIVE, DUPLICATE], other=first_letter())
    with pytest.raises(Refused, match="the petition that it would repeat is duplicate; name the first one"):
        outcome(given=[RECEIVE], when=DUPLICATE, other=duplicate)


def test_a_duplicate_does_not_name_a_cancelled_number() -> None:
    cancelled = petition_after([RECEIVE, CANCEL])
    with pytest.raises(Refused, match="the petition that it would repeat is cancelled"):
        outcome(given=[RECEIVE], when=DUPLICATE, other=cancelled)


def test_a_petition_that_is_worked_on_is_no_duplicate() -> None:
    with pytest.raises(Refused, match="that is guided cannot be marked as a duplicate"):
        outcome(
            given=[*classified_as(PROPOSAL), GUIDE],
            when=with_changes(DUPLICATE, occurred_on=july(10)),
            other=first_letter(),
        )


def test_the_first_letter_is_not_younger_than_the_one_that_repeats_it() -> None:
    younger = petition_after([with_changes(RECEIVE, occurred_on=july(7))])
    with pytest.raises(Refused, match="came later, on 2026-07-07: link that one to this"):
        outcome(given=[RECEIVE], when=DUPLICATE, other=younger)


def test_letters_are_never_linked_to_a_letter_that_is_a_duplicate_itself_or_no_case() -> None:
    linked = DuplicateLinked(occurred_on=july(7), duplicate=FIRST_LETTER, received_on=MONDAY)
    for command, what in ((DUPLICATE, "be marked as a duplicate"), (CANCEL, "have its registration cancelled")):
        with pytest.raises(Refused, match=rf"linked as duplicates \(1\) cannot {what}: undo that first"):
            outcome(given=[RECEIVE, linked], when=command, other=first_letter())


def test_a_duplicate_has_no_clock() -> None:
    status = petition_after([RECEIVE, CLASSIFY, DUPLICATE], other=first_letter()).status
    assert (status.stage, status.clocks, status.settled_on) == (Stage.DUPLICATE, {}, DUPLICATE.occurred_on)


@pytest.mark.parametrize("before", [[RECEIVE], classified_as(PROPOSAL), classified_as(COMPLAINT)])
def test_a_link_that_is_undone_leaves_everything_as_it_was_before(before: GivenPast) -> None:
    was, first = petition_after(before), petition_after(before)
    linked = petition_after([*before, DUPLICATE], other=first)
    now = petition_after([*before, DUPLICATE, UNLINK], other=first)
    assert was.deadlines
    assert (now.status, now.deadlines) == (was.status, was.deadlines)
    assert (linked.duplicate_of, now.duplicate_of) == (FIRST_LETTER, None)


def test_it_may_be_late_the_moment_it_comes_back() -> None:
    petition = petition_after([RECEIVE, DUPLICATE, with_changes(UNLINK, occurred_on=july(30))], other=first_letter())
    assert petition.is_past_limit(july(30))
    assert petition.status.due_on == july(20)


def test_a_petition_that_came_back_goes_on_like_any_other() -> None:
    given: GivenPast = [RECEIVE, DUPLICATE, UNLINK, with_changes(CLASSIFY, occurred_on=july(9)), ASSIGN]
    assert petition_after(given, other=first_letter()).stage is Stage.ASSIGNED


def test_the_clock_that_comes_back_counts_from_a_day_of_receipt_that_was_corrected_meanwhile() -> None:
    corrected = RecordCorrected(
        occurred_on=july(8),
        corrections=(Correction(version=1, form=1, path="occurred_on", was='"2026-07-06"', becomes='"2026-07-01"'),),
        why="gõ nhầm",
        proposed_by=OfficerId("van-thu"),
    )
    petition = petition_after([RECEIVE, DUPLICATE, corrected, UNLINK], other=first_letter())
    triage = petition.deadlines[Clock.TRIAGE]
    assert (triage.started_on, triage.due_on) == (july(1), july(15))


def test_a_link_does_not_end_before_it_was_made() -> None:
    with pytest.raises(Refused, match="the link was made on 2026-07-08 and cannot end before"):
        outcome(
            given=[RECEIVE, PetitionMarkedDuplicate(occurred_on=july(8), duplicate_of=FIRST_LETTER)],
            when=with_changes(UNLINK, occurred_on=july(7)),
            other=first_letter(linked=True),
        )


def test_the_ledger_shows_one_clock_that_stopped_and_went_on() -> None:
    (run,) = fold_ledger(history_of([RECEIVE, DUPLICATE, UNLINK], other=first_letter())).clocks
    assert [one.move for one in run.segments] == [Move.START, Move.STOP, Move.RESUME]
    assert (run.started_on, run.due_on, run.stopped_on, run.pauses) == (MONDAY, july(20), None, ())


def events_linked(given: GivenPast, when: PetitionCommand, first: Petition) -> list[LinkedEvent]:
    petition = petition_after(given, other=first)
    (fact,) = outcome(given=given, when=when, other=first)
    return linked_events(petition, fact, decision_context(HEAD, other=first))


def test_the_first_letter_is_told_that_it_was_repeated() -> None:
    first = first_letter()
    (one,) = events_linked([RECEIVE], DUPLICATE, first)
    assert one.petition is first
    linked = only_fact(DuplicateLinked, [one.fact])
    assert (linked.duplicate, linked.reference, linked.received_on) == (PETITION, "TD-2026-000001", MONDAY)
    assert evolve(first, EventEnvelope(FIRST_LETTER, first.version + 1, linked, HEAD)).duplicates == {PETITION}


def test_the_first_letter_is_told_that_it_was_not() -> None:
    first = first_letter(linked=True)
    given: GivenPast = [RECEIVE, PetitionMarkedDuplicate(occurred_on=july(8), duplicate_of=FIRST_LETTER)]
    petition = petition_after(given)
    (fact,) = outcome(given=given, when=UNLINK, other=first)
    (one,) = linked_events(petition, fact, decision_context(HEAD, other=first))
    unlinked = only_fact(DuplicateUnlinked, [one.fact])
    assert evolve(first, EventEnvelope(FIRST_LETTER, first.version + 1, unlinked, HEAD)).duplicates == frozenset()


def test_a_first_letter_that_knows_of_no_link_is_told_of_no_end() -> None:
    linked = PetitionMarkedDuplicate(occurred_on=july(8), duplicate_of=FIRST_LETTER)
    assert events_linked([RECEIVE, linked], UNLINK, first_letter()) == []


def test_other_facts_tell_nobody() -> None:
    assert events_linked([RECEIVE], CLASSIFY, first_letter()) == []


LETTERS = [PetitionId(UUID(int=n)) for n in range(1, 5)]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 3)), max_size=30))
def test_whatever_is_linked_and_undone_every_letter_leads_to_one_that_is_a_case(
    tries: list[tuple[bool, int, int]],
) -> None:
    """Each attempt is decided on the present state of both histories; the append checks both versions."""
    receipt = only_fact(PetitionReceived, outcome(given=[], when=RECEIVE))
    letters = {one: evolve(None, EventEnvelope(one, 1, receipt, HEAD)) for one in LETTERS}
    for is_link, n, m in tries:
        petition = letters[LETTERS[n]]
        on = july(8)
        command: MarkDuplicate | UnmarkDuplicate = UnmarkDuplicate(occurred_on=on, reason="khác")
        first = petition.duplicate_of
        if is_link:
            first = LETTERS[m]
            command = MarkDuplicate(occurred_on=on, duplicate_of=first)
        context: DecisionContext = decision_context(HEAD, other=letters.get(first) if first else None)
        try:
            (fact,) = decide(command, petition, context).facts
        except Refused:
            continue
        for other in linked_events(petition, fact, context):
            letters[other.petition.petition_id] = evolve(
                other.petition, EventEnvelope(other.petition.petition_id, other.petition.version + 1, other.fact, HEAD)
            )
        letters[petition.petition_id] = evolve(
            petition, EventEnvelope(petition.petition_id, petition.version + 1, fact, HEAD)
        )
    for letter in letters.values():
        if letter.duplicate_of is None:
            assert letter.stage is Stage.RECEIVED
            assert letter.duplicates == {one for one in LETTERS if letters[one].duplicate_of == letter.petition_id}
        else:
            assert letters[letter.duplicate_of].stage is Stage.RECEIVED
            assert letter.petition_id in letters[letter.duplicate_of].duplicates


def test_marking_and_unmarking_name_the_same_letter() -> None:
    linked = petition_after([RECEIVE, DUPLICATE], other=first_letter())
    undone = decide(UNLINK, linked, decision_context(HEAD, other=first_letter())).facts
    assert only_fact(PetitionUnmarkedDuplicate, undone).duplicate_of == FIRST_LETTER
