"""Decides the rulings of courts, and when one of them lets a petition be reopened."""

from domain.commands import RecordCourtRuling
from domain.decision_context import DecisionContext
from domain.errors import Refused
from domain.events import CourtRulingRecorded, PetitionEvent
from domain.petition import CourtRuling, Petition
from domain.refusals.courts import CourtRefusal
from domain.rules.petition_rule import open_when
from domain.value import as_said
from domain.vocabulary import CourtOutcome, RulingForce

ANNULLING_OUTCOMES = frozenset({CourtOutcome.ANNULLED, CourtOutcome.ANNULLED_IN_PART, CourtOutcome.ACT_UNLAWFUL})
"""The outcomes after which the office decides on the matter again."""


def _require_lawsuit(petition: Petition, _: DecisionContext) -> None:
    if petition.sued_on is None:
        raise Refused(CourtRefusal.NO_LAWSUIT)


@open_when(_require_lawsuit)
def record_court_ruling(command: RecordCourtRuling, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Record a ruling. It comes at any stage: a ruling may be looked at again after the petition was reopened."""
    if petition.sued_on is not None and command.occurred_on < petition.sued_on:
        raise Refused(CourtRefusal.RULING_BEFORE_LAWSUIT, sued_on=petition.sued_on)
    ruling = CourtRulingRecorded(
        occurred_on=command.occurred_on,
        court=command.court,
        ruling_no=command.ruling_no,
        outcome=command.outcome,
        force=command.force,
        summary=as_said(command.summary),
    )
    if CourtRuling.of(ruling) == petition.ruling:
        raise Refused(CourtRefusal.RULING_RECORDED_ALREADY, ruling_no=command.ruling_no)
    return [ruling]


def annulling_ruling(petition: Petition) -> CourtRuling:
    """Return the ruling in force that annulled the decision. Raise Refused where there is none."""
    ruling = petition.ruling
    if ruling is None:
        raise Refused(CourtRefusal.COURT_HAS_NOT_RULED)
    if ruling.outcome not in ANNULLING_OUTCOMES:
        raise Refused(CourtRefusal.NOT_ANNULLED, outcome=ruling.outcome)
    if ruling.force is not RulingForce.IN_FORCE:
        raise Refused(CourtRefusal.RULING_NOT_IN_FORCE, ruling_no=ruling.ruling_no, force=ruling.force)
    return ruling
