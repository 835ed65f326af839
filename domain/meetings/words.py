"""Defines the stored words of meetings. A stored word is never renamed."""

from enum import StrEnum


class MeetingKind(StrEnum):
    """Names the kind of a meeting.

    The dialogue within the settlement of a complaint (Law 02/2011 Art 30) is no meeting: it is `ComplaintDialogueHeld`.
    """

    DIALOGUE_CONFERENCE = "dialogue_conference"  # hội nghị tiếp xúc, đối thoại
    RECEPTION_DAY = "reception_day"  # buổi tiếp công dân
    SOCIAL_CRITICISM = "social_criticism"  # hội nghị phản biện xã hội


class ReceptionType(StrEnum):
    """Names the type of a reception day."""

    REGULAR = "regular"  # thường xuyên
    PERIODIC = "periodic"  # định kỳ
    EXTRAORDINARY = "extraordinary"  # đột xuất


class MeetingMode(StrEnum):
    """Names the form of a meeting (hình thức)."""

    FACE_TO_FACE = "face_to_face"  # trực tiếp
    ONLINE = "online"  # trực tuyến


class HeadOf(StrEnum):
    """Names the body whose head (người đứng đầu) meets the people; the words equal those of the branches of units."""

    PARTY_COMMITTEE = "party_committee"  # cấp ủy
    PEOPLES_COUNCIL = "peoples_council"  # Hội đồng nhân dân
    PEOPLES_COMMITTEE = "peoples_committee"  # chính quyền, Ủy ban nhân dân
    DEPARTMENT = "department"  # sở, ban, ngành
    FRONT_AND_MASS_ORGANISATIONS = "front_and_mass_organisations"  # Mặt trận Tổ quốc, đoàn thể
    PUBLIC_UNIT = "public_unit"  # đơn vị sự nghiệp công lập


class Audience(StrEnum):
    """Names the people whom the head meets (đối tượng)."""

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


class MeetingStage(StrEnum):
    """Names the stage that a meeting has reached."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"  # the record of it, by two officers
