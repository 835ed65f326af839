"""From the letter box to the decision that the matter is ours."""

from dataclasses import replace
from datetime import date

import pytest

from domain.deadlines.deadline import Clock
from domain.decide import decide
from domain.events import (
    AcceptanceRefused,
    PetitionAccepted,
    PetitionClassified,
    PetitionReceived,
    PetitionSplit,
    ReceiptAcknowledged,
    RegistrationCancelled,
    SupplementReceived,
    SupplementRequested,
)
from domain.petitioner import Petitioner
from domain.refused import Refused
from domain.standing import DueState
from domain.vocabulary import Channel, PetitionKind, Stage
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
    as_kind,
    assigned,
    august,
    but,
    in_progress,
    july,
)
from tests.domain.scenario import HEAD, MEETING, MONDAY, Past, circumstances, only, outcome, petition_after

# -- receive -----------------------------------------------------------------------------------------------------------


def test_a_receipt_starts_the_clock_of_intake_on_the_day_of_receipt() -> None:
    receipt = only(PetitionReceived, outcome(given=[], when=RECEIVE))
    assert [(d.clock, d.due_on) for d in receipt.deadlines] == [(Clock.TRIAGE, july(20))]


@pytest.mark.parametrize("kind", [COMPLAINT, DENUNCIATION])
def test_a_complaint_or_denunciation_also_waits_for_its_acceptance(kind: PetitionKind) -> None:
    receipt = only(PetitionReceived, outcome(given=[], when=but(RECEIVE, kind=kind)))
    assert {d.clock: d.due_on for d in receipt.deadlines} == {
        Clock.TRIAGE: july(20),
        Clock.ACCEPTANCE: july(15),
    }


def test_a_petition_may_be_entered_days_after_it_came() -> None:
    late = outcome(given=[], when=RECEIVE, today=august(3))
    assert only(PetitionReceived, late).deadlines[0].due_on == july(20)


def test_a_petition_cannot_be_received_tomorrow() -> None:
    with pytest.raises(Refused, match="2026-07-06 lies in the future; today is 2026-07-05"):
        outcome(given=[], when=RECEIVE, today=july(5))


def test_a_petition_cannot_be_received_twice() -> None:
    with pytest.raises(Refused, match="this petition is received already"):
        outcome(given=[RECEIVE], when=RECEIVE)


def test_a_receipt_without_the_id_it_opens_is_a_bug() -> None:
    with pytest.raises(ValueError, match="needs the id"):
        decide(RECEIVE, None, replace(circumstances(HEAD), petition_id=None))


def test_a_receipt_names_nobody() -> None:
    people = tuple(Petitioner(name=name, address="Thôn Mẫu") for name in ("Ví Dụ Một", "Ví Dụ Hai"))
    receipt = only(PetitionReceived, outcome(given=[], when=but(RECEIVE, petitioners=people)))
    assert len(set(receipt.petitioners)) == 2
    assert receipt.person_count == 2
    stored = receipt.model_dump_json()
    assert "Ví Dụ Một" not in stored
    assert "Thôn Mẫu" not in stored


def test_representatives_are_among_the_petitioners() -> None:
    people = (Petitioner(name="Một"), Petitioner(name="Hai", is_representative=True))
    receipt = only(PetitionReceived, outcome(given=[], when=but(RECEIVE, petitioners=people)))
    assert receipt.representatives == receipt.petitioners[1:]


@pytest.mark.parametrize(
    ("persons", "representatives", "is_lawful"),
    [(1, 1, True), (2, 2, True), (10, 2, True), (10, 3, False), (11, 3, True), (11, 5, True), (11, 6, False)],
)
def test_many_petitioners_send_a_few_representatives(persons: int, representatives: int, is_lawful: bool) -> None:
    """Law 42/2013 Art 29."""
    people = tuple(Petitioner(name=f"Người {n}", is_representative=True) for n in range(representatives))
    command = but(RECEIVE, petitioners=people, person_count=persons)
    if is_lawful:
        assert only(PetitionReceived, outcome(given=[], when=command)).person_count == persons
    else:
        with pytest.raises(Refused, match=f"{persons} petitioners may send at most"):
            outcome(given=[], when=command)


