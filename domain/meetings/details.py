"""Defines what a plan and the record of a meeting both say of the meeting."""

from domain.meetings.words import Audience, HeadOf, MeetingKind, MeetingMode, ReceptionType
from domain.units.events import Level
from domain.value import UNSET, FactPart, UnsetType
from domain.vocabulary import OfficerId, UnitId


class MeetingDetails(FactPart):
    """Describes a meeting: who meets whom, where, and about what.

    In a plan `chair` is the officer who is to chair the meeting; once it was held, the one who chaired it and held the
    office named by `chair_position` on that day. `head_of` is the body whose head meets the people, as an officer said
    or as the register had it on the day of the decision.
    """

    kind: MeetingKind
    level: Level
    organiser: UnitId
    chair: OfficerId
    chair_position: str
    title: str
    place: str | UnsetType = UNSET
    reception: ReceptionType | UnsetType = UNSET
    mode: MeetingMode | UnsetType = UNSET
    head_of: HeadOf | UnsetType = UNSET
    audience: Audience | UnsetType = UNSET
    topics: tuple[str, ...] | UnsetType = UNSET
    chair_office: str | UnsetType = UNSET
