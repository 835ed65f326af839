"""The words of meetings that are stored. A stored word is never renamed."""

from enum import StrEnum


class MeetingKind(StrEnum):
    """Not here: the dialogue inside the settlement of a complaint (Law 02/2011 Art 30), `ComplaintDialogueHeld`."""

    DIALOGUE_CONFERENCE = "dialogue_conference"  # hội nghị tiếp xúc, đối thoại
    RECEPTION_DAY = "reception_day"  # buổi tiếp công dân
    SOCIAL_CRITICISM = "social_criticism"  # hội nghị phản biện xã hội


class ReceptionType(StrEnum):
    """Of a reception day."""

    REGULAR = "regular"  # thường xuyên
    PERIODIC = "periodic"  # định kỳ
    EXTRAORDINARY = "extraordinary"  # đột xuất


class MeetingMode(StrEnum):
    """Hình thức."""

    FACE_TO_FACE = "face_to_face"  # trực tiếp
    ONLINE = "online"  # trực tuyến


class HeadOf(StrEnum):
    """Người đứng đầu of what meets the people; the words are those of the branches of units."""

    PARTY_COMMITTEE = "party_committee"  # cấp ủy
    PEOPLES_COUNCIL = "peoples_council"  # Hội đồng nhân dân
    PEOPLES_COMMITTEE = "peoples_committee"  # chính quyền, Ủy ban nhân dân
    DEPARTMENT = "department"  # sở, ban, ngành
    FRONT_AND_MASS_ORGANISATIONS = "front_and_mass_organisations"  # Mặt trận Tổ quốc, đoàn thể
    PUBLIC_UNIT = "public_unit"  # đơn vị sự nghiệp công lập
    UNKNOWN = "unknown"  # meetings entered before this was asked


class Audience(StrEnum):
    """Đối tượng: whom the head meets."""

    PEOPLE = "people"  # nhân dân
    ENTERPRISES = "enterprises"  # doanh nghiệp
    COOPERATIVES = "cooperatives"  # hợp tác xã
    HOUSEHOLDS = "households"  # hộ kinh doanh, hộ gia đình
    YOUTH = "youth"  # thanh niên
    WOMEN = "women"  # phụ nữ
    FARMERS = "farmers"  # nông dân
    UNION_MEMBERS = "union_members"  # đoàn viên công đoàn
    VETERANS = "veterans"  # cựu chiến binh
    OFFICIALS = "officials"  # cán bộ, công chức, viên chức
    OTHER = "other"  # nhóm khác
    UNSPECIFIED = "unspecified"  # meetings entered before this was asked


class MeetingStage(StrEnum):
    """What has become of a meeting."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
