"""Tests intake: from the receipt to the acceptance."""

from datetime import date

import pytest

from domain.deadlines.clock import Clock
from domain.decide import decide
from domain.errors import Refused
from domain.events import (
    AcceptanceRefused,
    PetitionAccepted,
    PetitionClassified,
    PetitionSplit,
    ReceiptAcknowledged,
    RegistrationCancelled,
    SupplementReceived,
    SupplementRequested,
)
from domain.rules.representation import MASS_PERSON_COUNT
from domain.value import UNSET, replace, said
from domain.vocabulary import Competence, PetitionKind, Stage
from tests.domain.samples import (
    ACCEPT,
    ACKNOWLEDGE,
    ANSWER,
    ASK_FOR_MORE,
    ASSIGN,
    CANCEL,
    CLASSIFY,
    COMPLAINT,
    DENUNCIATION,
    PROPOSAL,
    RECEIVE,
    RECLASSIFY,
    REFUSE,
    SPLIT,
    SUPPLEMENT,
    assigned,
    august,
    classified_as,
    in_progress,
    july,
    with_changes,
)
from tests.domain.scenario import HEAD, MONDAY, GivenPast, decision_context, only_fact, outcome, petition_after

# -- cancel, split -----------------------------------------------------------------------------------------------------


def test_a_number_given_by_mistake_is_cancelled_and_stays_in_the_register() -> None:
    assert only_fact(RegistrationCancelled, outcome(given=[RECEIVE], when=CANCEL)).reason == CANCEL.reason
    assert petition_after([RECEIVE, CANCEL]).reference == "TD-2026-000001"


def test_a_petition_that_was_taken_up_is_no_mistake() -> None:
    with pytest.raises(Refused, match="that is classified cannot have its registration cancelled"):
        outcome(given=classified_as(PROPOSAL), when=CANCEL)


def test_each_matter_of_a_split_letter_has_an_id_of_its_own() -> None:
    split = only_fact(PetitionSplit, outcome(given=[RECEIVE], when=SPLIT))
    assert len(set(split.matters)) == 2


def test_a_letter_is_split_once() -> None:
    with pytest.raises(Refused, match="that is split cannot be split"):
        outcome(given=[RECEIVE, SPLIT], when=SPLIT)


# -- classify ----------------------------------------------------------------------------------------------------------


def test_a_classification_starts_the_clock_of_acceptance_on_the_day_of_receipt() -> None:
    classified = only_fact(PetitionClassified, outcome(given=[RECEIVE], when=with_changes(CLASSIFY, kind=COMPLAINT)))
    assert [(d.clock, d.started_on, d.due_on) for d in said(classified.deadlines, ())] == [
        (Clock.ACCEPTANCE, MONDAY, july(15))
    ]


def test_a_proposal_waits_for_no_acceptance() -> None:
    assert only_fact(PetitionClassified, outcome(given=[RECEIVE], when=CLASSIFY)).deadlines is UNSET


def test_what_the_sender_called_a_complaint_and_is_none_waits_for_no_acceptance() -> None:
    assert petition_after([with_changes(RECEIVE, kind=COMPLAINT), CLASSIFY]).status.clocks == {Clock.TRIAGE: july(20)}


def test_a_clock_that_runs_already_is_not_started_again() -> None:
    given = [with_changes(RECEIVE, kind=COMPLAINT)]
    assert (
        only_fact(PetitionClassified, outcome(given=given, when=with_changes(CLASSIFY, kind=COMPLAINT))).deadlines
        is UNSET
    )


@pytest.mark.parametrize(("persons", "is_mass"), [(4, False), (5, True)])
def test_five_persons_on_one_content_are_a_mass_case(persons: int, is_mass: bool) -> None:
    given = petition_after([with_changes(RECEIVE, person_count=persons)])
    assert (given.opening.counted_persons >= MASS_PERSON_COUNT) is is_mass


def test_an_eligible_petition_fails_no_condition() -> None:
    with pytest.raises(Refused, match="an eligible petition has no failed conditions"):
        outcome(given=[RECEIVE], when=with_changes(CLASSIFY, failed_conditions=["không ký tên"]))