def test_a_petition_received_at_a_meeting_names_a_meeting_on_record() -> None:
    command = but(RECEIVE, channel=Channel.DIALOGUE, meeting_id=MEETING)
    assert only(PetitionReceived, outcome(given=[], when=command)).meeting_id == MEETING
    with pytest.raises(Refused, match="there is no such meeting on record"):
        outcome(given=[], when=command, meeting_on=None)


def test_a_petition_received_at_a_meeting_is_received_on_the_day_of_the_meeting() -> None:
    command = but(RECEIVE, channel=Channel.DIALOGUE, meeting_id=MEETING)
    with pytest.raises(Refused, match="the meeting was held on 2026-07-03, not on 2026-07-06"):
        outcome(given=[], when=command, meeting_on=july(3))


@pytest.mark.parametrize(
    ("kind", "asked_for", "is_protected"),
    [(DENUNCIATION, False, True), (COMPLAINT, False, False), (COMPLAINT, True, True), (None, False, False)],
)
def test_a_denouncer_is_protected_and_others_when_they_ask(
    kind: PetitionKind | None, asked_for: bool, is_protected: bool
) -> None:
    command = but(RECEIVE, kind=kind, identity_protected=asked_for)
    assert only(PetitionReceived, outcome(given=[], when=command)).identity_protected is is_protected
    assert petition_after([command]).identity_protected is is_protected


def test_who_turns_out_to_be_a_denouncer_is_protected_from_then_on() -> None:
    assert not petition_after([RECEIVE]).identity_protected
    assert petition_after(as_kind(DENUNCIATION)).identity_protected


# -- cancel, split -----------------------------------------------------------------------------------------------------


def test_a_number_given_by_mistake_is_cancelled_and_stays_in_the_register() -> None:
    assert only(RegistrationCancelled, outcome(given=[RECEIVE], when=CANCEL)).reason == CANCEL.reason
    assert petition_after([RECEIVE, CANCEL]).reference == "TD-2026-000001"


def test_a_petition_that_was_taken_up_is_no_mistake() -> None:
    with pytest.raises(Refused, match="that is classified cannot have its registration cancelled"):
        outcome(given=as_kind(PROPOSAL), when=CANCEL)


def test_each_matter_of_a_split_letter_has_an_id_of_its_own() -> None:
    split = only(PetitionSplit, outcome(given=[RECEIVE], when=SPLIT))
    assert len({matter.petition_id for matter in split.matters}) == 2
    assert [matter.kind for matter in split.matters] == [None, DENUNCIATION]


def test_a_letter_is_split_once() -> None:
    with pytest.raises(Refused, match="that is split cannot be split"):
        outcome(given=[RECEIVE, SPLIT], when=SPLIT)


# -- classify ----------------------------------------------------------------------------------------------------------


def test_a_classification_starts_the_clock_of_acceptance_on_the_day_of_receipt() -> None:
    classified = only(PetitionClassified, outcome(given=[RECEIVE], when=but(CLASSIFY, kind=COMPLAINT)))
    assert [(d.clock, d.started_on, d.due_on) for d in classified.deadlines] == [(Clock.ACCEPTANCE, MONDAY, july(15))]


def test_a_proposal_waits_for_no_acceptance() -> None:
    assert only(PetitionClassified, outcome(given=[RECEIVE], when=CLASSIFY)).deadlines == ()


def test_what_the_sender_called_a_complaint_and_is_none_waits_for_no_acceptance() -> None:
    assert petition_after([but(RECEIVE, kind=COMPLAINT), CLASSIFY]).standing.clocks == {Clock.TRIAGE: july(20)}


