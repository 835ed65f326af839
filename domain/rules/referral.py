"""Decides matters that this authority does not answer: transfer, return, guide, file, use as information."""

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
    PetitionArchived,
    PetitionEvent,
    PetitionHandledAsInformation,
    PetitionReturned,
    PetitionTransferred,
    TransferReplyReceived,
)
from domain.petition import Petition
from domain.rules.assignment import succession_to_present_unit
from domain.rules.guards import require_stage
from domain.rules.intake import intake_deadlines
from domain.value import as_said
from domain.vocabulary import Channel, PetitionKind, Stage

REFERRAL_CHANNELS = frozenset({Channel.REFERRED_BY_LEADER, Channel.REFERRED_BY_DEPUTY, Channel.REFERRED_BY_FRONT})


def transfer_petition(command: TransferPetition, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Transfer the petition, once for the same content (Thông tư 05/2021 Art 14.1).

    A complaint is guided instead, unless a body referred it to this authority.
    """
    require_stage(petition, {Stage.CLASSIFIED}, "be transferred")
    if petition.was_transferred:
        raise Refused("this petition was transferred once already; the same content is not transferred again")
    if petition.kind is PetitionKind.COMPLAINT and petition.opening.channel not in REFERRAL_CHANNELS:
        raise Refused("a complaint outside our competence is guided, not transferred, unless a body referred it")
    return [
        PetitionTransferred(occurred_on=command.occurred_on, to_body=command.to_body, document_no=command.document_no)
    ]


def record_transfer_reply(
    command: RecordTransferReply, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Record the reply of the other body. When it declines, a new round of intake begins on the day of its reply."""
    require_stage(petition, {Stage.TRANSFERRED}, "have a transfer's reply")
    return [
        TransferReplyReceived(
            occurred_on=command.occurred_on,
            result=command.result,
            is_accepted=command.is_accepted,
            deadlines=(
                as_said(
                    () if command.is_accepted else intake_deadlines(command.occurred_on, petition.kind, context.law)
                )
            ),
        ),
        *(() if command.is_accepted else succession_to_present_unit(petition, context, command.occurred_on)),
    ]


def return_petition(command: ReturnPetition, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Return the petition to the body that sent it."""
    require_stage(petition, {Stage.CLASSIFIED}, "be returned")
    return [PetitionReturned(occurred_on=command.occurred_on, to_body=command.to_body, document_no=command.document_no)]


def guide_citizen(command: GuideCitizen, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Guide the citizen to the competent body."""
    require_stage(petition, {Stage.CLASSIFIED}, "be guided elsewhere")
    return [
        CitizenGuided(
            occurred_on=command.occurred_on,
            competent_body=command.competent_body,
            document_no=command.document_no,
        )
    ]


def file_petition(command: FilePetition, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """File the petition without action (lưu đơn)."""
    require_stage(petition, {Stage.CLASSIFIED}, "be filed")
    return [PetitionArchived(occurred_on=command.occurred_on, reason=command.reason)]


def handle_as_information(command: HandleAsInformation, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Use an anonymous denunciation as information."""
    require_stage(petition, {Stage.CLASSIFIED}, "be handled as information")
    if petition.kind is not PetitionKind.DENUNCIATION:
        raise Refused("only an anonymous denunciation is handled as information")
    return [PetitionHandledAsInformation(occurred_on=command.occurred_on, reason=command.reason)]