def test_an_ineligible_petition_says_what_it_fails() -> None:
    with pytest.raises(Refused, match="say which conditions an ineligible petition fails"):
        outcome(given=[RECEIVE], when=with_changes(CLASSIFY, is_eligible=False))
    ineligible = with_changes(CLASSIFY, is_eligible=False, failed_conditions=["không ký tên"])
    assert not only_fact(PetitionClassified, outcome(given=[RECEIVE], when=ineligible)).is_eligible


def test_a_change_of_the_classification_needs_its_reason() -> None:
    with pytest.raises(Refused, match="a change of the classification needs its reason"):
        outcome(given=classified_as(COMPLAINT), when=CLASSIFY)
    changed = only_fact(PetitionClassified, outcome(given=classified_as(COMPLAINT), when=RECLASSIFY))
    assert (changed.kind, changed.reason) == (PROPOSAL, RECLASSIFY.reason)


def test_a_classification_says_the_competence_that_was_said_and_no_other() -> None:
    assert only_fact(PetitionClassified, outcome(given=[RECEIVE], when=CLASSIFY)).competence is UNSET
    stated = with_changes(CLASSIFY, competence=Competence.OWN)
    assert only_fact(PetitionClassified, outcome(given=[RECEIVE], when=stated)).competence is Competence.OWN


def test_another_kind_takes_along_its_limits_and_ends_those_of_the_first() -> None:
    became_proposal = petition_after([*classified_as(COMPLAINT), RECLASSIFY])
    assert became_proposal.status.clocks == {Clock.TRIAGE: july(20)}
    became_complaint = petition_after([*classified_as(PROPOSAL), with_changes(RECLASSIFY, kind=COMPLAINT)])
    assert became_complaint.status.clocks == {Clock.TRIAGE: july(20), Clock.ACCEPTANCE: july(15)}


def test_another_kind_does_not_undo_that_the_acceptance_is_late() -> None:
    late = petition_after([*classified_as(COMPLAINT), with_changes(RECLASSIFY, occurred_on=july(16))])
    assert late.status.clocks[Clock.ACCEPTANCE] == july(15)
    assert late.is_past_limit(july(16))


def test_another_kind_does_not_undo_that_the_settlement_is_late() -> None:
    """A denunciation has 30 days everywhere, a complaint 45 in a remote area."""
    remote: GivenPast = [with_changes(RECEIVE, is_remote_area=True), with_changes(CLASSIFY, kind=DENUNCIATION), ACCEPT]
    assert petition_after(remote).status.clocks[Clock.SETTLEMENT] == august(10)
    in_time = with_changes(RECLASSIFY, kind=COMPLAINT, occurred_on=august(10))
    assert petition_after([*remote, in_time]).status.clocks[Clock.SETTLEMENT] == august(24)
    too_late = with_changes(RECLASSIFY, kind=COMPLAINT, occurred_on=august(11))
    assert petition_after([*remote, too_late]).status.clocks[Clock.SETTLEMENT] == august(10)


def test_a_proposal_that_turns_out_to_be_a_complaint_is_due_as_if_it_had_been_one() -> None:
    changed = outcome(given=[*classified_as(PROPOSAL), ASSIGN], when=with_changes(RECLASSIFY, kind=COMPLAINT))
    (settlement,) = said(only_fact(PetitionClassified, changed).deadlines, ())
    assert (settlement.clock, settlement.started_on, settlement.due_on) == (
        Clock.SETTLEMENT,
        MONDAY,
        august(5),
    )


def test_an_answered_petition_is_not_classified_anew() -> None:
    with pytest.raises(Refused, match="that is answered in writing cannot be classified"):
        outcome(given=[*in_progress(PROPOSAL), ANSWER], when=with_changes(RECLASSIFY, occurred_on=july(27)))


# -- acknowledge, supplement -------------------------------------------------------------------------------------------


