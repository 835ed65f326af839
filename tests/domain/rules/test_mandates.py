"""Tests who must be represented before a petition is accepted: mandates, proxies, and persons who withdraw."""

from datetime import date

import pytest

from domain.commands import PetitionCommand
from domain.errors import Refused
from domain.events import MandateRecorded, MatterOpened, ProxyRecorded, SignatoryWithdrew, StageOpened
from domain.follow_on_events import new_streams
from domain.petitioner import Petitioner
from domain.refusals.code import RefusalCode
from domain.refusals.endings import EndingRefusal
from domain.refusals.intake import IntakeRefusal
from domain.refusals.mandates import MandateRefusal as No
from domain.rules.intake import petitioner_references
from domain.rules.representation import MASS_PERSON_COUNT
from domain.value import UNSET, said
from domain.vocabulary import PersonCapacity, PetitionKind, Stage
from tests.domain.samples import (
    ACCEPT,
    ANSWER,
    APPROVE,
    ASSIGN,
    CLASSIFY,
    COMPLAIN_AGAIN,
    COMPLAINT,
    DENUNCIATION,
    LEAVE,
    MANDATE,
    PROPOSAL,
    PROPOSE,
    PROXY,
    SPLIT,
    START,
    TAKE_OVER,
    from_many,
    july,
    with_changes,
)
from tests.domain.scenario import (
    HEAD,
    PETITION,
    GivenPast,
    decision_context,
    only_fact,
    outcome,
    petition_after,
)

A, B, C = (Petitioner(name=f"Người Mẫu {n}") for n in "ABC")
REF_A, REF_B, REF_C = petitioner_references(PETITION, 3)
SIX = from_many(6, COMPLAINT)
MANDATE_OF_SIX = with_changes(MANDATE, signatures=6)
ACCEPTED_SIX = [*SIX, MANDATE_OF_SIX, ACCEPT]


def chosen(person: Petitioner) -> Petitioner:
    return person.model_copy(update={"is_representative": True})


def code_of(given: GivenPast, when: PetitionCommand) -> RefusalCode | None:
    try:
        outcome(given=given, when=when)
    except Refused as refused:
        return refused.code
    return None


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (from_many(30, COMPLAINT, A), No.COMPLAINT_NEEDS_MANDATE),
        (from_many(MASS_PERSON_COUNT, COMPLAINT), No.COMPLAINT_NEEDS_MANDATE),
        (from_many(MASS_PERSON_COUNT - 1, COMPLAINT), None),
        (from_many(1, COMPLAINT, A), None),
        (from_many(30, COMPLAINT, chosen(A)), No.COMPLAINT_NEEDS_MANDATE),
        (from_many(2, COMPLAINT, chosen(A)), No.COMPLAINT_NEEDS_MANDATE),
        ([*from_many(30, COMPLAINT), with_changes(MANDATE, signatures=29)], No.SIGNATURES_ARE_MISSING),
        ([*from_many(30, COMPLAINT), with_changes(MANDATE, signatures=30)], None),
        ([*from_many(30, COMPLAINT), with_changes(MANDATE, signatures=29), LEAVE], None),
        (from_many(30, DENUNCIATION, A), No.MANY_PERSONS_NEED_REPRESENTATIVE),
        (from_many(30, DENUNCIATION, chosen(A)), None),
        ([*from_many(30, DENUNCIATION), with_changes(MANDATE, signatures=12)], None),
        (from_many(30, PROPOSAL), None),
    ],
)
def test_a_petition_of_many_persons_is_accepted_once_they_are_represented(
    given: GivenPast, code: RefusalCode | None
) -> None:
    assert code_of(given, ACCEPT) is code


def test_a_number_that_is_corrected_before_the_acceptance_counts() -> None:
    one = from_many(1, COMPLAINT, A)
    thirty = [
        *one,
        with_changes(PROPOSE, occurred_on=july(8), place=None, person_count=30),
        with_changes(APPROVE, occurred_on=july(9)),
    ]
    assert (code_of(one, ACCEPT), code_of(thirty, ACCEPT)) == (None, No.COMPLAINT_NEEDS_MANDATE)


@pytest.mark.parametrize("later", [[], [ASSIGN], [ASSIGN, START]])
def test_what_is_accepted_as_a_proposal_becomes_no_complaint_without_a_mandate(later: list[PetitionCommand]) -> None:
    given = [*from_many(30, PROPOSAL), ACCEPT, *later]
    as_complaint = with_changes(CLASSIFY, occurred_on=july(15), kind=COMPLAINT, reason="đọc lại")
    assert code_of(given, as_complaint) is No.COMPLAINT_NEEDS_MANDATE
    assert code_of(given, with_changes(as_complaint, kind=DENUNCIATION)) is No.MANY_PERSONS_NEED_REPRESENTATIVE
    with_mandate = [*given, with_changes(MANDATE, occurred_on=july(14), signatures=30)]
    assert code_of(with_mandate, as_complaint) is None
    assert code_of(from_many(30, PROPOSAL), with_changes(as_complaint, occurred_on=july(8))) is None, "not accepted yet"


