"""When the matter is not ours to answer: transfer, return, guide, file, information."""

from domain.commands import (
    FilePetition,
    GuideCitizen,
    HandleAsInformation,
    RecordTransferReply,
    ReturnPetition,
    TransferPetition,
)
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import (
    CitizenGuided,
    PetitionEvent,
    PetitionFiled,
    PetitionHandledAsInformation,
    PetitionReturned,
    PetitionTransferred,
    TransferReplyReceived,
)
from domain.petition import Petition
from domain.rules.assignment import with_present_owner
from domain.rules.guards import only_from
from domain.rules.intake import clocks_of_intake
from domain.vocabulary import Channel, PetitionKind, Stage

REFERRED = frozenset({Channel.REFERRED_BY_LEADER, Channel.REFERRED_BY_DEPUTY, Channel.REFERRED_BY_FRONT})


def transfer(command: TransferPetition, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Once for the same content (Thông tư 05/2021 Art 14.1); complaints are guided unless referred to us."""
    only_from(petition, {Stage.CLASSIFIED}, "be transferred")
    if petition.was_transferred:
        raise Refused("this petition was transferred once already; the same content is not transferred again")
    if petition.kind is PetitionKind.COMPLAINT and petition.receipt.channel not in REFERRED:
        raise Refused("a complaint outside our competence is guided, not transferred, unless a body referred it")
    return [
        PetitionTransferred(occurred_on=command.occurred_on, to_body=command.to_body, document_no=command.document_no)
    ]


def enter_reply(
    command: RecordTransferReply, petition: Petition, circumstances: DecisionContext
) -> list[PetitionEvent]:
    """A body that declines gives the matter back: a new round of intake begins on the day of its reply."""
    only_from(petition, {Stage.TRANSFERRED}, "have a transfer's reply")
    return [
        TransferReplyReceived(
            occurred_on=command.occurred_on,
            result=command.result,
            is_accepted=command.is_accepted,
            deadlines=(
                () if command.is_accepted else clocks_of_intake(command.occurred_on, petition.kind, circumstances.law)
            ),
        ),
        *(() if command.is_accepted else with_present_owner(petition, circumstances, command.occurred_on)),
    ]


def give_back(command: ReturnPetition, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, {Stage.CLASSIFIED}, "be returned")
    return [PetitionReturned(occurred_on=command.occurred_on, to_body=command.to_body, document_no=command.document_no)]


def guide(command: GuideCitizen, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, {Stage.CLASSIFIED}, "be guided elsewhere")
    return [
        CitizenGuided(
            occurred_on=command.occurred_on,
            competent_body=command.competent_body,
            document_no=command.document_no,
        )
    ]


def file(command: FilePetition, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, {Stage.CLASSIFIED}, "be filed")
    return [PetitionFiled(occurred_on=command.occurred_on, reason=command.reason)]


def handle_as_information(command: HandleAsInformation, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    only_from(petition, {Stage.CLASSIFIED}, "be handled as information")
    if petition.kind is not PetitionKind.DENUNCIATION:
        raise Refused("only an anonymous denunciation is handled as information")
    return [PetitionHandledAsInformation(occurred_on=command.occurred_on, reason=command.reason)]