def test_to_acknowledge_is_not_to_answer() -> None:
    acknowledged = petition_after([RECEIVE, ACKNOWLEDGE])
    assert acknowledged.status == petition_after([RECEIVE]).status
    only_fact(
        ReceiptAcknowledged, outcome(given=assigned(PROPOSAL), when=with_changes(ACKNOWLEDGE, occurred_on=july(12)))
    )
    orally = with_changes(ACKNOWLEDGE, document_no="")
    assert only_fact(ReceiptAcknowledged, outcome(given=[RECEIVE], when=orally)).document_no is UNSET
    with pytest.raises(Refused, match="that is refused cannot be acknowledged"):
        outcome(given=[*classified_as(COMPLAINT), REFUSE], when=with_changes(ACKNOWLEDGE, occurred_on=july(10)))


def test_a_supplement_is_asked_for_before_the_petition_is_taken_up() -> None:
    assert only_fact(SupplementRequested, outcome(given=[RECEIVE], when=ASK_FOR_MORE)).wanted
    with pytest.raises(Refused, match="that is accepted cannot be sent back for a supplement"):
        outcome(given=[*classified_as(COMPLAINT), ACCEPT], when=ASK_FOR_MORE)


def test_a_supplement_is_not_wanted_in_the_past() -> None:
    with pytest.raises(Refused, match="the day asked for lies before the request"):
        outcome(given=[RECEIVE], when=with_changes(ASK_FOR_MORE, asked_for_on=july(7)))


def test_a_supplement_is_entered_as_long_as_the_petition_is_open() -> None:
    assert only_fact(SupplementReceived, outcome(given=in_progress(PROPOSAL), when=SUPPLEMENT)).summary
    with pytest.raises(Refused, match="that is cancelled cannot be supplemented"):
        outcome(given=[RECEIVE, CANCEL], when=SUPPLEMENT)


# -- accept, refuse ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "is_remote_area", "due_on"),
    [
        (COMPLAINT, False, august(10)),  # 30 days end on Saturday 8 August
        (COMPLAINT, True, august(24)),  # 45 days end on Sunday 23 August
        (DENUNCIATION, False, august(10)),
        (DENUNCIATION, True, august(10)),
    ],
)
def test_the_limit_of_settlement_starts_on_the_day_of_acceptance(
    kind: PetitionKind, is_remote_area: bool, due_on: date
) -> None:
    given: GivenPast = [with_changes(RECEIVE, is_remote_area=is_remote_area), with_changes(CLASSIFY, kind=kind)]
    settlement, *_duties = said(only_fact(PetitionAccepted, outcome(given=given, when=ACCEPT)).deadlines, ())
    assert (settlement.clock, settlement.started_on, settlement.due_on) == (
        Clock.SETTLEMENT,
        ACCEPT.occurred_on,
        due_on,
    )


def test_acceptance_ends_the_clocks_of_intake() -> None:
    assert petition_after([*classified_as(COMPLAINT), ACCEPT]).status.clocks == {Clock.SETTLEMENT: august(10)}


def test_the_nation_sets_no_limit_for_a_proposal_and_that_is_shown() -> None:
    status = petition_after([*classified_as(PROPOSAL), ACCEPT]).status
    assert (status.stage, status.due_on) == (Stage.ACCEPTED, None)


def test_an_unclassified_petition_is_neither_accepted_nor_refused() -> None:
    with pytest.raises(Refused, match="that is received cannot be accepted"):
        outcome(given=[RECEIVE], when=ACCEPT)
    with pytest.raises(Refused, match="that is received cannot be refused acceptance"):
        outcome(given=[RECEIVE], when=REFUSE)


def test_a_petition_classified_without_a_kind_is_a_bug() -> None:
    petition = petition_after(classified_as(PROPOSAL))
    without = replace(petition, status=replace(petition.status, kind=None))
    with pytest.raises(ValueError, match="classified without a kind"):
        decide(ACCEPT, without, decision_context(HEAD))


def test_a_refusal_states_its_ground_and_closes_the_petition() -> None:
    refusal = only_fact(AcceptanceRefused, outcome(given=classified_as(COMPLAINT), when=REFUSE))
    assert refusal.ground == "hết thời hiệu"
    assert petition_after([*classified_as(COMPLAINT), REFUSE]).stage is Stage.REFUSED
