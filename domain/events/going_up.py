"""Defines the events by which a matter goes up: further acts of the citizen, and acts of those above.

A second complaint, a further denunciation and a lawsuit are the citizen's own right: no authority sends them up. Where
a receiving unit is in the register, `to_unit` says it, and where it is not, `to_body` names it: one of the two is said.
`continued_as` is the petition of ours that goes on above, where there is one: a body outside the register opens none.
How late the stage below was follows from its history.
"""

from collections.abc import Mapping

from domain.events.fact import Fact
from domain.sealed_text import Text
from domain.stored_values import LegalGround, NonEmptyStr, UnitCode
from domain.value import UNSET, UnsetType
from domain.vocabulary import Channel, PetitionId, WayUp


class SecondComplaintLodged(Fact):
    """Records that the citizen complained a second time (khiếu nại lần hai, Law on complaints Arts 7, 33).

    `channel`, `summary` and `document_no` are those of the second complaint, which is a letter of its own.
    """

    to_unit: UnitCode | UnsetType = UNSET
    to_body: NonEmptyStr | UnsetType = UNSET
    channel: Channel | UnsetType = UNSET
    summary: Text | UnsetType = UNSET
    document_no: NonEmptyStr | UnsetType = UNSET
    continued_as: PetitionId | UnsetType = UNSET


class FurtherDenunciationLodged(Fact):
    """Records that the citizen denounced further (tố cáo tiếp, Law on denunciations Arts 37, 38).

    `channel`, `summary` and `document_no` are those of the further denunciation, which is a letter of its own.
    """

    to_unit: UnitCode | UnsetType = UNSET
    to_body: NonEmptyStr | UnsetType = UNSET
    channel: Channel | UnsetType = UNSET
    summary: Text | UnsetType = UNSET
    document_no: NonEmptyStr | UnsetType = UNSET
    continued_as: PetitionId | UnsetType = UNSET


class LawsuitFiled(Fact):
    """Records that the citizen went to court (khởi kiện vụ án hành chính, Law on complaints Arts 7, 33, 42).

    `court` is a name: a court is no unit of the register. `document_no` is the paper by which the court tells of it.
    """

    court: NonEmptyStr
    summary: Text | UnsetType = UNSET
    document_no: NonEmptyStr | UnsetType = UNSET


class SettlementTakenOver(Fact):
    """Records that the superior settles in the place of who was to (cấp trên trực tiếp giải quyết).

    Law on denunciations Art 38.5. `ground` is what the superior bases it on, `document_no` the written decision.
    """

    to_unit: UnitCode | UnsetType = UNSET
    to_body: NonEmptyStr | UnsetType = UNSET
    ground: Text
    ground_code: LegalGround | UnsetType = UNSET
    document_no: NonEmptyStr | UnsetType = UNSET
    continued_as: PetitionId | UnsetType = UNSET


class ResponsibilityCheckOrdered(Fact):
    """Records that a responsibility check was ordered (quyết định kiểm tra trách nhiệm, Decree 154/2026 Art 32.1).

    The one that is to check is `to_unit` or `to_body`. The petition stays with the unit that has it.
    """

    to_unit: UnitCode | UnsetType = UNSET
    to_body: NonEmptyStr | UnsetType = UNSET
    reason: Text
    document_no: NonEmptyStr | UnsetType = UNSET


class ResponsibilityCheckRequested(Fact):
    """Records that the ladder of alerts asked a unit for a responsibility check (đề nghị kiểm tra trách nhiệm).

    Nobody ordered a check by it. `rule` is "id@version" of the ladder's row that asks by itself.
    """

    to_unit: UnitCode
    rule: NonEmptyStr


WAY_OF: Mapping[type[Fact], WayUp] = {
    SecondComplaintLodged: WayUp.SECOND_COMPLAINT,
    FurtherDenunciationLodged: WayUp.FURTHER_DENUNCIATION,
    LawsuitFiled: WayUp.LAWSUIT,
    SettlementTakenOver: WayUp.SUPERIOR_SETTLES,
    ResponsibilityCheckOrdered: WayUp.RESPONSIBILITY_CHECK,
}
"""The way up that each act is. A check that was asked for and not ordered is none."""


GoingUpEvent = (
    SecondComplaintLodged
    | FurtherDenunciationLodged
    | LawsuitFiled
    | SettlementTakenOver
    | ResponsibilityCheckOrdered
    | ResponsibilityCheckRequested
)
