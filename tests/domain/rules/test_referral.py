"""When the matter is not ours to answer."""

import pytest

from domain.deadlines.deadline import Clock
from domain.errors import Refused
from domain.events import (
    CitizenGuided,
    PetitionFiled,
    PetitionHandledAsInformation,
    PetitionReturned,
    PetitionTransferred,
    TransferReplyReceived,
)
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
    as_kind,
    but,
    july,
)
from tests.domain.scenario import Past, only, outcome, petition_after


def test_a_transfer_names_the_body_and_ends_our_clocks() -> None:
    assert only(PetitionTransferred, outcome(given=as_kind(PROPOSAL), when=TRANSFER)).to_body
    standing = petition_after([*as_kind(PROPOSAL), TRANSFER]).standing
    assert standing.stage is Stage.TRANSFERRED
    assert standing.clocks == {}
    assert (standing.settled_on, standing.due_when_settled) == (TRANSFER.occurred_on, july(20))


def test_the_same_content_is_transferred_once() -> None:
    given = [*as_kind(PROPOSAL), TRANSFER, DECLINED]
    with pytest.raises(Refused, match="was transferred once already"):
        outcome(given=given, when=but(TRANSFER, occurred_on=july(21)))


@pytest.mark.parametrize("channel", list(Channel))
def test_a_complaint_is_guided_and_transferred_only_when_a_body_referred_it(channel: Channel) -> None:
    given: Past = [but(RECEIVE, channel=channel), but(CLASSIFY, kind=COMPLAINT)]
    if channel in {Channel.REFERRED_BY_LEADER, Channel.REFERRED_BY_DEPUTY, Channel.REFERRED_BY_FRONT}:
        only(PetitionTransferred, outcome(given=given, when=TRANSFER))
    else:
        with pytest.raises(Refused, match="is guided, not transferred, unless a body referred it"):
            outcome(given=given, when=TRANSFER)
    only(CitizenGuided, outcome(given=given, when=GUIDE))


@pytest.mark.parametrize("kind", [DENUNCIATION, PROPOSAL])
def test_other_kinds_are_transferred_from_every_channel(kind: PetitionKind) -> None:
    given: Past = [but(RECEIVE, channel=Channel.POST), but(CLASSIFY, kind=kind)]
    only(PetitionTransferred, outcome(given=given, when=TRANSFER))


def test_a_body_that_accepts_keeps_the_petition() -> None:
    assert only(TransferReplyReceived, outcome(given=[*as_kind(PROPOSAL), TRANSFER], when=REPLY)).is_accepted
    assert petition_after([*as_kind(PROPOSAL), TRANSFER, REPLY]).stage is Stage.TRANSFERRED


def test_a_body_that_declines_gives_us_a_new_round_with_clocks_from_its_reply() -> None:
    standing = petition_after([*as_kind(COMPLAINT), TRANSFER, DECLINED]).standing
    assert standing.stage is Stage.CLASSIFIED
    assert standing.round == 2
    assert standing.settled_on is None
    assert set(standing.clocks) == {Clock.TRIAGE, Clock.ACCEPTANCE}
    assert standing.due_on == july(29)


def test_only_a_transferred_petition_has_a_reply() -> None:
    with pytest.raises(Refused, match="that is classified cannot have a transfer's reply"):
        outcome(given=as_kind(PROPOSAL), when=REPLY)


def test_a_petition_goes_back_to_the_body_that_sent_it() -> None:
    assert only(PetitionReturned, outcome(given=as_kind(PROPOSAL), when=GIVE_BACK)).to_body
    with pytest.raises(Refused, match="that is received cannot be returned"):
        outcome(given=[RECEIVE], when=GIVE_BACK)


def test_a_citizen_is_told_which_body_is_competent() -> None:
    assert only(CitizenGuided, outcome(given=as_kind(COMPLAINT), when=GUIDE)).competent_body
    with pytest.raises(Refused, match="that is guided cannot be guided elsewhere"):
        outcome(given=[*as_kind(COMPLAINT), GUIDE], when=GUIDE)


def test_a_classified_petition_is_filed_with_its_reason() -> None:
    assert only(PetitionFiled, outcome(given=as_kind(PROPOSAL), when=FILE)).reason
    with pytest.raises(Refused, match="that is received cannot be filed"):
        outcome(given=[RECEIVE], when=FILE)


def test_only_a_denunciation_is_handled_as_information() -> None:
    assert only(PetitionHandledAsInformation, outcome(given=as_kind(DENUNCIATION), when=INFORMATION)).reason
    with pytest.raises(Refused, match="only an anonymous denunciation is handled as information"):
        outcome(given=as_kind(COMPLAINT), when=INFORMATION)
    with pytest.raises(Refused, match="that is received cannot be handled as information"):
        outcome(given=[but(RECEIVE, kind=DENUNCIATION)], when=INFORMATION)
