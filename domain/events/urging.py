"""Defines the event by which the competent lower body is urged to settle what a citizen sent further up."""

from datetime import date

from domain.events.fact import Fact
from domain.stored_values import NonEmptyStr, UnitCode
from domain.value import UNSET, UnsetType


class CompetentUnitUrged(Fact):
    """Records that the competent lower body was urged by a document to settle (đôn đốc, yêu cầu giải quyết).

    Decree 154/2026 Art 15.2, of complaints and denunciations; Thông tư 05/2021 Art 14.2 and the forms 01 to 04/XLD,
    also of proposals (not verified). The lower body is `to_unit` of the register or `to_body` outside it: one of the
    two is said. `reply_by` is the day by which it is to tell the result. `limit_ended_on` is the last day on which it
    was to settle.
    """

    to_unit: UnitCode | UnsetType = UNSET
    to_body: NonEmptyStr | UnsetType = UNSET
    document_no: NonEmptyStr
    reply_by: date
    limit_ended_on: date | UnsetType = UNSET
