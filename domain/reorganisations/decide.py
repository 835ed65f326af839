"""Decides the commands on a reorganisation.

Two officers must agree on a plan that the register still allows.
"""

from datetime import date

from domain.actor import Officer
from domain.errors import require_not_in_future
from domain.reorganisations.commands import ApproveReorganisation, ProposeReorganisation
from domain.reorganisations.events import REORGANISATION_FILE_FORMAT, ReorganisationApproved, ReorganisationProposed
from domain.reorganisations.handing_over import ReorganisationReview
from domain.reorganisations.plan import parse_reorganisation_plan
from domain.reorganisations.reorganisation import Reorganisations
from domain.units.unit import UnitRegister
from domain.vocabulary import ReorganisationId


def propose_reorganisation(
    command: ProposeReorganisation, reorganisation_id: ReorganisationId, review: ReorganisationReview, today: date
) -> ReorganisationProposed:
    """Return the proposal with the counts of its review, which has tried the plan on the register.

    Raise Refused for a future day.
    """
    require_not_in_future(command.occurred_on, today)
    return ReorganisationProposed(
        occurred_on=command.occurred_on,
        reorganisation_id=reorganisation_id,
        title=review.plan.title,
        text=command.text,
        format=REORGANISATION_FILE_FORMAT,
        instrument=review.plan.instrument,
        takes_effect_on=review.plan.on,
        open_petitions=review.open_petitions,
        would_move=len(review.petitions),
        overdue=review.overdue,
    )


def approve_reorganisation(
    command: ApproveReorganisation, reorganisations: Reorganisations, by: Officer, units: UnitRegister, today: date
) -> ReorganisationApproved:
    """Return the approval. The register may have changed since the review: the plan must still be possible.

    Raise Refused if the reorganisation is unknown or approved already, for an officer of the parties that proposed it,
    for a day in the future or before the proposal, while another one is under way, and for a plan that the register
    does not allow.
    """
    proposed = reorganisations.require_approvable(command.reorganisation_id, command.occurred_on, by, today).proposed
    parse_reorganisation_plan(proposed.text, proposed.format).carry_out(units, command.reorganisation_id)
    return ReorganisationApproved(occurred_on=command.occurred_on, reorganisation_id=command.reorganisation_id)
