"""Defines what a plan and the record of a meeting both say of the meeting."""

from domain.events import Official
from domain.meetings.words import Audience, HeadOf, MeetingKind, MeetingMode, ReceptionType
from domain.stored_values import NonEmptyStr, UnitCode
from domain.units.events import Level, Office
from domain.value import UNSET, FactPart, UnsetType


class NamedHotSpot(FactPart):
    """Names a place and topic that a meeting answers, as the list of hot spots has them (điểm nóng)."""

    place: NonEmptyStr
    topic: NonEmptyStr | UnsetType = UNSET


class MeetingDetails(FactPart):
    """Describes a meeting: who meets whom, where, and about what.

    In a plan `chair` is the official who is to chair the meeting; once it was held, the one who chaired it, in the
    position of that day. `chair_office` is the office by which the chair does so. `head_of` is the body whose head
    meets the people, as an officer said or as the register had it on the day of the decision. `hot_spots` are the
    places and topics that the meeting answers.
    """

    kind: MeetingKind
    level: Level | UnsetType = UNSET
    organiser: UnitCode
    chair: Official | UnsetType = UNSET
    title: NonEmptyStr
    place: NonEmptyStr | UnsetType = UNSET
    reception: ReceptionType | UnsetType = UNSET
    mode: MeetingMode | UnsetType = UNSET
    head_of: HeadOf | UnsetType = UNSET
    audience: Audience | UnsetType = UNSET
    topics: tuple[NonEmptyStr, ...] | UnsetType = UNSET
    chair_office: Office | UnsetType = UNSET
    hot_spots: tuple[NamedHotSpot, ...] | UnsetType = UNSET
