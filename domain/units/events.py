"""Defines the events of a unit and of its offices.

Each unit has a history of its own.
"""

from datetime import date
from enum import StrEnum

from domain.events import Fact
from domain.stored_values import NonEmptyStr, OfficerCode, UnitCode
from domain.value import UNSET, UnsetType
from domain.vocabulary import ReorganisationId


class Level(StrEnum):
    """Names the level (cấp) of a unit. Districts existed until 30 June 2025."""

    CENTRAL = "central"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class Branch(StrEnum):
    """Names the branch (khối): the system of public life to which a unit belongs."""

    PARTY_COMMITTEE = "party_committee"  # cấp ủy, các ban Đảng
    PEOPLES_COUNCIL = "peoples_council"  # Hội đồng nhân dân
    PEOPLES_COMMITTEE = "peoples_committee"  # Ủy ban nhân dân
    DEPARTMENT = "department"  # sở, ban, phòng chuyên môn
    FRONT_AND_MASS_ORGANISATIONS = "front_and_mass_organisations"  # Mặt trận Tổ quốc, đoàn thể
    PUBLIC_UNIT = "public_unit"  # đơn vị sự nghiệp công lập


class Office(StrEnum):
    """Names the office (chức vụ) that rules and alerts ask for, whatever its title is in a unit."""

    HEAD = "head"  # người đứng đầu
    DEPUTY_HEAD = "deputy_head"  # cấp phó
    FOLLOW_UP = "follow_up"  # đầu mối theo dõi, đôn đốc: Ban Tiếp công dân, Văn phòng
    CHAIR = "chair"  # Chủ tịch UBND tỉnh
    INSPECTORATE = "inspectorate"  # Chánh Thanh tra

    @property
    def has_one_holder(self) -> bool:
        """Return True if one officer at most may hold the office on one day."""
        return self is not Office.DEPUTY_HEAD


class UnitOpened(Fact):
    """Records that a unit began. `occurred_on` is the first day on which it can be given a petition."""

    unit: UnitCode
    name: NonEmptyStr
    level: Level | UnsetType = UNSET
    branch: Branch | UnsetType = UNSET
    parent: UnitCode | UnsetType = UNSET


class UnitClosed(Fact):
    """Records that a unit ended. `occurred_on` is its last day."""

    unit: UnitCode
    instrument: NonEmptyStr


class UnitPlaced(Fact):
    """Records that from `occurred_on` on the unit is under `parent`, or at the top, with its level and branch.

    What is not said stays unchanged. A unit that is placed at the top (`is_at_top`) has no `parent`.
    """

    unit: UnitCode
    parent: UnitCode | UnsetType = UNSET
    is_at_top: bool | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    branch: Branch | UnsetType = UNSET
    instrument: NonEmptyStr | UnsetType = UNSET


class UnitRenamed(Fact):
    """Records that the same unit has another name from `occurred_on` on."""

    unit: UnitCode
    name: NonEmptyStr
    instrument: NonEmptyStr | UnsetType = UNSET


class UnitSucceeded(Fact):
    """Records that others do the unit's work from `occurred_on` on; the first of them is the main one.

    A succession that is recorded later replaces the one that was recorded before.
    """

    unit: UnitCode
    successors: tuple[UnitCode, ...]
    instrument: NonEmptyStr
    reorganisation_id: ReorganisationId | UnsetType = UNSET


class OfficeTaken(Fact):
    """Records that an officer took an office. `occurred_on` is the first day in it.

    `until_on` is the last day, where that is known from the beginning. `name` is that of the officer: files and
    messages show it.
    """

    unit: UnitCode
    office: Office
    officer: OfficerCode
    position: NonEmptyStr
    until_on: date | UnsetType = UNSET
    name: NonEmptyStr | UnsetType = UNSET


class OfficeLeft(Fact):
    """Records that an officer left an office. `occurred_on` is the last day in it."""

    unit: UnitCode
    office: Office
    officer: OfficerCode


class DeputyNamed(Fact):
    """Records who stands in for an officer who is away (ủy quyền khi vắng mặt).

    The absence lasts from `away_from` to `away_until`, both inclusive. If `away_until` is None, the end is not known.
    """

    unit: UnitCode
    officer: OfficerCode
    deputy: OfficerCode
    away_from: date
    away_until: date | UnsetType = UNSET


class AbsenceEnded(Fact):
    """Records that an officer is back. `occurred_on` is the first day."""

    unit: UnitCode
    officer: OfficerCode


UnitEvent = (
    UnitOpened
    | UnitClosed
    | UnitPlaced
    | UnitRenamed
    | UnitSucceeded
    | OfficeTaken
    | OfficeLeft
    | DeputyNamed
    | AbsenceEnded
)
