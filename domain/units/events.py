"""What can happen to a unit, and in its offices."""

from datetime import date
from enum import StrEnum

from domain.events import Fact
from domain.vocabulary import NO_UNIT, OfficerId, ReorganisationId, UnitId


class Level(StrEnum):
    """Cấp. Districts existed until 30 June 2025."""

    CENTRAL = "central"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    UNKNOWN = "unknown"  # imported history that does not say


class Branch(StrEnum):
    """Khối: which of the systems of public life a unit belongs to."""

    PARTY_COMMITTEE = "party_committee"  # cấp ủy, các ban Đảng
    PEOPLES_COUNCIL = "peoples_council"  # Hội đồng nhân dân
    PEOPLES_COMMITTEE = "peoples_committee"  # Ủy ban nhân dân
    DEPARTMENT = "department"  # sở, ban, phòng chuyên môn
    FRONT_AND_MASS_ORGANISATIONS = "front_and_mass_organisations"  # Mặt trận Tổ quốc, đoàn thể
    PUBLIC_UNIT = "public_unit"  # đơn vị sự nghiệp công lập
    UNKNOWN = "unknown"


class Office(StrEnum):
    """Chức vụ that rules and alerts ask for, whatever its title is in a unit."""

    HEAD = "head"  # người đứng đầu
    DEPUTY_HEAD = "deputy_head"  # cấp phó
    FOLLOW_UP = "follow_up"  # đầu mối theo dõi, đôn đốc: Ban Tiếp công dân, Văn phòng
    CHAIR = "chair"  # Chủ tịch UBND tỉnh
    INSPECTORATE = "inspectorate"  # Chánh Thanh tra

    @property
    def has_one_holder(self) -> bool:
        return self is not Office.DEPUTY_HEAD

    @property
    def in_words(self) -> str:
        return self.value.replace("_", " ")


class UnitOpened(Fact):
    """`occurred_on` is the first day on which the unit can be given a petition."""

    unit: UnitId
    name: str
    level: Level = Level.UNKNOWN
    branch: Branch = Branch.UNKNOWN
    parent: UnitId = NO_UNIT


class UnitClosed(Fact):
    """`occurred_on` is the last day of the unit."""

    unit: UnitId
    instrument: str


class UnitPlaced(Fact):
    """From `occurred_on` on it stands under `parent`, or at the top where none is named.

    Level and branch are what was not known of the unit before; None leaves them.
    """

    unit: UnitId
    parent: UnitId = NO_UNIT
    level: Level | None = None
    branch: Branch | None = None
    instrument: str = ""


class UnitRenamed(Fact):
    """The same unit bears another name from `occurred_on` on."""

    unit: UnitId
    name: str
    instrument: str = ""


class UnitSucceeded(Fact):
    """Others do its work from `occurred_on` on; the first of them is the main one.

    One that is recorded later takes the place of what was recorded before.
    """

    unit: UnitId
    successors: tuple[UnitId, ...]
    instrument: str
    reorganisation_id: ReorganisationId | None = None


class OfficeTaken(Fact):
    """`occurred_on` is the first day in office; `until_on` the last, where it is known from the beginning."""

    unit: UnitId
    office: Office
    officer: OfficerId
    position: str
    until_on: date | None = None


class OfficeLeft(Fact):
    """`occurred_on` is the last day in office."""

    unit: UnitId
    office: Office
    officer: OfficerId


class DeputyNamed(Fact):
    """Ủy quyền khi vắng mặt: who stands in from `away_from` to `away_until`, both inclusive; without an end, on."""

    unit: UnitId
    officer: OfficerId
    deputy: OfficerId
    away_from: date
    away_until: date | None = None


class OfficerReturned(Fact):
    """`occurred_on` is the first day back."""

    unit: UnitId
    officer: OfficerId


UnitEvent = (
    UnitOpened
    | UnitClosed
    | UnitPlaced
    | UnitRenamed
    | UnitSucceeded
    | OfficeTaken
    | OfficeLeft
    | DeputyNamed
    | OfficerReturned
)