def test_a_clock_that_runs_already_is_not_started_again() -> None:
    given = [but(RECEIVE, kind=COMPLAINT)]
    assert only(PetitionClassified, outcome(given=given, when=but(CLASSIFY, kind=COMPLAINT))).deadlines == ()


@pytest.mark.parametrize(("persons", "is_mass"), [(4, False), (5, True)])
def test_five_persons_on_one_content_are_a_mass_case(persons: int, is_mass: bool) -> None:
    given = [but(RECEIVE, person_count=persons)]
    assert only(PetitionClassified, outcome(given=given, when=CLASSIFY)).is_mass is is_mass


def test_an_eligible_petition_fails_no_condition() -> None:
    with pytest.raises(Refused, match="an eligible petition has no failed conditions"):
        outcome(given=[RECEIVE], when=but(CLASSIFY, failed_conditions=["không ký tên"]))


def test_an_ineligible_petition_says_what_it_fails() -> None:
    with pytest.raises(Refused, match="say which conditions an ineligible petition fails"):
        outcome(given=[RECEIVE], when=but(CLASSIFY, is_eligible=False))
    ineligible = but(CLASSIFY, is_eligible=False, failed_conditions=["không ký tên"])
    assert not only(PetitionClassified, outcome(given=[RECEIVE], when=ineligible)).is_eligible


def test_a_change_of_the_classification_needs_its_reason_and_names_the_earlier_kind() -> None:
    with pytest.raises(Refused, match="a change of the classification needs its reason"):
        outcome(given=as_kind(COMPLAINT), when=CLASSIFY)
    changed = only(PetitionClassified, outcome(given=as_kind(COMPLAINT), when=RECLASSIFY))
    assert changed.previous_kind is COMPLAINT
    assert only(PetitionClassified, outcome(given=[RECEIVE], when=CLASSIFY)).previous_kind is None


def test_another_kind_takes_along_its_limits_and_ends_those_of_the_first() -> None:
    became_proposal = petition_after([*as_kind(COMPLAINT), RECLASSIFY])
    assert became_proposal.standing.clocks == {Clock.TRIAGE: july(20)}
    became_complaint = petition_after([*as_kind(PROPOSAL), but(RECLASSIFY, kind=COMPLAINT)])
    assert became_complaint.standing.clocks == {Clock.TRIAGE: july(20), Clock.ACCEPTANCE: july(15)}


def test_another_kind_does_not_undo_that_the_acceptance_is_late() -> None:
    late = petition_after([*as_kind(COMPLAINT), but(RECLASSIFY, occurred_on=july(16))])
    assert late.standing.clocks[Clock.ACCEPTANCE] == july(15)
    assert late.standing.state_on(july(16), july(20)) is DueState.OVERDUE


def test_another_kind_does_not_undo_that_the_settlement_is_late() -> None:
    """A denunciation has 30 days everywhere, a complaint 45 in a remote area."""
    remote: Past = [but(RECEIVE, is_remote_area=True), but(CLASSIFY, kind=DENUNCIATION), ACCEPT]
    assert petition_after(remote).standing.clocks[Clock.SETTLEMENT] == august(10)
    in_time = but(RECLASSIFY, kind=COMPLAINT, occurred_on=august(10))
    assert petition_after([*remote, in_time]).standing.clocks[Clock.SETTLEMENT] == august(24)
    too_late = but(RECLASSIFY, kind=COMPLAINT, occurred_on=august(11))
    assert petition_after([*remote, too_late]).standing.clocks[Clock.SETTLEMENT] == august(10)


def test_a_proposal_that_turns_out_to_be_a_complaint_is_due_as_if_it_had_been_one() -> None:
    changed = outcome(given=[*as_kind(PROPOSAL), ASSIGN], when=but(RECLASSIFY, kind=COMPLAINT))
    (settlement,) = only(PetitionClassified, changed).deadlines
    assert (settlement.clock, settlement.started_on, settlement.due_on) == (
        Clock.SETTLEMENT,
        MONDAY,
        august(5),
    )


