"""Follows the endings of a petition: what ended each round, for which unit, and whether the days can be right."""

from datetime import date

from domain.envelope import EventEnvelope
from domain.events import (
    AnsweredAtMeeting,
    AnsweredInWriting,
    FurtherDenunciationLodged,
    LawsuitFiled,
    PetitionEvent,
    PetitionMarkedDuplicate,
    PetitionSplit,
    PetitionUnmarkedDuplicate,
    RegistrationCancelled,
    SecondComplaintLodged,
    SettlementTakenOver,
)
from domain.status import Status
from projections.case_records import ANSWER_FIGURES, CaseEnding, EndingFigure

_ENDING_FIGURES: dict[type, EndingFigure] = {
    AnsweredAtMeeting: "answered_at_meeting",
    AnsweredInWriting: "answered_in_writing",
    PetitionMarkedDuplicate: "linked",
    SecondComplaintLodged: "ended_by_going_up",
    FurtherDenunciationLodged: "ended_by_going_up",
    LawsuitFiled: "ended_by_going_up",
    SettlementTakenOver: "ended_by_going_up",
}
_NO_ENDINGS = frozenset[type]({PetitionSplit, RegistrationCancelled})
"""Names the events after which a petition is no case: its matters go on, or there was none."""


def next_endings(
    endings: tuple[CaseEnding, ...],
    before: Status,
    now: Status,
    envelope: EventEnvelope[PetitionEvent],
    rests_on: date,
    is_imported: bool,
) -> tuple[CaseEnding, ...]:
    """Return the endings after the day of the settlement has changed: settled, corrected, or not settled any more.

    `rests_on` is the latest day of the acts before the event, `is_imported` says that an import brought it.
    """
    fact = envelope.fact
    if now.settled_on is None:
        is_unlinked = type(fact) is PetitionUnmarkedDuplicate
        return tuple(ending for ending in endings if not (is_unlinked and ending.figure == "linked"))
    if before.settled_on is not None:
        if endings and endings[-1].round == now.round:
            return (*endings[:-1], endings[-1]._replace(on=now.settled_on, was_due_on=now.due_when_settled))
        return endings
    if type(fact) in _NO_ENDINGS:
        return endings
    figure = _ENDING_FIGURES.get(type(fact), "settled_otherwise")
    ending = CaseEnding(
        figure=figure,
        round=now.round,
        unit=now.unit,
        officer=now.officer,
        on=now.settled_on if figure in ANSWER_FIGURES else max(now.settled_on, now.received_on),
        was_due_on=now.due_when_settled,
        rests_on=rests_on,
        recorded_on=envelope.recorded_on,
        is_imported=is_imported,
    )
    return (*endings, ending)
