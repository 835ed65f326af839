"""What can happen to a change of law. All changes share one history, so that they come one after the other."""

from enum import StrEnum

from domain.events import Fact
from domain.vocabulary import LawChangeId


class Subject(StrEnum):
    """What the change brings anew."""

    POLICY = "policy"
    CALENDAR = "calendar"


class LawChangeProposed(Fact):
    """`text` is the file that was reviewed: what is approved is exactly that.

    `base` is the digest of the law that it was reviewed against. The counts are those of the review. Rules bind by
    the date of the act that started a clock, unless the instrument says that they bind running clocks too.
    """

    change_id: LawChangeId
    subject: Subject
    text: str
    instrument: str
    base: str
    binds_running: bool = False
    open_petitions: int = 0
    would_move: int = 0
    would_become_overdue: int = 0
    would_stop_being_overdue: int = 0


class LawChangeApproved(Fact):
    """By somebody other than who proposed it: from now on it is the law that is counted by."""

    change_id: LawChangeId


class LawChangeApplied(Fact):
    """Every open petition that it moves has been recalculated; `petitions` is how many those were."""

    change_id: LawChangeId
    petitions: int


LawChangeEvent = LawChangeProposed | LawChangeApproved | LawChangeApplied
