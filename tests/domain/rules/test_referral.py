"""Tests matters that this authority does not answer."""

import pytest

from domain.deadlines.clock import Clock
from domain.errors import Refused
from domain.events import (
    CitizenGuided,
    PetitionArchived,
    PetitionHandledAsInformation,
    PetitionReturned,
    PetitionTransferred,
    TransferReplyReceived,
)
from domain.value import UNSET
from domain.vocabulary import Channel, PetitionKind, Stage
from tests.domain.samples import (
    CLASSIFY,
    COMPLAINT,
    DECLINED,
    DENUNCIATION,
    FILE,
    GIVE_BACK,
    GUIDE,
    INFORMATION,
    PROPOSAL,
    RECEIVE,
    REPLY,
    TRANSFER,
    classified_as,
    july,
    with_changes,
)
from tests.domain.scenario import GivenPast, only_fact, outcome, petition_after


def test_a_transfer_names_the_body_and_ends_our_clocks() -> None:
    assert only_fact(PetitionTransferred, outcome(given=classified_as(PROPOSAL), when=TRANSFER)).to_body
    status = petition_after([*classified_as(PROPOSAL), TRANSFER]).status
    assert status.stage is Stage.TRANSFERRED
    assert status.clocks == {}
    assert (status.settled_on, status.due_when_settled) == (TRANSFER.occurred_on, july(20))


def test_the_same_content_is_transferred_once() -> None:
    given = [*classified_as(PROPOSAL), TRANSFER, DECLINED]
    with pytest.raises(Refused, match="was transferred once already"):
        outcome(given=given, when=with_changes(TRANSFER, occurred_on=july(21)))


@pytest.mark.parametrize("channel", list(Channel))
def test_a_complaint_is_guided_and_transferred_only_when_a_body_referred_it(channel: Channel) -> None:
    given: GivenPast = [with_changes(RECEIVE, channel=channel), with_changes(CLASSIFY, kind=COMPLAINT)]
    if channel in {Channel.REFERRED_BY_LEADER, Channel.REFERRED_BY_DEPUTY, Channel.REFERRED_BY_FRONT}:
        only_fact(PetitionTransferred, outcome(given=given, when=TRANSFER))
    else:
        with pytest.raises(Refused, match="is guided, not transferred, unless a body referred it"):
            outcome(given=given, when=TRANSFER)
    only_fact(CitizenGuided, outcome(given=given, when=GUIDE))


@pytest.mark.parametrize("kind", [DENUNCIATION, PROPOSAL])
def test_other_kinds_are_transferred_from_every_channel(kind: PetitionKind) -> None:
    given: GivenPast = [with_changes(RECEIVE, channel=Channel.POST), with_changes(CLASSIFY, kind=kind)]
    only_fact(PetitionTransferred, outcome(given=given, when=TRANSFER))


def test_a_body_that_accepts_keeps_the_petition() -> None:
    assert only_fact(TransferReplyReceived, outcome(given=[*classified_as(PROPOSAL), TRANSFER], when=REPLY)).is_accepted
    assert petition_after([*classified_as(PROPOSAL), TRANSFER, REPLY]).stage is Stage.TRANSFERRED


def test_a_body_that_declines_gives_us_a_new_round_with_clocks_from_its_reply() -> None:
    status = petition_after([*classified_as(COMPLAINT), TRANSFER, DECLINED]).status
    assert status.stage is Stage.CLASSIFIED
    assert status.round == 2
    assert status.settled_on is None
    assert set(status.clocks) == {Clock.TRIAGE, Clock.ACCEPTANCE}
    assert status.due_on == july(29)


def test_only_a_transferred_petition_has_a_reply() -> None:
    with pytest.raises(Refused, match="that is classified cannot have a reply of another body"):
        outcome(given=classified_as(PROPOSAL), when=REPLY)


def test_a_petition_goes_back_to_the_body_that_sent_it() -> None:
    assert only_fact(PetitionReturned, outcome(given=classified_as(PROPOSAL), when=GIVE_BACK)).to_body
    with pytest.raises(Refused, match="that is received cannot be returned"):
        outcome(given=[RECEIVE], when=GIVE_BACK)


def test_a_citizen_is_told_which_body_is_competent() -> None:
    assert only_fact(CitizenGuided, outcome(given=classified_as(COMPLAINT), when=GUIDE)).competent_body
    orally = with_changes(GUIDE, document_no="")
    assert only_fact(CitizenGuided, outcome(given=classified_as(COMPLAINT), when=orally)).document_no is UNSET
    with pytest.raises(Refused, match="that is guided cannot be guided elsewhere"):
        outcome(given=[*classified_as(COMPLAINT), GUIDE], when=GUIDE)


def test_a_classified_petition_is_filed_with_its_reason() -> None:
    assert only_fact(PetitionArchived, outcome(given=classified_as(PROPOSAL), when=FILE)).reason
    with pytest.raises(Refused, match="that is received cannot be filed"):
        outcome(given=[RECEIVE], when=FILE)


def test_only_a_denunciation_is_handled_as_information() -> None:
    assert only_fact(PetitionHandledAsInformation, outcome(given=classified_as(DENUNCIATION), when=INFORMATION)).reason
    with pytest.raises(Refused, match="only a denunciation is handled as information"):
        outcome(given=classified_as(COMPLAINT), when=INFORMATION)
    with pytest.raises(Refused, match="that is received cannot be handled as information"):
        outcome(given=[with_changes(RECEIVE, kind=DENUNCIATION)], when=INFORMATION)
