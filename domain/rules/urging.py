"""Decides that the competent lower body is urged: the office that received the letter does not settle it itself."""

from domain.commands import UrgeCompetentUnit
from domain.decision_context import DecisionContext
from domain.endings.words import PetitionEnding
from domain.errors import Refused
from domain.events import CompetentUnitUrged, PetitionEvent
from domain.petition import Petition
from domain.refusals.urging import UrgingRefusal
from domain.rules.endings import ends_by
from domain.value import UNSET, as_said
from domain.vocabulary import Competence, UnitId


def _require_competence_below(petition: Petition, _: DecisionContext) -> None:
    if petition.competence is not Competence.SUBORDINATE:
        raise Refused(UrgingRefusal.NOT_OF_A_SUBORDINATE)


@ends_by(PetitionEnding.URGING_BELOW, UrgingRefusal.CANNOT_URGE_BELOW, _require_competence_below)
def urge_competent_unit(
    command: UrgeCompetentUnit, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Urge the lower body that is competent and has not settled the matter. Decree 154/2026 Art 15.2.

    That article speaks of complaints and denunciations; that proposals are urged too follows from form 04/XLD (not
    verified).
    """
    if (command.to_unit is None) == (not command.to_body):
        raise Refused(UrgingRefusal.UNIT_OR_BODY_BELOW)
    if command.to_unit is not None:
        if command.to_unit in (petition.status.unit, petition.received_by_unit):
            raise Refused(UrgingRefusal.URGES_ITSELF)
        context.units.require(UnitId(command.to_unit), command.occurred_on)
    if command.reply_by < command.occurred_on:
        raise Refused(UrgingRefusal.REPLY_BEFORE_URGING)
    if command.limit_ended_on is not None and command.limit_ended_on >= command.occurred_on:
        raise Refused(UrgingRefusal.LOWER_BODY_HAS_TIME, limit_ended_on=command.limit_ended_on)
    return [
        CompetentUnitUrged(
            occurred_on=command.occurred_on,
            to_unit=UNSET if command.to_unit is None else UnitId(command.to_unit),
            to_body=as_said(command.to_body),
            document_no=command.document_no,
            reply_by=command.reply_by,
            limit_ended_on=as_said(command.limit_ended_on),
        )
    ]
