"""Decides when a matter goes up: the citizen's further acts, and the acts of those above. The lateness below stays."""

from datetime import date
from typing import TypeVar
from uuid import uuid5

from domain.commands import (
    FileLawsuit,
    LodgeFurtherDenunciation,
    LodgeSecondComplaint,
    OrderResponsibilityCheck,
    TakeOverSettlement,
)
from domain.decision_context import DecisionContext
from domain.endings.table import ENDING_RULES
from domain.endings.words import PetitionEnding
from domain.errors import Refused
from domain.events import (
    FurtherDenunciationLodged,
    LawsuitFiled,
    PetitionEvent,
    ResponsibilityCheckOrdered,
    ResponsibilityCheckRequested,
    SecondComplaintLodged,
    SettlementTakenOver,
)
from domain.petition import Petition
from domain.refusals.endings import EndingRefusal
from domain.rules.endings import require_linked_letters_answered
from domain.rules.petition_rule import OpenCheck, open_when
from domain.rules.second_complaint_window import require_within_window
from domain.value import UNSET, UnsetType, as_said
from domain.vocabulary import Instance, PetitionId, UnitId, WayUp

LetterT = TypeVar("LetterT", SecondComplaintLodged, FurtherDenunciationLodged)

ENDING_OF_WAY = {
    WayUp.SECOND_COMPLAINT: PetitionEnding.SECOND_COMPLAINT,
    WayUp.FURTHER_DENUNCIATION: PetitionEnding.FURTHER_DENUNCIATION,
    WayUp.LAWSUIT: PetitionEnding.LAWSUIT,
    WayUp.SUPERIOR_SETTLES: PetitionEnding.TAKE_OVER,
}
"""The endings that are ways up. A responsibility check ends nothing, and is for every kind."""
WAYS_OF_OVERDUE = frozenset({WayUp.SUPERIOR_SETTLES, WayUp.RESPONSIBILITY_CHECK})
"""The acts of those above: they need a petition that is overdue on that day."""


def _require_way_is_open(petition: Petition, way: WayUp, on: date) -> None:
    """Raise Refused unless a petition of this kind, in this stage, goes up this way on the day `on`."""
    if way in ENDING_OF_WAY:
        _require_kind_of_way(petition, way)
    if way in petition.ways_up:
        raise Refused(EndingRefusal.GONE_UP_ALREADY, way=way)
    if way is WayUp.SECOND_COMPLAINT and petition.character.is_at_instance(Instance.SECOND):
        raise Refused(EndingRefusal.NO_THIRD_COMPLAINT)
    is_late = petition.is_past_limit(on)
    if way in WAYS_OF_OVERDUE and not is_late:
        raise Refused(EndingRefusal.WAY_NEEDS_OVERDUE, way=way, on=on)
    # a closed petition stays open to the citizen's own ways: for the program it ends when it ends in law
    if way in ENDING_OF_WAY and not (is_late or _goes_up_after_its_answer(petition, way)):
        raise Refused(EndingRefusal.NEITHER_ANSWERED_NOR_OVERDUE, stage=petition.stage)
    if petition.answered_on is not None and on < petition.answered_on and not petition.was_late_on(on):
        raise Refused(EndingRefusal.GONE_UP_BEFORE_ANSWER, answered_on=petition.answered_on)


def _goes_up_after_its_answer(petition: Petition, way: WayUp) -> bool:
    return not petition.stage.is_open and petition.stage in ENDING_RULES[ENDING_OF_WAY[way]].stages


def _require_kind_of_way(petition: Petition, way: WayUp) -> None:
    """Raise Refused unless the table of endings has this way for the kind of the petition."""
    kind, (wanted,) = petition.kind, (kind for kind in ENDING_RULES[ENDING_OF_WAY[way]].by_kind if kind is not None)
    if kind is None:
        raise Refused(EndingRefusal.WAY_NEEDS_A_KIND, way=way, wanted=wanted)
    if kind is not wanted:
        raise Refused(EndingRefusal.WAY_IS_FOR_ANOTHER_KIND, way=way, wanted=wanted, kind=kind)


def _while_way_is_open(way: WayUp) -> OpenCheck:
    """Return the check that a petition goes up this way. What is not overdue today was not overdue before."""

    def check(petition: Petition, context: DecisionContext) -> None:
        _require_way_is_open(petition, way, context.today)
        if way in ENDING_OF_WAY:
            require_linked_letters_answered(ENDING_OF_WAY[way], petition)

    return check