def test_an_answered_petition_is_not_classified_anew() -> None:
    with pytest.raises(Refused, match="that is answered in writing cannot be classified"):
        outcome(given=[*in_progress(PROPOSAL), ANSWER], when=but(RECLASSIFY, occurred_on=july(27)))


# -- acknowledge, supplement -------------------------------------------------------------------------------------------


def test_to_acknowledge_is_not_to_answer() -> None:
    acknowledged = petition_after([RECEIVE, ACKNOWLEDGE])
    assert acknowledged.standing == petition_after([RECEIVE]).standing
    only(ReceiptAcknowledged, outcome(given=assigned(PROPOSAL), when=but(ACKNOWLEDGE, occurred_on=july(12))))
    with pytest.raises(Refused, match="that is refused cannot be acknowledged"):
        outcome(given=[*as_kind(COMPLAINT), REFUSE], when=but(ACKNOWLEDGE, occurred_on=july(10)))


def test_a_supplement_is_asked_for_before_the_petition_is_taken_up() -> None:
    assert only(SupplementRequested, outcome(given=[RECEIVE], when=ASK_FOR_MORE)).wanted
    with pytest.raises(Refused, match="that is accepted cannot be sent back for a supplement"):
        outcome(given=[*as_kind(COMPLAINT), ACCEPT], when=ASK_FOR_MORE)


def test_a_supplement_is_not_wanted_in_the_past() -> None:
    with pytest.raises(Refused, match="the day asked for lies before the request"):
        outcome(given=[RECEIVE], when=but(ASK_FOR_MORE, asked_for_on=july(7)))


def test_a_supplement_is_entered_as_long_as_the_petition_is_open() -> None:
    assert only(SupplementReceived, outcome(given=in_progress(PROPOSAL), when=SUPPLEMENT)).summary
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
    given: Past = [but(RECEIVE, is_remote_area=is_remote_area), but(CLASSIFY, kind=kind)]
    (settlement,) = only(PetitionAccepted, outcome(given=given, when=ACCEPT)).deadlines
    assert (settlement.clock, settlement.started_on, settlement.due_on) == (
        Clock.SETTLEMENT,
        ACCEPT.occurred_on,
        due_on,
    )


def test_acceptance_ends_the_clocks_of_intake() -> None:
    assert petition_after([*as_kind(COMPLAINT), ACCEPT]).standing.clocks == {Clock.SETTLEMENT: august(10)}


def test_the_nation_sets_no_limit_for_a_proposal_and_that_is_shown() -> None:
    standing = petition_after([*as_kind(PROPOSAL), ACCEPT]).standing
    assert standing.state_on(july(10), july(17)) is DueState.NO_LIMIT_SET


def test_an_unclassified_petition_is_neither_accepted_nor_refused() -> None:
    with pytest.raises(Refused, match="that is received cannot be accepted"):
        outcome(given=[RECEIVE], when=ACCEPT)
    with pytest.raises(Refused, match="that is received cannot be refused acceptance"):
        outcome(given=[RECEIVE], when=REFUSE)


def test_a_petition_classified_without_a_kind_is_a_bug() -> None:
    petition = petition_after(as_kind(PROPOSAL))
    without = replace(petition, standing=replace(petition.standing, kind=None))
    with pytest.raises(ValueError, match="classified without a kind"):
        decide(ACCEPT, without, circumstances(HEAD))


def test_a_refusal_states_its_ground_and_closes_the_petition() -> None:
    refusal = only(AcceptanceRefused, outcome(given=as_kind(COMPLAINT), when=REFUSE))
    assert refusal.ground == "hết thời hiệu"
    assert petition_after([*as_kind(COMPLAINT), REFUSE]).stage is Stage.REFUSED
