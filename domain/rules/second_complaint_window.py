"""Checks the window in which a citizen may complain a second time (Law on complaints Art 33).

It is 30 days, in a remote area 45: from the day on which the citizen received the decision, or from the end of the
limit of Art 28 that passed without one. Where nobody recorded the day of receipt, nobody can show that it has passed.
"""

from datetime import date

from domain.deadlines.clock import Clock
from domain.deadlines.policy import Law
from domain.deadlines.stages import LegalStage
from domain.errors import Refused
from domain.petition import Petition
from domain.refusals.endings import EndingRefusal
from domain.vocabulary import PetitionKind


def require_within_window(petition: Petition, on: date, law: Law) -> None:
    """Raise Refused for a second complaint on the day `on` that lies after the last day of its window."""
    first_day = _first_day(petition, on)
    if first_day is None:
        return
    row = law.policies.row_for(
        PetitionKind.COMPLAINT,
        LegalStage.SECOND_COMPLAINT,
        first_day,
        remote=bool(petition.opening.is_remote_area),
    )
    last_day = None if row is None else law.last_day(row, first_day)
    if row is not None and last_day is not None and on > last_day:
        raise Refused(
            EndingRefusal.SECOND_COMPLAINT_TOO_LATE, from_day=first_day, last_day=last_day, source=row.legal_source
        )


def _first_day(petition: Petition, on: date) -> date | None:
    """Return the day from which the window counts on the day `on`; None where nobody knows it or it has not begun."""
    if petition.answered_on is not None and on >= petition.answered_on:
        return petition.told_on
    settlement = petition.deadlines.get(Clock.SETTLEMENT) or petition.stopped_deadlines.get(Clock.SETTLEMENT)
    return None if settlement is None else settlement.due_on