def test_a_life_from_thirty_persons_to_the_settlement_for_those_who_are_left() -> None:
    given: GivenPast = from_many(30, COMPLAINT, A)
    recorded = only_fact(MandateRecorded, outcome(given=given, when=with_changes(MANDATE, signatures=30)))
    (person,) = said(recorded.persons, ())
    assert (person.ref, person.capacity) == (REF_B, PersonCapacity.REPRESENTATIVE)
    assert recorded.mandate.representatives == (REF_B,)
    accepted = [*given, with_changes(MANDATE, signatures=30), ACCEPT, ASSIGN, START]
    left = only_fact(SignatoryWithdrew, outcome(given=accepted, when=with_changes(LEAVE, occurred_on=july(15))))
    assert (left.signatory, [one.ref for one in said(left.persons, ())]) == (REF_C, [REF_C])
    petition = petition_after([*accepted, with_changes(LEAVE, occurred_on=july(15))])
    assert (petition.standing_count, petition.opening.counted_persons) == (29, 30)
    assert petition.stage is Stage.IN_PROGRESS, "the settlement goes on for the others"
    assert code_of([*accepted, with_changes(LEAVE, occurred_on=july(15))], ANSWER) is None


def test_no_fact_of_these_holds_a_name() -> None:
    for when in (MANDATE_OF_SIX, PROXY, LEAVE):
        (fact,) = outcome(given=SIX, when=when)
        for person in when.persons:
            assert person.name not in repr(fact)


def test_representatives_of_the_receipt_need_not_be_named_again() -> None:
    fact = only_fact(
        MandateRecorded,
        outcome(given=from_many(6, COMPLAINT, A, chosen(B)), when=with_changes(MANDATE_OF_SIX, persons=())),
    )
    assert (fact.mandate.representatives, fact.persons) == ((REF_B,), UNSET)


def test_a_later_mandate_takes_the_place_of_an_earlier_one_whose_representative_withdrew() -> None:
    gone = [*SIX, MANDATE_OF_SIX, with_changes(LEAVE, persons=(), signatory=REF_A)]
    assert petition_after(gone).representatives == ()
    assert code_of(gone, ACCEPT) is No.MANY_PERSONS_NEED_REPRESENTATIVE
    again = [*gone, with_changes(MANDATE, signatures=5)]
    assert petition_after(again).representatives == (REF_B,)
    assert code_of(again, ACCEPT) is None


def test_a_proxy_is_for_one_content_and_counts_as_no_petitioner() -> None:
    given = from_many(1, COMPLAINT, A)
    fact = only_fact(ProxyRecorded, outcome(given=given, when=with_changes(PROXY, principal=REF_A, is_lawyer=True)))
    assert (fact.proxy.proxy, fact.proxy.principal) == (REF_B, REF_A)
    assert [person.capacity for person in said(fact.persons, ())] == [PersonCapacity.LAWYER]
    petition = petition_after([*given, PROXY])
    assert (petition.standing_count, [one.ref for one in petition.standing_persons]) == (1, [REF_A])
    assert code_of([*given, PROXY], with_changes(PROXY, scope="nhận văn bản")) is None
    assert code_of([*given, PROXY], PROXY) is No.PROXY_FOR_THE_SAME_CONTENT


def opened_by(given: GivenPast, when: PetitionCommand) -> list[MatterOpened | StageOpened]:
    petition, facts = petition_after(given), outcome(given=given, when=when)
    streams = [one for fact in facts for one in new_streams(petition, fact, when, decision_context(HEAD))]
    openings = [fact for one in streams for fact in one.facts]
    assert all(isinstance(fact, MatterOpened | StageOpened) for fact in openings)
    return openings  # type: ignore[return-value]


@pytest.mark.parametrize("kind", [COMPLAINT, DENUNCIATION])
def test_what_is_opened_by_a_letter_has_its_mandate_and_those_who_are_left(kind: PetitionKind) -> None:
    proxies = [PROXY] if kind is COMPLAINT else []  # a denouncer acts in person
    leave = with_changes(LEAVE, persons=(), signatory=REF_A)
    intake = [*from_many(6, kind, A, B), MANDATE_OF_SIX, *proxies, leave]
    taken_over = opened_by([*intake, ACCEPT, ASSIGN], TAKE_OVER) if kind is DENUNCIATION else ()
    for opening in (*opened_by(intake, with_changes(SPLIT, occurred_on=july(8))), *taken_over):
        assert opening.person_count == 5
        assert [person.ref for person in said(opening.persons, ())] == [REF_B, REF_C]
        assert opening.mandate is not UNSET
        assert opening.mandate.representatives == (REF_C,)
        assert len(said(opening.proxies, ())) == len(proxies)
        assert petition_after([opening]).representatives == (REF_C,)
        classified = [opening, with_changes(CLASSIFY, occurred_on=date(2026, 10, 2), kind=kind)]
        assert code_of(classified, with_changes(ACCEPT, occurred_on=date(2026, 10, 5))) is None


