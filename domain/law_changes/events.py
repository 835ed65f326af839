"""Defines the events of changes of law. All changes share one history, so that they come one after the other."""

from enum import StrEnum

from domain.events import Fact
from domain.stored_values import Count, CountFromOne, NonEmptyStr
from domain.vocabulary import LawChangeId

LAW_FILE_FORMAT = 1
"""The format in which files of rules and of days are written today: `domain.law_changes.new_law` has its parsers."""


class Subject(StrEnum):
    """Names what the change brings: rules or a calendar."""

    POLICY = "policy"
    CALENDAR = "calendar"


class LawChangeProposed(Fact):
    """Records that an officer proposed a change of law.

    `text` is the file that was reviewed: exactly that is approved. `format` says how it is read. `base` is the digest
    of the law against which it was reviewed. The counts are those of the review. Rules bind by the date of the act that
    started a clock, unless the instrument says that they bind running clocks too.
    """

    change_id: LawChangeId
    subject: Subject
    text: NonEmptyStr
    format: CountFromOne
    instrument: NonEmptyStr
    base: NonEmptyStr
    binds_running: bool
    open_petitions: Count
    would_move: Count
    would_become_overdue: Count
    would_stop_being_overdue: Count


class LawChangeApproved(Fact):
    """Records that another officer than the proposer approved the change: from now on dates are counted by it."""

    change_id: LawChangeId


class LawChangeApplied(Fact):
    """Records that every open petition that the change moves has been recalculated.

    `petitions` is the number of those.
    """

    change_id: LawChangeId
    petitions: Count


LawChangeEvent = LawChangeProposed | LawChangeApproved | LawChangeApplied
