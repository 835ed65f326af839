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
from domain.endings.table import ENDING_RULES
from domain.endings.words import PetitionEnding
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
from domain.refusals.referral import ReferralRefusal
from domain.rules.assignment import succession_to_present_unit
from domain.rules.endings import ends_by, ground_of
from domain.rules.intake_clocks import intake_deadlines
from domain.rules.petition_rule import at_stages, open_when
from domain.value import as_said
from domain.vocabulary import REFERRAL_CHANNELS, PetitionKind, Stage


def _require_transferable(petition: Petition, _: DecisionContext) -> None:
    """Raise Refused for content that was transferred before, and for a complaint that nobody referred."""
    if petition.was_transferred:
        raise Refused(ReferralRefusal.TRANSFERRED_ONCE_ALREADY)
    if petition.kind is PetitionKind.COMPLAINT and petition.opening.channel not in REFERRAL_CHANNELS:
        raise Refused(ReferralRefusal.COMPLAINT_IS_GUIDED)


@ends_by(PetitionEnding.TRANSFER, ReferralRefusal.CANNOT_TRANSFER, _require_transferable)
def transfer_petition(command: TransferPetition, _: Petition, __: DecisionContext) -> list[PetitionEvent]:
    """Transfer the petition, once for the same content (Thông tư 05/2021 Art 14.1).

    A complaint is guided instead, unless a body referred it to this authority.
    """
    return [
        PetitionTransferred(occurred_on=command.occurred_on, to_body=command.to_body, document_no=command.document_no)
    ]


@open_when(at_stages({Stage.TRANSFERRED, Stage.URGED_BELOW}, ReferralRefusal.CANNOT_HAVE_TRANSFER_REPLY))
def record_transfer_reply(
    command: RecordTransferReply, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Record the reply of the other body, or of the lower one that was urged.

    When it declines, a new round of intake begins on the day of its reply.
    """
    return [
        TransferReplyReceived(
            occurred_on=command.occurred_on,
            result=command.result,
            is_accepted=command.is_accepted,
            citizen_asked=as_said(command.citizen_asked),
            deadlines=as_said(
                ()
                if command.is_accepted
                else intake_deadlines(command.occurred_on, petition.kind, context.law, petition.instance)
            ),
        ),
        *(() if command.is_accepted else succession_to_present_unit(petition, context, command.occurred_on)),
    ]


@ends_by(PetitionEnding.RETURN, ReferralRefusal.CANNOT_RETURN)
def return_petition(command: ReturnPetition, _: Petition, __: DecisionContext) -> list[PetitionEvent]:
    """Return the petition to the body that sent it."""
    return [PetitionReturned(occurred_on=command.occurred_on, to_body=command.to_body, document_no=command.document_no)]


@ends_by(PetitionEnding.GUIDANCE, ReferralRefusal.CANNOT_GUIDE)
def guide_citizen(command: GuideCitizen, _: Petition, __: DecisionContext) -> list[PetitionEvent]:
    """Guide the citizen to the competent body."""
    return [
        CitizenGuided(
            occurred_on=command.occurred_on,
            competent_body=command.competent_body,
            document_no=as_said(command.document_no),
        )
    ]


@ends_by(PetitionEnding.FILING, ReferralRefusal.CANNOT_FILE)
def file_petition(command: FilePetition, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """File the petition without action (lưu đơn), on a ground of the law."""
    return [
        PetitionArchived(
            occurred_on=command.occurred_on,
            reason=command.reason,
            ground_code=ground_of(PetitionEnding.FILING, command.ground_code, petition),
        )
    ]


def _require_denunciation(petition: Petition, _: DecisionContext) -> None:
    if (
        petition.stage is Stage.CLASSIFIED
        and petition.kind not in ENDING_RULES[PetitionEnding.USE_AS_INFORMATION].by_kind
    ):
        raise Refused(ReferralRefusal.ONLY_DENUNCIATION_IS_INFORMATION)


@ends_by(PetitionEnding.USE_AS_INFORMATION, ReferralRefusal.CANNOT_HANDLE_AS_INFORMATION, first=_require_denunciation)
def handle_as_information(command: HandleAsInformation, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Use a denunciation that the law does not handle as one as information (Law 25/2018 Art 25)."""
    return [
        PetitionHandledAsInformation(
            occurred_on=command.occurred_on,
            reason=command.reason,
            ground_code=ground_of(PetitionEnding.USE_AS_INFORMATION, command.ground_code, petition),
        )
    ]