def _lodge(
    kind: type[LetterT],
    way: WayUp,
    command: LodgeSecondComplaint | LodgeFurtherDenunciation,
    petition: Petition,
    context: DecisionContext,
) -> LetterT:
    """Return the citizen's further letter, which goes on as a petition above if a unit of ours receives it."""
    _require_way_is_open(petition, way, command.occurred_on)
    _require_receiver(command.to_unit, command.to_body, petition, context, command.occurred_on)
    return kind(
        occurred_on=command.occurred_on,
        to_unit=_unit_said(command.to_unit),
        to_body=as_said(command.to_body),
        channel=as_said(command.channel),
        summary=as_said(command.summary),
        document_no=as_said(command.document_no),
        continued_as=_stage_above(petition, way, command.to_unit),
    )


@open_when(_while_way_is_open(WayUp.SECOND_COMPLAINT))
def lodge_second_complaint(
    command: LodgeSecondComplaint, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Enter a second complaint, after the answer or once the limit has passed, within the window of the law."""
    require_within_window(petition, command.occurred_on, context.law)
    return [_lodge(SecondComplaintLodged, WayUp.SECOND_COMPLAINT, command, petition, context)]


@open_when(_while_way_is_open(WayUp.FURTHER_DENUNCIATION))
def lodge_further_denunciation(
    command: LodgeFurtherDenunciation, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Enter a further denunciation, after the conclusion or once the limit has passed."""
    return [_lodge(FurtherDenunciationLodged, WayUp.FURTHER_DENUNCIATION, command, petition, context)]


@open_when(_while_way_is_open(WayUp.LAWSUIT))
def file_lawsuit(command: FileLawsuit, petition: Petition, _: DecisionContext) -> list[PetitionEvent]:
    """Enter a lawsuit, after the answer or once the limit has passed. A court is no stage of ours."""
    _require_way_is_open(petition, WayUp.LAWSUIT, command.occurred_on)
    return [
        LawsuitFiled(
            occurred_on=command.occurred_on,
            court=command.court,
            summary=as_said(command.summary),
            document_no=as_said(command.document_no),
        )
    ]


@open_when(_while_way_is_open(WayUp.SUPERIOR_SETTLES))
def take_over_settlement(
    command: TakeOverSettlement, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Enter that the superior settles an overdue petition."""
    _require_way_is_open(petition, WayUp.SUPERIOR_SETTLES, command.occurred_on)
    _require_receiver(command.to_unit, command.to_body, petition, context, command.occurred_on)
    return [
        SettlementTakenOver(
            occurred_on=command.occurred_on,
            to_unit=_unit_said(command.to_unit),
            to_body=as_said(command.to_body),
            ground=command.ground,
            document_no=as_said(command.document_no),
            continued_as=_stage_above(petition, WayUp.SUPERIOR_SETTLES, command.to_unit),
        )
    ]


@open_when(_while_way_is_open(WayUp.RESPONSIBILITY_CHECK))
def order_responsibility_check(
    command: OrderResponsibilityCheck, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Enter that a check of who is responsible was ordered for an overdue petition."""
    _require_way_is_open(petition, WayUp.RESPONSIBILITY_CHECK, command.occurred_on)
    _require_receiver(command.to_unit, command.to_body, petition, context, command.occurred_on)
    return [
        ResponsibilityCheckOrdered(
            occurred_on=command.occurred_on,
            to_unit=_unit_said(command.to_unit),
            to_body=as_said(command.to_body),
            reason=command.reason,
            document_no=as_said(command.document_no),
        )
    ]


def request_responsibility_check(
    to_unit: UnitId, rule: str, petition: Petition, context: DecisionContext
) -> list[PetitionEvent]:
    """Ask a unit for a check of who is responsible, by the ladder's row `rule`: once a round, before one is ordered."""
    if petition.is_check_requested:
        raise Refused(EndingRefusal.CHECK_REQUESTED_ALREADY)
    _require_way_is_open(petition, WayUp.RESPONSIBILITY_CHECK, context.today)
    _require_receiver(to_unit, "", petition, context, context.today)
    return [ResponsibilityCheckRequested(occurred_on=context.today, to_unit=to_unit, rule=rule)]


def _require_receiver(
    to_unit: str | None, to_body: str, petition: Petition, context: DecisionContext, on: date
) -> None:
    """Raise Refused unless one of the two is said: a body outside, or another unit, in being on the day."""
    if (to_unit is None) == (not to_body):
        raise Refused(EndingRefusal.UNIT_OR_BODY_ABOVE)
    if to_unit is None:
        return
    if to_unit == petition.status.unit:
        raise Refused(EndingRefusal.GOES_UP_TO_ITSELF)
    context.units.require(UnitId(to_unit), on)


def _unit_said(to_unit: str | None) -> UnitId | UnsetType:
    return UNSET if to_unit is None else UnitId(to_unit)


def _stage_above(petition: Petition, way: WayUp, to_unit: str | None) -> PetitionId | UnsetType:
    """Return the petition that goes on above, which is the same whenever the command is tried again."""
    if to_unit is None:
        return UNSET
    return PetitionId(uuid5(petition.petition_id, f"stage/{way}/{petition.status.round}"))