def test_a_second_complaint_is_a_letter_of_its_own_and_needs_a_mandate_of_its_own() -> None:
    (opening,) = opened_by([*ACCEPTED_SIX, ASSIGN, START, ANSWER], COMPLAIN_AGAIN)
    assert (opening.mandate, said(opening.person_count, 0)) == (UNSET, 6)
    on = date(2026, 10, 2)
    classified = [opening, with_changes(CLASSIFY, occurred_on=on, kind=COMPLAINT)]
    accept = with_changes(ACCEPT, occurred_on=on)
    assert code_of(classified, accept) is No.COMPLAINT_NEEDS_MANDATE
    mandate = with_changes(MANDATE_OF_SIX, occurred_on=on, persons=())
    assert code_of([*classified, mandate], accept) is None


@pytest.mark.parametrize(
    ("given", "when", "code"),
    [
        (from_many(1, COMPLAINT), MANDATE, No.ONE_PERSON_NEEDS_NO_MANDATE),
        (SIX, with_changes(MANDATE, persons=()), No.NO_REPRESENTATIVE_NAMED),
        (from_many(6, COMPLAINT, A), with_changes(MANDATE, representatives=(REF_A, REF_A)), No.REPRESENTATIVE_TWICE),
        (SIX, with_changes(MANDATE, representatives=(REF_A,)), No.NO_SUCH_PERSON),
        ([*SIX, PROXY], with_changes(MANDATE, representatives=(REF_A,)), No.NO_SUCH_PERSON),
        ([*SIX, LEAVE], with_changes(MANDATE, representatives=(REF_A,)), No.PERSON_HAS_WITHDRAWN),
        (SIX, with_changes(MANDATE, persons=(A, B, C)), IntakeRefusal.TOO_MANY_REPRESENTATIVES),
        (from_many(2, COMPLAINT, A, B), MANDATE, No.MORE_NAMED_THAN_PERSONS),
        (SIX, with_changes(MANDATE, signatures=7), No.MORE_SIGNATURES_THAN_PERSONS),
        ([*SIX, LEAVE], MANDATE_OF_SIX, No.MORE_SIGNATURES_THAN_PERSONS),
        (SIX, with_changes(MANDATE, document_on=july(9)), No.DOCUMENT_OF_A_LATER_DAY),
        (SIX, with_changes(PROXY, document_on=july(9)), No.DOCUMENT_OF_A_LATER_DAY),
        (from_many(6, DENUNCIATION), PROXY, No.PROXY_IS_FOR_A_COMPLAINT),
        (from_many(6, PROPOSAL), PROXY, No.PROXY_IS_FOR_A_COMPLAINT),
        (SIX, with_changes(PROXY, principal=REF_A), No.NO_SUCH_PERSON),
        (from_many(1, COMPLAINT, A), LEAVE, No.LAST_PERSON_WITHDRAWS),
        ([*from_many(2, COMPLAINT), LEAVE], LEAVE, No.LAST_PERSON_WITHDRAWS),
        (SIX, with_changes(LEAVE, coercion_checked=False), EndingRefusal.COERCION_NOT_ASKED),
        (SIX, with_changes(LEAVE, signs_of_coercion=True), EndingRefusal.WITHDRAWAL_MAY_BE_FORCED),
        (SIX, with_changes(LEAVE, persons=()), No.ONE_SIGNATORY),
        (from_many(6, COMPLAINT, A), with_changes(LEAVE, signatory=REF_A), No.ONE_SIGNATORY),
        ([*SIX, LEAVE], with_changes(LEAVE, persons=(), signatory=REF_A), No.PERSON_HAS_WITHDRAWN),
        (from_many(2, COMPLAINT, A, B), LEAVE, No.ALL_PERSONS_ARE_NAMED),
        ([*ACCEPTED_SIX, ASSIGN, START, ANSWER], MANDATE, No.CANNOT_RECORD_MANDATE),
        ([*ACCEPTED_SIX, ASSIGN, START, ANSWER], PROXY, No.CANNOT_RECORD_PROXY),
        ([*ACCEPTED_SIX, ASSIGN, START, ANSWER], LEAVE, No.CANNOT_WITHDRAW_SIGNATORY),
    ],
)
def test_what_is_refused(given: GivenPast, when: PetitionCommand, code: RefusalCode) -> None:
    assert code_of(given, when) is code
